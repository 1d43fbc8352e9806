/* heddle tune: measures this machine once. */
#include "cli/commands.h"
#include "par/limits.h"
#include "par/machine.h"

static void print_text(hd_text *out, const hd_machine *m) {
  hd_print(out, "%s\n", m->cpu);
  hd_print(out, "%8s %12s %12s %14s\n", "threads", "sync [us]", "wake [us]", "memory [GB/s]");
  for (int i = 0; i < m->widths; i++)
    hd_print(out, "%8.0f %12.3g %12.3g %14.3g\n", m->threads[i], m->sync_s[i] * 1e6, m->wake_s[i] * 1e6,
             m->bandwidth[i] * 1e-9);
  hd_print(out, "one core  L1 %.3g GB/s, L2 %.3g GB/s, L3 %.3g GB/s\n", m->l1_bandwidth * 1e-9, m->l2_bandwidth * 1e-9,
           m->l3_bandwidth * 1e-9);
  for (int i = 0; i < HD_MACHINE_LEVELS; i++)
    if (m->flops[i] > 0)
      hd_print(
          out,
          "  %s  %.3g Gflop/s (additions alone %.3g, products alone %.3g), with fma %.3g; %.3g G divisions/s, %.3g G "
          "roots/s\n",
          hd_isa_name((hd_isa_level)(HD_ISA_V2 + i)), m->flops[i] * 1e-9, m->adds[i] * 1e-9, m->multiplies[i] * 1e-9,
          m->flops_fma[i] * 1e-9, m->divides[i] * 1e-9, m->roots[i] * 1e-9);
}

static void print_json(hd_text *out, const hd_machine *m, const char *path) {
  hd_print(out, "{\n  \"cpu\": ");
  hd_json_text(out, m->cpu);
  hd_print(out, ",\n  \"file\": ");
  hd_json_text(out, path);
  hd_print(out, ",\n  \"threads\": [");
  for (int i = 0; i < m->widths; i++)
    hd_print(out, "%s\n    {\"threads\": %.0f, \"sync_s\": %.4g, \"wake_s\": %.4g, \"bandwidth\": %.4g}", i ? "," : "",
             m->threads[i], m->sync_s[i], m->wake_s[i], m->bandwidth[i]);
  hd_print(out, "\n  ],\n  \"levels\": [");
  for (int i = 0; i < HD_MACHINE_LEVELS; i++)
    hd_print(out,
             "%s\n    {\"flops\": %.4g, \"flops_fma\": %.4g, \"adds\": %.4g, \"multiplies\": %.4g, \"divides\": %.4g, "
             "\"roots\": %.4g}",
             i ? "," : "", m->flops[i], m->flops_fma[i], m->adds[i], m->multiplies[i], m->divides[i], m->roots[i]);
  hd_print(out, "\n  ]\n}\n");
}

int cli_tune(hd_ctx *ctx, const cli_args *args) {
  char path[HD_PATH_ROOM];
  hd_machine machine;
  hd_text out;
  hd_status status = hd_machine_path(ctx, path, sizeof path);
  if (status == HD_OK) {
    cli_say("measuring this machine; some seconds, leave it idle");
    status = hd_machine_measure(ctx, hd_limits_read(ctx).cores, &machine);
  }
  if (status == HD_OK) status = hd_machine_save(ctx, path, &machine);
  if (status != HD_OK) return cli_fail(ctx, status);
  hd_text_init(&out, ctx);
  if (args->json) print_json(&out, &machine, path);
  else print_text(&out, &machine);
  cli_write(hd_text_of(&out), out.length);
  hd_text_free(&out);
  cli_say("kept in %s", path);
  return 0;
}
