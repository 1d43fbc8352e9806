#!/bin/bash
# heddle run: folders, repeats, --force, --output, --json, exit codes, pipes and full disks.
. "$(dirname "$0")/_check.sh"
scenario wall
expect 0 "$heddle" run wall.yaml
says "done in"
says "digest"
holds "the report tells the steps per second" grep -q step_rate wall.out/report.html
holds "a result, a report and a log" test -s wall.out/result.h5 -a -s wall.out/report.html -a -s wall.out/log.txt
holds "no checkpoint is left" test -z "$(ls wall.out | grep -E 'checkpoint|spill|tmp')"
before=$(md5sum < wall.out/result.h5)
expect 0 "$heddle" run wall.yaml
says "complete; --force computes it again"
holds "a complete folder is left as it is" test "$before" = "$(md5sum < wall.out/result.h5)"
expect 2 "$heddle" run wall.yaml --set road.cells=50
says "holds something else"
says "--output FOLDER writes elsewhere"
expect 0 "$heddle" run wall.yaml --set road.cells=50 --output other.out
expect 1 "$heddle" diff wall.out other.out --json
expect 0 "$heddle" run wall.yaml --force --quiet
holds "quiet is quiet" test -z "$(cat stdout; grep -v warning stderr)"
expect 0 "$heddle" diff wall.out wall.out
says "equal"

expect 0 "$heddle" run wall.yaml --json
holds "standard output is JSON" python3 -c 'import json; d = json.load(open("stdout")); assert d["digest"] and d["measures"]["steps"]["value"] > 10'
expect 0 "$heddle" run wall.yaml --json --force --threads 3
cp stdout three
expect 0 "$heddle" run wall.yaml --json --force --threads 1
holds "threads change nothing" cmp stdout three
expect 0 "$heddle" run wall.yaml --json
holds "a stored result says the same" cmp stdout three

expect 2 "$heddle" run none.yaml
says "there is no file none.yaml"
expect 2 "$heddle" run
expect 2 "$heddle" run wall.yaml --threads none
expect 2 "$heddle" run wall.yaml --treads 2
says "did you mean --threads?"
expect 2 "$heddle" rum wall.yaml
says "did you mean heddle run?"
expect 2 "$heddle" run wall.yaml --set road.cels=3
says "did you mean"
says "--set"
expect 3 "$heddle" run wall.yaml --device cuda
expect 0 "$heddle" run wall.yaml --dry-run --output dry.out
holds "a dry run writes nothing" test ! -e dry.out
expect 3 "$heddle" run wall.yaml --plugin ./none.so
says "none.so"
mkdir foreign && touch foreign/thesis.tex
expect 2 "$heddle" run wall.yaml --output foreign
holds "nothing was written beside foreign files" test "$(ls foreign)" = thesis.tex
expect 0 "$heddle" run wall.yaml --output 'a folder/with "odd" name'

touch file
expect 3 "$heddle" run wall.yaml --output file/x.out
mkdir locked && (flock 9; sleep 2) 9> locked/lock &
sleep 0.2
expect 3 "$heddle" run wall.yaml --output locked
says "another heddle is writing"
wait

"$heddle" run wall.yaml --json > /dev/full 2> stderr
holds "a full disk at standard output is exit code 3" test $? = 3
"$heddle" new traffic 2> stderr | head -1 > stdout
holds "a closed pipe hurts nobody" test ! -s stderr
if mkdir full && mount -t tmpfs -o size=64k tmpfs full 2> /dev/null; then
  expect 3 "$heddle" run wall.yaml --output full/x.out
  says "No space left"
  holds "nothing half-written" test ! -e full/x.out/result.h5
  umount full
fi
PATH=/nonexistent expect 0 "$heddle" run wall.yaml --output bare.out --set output.figures=standard
closing
