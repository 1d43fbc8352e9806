#!/bin/bash
# solver: command. Programs that do well, fail, hang, are killed or are not there; what they print, in three ways; values
# that a shell would run. Nothing is left in the folder for temporary files, and no process outlives its run.
. "$(dirname "$0")/_check.sh"
export TMPDIR=$work/tmp
mkdir "$TMPDIR"
value() { sed -n "s/.*\"$1\": {\"value\": \([^,}]*\).*/\1/p" stdout | head -n 1; }
is() { holds "$1 is $2, not $(value "$1")" test "$(value "$1")" = "$2"; }
gives() { # EXIT_CODE: runs x.yaml, read from standard input
  cat > x.yaml
  expect "$1" "$heddle" run x.yaml --json --force
}
refuses() { # LINE:COLUMN WORDS: check finds it in x.yaml, read from standard input
  cat > x.yaml
  expect 2 "$heddle" check x.yaml
  says "x.yaml:$1: error: "
  says "$2"
}

# The examples, and what check says of them.
for example in shell python; do
  cp "$source/examples/command/"* .
  expect 0 "$heddle" check $example.yaml
  says "runs: /"
  expect 0 "$heddle" run $example.yaml --json
  [ $example = shell ] && is pi 3.14059265384
done
holds "the error of the decay is small" awk "BEGIN { exit !($(value b_error) < 1e-6 && $(value b_error) > 0) }"
expect 0 "$heddle" run python.yaml
says "holds this run already"
echo '# changed' >> decay.py
expect 2 "$heddle" run python.yaml
says "holds something else"

expect 0 "$heddle" sweep study.yaml --set 'sweep.grid={parameters.angle: [30, 45], parameters.drag: [0, 0.02]}' --set 'parameters.step=0.01'
says "4 of 4 members done"
holds "without drag the range is v^2 sin(2 a) / g" \
  awk -F, 'NR == 2 && ($5 / (900 * sqrt(0.75) / 9.80665) - 1) ^ 2 > 1e-9 { exit 1 } NR == 3 && $5 > 60 { exit 1 }' study.study/table.csv

# Reading back: patterns, JSON, CSV; from standard output and from files.
gives 0 <<'YAML'
solver: command
run: [sh, -c, 'echo speed = 1.5 m/s; echo speed = -2.5e3 m/s; echo mass = 7']
measures: {pattern: {speed: 'speed = ([-0-9.e+]+)', mass: '[0-9]+$'}}
YAML
is speed -2500
is mass 7
gives 0 <<'YAML'
solver: command
run: [sh, -c, 'echo "working..."; echo "{\"a\": 1, \"in\": {\"b\": 0.25}, \"good\": true, \"text\": \"x\", \"list\": [1], \"none\": null, \"x y\": 1}"']
measures: {json: stdout}
measure: [in.b]
YAML
says "the measure 'x y' of the program is left out"
is a 1
is in.b 0.25
is good 1
holds "a text is no measure" test -z "$(value text)"
gives 0 <<'YAML'
solver: command
run: [sh, -c, 'printf "t [s],\"speed [m/s]\",note\n0,1,a\n1,2,b\n2,3,c\n" > table.csv']
measures: {csv: table.csv, row: 2}
YAML
is t 1
is speed 2
sed -i 's/row: 2/row: last/' x.yaml
expect 0 "$heddle" run x.yaml --json --force
is speed 3
for wrong in 'echo nothing' 'echo "{\"b\": 1}"' 'echo "{\"a\": NaN}"' 'echo "{\"a\": 1"' 'echo "{\"a\": \"1\"}"'; do
  gives 1 <<YAML
solver: command
run: [sh, -c, '$wrong']
measures: {json: stdout, names: [a]}
YAML
done
gives 1 <<'YAML'
solver: command
run: [sh, -c, 'echo speed is high']
measures: {pattern: {speed: 'speed = ([0-9]+)'}}
YAML
says "measure 'speed': no line in the output of the program matches"
gives 1 <<'YAML'
solver: command
run: ["true"]
measures: {json: result.json}
YAML
says "did not write the file result.json"

# Values reach the program as they are: in arguments, environment, templates and JSON.
cat > show.py <<'PY'
import json, os, sys
given = json.load(sys.stdin)
print(json.dumps({"same": sys.argv[1] == given["evil"] == os.environ["EVIL"] == open("in.txt").read(), "count": len(sys.argv),
                  "plain": sys.argv[2] == "{evil}", "seed": given["seed"], "whole": given["n"] == 5 and sys.argv[3] == "5",
                  "real": given["x"] == 0.1, "text": given["code"] == "007", "truth": given["on"] is True,
                  "length": len(given["evil"])}))
