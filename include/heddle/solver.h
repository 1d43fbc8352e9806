/* heddle/solver.h: what a solver author implements.
 *
 * A solver is one constant struct, hd_solver: tables that describe it (parameters, dimensions, fields, stages, measures,
 * figures, formats, kernels) and at most nine functions. heddle owns every array named in the field table and does
 * parsing, defaults, units, scheduling, checkpoints, digests, HDF5 and reports from the tables alone.
 *
 * A run's work is a rectangle, blocks x time. A marching solver (traffic, brain) cuts it across time: one step moves all
 * blocks a little. A batch solver (nerve, independent orbits) cuts it across blocks: one step takes a few blocks from
 * start to end. Both are `step`; between two steps a run may be stopped, saved, resumed and given more or fewer threads.
 *
 * Contract. Ownership: heddle frees all it hands out; texts and tables are static; a solver frees only handles of foreign
 * libraries (`end`). Threads: check, plan, formats and figures may run concurrently, so they touch nothing but their
 * arguments; the other functions of one run never overlap; inside hd_for_blocks a block writes its own part only.
 * A solver never prints, exits, installs signal handlers, starts threads, reads the clock or keeps writable statics.
 * No stored number depends on libm: exp, pow, sin, ... and counter-based random numbers come from heddle/math.h.
 */
#ifndef HEDDLE_SOLVER_H
#define HEDDLE_SOLVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "heddle/array.h"
#include "heddle/status.h"

#define HD_SOLVER_ABI 1u   /* a plug-in built for another number is refused with one line */

HD_PUBLIC_BEGIN

/* ---- parameters: the only source of parsing, defaults, units, `heddle new`, reference and JSON Schema ---------------- */

typedef enum hd_kind {
  HD_BOOL, HD_INT, HD_REAL, HD_TEXT, HD_PATH,   /* bool, int64_t, double, const char *, const char * (hashed as an input;
                                                   with `of`, a folder stands for the file of that name in it) */
  HD_CHOICE,    /* int: index into `of`, "a|b|weno5!|nbody~"; !: known, but not in this version; ~: with this choice, a
                   declared dimensionless system, bare numbers are right, units only with HD_SCALE, and results have unit "1" */
  HD_REF,       /* int: index of a name in the HD_NAMED map whose path is `of`; misspelt names get a suggestion */
  HD_GROUP,     /* a map with the keys of `sub`, decoded into the same struct; absent and HD_OPTIONAL: all in it is absent */
  HD_NAMED,     /* a map with names chosen by the user, in the order of the file, each value a sub[0]: hd_items; `like: NAME`
                   copies a sibling first. With `of`, the path of another such map, only its names are allowed, and the
                   items stand in its order; all must be given, unless sub[0] has a default, or this or sub[0] is
                   HD_OPTIONAL: then there are only items for the names that are given */
  HD_LIST,      /* a list of sub[0]: hd_items */
  HD_EITHER,    /* one of `sub`, told apart by YAML shape, then by unit: int which; sub[i] fills its own offset */
  HD_VARIANT,   /* a map whose key `of` ("type", "kind", "shape") picks one group of `sub` by its key: int which; a scalar
                   in place of the map is the key */
  HD_SCHEDULE,  /* a count (both ends included), {every: TIME}, {every_steps: n} or a list of times: hd_schedule */
  HD_ANY        /* any YAML, kept for another reader (`sweep`, `import`): nothing is decoded; const hd_node * if size > 0 */
} hd_kind;

enum {                       /* flags of a parameter */
  HD_OPTIONAL = 1,           /* may be absent: NaN, INT64_MIN, NULL, no items, or which = -1 */
  HD_AUTO     = 2,           /* the word `auto` is allowed and decoded like an absent one; `check` puts the value in */
  HD_PLAN     = 4,           /* changes speed only: not part of a member's identity (cores, threads) */
  HD_SHOW     = 8,           /* changes what is drawn or written beside, never a stored number: not identity either */
  HD_BARE     = 16,          /* a scalar in place of the whole group is this key: `right: open`, `cars: 10 veh/km` */
  HD_REFUSED  = 32,          /* a key of yesterday or of another form: an error with `doc` as the way out */
  HD_LATER    = 64,          /* a key, a variant or, as the last of several, a form (named by its `doc`) that this version knows but
                                does not have: "network is not in this version" */
  HD_OUTER    = 128,         /* of a format's options: where it is not given, the scenario's own key of this name (`compat`) */
  HD_SCALE    = 256          /* the length or mass that is 1 in a declared dimensionless system: its own unit is due there,
                                too. With both given (G = 1 makes the time) all quantities may have units there */
};

