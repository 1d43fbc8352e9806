/* Decoding the stored scenario. It was resolved and checked when it ran: notes about keys of other tables mean nothing. */
#include "solvers/traffic/result_case.h"

#include "io/decode.h"
#include "io/yaml.h"

#include <string.h>

bool traffic_case_of(const hd_result *result, hd_arena *arena, traffic *t, bool *imported) {
  const char *text = hd_result_text(result, "provenance", "scenario");
  hd_notes *notes;
  hd_node *root = NULL;
  hd_table table = {traffic_params, t};
  memset(t, 0, sizeof *t);
  *imported = false;
  if (!text || hd_notes_new(arena->ctx, &notes) != HD_OK) return false;
  bool right = hd_yaml_text(arena, "the stored scenario", text, notes, &root) == HD_OK && root &&
               hd_decode(arena, &table, 1, root, notes) == HD_OK && t->classes.count > 0 &&
               t->classes.count <= TRAFFIC_CLASSES;
  *imported = right && hd_node_find(root, "import.arz") != NULL;
  hd_notes_free(notes);
  return right;
}
