#!/bin/bash
# Parts of a study, as job lists of other programs compute them, merged into one study.
. "$(dirname "$0")/_check.sh"
scenario road 5 40
cat >> road.yaml <<'YAML'
sweep: {grid: {road.quality: [1, 2], road.cells: {from: 40, to: 70, count: 4}}, repeat: 2}
measure: [travel_time]
YAML
expect 0 "$heddle" sweep road.yaml --output whole.study --quiet

for i in 1 3; do expect 0 "$heddle" sweep road.yaml --shard $i/3 --output parts/$i --quiet; done
expect 5 "$heddle" merge parts/* --output some.study
says "no part has these members: 1, 4, 7, 10, 13"
expect 5 "$heddle" merge parts/* --output some.study --json
says '"missing": [1, 4, 7, 10, 13]'
expect 0 "$heddle" resume some.study --quiet
holds "what was missing is computed" cmp -s some.study/table.csv whole.study/table.csv
expect 0 "$heddle" sweep road.yaml --shard 2/3 --output parts/2 --quiet
expect 0 "$heddle" merge parts/* --output all.study
says "16 of 16 members done, 0 failed, 0 missing; 16 came from 3 parts"
holds "with all that a study leaves" test -s all.study/study.h5 -a -s all.study/report.html
holds "as if computed in one" cmp -s all.study/table.csv whole.study/table.csv
expect 0 "$heddle" merge parts/* parts/1 --output all.study
says "0 came from 4 parts"
expect 0 "$heddle" sweep road.yaml --output all.study
says "complete"

expect 2 "$heddle" merge parts/1
says "--output"
expect 2 "$heddle" merge parts/1 nowhere --output x.study
says "no journal"
expect 0 "$heddle" sweep road.yaml --set road.length=2km --shard 1/3 --output other --quiet
expect 2 "$heddle" merge parts/1 other --output x.study
says "another study"
holds "nothing was begun" test ! -e x.study
expect 2 "$heddle" merge parts/1 --output other
says "another study"

# a part without its scenario is merged all the same, its table is made where the scenario is
mkdir far && cp -r parts far/ && mv road.yaml hidden.yaml
expect 0 "$heddle" merge far/parts/* --output far.study
says "is not here"
mv hidden.yaml road.yaml
expect 0 "$heddle" export far.study --format csv
holds "the same table" cmp -s far.study/table.csv whole.study/table.csv

# members that failed
scenario bad 5 40
for i in 1 2; do "$heddle" sweep bad.yaml --grid 'initial.state.cars=30 veh/km,300 veh/km,20 veh/km' --shard $i/2 --output bad/$i --quiet 2> /dev/null; done
expect 1 "$heddle" merge bad/1 bad/2 --output bad.study
says "2 of 3 members done, 1 failed, 0 missing"

# job lists, each computed for real where its program is here, else by a shell in its place
jobs() { expect 0 "$heddle" sweep road.yaml --emit "$1" --parts 3 --output "jobs $1.study" "${@:2}" && cp stdout "jobs.$1"; }
same() { # FORM
  holds "$1: three parts" test "$(ls "jobs $1.study.parts" | wc -l)" = 3
  eval "$(sed -n 's/^# Afterwards: //p' "jobs.$1") --quiet" > /dev/null 2>&1
  holds "$1: as if computed in one" cmp -s "jobs $1.study/table.csv" whole.study/table.csv
}
jobs parallel
if command -v parallel > /dev/null; then grep -v '^#' jobs.parallel | parallel --will-cite -j 2 > /dev/null 2>&1
else bash jobs.parallel; fi
same parallel
jobs slurm
holds "slurm: an array" grep -q '^#SBATCH --array=1-3$' jobs.slurm
for i in 1 2 3; do SLURM_ARRAY_TASK_ID=$i bash jobs.slurm; done
same slurm
jobs hq
hq() { while [ "$1" != -- ]; do [ "$1" != --array ] || last=${2#1-}; shift; done; shift; for ((i = 1; i <= last; i++)); do HQ_TASK_ID=$i "$@"; done; }
export -f hq
sed 's/^exec hq/hq/' jobs.hq | bash
same hq
expect 0 "$heddle" sweep road.yaml --emit parallel --set "title='it''s'" --grid 'road.length={from: 1 km, to: 2 km, count: 2}'
holds "one job for each member" test "$(grep -vc '^#' stdout)" = 32
expect 2 "$heddle" sweep road.yaml --emit pbs
says "parallel, hq or slurm"
closing
