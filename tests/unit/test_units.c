/* Units and numbers as text. */
#include "base/nearest.h"
#include "base/number.h"
#include "base/units.h"

#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static double read_as(const char *text, const char *unit) {
  hd_unit to, found;
  const char *at;
  double value = NAN;
  assert_true(hd_unit_read(unit, &to, &at));
  hd_quantity_fault fault = hd_quantity_read(text, &to, false, &value, &found, &at);
  if (fault) fail_msg("%s in %s: fault %d at '%s'", text, unit, fault, at);
  return value;
}

static void assert_reads(const char *text, const char *unit, double expected) {
  double got = read_as(text, unit);
  if (memcmp(&got, &expected, sizeof got)) fail_msg("%s is %.17g %s, not %.17g", text, got, unit, expected);
}

static void quantities_are_exact(void **state) {
  (void)state;
  assert_reads("72 km/h", "m/s", 20.0);
  assert_reads("25 km/h", "m/s", 25 / 3.6);
  assert_reads("220 km/h", "m/s", 2200.0 / 36);
  assert_reads("250 veh/km", "veh/m", 0.25);
  assert_reads("33.33 veh/km", "veh/m", 0.03333);
  assert_reads("8.3 mm", "m", 0.0083);
  assert_reads("0.0083 m", "m", 0.0083);
  assert_reads("5mm", "mm", 5);
  assert_reads("10 %", "1", 0.1);
  assert_reads("1.5e3", "1", 1500);
  assert_reads("-60 uA", "uA", -60);
  assert_reads("1 uF/cm2", "F/m^2", 0.01);
  assert_reads("1 mS/cm^2", "S/m2", 10);
  assert_reads("70 ohm cm", "ohm m", 0.7);
  assert_reads("180 deg", "rad", 3.14159265358979323846);
  assert_reads("30 deg", "deg", 30);
  assert_reads("60 arcsec", "arcmin", 1);
  assert_reads("1 kpc", "pc", 1000);
  assert_reads("1 pc", "m", 3.0856775814913673e16);
  assert_reads("1 ly", "m", 9460730472580800.0);
  assert_reads("1 Gyr", "s", 3.15576e16);
  assert_reads("1 Msun", "g", 1.988409870698051e33);
  assert_reads("150 MeV", "keV", 150000);
  assert_reads("1 eV", "J", 1.602176634e-19);
  assert_reads("37 degC", "degC", 37);
  assert_reads("37 degC", "K", 310.15);
  assert_reads("300 K", "degC", 300 - 273.15);
  assert_reads("100 1/mm2", "1/m2", 1e8);
  assert_reads("2 Gy", "J/kg", 2);
  assert_reads("1 mM", "mol/m3", 1);
  assert_reads("4 GiB", "B", 4294967296.0);
  assert_reads("1.5 kB", "B", 1500);
}

