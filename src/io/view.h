/* A part of an array chosen by names: "@cars@link3" (inside io/). */
#ifndef HD_IO_VIEW_H
#define HD_IO_VIEW_H

#include "base/ctx.h"
#include "heddle/array.h"

enum { HD_VIEW_RANK = 4 };

typedef struct hd_view {
  int                rank;
  int64_t            size[HD_VIEW_RANK], from[HD_VIEW_RANK], to[HD_VIEW_RANK];
  bool               drop[HD_VIEW_RANK]; /* one index was named: the axis goes */
  int64_t            names[HD_VIEW_RANK];
  const char *const *name[HD_VIEW_RANK];
  const int64_t     *first[HD_VIEW_RANK];
} hd_view;

/* An axis of `size` with `n` named ranges [first[k], first[k + 1]). */
void hd_view_axis(hd_view *view, int axis, int64_t size, int64_t n, const char *const *name, const int64_t *first);

/* Applies "@a@b" (or ""): each name narrows the first axis that knows it. HD_ERR_INPUT: none does. */
hd_status hd_view_narrow(hd_ctx *ctx, hd_view *view, const char *field, const char *ranges);

int64_t hd_view_count(const hd_view *view);
/* Moves at[] to element i (called with 0, 1, 2, ...); false behind the last. place: its index in the whole array. */
bool    hd_view_next(const hd_view *view, size_t i, int64_t *at);
int64_t hd_view_place(const hd_view *view, const int64_t *at);
/* Sizes, rank and names of what is left. */
void    hd_view_shape(const hd_view *view, hd_array *out);

#endif
