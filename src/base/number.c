/* Printing tries 15, 16, 17 digits; the first by one exact multiplication and one division where that decides. Reading takes the exact fast path of W. D. Clinger (PLDI 1990) where it holds: at most
 * 19 digits with a value below 2^53 and a power of ten up to 22, one rounding. Everything else goes to strtod_l. */
#include "base/number.h"

#include <ctype.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* In glibc this is the built-in "C" locale: nothing is allocated. */
static locale_t c_locale(void) { return newlocale(LC_ALL_MASK, "C", (locale_t)0); }

static double read_slow(const char *text) {
  locale_t locale = c_locale();
  double value = locale ? strtod_l(text, NULL, locale) : NAN;
  if (locale) freelocale(locale);
  return value;
}

static void print_digits(double value, int digits, char out[HD_NUMBER_ROOM]) {
  snprintf(out, HD_NUMBER_ROOM, "%.*g", digits, value);
  char *comma = out; /* a program that set a locale with a decimal comma */
  while (*comma && (isalnum((unsigned char)*comma) || strchr("+-.", *comma))) comma++;
  if (*comma) *comma = '.';
}

/* "1e-05" and "1e+20" without what nobody writes */
static void trim_exponent(char *out) {
  char *e = strchr(out, 'e');
  if (!e) return;
  char *from = e + 1, *to = e + 1;
  if (*from == '-') *to++ = *from++;
  else if (*from == '+') from++;
  while (*from == '0' && from[1]) from++;
  memmove(to, from, strlen(from) + 1);
}

