/* Numbers as text: the short way through exact arithmetic gives what 15, 16 and 17 digits of printf and strtod give. */
#include "base/number.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The definition: the fewest digits that read back, without what nobody writes in an exponent. */
static void print_slowly(double value, char *out) {
  for (int digits = 15; digits <= 17; digits++) {
    snprintf(out, HD_NUMBER_ROOM, "%.*g", digits, value);
    if (strtod(out, NULL) == value) break;
  }
  char *e = strchr(out, 'e');
  if (!e) return;
  char *from = e + 1, *to = e + 1;
  if (*from == '-') *to++ = *from++;
  else if (*from == '+') from++;
  while (*from == '0' && from[1]) from++;
  memmove(to, from, strlen(from) + 1);
}

static double round_slowly(double value) {
  char text[48];
  snprintf(text, sizeof text, "%.14e", value);
  return strtod(text, NULL);
}

static void compare(double value) {
  char fast[HD_NUMBER_ROOM], slow[HD_NUMBER_ROOM];
  print_slowly(value, slow);
  assert_int_equal(hd_number_print(value, fast), strlen(slow));
  assert_string_equal(fast, slow);
  double a = hd_short_number(value), b = round_slowly(value);
  assert_memory_equal(&a, &b, sizeof a);
}

static void compare_both(double value) {
  compare(value);
  compare(-value);
}

static double draw(uint64_t *state) {
  *state = *state * 6364136223846793005u + 1442695040888963407u;
  return (double)(*state >> 11) * 0x1p-53;
}

static void drawn_numbers(void **state) {
  uint64_t seed = 1;
  char text[64];
  (void)state;
  for (int i = 0; i < 20000; i++) {
    compare_both(draw(&seed) * pow(10, floor(draw(&seed) * 40) - 20));
    compare_both(floor(draw(&seed) * 1e6) / 1000);                                     /* a few digits */
    compare_both(floor(draw(&seed) * 1e15) / pow(10, floor(draw(&seed) * 22)));        /* fifteen of them */
    compare_both((floor(draw(&seed) * 1e15) + 0.5) / pow(2, floor(draw(&seed) * 50))); /* near ties */
    snprintf(text, sizeof text, "%.*f", (int)(draw(&seed) * 12), draw(&seed) * 1e4);
    compare_both(strtod(text, NULL));
  }
}

static void edges(void **state) {
  static const double edge[] = {0,
                                1e-4,
                                9.99999999999999e-5,
                                1e-5,
                                1e-8,
                                1e15,
                                999999999999999,
                                999999999999999.9,
                                1e16,
                                0.1,
                                0.3,
                                1e22,
                                1e23,
                                5e-324,
                                1.7976931348623157e308,
                                123.5,
                                1.0 / 3,
                                0x1p53,
                                0x1p53 + 2};
  (void)state;
  for (size_t i = 0; i < sizeof edge / sizeof *edge; i++) {
    compare_both(edge[i]);
    compare_both(nextafter(edge[i], INFINITY));
    compare_both(nextafter(edge[i], -INFINITY));
  }
  for (int power = -30; power <= 30; power++) {
    compare_both(pow(10, power));
    compare_both(nextafter(pow(10, power), 0));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(drawn_numbers), cmocka_unit_test(edges)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
