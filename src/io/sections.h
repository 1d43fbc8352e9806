/* Files of named sections: checkpoints and products of stages. Written whole, mapped read-only, every byte under a CRC-32C.
 *
 * Layout, little endian: a head of 256 bytes (below), the table of sections, the sections, each from a multiple of 64 on
 * so that an array can be used where it is mapped. Bytes between sections are 0 and belong to no section.
 */
#ifndef HD_IO_SECTIONS_H
#define HD_IO_SECTIONS_H

#include "base/ctx.h"
#include "base/hash.h"

enum { HD_SECTIONS_FORMAT = 1, HD_SECTION_NAME = 72 };

/* Whose file it is. All of it must agree when the file is read. */
typedef struct hd_sections_head {
  const char *kind;   /* "checkpoint", "stage"; at most 15 characters */
  const char *solver; /* at most 63 */
  uint32_t    bits;   /* of the solver */
  uint32_t    single;
  hd_hash     key;    /* identity of the member, key of the stage */
} hd_sections_head;

typedef struct hd_section {
  char        name[HD_SECTION_NAME];
  const void *at;
  size_t      bytes;
} hd_section;

/* Names a section "part name"; HD_ERR_BUG: too long. */
hd_status hd_section_name(hd_ctx *ctx, hd_section *section, const char *part, const char *name);

hd_status hd_sections_write(hd_ctx *ctx, const char *path, const hd_sections_head *head, const hd_section *section,
                            size_t count);

typedef struct hd_sections {
  hd_ctx     *ctx;
  const void *at; /* the map */
  size_t      size, count;
  hd_section *section;
} hd_sections;

/* Maps the file and verifies all of it. HD_ERR_MISSING: not there; HD_ERR_FILE: damaged, old or of another case, with the
 * reason. */
hd_status hd_sections_open(hd_ctx *ctx, const char *path, const hd_sections_head *want, hd_sections *out);
/* The same for a map that hd_sections_open verified before: what is in it is believed. The map is closed with the sections. */
hd_status hd_sections_again(hd_ctx *ctx, const char *path, const void *at, size_t size, const hd_sections_head *want,
                            hd_sections *out);
void      hd_sections_close(hd_sections *sections);
const hd_section *hd_sections_find(const hd_sections *sections, const char *part, const char *name); /* NULL: none */

/* Reading packed numbers and texts out of a section, never past its end: `bad` is set instead. */
typedef struct hd_unpack {
  const char *at, *end;
  bool        bad;
} hd_unpack;

hd_unpack   hd_unpack_of(const hd_section *section); /* NULL: bad from the start */
int64_t     hd_unpack_i64(hd_unpack *from);
double      hd_unpack_f64(hd_unpack *from);
const char *hd_unpack_text(hd_unpack *from); /* ended by 0; "" when bad */

#endif
