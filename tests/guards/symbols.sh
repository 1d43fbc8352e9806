#!/bin/bash
# tools/check-symbols: each forbidden call is found in a small bad library; what is right is let through.
set -euo pipefail
source=$2
check=$source/tools/check-symbols
for tool in cc nm objdump python3; do
  command -v $tool >/dev/null || { echo "$tool is missing"; exit 77; }
done
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT

object() { # SOURCE-PATH CODE: compiles CODE as the object of that source
  local at=$build/CMakeFiles/x.dir/$1.o
  mkdir -p "$(dirname "$at")"
  cc -O1 -fPIC -fvisibility=hidden -fno-builtin -w -c -x c -o "$at" - <<<"$2"
}
rights=0 wrongs=()
right() { # SOURCE CODE
  object "$1" "$2"
  rights=$((rights + 1))
}
wrong() { # SOURCE CODE WORDS: the words are expected in the line of that source
  object "$1" "$2"
  wrongs+=("$1: $3")
}
right src/solvers/traffic/traffic_step.c 'double fma(double, double, double), sqrt(double); double f(double x) { return fma(x, x, sqrt(x)); }'
right src/base/memory.c 'void *malloc(unsigned long); void *f(void) { return malloc(3); }'
right src/cli/main.c 'int printf(const char *, ...); int f(void) { return printf("x"); }'
right src/io/table.c 'extern int z; static const struct { const int *at; } table[] = {{&z}}; const void *f(void) { return table; }'
"$check" "$build" || { echo "what is right was refused"; exit 1; }

wrong src/solvers/traffic/a.c 'void *malloc(unsigned long); void *f(void) { return malloc(3); }' 'names malloc (memory)'
wrong src/io/b.c 'void free(void *); void f(void *x) { free(x); }' 'names free (memory)'
wrong src/run/c.c 'int printf(const char *, ...); int f(void) { return printf("x"); }' 'names printf (output): the library never prints'
wrong src/run/d.c 'extern void *stderr; void *f(void) { return stderr; }' 'names stderr (output)'
wrong src/num/e.c 'void exit(int); void f(void) { exit(1); }' 'names exit (exit)'
wrong src/base/f.c 'void abort(void); void f(void) { abort(); }' 'names abort (exit)'
wrong src/solvers/nbody/g.c 'double exp(double); double f(double x) { return exp(x); }' 'names exp (libm)'
wrong src/cli/h.c 'float sinf(float); float f(float x) { return sinf(x); }' 'names sinf (libm)'
wrong src/solvers/nbody/i.c 'long clock(void); long f(void) { return clock(); }' 'names clock (clock)'
wrong src/par/j.c 'int clock_gettime(int, void *); int f(void) { return clock_gettime(0, 0); }' 'names clock_gettime (clock)'
wrong src/io/k.c 'void *fopen(const char *, const char *); void *f(void) { return fopen("a", "r"); }' 'names fopen (files)'
wrong src/num/l.c 'int rand(void); int f(void) { return rand(); }' 'names rand (random)'
wrong src/io/m.c 'double strtod(const char *, char **); double f(void) { return strtod("1", 0); }' 'names strtod (locale)'
wrong src/run/n.c 'int sigaction(int, void *, void *); int f(void) { return sigaction(1, 0, 0); }' 'names sigaction (signal)'
wrong src/run/o.c 'int counter = 3; int f(void) { return ++counter; }' 'counter is a writable static'
wrong src/run/p.c 'static int zero; int f(void) { return ++zero; }' 'zero is a writable static'
wrong src/par/q.c '_Thread_local int mine; int f(void) { return ++mine; }' 'mine is a writable static'
wrong src/base/low.c 'void hd_high(void); void hd_low(void) { hd_high(); }' 'calls hd_high of src/run/high.c: calls point down'
object src/run/high.c 'void hd_high(void) {}'
wrong src/io/r.c 'void hd_par(void); void f(void) { hd_par(); }' 'calls hd_par of src/par/s.c: par and io do not know each other'
object src/par/s.c 'void hd_par(void) {}'
cc -shared -fPIC -o "$build/libheddle.so" -x c - <<<'int hd_fine(void) { return 1; } int sneaky(void) { return 2; }'
wrongs+=('libheddle.so: public symbol sneaky does not begin with hd_')

if "$check" "$build" >"$build/said"; then echo "nothing was found"; exit 1; fi
for words in "${wrongs[@]}"; do
  grep -qF -- "$words" "$build/said" || { echo "not found: $words"; cat "$build/said"; exit 1; }
done
[ "$(wc -l <"$build/said")" -eq ${#wrongs[@]} ] || { echo "more was found than is wrong:"; cat "$build/said"; exit 1; }
rm -rf "$build/CMakeFiles"
if "$check" "$build" >/dev/null; then echo "an empty build was let through"; exit 1; fi
echo "symbols: $rights right and ${#wrongs[@]} wrong samples judged as expected"
