/* Sample figures, one for each shape of mark and each look that can go wrong. Shared by the tests of figures and report. */
#ifndef HD_TESTS_GALLERY_H
#define HD_TESTS_GALLERY_H

#include "io/figure.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { GALLERY_N = 101 };

static inline hd_axis gallery_axis(const char *label, const char *unit) {
  return (hd_axis){.label = label, .unit = unit, .low = NAN, .high = NAN};
}

static inline void gallery_must(hd_ctx *ctx, hd_status status) {
  if (status == HD_OK) return;
  fprintf(stderr, "%s\n", hd_ctx_message(ctx));
  abort();
}

/* Shapes without libm, so that the texts that are compared are the same on every machine. */
static inline double gallery_s(double x) { return x / sqrt(1 + x * x); }
static inline double gallery_wave(double x) { return 1 - 2 * (x - 2 * floor(x / 2) - 1) * (x - 2 * floor(x / 2) - 1); }

/* x (1) or y (0) on the unit circle after so many quarter turns. */
static inline double gallery_circle(double quarters, int x) {
  double turn = quarters - 4 * floor(quarters / 4), t = turn - floor(turn); /* t: nearly tan of half the angle */
  double c = (1 - t * t) / (1 + t * t), s = 2 * t / (1 + t * t);
  int quarter = (int)turn;
  double at[4][2] = {{s, c}, {c, -s}, {-s, -c}, {-c, s}};
  return at[quarter][x];
}

#define MUST(call) gallery_must(ctx, call)

static inline hd_figure *gallery_new(hd_ctx *ctx, const char *name, const char *title) {
  hd_figure *f;
  MUST(hd_figure_new(ctx, name, title, NULL, &f));
  return f;
}

/* Two stacked panels: solid, dashed, faint lines, a band, rules, a gap. */
static inline hd_figure *gallery_lines(hd_ctx *ctx) {
  hd_figure *f;
  MUST(hd_figure_new(ctx, "profiles", "Profiles at the end", "compat: arz2025", &f));
  double x[GALLERY_N], a[GALLERY_N], b[GALLERY_N], low[GALLERY_N], high[GALLERY_N];
  for (int i = 0; i < GALLERY_N; i++) {
    x[i] = i * 0.05;
    a[i] = 80 + 60 * gallery_s(3 * (x[i] - 2));
    b[i] = i > 60 && i < 66 ? NAN : 40 + 10 * gallery_wave(x[i]);
    low[i] = a[i] - 8;
    high[i] = a[i] + 8;
  }
  for (int p = 0; p < 2; p++) {
    MUST(hd_panel(f, p ? "Speed" : "Density", gallery_axis("position", "km"),
                  p ? gallery_axis("speed", "km/h") : gallery_axis("density", "veh/km"), gallery_axis(NULL, NULL),
                  false));
    MUST(hd_add(f, (hd_mark){.shape = HD_LINE, .label = "cars", .x = x, .y = a, .nx = GALLERY_N}));
    MUST(hd_add(
        f, (hd_mark){
               .shape = HD_LINE, .label = p ? NULL : "exact", .x = x, .y = high, .nx = GALLERY_N, .look = HD_DASHED}));
    MUST(hd_add(f, (hd_mark){.shape = HD_BAND, .x = x, .y = low, .z = high, .nx = GALLERY_N, .look = HD_FAINT}));
    MUST(hd_add(f, (hd_mark){.shape = HD_LINE, .label = "motorcycles", .x = x, .y = b, .nx = GALLERY_N}));
    MUST(hd_add(f, (hd_mark){.shape = HD_LINE, .x = x, .y = low, .nx = GALLERY_N, .look = HD_FAINT}));
    MUST(hd_add(
        f, (hd_mark){
               .shape = HD_RULE, .label = p ? NULL : "signal", .x = (double[]){1, 4.5}, .nx = 2, .look = HD_DASHED}));
  }
  return f;
}

