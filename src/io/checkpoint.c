/* Checkpoints: one file of sections. "progress store" packs lengths, ranges, progress of the rows, failed parts and
 * warnings; "field NAME" is each state; "extra run" belongs to the run floor. */
#include "io/sections.h"
#include "io/spill.h"

#include "base/text.h"

#include <string.h>

static hd_sections_head head_of(const hd_store *store, const hd_hash *identity) {
  return (hd_sections_head){"checkpoint", store->solver->name, store->solver->bits, store->single, *identity};
}

static bool is_saved(const hd_field_state *field) {
  return (field->is.flags & (HD_STATE | HD_INPUT)) && field->stage < 0;
}

/* -- save */

static void pack_i64(hd_text *text, int64_t value) { hd_text_add(text, (const char *)&value, sizeof value); }
static void pack_f64(hd_text *text, double value) { hd_text_add(text, (const char *)&value, sizeof value); }
static void pack_text(hd_text *text, const char *value) { hd_text_add(text, value, strlen(value) + 1); }

static void pack_names(hd_text *text, const hd_names *names) {
  pack_i64(text, names->n);
  for (int64_t i = 0; i < names->n; i++) pack_text(text, names->name[i]);
  for (int64_t i = 0; names->n && i <= names->n; i++) pack_i64(text, names->first[i]);
}

static void pack_told(hd_text *text, hd_store *store) {
  const hd_failed_part *part;
  const hd_said *said;
  int64_t parts = hd_store_failed(store, &part), saids = hd_store_warnings(store, &said);
  pack_i64(text, parts);
  for (int64_t i = 0; i < parts; i++) {
    pack_i64(text, part[i].dim);
    pack_i64(text, part[i].index);
    pack_f64(text, part[i].at);
    pack_text(text, part[i].text);
  }
  pack_i64(text, saids);
  pack_i64(text, store->told.dropped);
  for (int64_t i = 0; i < saids; i++) {
    pack_text(text, said[i].text);
    pack_i64(text, said[i].times);
  }
}

static void pack_progress(hd_text *text, hd_store *store) {
  pack_i64(text, store->dims);
  for (int i = 0; i < store->dims; i++) {
    pack_text(text, store->dim[i].is.name);
    pack_i64(text, store->dim[i].rows ? store->dim[i].rows->count : store->dim[i].count);
    pack_names(text, &store->dim[i].names);
  }
  pack_i64(text, store->fields);
  for (int i = 0; i < store->fields; i++) {
    pack_text(text, store->field[i].is.name);
    pack_i64(text, store->field[i].kept);
  }
  pack_i64(text, store->step);
  pack_i64(text, store->spill.handle >= 0 ? store->spill.length : 0);
  hd_text_add(text, (const char *)&store->spill.chain, sizeof store->spill.chain);
  pack_told(text, store);
}

static hd_status write_checkpoint(hd_store *store, const char *path, const hd_hash *identity, const hd_text *progress,
                                  const void *extra, size_t bytes, hd_section *section) {
  size_t n = 0;
  for (int i = 0; i < store->fields; i++) {
    const hd_field_state *field = &store->field[i];
    if (!is_saved(field)) continue;
    HD_TRY(hd_section_name(store->ctx, &section[n], "field", field->is.name));
    section[n].at = store->data[i];
    section[n++].bytes = field->bytes;
  }
  HD_TRY(hd_section_name(store->ctx, &section[n], "progress", "store"));
  section[n].at = progress->at;
  section[n++].bytes = progress->length;
  HD_TRY(hd_section_name(store->ctx, &section[n], "extra", "run"));
  section[n].at = extra;
  section[n++].bytes = bytes;
  hd_sections_head head = head_of(store, identity);
  return hd_sections_write(store->ctx, path, &head, section, n);
}

