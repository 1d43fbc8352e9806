/* Texts of users in scripts and pages: never interpreted, always valid UTF-8. */
#include "io/plot.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Bytes of the UTF-8 character at `at`; 0: not one (RFC 3629: shortest form, no surrogates, up to U+10FFFF). */
static int character(const unsigned char *at) {
  if (at[0] < 0x80) return 1;
  int bytes = at[0] >= 0xC2 && at[0] < 0xE0   ? 2
              : at[0] >= 0xE0 && at[0] < 0xF0 ? 3
              : at[0] >= 0xF0 && at[0] < 0xF5 ? 4
                                              : 0;
  for (int i = 1; i < bytes; i++)
    if ((at[i] & 0xC0) != 0x80) return 0;
  if (bytes == 3 && ((at[0] == 0xE0 && at[1] < 0xA0) || (at[0] == 0xED && at[1] > 0x9F))) return 0;
  if (bytes == 4 && ((at[0] == 0xF0 && at[1] < 0x90) || (at[0] == 0xF4 && at[1] > 0x8F))) return 0;
  return bytes;
}

/* The next character of a text, made harmless: bad bytes are "?", control characters " ". */
static const char *next(const char **text, int *bytes) {
  const unsigned char *at = (const unsigned char *)*text;
  const char *here = *text;
  *bytes = character(at);
  bool bad = *bytes == 0;
  bool control = *bytes == 1 && (at[0] < 0x20 || at[0] == 0x7F);
  bool control_1 = *bytes == 2 && at[0] == 0xC2 && at[1] < 0xA0;
  bool nothing = *bytes == 3 && at[0] == 0xEF && at[1] == 0xBF && at[2] >= 0xBE; /* U+FFFE, U+FFFF: not in XML */
  *text += bad ? 1 : *bytes;
  if (!bad && !control && !control_1 && !nothing) return here;
  *bytes = 1;
  return bad || nothing ? "?" : " ";
}

int hd_plot_length(const char *text) {
  int length = 0, bytes;
  while (text && *text) {
    next(&text, &bytes);
    length++;
  }
  return length;
}

void hd_plot_quote(hd_text *out, const char *text, int most) {
  int length = hd_plot_length(text), shown = length > most ? most - 1 : length, bytes;
  hd_text_add(out, "'", 1);
  for (int i = 0; i < shown; i++) {
    const char *one = next(&text, &bytes);
    if (*one == '\'') hd_print(out, "\xE2\x80\x99"); /* gnuplot 5.4 misreads a doubled quote at the beginning */
    else hd_text_add(out, one, (size_t)bytes);
  }
  hd_print(out, "%s'", length > most ? "\xE2\x80\xA6" : "");
}

void hd_plot_escape(hd_text *out, const char *text) {
  int bytes;
  while (text && *text) {
    bool line = *text == '\n' || *text == '\t';
    const char *own = text, *one = next(&text, &bytes);
    if (line) hd_text_add(out, own, 1);
    else if (*one == '&') hd_print(out, "&amp;");
    else if (*one == '<') hd_print(out, "&lt;");
    else if (*one == '>') hd_print(out, "&gt;");
    else if (*one == '"') hd_print(out, "&quot;");
    else if (*one == '\'') hd_print(out, "&#39;");
    else hd_text_add(out, one, (size_t)bytes);
  }
}

void hd_plot_number(hd_text *out, double value, int digits) {
  char text[64];
  if (!isfinite(value)) {
    hd_print(out, "%s", isnan(value) ? "NaN" : value > 0 ? "inf" : "-inf");
    return;
  }
  snprintf(text, sizeof text, "%.*g", digits, value == 0 ? 0.0 : value);
  for (const char *c = text; *c; c++) {
    if (strchr("0123456789+-e", *c)) hd_text_add(out, c, 1);
    else if (c == text || strchr("0123456789+-e", c[-1])) hd_text_add(out, ".", 1); /* the locale's decimal point */
  }
}

static const char *const raised[] = {"\xE2\x81\xB0", "\xC2\xB9",     "\xC2\xB2",     "\xC2\xB3",     "\xE2\x81\xB4",
                                     "\xE2\x81\xB5", "\xE2\x81\xB6", "\xE2\x81\xB7", "\xE2\x81\xB8", "\xE2\x81\xB9"};

static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

void hd_plot_unit(hd_text *out, const char *unit) {
  if (!unit || strcmp(unit, "1") == 0) return;
  bool power = false;
  for (const char *c = unit; *c; c++) {
    bool begins = c == unit || !is_letter(c[-1]);
    if (strncmp(c, "Msun", 4) == 0) {
      hd_print(out, "M\xE2\x98\x89");
      c += 3;
    } else if (begins && strncmp(c, "deg", 3) == 0 && !is_letter(c[3])) {
      hd_print(out, "\xC2\xB0");
      c += 2;
    } else if (begins && *c == 'u' && is_letter(c[1])) {
      hd_print(out, "\xC2\xB5");
    } else if (*c == '^') {
      power = true;
      continue;
    } else if (power && *c == '-') {
      hd_print(out, "\xE2\x81\xBB");
      continue;
    } else if (*c >= '0' && *c <= '9' && (power || (c > unit && is_letter(c[-1])))) {
      hd_print(out, "%s", raised[*c - '0']);
      continue;
    } else {
      hd_text_add(out, c, 1);
    }
    power = false;
  }
}

void hd_plot_label(hd_text *out, const hd_axis *axis) {
  hd_text unit;
  hd_text_init(&unit, out->ctx);
  hd_plot_unit(&unit, axis->unit);
  hd_print(out, "%s", axis->label ? axis->label : "");
  if (unit.length) hd_print(out, "%s[%s]", axis->label && axis->label[0] ? " " : "", hd_text_of(&unit));
  out->failed = out->failed || unit.failed;
  hd_text_free(&unit);
}
