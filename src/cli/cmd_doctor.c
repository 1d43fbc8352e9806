/* heddle doctor: what was found on this machine, what is missing and what that means. */
#include "cli/commands.h"

#include "base/isa.h"
#include "par/limits.h"

#include <H5public.h>
#include <libfyaml.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One line of the report. ok = false: something is missing, `says` tells what that means. */
typedef struct finding {
  const char *name;
  bool ok;
  char says[256];
} finding;

enum { FINDINGS = 16 };

static bool on_path(const char *program, char *found, size_t room) {
  const char *path = getenv("PATH");
  while (path && *path) {
    size_t length = strcspn(path, ":");
    snprintf(found, room, "%.*s/%s", (int)length, path, program);
    if (access(found, X_OK) == 0) return true;
    path += length + (path[length] == ':');
  }
  return false;
}

static finding *add(finding *list, int *count, const char *name, bool ok) {
  list[*count] = (finding){.name = name, .ok = ok};
  return &list[(*count)++];
}

static int look(hd_ctx *ctx, const cli_args *args, finding list[FINDINGS]) {
  int n = 0;
  unsigned major, minor, release;
  char program[4096];
  hd_limits limits = hd_limits_read(ctx);
  finding *f = add(list, &n, "heddle", true);
  snprintf(f->says, sizeof f->says, "%s, compiler %s", hd_version(), __VERSION__);
  f = add(list, &n, "cpu", true);
  snprintf(f->says, sizeof f->says, "%d core%s to use of %d, %s%s", limits.cores, limits.cores == 1 ? "" : "s",
           limits.affinity, hd_isa_name(hd_isa_of_cpu()), hd_isa() < hd_isa_of_cpu() ? " (lowered by HEDDLE_ISA)" : "");
  f = add(list, &n, "memory", limits.available != 0);
  snprintf(f->says, sizeof f->says, "%.3g GB available%s", (double)limits.available * 1e-9,
           limits.memory ? ", limited by a control group" : "");
  H5get_libversion(&major, &minor, &release);
  f = add(list, &n, "hdf5", true);
  snprintf(f->says, sizeof f->says, "%u.%u.%u", major, minor, release);
  f = add(list, &n, "libfyaml", true);
  snprintf(f->says, sizeof f->says, "%s", fy_library_version());
  bool gnuplot = on_path("gnuplot", program, sizeof program);
  f = add(list, &n, "gnuplot", gnuplot);
  snprintf(f->says, sizeof f->says, "%.250s", gnuplot ? program : "not found: figures are left as scripts and data");
  f = add(list, &n, "mpi", false);
  snprintf(f->says, sizeof f->says, "not in this version: runs use the threads of one machine");
  f = add(list, &n, "cuda", false);
  snprintf(f->says, sizeof f->says, "not in this version: runs use the CPU");
  (void)args;
  return n;
}

static void print_solvers(hd_text *out, const hd_solver_set *solvers, bool json) {
  const hd_solver *solver;
  hd_print(out, json ? ",\n  \"solvers\": [" : "solvers:\n");
  for (int i = 0; (solver = hd_solver_set_at(solvers, i)); i++) {
    const char *path = hd_solver_set_path(solvers, solver);
    if (json) hd_print(out, "%s\"%s\"", i ? ", " : "", solver->name);
    else hd_print(out, "  %-10s %s%s%s\n", solver->name, solver->doc, path ? ", from " : "", path ? path : "");
  }
  if (json) hd_print(out, "]");
}

int cli_doctor(hd_ctx *ctx, const cli_args *args) {
  finding list[FINDINGS];
  hd_solver_set *solvers;
  hd_text out;
  hd_status status = hd_solver_set_new(ctx, args->plugin, args->plugins, &solvers);
  if (status != HD_OK) return cli_fail(ctx, status);
  int n = look(ctx, args, list);
  hd_text_init(&out, ctx);
  if (args->json) hd_print(&out, "{");
  for (int i = 0; i < n; i++) {
    if (!args->json) {
      hd_print(&out, "%-9s %s %s\n", list[i].name, list[i].ok ? "  " : "--", list[i].says);
      continue;
    }
    hd_print(&out, "%s\n  \"%s\": {\"ok\": %s, \"says\": ", i ? "," : "", list[i].name, list[i].ok ? "true" : "false");
    hd_json_text(&out, list[i].says);
    hd_print(&out, "}");
  }
  print_solvers(&out, solvers, args->json);
  if (args->json) hd_print(&out, "\n}\n");
  cli_write(hd_text_of(&out), out.length);
  hd_text_free(&out);
  hd_solver_set_free(solvers);
  return 0;
}
