#!/bin/bash
# heddle converge: the table, its files, levels that are used again, references and norms, what is refused. Checks 3 and 13 of
# the specification of traffic are here in the form in which they are stated.
. "$(dirname "$0")/_check.sh"
cp "$source"/examples/traffic/*.yaml .
computed() { sed -n 's/.*"computed": \([0-9]*\),/\1/p' stdout; }
# within NAME AGAINST COLUMN TOLERANCE VALUES...: a column of converge.csv, relative unless the tolerance ends with "a"
within() {
  local name=$1 against=$2 column=$3 tolerance=$4
  shift 4
  awk -F, -v name="$name" -v against="$against" -v column="$column" -v tolerance="$tolerance" -v expected="$*" '
    function size(x) { return x < 0 ? -x : x }
    BEGIN { n = split(expected, want, " "); absolute = sub(/a$/, "", tolerance) }
    NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
    $1 == name && $4 == against && $at[column] != "" {
      k++
      if (size($at[column] - want[k]) > tolerance * (absolute ? 1 : size(want[k])))
        bad = bad sprintf(" %s instead of %s", $at[column], want[k])
    }
    END { if (k != n || bad != "") { print name ": " k " of " n " values" bad; exit 1 } }' $folder/converge.csv
}

# check 3: the predecessor's table (S: stored arrays; I: an independent implementation)
folder=arz2025-convergence.study
expect 0 "$heddle" converge arz2025-convergence.yaml --set road.quality=3
says "density@motorcycles, l1 norm, veh"
holds "check 3: steps" within density@cars finest steps 0 7 14 27 53 106
holds "check 3: L1 of rho_m" within density@motorcycles finest error 1e-6 2.717600e-02 1.214536e-02 5.256152e-03 1.737335e-03
holds "check 3: L1 of w_m" within marker@motorcycles finest error 1e-6 7.444174e-01 3.465493e-01 1.487281e-01 4.959871e-02
holds "check 3: L1 of rho_c" within density@cars finest error 1e-6 8.461286e-04 3.851613e-04 1.744957e-04 5.827941e-05
holds "check 3: L1 of w_c" within marker@cars finest error 1e-6 3.629627e-01 1.692144e-01 7.264681e-02 2.423079e-02
holds "check 3: orders of rho_m" within density@motorcycles finest order .005a 1.162 1.208 1.597
holds "check 3: orders of w_m" within marker@motorcycles finest order .005a 1.103 1.220 1.584
holds "check 3: orders of rho_c" within density@cars finest order .005a 1.135 1.142 1.582
holds "check 3: orders of w_c" within marker@cars finest order .005a 1.101 1.220 1.584
holds "check 3: successive, rho_m" within density@motorcycles successive order .005a 1.13 .97 1.02
holds "check 3: successive, w_m" within marker@motorcycles successive order .005a 1.01 1.00 1.00
holds "check 3: successive, rho_c" within density@cars successive order .005a 1.14 .86 1.00
holds "check 3: successive, w_c" within marker@cars successive order .005a 1.00 1.00 1.00

# check 13: order 1 of each pair and field
expect 0 "$heddle" converge sine-order.yaml --no-figures
holds "check 13: orders in [.95, 1.05]" awk -F, '
  NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
  $at["order"] != "" { n++; if ($at["order"] < .95 || $at["order"] > 1.05) { print; bad = 1 } }
  END { exit bad || n != 24 }' sine-order.study/converge.csv

# files and forms
for file in converge.csv orders.csv table.csv members/4/result.h5 figures/convergence.gp; do
  holds "$file" test -s $folder/$file
done
holds "study.h5 has the table" grep -qa least_squares_order_error $folder/study.h5
holds "the report has the orders" grep -q "Observed orders" $folder/report.html
expect 0 "$heddle" converge arz2025-convergence.yaml --set road.quality=3 --json --no-figures
says '"least_squares_order"'
holds "nothing is computed again" test "$(computed)" = 0
holds "JSON" python3 -c 'import json, sys; c = json.load(open("stdout"))["convergence"]
sys.exit(not ([l["steps"] for l in c["levels"]] == [7, 14, 27, 53, 106] and c["lines"][0]["errors"][4] is None and len(c["lines"]) == 12))'

# levels are used again: finer, fewer, in another order, another norm; those left out are kept
scenario road 5 20
over() { expect 0 "$heddle" converge road.yaml --json --no-figures --over "$@"; }
over road.cells=20,40,80
holds "three levels" test "$(computed)" = 3
over road.cells=20,40,80,160
holds "the fourth alone" test "$(computed)" = 1
over road.cells=10,20,160,80
holds "the first alone, the others found under other numbers" test "$(computed)" = 1
over road.cells=40,80,160 --norm max
holds "one comes back" test "$(computed)" = 0
says '"norm": "max"'
over 'road.cells={from: 10, by: 2, count: 5}' --measure travel_time@cars
holds "a measure that was not tabulated needs its runs" test "$(computed)" = 5
over road.cells=10,20,40 --output fresh.study
expect 0 "$heddle" resume road.study --json
holds "resume: nothing is left" test "$(computed)" = 0
says '"travel_time@cars"'
rm road.study/members/2/result.h5
printf garbage > road.study/members/3/result.h5
expect 0 "$heddle" resume road.study --json
holds "what lost its result is computed again" test "$(computed)" = 2
expect 0 "$heddle" status road.study
says "5 of 5 members done"
expect 0 "$heddle" run road.yaml --over road.cells=10,20,40 --member 2 --no-figures --json
holds "a level alone: the same digest" grep -q "$(sed -n 's/.*"digest": "\(.*\)".*/\1/p' stdout)" fresh.study/table.csv

