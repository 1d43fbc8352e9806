/* Decoding the stored scenario. It was resolved and checked when it ran: notes about keys of other tables mean nothing. */
#include "solvers/nbody/result_case.h"

#include "io/decode.h"
#include "io/yaml.h"

#include <string.h>

static hd_status decode(hd_arena *arena, const char *text, hd_notes *notes, nbody *out, bool *known) {
  hd_table table = {nbody_params, out};
  hd_node *root;
  HD_TRY(hd_yaml_text(arena, "the stored scenario", text, notes, &root));
  if (!root) return HD_OK;
  HD_TRY(hd_decode(arena, &table, 1, root, notes));
  *known = out->bodies.count > 0;
  return HD_OK;
}

hd_status nbody_case_of(const hd_result *result, hd_arena *arena, nbody *out, bool *known) {
  const char *text = hd_result_text(result, "provenance", "scenario");
  hd_notes *notes;
  memset(out, 0, sizeof *out);
  *known = false;
  if (!text) return HD_OK;
  HD_TRY(hd_notes_new(arena->ctx, &notes));
  hd_status status = decode(arena, text, notes, out, known);
  hd_notes_free(notes);
  return status;
}
