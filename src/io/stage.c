/* Products of stages: the fields of one stage in a file of sections, mapped read-only where hd_data then points. */
#include "io/sections.h"
#include "io/store_parts.h"

#include "base/text.h"

#include <string.h>

static hd_sections_head head_of(const hd_store *store, const hd_hash *key) {
  return (hd_sections_head){"stage", store->solver->name, store->solver->bits, store->single, *key};
}

static hd_status check_stage(hd_store *store, int stage) {
  if (stage >= 0 && stage < store->stages) return HD_OK;
  return hd_raise(store->ctx, HD_ERR_BUG, "%s has no stage %d", store->solver->name, stage);
}

static bool uses(const hd_store *store, int stage, int dim) {
  for (int i = 0; i < store->fields; i++)
    for (int k = 0; store->field[i].stage == stage && k < store->field[i].rank; k++)
      if (store->field[i].dim[k] == dim) return true;
  return false;
}

/* Lengths and named ranges of the dimensions that the stage's fields have. */
static void pack_dims(hd_text *text, const hd_store *store, int stage) {
  for (int i = 0; i < store->dims; i++) {
    const hd_dim_state *d = &store->dim[i];
    if (!uses(store, stage, i)) continue;
    int64_t head[2] = {d->count, d->names.n};
    hd_text_add(text, (const char *)head, sizeof head);
    for (int64_t k = 0; k < d->names.n; k++) hd_text_add(text, d->names.name[k], strlen(d->names.name[k]) + 1);
    if (d->names.n) hd_text_add(text, (const char *)d->names.first, (size_t)(d->names.n + 1) * sizeof(int64_t));
  }
}

static hd_status write_stage(hd_store *store, int stage, const char *path, const hd_hash *key, const hd_text *dims,
                             hd_section *section) {
  size_t n = 0;
  HD_TRY(hd_section_name(store->ctx, &section[n], "lengths", store->solver->stages[stage].name));
  section[n].at = dims->at;
  section[n++].bytes = dims->length;
  for (int i = 0; i < store->fields; i++) {
    if (store->field[i].stage != stage) continue;
    HD_TRY(hd_section_name(store->ctx, &section[n], "field", store->field[i].is.name));
    section[n].at = store->data[i];
    section[n++].bytes = store->field[i].bytes;
  }
  hd_sections_head head = head_of(store, key);
  return hd_sections_write(store->ctx, path, &head, section, n);
}

hd_status hd_store_stage_save(hd_store *store, int stage, const char *path, const hd_hash *key) {
  HD_TRY(check_stage(store, stage));
  hd_text dims;
  void *list = NULL;
  size_t bytes = ((size_t)store->fields + 1) * sizeof(hd_section);
  hd_text_init(&dims, store->ctx);
  pack_dims(&dims, store, stage);
  hd_status status = hd_text_status(&dims);
  if (status == HD_OK) status = hd_memory_take(store->ctx, bytes, &list);
  if (status == HD_OK) status = write_stage(store, stage, path, key, &dims, list);
  hd_memory_give(store->ctx, list, bytes);
  hd_text_free(&dims);
  return hd_while(store->ctx, status, "storing the product of stage %s", store->solver->stages[stage].name);
}

/* -- map */

static hd_status damaged(hd_store *store) { return hd_raise(store->ctx, HD_ERR_FILE, "its lengths are damaged"); }

/* Takes the lengths (take) or only looks whether they fit what is there. */
static hd_status read_dims(hd_store *store, int stage, const hd_sections *file, bool take) {
  hd_unpack from = hd_unpack_of(hd_sections_find(file, "lengths", store->solver->stages[stage].name));
  for (int i = 0; i < store->dims; i++) {
    if (!uses(store, stage, i)) continue;
    int64_t count = hd_unpack_i64(&from), n = hd_unpack_i64(&from), have = store->dim[i].count;
    if (from.bad || count < 0) return damaged(store);
    if (have && have != count)
      return hd_raise(store->ctx, HD_ERR_FILE, "it has %lld of %s, this run has %lld", (long long)count,
                      store->dim[i].is.name, (long long)have);
    if (take) {
      HD_TRY(hd_store_resize(store, i, count));
      HD_TRY(hd_names_unpack(store, i, n, &from));
      continue;
    }
    for (int64_t k = 0; k < n && !from.bad; k++) hd_unpack_text(&from);
    for (int64_t k = 0; n && k <= n && !from.bad; k++) hd_unpack_i64(&from);
  }
  return from.bad ? damaged(store) : HD_OK;
}

static hd_status check_fields(hd_store *store, int stage, const hd_sections *file) {
  for (int i = 0; i < store->fields; i++) {
    const hd_field_state *field = &store->field[i];
    size_t count;
    if (field->stage != stage) continue;
    const hd_section *section = hd_sections_find(file, "field", field->is.name);
    if (!section || !hd_field_elements(store, field, &count) || section->bytes != count * field->element)
      return hd_raise(store->ctx, HD_ERR_FILE, "field %s in it has another size", field->is.name);
  }
  return HD_OK;
}

/* Many members in a row need one product: a store that is used again keeps it mapped, and does not verify it again. */
static hd_status open_product(hd_store *store, int stage, const char *path, const hd_hash *key, hd_sections *file) {
  hd_sections_head head = head_of(store, key);
  hd_stage_map kept = store->map[stage];
  if (!kept.idle || !hd_hash_equal(&kept.key, key)) return hd_sections_open(store->ctx, path, &head, file);
  store->map[stage] = (hd_stage_map){0};
  return hd_sections_again(store->ctx, path, kept.at, kept.size, &head, file);
}

static void adopt(hd_store *store, int stage, const hd_hash *key, hd_sections *file) {
  for (int i = 0; i < store->fields; i++) {
    hd_field_state *field = &store->field[i];
    if (field->stage != stage) continue;
    const hd_section *section = hd_sections_find(file, "field", field->is.name);
    union {
      const void *in;
      void *out;
    } at = {section->bytes ? section->at : NULL}; /* hd_data hands out void * */
    if (!field->mapped) hd_memory_give(store->ctx, store->data[i], field->bytes);
    store->data[i] = at.out;
    field->bytes = section->bytes;
    field->mapped = true;
  }
  hd_file_unmap(store->ctx, store->map[stage].at, store->map[stage].size);
  store->map[stage] = (hd_stage_map){file->at, file->size, *key, false};
  file->at = NULL;
}

hd_status hd_store_stage_map(hd_store *store, int stage, const char *path, const hd_hash *key) {
  HD_TRY(check_stage(store, stage));
  hd_sections file;
  HD_TRY(open_product(store, stage, path, key, &file));
  hd_status status = read_dims(store, stage, &file, false);
  if (status == HD_OK) status = read_dims(store, stage, &file, true);
  if (status == HD_OK) status = check_fields(store, stage, &file);
  if (status == HD_OK) adopt(store, stage, key, &file);
  hd_sections_close(&file);
  return hd_while(store->ctx, status, "mapping the product %s", path);
}
