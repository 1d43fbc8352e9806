#!/bin/bash
# The checks of the specification of traffic that are studies (section 8), by their numbers, in a short form of a few seconds:
# 5, 22, 33. Check 3 and 13: converge.sh; 18: exact/test_traffic_studies.c; all of 22 and 33: full_traffic-checks.sh.
. "$(dirname "$0")/_check.sh"
cp "$source"/examples/traffic/*.yaml .
repeats=${repeats:-50} rounds=${rounds:-3}
digests() { tail -n +2 "$1/table.csv" | awk -F, '{print $NF}'; }
digest() { sed -n 's/.*"digest": "\(.*\)".*/\1/p' stdout; }
# every NAME CONDITION: of the column x of all members of study.csv; at least one member
every() {
  awk -F, -v name="$1" 'NR == 1 { for (i = 1; i <= NF; i++) { split($i, word, " "); if (word[1] == name) at = i }; next }
    { x = $at; n++; if (x == "" || !('"$2"')) { print name " of member " $1 ": " x; bad = 1 } }
    END { exit bad || !n || !at }' study.csv
}

# check 5: uniform traffic in equilibrium, categories 1, 2, 3, 4, 5, 9, 1000 steps: rho and y do not change at all
expect 0 "$heddle" sweep uniform.yaml
cp uniform.study/table.csv study.csv
holds "check 5: six categories" test "$(cut -d, -f2 study.csv | tail -n +2 | sort | tr -d '\n')" = 123459
holds "check 5: 1000 steps" every steps "x == 1000"
holds "check 5: no density has changed" every error_density "x == 0"
holds "check 5: no marker has changed" every error_marker "x == 0"
holds "check 5: no speed has changed" every error_speed "x == 0"

# check 22: random starts with many empty cells
expect 0 "$heddle" sweep random-starts.yaml --repeat $repeats --quiet
cp random-starts.study/table.csv study.csv
holds "check 22: all members" test "$(wc -l < study.csv)" = $((4 * repeats + 1))
holds "check 22: both presets and Courant numbers" test "$(cut -d, -f2,3 study.csv | tail -n +2 | sort -u | tr '\n' ' ')" = \
  "arz-stable,0.45 arz-stable,0.95 arz2025,0.45 arz2025,0.95 "
holds "check 22: no number is lost" every state 'x == "done"'
holds "check 22: no density below zero" every density_min "x >= 0"
holds "check 22: no vehicle is lost" every mass_drift "x <= 1e-12 && x >= 0"
holds "check 22: all start differently" test "$(cut -d, -f4 study.csv | sort -u | wc -l)" = $((repeats + 1))

# check 33: the same bits with 1 and 2 workers and threads, each member alone, killed and resumed
few=${few---grid classes.cars.pressure=75km/h,200km/h --grid road.cells=50,150,300}
expect 0 "$heddle" sweep pressure-sweep.yaml $few --workers 1 --output one.study --quiet
members=$(digests one.study | wc -l)
holds "check 33: no two members are alike" test "$(digests one.study | sort -u | wc -l)" = "$members"
for how in "--workers 2" "--isolate none"; do
  expect 0 "$heddle" sweep pressure-sweep.yaml $few $how --output other.study --quiet --force
  holds "check 33: the same table with $how" cmp -s one.study/table.csv other.study/table.csv
done
for ((member = 0; member < members; member++)); do
  for threads in 1 2; do
    expect 0 "$heddle" run pressure-sweep.yaml $few --member $member --threads $threads --json --no-figures --output member.out --force
    holds "check 33: member $member alone with $threads threads" test "$(digest)" = "$(digests one.study | sed -n "$((member + 1))p")"
  done
done
for ((round = 1; round <= rounds; round++)); do
  rm -rf killed.study
  "$heddle" sweep pressure-sweep.yaml $few --workers 2 --output killed.study > /dev/null 2>&1 & pid=$!
  while kill -0 $pid 2> /dev/null && ! [ -s killed.study/journal ]; do sleep 0.002; done
  sleep "0.$((RANDOM % ${span:-1}))$((RANDOM % 10))$((RANDOM % 10))"
  kill -9 $pid 2> /dev/null
  wait $pid 2> /dev/null
  expect 0 "$heddle" resume killed.study --quiet
  holds "check 33: round $round, killed and resumed: the same table" cmp -s one.study/table.csv killed.study/table.csv
done
closing