typedef struct hd_param {
  const char *key;           /* NULL inside HD_LIST, HD_NAMED and HD_EITHER */
  hd_kind kind;
  const char *unit;          /* HD_REAL: unit of the decoded number; "1" is none. Any unit of that dimension is read */
  const char *of;            /* see hd_kind */
  const char *value;         /* default as YAML text; NULL: required unless HD_OPTIONAL or HD_AUTO */
  const char *range;         /* "(0, 1]", ">= 0", "[0.05 us, 50 us]": parsed once, printed in the reference */
  const char *instead;       /* siblings that exclude this one, "steps": the later file of `inherits` wins as a whole. One of
                                them must be given if none is optional; the others are then absent, defaults and all */
  const struct hd_param *sub; /* children, ended by an entry without doc */
  size_t at, size;           /* offset in the enclosing struct; size of one item (HD_NAMED, HD_LIST) */
  int count;                 /* > 1: a vector of that many HD_REAL; text "11.8 0.79 6.4 kpc" or a list are both read */
  unsigned flags;
  const char *doc;           /* one line, with the source of the default */
} hd_param;

/* When rows are due; positions on the solver's axis, in the unit of the parameter. */
typedef struct hd_schedule {
  int64_t count;             /* > 0: so many, evenly, both ends included */
  double every;              /* > 0: at start + k every, and at both ends */
  int64_t every_steps;       /* > 0: after every so many steps, and at both ends */
  const double *at; int64_t at_count;   /* a list, ascending; the ends are added */
} hd_schedule;

typedef struct hd_items { void *item; const char *const *name; int64_t count; } hd_items;

/* A preset is a scenario that the user's file inherits from. The solver's own parameter `preset`, a choice, names them;
 * its default is the one inherited from when the file names none. (`compat` is an ordinary choice, printed on all that is drawn.) */
typedef struct hd_preset { const char *name, *doc, *yaml; } hd_preset;

typedef struct hd_text hd_text;
void hd_print(hd_text *, const char *fmt, ...) HD_FORMAT(2, 3);

/* What `check` reports, placed by parameter path; heddle finds file, line, column and prints the caret. */
typedef struct hd_notes hd_notes;
void hd_error  (hd_notes *, const char *path, const char *hint, const char *fmt, ...) HD_FORMAT(4, 5);
void hd_warning(hd_notes *, const char *path, const char *hint, const char *fmt, ...) HD_FORMAT(4, 5);
void hd_fact   (hd_notes *, const char *name, const char *unit, double value);   /* growth rate, G in code units, range */

/* ---- dimensions and fields: state, products, snapshots, ledgers, events and results in one table --------------------- */

enum {                       /* flags of a dimension */
  HD_BLOCKS = 1,             /* the axis that is cut into blocks, and spread over ranks */
  HD_ROWS   = 2              /* grows by whole rows while the run goes on: snapshots, ledger entries, spikes */
};

typedef struct hd_dim {
  const char *name, *doc;
  unsigned flags;
  const char *when;          /* HD_ROWS: parameter that schedules them ("output.snapshots"); NULL: emitted by the step */
  const char *by;            /* emitted rows are stored sorted by this column, with <name>_offset: ragged arrays */
} hd_dim;

typedef enum hd_type { HD_F64, HD_F32, HD_FLOAT /* per plan.single */, HD_I64, HD_I32, HD_U8 } hd_type;

enum {                       /* flags of a field */
  HD_STATE  = 1,             /* saved, restored, digested, sent to devices: together with params and products all a run is */
  HD_OUT    = 2,             /* stored in the result: copied if HD_STATE; else filled by `observe` (rows) or `finish` */
  HD_ASKED  = 4,             /* stored only when named in output.fields */
  HD_INPUT  = 8,             /* may be set between steps through heddle.h (stimulus, reward, signal phase); logged */
  HD_TIMING = 16,            /* seconds and rates: kept under /provenance, never in a digest */
  HD_ERROR  = 32,            /* a measure that already is a difference to the truth: `converge` uses it as it is */
  HD_MAY_BE_NAN = 64,           /* not-a-number is a value here ("not searched", "class absent"): no failure of the run */
  HD_COORD  = 128,           /* a position along its dimension (x of cells, time of snapshots): a coordinate in the result */
  HD_WIDTH  = 256,           /* the length of each cell along its dimension, in the unit of its HD_COORD: weights of `converge` */
  HD_GIVEN  = 512            /* follows from the scenario alone (category, free speed): no result that `converge` compares */
};                           /* a field exact_NAME holds the truth for NAME: converge with reference: exact compares them */

