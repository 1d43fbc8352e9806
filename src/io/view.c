#include "io/view.h"

#include <string.h>

void hd_view_axis(hd_view *view, int axis, int64_t size, int64_t n, const char *const *name, const int64_t *first) {
  view->size[axis] = view->to[axis] = size;
  view->names[axis] = n;
  view->name[axis] = name;
  view->first[axis] = first;
}

/* Each index of the axis has its own name. */
static bool is_named(const hd_view *view, int axis) {
  return view->names[axis] > 0 && view->names[axis] == view->size[axis] && view->first[axis][0] == 0 &&
         view->first[axis][view->names[axis]] == view->size[axis];
}

static bool narrow(hd_view *view, const char *name, size_t length) {
  for (int i = 0; i < view->rank; i++)
    for (int64_t k = 0; k < view->names[i]; k++) {
      if (strlen(view->name[i][k]) != length || memcmp(view->name[i][k], name, length) != 0) continue;
      int64_t end = view->first[i][k + 1] < view->size[i] ? view->first[i][k + 1] : view->size[i];
      view->from[i] = view->first[i][k] < end ? view->first[i][k] : end;
      view->to[i] = end;
      view->drop[i] = is_named(view, i);
      return true;
    }
  return false;
}

hd_status hd_view_narrow(hd_ctx *ctx, hd_view *view, const char *field, const char *ranges) {
  while (*ranges == '@') {
    size_t length = strcspn(++ranges, "@");
    if (!narrow(view, ranges, length))
      return hd_raise(ctx, HD_ERR_INPUT, "field %s has no range named %.*s", field, (int)length, ranges);
    ranges += length;
  }
  return HD_OK;
}

int64_t hd_view_count(const hd_view *view) {
  int64_t n = 1;
  for (int i = 0; i < view->rank; i++) n *= view->to[i] - view->from[i];
  return n;
}

bool hd_view_next(const hd_view *view, size_t i, int64_t *at) {
  if (i == 0) {
    for (int k = 0; k < view->rank; k++) at[k] = view->from[k];
    return hd_view_count(view) > 0;
  }
  for (int k = view->rank - 1; k >= 0; k--) {
    if (++at[k] < view->to[k]) return true;
    at[k] = view->from[k];
  }
  return false;
}

int64_t hd_view_place(const hd_view *view, const int64_t *at) {
  int64_t place = 0;
  for (int k = 0; k < view->rank; k++) place = place * view->size[k] + at[k];
  return place;
}

void hd_view_shape(const hd_view *view, hd_array *out) {
  out->rank = 0;
  out->names = NULL;
  for (int i = 0; i < view->rank; i++) {
    if (view->drop[i]) continue;
    if (!out->rank && is_named(view, i) && view->to[i] - view->from[i] == view->size[i]) out->names = view->name[i];
    out->size[out->rank++] = view->to[i] - view->from[i];
  }
}
