/* The table of a study as CSV: what a spreadsheet or pandas reads. */
#include "base/number.h"
#include "run/running.h"
#include "study/study.h"

#include <math.h>
#include <string.h>

/* A cell; in quotes where it must be. Line feeds become spaces. */
static void print_cell(hd_text *out, const char *text) {
  if (!strpbrk(text, ",\"\n\r")) {
    hd_print(out, "%s", text);
    return;
  }
  hd_text_add(out, "\"", 1);
  for (const char *c = text; *c; c++) {
    if (*c == '"') hd_text_add(out, "\"", 1);
    hd_text_add(out, *c == '\n' || *c == '\r' ? " " : c, 1);
  }
  hd_text_add(out, "\"", 1);
}

static void print_number(hd_text *out, double value) {
  char digits[HD_NUMBER_ROOM];
  if (isnan(value)) return; /* an empty cell */
  hd_number_print(value, digits);
  hd_print(out, "%s", digits);
}

static void print_name(hd_text *out, const char *name, const char *unit) {
  hd_text cell;
  hd_text_init(&cell, out->ctx);
  hd_print(&cell, unit && unit[0] && strcmp(unit, "1") ? "%s [%s]" : "%s", name, unit);
  print_cell(out, hd_text_of(&cell));
  out->failed |= cell.failed;
  hd_text_free(&cell);
}

static void print_header(hd_text *out, const hd_study *study) {
  const char *const *key, *const *unit;
  int64_t keys = hd_members_keys(study->members, &key, &unit);
  hd_print(out, "member");
  for (int64_t k = 0; k < keys; k++) {
    hd_print(out, ",");
    print_name(out, key[k], unit[k]);
  }
  hd_print(out, ",state");
  for (int64_t k = 0; k < study->names; k++) {
    const hd_measure *measure = hd_measure_find(study->base->solver, study->name[k]);
    hd_print(out, ",");
    print_name(out, study->name[k], measure ? measure->unit : NULL);
  }
  hd_print(out, ",digest\n");
}

static hd_status print_key(hd_text *out, const hd_study *study, int64_t i, int64_t key) {
  double number;
  hd_text text;
  hd_text_init(&text, study->ctx);
  hd_status status = hd_members_value(study->members, i, key, &number, &text);
  hd_print(out, ",");
  if (isnan(number)) print_cell(out, hd_text_of(&text));
  else print_number(out, number);
  hd_text_free(&text);
  return status;
}

static void print_origin(hd_text *out, const char *from) {
  hd_text cell;
  hd_text_init(&cell, out->ctx);
  hd_print(&cell, "done (from %s)", from);
  hd_print(out, ",");
  print_cell(out, hd_text_of(&cell));
  out->failed |= cell.failed;
  hd_text_free(&cell);
}

static void print_state(hd_text *out, const hd_member *member, const char *reason) {
  switch (member->state) {
    case HD_MEMBER_DONE:
      if (reason) print_origin(out, reason);
      else hd_print(out, ",done");
      break;
    case HD_MEMBER_FAILED: hd_print(out, ",failed: %s", hd_failure_text(member->failure)); break;
    case HD_MEMBER_WAITING: hd_print(out, ",waiting"); break;
  }
}

hd_status hd_study_print_table(const hd_study *study, hd_text *out) {
  int64_t keys = hd_members_keys(study->members, NULL, NULL);
  print_header(out, study);
  for (int64_t i = 0; i < study->count && !out->failed; i++) {
    char digest[HD_HASH_HEX] = "";
    if (study->member[i].other_shard) continue;
    hd_print(out, "%lld", (long long)i);
    for (int64_t k = 0; k < keys; k++) HD_TRY(print_key(out, study, i, k));
    print_state(out, &study->member[i], study->reason[i]);
    for (int64_t k = 0; k < study->names; k++) {
      hd_print(out, ",");
      print_number(out, study->value[i * study->names + k]);
    }
    if (study->member[i].state == HD_MEMBER_DONE) hd_hash_hex(&study->digest[i], digest);
    hd_print(out, ",%s\n", digest);
  }
  return hd_text_status(out);
}

hd_status hd_study_write_table(const hd_study *study, const char *path) {
  hd_text text;
  hd_text_init(&text, study->ctx);
  hd_status status = hd_study_print_table(study, &text);
  if (status == HD_OK) status = hd_file_write(study->ctx, path, hd_text_of(&text), text.length, true);
  hd_text_free(&text);
  return hd_while(study->ctx, status, "writing %s", path);
}
