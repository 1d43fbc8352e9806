#!/bin/bash
# A disk that is full, one that cannot be written, a folder of somebody else's, two heddles on one study: a clear message, exit
# code 3, and nothing that was done is lost. Disks are real where the test may make them.
. "$(dirname "$0")/_check.sh"
scenario road 5 40
cat >> road.yaml <<'YAML'
sweep: {grid: {road.length: {from: 1 km, to: 2 km, count: 400}}}
measure: [travel_time]
YAML
expect 0 "$heddle" sweep road.yaml --output whole.study --quiet
done_of() { "$heddle" status "$1" --json | sed -n 's/.*"done": \([0-9]*\),/\1/p'; }

mkdir small
if [ "$(id -u)" = 0 ] && mount -t tmpfs -o size=512k tmpfs small 2> /dev/null; then
  trap 'umount "$work/small"; rm -rf "$work"' EXIT
  head -c 502144 /dev/zero > small/filler 2> /dev/null
  expect 3 "$heddle" sweep road.yaml --output small/full.study
  says "No space left on device"
  done=$(done_of small/full.study)
  holds "some members are done on the full disk ($done)" test "${done:-400}" -lt 400
  rm small/filler
  expect 0 "$heddle" resume small/full.study --json
  says "\"computed\": $((400 - done)),"
  holds "the same table after a full disk" cmp -s small/full.study/table.csv whole.study/table.csv

  mount -o remount,ro small
  expect 3 "$heddle" sweep road.yaml --output small/other.study
  says "Read-only file system"
  expect 3 "$heddle" sweep road.yaml --output small/full.study
  says "Read-only file system"
  expect 0 "$heddle" status small/full.study
  says "400 of 400 members done"
  expect 0 "$heddle" explain small/full.study
  mount -o remount,rw small
  holds "nothing was harmed" cmp -s small/full.study/table.csv whole.study/table.csv
fi

# a folder of somebody else's
mkdir closed && cp road.yaml closed/
someone=()
[ "$(id -u)" != 0 ] || { someone=(setpriv --reuid 65534 --clear-groups); chmod 755 "$work"; }
chmod 555 closed
if [ "$(id -u)" != 0 ] || "${someone[@]}" test -x "$heddle" 2> /dev/null; then
  expect 3 "${someone[@]}" "$heddle" sweep closed/road.yaml --output closed/x.study
  says "Permission denied"
  expect 3 "${someone[@]}" "$heddle" run closed/road.yaml --output closed/x.out
  says "Permission denied"
fi
chmod 755 closed

# two heddles on one study, and on one run: the second one says so and harms nothing
scenario long 2000 200
expect 0 "$heddle" run long.yaml --set 'time.end=20 s' --output other.out --no-figures --quiet
"$heddle" run long.yaml --output long.out --no-figures --quiet & run=$!
"$heddle" sweep long.yaml --grid road.quality=1,2 --quiet & sweep=$!
while ! [ -s long.study/journal ] || ! [ -s long.out/run.json ]; do sleep 0.01; done
expect 3 "$heddle" sweep long.yaml --grid road.quality=1,2
says "another heddle works on the study"
expect 3 "$heddle" resume long.study
says "another heddle"
expect 3 "$heddle" export long.study --format csv
says "another heddle"
expect 3 "$heddle" run long.yaml --output long.out --force
says "another heddle is writing into"
expect 0 "$heddle" explain long.study
says "a heddle is at work on it"
kill -INT $run $sweep
wait $run; holds "the first run stops as it should" test $? = 5
wait $sweep; holds "the first study stops as it should" test $? = 5
closing
