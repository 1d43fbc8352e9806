/* Affinity, control groups and memory from the kernel's own files. See limits.h.
 *
 * A control group may be limited at any level above it, so each one is read from the process's group up to the root of
 * the mount. Inside a container the mount shows only a part of the tree: its root is cut from the group's path.
 */
#include "par/limits.h"

#include "base/number.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT = 32 * 1024, PATH = 1024, MOST_CPUS = 16384 };

/* The file as text, cut at `room`; false if it cannot be read. */
static bool slurp(hd_ctx *ctx, const char *path, char *text, size_t room) {
  const hd_files *files = &ctx->files;
  int handle = files->open(files->self, path, O_RDONLY | O_CLOEXEC, 0);
  if (handle < 0) return false;
  size_t used = 0;
  int64_t n = 0;
  while (used < room - 1 && (n = files->read(files->self, handle, text + used, room - 1 - used, (int64_t)used)) > 0)
    used += (size_t)n;
  files->close(files->self, handle);
  text[used] = 0;
  return n >= 0;
}

static bool slurp_in(hd_ctx *ctx, const char *folder, const char *name, char *text, size_t room) {
  char path[PATH];
  int n = snprintf(path, sizeof path, "%s/%s", folder, name);
  return n > 0 && (size_t)n < sizeof path && slurp(ctx, path, text, room);
}

/* A number of bytes in a file of a group; `none` for "max", what cannot be read, and v1's huge value for no limit. */
static int64_t bytes_in(hd_ctx *ctx, const char *folder, const char *name, int64_t none) {
  char text[64];
  if (!slurp_in(ctx, folder, name, text, sizeof text)) return none;
  char *end;
  errno = 0;
  long long value = strtoll(text, &end, 10);
  return end == text || errno || value < 0 || value >= INT64_MAX / 2 ? none : value;
}

/* The value of a line "key value" (memory.stat) or "Key:  value kB" (meminfo); 0 if it is not there. */
static int64_t line_value(const char *text, const char *key) {
  size_t length = strlen(key);
  for (const char *line = text; line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL)
    if (!strncmp(line, key, length)) return strtoll(line + length, NULL, 10);
  return 0;
}

typedef struct word {
  const char *at;
  size_t length;
} word;

/* True if `name` is one of the words of a list separated by commas. */
static bool listed(const char *list, size_t length, const char *name) {
  size_t n = strlen(name);
  for (const char *at = list; at + n <= list + length; at++)
    if (!strncmp(at, name, n) && (at == list || at[-1] == ',') && (at + n == list + length || at[n] == ','))
      return true;
  return false;
}

/* The process's group in the hierarchy of a controller: lines "id:controllers:path"; v2 has id 0 and no controllers. */
static bool group_of(const char *text, const char *controller, char *path, size_t room) {
  for (const char *line = text; line && *line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL) {
    const char *list = strchr(line, ':'), *group = list ? strchr(list + 1, ':') : NULL;
    if (!group) return false;
    size_t length = (size_t)(group - list - 1);
    if (*controller ? !listed(list + 1, length, controller) : length != 0) continue;
    size_t n = strcspn(++group, "\n");
    if (n >= room) return false;
    memcpy(path, group, n);
    path[n] = 0;
    return true;
  }
  return false;
}

/* Word number `n` of a line, counted from 0; empty if there is none. */
static word word_of(const char *line, int n) {
  for (;; n--) {
    line += strspn(line, " ");
    size_t length = strcspn(line, " \n");
    if (n == 0 || length == 0) return (word){line, length};
    line += length;
  }
}

static bool is(word w, const char *text) { return w.length == strlen(text) && !strncmp(w.at, text, w.length); }

static bool copy(word w, char out[PATH]) {
  if (w.length == 0 || w.length >= PATH) return false;
  memcpy(out, w.at, w.length);
  out[w.length] = 0;
  return true;
}

/* Where that hierarchy is mounted: lines of mountinfo, "id parent dev root point options ... - type source super". */
static bool mount_of(const char *text, const char *controller, char *root, char *point) {
  for (const char *line = text; line && *line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL) {
    int dash = 6;
    while (word_of(line, dash).length && !is(word_of(line, dash), "-")) dash++;
    word type = word_of(line, dash + 1), super = word_of(line, dash + 3);
    if (*controller ? !is(type, "cgroup") || !listed(super.at, super.length, controller) : !is(type, "cgroup2"))
      continue;
    if (copy(word_of(line, 3), root) && copy(word_of(line, 4), point)) return true;
  }
  return false;
}

