/* The style sheet of reports, as text. */
#ifndef HD_IO_REPORT_STYLE_H
#define HD_IO_REPORT_STYLE_H

extern const char *const hd_report_style;

#endif