static void faults_are_told_apart(void **state) {
  (void)state;
  static const struct {
    const char *text, *unit;
    hd_quantity_fault fault;
    const char *at;
  } cases[] = {
      {"5 kg", "m", HD_QUANTITY_KIND, NULL},       {"5", "m", HD_QUANTITY_NO_UNIT, NULL},
      {"five", "m", HD_QUANTITY_NO_NUMBER, NULL},  {"5 metres", "m", HD_QUANTITY_BAD_UNIT, "metres"},
      {"5 km/", "m", HD_QUANTITY_BAD_UNIT, ""},    {"5 km//h", "m/s", HD_QUANTITY_BAD_UNIT, "/h"},
      {"5 m^", "m", HD_QUANTITY_BAD_UNIT, NULL},   {"5 degC/m", "K/m", HD_QUANTITY_BAD_UNIT, NULL},
      {"", "m", HD_QUANTITY_NO_NUMBER, NULL},      {"1.2.3 m", "m", HD_QUANTITY_NO_NUMBER, NULL},
      {"5 5 m", "m", HD_QUANTITY_NO_NUMBER, NULL}, {"5 m9 m9 m9 m9 m9 m9 m9 m9", "m", HD_QUANTITY_BAD_UNIT, NULL},
      {"nan", "1", HD_QUANTITY_NO_NUMBER, NULL},   {"0x10", "1", HD_QUANTITY_BAD_UNIT, NULL},
      {"5 mi", "m", HD_QUANTITY_BAD_UNIT, "mi"},   {"5 kmh", "m/s", HD_QUANTITY_BAD_UNIT, "kmh"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    hd_unit to, found;
    const char *at;
    double value;
    assert_true(hd_unit_read(cases[i].unit, &to, &at));
    hd_quantity_fault fault = hd_quantity_read(cases[i].text, &to, false, &value, &found, &at);
    if (fault != cases[i].fault) fail_msg("'%s': fault %d, not %d", cases[i].text, fault, cases[i].fault);
    if (cases[i].at) assert_string_equal(at, cases[i].at);
  }
  hd_unit volt;
  const char *rest;
  char names[100];
  assert_true(hd_unit_read("V", &volt, &rest));
  assert_string_equal(hd_unit_nearest("kmh", 3, NULL), "km");
  assert_string_equal(hd_unit_nearest("mv", 2, &volt), "mV");
  assert_null(hd_unit_nearest("kmh", 3, &volt));
  assert_null(hd_unit_nearest("furlong", 7, NULL));
  hd_unit_names(&volt, names, sizeof names);
  assert_string_equal(names, "V, mV, uV, kV, MV");
}

static void vectors_share_one_unit(void **state) {
  (void)state;
  hd_unit kpc, found;
  const char *at;
  double v[3];
  int count;
  assert_true(hd_unit_read("kpc", &kpc, &at));
  assert_int_equal(hd_quantities_read("11.8 -0.79 6.4 kpc", &kpc, false, v, 3, &count, &found, &at), HD_QUANTITY_OK);
  assert_int_equal(count, 3);
  assert_true(v[0] == 11.8 && v[1] == -0.79 && v[2] == 6.4);
  assert_int_equal(hd_quantities_read("1 2 3 4 kpc", &kpc, false, v, 3, &count, &found, &at), HD_QUANTITY_OK);
  assert_int_equal(count, 4);
}

static void numbers_read_back(void **state) {
  (void)state;
  char text[HD_NUMBER_ROOM];
  uint64_t x = 88172645463325252u;
  for (int i = 0; i < 200000; i++) {
    x ^= x << 13, x ^= x >> 7, x ^= x << 17;
    double value, back;
    memcpy(&value, &x, sizeof value);
    if (!isfinite(value)) continue;
    size_t n = hd_number_print(value, text);
    assert_int_equal(hd_number_read(text, 0, &back), n);
    if (memcmp(&value, &back, sizeof back)) fail_msg("%s reads as %.17g, not %.17g", text, back, value);
  }
  static const struct {
    double value;
    const char *text;
  } few[] = {{0.1, "0.1"},
             {1e-10, "1e-10"},
             {1e22, "1e22"},
             {0.03333, "0.03333"},
             {-0.0, "-0"},
             {1.0 / 3, "0.3333333333333333"},
             {5e-324, "4.94065645841247e-324"},
             {NAN, "nan"},
             {-INFINITY, "-inf"}};
  for (size_t i = 0; i < sizeof few / sizeof few[0]; i++) {
    hd_number_print(few[i].value, text);
    assert_string_equal(text, few[i].text);
  }
}

/* Against strtod over random decimal texts, with and without a power of ten added. */
static void reading_is_correctly_rounded(void **state) {
  (void)state;
  uint64_t x = 42;
  for (int i = 0; i < 200000; i++) {
    x = x * 6364136223846793005u + 1442695040888963407u;
    char text[64], shifted[64];
    int ten = (int)(x >> 60) - 8, power = (int)(x >> 55 & 31) - 16;
    unsigned digits = (unsigned)(x >> 40 & 0xfff);
    snprintf(text, sizeof text, "%s%u.%llue%d", x & 1 ? "-" : "", digits, (unsigned long long)(x >> 3 & 0xffffffffffff),
             power);
    snprintf(shifted, sizeof shifted, "%s%u.%llue%d", x & 1 ? "-" : "", digits,
             (unsigned long long)(x >> 3 & 0xffffffffffff), power + ten);
    double got, want = strtod(shifted, NULL);
    assert_int_equal(hd_number_read(text, ten, &got), strlen(text));
    if (memcmp(&got, &want, sizeof got)) fail_msg("%s by 1e%d: %.17g, not %.17g", text, ten, got, want);
  }
  char longest[3000]; /* more digits than any double needs */
  memset(longest, '7', sizeof longest - 1);
  longest[sizeof longest - 1] = 0;
  double got;
  assert_int_equal(hd_number_read(longest, -2999, &got), sizeof longest - 1);
  assert_true(got == strtod("0.7777777777777777777777777777", NULL));
  memcpy(longest, "0.", 2);
  assert_int_equal(hd_number_read(longest, 0, &got), sizeof longest - 1);
  assert_true(got == strtod(longest, NULL));
  assert_int_equal(hd_number_read("1e999999999999", 0, &got), 14);
  assert_true(isinf(got));
}

static void integers_overflow_with_notice(void **state) {
  (void)state;
  int64_t value;
  bool fits;
  assert_true(hd_integer_read("170", &value, &fits) && value == 170);
  assert_true(hd_integer_read("-3", &value, &fits) && value == -3);
  assert_true(hd_integer_read("1e6", &value, &fits) && value == 1000000);
  assert_true(hd_integer_read("2.5e3", &value, &fits) && value == 2500);
  assert_true(hd_integer_read("9223372036854775807", &value, &fits) && value == INT64_MAX);
  assert_false(hd_integer_read("9223372036854775808", &value, &fits));
  assert_false(fits);
  assert_false(hd_integer_read("1e19", &value, &fits));
  assert_false(fits);
  assert_false(hd_integer_read("99999999999999999999999", &value, &fits));
  assert_false(fits);
  assert_false(hd_integer_read("1.5", &value, &fits));
  assert_true(fits);
  assert_false(hd_integer_read("12 m", &value, &fits));
  assert_false(hd_integer_read("", &value, &fits));
  assert_false(hd_integer_read("-", &value, &fits));
}

static void the_locale_changes_nothing(void **state) {
  (void)state;
  if (!setlocale(LC_NUMERIC, "de_DE.UTF-8") && !setlocale(LC_NUMERIC, "fr_FR.UTF-8"))
    return (void)setlocale(LC_ALL, "C");
  char text[HD_NUMBER_ROOM];
  double value;
  hd_number_print(1.5, text);
  assert_string_equal(text, "1.5");
  assert_int_equal(hd_number_read("123456789012345678901.5", 0, &value), 23);
  assert_true(value == 123456789012345678901.5);
  setlocale(LC_ALL, "C");
}

static void near_names_are_found(void **state) {
  (void)state;
  hd_nearest n;
  hd_nearest_begin(&n, "cels", 4);
  hd_nearest_try(&n, "length", 6);
  hd_nearest_try(&n, "cells", 5);
  hd_nearest_try(&n, "cell", 4);
  assert_string_equal(n.best, "cells");
  assert_int_equal(hd_edit_distance("qualiyt", 7, "quality", 7), 1);
  assert_int_equal(hd_edit_distance("Cells", 5, "cells", 5), 1);
  hd_nearest_begin(&n, "banana", 6);
  hd_nearest_try(&n, "cells", 5);
  assert_null(n.best);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(quantities_are_exact),         cmocka_unit_test(faults_are_told_apart),
      cmocka_unit_test(vectors_share_one_unit),       cmocka_unit_test(numbers_read_back),
      cmocka_unit_test(reading_is_correctly_rounded), cmocka_unit_test(integers_overflow_with_notice),
      cmocka_unit_test(the_locale_changes_nothing),   cmocka_unit_test(near_names_are_found),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
