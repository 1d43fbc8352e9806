#include "io/yaml_text.h"

#include "io/yaml.h"

#include <string.h>

static bool follows(const unsigned char *at, int n) {
  for (int i = 1; i < n; i++)
    if ((at[i] & 0xc0) != 0x80) return false;
  return true;
}

int hd_utf8_length(const unsigned char *at, const unsigned char *end) {
  unsigned char a = at[0];
  if (a < 0x80) return 1;
  int n = a >= 0xc2 && a <= 0xdf ? 2 : a >= 0xe0 && a <= 0xef ? 3 : a >= 0xf0 && a <= 0xf4 ? 4 : 0;
  if (!n || end - at < n || !follows(at, n)) return 0;
  if (a == 0xe0 && at[1] < 0xa0) return 0; /* longer than needed */
  if (a == 0xed && at[1] > 0x9f) return 0; /* surrogates */
  if (a == 0xf0 && at[1] < 0x90) return 0;
  if (a == 0xf4 && at[1] > 0x8f) return 0; /* beyond U+10FFFF */
  return n;
}

static const char *fault_at(const unsigned char *at, const unsigned char *end, bool line_begins) {
  if (*at >= 0x80) {
    int n = hd_utf8_length(at, end);
    if (!n) return "this byte is not valid UTF-8: save the file as UTF-8";
    bool c1 = *at == 0xc2 && at[1] < 0xa0 && at[1] != 0x85;
    return c1 ? "a control character" : NULL;
  }
  if (*at == '%' && line_begins) return "a line cannot begin with %: YAML directives are not used in scenarios";
  if (*at >= ' ' && *at != 0x7f) return NULL;
  if (*at == '\n' || *at == '\t') return NULL;
  if (*at == '\r') return at + 1 < end && at[1] == '\n' ? NULL : "a carriage return without a line feed";
  return *at ? "a control character" : "a zero byte";
}

const char *hd_yaml_text_fault(const hd_source *source, hd_place *place) {
  const unsigned char *text = (const unsigned char *)source->text, *end = text + source->size, *at = text;
  *place = (hd_place){.source = source, .line = 1, .column = 1, .width = 1};
  if (source->size > HD_YAML_BYTES) return "the file is too large for a scenario";
  if (end - at >= 3 && !memcmp(at, "\xef\xbb\xbf", 3)) at += 3;
  bool line_begins = true;
  while (at < end) {
    const char *why = fault_at(at, end, line_begins);
    if (why) return why;
    line_begins = *at == '\n';
    if (line_begins) place->line++, place->column = 1;
    else place->column++;
    at += *at < 0x80 ? 1 : hd_utf8_length(at, end);
  }
  return NULL;
}
