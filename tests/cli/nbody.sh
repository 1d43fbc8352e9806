# The nbody solver through the command: facts of check, Gadget and CSV out and in, a failing orbit, figures, the frames of an
# animation, devices. Bad input: nbody_bad.sh; what must be survived: nbody_survive.sh.
. "$2/tests/cli/_check.sh"
cp -r "$source/examples/nbody" .

value() { python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))[sys.argv[2]][sys.argv[3]]["value"])' "$@"; }
digest() { python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["digest"])' "$1"; }
near() { python3 -c 'import sys; a, b, r = map(float, sys.argv[1:]); sys.exit(not abs(a - b) <= r * abs(b))' "$@"; }

# ---- check 4: units of a dimensionless system
expect 0 "$heddle" check nbody/kepler.yaml --json --set "units.length=10 kpc" --set "units.mass=1e8 Msun"
cp stdout facts.json
holds "G = 1" near "$(value facts.json facts G_code)" 1 0
holds "time unit" near "$(value facts.json facts time_unit)" 1.49096014259155 1e-13
holds "1 Gyr" near "$(value facts.json facts gigayear)" 0.670708740920346 1e-13
expect 0 "$heddle" check nbody/kepler.yaml --json --set "units.length=1 kpc" --set "units.mass=1 Msun"
cp stdout facts.json
holds "1 Gyr of (1 kpc, 1 Msun)" near "$(value facts.json facts gigayear)" 2.12096726789207e-3 1e-13
expect 0 "$heddle" check nbody/gd1.yaml --json
cp stdout facts.json
holds "steps of gd1" near "$(value facts.json facts steps)" 47097 0
holds "G in kpc, Msun, Gyr" near "$(value facts.json facts G_code)" 4.498502151469552e-6 1e-13
expect 0 "$heddle" check nbody/gd1-reference.yaml
says "the step 3 Myr is 0.94 of the internal dynamical time 3.18 Myr of bodies.cluster: it will dissolve numerically"
says "time.step: auto"

# ---- check 8: the order of leapfrog; no unit in a dimensionless system
expect 0 "$heddle" converge nbody/kepler.yaml
says "order, truth: mean 1.99"
holds "no unit" sh -c "! grep -q kpc stdout stderr"

# ---- files: out, in again, and the same run from them
cat > cluster.yaml <<'END'
solver: nbody
title: a small cluster in the Milky Way
seed: 3
preset: milky_way_2014
time: {start: 0 Gyr, end: 10 Myr, steps: 20}
bodies:
  cluster: {type: plummer, count: 300, mass: 3e4 Msun, scale_radius: 50 pc, star: true,
            place: {position: 8 0 0 kpc, velocity: 0 220 0 km/s}}
  dust: {type: circle, count: 20, radius: 7 kpc, speed: 220 km/s}
output: {snapshots: 3, ledger: 3, formats: [gadget, csv], figures: []}
END
expect 0 "$heddle" run cluster.yaml --json
cp stdout cluster.json
cat > again.yaml <<'END'
solver: nbody
preset: milky_way_2014
time: {start: 0 Gyr, end: 10 Myr, steps: 20}
bodies: {all: {type: particles, file: cluster.out/snapshot_000.csv}}
output: {snapshots: 3, ledger: 3, figures: []}
END
expect 0 "$heddle" run again.yaml --json
expect 0 "$heddle" run again.yaml --json --output gadget.out --set bodies.all.file=cluster.out/snapshot_000.hdf5
for out in cluster again gadget; do
  expect 0 "$heddle" export $out.out --format csv
done
holds "the same bodies from both files" python3 - <<'END'
import csv
def rows(name):
    r = list(csv.DictReader(open(name + ".out/snapshot_002.csv")))
    return {int(x["id"]): [float(v) for k, v in x.items() if k.split()[0] in ("x", "y", "z", "vx", "vy", "vz")] for x in r}
a, b, c = rows("cluster"), rows("again"), rows("gadget")
assert len(a) == 320 and set(a) == set(b) == set(c)
for other in (b, c):
    worst = max(abs(p - q) / (1 + abs(p)) for i in a for p, q in zip(a[i], other[i]))
    assert worst < 1e-8, worst
END
if python3 -c 'import h5py' 2> /dev/null; then
  holds "attributes of Gadget files" python3 - <<'END'
