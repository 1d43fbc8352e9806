#!/bin/bash
# A study equals its members run alone, whatever computes it; it is resumed after a stop; a failure costs one member.
. "$(dirname "$0")/_check.sh"
scenario road 20 60
cat >> road.yaml <<YAML
sweep:
  grid: {road.quality: [1, 2], road.cells: {from: 40, to: 70, count: 4}}
  repeat: 2
measure: [travel_time, mass_drift]
YAML
digests() { tail -n +2 "$1/table.csv" | sed 's/.*,//'; }
digest() { sed -n 's/.*"digest": "\(.*\)".*/\1/p' stdout; }

# one of everything
expect 0 "$heddle" sweep road.yaml --workers 1 --output one.study
says "16 of 16 members done"
holds "a line for each member" test "$(wc -l < one.study/table.csv)" = 17
holds "the header names keys, units and measures" \
  test "$(head -1 one.study/table.csv)" = "member,road.quality,road.cells,seed,state,travel_time [s],mass_drift,digest"
holds "the last factor is the fastest" test "$(cut -d, -f1-3 one.study/table.csv | sed -n '2,5p' | tr '\n' ' ')" = "0,1,40 1,1,40 2,1,50 3,1,50 "
for how in "--workers 2" "--workers 5" "--isolate none"; do
  expect 0 "$heddle" sweep road.yaml $how --output two.study --force --quiet
  holds "the same table with $how" cmp -s one.study/table.csv two.study/table.csv
done
for member in 0 3 9 15; do
  expect 0 "$heddle" run road.yaml --member $member --json --no-figures --output member.out --force
  holds "member $member alone: the same digest" test "$(digest)" = "$(digests one.study | sed -n "$((member + 1))p")"
done
expect 2 "$heddle" run road.yaml --member 16
says "there is no member 16"

# again, forced, another study, another folder
expect 0 "$heddle" sweep road.yaml --workers 2 --output one.study
says "complete"
expect 2 "$heddle" sweep road.yaml --grid road.cells=50 --output one.study
says "another study"
says "--force"
mkdir full.study && touch full.study/mine
expect 2 "$heddle" sweep road.yaml --output full.study
says "something else"
expect 0 "$heddle" status one.study --json
says '"done": 16'
expect 0 "$heddle" export one.study --format csv --output tables
holds "the table again" cmp -s one.study/table.csv tables/table.csv
expect 2 "$heddle" export one.study --format npz
expect 2 "$heddle" status .
says "no study"

# the grammar on the command line
scenario plain 5 40
expect 2 "$heddle" sweep plain.yaml
says "describes no study"
expect 2 "$heddle" sweep plain.yaml --grid road.cels=40
says "road.cells"
expect 0 "$heddle" sweep plain.yaml --dry-run --grid road.cells=30,40 --zip 'road.length=1 km,2 km' --repeat 3
says "12 members"
expect 0 "$heddle" sweep plain.yaml --sample 'road.length=uniform(1 km, 2 km)' --samples sobol:8 --grid road.quality=1,2
holds "sampled" test "$(wc -l < plain.study/table.csv)" = 17
printf 'road.cells,road.length [m]\n# a remark\n30,1000\n40,2000\n' > list.csv
cat >> plain.yaml <<< 'sweep: {members: list.csv}'
expect 0 "$heddle" sweep plain.yaml --output list.study
holds "members from a file" test "$(cut -d, -f2,3 list.study/table.csv | tr '\n' ' ')" = "road.cells,road.length [m] 30,1000 40,2000 "

# shards
expect 0 "$heddle" sweep road.yaml --shard 1/3 --output a.study
says "6 of 6"
expect 0 "$heddle" sweep road.yaml --shard 3/3 --output c.study
holds "a shard has the same members" test "$(digests c.study | head -1)" = "$(digests one.study | sed -n 3p)"
expect 2 "$heddle" sweep road.yaml --shard 4/3

# a member that fails costs one member, and says how to repeat it
scenario bad 5 40
expect 1 "$heddle" sweep bad.yaml --grid 'initial.state.cars=30 veh/km,300 veh/km,20 veh/km'
says "2 of 3 members done, 1 failed"
says "heddle run bad.yaml --grid 'initial.state.cars=30 veh/km,300 veh/km,20 veh/km' --member 1"
says "jam density"
expect 1 "$heddle" sweep bad.yaml --grid 'initial.state.cars=30 veh/km,300 veh/km,20 veh/km' --json
says '"failed": 1'
expect 2 "$heddle" run bad.yaml --grid 'initial.state.cars=30 veh/km,300 veh/km,20 veh/km' --member 1

scenario slow 100000 200
expect 1 "$heddle" sweep slow.yaml --grid road.quality=1,2 --set 'limits.time=0.05 s'
says "out of time"
expect 1 "$heddle" resume slow.study # set=limits.time is one of its words
says "0 of 2 members done, 2 failed"
rm -r slow.study

# a stop and resume, status of a study that is being computed, two heddles on one study
"$heddle" sweep slow.yaml --grid road.quality=1,2 > /dev/null 2> asked & pid=$!
sleep 0.3
while ! [ -s slow.study/journal ]; do sleep 0.01; done
expect 0 "$heddle" status slow.study
says "a heddle is at work on it"
expect 3 "$heddle" sweep slow.yaml --grid road.quality=1,2
says "another heddle"
expect 3 "$heddle" sweep slow.yaml --grid road.quality=1,2 --force
says "another heddle"
kill -INT $pid
wait $pid
code=$?
holds "a study that is stopped ends with 5" test $code = 5
holds "and says how to go on" grep -q "heddle resume slow.study" asked

closing
