#!/bin/bash
# heddle explain FOLDER: the state of each member and its reason, the plan; heddle status, while a study is computed.
. "$(dirname "$0")/_check.sh"
unset HEDDLE_AFRESH
cat > mixed.yaml <<YAML
solver: command
run: [sh, -c, 'case \$0 in 3) exit 7 ;; 5) while ! [ -e $work/go ]; do sleep 0.02; done ;; esac; echo x = \$0', "{n}"]
parameters: {n: 1}
measures: {pattern: {x: 'x = ([0-9]+)'}}
measure: [x]
deterministic: true
sweep: {grid: {parameters.n: [1, 2, 3]}}
YAML
expect 1 "$heddle" sweep mixed.yaml --workers 2 --output first.study
expect 0 "$heddle" status first.study --json
says '"failures": {"a program failed": 1}'
says '"plan": "2 workers of kind'
expect 0 "$heddle" explain first.study
says "# plan: 2 workers of kind"
says "as --workers says"
says "3 members, 2 done, 1 failed"
says "# nobody computes it now"
says "2       failed    "
says "ended with exit code 7"

"$heddle" sweep mixed.yaml --set 'sweep.grid={parameters.n: [5, 1, 6, 7]}' --workers 1 --output second.study --quiet 2> err & pid=$!
while ! "$heddle" explain second.study 2> /dev/null | grep -q '^0 *running'; do kill -0 $pid 2> /dev/null || break; sleep 0.02; done
expect 0 "$heddle" explain second.study
says "# a heddle is at work on it"
says "0       running   attempt 1"
says "1       done      computed by the study $work/first.study"
says "3       waiting   "
expect 0 "$heddle" explain second.study --json
says '"running": true'
says '{"member": 0, "state": "running", "attempts": 0'
expect 0 "$heddle" status second.study
says "a heddle is at work on it"
says "1 of them were computed by other studies"
kill -INT $pid
wait $pid
expect 0 "$heddle" explain second.study
says "waiting   nobody computes the study; heddle resume second.study goes on"
touch go
expect 0 "$heddle" resume second.study --quiet
expect 0 "$heddle" explain second.study
says "4 members, 4 done"

# a part knows what is elsewhere; a study that was not begun, a run, nothing at all
expect 0 "$heddle" sweep mixed.yaml --shard 1/3 --output part.study --quiet
expect 0 "$heddle" explain part.study
says "1       elsewhere belongs to part 2 of 3, this folder is part 1"
scenario road 5 40
expect 0 "$heddle" run road.yaml --no-figures --quiet
expect 0 "$heddle" explain road.out
says "complete"
rm road.out/result.h5
expect 0 "$heddle" explain road.out --json
says '"state": "interrupted"'
mkdir empty
expect 2 "$heddle" explain empty
says "no run of heddle"
closing
