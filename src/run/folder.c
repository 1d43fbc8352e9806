#include "run/folder.h"

#include "io/yaml.h"
#include "run/checkpoint.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

static const char *const ours[] = {"run.json", "result.h5", "report.html", "log.txt", "lock", "figures", "rows.spill"};

static hd_status in_folder(hd_ctx *ctx, const char *folder, const char *name, char path[HD_PATH_ROOM]) {
  return hd_path_join(ctx, folder, name, path, HD_PATH_ROOM);
}

/* -- run.json -------------------------------------------------------------------------------------------------------- */

static void print_list(hd_text *out, const char *name, const char *const *items, int count) {
  hd_print(out, ",\n  \"%s\": [", name);
  for (int i = 0; i < count; i++) {
    if (i) hd_print(out, ", ");
    hd_json_text(out, items[i]);
  }
  hd_print(out, "]");
}

static void print_absolute(hd_text *out, const char *file) {
  char absolute[PATH_MAX]; /* the scenario was read from there, so it exists */
  hd_json_text(out, realpath(file, absolute) ? absolute : file);
}

static hd_status write_origin(hd_ctx *ctx, const char *folder, const hd_case *kase, const hd_case_options *options) {
  char path[HD_PATH_ROOM], identity[HD_HASH_HEX];
  hd_text json;
  HD_TRY(in_folder(ctx, folder, "run.json", path));
  hd_hash_hex(&kase->identity, identity);
  hd_text_init(&json, ctx);
  hd_print(&json, "{\n  \"format\": 1,\n  \"identity\": \"%s\",\n  \"file\": ", identity);
  print_absolute(&json, kase->file);
  print_list(&json, "set", options ? options->set : NULL, options ? options->set_count : 0);
  hd_print(&json, ",\n  \"plugin\": [");
  for (int i = 0; options && i < options->plugin_count; i++) {
    if (i) hd_print(&json, ", ");
    print_absolute(&json, options->plugin[i]);
  }
  hd_print(&json, "]\n}\n");
  hd_status status = hd_text_status(&json);
  if (status == HD_OK) status = hd_file_write(ctx, path, hd_text_of(&json), json.length, false);
  hd_text_free(&json);
  return status;
}

static hd_status read_origin(hd_arena *arena, const char *folder, hd_node **root) {
  hd_ctx *ctx = arena->ctx;
  char path[HD_PATH_ROOM];
  hd_notes *notes;
  const hd_source *source;
  *root = NULL;
  HD_TRY(in_folder(ctx, folder, "run.json", path));
  HD_TRY(hd_notes_new(ctx, &notes));
  hd_status status = hd_yaml_file(arena, path, notes, &source, root);
  if (status == HD_OK) status = hd_notes_status(notes);
  hd_notes_free(notes);
  return status;
}

static hd_status texts_of(hd_arena *arena, const hd_node *list, const char *const **out, int *count) {
  void *memory;
  *count = list ? (int)list->count : 0;
  HD_TRY(hd_arena_take(arena, sizeof(char *) * (size_t)(*count + 1), &memory));
  const char **text = memory;
  int n = 0;
  for (const hd_node *item = list ? list->child : NULL; item; item = item->next)
    text[n++] = item->text ? item->text : "";
  *out = text;
  return HD_OK;
}

hd_status hd_folder_origin(hd_arena *arena, const char *folder, const char **file, hd_case_options *options) {
  hd_node *root;
  char path[HD_PATH_ROOM];
  HD_TRY(in_folder(arena->ctx, folder, "run.json", path));
  if (!hd_file_exists(arena->ctx, path))
    return hd_raise(arena->ctx, HD_ERR_INPUT, "%s holds no run of heddle: it has no run.json", folder);
  HD_TRY(read_origin(arena, folder, &root));
  const hd_node *name = hd_node_get(root, "file");
  if (!name || name->kind != HD_NODE_SCALAR) return hd_raise(arena->ctx, HD_ERR_INPUT, "%s is damaged", path);
  *file = name->text;
  HD_TRY(texts_of(arena, hd_node_get(root, "set"), &options->set, &options->set_count));
  return texts_of(arena, hd_node_get(root, "plugin"), &options->plugin, &options->plugin_count);
}

