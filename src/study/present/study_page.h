/* The page of a study while it is put together; for study_report.c and study_tables.c alone. */
#ifndef HD_STUDY_STUDY_PAGE_H
#define HD_STUDY_STUDY_PAGE_H

#include "base/text.h"
#include "io/report.h"
#include "study/present/outcome.h"

enum { HD_PAGE_TABLES = 6, HD_PAGE_PROVENANCE = 16 };

typedef struct hd_page {
  const hd_aggregates *a;
  const hd_study *study;
  const hd_study_telling *telling;
  hd_arena arena;
  hd_report report;
  hd_report_table table[HD_PAGE_TABLES], late[HD_PAGE_TABLES];
  hd_report_entry provenance[HD_PAGE_PROVENANCE];
} hd_page;

/* Copies the text into the page's arena and frees it. */
hd_status hd_page_keep(hd_page *page, hd_text *text, const char **out);

/* The tables, each added to the page if it has something to say (study_tables.c). */
hd_status hd_page_varied(hd_page *page);   /* what was varied */
hd_status hd_page_orders(hd_page *page);   /* of convergence */
hd_status hd_page_measures(hd_page *page); /* what came out, over all members */
hd_status hd_page_ends(hd_page *page);     /* where each measure is least and greatest */
hd_status hd_page_failures(hd_page *page); /* and the line about them at the top */
hd_status hd_page_points(hd_page *page);   /* the numbers, behind the figures */

#endif