hd_status hd_store_save(hd_store *store, const char *path, const hd_hash *identity, const void *extra, size_t bytes) {
  HD_TRY(hd_store_settle(store));
  HD_TRY_WHILE(store->ctx, hd_spill_flush(store), "saving the rows for checkpoint %s", path);
  hd_text progress;
  hd_text_init(&progress, store->ctx);
  pack_progress(&progress, store);
  hd_status status = hd_text_status(&progress);
  size_t list_bytes = ((size_t)store->fields + 2) * sizeof(hd_section);
  void *list = NULL;
  if (status == HD_OK) status = hd_memory_take(store->ctx, list_bytes, &list);
  if (status == HD_OK) status = write_checkpoint(store, path, identity, &progress, extra, bytes, list);
  hd_memory_give(store->ctx, list, list_bytes);
  hd_text_free(&progress);
  return hd_while(store->ctx, status, "writing checkpoint %s", path);
}

/* -- load: into a store beside, which takes the place of this one when all is verified */

static hd_status unfit(hd_store *store, const char *what) {
  return hd_raise(store->ctx, HD_ERR_FILE, "it does not fit this run: %s", what);
}

static hd_status unpack_dims(hd_store *store, hd_unpack *from) {
  if (hd_unpack_i64(from) != store->dims) return unfit(store, "it has other dimensions");
  for (int i = 0; i < store->dims; i++) {
    if (strcmp(hd_unpack_text(from), store->dim[i].is.name) != 0) return unfit(store, "it has other dimensions");
    int64_t count = hd_unpack_i64(from);
    if (from->bad || count < 0) return unfit(store, "a length is damaged");
    if (!store->dim[i].rows) HD_TRY(hd_store_resize(store, i, count));
    else store->dim[i].count = count; /* expected, until the rows are there */
    HD_TRY(hd_names_unpack(store, i, hd_unpack_i64(from), from));
  }
  return HD_OK;
}

static hd_status unpack_kept(hd_store *store, const hd_store *now, hd_unpack *from) {
  if (hd_unpack_i64(from) != store->fields) return unfit(store, "it has other fields");
  for (int i = 0; i < store->fields; i++) {
    if (strcmp(hd_unpack_text(from), store->field[i].is.name) != 0) return unfit(store, "it has other fields");
    if (hd_unpack_i64(from) != now->field[i].kept) return unfit(store, "other fields were asked for");
  }
  return HD_OK;
}

static hd_status unpack_told(hd_store *store, hd_unpack *from) {
  int64_t parts = hd_unpack_i64(from);
  for (int64_t i = 0; i < parts && !from->bad; i++) {
    int64_t dim = hd_unpack_i64(from), index = hd_unpack_i64(from);
    double at = hd_unpack_f64(from);
    const char *text = hd_unpack_text(from);
    if (!from->bad) HD_TRY(hd_told_part(store, (int)dim, index, at, text));
  }
  int64_t saids = hd_unpack_i64(from);
  store->told.dropped = hd_unpack_i64(from);
  for (int64_t i = 0; i < saids && !from->bad; i++) {
    const char *text = hd_unpack_text(from);
    int64_t times = hd_unpack_i64(from);
    if (!from->bad) HD_TRY(hd_told_warning(store, text, times));
  }
  store->told.settled = store->told.saids;
  return from->bad ? unfit(store, "its progress is damaged") : HD_OK;
}

static hd_status unpack_fields(hd_store *store, const hd_sections *file) {
  for (int i = 0; i < store->fields; i++) {
    const hd_field_state *field = &store->field[i];
    if (!is_saved(field)) continue;
    const hd_section *section = hd_sections_find(file, "field", field->is.name);
    if (!section || section->bytes != field->bytes)
      return hd_raise(store->ctx, HD_ERR_FILE, "it does not fit this run: field %s has %zu bytes there and %zu here",
                      field->is.name, section ? section->bytes : 0, field->bytes);
    if (field->bytes) memcpy(store->data[i], section->at, field->bytes);
  }
  return HD_OK;
}

