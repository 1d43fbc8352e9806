#!/bin/bash
# Ctrl-C stops at a safe point and leaves a checkpoint; kill -9 leaves the last one; resume gives the same digest.
. "$(dirname "$0")/_check.sh"
digest() { sed -n 's/.*"digest": "\(.*\)".*/\1/p' "$1"; }
scenario long 800 400
expect 0 "$heddle" run long.yaml --json --output straight.out
want=$(digest stdout)
holds "there is a digest" test -n "$want"

begin() { # FOLDER: starts a run, waits for a checkpoint
  rm -rf "$1"
  "$heddle" run long.yaml --output "$1" --checkpoint-every 500steps 2> stderr > stdout & pid=$!
  while kill -0 $pid 2> /dev/null && ! ls "$1"/checkpoint-* > /dev/null 2>&1; do sleep 0.01; done
  sleep 0.05
}

begin int.out
kill -INT $pid
wait $pid
code=$?
holds "a run that is stopped ends with 5" test $code = 5
says "heddle resume int.out"
holds "a checkpoint is left" test -n "$(ls int.out | grep checkpoint)"
expect 0 "$heddle" resume int.out --json
holds "resumed: the same digest" test "$(digest stdout)" = "$want"

for signal in KILL TERM; do
  begin kill.out
  kill -$signal $pid 2> /dev/null
  wait $pid 2> /dev/null
  holds "no result yet" test ! -e kill.out/result.h5
  expect 0 "$heddle" run long.yaml --output kill.out --json --threads 2
  holds "after $signal: the same digest" test "$(digest stdout)" = "$want"
done

begin torn.out
kill -9 $pid
wait $pid 2> /dev/null
newest=$(ls torn.out/checkpoint-* | grep -v tmp | sort -t- -k2 -n | tail -1)
printf 'x' | dd of="$newest" bs=1 seek=2000 conv=notrunc 2> /dev/null
expect 0 "$heddle" resume torn.out --json
says "passed over"
holds "a damaged checkpoint is passed over" test "$(digest stdout)" = "$want"
expect 2 "$heddle" resume nowhere.out
expect 2 "$heddle" resume "$source/tests"
says "holds no run"
begin other.out
kill -9 $pid
wait $pid 2> /dev/null
sed -i 's/cells: 400/cells: 900/' long.yaml
expect 2 "$heddle" resume other.out
says "another one"
closing
