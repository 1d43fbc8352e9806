#include "base/text.h"

#include "base/ctx.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void hd_text_init(hd_text *text, hd_ctx *ctx) { *text = (hd_text){.ctx = ctx}; }

void hd_text_free(hd_text *text) {
  hd_memory_give(text->ctx, text->at, text->room);
  *text = (hd_text){.ctx = text->ctx};
}

static bool make_room(hd_text *text, size_t more) {
  void *at = text->at;
  if (text->failed) return false;
  text->failed = hd_memory_grow(text->ctx, &at, &text->room, text->length + more + 1, 1) != HD_OK;
  text->at = at;
  return !text->failed;
}

void hd_text_add(hd_text *text, const char *bytes, size_t length) {
  if (!make_room(text, length)) return;
  memcpy(text->at + text->length, bytes, length);
  text->length += length;
  text->at[text->length] = 0;
}

void hd_print(hd_text *text, const char *fmt, ...) {
  va_list args, again;
  if (!make_room(text, 0)) return;
  size_t left = text->room - text->length;
  va_start(args, fmt);
  va_copy(again, args);
  int n = vsnprintf(text->at + text->length, left, fmt, args);
  bool fits = n > 0 && (size_t)n < left;
  if (n > 0 && !fits && make_room(text, (size_t)n)) {
    vsnprintf(text->at + text->length, (size_t)n + 1, fmt, again);
    fits = true;
  }
  if (fits) text->length += (size_t)n;
  else if (text->at) text->at[text->length] = 0;
  va_end(again);
  va_end(args);
}

const char *hd_text_of(const hd_text *text) { return text->at ? text->at : ""; }

hd_status hd_text_status(const hd_text *text) {
  return text->failed ? hd_raise(text->ctx, HD_ERR_MEMORY, "out of memory while writing text") : HD_OK;
}

bool hd_text_lists(const char *list, char separator, const char *word) {
  const char between[2] = {separator, 0};
  size_t n = strlen(word);
  for (const char *at = list; at && *at; at += strspn(at, between)) {
    size_t length = strcspn(at, between);
    if (length == n && !memcmp(at, word, n)) return true;
    at += length;
  }
  return false;
}
