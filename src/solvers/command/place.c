/* Where the program runs: the scenario's folder of that name, or a fresh one that is removed afterwards. */
#include "solvers/command/command.h"

#include "base/ctx.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TRIES = 100000, TEMPLATE_MOST = 16 << 20 };

_Static_assert(sizeof((command_place){0}.folder) >= HD_PATH_ROOM, "paths fit");

/* Made by nobody else: its name is not taken. */
static hd_status make_fresh(hd_ctx *ctx, char *folder) {
  const char *given = getenv("TMPDIR");
  char absolute[PATH_MAX], name[64];
  const char *top = given && *given && realpath(given, absolute) ? absolute : "/tmp";
  for (int i = 0; i < TRIES; i++) {
    snprintf(name, sizeof name, "heddle-command-%ld-%d", (long)getpid(), i);
    HD_TRY(hd_path_join(ctx, top, name, folder, HD_PATH_ROOM));
    int error = ctx->files.folder(ctx->files.self, folder);
    if (!error) return HD_OK;
    if (error != -EEXIST)
      return hd_raise(ctx, HD_ERR_FILE, "a folder for the program cannot be made in %s: %s", top, strerror(-error));
  }
  return hd_raise(ctx, HD_ERR_FILE, "%s holds too many folders of heddle", top);
}

static hd_status write_text(hd_ctx *ctx, const char *path, hd_text *text) {
  hd_status status = hd_text_status(text);
  if (status == HD_OK) status = hd_file_write(ctx, path, hd_text_of(text), text->length, false);
  hd_text_free(text);
  return status;
}

static hd_status put_template(hd_run *run, const command_template *t, const char *folder) {
  hd_ctx *ctx = run->ctx;
  char to[HD_PATH_ROOM], above[HD_PATH_ROOM], *from;
  size_t size;
  hd_text text;
  HD_TRY(hd_path_join(ctx, folder, t->to, to, sizeof to));
  HD_TRY(hd_path_folder(ctx, to, above, sizeof above));
  HD_TRY(hd_folder_make(ctx, above));
  HD_TRY(hd_file_read(ctx, t->from, TEMPLATE_MOST, &from, &size));
  hd_text_init(&text, ctx);
  command_fill(run->params, run->seed, from, COMMAND_DOUBLE, &text);
  hd_memory_give(ctx, from, size + 1);
  return write_text(ctx, to, &text);
}

static hd_status put_file(hd_ctx *ctx, const char *from, const char *folder) {
  const char *slash = strrchr(from, '/');
  char to[HD_PATH_ROOM];
  HD_TRY(hd_path_join(ctx, folder, slash ? slash + 1 : from, to, sizeof to));
  return hd_file_copy(ctx, from, to);
}

static hd_status put_input(hd_run *run, command_place *place) {
  hd_text json;
  HD_TRY(hd_path_join(run->ctx, place->own, "parameters.json", place->input, sizeof place->input));
  hd_text_init(&json, run->ctx);
  command_json(run->params, run->seed, &json);
  return write_text(run->ctx, place->input, &json);
}

/* Two programs in one folder would overwrite each other's files. The lock is on the folder itself and ends with heddle. */
static hd_status lock_folder(hd_ctx *ctx, command_place *place, const char *path) {
  HD_TRY(hd_file_open(ctx, path, false, &place->lock));
  place->locked = true;
  int error = ctx->files.lock(ctx->files.self, place->lock, false);
  if (error != -EWOULDBLOCK) return HD_OK; /* or the file system knows no locks */
  return hd_raise(
      ctx, HD_ERR_FILE,
      "another program of heddle's is at work in the folder %s; folder: NAME/{PARAMETER} gives each its own", path);
}

static hd_status fill_path(hd_run *run, char path[HD_PATH_ROOM]) {
  const command *c = run->params;
  hd_text text;
  hd_text_init(&text, run->ctx);
  command_fill(c, run->seed, c->folder, COMMAND_SINGLE, &text);
  hd_status status = hd_text_status(&text);
  if (status == HD_OK) status = hd_path_join(run->ctx, c->base, hd_text_of(&text), path, HD_PATH_ROOM);
  hd_text_free(&text);
  return status;
}

static hd_status make_given(hd_run *run, command_place *place) {
  hd_ctx *ctx = run->ctx;
  char path[HD_PATH_ROOM], absolute[PATH_MAX], *folder = place->folder;
  HD_TRY(fill_path(run, path));
  HD_TRY(hd_folder_make(ctx, path));
  if (!realpath(path, absolute) || strlen(absolute) >= HD_PATH_ROOM)
    return hd_raise(ctx, HD_ERR_FILE, "the folder %s cannot be entered", path);
  snprintf(folder, HD_PATH_ROOM, "%s", absolute);
  return lock_folder(ctx, place, folder);
}

bool command_copies(const command *c) { return !c->folder || strchr(c->folder, '{'); }

hd_status command_place_make(hd_run *run, command_place *place) {
  const command *c = run->params;
  const char *const *file = c->files.item;
  *place = (command_place){0};
  if (!c->folder || c->input == COMMAND_JSON) HD_TRY(make_fresh(run->ctx, place->own));
  if (c->folder) HD_TRY(make_given(run, place));
  else snprintf(place->folder, sizeof place->folder, "%s", place->own);
  for (int64_t i = 0; i < c->files.count && command_copies(c); i++) HD_TRY(put_file(run->ctx, file[i], place->folder));
  for (int64_t i = 0; i < c->template_count; i++) HD_TRY(put_template(run, &c->template[i], place -> folder));
  return c->input == COMMAND_JSON ? put_input(run, place) : HD_OK;
}

void command_place_remove(hd_ctx *ctx, command_place *place) {
  if (*place->own)
    hd_folder_remove(ctx, place->own); /* what cannot be removed is left in the folder for temporary files */
  *place->own = 0;
  if (place->locked) ctx->files.close(ctx->files.self, place->lock);
  place->locked = false;
}
