/* The log: lines of text for the file log.txt and for a caller who listens. The library never prints. */
#ifndef HD_BASE_LOG_H
#define HD_BASE_LOG_H

#include "heddle/status.h"

typedef struct hd_ctx hd_ctx;

typedef enum hd_log_level { HD_LOG_DETAIL, HD_LOG_INFO, HD_LOG_WARNING } hd_log_level;

typedef struct hd_listener {
  void *self;
  void (*line)(void *self, hd_log_level level, const char *text); /* NULL: nobody listens; may come from any thread */
} hd_listener;

void hd_log_line(hd_ctx *ctx, hd_log_level level, const char *fmt, ...) HD_FORMAT(3, 4);

#endif
