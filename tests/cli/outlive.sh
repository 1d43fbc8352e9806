#!/bin/bash
# No program that heddle started outlives it: not after kill -9 of heddle, alone or with workers, nor the program's children.
. "$(dirname "$0")/_check.sh"
cat > slow.yaml <<YAML
solver: command
run: [sh, -c, 'echo \$\$ >> $work/pids; sleep 300 & echo \$! >> $work/pids; sleep 300']
parameters: {n: 1}
measures: {pattern: {x: "x(.*)"}}
sweep: {grid: {parameters.n: [1, 2, 3, 4]}}
YAML
lives() { # how many of the processes in the list are there
  local pid count=0
  while read -r pid; do ! kill -0 "$pid" 2> /dev/null || grep -q '^State:.[ZX]' "/proc/$pid/status" 2> /dev/null || count=$((count + 1)); done < pids
  echo $count
}
soon() { # COUNT: so many live, within 5 s
  for ((i = 0; i < 500; i++)); do
    [ "$(lives)" != "$1" ] || return 0
    sleep 0.01
  done
  return 1
}
killed() { # PROCESSES SIGNAL COMMAND...
  local wanted=$1 signal=$2 pid
  shift 2
  : > pids
  "$@" > /dev/null 2>&1 & pid=$!
  holds "$wanted processes live: $*" soon "$wanted"
  kill -"$signal" $pid
  wait $pid 2> /dev/null
  holds "none is left after kill -$signal: $*" soon 0
}
killed 2 9 "$heddle" run slow.yaml --force
killed 4 9 "$heddle" sweep slow.yaml --workers 2 --isolate thread --force
killed 2 9 "$heddle" sweep slow.yaml --isolate none --force
killed 4 INT "$heddle" sweep slow.yaml --workers 2 --isolate thread --force
if "$heddle" sweep slow.yaml --isolate process --dry-run 2> /dev/null; then killed 4 9 "$heddle" sweep slow.yaml --workers 2 --isolate process --force; fi
closing
