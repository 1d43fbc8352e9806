/* heddle sweep --emit: a study as jobs for other programs that spread work over machines. Each job is one part, --shard I/N,
 * in a folder of its own, so that a job may be killed and run again; afterwards heddle merge makes one study of them. All
 * paths are absolute: jobs run anywhere on machines that share these folders. */
#include "cli/study.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PARTS_CHOSEN = 64 };

/* For a shell: in quotes, unless it is plain. */
static void print_word(hd_text *out, const char *word) {
  static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=+,./:@%";
  if (word[0] && word[strspn(word, plain)] == 0) {
    hd_print(out, " %s", word);
    return;
  }
  hd_print(out, " '");
  for (; *word; word++) hd_print(out, *word == '\'' ? "'\\''" : "%c", *word);
  hd_print(out, "'");
}

static void print_absolute(hd_text *out, const char *path) {
  char absolute[PATH_MAX], here[PATH_MAX];
  hd_text text;
  hd_text_init(&text, out->ctx);
  if (realpath(path, absolute)) hd_print(&text, "%s", absolute);
  else if (path[0] == '/' || !getcwd(here, sizeof here)) hd_print(&text, "%s", path);
  else hd_print(&text, "%s/%s", here, path);
  print_word(out, hd_text_of(&text));
  out->failed |= text.failed;
  hd_text_free(&text);
}

static void print_program(hd_text *out) {
  char self[PATH_MAX];
  ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
  self[n > 0 ? n : 0] = 0;
  hd_text word;
  hd_text_init(&word, out->ctx);
  print_word(&word, n > 0 ? self : "heddle");
  hd_print(out, "%s", hd_text_of(&word) + 1);
  hd_text_free(&word);
}

/* "heddle sweep FILE ..." up to --shard. Words are those of the journal: "grid=road.cells=1,2". */
static void print_sweep(hd_text *out, const char *file, const cli_args *args, const char *const *words, int64_t count) {
  print_program(out);
  hd_print(out, " sweep");
  print_absolute(out, file);
  for (int64_t i = 0; i < count; i++) {
    int name = (int)strcspn(words[i], "=");
    hd_print(out, " --%.*s", name, words[i]);
    print_word(out, words[i] + name + 1);
  }
  hd_print(out, " --quiet --workers %d", args->workers > 0 ? args->workers : 1);
}

typedef struct job_list {
  hd_text *out;
  const char *file;
  const cli_args *args;
  const char *folder, *parts_folder;
  const char *const *word;
  int64_t words, members, parts;
} job_list;

static void print_head(const job_list *jobs, const char *how) {
  hd_text *out = jobs->out;
  hd_print(out, "# %lld members of %s in %lld jobs; a job that was lost is run again and goes on where it was.\n",
           (long long)jobs->members, jobs->file, (long long)jobs->parts);
  hd_print(out, "# Run:        %s\n# Afterwards: ", how);
  print_program(out);
  hd_print(out, " merge");
  print_absolute(out, jobs->parts_folder);
  hd_print(out, "/* --output");
  print_absolute(out, jobs->folder);
  hd_print(out, "\n");
}

static void print_shard(const job_list *jobs, const char *number) {
  hd_text *out = jobs->out;
  hd_print(out, " --shard %s/%lld --output", number, (long long)jobs->parts);
  print_absolute(out, jobs->parts_folder);
  hd_print(out, "/%s\n", number);
}

static void print_parallel(const job_list *jobs) {
  print_head(jobs, "grep -v '^#' JOBS | parallel --joblog jobs.log");
  for (int64_t i = 1; i <= jobs->parts; i++) {
    char number[24];
    snprintf(number, sizeof number, "%lld", (long long)i);
    print_sweep(jobs->out, jobs->file, jobs->args, jobs->word, jobs->words);
    print_shard(jobs, number);
  }
}

static void print_hq(const job_list *jobs) {
  hd_text *out = jobs->out;
  hd_print(out, "#!/bin/bash\n");
  print_head(jobs, "bash JOBS, where an hq server and its workers run; hq job wait last");
  hd_print(out, "exec hq submit --name heddle --array 1-%lld --cpus %d --stdout none -- bash -c \"$(cat <<'JOB'\nexec ",
           (long long)jobs->parts, jobs->args->workers > 0 ? jobs->args->workers : 1);
  print_sweep(out, jobs->file, jobs->args, jobs->word, jobs->words);
  print_shard(jobs, "$HQ_TASK_ID");
  hd_print(out, "JOB\n)\"\n");
}

static void print_slurm(const job_list *jobs) {
  hd_text *out = jobs->out;
  hd_print(out, "#!/bin/bash\n#SBATCH --job-name=heddle\n#SBATCH --array=1-%lld\n#SBATCH --ntasks=1\n",
           (long long)jobs->parts);
  hd_print(out, "#SBATCH --cpus-per-task=%d\n", jobs->args->workers > 0 ? jobs->args->workers : 1);
  print_head(jobs, "sbatch JOBS");
  hd_print(out, "exec ");
  print_sweep(out, jobs->file, jobs->args, jobs->word, jobs->words);
  print_shard(jobs, "$SLURM_ARRAY_TASK_ID");
}

int cli_emit(hd_ctx *ctx, const char *file, const cli_args *args, const char *folder, int64_t members) {
  hd_text out;
  char parts_folder[HD_PATH_ROOM + 8];
  int64_t most = args->parts > 0 ? args->parts : PARTS_CHOSEN;
  if (args->shards > 1) {
    cli_error("--emit makes all parts of a study; --shard computes one");
    return hd_status_exit_code(HD_ERR_INPUT);
  }
  snprintf(parts_folder, sizeof parts_folder, "%s.parts", folder);
  hd_text_init(&out, ctx);
  job_list jobs = {.out = &out,
                   .file = file,
                   .args = args,
                   .folder = folder,
                   .parts_folder = parts_folder,
                   .members = members,
                   .parts = members < most ? members : most};
  hd_arena arena;
  hd_arena_init(&arena, ctx);
  hd_status status = cli_study_words(&arena, args, false, &jobs.word, &jobs.words);
  if (status == HD_OK && !strcmp(args->emit, "parallel")) print_parallel(&jobs);
  else if (status == HD_OK && !strcmp(args->emit, "hq")) print_hq(&jobs);
  else if (status == HD_OK) print_slurm(&jobs);
  hd_arena_free(&arena);
  if (status == HD_OK) status = hd_text_status(&out);
  if (status == HD_OK) cli_write(hd_text_of(&out), out.length);
  hd_text_free(&out);
  return status == HD_OK ? 0 : cli_fail(ctx, status);
}