PY
printf '{{evil}}' > in.tpl
gives 0 <<'YAML'
solver: command
seed: 12
run: [python3, show.py, "{evil}", "{{evil}}", "{n}"]
files: [show.py]
stdin: json
template: {from: in.tpl, to: in.txt}
environment: {EVIL: "{evil}"}
parameters:
  evil: "a'b\"c\n$(touch pwned) `touch pwned` ; touch pwned && {n} {{n}} %s %n \\ \t é"
  n: 5
  x: 0.1
  code: "007"
  on: true
measures: {json: stdout}
YAML
for what in same plain whole real text truth; do is $what 1; done
is count 4
is seed 12
holds "nothing was run by a value" test -z "$(find . -name pwned)"
gives 0 <<'YAML'
solver: command
run: printf '%s|' "a b" c\ d '{x}e' {y}
parameters: {x: "1 2", y: "'"}
measures: {pattern: {good: "^a b[|]c d[|](1) 2e[|]'[|]$"}}
YAML
is good 1

# Failures: exit code, signal, missing program, time. The last words are in the message.
gives 1 <<'YAML'
solver: command
run: [sh, -c, 'echo the mesh is torn >&2; exit 3']
YAML
says "sh ended with exit code 3"
says "the mesh is torn"
gives 1 <<'YAML'
solver: command
run: [sh, -c, 'kill -SEGV $$']
YAML
says "signal 11, SIGSEGV"
gives 3 <<'YAML'
solver: command
run: [no-such-program-here]
YAML
says "not found on PATH"
start=$(date +%s)
gives 1 <<'YAML'
solver: command
run: [sh, -c, 'sleep 41.25 & echo begun; sleep 41.25']
limits: {time: 0.5 s}
YAML
says "the limit of limits.time"
says "begun"
holds "the limit was kept" test $(($(date +%s) - start)) -lt 15
gives 0 <<'YAML'
solver: command
run: [sh, -c, 'sleep 41.25 & echo x = 3']
measures: {pattern: {x: 'x = (.*)'}}
YAML
is x 3
gives 0 <<'YAML'
solver: command
run: [sh, -c, 'yes 0123456789 | head -c 20000000; echo; echo end = 4']
measures: {pattern: {end: 'end = (.*)'}}
YAML
is end 4

# Ctrl-C ends the program too; a resume runs it again.
cat > slow.yaml <<'YAML'
solver: command
run: [sh, -c, 'echo $$ > "$1"; trap "echo stopped kindly > $1.end; exit 1" TERM; sleep 42.5 & wait', x, "{file}"]
parameters: {file: PLACE}
YAML
sed -i "s|PLACE|$work/pid|" slow.yaml
"$heddle" run slow.yaml > stdout 2> stderr & run=$!
for _ in $(seq 500); do [ -s pid ] && break; sleep 0.02; done
sleep 0.1
kill -INT $run
wait $run
code=$?
holds "stopped: exit code $code, not 5" test $code = 5
holds "the program was asked to end" test -s pid.end
holds "the program is gone" sh -c '! kill -0 $(cat pid) 2> /dev/null'
says "runs it again from its beginning"
sed -i 's/sleep 42.5 & wait/true/' slow.yaml
expect 0 "$heddle" run slow.yaml --force

# A link that the program leaves in its fresh folder is removed, not followed.
mkdir precious && echo data > precious/data
gives 0 <<YAML
solver: command
run: [ln, -s, "$work/precious", link]
YAML
holds "what a link leads to stays" test -s precious/data

# A folder of the user's: relative to the scenario, kept, with no copies in it.
mkdir -p sub
cat > sub/model.sh <<'SH'
#!/bin/sh
echo "n = $(ls | wc -l)"
SH
chmod +x sub/model.sh
cat > sub/x.yaml <<'YAML'
solver: command
run: [./model.sh]
folder: work
measures: {pattern: {n: 'n = ([0-9]+)'}}
YAML
expect 0 "$heddle" run sub/x.yaml --json --output given.out
is n 0
holds "the folder stays" test -d sub/work