# references
expect 0 "$heddle" converge shock.yaml --no-figures --over road.cells=200,400,800 --measure error_density
says "order, truth"
folder=shock.study
holds "an error is used as it is" within error_density truth order .01a .505 .504
expect 0 "$heddle" converge shock.yaml --no-figures --over road.cells=200,400,800 --reference exact
holds "the exact solution, field by field" within density@cars exact order .01a .505 .504
expect 0 "$heddle" run shock.yaml --set road.cells=1600 --no-figures --output fine.out
expect 0 "$heddle" converge shock.yaml --no-figures --over road.cells=200,400,800 --reference fine.out/result.h5
says "result.h5"
expect 0 "$heddle" converge sine.yaml --no-figures --over road.cells=50,100,200 --reference initial --norm l2
says "initial"
expect 0 "$heddle" converge sine.yaml --no-figures --over road.cells=50,100,200 --measure vehicle_time --reference '1000 veh s'
says "1000 veh s"
expect 2 "$heddle" converge sine.yaml --no-figures --over road.cells=50,75 --output odd.study
says "whole multiples"

# any program; a number without unit that is whole counts pieces
cp "$source"/examples/command/shell.yaml .
folder=shell.study
expect 0 "$heddle" converge shell.yaml --no-figures --over parameters.terms=100,1000,10000 --measure pi --reference 3.141592653589793
holds "order 1 of Leibniz' series" within pi 3.141592653589793 order 1e-4a 1 1
expect 0 "$heddle" converge shell.yaml --no-figures --over parameters.terms=100,1000,10000
holds "named numbers are compared each by itself" within measured@pi successive order 1e-4a 1
# what has no length has no order; a level that fails is left out
expect 0 "$heddle" converge sine.yaml --over preset=arz-stable,arz2025 --no-figures --output preset.study
scenario short 5 20
sed -i 's/figures: \[\]/ledger: 2, figures: []/' short.yaml
expect 1 "$heddle" converge short.yaml --no-figures --over road.cells=20,40,80,160 --set 'numerics.min_step=0.2 s' --reference finest
says "1 of 4 levels are not done"
says "heddle run short.yaml --set 'numerics.min_step=0.2 s' --over 'road.cells=20,40,80,160' --member 3"
folder=short.study
holds "nothing against a finest level that is not there" within density@cars finest error 1
holds "differences of the others" within density@cars successive level 0 0 1 2

# killed and resumed
sed -i 's/^time.*/time: {end: 60 s}/' road.yaml
levels=road.cells=100,200,400,800
expect 0 "$heddle" converge road.yaml --no-figures --over $levels --output straight.study
for ((round = 1; round <= ${rounds:-1}; round++)); do
  rm -rf killed.study
  "$heddle" converge road.yaml --no-figures --over $levels --output killed.study > /dev/null 2>&1 & pid=$!
  while kill -0 $pid 2> /dev/null && ! [ -s killed.study/journal ]; do sleep 0.002; done
  sleep "0.0$((RANDOM % 10))"
  kill -9 $pid 2> /dev/null
  wait $pid 2> /dev/null
  expect 0 "$heddle" resume killed.study --no-figures
  holds "round $round: the same table" cmp -s straight.study/converge.csv killed.study/converge.csv
  # and killed while it goes on with other levels
  "$heddle" converge road.yaml --no-figures --over road.cells=50,$(echo ${levels#*=}) --output killed.study > /dev/null 2>&1 & pid=$!
  sleep "0.0$((RANDOM % 4))$((RANDOM % 10))"
  kill -9 $pid 2> /dev/null
  wait $pid 2> /dev/null
  expect 0 "$heddle" converge road.yaml --no-figures --over $levels --output killed.study
  holds "round $round: the same table again" cmp -s straight.study/converge.csv killed.study/converge.csv
done

# what is refused
refused() { # WORDS ARGUMENTS
  local words=$1
  shift
  expect 2 "$heddle" converge "$@" --output no.study
  says "$words"
  holds "no folder is left: $*" test ! -e no.study
}
refused "no levels of convergence" sine.yaml
refused "at least two values" sine.yaml --over road.cells=50
refused "road.cells has 2 values, time.steps has 3" sine.yaml --over time.steps=10,20,30 --over road.cells=50,100
refused "did you mean" sine.yaml --over road.cels=50,100
refused "norm or measure" sine.yaml --over road.cells=50,100 --norm l1 --measure steps
refused "one of l1, l2, max" sine.yaml --over road.cells=50,100 --norm l3
refused "one of successive, finest" sine.yaml --over road.cells=50,100 --reference fines
refused "compares one" sine.yaml --over road.cells=50,100 --measure steps --measure density_max
refused "a value is a reference for a measure" sine.yaml --over road.cells=50,100 --reference 5
refused "output.compare: exact" sine.yaml --over road.cells=50,100 --reference exact
refused "is an error already" shock.yaml --over road.cells=200,400 --measure error_density --reference finest
refused "no start to compare" sine.yaml --over road.cells=50,100 --measure density_max --reference initial
refused "travel_time is in s" sine.yaml --over road.cells=50,100 --measure travel_time --reference "5 m"
expect 2 "$heddle" sweep convergence.yaml
says "heddle converge convergence.yaml"
closing