import h5py
f = h5py.File("cluster.out/snapshot_002.hdf5")
h = f["Header"].attrs
assert list(h["NumPart_ThisFile"]) == [0, 20, 0, 0, 300, 0] and list(h["NumPart_Total_HighWord"]) == [0] * 6
assert h["Redshift"] == 0 and h["HubbleParam"] == 1 and h["Omega0"] == 0 and h["NumFilesPerSnapshot"] == 1
assert abs(h["Time"] * 0.9777922216807892 - 0.01) < 1e-15, h["Time"]
assert "HubbleParam" not in f["Parameters"].attrs and f["Parameters"].attrs["Time_GYR"] == 0.01
assert f["Units"].attrs["UnitMass_in_g"] == 1.988409870698051e43
assert f["PartType4/Coordinates"].shape == (300, 3) and f["PartType1/ParticleIDs"].dtype == "uint64"
END
else
  echo "h5py is missing: attributes of Gadget files not looked at"
fi
for reader in yt pynbody; do
  if python3 -c "import $reader" 2> /dev/null; then
    expect 0 python3 "$source/tests/data/open_gadget.py" $reader cluster.out/snapshot_002.hdf5
  else
    echo "$reader is missing: Gadget files not opened with it"
  fi
done

# ---- a physical snapshot in a scaled system with G = 1: the same bodies in other units
cat > scaled.yaml <<'END'
solver: nbody
units: {system: nbody, length: 2 kpc, mass: 1e5 Msun}
time: {start: 0, end: 0}
bodies: {all: {type: particles, file: cluster.out/snapshot_000.hdf5}}
output: {figures: [], formats: [gadget]}
END
expect 0 "$heddle" run scaled.yaml
expect 0 "$heddle" run scaled.yaml --set units.length=null --set units.mass=null --set bodies.all.file=scaled.out/snapshot_000.hdf5 --output code.out
expect 0 "$heddle" run scaled.yaml --set bodies.all.file=cluster.out/snapshot_000.csv --output table.out
expect 0 "$heddle" export table.out --format csv
expect 0 "$heddle" run scaled.yaml --set bodies.all.file=table.out/snapshot_000.csv --output bare.out
for out in scaled code bare; do
  expect 0 "$heddle" export $out.out --format csv
done
holds "kpc and code units" python3 - <<'END'
import csv
def rows(name):
    r = list(csv.DictReader(open(name + ".out/snapshot_000.csv")))
    return {int(x["id"]): [float(x[k]) for k in x if k.split()[0] in ("x", "y", "z", "vx", "vy", "vz", "mass")] for x in r}
a, b, c, d, e = rows("cluster"), rows("scaled"), rows("code"), rows("table"), rows("bare")
V = (4.498502151469552e-6 * 1e5 / 2) ** .5 * 0.9777922216807892
unit = [2, 2, 2, V, V, V, 1e5]
assert set(a) == set(b) == set(c)
for i in a:
    assert all(abs(p - q * u) <= 1e-12 * abs(p) for p, q, u in zip(a[i], b[i], unit)), (a[i], b[i])
    assert b[i] == c[i] and d[i] == e[i]
    assert all(abs(p - q * u) <= 1e-12 * abs(p) for p, q, u in zip(a[i], d[i], unit)), (a[i], d[i])
END

# ---- an orbit that cannot be followed fails alone
cat > orbits.yaml <<'END'
solver: nbody
time: {end: 1 Gyr}
potential: {hole: {type: point, mass: 1e11 Msun}}
bodies: {pair: {type: particles, position: [8 0 0 kpc, 1 0 0 kpc], velocity: [0 220 0 km/s, 0 0 0 km/s]}}
numerics: {integrator: dop853, max_steps: 3000}
output: {figures: []}
END
expect 1 "$heddle" run orbits.yaml
says "particle 1"

# ---- devices
expect 3 "$heddle" run nbody/sky.yaml --output sky.out --device cuda
says "the device 'cuda' is not here"
expect 0 "$heddle" run nbody/sky.yaml --output sky.out --device auto
says "the CPU computes"

# ---- figures and frames
if command -v gnuplot > /dev/null; then
  expect 0 "$heddle" run cluster.yaml --output figures.out --set 'output.figures=[sky, tracks, projections, orbit, errors, radii, animation]'
  for name in sky tracks projections orbit errors radii animation-0001 animation-0003; do
    holds "$name.svg is drawn" [ -s "figures.out/figures/$name.svg" ]
  done
  holds "no fourth frame" [ ! -e figures.out/figures/animation-0004.svg ]
  expect 0 "$heddle" run nbody/rotation-curve.yaml --output curve.out
  holds "axes with units" grep -q "km/s" curve.out/figures/rotation_curve.svg
fi
closing
