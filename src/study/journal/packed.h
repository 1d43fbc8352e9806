/* Numbers and texts as bytes in a fixed order, little endian: payloads of the journal and of messages to workers. */
#ifndef HD_STUDY_PACKED_H
#define HD_STUDY_PACKED_H

#include "base/ctx.h"
#include "base/hash.h"

/* Being written. Out of memory is remembered: ask hd_packed_status. */
typedef struct hd_packed {
  hd_ctx *ctx;
  char   *at;
  size_t  size, room;
  bool    failed;
} hd_packed;

void      hd_packed_init(hd_packed *packed, hd_ctx *ctx);
void      hd_packed_free(hd_packed *packed);
void      hd_packed_clear(hd_packed *packed); /* empty, its room kept */
hd_status hd_packed_status(const hd_packed *packed);

void hd_pack_bytes(hd_packed *to, const void *bytes, size_t size);
void hd_pack_int(hd_packed *to, int64_t value);
void hd_pack_real(hd_packed *to, double value);
void hd_pack_hash(hd_packed *to, const hd_hash *hash);
void hd_pack_text(hd_packed *to, const char *text);

/* Being read. Too short a payload is remembered and gives zeros: ask hd_unpacked_status. */
typedef struct hd_unpacked {
  hd_ctx     *ctx;
  const char *at;
  size_t      left;
  bool        failed;
} hd_unpacked;

int64_t   hd_unpacked_int(hd_unpacked *from);
double    hd_unpacked_real(hd_unpacked *from);
hd_hash   hd_unpacked_hash(hd_unpacked *from);
/* A text inside the payload, ended by 0 there: valid as long as the payload. "" after a failure. */
const char *hd_unpacked_text(hd_unpacked *from);
/* How many items of at least `size` bytes follow: never more than there is room for. */
int64_t   hd_unpacked_count(hd_unpacked *from, size_t size);
hd_status hd_unpacked_status(const hd_unpacked *from); /* HD_ERR_FILE if it was too short or too long */

/* A frame: length (4 bytes), CRC-32C of length and payload (4), payload. What is packed between begin and end is one. */
size_t hd_frame_begin(hd_packed *to);
void   hd_frame_end(hd_packed *to, size_t begun);
/* The frame at the beginning of some bytes: how many it takes; 0: it is not whole yet; -1: it is damaged. */
int64_t hd_frame_next(hd_ctx *ctx, const char *at, size_t size, hd_unpacked *payload);

#endif