static hd_status unpack_rows(hd_store *store, hd_unpack *from) {
  hd_hash chain;
  int64_t length = hd_unpack_i64(from);
  chain.low = (uint64_t)hd_unpack_i64(from);
  chain.high = (uint64_t)hd_unpack_i64(from);
  if (from->bad || length < 0) return unfit(store, "the length of its rows is damaged");
  HD_TRY(hd_spill_resume(store, length, &chain));
  for (int i = 0; i < store->dims; i++) {
    hd_rows *rows = store->dim[i].rows;
    if (!rows) continue;
    if (!rows->chunks) rows->count = store->dim[i].count; /* rows without stored columns */
    if (rows->count != store->dim[i].count)
      return hd_raise(store->ctx, HD_ERR_FILE, "%s cannot be used: it has %lld rows of %s instead of %lld",
                      store->spill.path ? store->spill.path : "the checkpoint", (long long)rows->count,
                      store->dim[i].is.name, (long long)store->dim[i].count);
    store->dim[i].count = 0;
  }
  return HD_OK;
}

/* Products of stages that this run mapped stay; the checkpoint must have been written with the same lengths. */
static hd_status check_products(const hd_store *now, hd_store *fresh) {
  for (int i = 0; i < now->fields; i++) {
    if (!now->field[i].bytes || now->field[i].stage < 0) continue;
    for (int k = 0; k < now->field[i].rank; k++) {
      int dim = now->field[i].dim[k];
      if (now->dim[dim].count != fresh->dim[dim].count)
        return hd_raise(fresh->ctx, HD_ERR_FILE, "it does not fit this run: length of %s is %lld there and %lld here",
                        now->dim[dim].is.name, (long long)fresh->dim[dim].count, (long long)now->dim[dim].count);
    }
  }
  return HD_OK;
}

static hd_status unpack(hd_store *fresh, const hd_store *now, const hd_sections *file) {
  hd_unpack from = hd_unpack_of(hd_sections_find(file, "progress", "store"));
  for (int i = 0; i < fresh->fields; i++) fresh->field[i].kept = now->field[i].kept;
  HD_TRY(unpack_dims(fresh, &from));
  HD_TRY(unpack_kept(fresh, now, &from));
  HD_TRY(hd_store_ask(fresh, NULL, 0)); /* memory for rows that were asked for */
  fresh->step = hd_unpack_i64(&from);
  HD_TRY(unpack_rows(fresh, &from));
  HD_TRY(unpack_told(fresh, &from));
  HD_TRY(unpack_fields(fresh, file));
  return check_products(now, fresh);
}

/* `now` becomes `fresh` and the other way round; mapped and built products stay with `now`. */
static void swap(hd_store *now, hd_store *fresh) {
  for (int i = 0; i < now->fields; i++) {
    hd_field_state *a = &now->field[i], *b = &fresh->field[i];
    if (a->stage < 0) continue;
    void *data = fresh->data[i];
    fresh->data[i] = now->data[i];
    now->data[i] = data;
    size_t bytes = b->bytes;
    bool mapped = b->mapped;
    b->bytes = a->bytes;
    b->mapped = a->mapped;
    a->bytes = bytes;
    a->mapped = mapped;
  }
  for (int i = 0; i < now->stages; i++) {
    fresh->map[i] = now->map[i];
    now->map[i] = (hd_stage_map){0};
  }
  fresh->row_limit = now->row_limit;
  hd_store kept = *now;
  *now = *fresh;
  *fresh = kept;
}

hd_status hd_store_load(hd_store *store, const char *path, const hd_hash *identity, void *extra, size_t bytes) {
  hd_sections_head head = head_of(store, identity);
  hd_sections file;
  hd_store *fresh = NULL;
  HD_TRY_WHILE(store->ctx, hd_sections_open(store->ctx, path, &head, &file), "reading checkpoint %s", path);
  const hd_section *own = hd_sections_find(&file, "extra", "run");
  hd_status status = own && own->bytes == bytes ? HD_OK : unfit(store, "the run's own part has another size");
  if (status == HD_OK) status = hd_store_new(store->ctx, store->solver, store->single, store->spill.path, &fresh);
  if (status == HD_OK) hd_store_dimensionless(fresh, store->dimensionless);
  if (status == HD_OK) status = unpack(fresh, store, &file);
  if (status == HD_OK) status = hd_spill_cut(fresh);
  if (status == HD_OK) {
    if (bytes) memcpy(extra, own->at, bytes);
    swap(store, fresh);
  }
  hd_sections_close(&file);
  hd_store_free(fresh);
  return hd_while(store->ctx, status, "reading checkpoint %s", path);
}
