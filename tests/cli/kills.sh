#!/bin/bash
# kill -9 at random moments, of a worker, of the study or of all of them, then resume: nothing that was shown as done is lost,
# the table is the undisturbed one, no process is left. rounds=N, default 4; seed=N repeats a row of rounds.
. "$(dirname "$0")/_check.sh"
RANDOM=${seed:=$(date +%N | sed 's/^0*//; s/....$//')}
export HEDDLE_AFRESH=1 # what other rounds computed is not taken
scenario long 100 150
cat >> long.yaml <<< 'sweep: {grid: {road.quality: [1, 2], road.length: {from: 1 km, to: 2 km, count: 16}}}'
expect 0 "$heddle" sweep long.yaml --output straight.study --workers 2
table=straight.study/table.csv

number() { sed -n "s/.*\"$2\": \([0-9]*\),/\1/p" "$1"; }
workers_of() { pgrep -P "$1" 2> /dev/null; }
gone() { # PID...: all of them end within two seconds
  for i in {1..200}; do
    local alive=
    for pid in "$@"; do [ -d "/proc/$pid" ] && ! grep -q '^State:.Z' "/proc/$pid/status" 2> /dev/null && alive=$pid; done
    [ "$alive" ] || return 0
    sleep 0.01
  done
  return 1
}
begin() { # starts the study and waits until its journal holds something
  rm -rf killed.study
  "$heddle" sweep long.yaml --output killed.study --workers 2 > /dev/null 2> messages & study=$!
  for i in {1..1000}; do
    kill -0 $study 2> /dev/null || break
    [ "$(stat -c %s killed.study/journal 2> /dev/null || echo 0)" -ge 900 ] && break
    sleep 0.005
  done
  sleep 0.0$((RANDOM % 4))$((RANDOM % 10))
}
goes_on() { # WHAT: what is there is kept, the rest is computed
  "$heddle" status killed.study --json > before 2> /dev/null
  expect 0 "$heddle" resume killed.study --json
  local had=$(number before done) more=$(number stdout computed)
  holds "$1: what was done is not computed again ($had and $more)" test "$((${had:-0} + ${more:-0}))" = 32
  holds "$1: the same table" cmp -s $table killed.study/table.csv
}

victims=(worker study all)
for ((round = 1; round <= ${rounds:-4}; round++)); do
  victim=${victims[RANDOM % 3]}
  what="seed $seed, round $round, $victim"
  begin
  workers=($(workers_of $study))
  case $victim in
    worker) [ ${#workers[@]} = 0 ] || kill -9 "${workers[RANDOM % ${#workers[@]}]}" 2> /dev/null ;;
    study) kill -9 $study 2> /dev/null ;;
    all) kill -9 "${workers[@]}" $study 2> /dev/null ;;
  esac
  wait $study 2> /dev/null
  code=$?
  holds "$what: no process is left" gone "${workers[@]}"
  [ $victim = worker ] && {
    holds "$what: the study ends well all the same, $code" test $code = 0
    holds "$what: the same table at once" cmp -s $table killed.study/table.csv
  }
  goes_on "$what"
done

# asked to end: running members return to the queue, workers go
for signal in INT TERM; do
  scenario slow 100000 200
  rm -rf slow.study
  "$heddle" sweep slow.yaml --grid road.quality=1,2,3 --workers 2 > /dev/null 2> messages & study=$!
  for i in {1..500}; do [ "$(workers_of $study | wc -l)" = 2 ] && break; sleep 0.01; done
  sleep 0.1
  workers=($(workers_of $study))
  kill -$signal "${workers[@]}" # as a terminal does: workers leave it to the study
  sleep 0.05
  holds "workers ignore SIG$signal" test "$(workers_of $study | wc -l)" = 2
  kill -$signal $study
  wait $study
  code=$?
  holds "SIG$signal ends the study with 5, $code" test $code = 5
  holds "SIG$signal leaves no process" gone "${workers[@]}"
  holds "SIG$signal leaves a way on" grep -q "heddle resume slow.study" messages
done

# a member that never comes to a safe point: the second signal ends all at once
printf 'solver: moody\nsweep: {zip: {mood: [hang, hang], n: [1, 2]}}\n' > hang.yaml
"$heddle" sweep hang.yaml --plugin "$(dirname "$heddle")/tests/plugins/moody.so" --workers 2 > /dev/null 2>&1 & study=$!
for i in {1..500}; do [ "$(workers_of $study | wc -l)" = 2 ] && break; sleep 0.01; done
sleep 0.1
workers=($(workers_of $study))
kill -INT $study
sleep 0.1
kill -INT $study
wait $study
holds "the second SIGINT leaves no process" gone "${workers[@]}" $study
closing
