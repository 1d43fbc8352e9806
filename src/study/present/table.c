/* The table of a study as CSV: what a spreadsheet or pandas reads. */
#include "base/number.h"
#include "run/running.h"
#include "study/study.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { PIECE = 1 << 20 };

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
  hd_text_add(out, digits, hd_number_print(value, digits));
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
    print_name(out, study->name[k], measure ? hd_case_measure_unit(study->base, measure) : NULL);
  }
  hd_print(out, ",digest\n");
}

static void print_whole(hd_text *out, int64_t number) {
  char digits[24], *at = digits + sizeof digits;
  do *--at = (char)('0' + number % 10);
  while (number /= 10);
  hd_text_add(out, at, (size_t)(digits + sizeof digits - at));
}

static hd_status print_key(hd_text *out, const hd_study *study, int64_t i, int64_t key) {
  double number;
  hd_text text;
  hd_text_add(out, ",", 1);
  HD_TRY(hd_members_value(study->members, i, key, &number, NULL));
  if (!isnan(number)) return print_number(out, number), HD_OK;
  hd_text_init(&text, study->ctx);
  hd_status status = hd_members_value(study->members, i, key, &number, &text);
  print_cell(out, hd_text_of(&text));
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
      else hd_text_add(out, ",done", 5);
      break;
    case HD_MEMBER_FAILED: hd_print(out, ",failed: %s", hd_failure_text(member->failure)); break;
    case HD_MEMBER_WAITING: hd_print(out, ",waiting"); break;
  }
}

static hd_status print_member(hd_text *out, const hd_study *study, int64_t i) {
  int64_t keys = hd_members_keys(study->members, NULL, NULL);
  char digest[HD_HASH_HEX];
  print_whole(out, i);
  for (int64_t k = 0; k < keys; k++) HD_TRY(print_key(out, study, i, k));
  print_state(out, &study->member[i], study->reason[i]);
  for (int64_t k = 0; k < study->names; k++) {
    hd_text_add(out, ",", 1);
    print_number(out, study->value[i * study->names + k]);
  }
  hd_text_add(out, ",", 1);
  if (study->member[i].state == HD_MEMBER_DONE) {
    hd_hash_hex(&study->digest[i], digest);
    hd_text_add(out, digest, HD_HASH_HEX - 1);
  }
  hd_text_add(out, "\n", 1);
  return hd_text_status(out);
}

/* Written piece by piece beside its place, so that a table of a million lines needs no memory of its size. */
static hd_status write_lines(const hd_study *study, int file, const char *path, hd_text *text) {
  int64_t at = 0;
  print_header(text, study);
  for (int64_t i = 0; i <= study->count; i++) {
    if (i < study->count && !study->member[i].other_shard) HD_TRY(print_member(text, study, i));
    if (i < study->count && text->length < PIECE) continue;
    HD_TRY(hd_text_status(text));
    HD_TRY(hd_file_write_at(study->ctx, file, path, hd_text_of(text), text->length, at));
    at += (int64_t)text->length;
    text->length = 0;
  }
  return HD_OK;
}

static hd_status write_beside(const hd_study *study, const char *path) {
  int file;
  hd_text text;
  hd_text_init(&text, study->ctx);
  HD_TRY(hd_file_remove(study->ctx, path));
  HD_TRY(hd_file_open(study->ctx, path, true, &file));
  hd_status status = write_lines(study, file, path, &text);
  hd_status closed = hd_file_close(study->ctx, file, path);
  hd_text_free(&text);
  return status == HD_OK ? closed : status;
}

hd_status hd_study_write_table(const hd_study *study, const char *path) {
  char beside[HD_PATH_ROOM + 16];
  snprintf(beside, sizeof beside, "%s.tmp", path);
  hd_status status = write_beside(study, beside);
  if (status == HD_OK) status = hd_file_publish(study->ctx, beside, path, true);
  if (status != HD_OK) study->ctx->files.remove(study->ctx->files.self, beside);
  return hd_while(study->ctx, status, "writing %s", path);
}