# Members in folders of their own, with the files that they need; one folder for all is refused, and so is one that is in use.
cat > sub/many.yaml <<'YAML'
solver: command
run: [sh, -c, 'sleep 0.05; cat "$0" > out; echo "n = $(cat out)"', data, "{n}"]
parameters: {n: 1}
template: {from: n.tpl, to: data}
folder: "many/{n}"
measures: {pattern: {n: 'n = ([0-9]+)'}}
measure: [n]
sweep: {grid: {parameters.n: [1, 2, 3, 4]}}
YAML
echo '{{n}}' > sub/n.tpl
expect 0 "$heddle" sweep sub/many.yaml --workers 4 --output many.study
holds "each has its own" test "$(cut -d, -f2,4 many.study/table.csv | tail -n +2 | tr '\n' ' ')" = "1,1 2,2 3,3 4,4 "
holds "its files stay" test "$(cat sub/many/*/out | tr '\n' ' ')" = "1 2 3 4 "
expect 2 "$heddle" sweep sub/many.yaml --set folder=one --output many.study --force
says "would share the folder 'one'"
sed 's|folder: .*|folder: "{m}"|' sub/many.yaml > sub/wrong.yaml
expect 2 "$heddle" check sub/wrong.yaml
says "there is no parameter 'm'"
expect 1 "$heddle" sweep sub/many.yaml --set 'folder="same/{seed}"' --workers 4 --output many.study --force
says "another program of heddle's is at work in the folder"

# What check finds, with line and column.
refuses 2:20 "there is no parameter 'raet'" <<'YAML'
solver: command
run: [echo, 1, 2, "{raet}"]
parameters: {rate: 1}
YAML
says "did you mean {rate}?"
printf 'a\nb = {{speed}}\n' > bad.tpl
refuses 3:18 "bad.tpl:2: {{speed}}: there is no parameter 'speed'" <<'YAML'
solver: command
run: [cat]
template: {from: bad.tpl, to: ok}
YAML
refuses 3:31 "is not a file inside the folder" <<'YAML'
solver: command
run: [cat]
template: [{from: in.tpl, to: ../../evil}]
YAML
refuses 3:9 "there is no file nowhere.csv" <<'YAML'
solver: command
run: [cat]
files: [nowhere.csv]
YAML
refuses 2:7 "there is no program" <<'YAML'
solver: command
run: [./nowhere]
YAML
refuses 3:12 "xml" <<'YAML'
solver: command
run: [cat]
measures: {xml: stdout}
YAML
refuses 3:26 "not a regular expression" <<'YAML'
solver: command
run: [cat]
measures: {pattern: {a: 'a = ([0-9'}}
YAML
refuses 2:6 "a quote is not closed" <<'YAML'
solver: command
run: echo 'x
YAML
refuses 3:19 "cannot be a name" <<'YAML'
solver: command
run: [cat]
parameters: {a$b: 1}
YAML
refuses 3:20 "seed is a key of every scenario" <<'YAML'
solver: command
run: [cat]
parameters: {seed: 1}
YAML
cat > x.yaml <<'YAML'
solver: command
run: [cat, "{a}", "{b}", "{c}"]
parameters: {a: 1, b: 2.5, c: x}
measure: [anything]
sweep: {grid: {parameters.a: {from: 0, to: 1, count: 5}, parameters.c: [x, y, 3]}, sample: {method: random, count: 4, parameters.b: {uniform: [0, 1]}}}
YAML
expect 0 "$heddle" check x.yaml
cat > x.yaml <<'YAML'
solver: command
run: [no-such-program-here]
YAML
expect 0 "$heddle" check x.yaml
says "x.yaml:2:7: warning: there is no program 'no-such-program-here' on PATH here"

# The result, with tools that know nothing of heddle.
if python3 -c 'import xarray, h5netcdf' 2> /dev/null || python3 -c 'import xarray, netCDF4' 2> /dev/null; then
  gives 0 <<'YAML'
solver: command
run: [sh, -c, 'echo a = 1; echo two; echo oops >&2']
measures: {pattern: {a: 'a = (.*)'}}
YAML
  cat > open.py <<'PY'
import xarray as xr
ds = xr.open_dataset("x.out/result.h5")
assert bytes(ds["output"].values) == b"a = 1\ntwo\n" and ds["output_line"].values.tolist() == [0, 6]
assert bytes(ds["messages"].values) == b"oops\n"
assert ds["measured"].sel(measure="a") == 1 and ds["exit_code"] == 0
assert xr.open_dataset("x.out/result.h5", group="measures")["a"] == 1
PY
  expect 0 python3 open.py
fi
holds "nothing is left in the folder for temporary files: $(ls "$TMPDIR")" test -z "$(ls "$TMPDIR")"
closing