static const double tens[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                              1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

/* x = digits / 10^places, rounded to 15 digits, for 1e-8 < x < 1e15: both numbers and the power are exact doubles, so that
 * the quotient is the double nearest to the decimal number. false: another x, or too close to a tie. */
static bool round_to_15(double x, int64_t *digits, int *places) {
  int binary;
  if (!(x > 1e-8 && x < 1e15)) return false;
  frexp(x, &binary);
  int k = 14 - (int)floor((binary - 1) * 0.30102999566398120); /* perhaps one too many */
  if (k > 22) k = 22;
  double y = x * tens[k];
  if (y >= 1e15) y = x * tens[--k];
  if (y < 1e14) return false;
  double whole = floor(y + 0.5), rest = (y - whole) + fma(x, tens[k], -y); /* fma: what the product lost */
  *digits = (int64_t)whole;
  *places = k;
  return rest > -0.499 && rest < 0.499;
}

double hd_short_number(double value) {
  char text[48];
  int64_t digits;
  int places;
  double back = value < 0 ? -value : value;
  if (round_to_15(back, &digits, &places)) {
    back = (double)digits / tens[places];
    return value < 0 ? -back : back;
  }
  snprintf(text, sizeof text, "%.14e", value);
  for (char *at = text; *at; at++)
    if (*at == ',') *at = '.'; /* whatever the locale says */
  return hd_number_read(text, 0, &back) ? back : value;
}

/* As %.15g prints, where that reads back; 0: something else is to be done. */
static size_t print_short(double value, char *out) {
  char *at = out, reversed[24];
  double x = value < 0 ? -value : value;
  int64_t digits;
  int places, length = 0;
  if (!(x >= 1e-4) || !round_to_15(x, &digits, &places) || (double)digits / tens[places] != x) return 0;
  for (; places > 0 && digits % 10 == 0; places--) digits /= 10;
  for (; digits || length <= places; digits /= 10) reversed[length++] = (char)('0' + digits % 10);
  if (value < 0) *at++ = '-';
  while (length > 0) {
    if (length == places) *at++ = '.';
    *at++ = reversed[--length];
  }
  *at = 0;
  return (size_t)(at - out);
}

size_t hd_number_print(double value, char out[HD_NUMBER_ROOM]) {
  size_t length = print_short(value, out);
  if (length) return length;
  if (isnan(value)) strcpy(out, "nan");
  else if (isinf(value)) strcpy(out, value < 0 ? "-inf" : "inf");
  else {
    for (int digits = 15; digits <= 17; digits++) {
      double back;
      print_digits(value, digits, out);
      trim_exponent(out);
      if (digits == 17 || (hd_number_read(out, 0, &back) && back == value)) break;
    }
  }
  return strlen(out);
}

/* A number's text taken apart: digits without leading zeros, and the power of ten of the last one. */
typedef struct parts {
  bool negative, exact; /* exact: all digits are in `digits` */
  uint64_t digits;
  int ten;
  size_t length, mantissa; /* characters in all, and before the exponent */
} parts;

static bool take_digit(parts *p, char c) {
  if (p->digits > (UINT64_MAX - 9) / 10) {
    p->exact = false;
    return false;
  }
  p->digits = p->digits * 10 + (uint64_t)(c - '0');
  return true;
}

static bool split(const char *text, parts *p) {
  const char *at = text;
  bool any = false;
  *p = (parts){.exact = true};
  if (*at == '-' || *at == '+') p->negative = *at++ == '-';
  for (; isdigit((unsigned char)*at); at++, any = true)
    if (!take_digit(p, *at)) p->ten++;
  if (*at == '.' && (any || isdigit((unsigned char)at[1])))
    for (at++; isdigit((unsigned char)*at); at++, any = true)
      if (take_digit(p, *at)) p->ten--;
  if (!any) return false;
  p->mantissa = (size_t)(at - text);
  if (*at == 'e' || *at == 'E') {
    const char *e = at + 1;
    bool minus = *e == '-';
    if (*e == '-' || *e == '+') e++;
    if (isdigit((unsigned char)*e)) {
      int power = 0;
      for (; isdigit((unsigned char)*e); e++)
        if (power < 100000) power = power * 10 + (*e - '0');
      p->ten += minus ? -power : power;
      at = e;
    }
  }
  p->length = (size_t)(at - text);
  return true;
}

size_t hd_number_read(const char *text, int ten, double *value) {
  parts p;
  if (!split(text, &p)) return 0;
  int power = p.ten + ten;
  if (p.exact && p.digits <= (1ull << 53) && power >= -22 && power <= 22) {
    double d = (double)p.digits;
    d = power < 0 ? d / tens[-power] : d * tens[power];
    *value = p.negative ? -d : d;
    return p.length;
  }
  char copy[1200]; /* longer mantissas than a double can tell apart are cut: 768 digits decide any rounding */
  size_t keep = p.mantissa < 1100 ? p.mantissa : 1100;
  memcpy(copy, text, keep);
  int cut = 0; /* digits dropped before the point */
  if (keep < p.mantissa && !memchr(text, '.', keep)) {
    for (const char *c = text + keep; c < text + p.mantissa && *c != '.'; c++) cut++;
  }
  int exponent = 0;
  if (p.length > p.mantissa) {
    long e = strtol(text + p.mantissa + 1, NULL, 10);
    exponent = e > 100000 ? 100000 : e < -100000 ? -100000 : (int)e;
  }
  snprintf(copy + keep, sizeof copy - keep, "e%d", exponent + ten + cut);
  *value = read_slow(copy);
  return p.length;
}

bool hd_integer_read(const char *text, int64_t *value, bool *fits) {
  parts p;
  *fits = true;
  if (!split(text, &p) || text[p.length]) return false;
  if (!p.digits && p.exact) return *value = 0, true;
  while (p.ten < 0 && p.digits % 10 == 0) p.digits /= 10, p.ten++;
  if (p.ten < 0) return p.exact ? false : (*fits = false);
  for (; p.ten > 0 && p.exact; p.ten--) {
    if (p.digits > UINT64_MAX / 10) p.exact = false;
    else p.digits *= 10;
  }
  if (!p.exact || p.digits > (uint64_t)INT64_MAX) return *fits = false;
  *value = p.negative ? -(int64_t)p.digits : (int64_t)p.digits;
  return true;
}
