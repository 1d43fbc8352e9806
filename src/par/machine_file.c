/* The file of a machine's constants: flat YAML, "key: number" and "key: [numbers]", a subset that this file can read by
 * itself (the YAML reader lives on the floor of io). */
#include "par/machine.h"

#include "base/number.h"
#include "base/text.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_BYTES = 65536, BY_WIDTH = -1 };

typedef struct entry {
  const char *key;
  size_t at;
  int count; /* BY_WIDTH: as many as there are widths */
  const char *doc;
} entry;

#define ONE(member, doc)                                                                                               \
  { #member, offsetof(hd_machine, member), 1, doc }
#define WIDTH(member, doc)                                                                                             \
  { #member, offsetof(hd_machine, member), BY_WIDTH, doc }
#define LEVEL(member, doc)                                                                                             \
  { #member, offsetof(hd_machine, member), HD_MACHINE_LEVELS, doc }
static const entry entries[] = {
    ONE(measured_s, "when, in seconds since 1970"),
    ONE(cores, "that could be used then"),
    WIDTH(threads, "by number of threads:"),
    WIDTH(sync_s, "a region in which all meet"),
    WIDTH(wake_s, "the same after they slept"),
    WIDTH(bandwidth, "bytes per second to memory, together"),
    ONE(l1_bytes, "one core and its caches:"),
    ONE(l2_bytes, ""),
    ONE(l3_bytes, ""),
    ONE(l1_bandwidth, "bytes per second"),
    ONE(l2_bandwidth, ""),
    ONE(l3_bandwidth, ""),
    LEVEL(flops, "per second at x86-64-v2, v3, v4; 0: the CPU lacks it"),
    LEVEL(flops_fma, ""),
    LEVEL(adds, ""),
    LEVEL(multiplies, ""),
    LEVEL(divides, ""),
    LEVEL(roots, ""),
};
enum { ENTRIES = sizeof entries / sizeof *entries };

static const char first_line[] =
    "# heddle: constants of this machine, measured by `heddle tune`; they change plans, never results\n";

hd_status hd_machine_save(hd_ctx *ctx, const char *path, const hd_machine *machine) {
  hd_text text;
  char folder[HD_PATH_ROOM], number[HD_NUMBER_ROOM];
  HD_TRY(hd_path_folder(ctx, path, folder, sizeof folder));
  HD_TRY(hd_folder_make(ctx, folder));
  hd_text_init(&text, ctx);
  hd_print(&text, "%sformat: 1\ncpu: \"%s\"\n", first_line, machine->cpu);
  for (int e = 0; e < ENTRIES; e++) {
    const double *x = (const double *)(const void *)((const char *)machine + entries[e].at);
    int n = entries[e].count == BY_WIDTH ? machine->widths : entries[e].count;
    hd_print(&text, "%s: %s", entries[e].key, entries[e].count == 1 ? "" : "[");
    for (int i = 0; i < n; i++) {
      hd_number_print(x[i], number);
      hd_print(&text, "%s%s", i ? ", " : "", number);
    }
    hd_print(&text, "%s%s%s\n", entries[e].count == 1 ? "" : "]", *entries[e].doc ? "   # " : "", entries[e].doc);
  }
  hd_status status = hd_text_status(&text);
  if (status == HD_OK) status = hd_file_write(ctx, path, hd_text_of(&text), text.length, false);
  hd_text_free(&text);
  return status;
}

/* -- reading ----------------------------------------------------------------------------------------------------------- */

static const char *skip(const char *at) { return at + strspn(at, " "); }

/* Reads "key: 1" or "key: [1, 2]" behind the colon; the count of numbers, -1 if they are none. */
static int numbers(const char *at, double *out, int most) {
  int n = 0;
  at = skip(at);
  bool list = *at == '[';
  if (list) at = skip(at + 1);
  for (; n < most; n++) {
    size_t used = hd_number_read(at, 0, &out[n]);
    if (!used || !isfinite(out[n]) || out[n] < 0) return -1;
    at = skip(at + used);
    if (!list || *at != ',') return !list || *at == ']' ? n + 1 : -1;
    at = skip(at + 1);
  }
  return -1;
}

/* One line into *m; false if it is damaged. Keys of a later heddle are passed over. */
static bool take_line(const char *line, hd_machine *m, unsigned *seen) {
  line = skip(line);
  if (*line == '#' || *line == '\n' || !*line) return true;
  size_t length = strcspn(line, ":\n");
  if (line[length] != ':') return false;
  const char *value = skip(line + length + 1);
  if (!strncmp(line, "cpu", length) && length == 3) {
    size_t n = *value == '"' ? strcspn(value + 1, "\"\n") : 0;
    if (n == 0 || n >= HD_MACHINE_CPU || value[n + 1] != '"') return false;
    memcpy(m->cpu, value + 1, n);
    m->cpu[n] = 0;
    return true;
  }
  for (int e = 0; e < ENTRIES; e++) {
    if (strlen(entries[e].key) != length || strncmp(entries[e].key, line, length)) continue;
    double x[HD_MACHINE_WIDTHS];
    int n = numbers(value, x, HD_MACHINE_WIDTHS), want = entries[e].count;
    if (n < 1 || (want == BY_WIDTH ? m->widths && m->widths != n : want != n)) return false;
    if (want == BY_WIDTH) m->widths = n;
    memcpy((char *)m + entries[e].at, x, (size_t)n * sizeof *x);
    *seen |= 1u << e;
  }
  return true;
}

/* What a plan divides by is above 0, and the widths ascend from 1. */
static bool sound(const hd_machine *m) {
  if (m->threads[0] > 1 || m->threads[0] < 1 || !(m->cores >= 1)) return false;
  for (int w = 0; w < m->widths; w++) {
    if (w && !(m->threads[w] > m->threads[w - 1] && m->sync_s[w] > 0)) return false;
    if (!(m->bandwidth[w] > 0)) return false;
  }
  return m->flops[0] > 0 && m->adds[0] > 0 && m->multiplies[0] > 0 && m->divides[0] > 0 && m->roots[0] > 0;
}

static hd_status parse(hd_ctx *ctx, const char *path, const char *text, hd_machine *m) {
  unsigned seen = 0;
  int number = 1;
  for (const char *line = text; line; number++) {
    if (!take_line(line, m, &seen))
      return hd_raise(ctx, HD_ERR_FILE, "%s:%d: not what heddle tune writes", path, number);
    line = strchr(line, '\n');
    if (line) line++;
  }
  if (seen != (1u << ENTRIES) - 1 || !sound(m))
    return hd_raise(ctx, HD_ERR_FILE, "%s: constants are missing or impossible", path);
  m->measured = true;
  return HD_OK;
}

hd_status hd_machine_load(hd_ctx *ctx, const char *path, hd_machine *out) {
  char *text, here[HD_MACHINE_CPU];
  size_t size;
  if (!hd_file_exists(ctx, path)) return hd_raise(ctx, HD_ERR_MISSING, "%s: not there; `heddle tune` makes it", path);
  HD_TRY(hd_file_read(ctx, path, MOST_BYTES, &text, &size));
  hd_machine m = {.measured = false};
  hd_status status = parse(ctx, path, text, &m);
  hd_memory_give(ctx, text, size + 1);
  HD_TRY(status);
  hd_machine_cpu(here);
  if (strcmp(here, m.cpu)) return hd_raise(ctx, HD_ERR_MISSING, "%s: measured on another CPU (%s)", path, m.cpu);
  *out = m;
  return HD_OK;
}

hd_status hd_machine_path(hd_ctx *ctx, char *out, size_t room) {
  char folder[HD_PATH_ROOM];
  const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
  if (cache && cache[0] == '/') return hd_path_join(ctx, cache, "heddle/machine.yaml", out, room);
  if (!home || home[0] != '/') return hd_raise(ctx, HD_ERR_MISSING, "neither XDG_CACHE_HOME nor HOME is set");
  HD_TRY(hd_path_join(ctx, home, ".cache", folder, sizeof folder));
  return hd_path_join(ctx, folder, "heddle/machine.yaml", out, room);
}
