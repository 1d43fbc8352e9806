#!/bin/bash
# A million members of one empty step: killed with -9, gone on with, read again; what they need is bounded.
. "$(dirname "$0")/_check.sh"
plugin=$(dirname "$heddle")/tests/plugins/empty.so members=${members:-1000000}
cat > empty.yaml <<YAML
solver: empty
sweep: {grid: {x: {from: 0, to: 1, count: $members}}}
YAML
number() { sed -n "s/.*\"$1\": \([0-9]*\),*/\1/p" "$2"; }

"$heddle" sweep empty.yaml --plugin "$plugin" --isolate thread --output killed.study > /dev/null 2>&1 & pid=$!
while kill -0 $pid 2> /dev/null && [ "$(stat -c %s killed.study/journal 2> /dev/null || echo 0)" -lt $((members * 40)) ]; do sleep 0.01; done
kill -9 $pid 2> /dev/null
wait $pid 2> /dev/null
expect 0 "$heddle" status killed.study --json
cp stdout before
holds "some are done, some are not" test "$(number done before)" -gt 0 -a "$(number done before)" -lt "$members"

"$heddle" resume killed.study --json > after 2> stderr & pid=$! peak=0
while kill -0 $pid 2> /dev/null; do
  now=$(sed -n 's/VmHWM:[[:space:]]*\([0-9]*\) kB/\1/p' /proc/$pid/status 2> /dev/null)
  peak=${now:-$peak}
  sleep 0.05
done
wait $pid
code=$?
holds "it is gone on with" test $code = 0
holds "what was done is not computed again" test $(($(number done before) + $(number computed after))) = "$members"
echo "$peak kB at most for $members members"
holds "less than 1000 bytes of memory for each member: some 200 to compute it, the rest for study.h5" test "$peak" -lt $((members * 1000 / 1024 + 50000))
holds "some 150 bytes of journal for each member" test "$(stat -c %s killed.study/journal)" -lt $((members * 200))

expect 0 "$heddle" sweep empty.yaml --plugin "$plugin" --isolate none --output straight.study
holds "the same table" cmp -s killed.study/table.csv straight.study/table.csv
holds "a line for each" test "$(wc -l < straight.study/table.csv)" = $((members + 1))
expect 0 "$heddle" sweep empty.yaml --plugin "$plugin" --output straight.study
says "complete"
closing
