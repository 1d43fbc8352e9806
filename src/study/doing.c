#include "study/doing.h"

#include "base/number.h"
#include "io/yaml.h"

#include <stdio.h>
#include <string.h>

static const char file_name[] = "plan.json";

void hd_doing_plan(const hd_study *study, const char *isolate, int workers, int64_t left, char why[200],
                   hd_doing *doing) {
  int cores = study->place.limits.cores;
  const char *many = study->options.isolate == HD_ISOLATE_NONE                ? "as --isolate none says"
                     : left < workers || (left == workers && workers < cores) ? "as many as members were left"
                     : study->options.workers > 0                             ? "as --workers says"
                                                                              : "as many as cores";
  const char *threads = left >= cores || workers < 2
                            ? "each member on one thread, as there are enough members for all cores; the longest first"
                            : "cores that no member needs widen those that run; the longest first";
  snprintf(why, 200, "%d worker%s of kind %s, %s; %s", workers, workers == 1 ? "" : "s", isolate, many, threads);
  *doing = (hd_doing){.workers = workers, .cores = cores, .isolate = isolate, .why = why, .waits = ""};
}

static void find_running(const hd_study *study, hd_doing *doing) {
  doing->members = 0;
  for (int64_t i = 0; i < study->count && doing->members < study->running && doing->members < HD_DOING_MOST; i++)
    if (study->member[i].running) doing->member[doing->members++] = i;
}

void hd_doing_write(const hd_study *study, hd_doing *doing) {
  char path[HD_PATH_ROOM];
  hd_text json;
  find_running(study, doing);
  hd_text_init(&json, study->ctx);
  hd_print(&json, "{\"format\": 1, \"workers\": %lld, \"cores\": %lld, \"isolate\": \"%s\", \"why\": ",
           (long long)doing->workers, (long long)doing->cores, doing->isolate);
  hd_json_text(&json, doing->why);
  hd_print(&json, ", \"waits\": ");
  hd_json_text(&json, doing->waits);
  hd_print(&json, ", \"running\": [");
  for (int64_t i = 0; i < doing->members; i++) hd_print(&json, i ? ", %lld" : "%lld", (long long)doing->member[i]);
  hd_print(&json, "]}\n");
  if (!json.failed && hd_path_join(study->ctx, study->options.folder, file_name, path, sizeof path) == HD_OK &&
      hd_file_write(study->ctx, path, hd_text_of(&json), json.length, false) != HD_OK)
    hd_log_line(study->ctx, HD_LOG_DETAIL, "%s", hd_ctx_message(study->ctx));
  hd_text_free(&json);
}

static int64_t whole_of(const hd_node *map, const char *key) {
  const hd_node *node = hd_node_get(map, key);
  int64_t value;
  bool fits;
  return node && node->text && hd_integer_read(node->text, &value, &fits) ? value : 0;
}

static const char *text_of(const hd_node *map, const char *key) {
  const hd_node *node = hd_node_get(map, key);
  return node && node->text ? node->text : "";
}

static hd_status parse(hd_arena *arena, const char *path, hd_node **root) {
  hd_notes *notes;
  const hd_source *source;
  HD_TRY(hd_notes_new(arena->ctx, &notes));
  hd_status status = hd_yaml_file(arena, path, notes, &source, root);
  if (status == HD_OK) status = hd_notes_status(notes);
  hd_notes_free(notes);
  return status;
}

hd_status hd_doing_read(hd_arena *arena, const char *folder, hd_doing *doing) {
  char path[HD_PATH_ROOM];
  hd_node *root;
  HD_TRY(hd_path_join(arena->ctx, folder, file_name, path, sizeof path));
  if (!hd_file_exists(arena->ctx, path)) return hd_raise(arena->ctx, HD_ERR_MISSING, "%s is not there", path);
  HD_TRY(parse(arena, path, &root));
  *doing = (hd_doing){.workers = whole_of(root, "workers"),
                      .cores = whole_of(root, "cores"),
                      .isolate = text_of(root, "isolate"),
                      .why = text_of(root, "why"),
                      .waits = text_of(root, "waits")};
  const hd_node *running = hd_node_get(root, "running");
  for (const hd_node *n = running ? running->child : NULL; n && doing->members < HD_DOING_MOST; n = n->next) {
    bool fits;
    if (n->text && hd_integer_read(n->text, &doing->member[doing->members], &fits)) doing->members++;
  }
  return HD_OK;
}