/* Four maps with colour bars, one on unequal times. */
static inline hd_figure *gallery_maps(hd_ctx *ctx) {
  enum { NX = 60, NY = 40 };
  hd_figure *f = gallery_new(ctx, "maps", "Space-time maps");
  static double z[NY * NX];
  double x[NX], t[NY];
  for (int i = 0; i < NX; i++) x[i] = (i + 0.5) * 0.1;
  for (int j = 0; j < NY; j++) t[j] = j * 1.5;
  for (int p = 0; p < 4; p++) {
    if (p == 3)
      for (int j = 0; j < NY; j++) t[j] = 0.04 * j * j;
    for (int j = 0; j < NY; j++)
      for (int i = 0; i < NX; i++)
        z[j * NX + i] = p == 2 && i > 40 && j > 30 ? NAN : 60 + 50 * gallery_s(x[i] - 2 - 0.05 * t[j] * (p + 1));
    MUST(hd_panel(f, p % 2 ? "cars" : "motorcycles", gallery_axis("position", "km"), gallery_axis("time", "s"),
                  gallery_axis(p < 2 ? "density" : "speed", p < 2 ? "veh/km" : "km/h"), false));
    MUST(hd_add(f, (hd_mark){.shape = HD_IMAGE, .x = x, .y = t, .z = z, .nx = NX, .ny = NY}));
  }
  return f;
}

static inline hd_figure *gallery_points(hd_ctx *ctx) {
  hd_figure *f = gallery_new(ctx, "convergence", "Error against cells");
  hd_axis x = gallery_axis("cells", "1"), y = gallery_axis("L1 error of density", "veh/km");
  x.log = y.log = true;
  double n[6], e1[6], e2[6];
  for (int i = 0; i < 6; i++) {
    n[i] = 50 * (1 << i);
    e1[i] = 40 / n[i];
    e2[i] = 900 / n[i] / n[i];
  }
  MUST(hd_panel(f, NULL, x, y, gallery_axis(NULL, NULL), false));
  MUST(hd_add(f, (hd_mark){.shape = HD_LINE, .label = "first order", .x = n, .y = e1, .nx = 6}));
  MUST(hd_add(f, (hd_mark){.shape = HD_POINTS, .x = n, .y = e1, .nx = 6, .look = HD_HOLLOW}));
  MUST(hd_add(f, (hd_mark){.shape = HD_LINE, .label = "second order", .x = n, .y = e2, .nx = 6}));
  MUST(hd_add(f, (hd_mark){.shape = HD_POINTS, .label = "second order", .x = n, .y = e2, .nx = 6}));
  return f;
}

/* Bars side by side over names, and stairs with points on a second axis. */
static inline hd_figure *gallery_bars(hd_ctx *ctx) {
  static const char *const names[] = {"L2/3E", "L2/3I", "L4E", "L4I", "L5E", "L5I", "L6E", "L6I"};
  hd_figure *f = gallery_new(ctx, "rates", "Rates of populations");
  hd_axis x = gallery_axis("population", NULL);
  x.names = names;
  x.name_count = 8;
  double k[8], a[8], b[8], edge[9], count[9], share[9];
  for (int i = 0; i < 8; i++) {
    k[i] = i;
    a[i] = 1 + i * i % 7;
    b[i] = 0.8 + i % 3;
  }
  for (int i = 0; i < 9; i++) {
    edge[i] = i * 12.5;
    count[i] = i * (8 - i);
    share[i] = i / 8.0;
  }
  MUST(hd_panel(f, "Mean rate", x, gallery_axis("rate", "1/s"), gallery_axis(NULL, NULL), false));
  MUST(hd_add(f, (hd_mark){.shape = HD_BARS, .label = "measured", .x = k, .y = a, .nx = 8}));
  MUST(hd_add(f, (hd_mark){.shape = HD_BARS, .label = "published", .x = k, .y = b, .nx = 8, .look = HD_HOLLOW}));
  MUST(hd_panel(f, "Intervals", gallery_axis("interval", "ms"), gallery_axis("spikes", NULL),
                gallery_axis("share", "%"), false));
  MUST(hd_add(f, (hd_mark){.shape = HD_STAIRS, .label = "spikes", .x = edge, .y = count, .nx = 9}));
  MUST(hd_add(f, (hd_mark){.shape = HD_LINE, .label = "share (right)", .x = edge, .y = share, .nx = 9, .right = true}));
  return f;
}

