#!/bin/bash
# A stage is built once, whoever asks for it: by members in threads, by other processes, after a kill in the middle, after
# damage. The results are those of members that build it on their own.
. "$(dirname "$0")/_check.sh"
plugin=$(dirname "$heddle")/tests/plugins/quarry.so
export QUARRY_LOG=$work/log
echo 'solver: quarry
sweep: {grid: {shift: {from: 1, to: 64, count: 64}}}' > q.yaml
built() { grep -c "^$1" log 2> /dev/null; }
fresh() { rm -rf log .heddle ./*.study; }
table() { cut -d, -f1,2,4,5 "$1/table.csv"; }
sweep=("$heddle" sweep q.yaml --plugin "$plugin")

expect 0 "${sweep[@]}" --isolate none --output alone.study --json
says '"stages_built": 1,'
says '"stages_mapped": 63,'
table alone.study > wanted
holds "one member builds for all" test "$(built built)" = 1
holds "nothing but the product is left in the store" test "$(ls .heddle/stages | wc -l)" = 1
for how in 'thread 1' 'thread 2' 'thread 5' 'process 1' 'process 2' 'process 5'; do
  fresh
  workers="${how#* } of kind ${how% *}"
  expect 0 "${sweep[@]}" --isolate ${how% *} --workers ${how#* } --output many.study --json
  says '"stages_built": 1,'
  says '"stages_mapped": 63,'
  holds "built once with $workers" test "$(built begun)$(built built)" = 11
  holds "the same results with $workers" cmp -s <(table many.study) wanted
done
[ "$(nproc)" = 1 ] || holds "waiting workers lend their cores: $(grep built log)" grep -q 'built [2-9]' log

# several processes at once, each a study of its own
fresh
for i in 1 2 3; do "${sweep[@]}" --workers 1 --output p$i.study --shard $i/3 --quiet & done
wait
holds "built once by three processes" test "$(built begun)$(built built)" = 11
holds "all three are complete" test "$(cat p?.study/table.csv | grep -c done)" = 64

# kill -9 in the middle of the build; one process waits and takes over, or the study is resumed
for how in waiting resumed; do
  fresh
  "${sweep[@]}" --set 'pause=8 ms' --workers 1 --output killed.study --quiet & pid=$!
  while [ "$(built begun)" != 1 ]; do sleep 0.01; done
  if [ $how = waiting ]; then
    "${sweep[@]}" --set 'pause=8 ms' --workers 2 --output other.study --shard 1/2 --quiet & other=$!
    sleep 0.1
  fi
  kill -9 $pid
  wait $pid 2> /dev/null
  [ $how = resumed ] || wait $other
  expect 0 "$heddle" resume killed.study
  holds "$how: built once more" test "$(built begun)$(built built)" = 21
  holds "$how: the same results" cmp -s <(table killed.study) wanted
  holds "$how: nothing but the product is left in the store" test "$(ls .heddle/stages | wc -l)" = 1
done

# kill -9 of the worker that builds: another one takes over, the study goes on
fresh
"${sweep[@]}" --set 'pause=8 ms' --workers 2 --isolate process --output worker.study --quiet & pid=$!
while [ "$(built begun)" != 1 ]; do sleep 0.01; done
kill -9 "$(sed -n 's/^begun //p' log)"
wait $pid
holds "the study survives its builder" test $? = 0
holds "built once more by another worker" test "$(built begun)$(built built)" = 21
holds "the same results from another worker" cmp -s <(table worker.study) wanted

# a stop reaches one who waits
fresh
"${sweep[@]}" --set 'pause=50 ms' --workers 1 --output long.study --quiet & pid=$!
while [ "$(built begun)" != 1 ]; do sleep 0.01; done
"$heddle" run q.yaml --plugin "$plugin" --set 'pause=50 ms' --output waits.out > /dev/null 2>&1 & other=$!
sleep 0.2
kill -INT $other
wait $other
holds "one who waits is stopped" test $? = 5
holds "and has not built" test "$(built begun)" = 1
kill -9 $pid
wait $pid 2> /dev/null

# a damaged product is made again; a store that cannot be written costs sharing, no run
fresh
expect 0 "${sweep[@]}" --output one.study --quiet
printf 'x' | dd of="$(echo .heddle/stages/*)" bs=1 seek=700 conv=notrunc status=none
expect 0 "${sweep[@]}" --output two.study --quiet --force
holds "a damaged product is built again" test "$(built built)" = 2
holds "the same results after damage" cmp -s <(table two.study) wanted
fresh
mkdir .heddle && touch .heddle/stages
expect 0 "${sweep[@]}" --output three.study --quiet --set 'pause=0 s'
holds "the same results without a store" cmp -s <(table three.study) wanted
closing