typedef struct group {
  bool found, v2;
  char folder[2 * PATH]; /* of the process's group */
  size_t top;            /* length of the mount point: the walk upwards ends here */
} group;

static group find(const char *groups, const char *mounts, const char *controller, bool v2) {
  char path[PATH], root[PATH], point[PATH];
  group g = {.v2 = v2};
  if (!group_of(groups, v2 ? "" : controller, path, sizeof path)) return g;
  if (!mount_of(mounts, v2 ? "" : controller, root, point)) return g;
  size_t cut = strcmp(root, "/") ? strlen(root) : 0;
  const char *rest = !strncmp(path, root, cut) ? path + cut : "";
  g.top = strlen(point);
  snprintf(g.folder, sizeof g.folder, "%s%s", point, strcmp(rest, "/") ? rest : "");
  g.found = true;
  return g;
}

/* One level up; false above the root of the mount. */
static bool up(group *g) {
  char *slash = strrchr(g->folder, '/');
  if (!slash || (size_t)(slash - g->folder) < g->top) return false;
  *slash = 0;
  return true;
}

static double quota_at(hd_ctx *ctx, const group *g) {
  char text[64];
  if (g->v2) {
    double quota = 0, period = 0;
    if (!slurp_in(ctx, g->folder, "cpu.max", text, sizeof text)) return 0;
    if (!hd_number_read(text, 0, &quota) || !hd_number_read(word_of(text, 1).at, 0, &period)) return 0;
    return quota > 0 && period > 0 ? quota / period : 0;
  }
  int64_t quota = bytes_in(ctx, g->folder, "cpu.cfs_quota_us", 0);
  int64_t period = bytes_in(ctx, g->folder, "cpu.cfs_period_us", 0);
  return quota > 0 && period > 0 ? (double)quota / (double)period : 0;
}

static void read_quota(hd_ctx *ctx, group g, hd_limits *out) {
  if (!g.found) return;
  do {
    double quota = quota_at(ctx, &g);
    if (quota > 0 && (out->quota <= 0 || quota < out->quota)) out->quota = quota;
  } while (up(&g));
}

static void read_memory(hd_ctx *ctx, group g, hd_limits *out) {
  if (!g.found) return;
  char text[8192];
  do {
    int64_t limit = bytes_in(ctx, g.folder, g.v2 ? "memory.max" : "memory.limit_in_bytes", 0);
    if (limit <= 0 || (out->memory && limit >= out->memory)) continue;
    out->memory = limit;
    int64_t used = bytes_in(ctx, g.folder, g.v2 ? "memory.current" : "memory.usage_in_bytes", 0);
    if (slurp_in(ctx, g.folder, "memory.stat", text, sizeof text))
      used -= line_value(text, g.v2 ? "inactive_file " : "total_inactive_file ");
    out->memory_used = used > 0 ? used : 0;
  } while (up(&g));
}

static int affinity(void) {
  unsigned long mask[MOST_CPUS / (8 * sizeof(unsigned long))];
  if (sched_getaffinity(0, sizeof mask, (cpu_set_t *)(void *)mask)) return 1;
  int n = CPU_COUNT_S(sizeof mask, (cpu_set_t *)(void *)mask);
  return n > 0 ? n : 1;
}

hd_limits hd_limits_read(hd_ctx *ctx) {
  hd_limits out = {.affinity = affinity()};
  char groups[4096], mounts[TEXT], meminfo[4096];
  if (slurp(ctx, "/proc/self/cgroup", groups, sizeof groups) &&
      slurp(ctx, "/proc/self/mountinfo", mounts, sizeof mounts)) {
    for (int v2 = 0; v2 < 2; v2++) {
      read_quota(ctx, find(groups, mounts, "cpu", v2), &out);
      read_memory(ctx, find(groups, mounts, "memory", v2), &out);
    }
  }
  out.cores = out.affinity;
  if (out.quota > 0 && out.quota < out.cores) {
    out.cores = (int)out.quota;
    if (out.cores < out.quota) out.cores++;
  }
  if (slurp(ctx, "/proc/meminfo", meminfo, sizeof meminfo)) {
    out.memory_machine = 1024 * line_value(meminfo, "MemTotal:");
    out.available = 1024 * line_value(meminfo, "MemAvailable:");
  }
  if (out.memory && out.memory >= out.memory_machine && out.memory_machine) out.memory = 0;
  int64_t left = out.memory - out.memory_used;
  if (out.memory && (left < out.available || !out.available)) out.available = left > 0 ? left : 0;
  return out;
}
