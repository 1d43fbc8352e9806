# Shared by the invariance tests: digests of runs over threads, levels of the instruction set, compilers and kills.
#
#   one_digest FOLDER COMMAND...      runs and prints the digest
#   killed_digest FOLDER COMMAND...   the same, killed with -9 at a random moment after a checkpoint, and resumed;
#                                     prints "short" where the run is too short to be hit

digest_in() { sed -n 's/^ *"digest": "\([0-9a-f]*\)".*/\1/p' "$1"; }

one_digest() {
  local out=$1 code
  shift
  rm -rf "$out"
  "$@" --output "$out" --json --quiet --no-figures > "$out.json" 2> "$out.err"
  code=$?
  [ $code -le 1 ] || { echo "exit code $code: $*: $(head -5 "$out.err")" >&2; return 1; }
  digest_in "$out.json"
}

has_checkpoint() { compgen -G "$1/checkpoint-*[0-9]" > /dev/null; }

killed_digest() {
  local out=$1 heddle=$2 try pid
  shift
  for try in $(seq 1 40); do
    rm -rf "$out"
    "$@" --output "$out" --json --quiet --no-figures --checkpoint-every 3steps > "$out.json" 2> "$out.err" &
    pid=$!
    while kill -0 $pid 2> /dev/null && ! has_checkpoint "$out"; do :; done
    sleep "0.0$((RANDOM % 3))$((RANDOM % 10))"
    kill -9 $pid 2> /dev/null
    wait $pid 2> /dev/null
    [ ! -e "$out/result.h5" ] && has_checkpoint "$out" && break
    [ "$try" = 40 ] && { echo short; return 0; }
  done
  "$heddle" resume "$out" --json --quiet --no-figures > "$out.json" 2> "$out.err"
  [ $? -le 1 ] || { cat "$out.err" >&2; return 1; }
  digest_in "$out.json"
}

# compare NAME EXPECTED FOUND WHAT: counts a cell and remembers a difference
cells=0 wrong=0
compare() {
  cells=$((cells + 1))
  [ "$2" = "$3" ] || { echo "DIFFERENT $1: $4: $3 instead of $2"; wrong=$((wrong + 1)); }
}
