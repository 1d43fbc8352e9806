/* Strings and numbers of JSON. */
#include "base/number.h"
#include "io/notes.h"

#include <math.h>
#include <string.h>

void hd_json_text(hd_text *out, const char *text) {
  hd_text_add(out, "\"", 1);
  const char *plain = text;
  for (const char *c = text;; c++) {
    unsigned char byte = (unsigned char)*c;
    if (byte >= ' ' && byte != '"' && byte != '\\') continue;
    hd_text_add(out, plain, (size_t)(c - plain));
    plain = c + 1;
    if (!byte) break;
    if (byte == '"' || byte == '\\') hd_print(out, "\\%c", byte);
    else if (byte == '\n') hd_text_add(out, "\\n", 2);
    else hd_print(out, "\\u%04x", byte);
  }
  hd_text_add(out, "\"", 1);
}

void hd_json_number(hd_text *out, double value) {
  char text[HD_NUMBER_ROOM];
  if (!isfinite(value)) return hd_text_add(out, "null", 4);
  hd_text_add(out, text, hd_number_print(value, text));
}
