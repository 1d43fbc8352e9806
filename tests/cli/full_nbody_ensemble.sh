# Check 20 of the nbody specification: the reference ensemble as one command against its ten members alone, bit for bit.
. "$2/tests/cli/_check.sh"
cp -r "$source/examples/nbody" .

digest() { python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["digest"])' "$1"; }

expect 0 "$heddle" sweep nbody/gd1-ensemble.yaml --workers 2 --output ensemble.study
expect 0 "$heddle" export ensemble.study --format csv
for member in 0 1 2 3 4 5 6 7 8 9; do
  HEDDLE_AFRESH=1 expect 0 "$heddle" run nbody/gd1-ensemble.yaml --member $member --json --no-figures --output alone.out --force
  cp stdout alone.json
  holds "member $member has the same digest alone" grep -q "$(digest alone.json)" ensemble.study/table.csv
done
closing
