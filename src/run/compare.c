#include "run/compare.h"

#include "heddle/math.h"

#include <math.h>
#include <string.h>

static int64_t elements_of(const hd_array *array) {
  int64_t n = 1;
  for (int i = 0; i < array->rank; i++) n *= array->size[i];
  return n;
}

static bool same_shape(const hd_array *a, const hd_array *b) {
  return a->rank == b->rank && !memcmp(a->size, b->size, sizeof(int64_t) * (size_t)a->rank);
}

static void measure(const hd_array *a, const hd_array *b, double tolerance, hd_difference *d) {
  int64_t counted = 0;
  double squares = 0;
  d->elements = elements_of(a);
  for (int64_t i = 0; i < d->elements; i++) {
    double x = a->at[i], y = b->at[i];
    if (isnan(x) || isnan(y)) {
      d->nan_differs += isnan(x) != isnan(y);
      continue;
    }
    double difference = x == y ? 0 : fabs(x - y); /* equal infinities are equal */
    counted++;
    d->l1 += difference;
    squares += difference * difference;
    d->max = hd_larger(d->max, difference);
    d->scale = hd_larger(d->scale, hd_larger(fabs(x), fabs(y)));
  }
  if (counted) d->l1 /= (double)counted;
  if (counted) d->l2 = sqrt(squares / (double)counted);
  d->kind = d->nan_differs || d->max > tolerance * d->scale ? HD_DIFFERENT : HD_EQUAL;
}

static hd_status compare_field(hd_arena *arena, const char *name, const hd_result *a, const hd_result *b,
                               double tolerance, hd_difference *out) {
  hd_array left, right;
  char *kept;
  HD_TRY(hd_arena_text(arena, name, strlen(name), &kept));
  *out = (hd_difference){.field = kept};
  HD_TRY(hd_read(a, name, &left));
  HD_TRY(hd_read(b, name, &right));
  if (same_shape(&left, &right)) measure(&left, &right, tolerance, out);
  else out->kind = HD_SHAPES_DIFFER;
  return HD_OK;
}

static bool holds(const hd_result_field *fields, int64_t count, const char *name) {
  for (int64_t i = 0; i < count; i++)
    if (!strcmp(fields[i].name, name)) return true;
  return false;
}

/* Timings differ from run to run and names are no numbers. */
static bool is_compared(const hd_result_field *field) { return !field->text && !field->timing; }

hd_status hd_compare(hd_arena *arena, const hd_result *a, const hd_result *b, double tolerance, hd_difference **out,
                     int64_t *count) {
  const hd_result_field *left, *right;
  int64_t lefts = hd_result_fields(a, &left), rights = hd_result_fields(b, &right), n = 0;
  void *memory;
  *count = 0;
  HD_TRY(hd_arena_take(arena, sizeof(hd_difference) * (size_t)(lefts + rights + 1), &memory));
  *out = memory;
  for (int64_t i = 0; i < lefts; i++) {
    if (!is_compared(&left[i])) continue;
    if (holds(right, rights, left[i].name)) HD_TRY(compare_field(arena, left[i].name, a, b, tolerance, &(*out)[n]));
    else (*out)[n] = (hd_difference){.field = left[i].name, .kind = HD_ONLY_IN_A};
    n++;
  }
  for (int64_t i = 0; i < rights; i++)
    if (is_compared(&right[i]) && !holds(left, lefts, right[i].name))
      (*out)[n++] = (hd_difference){.field = right[i].name, .kind = HD_ONLY_IN_B};
  *count = n;
  return HD_OK;
}
