# Shared by the tests of the command: expect EXIT_CODE COMMAND..., says WORDS (in what the last command printed).
heddle=$1 source=$2
export HEDDLE_AFRESH=1 # studies compute what they are asked for; the test of the store takes it back
work=$(mktemp -d) && cd "$work" || exit 1
trap 'rm -rf "$work"' EXIT
failures=0 checks=0

expect() {
  local code=$1
  shift
  "$@" > stdout 2> stderr < /dev/null
  local got=$?
  checks=$((checks + 1))
  [ $got = "$code" ] || { echo "exit code $got instead of $code: $*"; sed 's/^/    /' stdout stderr | head -20; failures=$((failures + 1)); }
}

says() {
  checks=$((checks + 1))
  cat stdout stderr | grep -qF -- "$*" || { echo "does not say: $*"; sed 's/^/    /' stdout stderr | head -20; failures=$((failures + 1)); }
}

holds() { # a condition in words, then a test
  local what=$1
  shift
  checks=$((checks + 1))
  "$@" || { echo "not so: $what"; failures=$((failures + 1)); }
}

closing() {
  echo "$checks checks, $failures failed"
  [ $failures = 0 ] && [ $checks -gt 0 ]
  exit
}

# A small run of the solver traffic: scenario NAME [SECONDS [CELLS]]
scenario() {
  cat > "$1.yaml" <<YAML
solver: traffic
title: A queue behind a wall
road: {length: 1 km, cells: ${3:-100}, quality: 1}
initial: {kind: equilibrium, state: {motorcycles: 100 veh/km, cars: 33.33 veh/km}}
boundary: {left: {kind: inflow, state: initial}, right: wall}
time: {end: ${2:-20} s}
output: {snapshots: {every: 5 s}, figures: []}
YAML
}
