#!/bin/bash
# Every example has one digest whatever threads, level, compiler and interruptions it is given. Quick: a few cells each.
#   examples.sh HEDDLE SOURCE [full]     HEDDLE_CLANG: the command built by the other compiler, if there is one
heddle=$1 source=$2 full=$3
. "$(dirname "$0")/_digests.sh"
work=$(mktemp -d) && cd "$work" || exit 1
trap 'rm -rf "$work"' EXIT

shopt -s nullglob
plugin=$(dirname "$heddle")/examples/own-solver/pendulums.so
files=("$source"/examples/traffic/*.yaml)
[ -e "$plugin" ] && files+=("$source/examples/own-solver/pendulums.yaml")

cell() { # FILE straight|killed ISA HEDDLE THREADS
  local more=()
  [[ $1 == */own-solver/* ]] && more=(--plugin "$plugin")
  local how=one_digest
  [ "$2" = killed ] && how=killed_digest
  HEDDLE_ISA=$3 $how run.out "$4" run "$1" --threads "$5" "${more[@]}"
}

for file in "${files[@]}"; do
  name=$(basename "$file" .yaml)
  expected=$(cell "$file" straight v4 "$heddle" 1)
  [ -n "$expected" ] || { echo "no digest: $name"; wrong=$((wrong + 1)); continue; }
  if [ -z "$full" ]; then
    compare "$name" "$expected" "$(cell "$file" straight v2 "$heddle" 2)" "v2, 2 threads"
    compare "$name" "$expected" "$(cell "$file" straight v3 "${HEDDLE_CLANG:-$heddle}" 3)" "v3, 3 threads"
    continue
  fi
  for binary in "$heddle" $HEDDLE_CLANG; do
    for isa in v2 v3 v4; do
      for threads in 1 2 3 5 8; do
        for how in straight killed; do
          found=$(cell "$file" $how $isa "$binary" $threads)
          [ "$found" = short ] || compare "$name" "$expected" "$found" "$how, $isa, $threads threads, $binary"
        done
      done
    done
  done
done
echo "$cells cells compared over ${#files[@]} examples, $wrong different"
[ $wrong = 0 ] && [ $cells -gt 0 ]
