/* Strings and numbers of JSON. */
#include "base/number.h"
#include "io/notes.h"
#include "io/yaml_text.h"

#include <math.h>
#include <string.h>

/* Bytes that are no UTF-8 (of a table that cannot be read) become U+FFFD. */
void hd_json_text(hd_text *out, const char *text) {
  hd_text_add(out, "\"", 1);
  const char *plain = text;
  const unsigned char *end = (const unsigned char *)text + strlen(text);
  for (const char *c = text;; c++) {
    unsigned char byte = (unsigned char)*c;
    if (byte >= 0x80) {
      int n = hd_utf8_length((const unsigned char *)c, end);
      if (n) {
        c += n - 1;
        continue;
      }
      hd_text_add(out, plain, (size_t)(c - plain));
      hd_text_add(out, "\xef\xbf\xbd", 3);
      plain = c + 1;
      continue;
    }
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
