/* HDF5, wrapped as far as results need it (inside io/): one lock, no printing, failures as our chain.
 *
 * HDF5 is one library for the whole process and not made for several threads, while several contexts may live in one
 * process. So h5.c holds a mutex for all of them: the one writable static of heddle.
 *
 * Between enter and leave every helper does nothing once one has failed; leave returns the first failure.
 */
#ifndef HD_IO_H5_H
#define HD_IO_H5_H

#include "base/ctx.h"
#include "base/hash.h"

#include <hdf5.h>

typedef struct hd_h5 {
  hd_ctx     *ctx;
  const char *path;   /* for messages */
  hd_status   status;
  hid_t       file, text; /* text: strings of any length, UTF-8 */
  hid_t       transfer;   /* with a small buffer: converting would clear 1 MB for each dataset */
  hid_t       plain;      /* how datasets are made: no times, no filling, attributes in one place */
  H5E_auto2_t printer;
  void       *printer_arg;
} hd_h5;

void      hd_h5_enter(hd_h5 *h5, hd_ctx *ctx, const char *path);
hd_status hd_h5_leave(hd_h5 *h5);

bool hd_h5_ok(hd_h5 *h5, int64_t result); /* notes a failure (< 0) with HDF5's own reason; false from then on */

/* A new file in memory (taken out by hd_h5_image), or at `path`. */
void hd_h5_new_in_memory(hd_h5 *h5, size_t step);
void hd_h5_new(hd_h5 *h5, const char *path);
/* All of it, with room for `more` bytes behind; give back with hd_memory_give(ctx, *image, *size + more). */
hd_status hd_h5_image(hd_h5 *h5, size_t more, void **image, size_t *size);
/* An existing file: from memory or at a path; read-only. owner: lives as long as the file is open. */
void hd_h5_open_image(hd_h5 *h5, const void *owner, const void *image, size_t size);
void hd_h5_open(hd_h5 *h5, const char *path);
void hd_h5_close(hd_h5 *h5);

hid_t hd_h5_group(hd_h5 *h5, const char *name);                 /* made; close with H5Gclose */
void  hd_h5_put_text(hd_h5 *h5, hid_t at, const char *name, const char *text);
void  hd_h5_put_number(hd_h5 *h5, hid_t at, const char *name, double number);
void  hd_h5_put_integer(hd_h5 *h5, hid_t at, const char *name, int64_t number);
/* An attribute as text or number; false: none of that kind. Text is given with hd_h5_free. */
bool  hd_h5_get_text(hd_h5 *h5, hid_t at, const char *name, char **text);
bool  hd_h5_get_number(hd_h5 *h5, hid_t at, const char *name, double *number);
void  hd_h5_free(char *text);

/* A dataset; NULL data: left empty. Close with H5Dclose. */
hid_t hd_h5_dataset(hd_h5 *h5, hid_t at, const char *name, hid_t type, int rank, const hsize_t *size, const void *data);

/* A result ends with a seal behind the HDF5 part: its length and hash, so that damage is seen before HDF5 sees it. */
enum { HD_SEAL_BYTES = 32 };
void hd_seal_make(void *seal, uint64_t size, const hd_hash *hash);
bool hd_seal_read(const void *seal, uint64_t *size, hd_hash *hash);

#endif