typedef struct hd_field {
  const char *name, *dims;   /* without the rows axis: "class,cell"; "" is a scalar; a length of 0: absent in this run */
  hd_type type;
  const char *unit;          /* of the stored numbers */
  const char *rows;          /* name of an HD_ROWS dimension, or NULL */
  const char *stage;         /* the stage that makes it (then it is read-only), or NULL */
  unsigned flags;
  const char *doc;
} hd_field;                  /* order of the table = the solver's own enum of fields */

/* A user's table (CSV, units in the header: "density [veh/km]") read against such entries, ended by one without name; the
 * numbers come in the entry's unit. A column with HD_ASKED may be absent: size 0. What is wrong is noted with file, line
 * and column, and HD_ERR_INPUT returned. The arrays live as long as the notes, which is as long as the parameter struct:
 * `check` reads the table and leaves them there. */
hd_status hd_read_table(hd_notes *, const char *file, const hd_field *columns, hd_array *out);

/* ---- the run as the solver sees it ----------------------------------------------------------------------------------- */

typedef struct hd_run hd_run;
typedef struct hd_ctx hd_ctx;
struct hd_run {
  const void *params;        /* the decoded parameter struct, defaults filled, checked */
  void *self;                /* solver.self_size bytes, zeroed: caches and handles, rebuilt by `rebuild`, never saved */
  uint64_t seed;             /* of this member, whatever the study's order; hd_stream(seed, "cluster") is a random key */
  double until;              /* HD_MARCHES: land here at the latest: next output or end. Never a checkpoint */
  struct hd_exec *exec;      /* threads, ranks, device */
  struct hd_store *store;    /* fields and outputs */
  hd_ctx *ctx;               /* errors, memory, files, log */
};

hd_status hd_size(hd_run *, int dim, int64_t count);          /* fix or change a length; fields keep what they hold */
int64_t   hd_count(const hd_run *, int dim);
/* Named contiguous ranges of a dimension: links of cells, populations of neurons, groups of particles, fibres of points, or
 * one name each (classes). `first` has n + 1 entries. They become coordinates, `field@name` in heddle.h, Python, measures. */
hd_status hd_ranges(hd_run *, int dim, int64_t n, const char *const *names, const int64_t *first);
void     *hd_data(hd_run *, int field);                       /* dense, 64-byte aligned; for a row: the row being written */
/* One row of an emitted dimension: a struct of its fields in table order. The order (step, block, call) is kept. */
hd_status hd_emit(hd_run *, int64_t block, int dim, const void *row);
hd_status hd_alloc(hd_run *, size_t bytes, void **memory);    /* 64-byte aligned, zeroed, until the run ends */
hd_status hd_scratch(hd_run *, size_t bytes, void **memory);  /* until the block returns; declared in plan.per_thread */

/* Blocks in fixed order of meaning, any order of time. The first failure by block number is returned. */
hd_status hd_for_blocks(hd_run *, int64_t blocks, hd_status (*work)(hd_run *, int64_t block, void *arg), void *arg);
double    hd_sum(hd_run *, const double *of_block, int64_t blocks);   /* one fixed binary tree; over ranks too */
double    hd_min(hd_run *, const double *of_block, int64_t blocks);   /* NaN wins, so that a bad block is seen */
hd_status hd_halo(hd_run *, int field, int width);            /* edges of neighbouring ranks; nothing on one rank */
hd_status hd_share(hd_run *, int field);                      /* all ranks get the whole field (N-body sources) */
hd_status hd_gather(hd_run *, const void *rows, size_t row, int64_t n, void **all, int64_t *n_all);  /* spikes */
int64_t   hd_batch(const hd_run *);       /* independent blocks worth taking in one step; must not shape a result */
bool      hd_stopping(const hd_run *);    /* poll where a step can last longer than a second; then return soon */

/* Seconds that steps and rows have taken so far, of a resumed run since then: for a measure marked HD_TIMING, and only there. */
double    hd_seconds(const hd_run *);