/* -- states ---------------------------------------------------------------------------------------------------------- */

static int count_foreign(void *arg, const char *name) {
  int *foreign = arg;
  for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
    if (!strcmp(name, ours[i])) return 0;
  if (strncmp(name, "checkpoint-", 11) && strncmp(name, "result.", 7) && strncmp(name, "run.json.", 9)) ++*foreign;
  return 0;
}

hd_status hd_folder_look(hd_ctx *ctx, const char *folder, const hd_hash *identity, hd_folder_state *state) {
  char path[HD_PATH_ROOM];
  int foreign = 0;
  hd_arena arena;
  hd_node *root;
  hd_hash found = {0};
  *state = HD_FOLDER_FRESH;
  if (!hd_file_exists(ctx, folder)) return HD_OK;
  HD_TRY(in_folder(ctx, folder, "run.json", path));
  if (!hd_file_exists(ctx, path)) {
    ctx->files.list(ctx->files.self, folder, count_foreign, &foreign);
    if (foreign) *state = HD_FOLDER_OTHER;
    return HD_OK;
  }
  hd_arena_init(&arena, ctx);
  hd_status status = read_origin(&arena, folder, &root);
  const hd_node *node = status == HD_OK ? hd_node_get(root, "identity") : NULL;
  bool same = node && node->text && hd_hash_read(node->text, &found) && hd_hash_equal(&found, identity);
  hd_arena_free(&arena);
  if (status == HD_ERR_MEMORY) return status;
  HD_TRY(in_folder(ctx, folder, "result.h5", path));
  *state = !same ? HD_FOLDER_OTHER : hd_file_exists(ctx, path) ? HD_FOLDER_COMPLETE : HD_FOLDER_INCOMPLETE;
  return HD_OK;
}

static hd_status take_lock(hd_ctx *ctx, const char *folder, int *lock) {
  char path[HD_PATH_ROOM];
  HD_TRY(in_folder(ctx, folder, "lock", path));
  HD_TRY(hd_file_open(ctx, path, true, lock));
  int error = ctx->files.lock(ctx->files.self, *lock, false);
  if (error == 0) return HD_OK;
  hd_folder_leave(ctx, *lock);
  *lock = -1;
  return hd_raise(ctx, HD_ERR_FILE, error == -EWOULDBLOCK ? "another heddle is writing into %s" : "%s cannot be locked",
                  folder);
}

/* What an earlier run left: its results, whatever their format, and its report. */
static bool is_leftover(const void *arg, const char *name) {
  (void)arg;
  return !strncmp(name, "result.", 7) || !strcmp(name, "report.html");
}

static hd_status clear_folder(hd_ctx *ctx, const char *folder) {
  HD_TRY(hd_checkpoint_clear(ctx, folder));
  return hd_folder_clear(ctx, folder, is_leftover, NULL);
}

hd_status hd_folder_begin(hd_ctx *ctx, const char *folder, const hd_case *kase, const hd_case_options *options,
                          bool clear, int *lock) {
  *lock = -1;
  HD_TRY(hd_folder_make(ctx, folder));
  HD_TRY(take_lock(ctx, folder, lock));
  hd_status status = clear ? clear_folder(ctx, folder) : HD_OK;
  if (status == HD_OK) status = write_origin(ctx, folder, kase, options);
  if (status == HD_OK) return HD_OK;
  hd_folder_leave(ctx, *lock);
  *lock = -1;
  return status;
}

hd_status hd_folder_complete(hd_ctx *ctx, const char *folder) { return hd_checkpoint_clear(ctx, folder); }

void hd_folder_leave(hd_ctx *ctx, int lock) {
  if (lock >= 0) ctx->files.close(ctx->files.self, lock);
}
