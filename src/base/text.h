/* Text that grows. hd_print (heddle/solver.h) appends to it. Out of memory is remembered, not returned at each call. */
#ifndef HD_BASE_TEXT_H
#define HD_BASE_TEXT_H

#include "heddle/solver.h"

struct hd_text {
  hd_ctx *ctx;
  char   *at;     /* ended by 0; NULL while empty */
  size_t  length, room;
  bool    failed; /* out of memory: what it holds is cut off */
};

void        hd_text_init(hd_text *text, hd_ctx *ctx);
void        hd_text_free(hd_text *text);
void        hd_text_add(hd_text *text, const char *bytes, size_t length);
const char *hd_text_of(const hd_text *text);        /* never NULL */
hd_status   hd_text_status(const hd_text *text);    /* HD_ERR_MEMORY if anything was lost */

/* Whether a word is among those of a list, "cells cell" or "a|b|c". NULL is an empty list. */
bool        hd_text_lists(const char *list, char separator, const char *word);

#endif
