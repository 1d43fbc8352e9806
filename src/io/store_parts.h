/* Inside the store: shared by the files of this folder that implement io/store.h, and by nobody else. */
#ifndef HD_IO_STORE_PARTS_H
#define HD_IO_STORE_PARTS_H

#include "io/sections.h"
#include "io/store.h"

#include <pthread.h>
#include <stdatomic.h>

enum { HD_FIELD_RANK = 4, HD_STRIPES = 64 };

/* Named ranges of a dimension. `memory` holds all of it. */
typedef struct hd_names {
  int64_t      n;
  const char **name;  /* [n] */
  int64_t     *first; /* [n + 1] */
  bool         each;  /* one name for each index */
  void        *memory;
  size_t       bytes;
} hd_names;

/* Rows of one dimension that wait to be stored: columns side by side, each [rows][width]. */
typedef struct hd_chunk {
  int64_t first, rows, room;
  char   *memory;   /* NULL: in the spill file */
  size_t  bytes;
  int64_t at;       /* of its payload in the spill file */
} hd_chunk;

typedef struct hd_column {
  int     field;
  size_t  width;  /* bytes of one row */
  size_t  from;   /* offset in the struct of hd_emit */
  int64_t digested; /* rows + 1 when `digest` was made */
  hd_hash digest;
} hd_column;

typedef struct hd_rows {
  bool       emitted;
  int64_t    count;
  int        columns;       /* kept ones */
  hd_column *column;        /* room for all fields */
  const void **from;        /* [columns]: the row that is being appended */
  size_t     struct_bytes;  /* of hd_emit */
  hd_chunk  *chunk;
  size_t     chunks, chunk_room;
  int        by;            /* column that sorts, or -1 */
  int64_t   *order;         /* [ordered] stored order, when `by` >= 0 and the rows were not sorted already */
  int64_t    ordered;
  bool       sorted_already;
} hd_rows;

typedef struct hd_dim_state {
  hd_dim   is;
  int64_t  count;           /* length; of a rows dimension see rows->count */
  hd_names names;
  hd_rows *rows;            /* NULL: an ordinary dimension */
} hd_dim_state;

typedef struct hd_field_state {
  hd_field is;
  size_t   element;         /* bytes */
  int      rank, dim[HD_FIELD_RANK];
  int      rows;            /* dimension, or -1 */
  int      stage;           /* or -1 */
  bool     kept;            /* stored in the result */
  size_t   bytes;           /* in use; memory taken is exactly this unless mapped */
  bool     mapped;          /* belongs to the map of its stage */
} hd_field_state;

typedef struct hd_stage_map {
  const void *at;
  size_t      size;
  hd_hash     key;
  bool        idle;         /* of an earlier run of this store: verified, no field points to it now */
} hd_stage_map;

/* Rows emitted from blocks and not settled yet. */
typedef struct hd_emitted {
  int64_t *block;
  char    *row;
  size_t   count, block_room, row_room;
} hd_emitted;

typedef struct hd_stripe {
  _Alignas(64) pthread_mutex_t mutex;
  hd_emitted *emitted; /* [dims]; only those of emitted dimensions are used */
} hd_stripe;

/* Parts and warnings told from any thread. */
typedef struct hd_told {
  pthread_mutex_t *mutex;
  bool            lost;      /* out of memory */
  hd_failed_part *part;
  size_t          parts, part_room;
  bool            parts_sorted;
  hd_said        *said;      /* [0, settled) in final order, then those of this step */
  size_t          saids, said_room, settled;
  int64_t         dropped;   /* texts beyond the limit */
} hd_told;

typedef struct hd_spill {
  char   *path;   /* NULL: rows stay in memory */
  size_t  path_bytes;
  int     handle; /* -1: not open */
  int64_t length;
  hd_hash chain;  /* hash of the headers so far */
} hd_spill;