/* One part (fibre, orbit, spot) fails, the run goes on; it ends with exit code 1 and a table of failed parts. */
void      hd_part_failed(hd_run *, int dim, int64_t index, double at, const char *fmt, ...) HD_FORMAT(5, 6);
void      hd_warn(hd_run *, const char *fmt, ...) HD_FORMAT(2, 3);    /* once per text; shown in the report */
hd_status hd_fail(hd_run *, hd_status, const char *fmt, ...) HD_FORMAT(3, 4);   /* returns the status; message kept */

/* ---- stages: expensive products that members share ------------------------------------------------------------------- */

enum { HD_FOREIGN = 8 };     /* of a stage: made by code outside our control, same bits only for the same product file.
                                of a solver: runs other programs; no digest promise, no checkpoint, stopped by ending them */

typedef struct hd_stage {
  const char *name, *doc;    /* also the name of its core limit, `cores.<name>`, and of its share of the time */
  const char *needs;         /* parameters and earlier stages: "nerve seed population"; their hash is its key */
  unsigned flags;
  hd_status (*build)(hd_run *);   /* sizes and fills the fields that name it; heddle stores, maps and shares them */
} hd_stage;

/* ---- plan: predicted cost, in units that `heddle tune` turns into seconds -------------------------------------------- */

typedef struct hd_plan {
  int64_t *size;             /* [dim], in: 0; out: length, or an estimate while a stage is not built */
  double  *work;             /* [kernel], units in the whole run */
  double  steps;             /* predicted, for progress and time left */
  int64_t blocks;            /* independent blocks in one step: no more threads than this are useful */
  int     regions;           /* parallel regions in one step */
  size_t  scratch, per_thread;   /* bytes beside the fields */
  bool    single;            /* HD_FLOAT is float */
} hd_plan;

/* The loops that cost: one entry serves the plan, `heddle tune`, `heddle bench` and the roofline. */
typedef struct hd_workload { /* an ordinary run that spends its time in the kernel, or a study of such runs */
  const char *name, *yaml;                 /* "10^4 cells"; the case, without `solver:`; with `sweep:` a study */
  int threads;                             /* 0: one; more: also measured on so many (of a study: workers), for the gain */
  double must, stretch;                    /* units per second of one core on any AVX-512 machine; 0: nothing stated */
  double gain_must, gain_stretch;          /* wall time of one thread over that of `threads`; 0: nothing stated */
} hd_workload;
typedef struct hd_kernel {
  const char *name, *unit, *doc;           /* "first_order", "cell-step" */
  double flops, bytes, divides, roots;     /* per unit: the roofline is the smallest of them at the machine's measured rates */
  const hd_workload *workloads;            /* of some 0.1 s each; ended by an entry without name; NULL: not benchmarked */
  /* Of the flops, in instructions per double: additions, minima and maxima; products, comparisons and fma (one each). Some
   * processors have separate units for them. Both 0: not told apart. */
  double adds, multiplies;
} hd_kernel;

/* ---- results: measures, figures, files of the field ------------------------------------------------------------------ */

/* A scalar. All without argument are always computed, so that `measure:` only selects. `name@argument` asks for one of a
 * family (sigma_x@0.9, threshold@axon). The name "*" is any name; those that name the indices of a field called `measured`
 * are always computed (command: names come from the scenario and from the program). */
typedef struct hd_measure {
  const char *name, *unit, *doc;
  unsigned flags;                          /* HD_TIMING, HD_ERROR */
  hd_status (*value)(hd_run *, const char *name, const char *argument, double *value);   /* NaN: not defined here */
} hd_measure;

typedef struct hd_result hd_result;        /* a finished run, read by name: figures can be redrawn years later */
hd_status hd_read(const hd_result *, const char *field, hd_array *);      /* converted to double; freed with the result */

/* A figure is a description: panels, axes, marks over arrays. How it is drawn is nobody's business here. */
typedef struct hd_axis {
  const char *label, *unit;
  bool log;
  double low, high;                        /* NaN, or both 0: chosen */
  const char *const *names; int64_t name_count;   /* of positions 0, 1, ..: shown instead of numbers; NULL: numbers */
} hd_axis;
typedef enum hd_shape { HD_LINE, HD_POINTS, HD_STAIRS, HD_BAND, HD_BARS, HD_IMAGE, HD_DISCS, HD_OUTLINE, HD_RULE } hd_shape;
typedef enum hd_look { HD_SOLID, HD_DASHED, HD_FAINT, HD_HOLLOW } hd_look;
typedef struct hd_mark {
  hd_shape shape;
  const char *label;                       /* legend; NULL: none */
  const double *x, *y, *z;                 /* z: colour, band's other edge, image [ny][nx], or radius of discs */
  int64_t nx, ny;                          /* NaN: a gap; in an outline the next polygon */
  hd_look look;
  bool right;                              /* second y axis */
} hd_mark;
typedef struct hd_figure hd_figure;
/* colour: of the colour bar; of the second y axis in a panel that has marks with `right`. A label has one colour in the
 * whole figure; a mark that is not solid takes the colour of the solid one before it (its exact solution dashed). */
