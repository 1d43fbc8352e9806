#include "study/present/fields.h"

#include "heddle/math.h"
#include "io/result.h"
#include "study/workers/compute.h"
#include "study/journal/identities.h"

#include <stdio.h>
#include <string.h>

static const double most_bytes = (double)(1 << 30); /* of one field of all members */

/* One field being collected. */
typedef struct collecting {
  const hd_study *study;
  hd_arena *arena;
  const char *name;
  const int64_t *member;
  int64_t count;
  double *at; /* [count][elements] */
  int64_t elements;
  int64_t size[4];
  int rank;
  const char *unit, *doc;
  char dim[4][96];
  char reason[300]; /* why it is left out; "" */
} collecting;

/* The member whose files hold the result: the first one with the same identity. */
static int64_t keeper_of(const hd_study *study, int64_t i) {
  return hd_identities_claim(study->known, &study->id[i], i);
}

/* A measure of this name stands in the file already. */
static bool is_measure(const hd_study *study, const char *name) {
  for (int64_t k = 0; k < study->names; k++)
    if (!strcmp(study->name[k], name)) return true;
  return false;
}

/* The dimensions of what was read: those of the field in order, less the one that "@name" took away. */
static void name_dims(collecting *c, const hd_result_field *field) {
  int d = 0;
  for (int a = 0; a < c->rank; a++) {
    while (d < field->rank && field->size[d] != c->size[a]) d++;
    if (d < field->rank) {
      snprintf(c->dim[a], sizeof c->dim[a], "%.80s%s", field->dim[d],
               is_measure(c->study, field->dim[d]) ? "_axis" : "");
      d++;
    } else snprintf(c->dim[a], sizeof c->dim[a], "%.80s_%d", c->name, a);
  }
}

static hd_status begin(collecting *c, const hd_result *result, const hd_array *array) {
  const hd_result_field *fields;
  int64_t n = hd_result_fields(result, &fields);
  size_t length = strcspn(c->name, "@");
  void *memory;
  char *kept;
  c->rank = array->rank;
  c->elements = 1;
  for (int a = 0; a < array->rank; a++) c->elements *= c->size[a] = array->size[a];
  if ((double)c->elements * (double)c->count * 8 > most_bytes) {
    snprintf(c->reason, sizeof c->reason, "of all members it is larger than 1 GiB");
    return HD_OK;
  }
  HD_TRY(hd_arena_text(c->arena, array->unit ? array->unit : "1", strlen(array->unit ? array->unit : "1"), &kept));
  c->unit = kept;
  for (int64_t i = 0; i < n; i++) {
    if (strlen(fields[i].name) != length || memcmp(fields[i].name, c->name, length) != 0) continue;
    name_dims(c, &fields[i]);
    HD_TRY(
        hd_arena_text(c->arena, fields[i].doc ? fields[i].doc : "", strlen(fields[i].doc ? fields[i].doc : ""), &kept));
    c->doc = kept;
  }
  HD_TRY(hd_arena_take(c->arena, sizeof(double) * (size_t)(c->elements * c->count + 1), &memory));
  c->at = memory;
  for (int64_t i = 0; i < c->elements * c->count; i++) c->at[i] = HD_NAN;
  return HD_OK;
}

static bool same_shape(const collecting *c, const hd_array *array) {
  bool same = c->rank == array->rank;
  for (int a = 0; same && a < c->rank; a++) same = c->size[a] == array->size[a];
  return same;
}

static hd_status take_member(collecting *c, int64_t at) {
  char path[HD_PATH_ROOM], folder[HD_PATH_ROOM];
  hd_result *result;
  hd_array array;
  int64_t member = c->member[at];
  if (c->study->member[member].state != HD_MEMBER_DONE) return HD_OK;
  HD_TRY(hd_member_folder(c->study->ctx, c->study->options.folder, keeper_of(c->study, member), folder));
  HD_TRY(hd_path_join(c->study->ctx, folder, "result.h5", path, sizeof path));
  if (!hd_file_exists(c->study->ctx, path)) {
    snprintf(c->reason, sizeof c->reason, "member %lld kept no result.h5", (long long)member);
    return HD_OK;
  }
  HD_TRY(hd_result_open(c->study->ctx, path, &result));
  hd_status status = hd_read(result, c->name, &array);
  if (status != HD_OK && status != HD_ERR_MEMORY) {
    snprintf(c->reason, sizeof c->reason, "member %lld has none (output.fields stores it)", (long long)member);
    hd_result_close(result);
    return HD_OK;
  }
  if (status == HD_OK && !c->at) status = begin(c, result, &array);
  if (status == HD_OK && !c->reason[0]) {
    if (same_shape(c, &array)) memcpy(c->at + at * c->elements, array.at, sizeof(double) * (size_t)c->elements);
    else snprintf(c->reason, sizeof c->reason, "its shape is not the same in all members");
  }
  hd_result_close(result);
  return status;
}

static hd_status add_field(collecting *c, hd_dataset *to) {
  for (int64_t i = 0; i < c->count && !c->reason[0]; i++) HD_TRY(take_member(c, i));
  if (c->rank > 4) snprintf(c->reason, sizeof c->reason, "it has more than four dimensions");
  if (c->reason[0]) {
    hd_log_line(c->study->ctx, HD_LOG_WARNING, "study.h5 has no field %s: %s; see the members' own files", c->name,
                c->reason);
    return HD_OK;
  }
  if (!c->at) return HD_OK;
  char name[256];
  snprintf(name, sizeof name, "%.200s%s", c->name, is_measure(c->study, c->name) ? "_field" : "");
  hd_dataset_variable v = {
      .name = name, .unit = c->unit, .doc = c->doc, .dim = {"member"}, .rank = 1, .type = HD_F64, .at = c->at};
  for (int a = 0; a < c->rank; a++) {
    HD_TRY(hd_dataset_dim(to, "", c->dim[a], c->size[a]));
    v.dim[v.rank++] = c->dim[a];
  }
  return hd_dataset_add(to, v);
}

hd_status hd_study_add_fields(const hd_study *study, hd_arena *arena, const int64_t *member, int64_t count,
                              hd_dataset *to) {
  for (int64_t f = 0; f < study->spec.field_count; f++) {
    collecting c = {.study = study, .arena = arena, .name = study->spec.fields[f], .member = member, .count = count};
    HD_TRY(add_field(&c, to));
  }
  return HD_OK;
}
