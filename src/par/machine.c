/* The constants of a machine: usual values, questions about them, the roofline. Measuring is in machine_measure.c, the
 * file in machine_file.c. */
#include "par/machine.h"

#include <cpuid.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void brand(char out[49]) {
  unsigned word[12] = {0}, most = (unsigned)__get_cpuid_max(0x80000000u, NULL);
  for (unsigned i = 0; i < 3 && most >= 0x80000004u; i++)
    __get_cpuid(0x80000002u + i, &word[4 * i], &word[4 * i + 1], &word[4 * i + 2], &word[4 * i + 3]);
  memcpy(out, word, 48);
  out[48] = 0;
}

void hd_machine_cpu(char out[HD_MACHINE_CPU]) {
  char name[49];
  unsigned a = 0, b, c, d;
  brand(name);
  const char *from = name + strspn(name, " ");
  size_t length = strlen(from);
  while (length && from[length - 1] == ' ') length--;
  for (size_t i = 0; i < length; i++) /* the name stands between quotes in a file */
    if (from[i] == '"' || from[i] == '\\' || (unsigned char)from[i] < 32) name[(size_t)(from - name) + i] = ' ';
  __get_cpuid(1, &a, &b, &c, &d);
  unsigned family = (a >> 8 & 15) + (a >> 20 & 255), model = (a >> 4 & 15) | (a >> 12 & 240);
  snprintf(out, HD_MACHINE_CPU, "%.*s, family %u, model %u, stepping %u", (int)length, from, family, model, a & 15);
}

static const double usual_sync_s = 1e-6, usual_sync_each_s = 0.1e-6, usual_wake_s = 50e-6, usual_wake_each_s = 2e-6;

/* What a modest server core of 2020 does; synchronisation as measured on such with heddle's pool. */
hd_machine hd_machine_unnamed(int cores) {
  hd_machine m = {.cores = cores > 0 ? cores : 1,
                  .l1_bytes = 32768,
                  .l2_bytes = 1048576,
                  .l3_bytes = 33554432,
                  .l1_bandwidth = 100e9,
                  .l2_bandwidth = 40e9,
                  .l3_bandwidth = 20e9,
                  .flops = {5e9, 10e9, 15e9},
                  .flops_fma = {5e9, 20e9, 30e9},
                  .adds = {5e9, 10e9, 15e9},
                  .multiplies = {5e9, 10e9, 15e9},
                  .divides = {0.5e9, 0.7e9, 0.8e9},
                  .roots = {0.3e9, 0.4e9, 0.5e9}};
  for (int p = 1; m.widths < HD_MACHINE_WIDTHS; p = 2 * p < m.cores ? 2 * p : (int)m.cores) {
    int w = m.widths++;
    m.threads[w] = p;
    m.sync_s[w] = p == 1 ? 0 : usual_sync_s + usual_sync_each_s * p;
    m.wake_s[w] = p == 1 ? 0 : usual_wake_s + usual_wake_each_s * p;
    m.bandwidth[w] = p < 8 ? 10e9 * p : 80e9; /* a socket is full with a few cores */
    if (p == m.cores) break;
  }
  return m;
}

hd_machine hd_machine_usual(int cores) {
  hd_machine m = hd_machine_unnamed(cores);
  hd_machine_cpu(m.cpu);
  return m;
}

/* -- by the number of threads ------------------------------------------------------------------------------------------ */

/* In proportion between the measured widths; beyond the last in proportion to the threads if it `grows`, else the last. */
static double between(const hd_machine *m, const double *y, int threads, bool grows) {
  int last = m->widths - 1;
  if (threads <= 1 || last < 0) return y[0];
  for (int w = 1; w <= last; w++) {
    double low = m->threads[w - 1], high = m->threads[w];
    if (threads <= high) return y[w - 1] + (y[w] - y[w - 1]) * (threads - low) / (high - low);
  }
  return grows ? y[last] * threads / m->threads[last] : y[last];
}

double hd_machine_sync(const hd_machine *m, int threads) {
  if (threads <= 1) return 0;
  if (m->widths < 2) return usual_sync_s + usual_sync_each_s * threads; /* measured on one core: no value for two */
  return between(m, m->sync_s, threads, true);
}

double hd_machine_wake(const hd_machine *m, int threads) {
  if (threads <= 1) return 0;
  if (m->widths < 2) return usual_wake_s + usual_wake_each_s * threads;
  return between(m, m->wake_s, threads, true);
}

double hd_machine_bandwidth(const hd_machine *m, int threads) { return between(m, m->bandwidth, threads, false); }

/* -- the roofline ------------------------------------------------------------------------------------------------------ */

static void limit(hd_roofline *roof, double per_unit, double rate, const char *name) {
  if (!(per_unit > 0 && rate > 0)) return;
  if (rate / per_unit < roof->units_per_s) *roof = (hd_roofline){rate / per_unit, name};
}

hd_roofline hd_machine_roofline(const hd_machine *m, hd_isa_level level, const hd_kernel *kernel,
                                double working_bytes) {
  hd_roofline roof = {1e300, "nothing"};
  int l = (int)level - HD_ISA_V2;
  if (kernel->adds + kernel->multiplies > 0) {
    limit(&roof, kernel->adds + kernel->multiplies, m->flops[l], "flops");
    limit(&roof, kernel->adds, m->adds[l], "adds");
    limit(&roof, kernel->multiplies, m->multiplies[l], "multiplies");
  } else limit(&roof, kernel->flops, m->flops_fma[l] > m->flops[l] ? m->flops_fma[l] : m->flops[l], "flops");
  if (m->divides[l] > 0 && m->roots[l] > 0) {
    const char *name = !(kernel->roots > 0) ? "divides" : !(kernel->divides > 0) ? "roots" : "divides + roots";
    limit(&roof, kernel->divides / m->divides[l] + kernel->roots / m->roots[l], 1, name);
  }
  if (working_bytes <= m->l1_bytes) limit(&roof, kernel->bytes, m->l1_bandwidth, "bytes (L1)");
  else if (working_bytes <= m->l2_bytes) limit(&roof, kernel->bytes, m->l2_bandwidth, "bytes (L2)");
  else if (working_bytes <= m->l3_bytes) limit(&roof, kernel->bytes, m->l3_bandwidth, "bytes (L3)");
  else limit(&roof, kernel->bytes, m->bandwidth[0], "bytes (memory)");
  return roof;
}
