# Checks 20 and 17 of the nbody specification: the reference ensemble as one command against its ten members alone, bit for bit;
# the means of sixteen seeds of the unbound cluster.
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

# ---- 17: expected mean, and how far off it may be
expect 0 "$heddle" sweep nbody/gd1-seeds.yaml --workers 2 --set output.ledger=2 --output seeds.study
expect 0 "$heddle" export seeds.study --format csv
holds "the means of sixteen seeds" python3 - <<'END'
import csv
rows = list(csv.DictReader(open("seeds.study/table.csv")))
assert len(rows) == 16
wrong = 0
for name, mean, by in (("phi1_p16", -71.8, 2.5), ("phi1_p50", -26.1, 1.5), ("phi1_p84", 10.6, 2.4), ("phi2_p50", -.971, .06), ("distance_p50", 8.285, .07)):
    key = next(k for k in rows[0] if k.split()[0] == name)
    got = sum(float(r[key]) for r in rows) / 16
    print(f"{name}: {got:.4f}, expected {mean} +- {by}")
    wrong += abs(got - mean) > by
assert not wrong
END
closing
