/* What a run keeps beside its fields: pointers, the model, the shape of blocks. Rebuilt from fields and parameters,
 * never saved.
 */
#ifndef TRAFFIC_RUN_H
#define TRAFFIC_RUN_H

#include "solvers/traffic/boundary.h"
#include "solvers/traffic/traffic.h"

enum {
  TRAFFIC_BLOCK = 2048,                     /* cells of a block; the rule of section 4.1 */
  TRAFFIC_HALO = 2,                         /* neighbours it needs on each side: one for its faces, one for theirs */
  TRAFFIC_FIRST = 16,                       /* place of a block's first cell in a row of spans */
  TRAFFIC_SPAN = TRAFFIC_BLOCK + 64         /* length of such a row: more than the cells that a block works on */
};

/* A link: a contiguous range of cells of one length with two ends. A road is one link. */
typedef struct traffic_link {
  int64_t     first, cells;
  double      dx;                           /* m */
  traffic_end end[2];                       /* left, right */
} traffic_link;

/* The outermost cells of a block before the step: [side][distance from the edge][class]. */
typedef struct traffic_edges {
  double rho[2][TRAFFIC_HALO][TRAFFIC_CLASSES], y[2][TRAFFIC_HALO][TRAFFIC_CLASSES];
} traffic_edges;

/* What a block has to say after a step. */
typedef struct traffic_report {
  double fastest;                           /* S, m/s: largest a+ of the left less a- of the right face */
  double density_min, density_max, occupancy_max, speed_min;
  double source[TRAFFIC_CLASSES];           /* sum over cells of the change of y by relaxation */
  double flux[2][TRAFFIC_CLASSES], marker_flux[2][TRAFFIC_CLASSES];   /* through the ends of the road */
  int64_t bad_cell;                         /* first cell with a number that is none, or -1 */
  int     bad_class;
  double  bad_rho, bad_y;                   /* its state before the step */
} traffic_report;

typedef struct traffic_run {
  const traffic  *t;
  traffic_model   model;
  traffic_link    link;
  int64_t         cells, blocks;
  int64_t        *first;                    /* [blocks + 1] */
  double         *rho, *y;                  /* fields, [class][cell] */
  double         *now, *books, *extremes, *watch;
  int64_t        *counts;
  uint8_t        *category;                 /* [cell] */
  double         *spans;                    /* [category][class][8]: Vmax - Vcr of blocks of one category */
  const double  **span;                     /* [block][class]: row of TRAFFIC_SPAN, or 8 equal numbers of spans */
  int64_t        *span_step;                /* [block]: 1 or, with the latter, 0 */
  traffic_edges  *edges[2];                 /* [block]; one is read, the other written, by turns */
  int             turn;                     /* which is read */
  traffic_report *report;                   /* [block] */
  double         *of_block;                 /* [block], for sums and minima */
  double         *stable;                   /* [block]: longest step at Courant number 1, s */
  double          dt, decay[TRAFFIC_CLASSES]; /* of the step being taken; exp(-dt/(2 tau)) */
  double          next_event;               /* s: the boundary changes then; infinity if never */
  bool            sources;                  /* with relaxation */
  void           *points;                   /* of compat.c */
  int64_t        *queue;                    /* [block][group]: cells in a queue after the last step, see watch.h */
  void          (*count_queue)(const traffic_model *m, const double *rho, const double *y, int64_t stride, int64_t count,
                               double speed, int64_t *cells);
  hd_status     (*sweep)(hd_run *, int64_t block, void *arg);
  hd_status     (*bound)(hd_run *, int64_t block, void *arg);
  /* Another flux than central-upwind: rho, y -> fluxes at the faces right of cells 0 .. count - 1 of a row; or NULL. */
  void          (*faces)(const traffic_model *m, const double *rho, const double *y, double *flux, double *marker_flux,
                         int count);
} traffic_run;

#endif
