/* Reading results: what the files of this folder that do it share (inside io/). */
#ifndef HD_IO_RESULT_READER_H
#define HD_IO_RESULT_READER_H

#include "io/h5.h"
#include "io/result.h"

typedef struct hd_result_entry { /* an attribute, or a measure */
  const char *group, *name, *text, *unit;
  double      number;
} hd_result_entry;

typedef struct hd_result_named { /* names of a dimension */
  const char        *dim;
  int64_t            n;
  const char *const *name;
  const int64_t     *first;
} hd_result_named;

typedef struct hd_result_file { /* rows in a file of their own */
  const char *path, *dim;
  int64_t     first, rows;
  hd_hash     seal;
} hd_result_file;

struct hd_result {
  hd_ctx            *ctx;
  hd_arena           memory;
  hd_arena          *arena;  /* = &memory: grows while a const result is read */
  hid_t              file;
  const char        *path;
  hd_result_field   *field;
  const double     **values; /* [fields], NULL until read */
  int64_t            fields, own_fields, entries, nameds, parts, saids, files; /* own: in this very file */
  size_t             field_room, entry_room, named_room;
  hd_result_entry   *entry;
  hd_result_named   *named;
  hd_result_part    *part;
  hd_said           *said;
  hd_result_file    *rows;   /* [files] */
};

typedef struct hd_reader {
  hd_h5       h5;
  hd_result  *to;
  const char *group; /* "" is the root */
  hid_t       at;    /* it */
  struct hd_result_dataset {
    haddr_t     address;
    const char *name;
  }          *dataset; /* of the groups read so far */
  size_t      datasets, dataset_room;
  const char *rows;  /* only fields over this dimension: the file is one of rows; NULL: any */
} hd_reader;

/* Verifies the seal of a file and opens it; close with hd_h5_leave, or keep reader->h5.file. owner: lives as
 * long as the file is open. seal: NULL, or what it must be. */
hd_status hd_reader_open(hd_reader *reader, const void *owner, const char *path, const hd_hash *seal);
void      hd_reader_close(hd_reader *reader); /* its own lists; after hd_h5_leave */
hd_status hd_reader_damaged(hd_ctx *ctx, const char *path);
hd_status hd_reader_keep(hd_result *result, const char *text, const char **out);
int       hd_reader_note(hd_reader *reader, hd_status status); /* the first failure; 1 ends an iteration of HDF5's */

/* What a group holds; `at` and `group` are set. */
hd_status hd_reader_attributes(hd_reader *reader);
hd_status hd_reader_measures(hd_reader *reader);
hd_status hd_reader_fields(hd_reader *reader);
hd_status hd_reader_names(hd_reader *reader); /* after the fields */
hd_status hd_reader_failed(hd_reader *reader);
hd_status hd_reader_warnings(hd_reader *reader);
hd_status hd_reader_files(hd_reader *reader);

#endif
