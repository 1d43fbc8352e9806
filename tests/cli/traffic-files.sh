# Files that a traffic scenario reads: a start from a table (initial.kind: file), and a result that errors are taken against
# (output.compare).
. "$2/tests/cli/_check.sh"

# A number out of --json output: value FILE GROUP NAME
value() { python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))[sys.argv[2]][sys.argv[3]]["value"])' "$@"; }
near() { python3 -c 'import sys; a, b, r = map(float, sys.argv[1:]); sys.exit(not abs(a - b) <= r * abs(b))' "$@"; }
digest() { python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["digest"])' "$1"; }

road() { # road CELLS INITIAL: the scenario of NAME.yaml on standard output
  cat <<YAML
solver: traffic
road: {length: 800 m, cells: $1, quality: 1}
initial: $2
boundary: ring
time: {end: 10 s}
output: {figures: []}
YAML
}

# ---- initial.kind: file. The same start twice: from a state, and from a table; speed of one class, marker of the other
road 8 '{kind: uniform, state: {motorcycles: {density: 40 veh/km, speed: 36 km/h}, cars: {density: 20 veh/km, marker: 15 m/s}}}' > state.yaml
road 8 '{kind: file, file: start.csv}' > file.yaml
{ echo 'x [km],density_motorcycles [veh/km],speed_motorcycles [km/h],density_cars [veh/m],marker_cars [m/s]'
  for cell in 50 150 250 350 450 550 650 750; do echo "0.$(printf %03d $cell),40,36,0.02,15"; done; } > start.csv
expect 0 "$heddle" check file.yaml
for name in state file; do
  expect 0 "$heddle" run $name.yaml --json --output $name.out
  cp stdout $name.json
done
holds "the same measure" near "$(value file.json measures vehicle_distance)" "$(value state.json measures vehicle_distance)" 1e-13
if command -v h5dump > /dev/null; then
  h5dump -d density -y -m '%.14e' state.out/result.h5 | sed 1d > state.dump
  h5dump -d density -y -m '%.14e' file.out/result.h5 | sed 1d > file.dump
  holds "the same densities" cmp -s state.dump file.dump
fi

bad() { # bad WORDS: start.csv made of standard input is refused with these words
  cat > start.csv
  expect 2 "$heddle" check file.yaml
  says "$1"
  says ": error: "
}
cp start.csv good.csv
bad "start.csv has 7 rows for 8 cells" < <(head -8 good.csv)
bad "start.csv, row 4: x is 360 m, the centre of the cell 350 m" < <(sed 's/^0.350/0.360/' good.csv)
bad "start.csv, row 2: density of motorcycles is -40 veh/km, below 0" < <(sed 's/^0.150,40/0.150,-40/' good.csv)
bad "row 8: densities are 420 veh/km together, above the jam density 250 veh/km" < <(sed 's/^0.750,40/0.750,400/' good.csv)
bad "row 8: cars would drive backwards" < <(sed 's/^0.750,40,36,0.02,15/0.750,40,36,0.02,1/' good.csv)
bad "unit" < <(sed 's/density_cars \[veh\/m\]/density_cars/' good.csv)
bad "has neither speed nor marker of cars" < <(sed 's/marker_cars/marker_trucks/' good.csv)
bad "density_cars" < <(sed 's/density_cars/density_trucks/' good.csv)
bad "fast" < <(sed 's/^0.250,40,36/0.250,40,fast/' good.csv)
rm start.csv
expect 2 "$heddle" check file.yaml
says "there is no file start.csv"

# ---- output.compare with a result: itself, finer and coarser grids, what does not fit
sines='{kind: waves, background: {motorcycles: 50 veh/km, cars: 20 veh/km}, waves: [{class: motorcycles, amplitude: 5 veh/km}]}'
for cells in 50 100 200; do road $cells "$sines" > $cells.yaml; done
expect 0 "$heddle" run 100.yaml --output 100.out
expect 0 "$heddle" run 100.yaml --set output.compare=100.out --json --output same.out
cp stdout same.json
for error in error_density error_speed error_marker; do
  holds "$error is 0 against the run itself" near "$(value same.json measures $error)" 0 0
done
holds "stored numbers do not depend on it" [ "$(digest same.json)" = "$("$heddle" run 100.yaml --json --output again.out | python3 -c 'import json, sys; print(json.load(sys.stdin)["digest"])')" ]
expect 0 "$heddle" run 200.yaml --output 200.out
expect 0 "$heddle" run 50.yaml --output 50.out
expect 0 "$heddle" run 50.yaml --set output.compare=100.out/result.h5 --json --output down.out
cp stdout down.json
expect 0 "$heddle" run 100.yaml --set output.compare=50.out --json --output up.out
cp stdout up.json
for error in error_density error_speed error_marker; do
  holds "$error is the same both ways" near "$(value up.json measures $error)" "$(value down.json measures $error)" 1e-9
  holds "$error is not 0" [ "$(value up.json measures $error)" != 0.0 ]
done
# against a finer grid: of first order, the errors of dx and dx/2 against dx/4 are as 1 - 1/4 to 1/2 - 1/4
expect 0 "$heddle" run 50.yaml --set output.compare=200.out --json --output a.out
cp stdout a.json
expect 0 "$heddle" run 100.yaml --set output.compare=200.out --json --output b.out
cp stdout b.json
holds "errors against 200 cells are as 3 to 1" near "$(value a.json measures error_density)" "$(python3 -c "print(3 * $(value b.json measures error_density))")" 0.1

expect 2 "$heddle" check 100.yaml --set output.compare=missing.out
says "there is no file missing.out"
expect 2 "$heddle" check 100.yaml --set output.compare=100.yaml
says "100.yaml cannot be read"
expect 2 "$heddle" check 100.yaml --set output.compare=100.out --set road.cells=150
says "100.out/result.h5 has 100 cells, this road 150"
expect 2 "$heddle" check 100.yaml --set output.compare=100.out --set road.length=900m
says "the road of 100.out/result.h5 is from 0 m to 800 m, this one from 0 m to 900 m"
cat > one.yaml <<YAML
solver: traffic
preset: one-class
road: {length: 800 m, cells: 100}
initial: {kind: equilibrium, state: {cars: 20 veh/km}}
boundary: ring
time: {end: 10 s}
output: {figures: []}
YAML
expect 0 "$heddle" check one.yaml --set output.compare=100.out
expect 0 "$heddle" run one.yaml --output one.out
expect 2 "$heddle" check 100.yaml --set output.compare=one.out
says "one.out/result.h5 has no class 'motorcycles'"
expect 0 "$heddle" check 100.yaml --set output.compare=100.out --set time.end=5s
says "the last profile of 100.out/result.h5 is of t = 10 s, the end is at t = 5 s"
closing
