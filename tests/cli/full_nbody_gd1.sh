# Check 19 of the nbody specification: gd1.yaml and the same with half its step give the same core_fraction and stream_length
# within the scatter of eight seeds (gd1-scatter.yaml), and the cluster stays bound. Some ten minutes of one core.
. "$2/tests/cli/_check.sh"
cp -r "$source/examples/nbody" .
scatter=${scatter:-nbody/gd1-scatter.yaml} # STEPS=2000 tries the script itself
few=${STEPS:+--set time.steps=$STEPS}

steps=${STEPS:-$("$heddle" check nbody/gd1.yaml --json 2> /dev/null | python3 -c 'import json, sys; print(int(json.load(sys.stdin)["facts"]["steps"]["value"]))')}
[ -n "$STEPS" ] || holds "0.02 of the internal dynamical time: 47,097 steps" [ "$steps" = 47097 ]
expect 0 "$heddle" sweep "$scatter" $few --workers 2 --set output.ledger=2 --set output.figures=[] --output scatter.study
expect 0 "$heddle" export scatter.study --format csv
for what in whole half; do
  expect 0 "$heddle" run nbody/gd1.yaml --set time.steps=$([ $what = half ] && echo $((2 * steps)) || echo $steps) --set output.ledger=2 --no-figures --json --output $what.out
  cp stdout $what.json
done
holds "the same within the scatter, and bound" python3 - <<'END'
import csv, json, math
rows = [r for r in csv.DictReader(open("scatter.study/table.csv"))]
key = lambda name: next(k for k in rows[0] if k.split()[0] == name)
whole, half = (json.load(open(f"{n}.json"))["measures"] for n in ("whole", "half"))
assert len(rows) == 8, len(rows)
for name in ("core_fraction", "stream_length"):
    seeds = [float(r[key(name)]) for r in rows]
    mean = sum(seeds) / 8
    scatter = math.sqrt(sum((x - mean) ** 2 for x in seeds) / 7)
    a, b = whole[name]["value"], half[name]["value"]
    print(f"{name}: step {a:.4f}, half {b:.4f}; eight seeds {mean:.4f} +- {scatter:.4f}: {min(seeds):.4f} .. {max(seeds):.4f}")
    assert abs(a - b) <= 2 * scatter, name
    if name == "core_fraction":
        assert min(seeds + [a, b]) > 0.5, "the cluster stays bound"
END
closing
