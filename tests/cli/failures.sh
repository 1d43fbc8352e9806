#!/bin/bash
# Members that crash, hang, return no number, allocate without end or leave, mixed among good ones: each costs itself alone,
# is told apart and can be repeated; nothing is left running.
. "$(dirname "$0")/_check.sh"
plugin=$(dirname "$heddle")/tests/plugins/moody.so
state() { sed -n "s/^$2,[^,]*,[^,]*,\([^,]*\),.*/\1/p" "$1/table.csv"; }
moody() { # NAME MOODS COUNT: members 0, 1, ...
  printf 'solver: moody\nlimits: {time: 0.3 s, memory: 200 MB}\nsweep: {zip: {mood: [%s], n: {from: 1, to: %d, count: %d}}}\nmeasure: [x]\n' "$2" $3 $3 > "$1.yaml"
}
gone() { ! ps -eo ppid,args | grep -q "^ *1 heddle worker"; }

moody mixed "calm, hang, slow, crash, nan, greedy, exit, starve, calm, calm, calm, calm" 12
expect 1 "$heddle" sweep mixed.yaml --plugin "$plugin" --json
says '"state": "complete"'
says '"done": 5'
says '"failed": 7'
says 'heddle run mixed.yaml --plugin '
says 'ended by SIGSEGV'
says 'exit code 3'
k=0
for wanted in done "failed: out of time" "failed: out of time" "failed: a signal" "failed: not a number" \
  "failed: out of memory" "failed: a program failed" "failed: out of memory" done done done done; do
  holds "member $k is $wanted: $(state mixed.study $k)" test "$(state mixed.study $k)" = "$wanted"
  k=$((k + 1))
done
expect 0 "$heddle" status mixed.study --json
says '"failures": {"not a number": 1, "out of time": 2, "out of memory": 2, "a signal": 1, "a program failed": 1}'
holds "no process is left" gone
for member in 0 11; do expect 0 "$heddle" run mixed.yaml --plugin "$plugin" --member $member --output member.out --force; done

# fed ahead in batches: those behind and before a bad one are done all the same
printf 'solver: moody\nsweep: {zip: {mood: [%s], n: {from: 1, to: 400, count: 400}}}\nmeasure: [x]\n' \
  "$(for i in $(seq 400); do [ $((i % 100)) = 50 ] && printf 'crash, ' || printf 'calm, '; done)" > batch.yaml
for workers in 1 2 3; do
  expect 1 "$heddle" sweep batch.yaml --plugin "$plugin" --workers $workers --force
  says "396 of 400 members done, 4 failed"
  holds "the right ones failed" test "$(grep -c '^\(49\|149\|249\|349\),crash' batch.study/table.csv)" = 4
done

# a scenario that is changed while its study is computed
moody edited "slow, slow" 2
sed -i 's/0.3 s/1.5 s/' edited.yaml
"$heddle" sweep edited.yaml --plugin "$plugin" --workers 2 > /dev/null 2> edited & pid=$!
for i in {1..500}; do [ "$(pgrep -P $pid | wc -l)" = 2 ] && break; sleep 0.01; done
sleep 0.3
sed -i 's/to: 2/to: 3/' edited.yaml
pkill -9 -P $pid
wait $pid
code=$?
holds "a changed scenario is an error of the input, $code" test $code = 2
holds "and is named" grep -q "was changed while its study was computed" edited
# started by a program that ignores SIGCHLD: what heddle starts is waited for all the same
moody ignored "calm, calm" 2
expect 0 timeout 20 python3 -c 'import os, signal, sys
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
os.execv(sys.argv[1], sys.argv[1:])' "$heddle" sweep ignored.yaml --plugin "$plugin" --workers 2
closing
