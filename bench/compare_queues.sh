#!/bin/bash
# The same tiny members under heddle and under what people use for them: GNU parallel, joblib, xargs, a shell loop.
#
#   bench/compare_queues.sh [BUILD=build/release] [MEMBERS=10000] [ROUNDS=3]
#
# A member is one millisecond of CPU, (a) as a function inside the tool's own workers, (b) as a program that is started. One
# line a tool: best wall time; utilisation = useful CPU time / (cores x wall time); what the tool's own CPU time adds to a
# member (for programs: the starting of them too). Nothing but heddle leaves something durable. Other work on the machine lowers
# the utilisation of all; the last column feels it less. heddle draws nothing here, as its peers do not, but syncs its journal
# and writes its tables.
# Not in packages.txt, which a fresh install would have to wait for: python3 -m pip install joblib
set -euo pipefail
build=$(realpath "${1:-build/release}") members=${2:-10000} rounds=${3:-3} cores=$(nproc)
heddle=$build/heddle source=$(realpath "$(dirname "$0")/..")
[ -x "$heddle" ] || { echo "compare_queues: $heddle is not there; build it first" >&2; exit 3; }
work=$(mktemp -d "$PWD/compare-queues-XXXXXX") # not below /tmp, which may be memory: journals are synced
trap 'rm -rf "$work"' EXIT
cd "$work"
export LC_ALL=C HEDDLE_AFRESH=1
TIMEFORMAT='%R %U %S'

cat > spin.c <<'C'
#include <time.h>
int main(void) {
  struct timespec t;
  do clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); /* with what the start of the program took */
  while (t.tv_sec == 0 && t.tv_nsec < 1000000);
  return 0;
}
C
cc -O2 -o spin spin.c
cc -O2 -shared -fPIC -fvisibility=hidden -I"$source/include" -o spin.so "$source/bench/spin.c"
cat > joblib_function.py <<'PY'
import sys, time
from joblib import Parallel, delayed

def spin(i):
    end = time.thread_time() + 1e-3
    while time.thread_time() < end:
        pass
    return i

if __name__ == "__main__":
    members, cores = int(sys.argv[1]), int(sys.argv[2])
    Parallel(n_jobs=cores)(delayed(spin)(i) for i in range(members))
PY
cat > joblib_program.py <<'PY'
import subprocess, sys
from joblib import Parallel, delayed

def spin(i):
    return subprocess.run(["./spin", str(i)]).returncode

if __name__ == "__main__":
    members, cores = int(sys.argv[1]), int(sys.argv[2])
    Parallel(n_jobs=cores)(delayed(spin)(i) for i in range(members))
PY

cat > function.yaml <<YAML
solver: spin
sweep: {grid: {n: {from: 1, to: $members, count: $members}}}
YAML
cat > program.yaml <<YAML
solver: command
run: ["$work/spin", "{i}"]
parameters: {i: 0}
sweep: {grid: {parameters.i: {from: 1, to: $members, count: $members}}}
YAML
sweep() { rm -rf "$1.study"; "$heddle" sweep "$1.yaml" --plugin ./spin.so --quiet --no-figures --output "$1.study" "${@:2}"; }

row() { # NAME COMMAND...
  local best="" round line
  for ((round = 0; round < rounds; round++)); do
    line=$({ time "${@:2}" > out 2>&1; } 2>&1) || { printf '%-34s failed: %s\n' "$1" "$(tail -1 out)"; return; }
    if [ -z "$best" ] || awk -v a="$line" -v b="$best" 'BEGIN {split(a, x, " "); split(b, y, " "); exit !(x[1] < y[1])}'; then best=$line; fi
  done
  awk -v name="$1" -v line="$best" -v n="$members" -v cores="$cores" 'BEGIN {
    split(line, t, " ")
    useful = n * 1e-3
    printf "%-34s %8.2f s %9.1f %% %12.1f us\n", name, t[1], 100 * useful / (cores * t[1]), 1e6 * (t[2] + t[3] - useful) / n
  }'
}
shell_loop() {
  local i running=0
  for ((i = 1; i <= members; i++)); do
    if ((running == cores)); then wait -n; running=$((running - 1)); fi
    ./spin $i & running=$((running + 1))
  done
  wait
}
with_xargs() { seq "$members" | xargs -P "$cores" -n 1 ./spin; }
with_parallel() { seq "$members" | parallel -j "$cores" ./spin; }
has_joblib() { python3 -c 'import joblib' 2> /dev/null; }

echo "$members members of 1 ms of CPU, $cores cores, best of $rounds, load $(cut -d' ' -f1 /proc/loadavg) at the beginning"
printf '%-34s %10s %11s %15s\n' "" "wall" "utilisation" "CPU a member"
echo "(a) a function"
row "heddle, threads" sweep function --isolate thread
row "heddle, none (one core)" sweep function --isolate none
if has_joblib; then row "joblib, processes, its own batches" python3 joblib_function.py "$members" "$cores"; fi
echo "(b) a program"
row "heddle, solver: command" sweep program
if command -v parallel > /dev/null; then row "GNU parallel" with_parallel; else echo "GNU parallel is missing: apt install parallel"; fi
if has_joblib; then row "joblib and subprocess" python3 joblib_program.py "$members" "$cores"; fi
row "xargs -P" with_xargs
row "a shell loop, wait -n" shell_loop
has_joblib || echo "joblib is missing: python3 -m pip install joblib"
