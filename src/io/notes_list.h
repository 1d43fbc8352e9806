/* What notes are made of; for the files notes*.c alone. */
#ifndef HD_IO_NOTES_LIST_H
#define HD_IO_NOTES_LIST_H

#include "io/notes.h"

struct hd_notes {
  hd_ctx        *ctx;
  hd_arena       arena; /* texts */
  const hd_node *root;
  hd_note       *note;
  size_t         kept, room;
  int64_t        counted[3]; /* of each level, also those not kept */
  bool           sorted, failed;
};

#endif
