#!/bin/bash
# Bad scenarios: `heddle check` says what is wrong in the words of NAME.expected: all errors of a file at once, each with line,
# column and a way out; it ends with 2, within a second, and writes nothing. With UPDATE=1 the expected files are written.
. "$(dirname "$0")/_check.sh"
data=$source/tests/data/bad
cp "$data"/*.yaml . || exit 1
for yaml in *.yaml; do
  expected=$data/${yaml%.yaml}.expected
  expect 2 timeout 5 "$heddle" check "$yaml"
  holds "$yaml: nothing on standard output" test ! -s stdout
  sed -n '/: warning: /,$!p' stderr > errors
  [ -n "$UPDATE" ] && cp errors "$expected"
  cmp -s errors "$expected" || { echo "$yaml says:"; diff "$expected" errors; failures=$((failures + 1)); }
  count=$(grep -c ': error: ' errors)
  placed=$(grep -cE '^[^ :]+:[0-9]+:[0-9]+: error: ' errors)
  ways=$(grep -cE '^  hint: |: error: .*(expected|must be|must ascend|not in this version)' errors)
  holds "$yaml: at least one error" test "$count" -gt 0
  holds "$yaml: a place for each error" test "$count" = "$placed"
  holds "$yaml: a way out for each error" test "$ways" -ge "$count"
  rm -f stdout stderr errors
done
holds "nothing is written" test "$(ls | grep -cv '\.yaml$')" = 0
holds "at least 80 files" test "$(ls "$data"/*.yaml | wc -l)" -ge 80
closing
