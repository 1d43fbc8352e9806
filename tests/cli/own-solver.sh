#!/bin/bash
# examples/own-solver from nothing but the public headers: built by the plain compiler, opened as a plug-in, and taken
# through new, check, run, figures, failed part, kill -9 and resume. Its digest is one, however it was built and run.
set -euo pipefail
heddle=$1 source=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
example=$source/examples/own-solver
export HEDDLE_STORE=$work/store
fail() { echo "own-solver: $*"; exit 1; }
expect() { # CODE COMMAND...: output in out, messages in err
  local code=0
  "${@:2}" >out 2>err || code=$?
  [ $code -eq "$1" ] || { cat out err; fail "exit code $code, not $1: ${*:2}"; }
}
has() { grep -qE -- "$2" "$1" || { cat "$1"; fail "$1 does not say: $2"; }; }
digest() { grep -oE '"digest": *"[0-9a-f]{32}"' out | head -n 1 | grep -oE '[0-9a-f]{32}' || fail "no digest in the answer"; }
build() { # NAME COMPILER FLAGS...
  "$2" -std=c11 -Wall -Wextra -Werror -ffp-contract=off -fvisibility=hidden -shared -fPIC "${@:3}" -I "$source/include" \
    -o "$work/$1.so" "$example/pendulums.c"
}
build pendulums cc -O2
lines=$(wc -l <"$example/pendulums.c")
[ "$lines" -lt 150 ] || fail "pendulums.c has $lines lines"

# Template and check, from the table alone.
expect 0 "$heddle" new pendulums --plugin ./pendulums.so
has out '^solver: pendulums'
has out 'strength: *48\.5 m/s2'
cp out new.yaml
sed -i 's/^\( *\)end:.*/\1end: 2 s/' new.yaml
expect 0 "$heddle" check new.yaml --plugin ./pendulums.so
cp "$example/pendulums.yaml" .
expect 0 "$heddle" check pendulums.yaml --plugin ./pendulums.so
has err 'pendulums.yaml:9:11: warning: the widest swing pulls with 48.96 m/s2'
expect 2 "$heddle" check pendulums.yaml
has err 'plugin'
sed 's/strength/stregth/; s/175 deg/175/' pendulums.yaml >wrong.yaml
expect 2 "$heddle" check wrong.yaml --plugin ./pendulums.so
has err 'wrong.yaml:8:10: error: '
has err 'wrong.yaml:9:1: error: .*stregth'
has err 'strength'

# One string breaks: exit code 1, it is listed, the others are there.
expect 1 "$heddle" run pendulums.yaml --plugin ./pendulums.so
has err 'pendulum 15 failed at 1\.4[0-9]*: the string broke at 48\.[0-9]+ m/s2'
[ -s pendulums.out/result.h5 ] && [ -s pendulums.out/report.html ] || fail "no result or no report"
grep -q 'string broke' pendulums.out/report.html || fail "the report does not list the failed part"
if command -v gnuplot >/dev/null; then ls pendulums.out/figures/crossings*.svg >/dev/null || fail "no figure"; fi

# The physics: periods of wide swings against the arithmetic-geometric mean; a small swing against the same.
period_error() { grep -A 3 '"period_error"' out | grep -oE '"value": *[-+0-9.e]+' | head -n 1 | grep -oE '[-+0-9.e]+$'; }
for largest in 1 90 170; do
  expect 0 "$heddle" run pendulums.yaml --plugin ./pendulums.so --json --force --set largest="$largest deg" --set strength="60 m/s2"
  awk -v e="$(period_error)" 'BEGIN { exit !(e != "" && e >= 0 && e < 1e-9) }' || fail "period_error is $(period_error) at $largest degrees"
done

# One digest: threads, levels, compilers, optimisation.
cells=0 first=
same() { # WHAT: the digest in out is the first one
  local now
  now=$(digest)
  first=${first:-$now}
  [ "$now" = "$first" ] || fail "digest $now, not $first: $1"
  cells=$((cells + 1))
}
run() { expect 1 "$heddle" run pendulums.yaml --json --force --no-figures --set time.end="5 s" "$@"; }
for threads in 1 2 3 5 8; do
  run --plugin ./pendulums.so --threads $threads
  same "$threads threads"
done
for level in v2 v3 v4; do
  HEDDLE_ISA=$level run --plugin ./pendulums.so
  same "level $level"
done
build plain cc -O0
build fast cc -O3 -march=x86-64-v3
variants=(plain)
! grep -qw fma /proc/cpuinfo || variants+=(fast)
if command -v clang >/dev/null; then build clang clang -O2; variants+=(clang); fi
for variant in "${variants[@]}"; do
  run --plugin ./$variant.so --threads 2
  same "built as $variant"
done

# Killed with -9 in the middle and resumed: the digest of a run that was left alone.
long=(pendulums.yaml --set pendulums=24 --set strength="60 m/s2" --set time.step="0.1 ms")
expect 0 "$heddle" run "${long[@]}" --plugin ./pendulums.so --json --no-figures --threads 2 --output straight.out
first=$(digest)
"$heddle" run "${long[@]}" --plugin ./pendulums.so --no-figures --threads 1 --output killed.out --checkpoint-every 1steps >/dev/null 2>&1 &
child=$!
for _ in $(seq 400); do
  [ -z "$(ls killed.out/checkpoint* 2>/dev/null)" ] || break
  sleep 0.01
done
sleep 0.1
kill -9 $child 2>/dev/null || fail "the run was over before it could be killed"
wait $child 2>/dev/null || true
[ ! -e killed.out/result.h5 ] || fail "the killed run left a result"
[ -n "$(ls killed.out/checkpoint* 2>/dev/null)" ] || fail "the killed run left no checkpoint"
expect 0 "$heddle" resume killed.out --json --no-figures --threads 2
same "killed and resumed"
# 64 members share one table, whatever computes them, each the same as alone.
members=(pendulums.yaml --plugin ./pendulums.so --grid 'strength={from: 60 m/s2, to: 123 m/s2, count: 64}' --set time.end="1 s")
for workers in 1 2 5; do
  HEDDLE_STORE=$work/store-$workers expect 0 "$heddle" sweep "${members[@]}" --workers $workers --output many-$workers.study --json
  has out '"stages_built": 1,'
  has out '"stages_mapped": 63,'
  [ "$(ls "$work/store-$workers/stages" | wc -l)" -eq 1 ] || fail "not one table with $workers workers"
  cmp many-1.study/table.csv many-$workers.study/table.csv || fail "another table with $workers workers"
done
HEDDLE_STORE=$work/store-alone expect 0 "$heddle" run "${members[@]}" --member 40 --json --no-figures --output alone.out
grep -q "^40,.*,$(digest)\$" many-5.study/table.csv || fail "member 40 alone has another digest"

# A table is made once for the parameters it needs and the file of the plug-in, and shared by all other runs.
stages=$(ls "$work/store/stages" | wc -l) wanted=$((5 + ${#variants[@]}))
[ "$stages" -eq $wanted ] || fail "$stages tables were made, not $wanted"
echo "own-solver: $lines lines; $cells cells, one digest; killed, resumed, and one part failed alone"