hd_status hd_panel(hd_figure *, const char *title, hd_axis x, hd_axis y, hd_axis colour, bool equal_scales);
hd_status hd_add(hd_figure *, hd_mark);    /* to the last panel; arrays are copied */

enum { HD_FRAMES = 512 };    /* of a drawing: an animation, drawn frame by frame until HD_ERR_MISSING: name-0001, ... */

typedef struct hd_drawing {
  const char *name, *title, *doc;          /* `output.figures: [name]`; those without HD_ASKED are the standard ones */
  unsigned flags;
  /* frame: -1, or a snapshot of an animation. HD_ERR_MISSING: this case has nothing to show here, which is no failure */
  hd_status (*draw)(const hd_result *, int64_t frame, hd_figure *);
} hd_drawing;

typedef struct hd_format {                 /* gadget, mhd, sonata, npz, vtu; the predecessors' scenario files */
  const char *name, *suffix, *doc;
  hd_status (*write)(const hd_result *, const char *path);     /* `output.formats`, `heddle export --format`; or NULL */
  /* `import: {NAME: FILE or options}` and `heddle new --from FILE`: writes a scenario; or NULL */
  hd_status (*read)(const void *options, hd_text *yaml, hd_notes *);
  const hd_param *options; size_t options_size;                /* of reading; its HD_BARE entry is the file */
} hd_format;

/* ---- the solver ------------------------------------------------------------------------------------------------------ */

enum {                       /* capabilities */
  HD_MARCHES = 1,            /* a step moves all blocks along `axis`; heddle schedules rows on it and sets run->until */
  HD_BACK    = 2,            /* time.end before time.start is legal */
  HD_RANKS   = 4             /* uses hd_halo, hd_share or hd_gather where blocks meet */
};                           /* and HD_FOREIGN, above */

typedef struct hd_progress { double at, fraction; bool done; } hd_progress;   /* at: position on the solver's axis */

typedef struct hd_solver {
  uint32_t abi, size;                      /* HD_SOLVER_ABI, sizeof(hd_solver): new members are added at the end */
  const char *name, *title, *doc;
  uint32_t bits;                           /* raised whenever a release changes results: part of a member's identity */
  unsigned caps;
  const char *axis, *axis_unit;            /* "time", "s"; "depth", "mm"; "fibres", "1" */
  size_t params_size, self_size;
  const hd_param *params;   const hd_preset *presets;  const hd_dim *dims;          const hd_field *fields;
  const hd_stage *stages;   const hd_kernel *kernels;  const hd_measure *measures;  const hd_drawing *figures;
  const hd_format *formats;                /* every table ends with an entry without name (parameters: without doc) */

  /* before a run: pure functions of their arguments */
  hd_status (*check)(void *params, hd_notes *);          /* dependent defaults, cross-key errors, warnings, facts */
  hd_status (*plan)(const void *params, hd_plan *);

  /* a run: start or restore, rebuild, then step until done, then finish */
  hd_status (*start)(hd_run *);                          /* sizes and fills the HD_STATE fields; products are there */
  hd_status (*rebuild)(hd_run *);                        /* fills self; after start, after a restore, after a new plan */
  hd_status (*step)(hd_run *, hd_progress *);
  hd_status (*observe)(hd_run *, int dim);               /* write the row of this HD_ROWS dimension that is due now */
  hd_status (*pack)(hd_run *);                           /* before a save: private state of a foreign library -> fields */
  hd_status (*finish)(hd_run *);                         /* fields without rows that are only known at the end */
  void      (*end)(hd_run *);                            /* foreign handles; called after any failure too */
} hd_solver;

typedef const hd_solver *(*hd_plugin_entry)(void);
const hd_solver *hd_plugin(void);        /* what a plug-in, and only a plug-in, defines */

HD_PUBLIC_END

#endif
