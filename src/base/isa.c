/* Which x86-64 level this CPU has, and which one is used. */
#include "base/isa.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

hd_isa_level hd_isa_of_cpu(void) {
  __builtin_cpu_init();
  bool v3 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2");
  bool v4 = v3 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
            __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
            __builtin_cpu_supports("avx512vl");
  return v4 ? HD_ISA_V4 : v3 ? HD_ISA_V3 : HD_ISA_V2;
}

static hd_isa_level decide(void) {
  hd_isa_level cpu = hd_isa_of_cpu();
  const char *wish = getenv("HEDDLE_ISA");
  hd_isa_level asked = !wish ? cpu : !strcmp(wish, "v2") ? HD_ISA_V2 : !strcmp(wish, "v3") ? HD_ISA_V3 : HD_ISA_V4;
  return asked < cpu ? asked : cpu;
}

hd_isa_level hd_isa(void) {
  static _Atomic int known; /* the same value whoever writes it first */
  int level = known;
  if (!level) known = level = (int)decide();
  return (hd_isa_level)level;
}

const char *hd_isa_name(hd_isa_level level) {
  return level == HD_ISA_V4 ? "x86-64-v4" : level == HD_ISA_V3 ? "x86-64-v3" : "x86-64-v2";
}
