#!/bin/bash
# No case is computed twice in one store: by another study, by a part of one, by one with fewer measures.
. "$(dirname "$0")/_check.sh"
unset HEDDLE_AFRESH
scenario road 5 40
cat >> road.yaml <<< 'measure: [travel_time, mass_drift]'
cells() { echo "road.cells={from: $1, to: $2, count: $3}"; }
number() { sed -n "s/.*\"$1\": \([0-9]*\),*$/\1/p" stdout; }
digests() { tail -n +2 "$1/table.csv" | sed 's/.*,//'; }
computes() { # COMPUTED REUSED
  holds "$1 are computed, $2 taken over ($(number computed), $(number reused))" test "$(number computed)/$(number reused)" = "$1/$2"
}

expect 0 "$heddle" sweep road.yaml --grid "$(cells 40 50 11)" --output one.study --json
computes 11 0
expect 0 "$heddle" sweep road.yaml --grid "$(cells 45 54 10)" --output two.study --json
computes 4 6
holds "the same results" test "$(digests two.study | head -6)" = "$(digests one.study | tail -6)"
holds "the table says where from" test "$(grep -c "done (from $work/one.study)" two.study/table.csv)" = 6
expect 0 "$heddle" status two.study
says "6 of them were computed by other studies"
expect 0 "$heddle" sweep road.yaml --grid "$(cells 45 54 10)" --output two.study --json
computes 0 6 # read again from its own journal
expect 0 "$heddle" sweep road.yaml --grid "$(cells 40 54 15)" --output three.study --json
computes 0 15
holds "named where it was computed, not where it was found" \
  test "$(grep -c "done (from $work/one.study)" three.study/table.csv)/$(grep -c "done (from $work/two.study)" three.study/table.csv)" = 11/4
expect 0 "$heddle" sweep road.yaml --grid "$(cells 40 54 15)" --output three.study --json --force
computes 15 0
HEDDLE_AFRESH=1 expect 0 "$heddle" sweep road.yaml --grid "$(cells 40 42 3)" --output four.study --json
computes 3 0

# measures that others did not tabulate; fewer than others did; another seed, another folder
expect 0 "$heddle" sweep road.yaml --grid "$(cells 40 42 3)" --output more.study --json --set 'measure=[travel_time, delay]'
computes 3 0
expect 0 "$heddle" sweep road.yaml --grid "$(cells 40 42 3)" --output fewer.study --json --set 'measure=[delay]'
computes 0 3
holds "the right column" test "$(cut -d, -f4 fewer.study/table.csv)" = "$(cut -d, -f5 more.study/table.csv)"
expect 0 "$heddle" sweep road.yaml --grid "$(cells 40 42 3)" --set seed=7 --output seed.study --json
computes 3 0
HEDDLE_STORE=$work/other expect 0 "$heddle" sweep road.yaml --grid "$(cells 40 42 3)" --output five.study --json
computes 3 0
mkdir away
expect 0 "$heddle" sweep road.yaml --grid "$(cells 40 42 3)" --output away/six.study --json
computes 3 0

# a study that is gone is not asked, nor is one that is damaged
rm -r one.study two.study three.study four.study fewer.study
expect 0 "$heddle" sweep road.yaml --grid "$(cells 50 52 3)" --output seven.study --json
computes 3 0
holds "what is gone is no longer listed" test "$(ls .heddle/studies | wc -l)" = 3
size=$(stat -c %s seven.study/journal)
printf 'x' | dd of=seven.study/journal bs=1 seek=$((size - 300)) conv=notrunc status=none
expect 0 "$heddle" sweep road.yaml --grid "$(cells 50 53 4)" --output eight.study --json
holds "a damaged journal costs its members, no study" test "$(number done)" = 4

# two results of one case stop a study loudly; the store that cannot be read does not
mkdir lies && cp -r eight.study lies/eight.study
python3 - <<'PY' 2> /dev/null || skip=1
import binascii, struct
table = []
for i in range(256):
    c = i
    for _ in range(8): c = c >> 1 ^ (0x82F63B78 if c & 1 else 0)
    table.append(c)
def crc(b):
    c = 0xffffffff
    for x in b: c = table[(c ^ x) & 255] ^ c >> 8
    return c ^ 0xffffffff
data = bytearray(open('lies/eight.study/journal', 'rb').read())
at, n = 16, 0
while at < len(data):
    length = struct.unpack_from('<I', data, at)[0]
    if n == 1: # the first member: its digest comes after kind, member and identity
        data[at + 8 + 32] ^= 1
        struct.pack_into('<I', data, at + 4, crc(data[at:at + 4] + data[at + 8:at + 8 + length]))
    at, n = at + 8 + length, n + 1
open('lies/eight.study/journal', 'wb').write(data)
PY
if [ -z "$skip" ]; then
  echo -n "$work/lies/eight.study" > .heddle/studies/00000000000000000000000000000000
  expect 4 "$heddle" sweep road.yaml --grid "$(cells 50 54 5)" --output nine.study
  says "are the same case, but their results differ"
  expect 4 "$heddle" merge eight.study lies/eight.study --output ten.study
  says "are the same case, but their results differ"
  holds "nothing was begun" test ! -e ten.study/journal
fi
rm -r .heddle && echo > .heddle
expect 0 "$heddle" sweep road.yaml --grid "$(cells 50 54 5)" --output nine.study --force --json
computes 5 0

# programs promise nothing, unless their scenario does
cat > echo.yaml <<'YAML'
solver: command
run: [sh, -c, 'echo {n} >> "$0"; echo {"x": {n}}', LOG]
parameters: {n: 1}
measures: {json: stdout}
measure: [x]
sweep: {grid: {parameters.n: [1, 2, 3]}}
YAML
sed -i "s|LOG|$work/ran|; s|echo {\"x\": {n}}|echo {\\\\\"x\\\\\": {n}}|" echo.yaml
rm -f .heddle
for promise in false true; do
  rm -f ran
  expect 0 "$heddle" sweep echo.yaml --set deterministic=$promise --output e1-$promise.study --quiet
  expect 0 "$heddle" sweep echo.yaml --set deterministic=$promise --output e2-$promise.study --quiet
  wanted=6
  [ $promise = true ] && wanted=3
  holds "deterministic $promise: $wanted programs ran" test "$(wc -l < ran)" = $wanted
done

# a promise that is not kept stops a merge; nothing promised, nothing to keep
sed -i 's/echo {.*{n}}/echo {\\"x\\": $(date +%N)}/' echo.yaml
for promise in false true; do
  for i in 1 2; do expect 0 "$heddle" sweep echo.yaml --set deterministic=$promise --output said-$promise-$i.study --force --quiet; done
  expect $([ $promise = true ] && echo 4 || echo 0) "$heddle" merge said-$promise-?.study --output said-$promise.study
done
closing