/* A nerve: discs and outlines at equal scales, and points in colour. */
static inline hd_figure *gallery_discs(hd_ctx *ctx) {
  enum { N = 120, M = 65 };
  hd_figure *f = gallery_new(ctx, "nerve", "Cross-section");
  double x[N], y[N], r[N], ox[2 * M + 1], oy[2 * M + 1];
  for (int i = 0; i < N; i++) {
    double radius = 45 * sqrt((i + 0.5) / N);
    x[i] = radius * gallery_circle(i * 0.381966 * 4, 1);
    y[i] = radius * gallery_circle(i * 0.381966 * 4, 0);
    r[i] = 1 + 2 * fabs(gallery_wave(i * 1.7));
  }
  for (int i = 0; i < M; i++) {
    ox[i] = 50 * gallery_circle(i / 16.0, 1);
    oy[i] = 50 * gallery_circle(i / 16.0, 0);
    ox[i + M + 1] = 75 * gallery_circle(i / 16.0, 1);
    oy[i + M + 1] = 60 * gallery_circle(i / 16.0, 0);
  }
  ox[M] = oy[M] = NAN;
  MUST(hd_panel(f, "Fibres", gallery_axis("x", "um"), gallery_axis("y", "um"), gallery_axis(NULL, NULL), true));
  MUST(hd_add(f, (hd_mark){.shape = HD_OUTLINE, .x = ox, .y = oy, .nx = 2 * M + 1}));
  MUST(hd_add(f, (hd_mark){.shape = HD_DISCS, .label = "recruited", .x = x, .y = y, .z = r, .nx = N / 2}));
  MUST(hd_add(f, (hd_mark){.shape = HD_DISCS,
                           .label = "at rest",
                           .x = x + N / 2,
                           .y = y + N / 2,
                           .z = r + N / 2,
                           .nx = N / 2,
                           .look = HD_HOLLOW}));
  MUST(hd_panel(f, "Thresholds", gallery_axis("x", "um"), gallery_axis("y", "um"), gallery_axis("threshold", "uA"),
                true));
  MUST(hd_add(f, (hd_mark){.shape = HD_POINTS, .x = x, .y = y, .z = r, .nx = N}));
  MUST(hd_add(f, (hd_mark){.shape = HD_OUTLINE, .label = "electrode", .x = ox, .y = oy, .nx = M}));
  return f;
}

/* Nothing to show in five ways. */
static inline hd_figure *gallery_empty(hd_ctx *ctx) {
  hd_figure *f = gallery_new(ctx, "empty", "Nothing, one point, constant, not positive");
  hd_axis plain = gallery_axis("x", NULL), log = gallery_axis("error", NULL), colour = gallery_axis("c", "mm");
  double x[3] = {1, 2, 3}, none[3] = {NAN, NAN, NAN}, same[3] = {5, 5, 5}, minus[3] = {-1, 0, -3},
         some[3] = {0, 1e-12, 3e-9};
  log.log = true;
  MUST(hd_panel(f, "no marks", plain, plain, colour, false));
  MUST(hd_panel(f, "NaN only", plain, plain, colour, false));
  MUST(hd_add(f, (hd_mark){.shape = HD_LINE, .label = "line", .x = x, .y = none, .nx = 3}));
  MUST(hd_add(f, (hd_mark){.shape = HD_POINTS, .label = "points", .x = x, .y = none, .nx = 0}));
  MUST(hd_panel(f, "NaN image", plain, plain, colour, false));
  MUST(hd_add(f, (hd_mark){.shape = HD_IMAGE, .z = none, .nx = 3, .ny = 1}));
  MUST(hd_panel(f, "constant image of one row", plain, plain, colour, false));
  MUST(hd_add(f, (hd_mark){.shape = HD_IMAGE, .z = same, .nx = 3, .ny = 1}));
  MUST(hd_panel(f, "one point", plain, plain, colour, false));
  MUST(hd_add(f, (hd_mark){.shape = HD_POINTS, .label = "points", .x = x, .y = x, .nx = 1}));
  MUST(hd_panel(f, "constant line", plain, plain, colour, false));
  MUST(hd_add(f, (hd_mark){.shape = HD_LINE, .label = "line", .x = x, .y = same, .nx = 3}));
  MUST(hd_panel(f, "never positive", plain, log, colour, false));
  MUST(hd_add(f, (hd_mark){.shape = HD_LINE, .x = x, .y = minus, .nx = 3}));
  MUST(hd_panel(f, "zero, then positive", plain, log, colour, false));
  MUST(hd_add(f, (hd_mark){.shape = HD_LINE, .x = x, .y = some, .nx = 3}));
  return f;
}

