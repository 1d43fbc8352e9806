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
empty() { rm -rf "$build/CMakeFiles" "$build/libheddle.so"; }
rights=0 wrongs=0
right() {
  empty
  object "$1" "$2"
  "$check" "$build" || { echo "refused: $1: $2"; exit 1; }
  rights=$((rights + 1))
}
said() {
  if "$check" "$build" >"$build/said"; then echo "not found: $*"; exit 1; fi
  grep -qF -- "$1" "$build/said" || { echo "wanted: $1"; cat "$build/said"; exit 1; }
  wrongs=$((wrongs + 1))
}
wrong() { # SOURCE CODE WORDS
  empty
  object "$1" "$2"
  said "$3"
}
right src/solvers/traffic/traffic_step.c 'double fma(double, double, double), sqrt(double); double f(double x) { return fma(x, x, sqrt(x)); }'
right src/base/memory.c 'void *malloc(unsigned long); void *f(void) { return malloc(3); }'
right src/cli/main.c 'int printf(const char *, ...); int f(void) { return printf("x"); }'
right src/io/table.c 'extern int z; static const struct { const int *at; } table[] = {{&z}}; const void *f(void) { return table; }'
wrong src/solvers/traffic/a.c 'void *malloc(unsigned long); void *f(void) { return malloc(3); }' 'names malloc (memory)'
wrong src/io/a.c 'void free(void *); void f(void *x) { free(x); }' 'src/io/a.c: names free (memory)'
wrong src/run/a.c 'int printf(const char *, ...); int f(void) { return printf("x"); }' 'names printf (output): the library never prints'
wrong src/run/a.c 'extern void *stderr; void *f(void) { return stderr; }' 'names stderr (output)'
wrong src/num/a.c 'void exit(int); void f(void) { exit(1); }' 'names exit (exit)'
wrong src/base/a.c 'void abort(void); void f(void) { abort(); }' 'names abort (exit)'
wrong src/solvers/nbody/a.c 'double exp(double); double f(double x) { return exp(x); }' 'names exp (libm)'
wrong src/cli/a.c 'float sinf(float); float f(float x) { return sinf(x); }' 'names sinf (libm)'
wrong src/solvers/nbody/a.c 'long clock(void); long f(void) { return clock(); }' 'names clock (clock)'
wrong src/par/a.c 'int clock_gettime(int, void *); int f(void) { return clock_gettime(0, 0); }' 'names clock_gettime (clock)'
wrong src/io/a.c 'void *fopen(const char *, const char *); void *f(void) { return fopen("a", "r"); }' 'names fopen (files)'
wrong src/num/a.c 'int rand(void); int f(void) { return rand(); }' 'names rand (random)'
wrong src/io/a.c 'double strtod(const char *, char **); double f(void) { return strtod("1", 0); }' 'names strtod (locale)'
wrong src/run/a.c 'int sigaction(int, void *, void *); int f(void) { return sigaction(1, 0, 0); }' 'names sigaction (signal)'
wrong src/run/a.c 'int counter = 3; int f(void) { return ++counter; }' 'counter is a writable static'
wrong src/run/a.c 'static int zero; int f(void) { return ++zero; }' 'zero is a writable static'
wrong src/par/a.c '_Thread_local int mine; int f(void) { return ++mine; }' 'mine is a writable static'

empty
object src/base/low.c 'void hd_high(void); void hd_low(void) { hd_high(); }'
object src/run/high.c 'void hd_high(void) {}'
said 'src/base/low.c: calls hd_high of src/run/high.c: calls point down'
empty
object src/io/a.c 'void hd_par(void); void f(void) { hd_par(); }'
object src/par/b.c 'void hd_par(void) {}'
said 'par and io do not know each other'
empty
object src/base/a.c 'int x(void) { return 1; }'
cc -shared -fPIC -o "$build/libheddle.so" -x c - <<<'int hd_fine(void) { return 1; } int sneaky(void) { return 2; }'
said 'public symbol sneaky does not begin with hd_'
empty
if "$check" "$build" >/dev/null; then echo "an empty build was let through"; exit 1; fi
echo "symbols: $rights right and $wrongs wrong samples judged as expected"
