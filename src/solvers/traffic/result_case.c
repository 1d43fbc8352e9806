/* Decoding the stored scenario. It was resolved and checked when it ran: notes about keys of other tables mean nothing. */
#include "solvers/traffic/result_case.h"

#include "io/decode.h"
#include "io/yaml.h"

#include <string.h>

static hd_status decode(hd_arena *arena, const char *text, hd_notes *notes, traffic_result_case *out) {
  hd_table table = {traffic_params, &out->t};
  hd_node *root;
  HD_TRY(hd_yaml_text(arena, "the stored scenario", text, notes, &root));
  if (!root) return HD_OK;
  HD_TRY(hd_decode(arena, &table, 1, root, notes));
  out->known = out->t.classes.count > 0 && out->t.classes.count <= TRAFFIC_CLASSES;
  out->imported = hd_node_find(root, "import.arz") != NULL;
  return HD_OK;
}

hd_status traffic_case_of(const hd_result *result, hd_arena *arena, traffic_result_case *out) {
  const char *text = hd_result_text(result, "provenance", "scenario");
  hd_notes *notes;
  memset(out, 0, sizeof *out);
  if (!text) return HD_OK;
  HD_TRY(hd_notes_new(arena->ctx, &notes));
  hd_status status = decode(arena, text, notes, out);
  hd_notes_free(notes);
  return status;
}