/* Every shape in every look, with and without colour. */
static inline hd_figure *gallery_all(hd_ctx *ctx) {
  hd_figure *f = gallery_new(ctx, "all", "Every shape and look");
  double x[9], y[9], z[9];
  for (int i = 0; i < 9; i++) {
    x[i] = i + 1;
    y[i] = 2 + i % 4;
    z[i] = 0.3 + 0.1 * i;
  }
  for (int shape = HD_LINE; shape <= HD_RULE; shape++) {
    static const char *const name[] = {"solid", "dashed", "faint", "hollow"};
    bool needs_z = shape == HD_BAND || shape == HD_DISCS, image = shape == HD_IMAGE;
    MUST(hd_panel(f, NULL, gallery_axis("x", "m"), gallery_axis("y", "m"), gallery_axis("z", "s"), false));
    for (int look = HD_SOLID; look <= HD_HOLLOW; look++) {
      double up[9];
      for (int i = 0; i < 9; i++) up[i] = y[i] + 3 * look;
      hd_mark m = {.shape = (hd_shape)shape, .label = image ? NULL : name[look], .x = x, .y = up, .nx = 9};
      m.look = (hd_look)look;
      if (needs_z) m.z = z;
      if (image) m.z = z, m.nx = m.ny = 3;
      if (shape == HD_RULE) m.x = NULL, m.nx = 2;
      MUST(hd_add(f, m));
      if (shape == HD_LINE || shape == HD_POINTS) m.z = z, m.label = NULL, MUST(hd_add(f, m));
    }
  }
  return f;
}

#define HOSTILE                                                                                                        \
  "a'b\"; system('touch pwned'); `touch pwned` $(touch pwned) @x {/Bold b}^2_3 <script>alert(1)</script> & \\n "       \
  "%s\n\x01\xff"

static inline hd_figure *gallery_hostile(hd_ctx *ctx) {
  static const char *const names[] = {HOSTILE, "plain", "'", "\"]]>"};
  hd_figure *f;
  MUST(hd_figure_new(ctx, "hostile", HOSTILE, HOSTILE, &f));
  hd_axis x = gallery_axis(HOSTILE, HOSTILE);
  double at[4] = {0, 1, 2, 3};
  MUST(hd_panel(f, HOSTILE, x, x, x, false));
  MUST(hd_add(f, (hd_mark){.shape = HD_POINTS, .label = HOSTILE, .x = at, .y = at, .z = at, .nx = 4}));
  x.names = names;
  x.name_count = 4;
  MUST(hd_panel(f, "fill=\"black\" <!-- ", x, x, x, false));
  MUST(hd_add(f, (hd_mark){.shape = HD_BARS, .label = "'; system('touch pwned'); '", .x = at, .y = at, .nx = 4}));
  return f;
}

#undef MUST

#endif
