# The traffic solver through the command: import of the predecessor's files, with and without compat; check's facts and
# warnings; npz in NumPy without pickle, csv, figures with something in them.
. "$2/tests/cli/_check.sh"
cp -r "$source/examples/traffic" .

# A number out of --json output: value FILE GROUP NAME
value() { python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))[sys.argv[2]][sys.argv[3]]["value"])' "$@"; }
digest() { python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["digest"])' "$1"; }
near() { python3 -c 'import sys; a, b, r = map(float, sys.argv[1:]); sys.exit(not abs(a - b) <= r * abs(b))' "$@"; }

# ---- check: linear growth, a stretch that cannot carry the inflow
cat > riemann.yaml <<END
solver: traffic
preset: arz2025
road: {length: 1 km, cells: 100, quality: 3}
initial:
  kind: riemann
  split: 500 m
  left:  {motorcycles: {density: 20 veh/km, marker: 25 m/s}, cars: {density: 10 veh/km, marker: 22 m/s}}
  right: {motorcycles: {density: 80 veh/km, marker: 8 m/s},  cars: {density: 40 veh/km, marker: 6 m/s}}
boundary: {left: {kind: inflow, state: initial}, right: open}
time: {end: 60 s}
output: {snapshots: {every: 5 s}}
END
expect 0 "$heddle" check riemann.yaml --json
cp stdout check.json
holds "growth rate of 3.6" near "$(value check.json facts linear_growth_rate)" 0.165231888 1e-8
holds "at 20 m" near "$(value check.json facts linear_growth_wavelength)" 20 0
says "waves of 20 m grow at 0.1652 1/s"
cat > degraded.yaml <<END
solver: traffic
road: {length: 3 km, cells: 600, quality: [{from: 0 m, category: 1}, {from: 1 km, category: 4}]}
initial: {kind: equilibrium, quality: 1, state: {motorcycles: 15 veh/km, cars: 5 veh/km}}
boundary: {left: {kind: inflow, state: initial}, right: open}
time: {end: 10 s}
END
expect 0 "$heddle" check degraded.yaml --set 'road.quality[1].category=5'
says "category 5 cannot carry the inflow"

# ---- import: as it is, and what `new` writes of it, give the same run
expect 0 "$heddle" run traffic/import-riemann.yaml --json --output import.out
cp stdout import.json
expect 0 "$heddle" new traffic --from traffic/import/riemann.yml --output new.yaml
expect 0 "$heddle" run new.yaml --json --output new.out
cp stdout new.json
holds "the same digest" [ "$(digest import.json)" = "$(digest new.json)" ]

# ---- import under compat: the run of category 1 that was timed, to 8 digits of the stored array
expect 0 "$heddle" run traffic/import-riemann.yaml --set compat=arz2025 --json --output compat.out
says "road_quality_definition is ignored, as the predecessor does"
cp stdout compat.json
holds "170 steps" near "$(value compat.json measures steps)" 170 0
expect 0 "$heddle" export compat.out --format npz
expect 0 "$heddle" export compat.out --format csv
holds "columns of the predecessor" [ "$(head -1 compat.out/ledger.csv)" = time_sec,mass_m,mass_c ]
if python3 -c 'import numpy' 2> /dev/null; then
  holds "written in Python" python3 - <<END
import numpy
z = numpy.load("compat.out/result.npz", allow_pickle=False)
assert sorted(z.files) == ["quality", "states", "times", "x"], z.files
assert z["times"].shape == (13,) and z["times"].dtype == "<f8"
assert z["states"].shape == (13, 4, 100) and z["x"].shape == (100,) and set(z["quality"]) == {1}
stored = {25: [.024320246937, 20.476845232251, .012248162113, 17.904476828339],
          50: [.024167064702, 20.525579393275, .012033156882, 17.974019422850],
          75: [.023921858644, 20.489745029631, .012056355544, 17.576054614911]}
for cell, expected in stored.items():
    assert numpy.allclose(z["states"][-1, :, cell], expected, rtol=1e-8, atol=0), z["states"][-1, :, cell]
assert numpy.allclose(z["states"][-1].sum(axis=1) * 10, [24.78539784909, 20249.74326797, 12.78433863787, 17496.06246853], rtol=1e-8, atol=0)
END
else
  echo "numpy is missing: npz not opened"
fi

# ---- errors in an imported file name it
sed 's/type: outflow/type: outlow/' traffic/import/riemann.yml > traffic/import/wrong.yml
expect 2 "$heddle" check traffic/import-riemann.yaml --set import.arz.scenario=traffic/import/wrong.yml
says "wrong.yml:19:11: error: unknown type 'outlow' of a boundary"

# ---- figures
if command -v gnuplot > /dev/null; then
  for name in profiles density_map speed_map mass_error step_length flow_density; do
    holds "$name.svg is drawn" [ -s "import.out/figures/$name.svg" ]
    holds "$name.png is drawn" [ -s "import.out/figures/$name.png" ]
  done
  holds "axes with units" grep -q "veh/km" import.out/figures/profiles.svg
fi
closing