struct hd_store {
  void          **data;   /* [fields]: what hd_data returns */
  hd_ctx         *ctx;
  const hd_solver *solver;
  bool            single;
  bool            dimensionless; /* every unit is "1" */
  int             fields, dims, stages, building;
  int             own_fields, own_dims; /* those of the solver; after them come the rows of inputs */
  hd_field_state *field;
  hd_dim_state   *dim;
  hd_stage_map   *map;    /* [stages] */
  hd_stripe      *stripe; /* [HD_STRIPES], or NULL: nothing can be emitted */
  atomic_bool     pending;
  hd_told         told;
  size_t          row_memory, row_limit;
  hd_spill        spill;
  int64_t         step;
  void           *reading;      /* of hd_store_get */
  size_t          reading_bytes;
  hd_arena        arena;        /* of hd_alloc */
  void           *tables;       /* one piece for field, dim, map, data, rows, columns */
  size_t          tables_bytes;
};

static inline size_t hd_up64(size_t bytes) { return (bytes + 63) & ~(size_t)63; }

/* Size of an element in this store; how many a field has (one row, if it has rows); false: too many. */
size_t hd_element_bytes(hd_type type, bool single);
bool   hd_field_elements(const hd_store *store, const hd_field_state *field, size_t *count);
int    hd_field_find(const hd_store *store, const char *name, size_t length); /* -1: none */
int    hd_dim_find(const hd_store *store, const char *name, size_t length);

/* Names of a dimension: set (copied), drop. */
hd_status hd_store_resize(hd_store *store, int dim, int64_t count);
hd_status hd_names_set(hd_store *store, int dim, int64_t n, const char *const *names, const int64_t *first);
void      hd_names_drop(hd_store *store, int dim);
/* Set from n names and n + 1 positions that lie one behind the other in a file. */
hd_status hd_names_unpack(hd_store *store, int dim, int64_t n, hd_unpack *from);

/* Takes the row whose columns rows->from[c] point to. Every NaN becomes the same one. */
hd_status hd_rows_append(hd_store *store, int dim);
void      hd_rows_layout(hd_store *store);          /* widths and offsets after new, ask and size */
void      hd_rows_free(hd_store *store);
/* Rows [first, first + count) of one column in the order in which they came, dense. */
hd_status hd_rows_read(hd_store *store, int dim, int column, int64_t first, int64_t count, void *to);
const char *hd_chunk_column(const hd_rows *rows, const hd_chunk *chunk, int column);
int       hd_rows_column(const hd_store *store, int dim, int field); /* -1: not kept */
/* The order in which rows are stored; *order is NULL where it is that of arrival. Offsets of the values 0, 1, ... */
hd_status hd_rows_order(hd_store *store, int dim, const int64_t **order);
/* Calls `each` with pieces of a column in stored order. */
typedef hd_status (*hd_rows_piece)(void *arg, int64_t first, int64_t rows, const void *at, size_t bytes);
hd_status hd_rows_stream(hd_store *store, int dim, int column, hd_rows_piece each, void *arg);
/* Rows [first, first + count) of one that is not sorted. */
hd_status hd_rows_stream_some(hd_store *store, int dim, int column, int64_t first, int64_t count, hd_rows_piece each,
                              void *arg);

hd_status hd_emit_new(hd_store *store);
void      hd_emit_free(hd_store *store);
void      hd_emit_forget(hd_store *store); /* what waits */
hd_status hd_emit_settle(hd_store *store);

hd_status hd_told_part(hd_store *store, int dim, int64_t index, double at, const char *text);
hd_status hd_told_warning(hd_store *store, const char *text, int64_t times);
hd_status hd_told_settle(hd_store *store);
void      hd_told_free(hd_store *store);

/* NaN in floating elements: the index of the first, or -1; a copy in which all are the same. */
int64_t hd_nan_find(const void *at, size_t element, int64_t count);
void    hd_nan_same(void *at, size_t element, int64_t count);
/* Is it in the result: kept, and of some length in this run. */
bool    hd_field_is_stored(const hd_store *store, int field);
bool    hd_is_float(const hd_store *store, const hd_field_state *field);

#endif
