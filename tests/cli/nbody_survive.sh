# What nbody must survive (section 9 of its specification): escapers, centres, one body, no potential, one place, masses over 12
# decades, no time, massless beside massive, ids beyond 2^32, members of different lengths, steps that underflow; runs that are
# stopped between outputs; check 21: seven members on two workers, one with a NaN in its file.
. "$2/tests/cli/_check.sh"

digest() { python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["digest"])' "$1"; }

# ---- what must be survived: escapers, centres, one body, no potential, one place, masses over 12 decades, no time
survives() { # TITLE, then the scenario on standard input
  { echo "solver: nbody"; cat; } > odd.yaml
  expect 0 "$heddle" run odd.yaml --force --no-figures
  holds "$1: finite" python3 -c '
import csv, math, subprocess, sys
subprocess.run([sys.argv[1], "export", "odd.out", "--format", "csv"], check=True, capture_output=True)
import glob
for row in csv.DictReader(open(sorted(glob.glob("odd.out/snapshot_*.csv"))[-1])):
    assert all(math.isfinite(float(v)) for k, v in row.items() if k.split()[0] in ("x", "y", "z", "vx", "vy", "vz"))' "$heddle"
}
survives "an escaper" <<'END'
preset: milky_way_2014
time: {end: 1 Gyr, steps: 100}
bodies: {star: {type: particles, position: [1e6 0 0 kpc], velocity: [1e4 0 0 km/s]}}
END
survives "the centre" <<'END'
time: {end: 1 Gyr, steps: 100}
potential: {disk: {type: miyamoto_nagai, mass: 1e11 Msun, a: 3 kpc, b: 280 pc}, halo: {type: nfw, mass: 1e12 Msun, scale_radius: 15 kpc},
            bulge: {type: power_law_cutoff, mass: 1e9 Msun, cutoff_radius: 1.9 kpc},
            log: {type: logarithmic, speed: 220 km/s, core_radius: 1 kpc}, tri: {type: triaxial_nfw, mass: 1e12 Msun, scale_radius: 20 kpc, q1: 0.9, q2: 0.8},
            two: {type: two_power, density: 1e7 Msun/kpc^3, scale_radius: 15 kpc, alpha: 0.5, beta: 3.4},
            thin: {type: exponential_disk, mass: 1e10 Msun, radial_scale: 3 kpc, height: 300 pc}}
bodies: {star: {type: particles, position: [0 0 0 kpc]}}
END
survives "one body and no potential" <<'END'
time: {end: 1 Gyr, steps: 10}
bodies: {star: {type: particles, position: [1 2 3 kpc], velocity: [1 0 0 km/s], masses: [1 Msun]}}
END
survives "all at one place" <<'END'
units: {system: nbody}
time: {end: 1, steps: 10}
gravity: {softening: 0.1}
bodies: {all: {type: particles, position: [0 0 0, 0 0 0, 0 0 0], masses: [1, 1e-12, 0]}}
END
survives "massless beside massive, no time" <<'END'
time: {start: 1 Gyr, end: 1 Gyr}
bodies: {stars: {type: plummer, count: 100, mass: 1e4 Msun, scale_radius: 1 pc}, dust: {type: circle, count: 300, radius: 1 kpc, speed: 1 km/s}}
END
cat > ids.csv <<'END'
id,x [kpc],y [kpc],z [kpc],vx [km/s],vy [km/s],vz [km/s],mass [Msun]
4294967297,1,0,0,0,0,0,1
9007199254740991,2,0,0,0,0,0,1
END
survives "ids beyond 2^32" <<'END'
time: {end: 1 Myr, steps: 2}
bodies: {all: {type: particles, file: ids.csv}}
output: {formats: [csv]}
END
holds "they are kept" grep -q ^9007199254740991, odd.out/snapshot_001.csv

# ---- the order of rows in a file changes nothing: bodies stand in the order of their numbers
sphere() { # SORT...: rows in another order
  { echo 'id,x [kpc],y [kpc],z [kpc],vx [km/s],vy [km/s],vz [km/s],mass [Msun]'
    for i in 5000000001 5000000002 5000000003 5000000004 5000000005; do
      echo "$i,$((i % 7)),$((i % 3)),$((i % 5)),$((i % 11)),0,1,1e9"
    done | "$@"; } > sphere.csv
}
cat > order.yaml <<'END'
solver: nbody
time: {end: 100 Myr, steps: 50}
bodies: {all: {type: particles, file: sphere.csv}}
output: {figures: []}
END
for order in "sort" "sort -r" "sort -t, -k3"; do
  sphere $order
  expect 0 "$heddle" run order.yaml --json --force
  digest stdout >> digests
done
holds "one digest for every order" [ "$(sort -u digests | wc -l)" = 1 ]

# ---- members of different lengths, one of which cannot be followed: two masses without softening that fall into each other
cat > pairs.yaml <<'END'
solver: nbody
units: {system: nbody}
time: {end: 1}
gravity: {softening: 0}
bodies: {pair: {type: particles, masses: [1, 1], position: [-0.5 0 0, 0.5 0 0], velocity: [0 -0.5 0, 0 0.5 0]}}
output: {figures: []}
sweep: {zip: {time.end: [1, 2, 3], "bodies.pair.velocity[0]": [0 -0.5 0, 0 0 0, 0 -0.3 0], "bodies.pair.velocity[1]": [0 0.5 0, 0 0 0, 0 0.3 0]}}
END
expect 1 "$heddle" sweep pairs.yaml --workers 2 --output pairs.study
says "its limit at t = 0.78539816"
says "is pulled the hardest"
expect 0 "$heddle" status pairs.study
says "2 of 3"

# ---- an orbit that underflows fails alone, with its time and its place
cat > holes.yaml <<'END'
solver: nbody
time: {end: 1 Gyr}
potential: {hole: {type: point, mass: 1e11 Msun}}
bodies: {pair: {type: particles, position: [8 0 0 kpc, 1 0 0 kpc], velocity: [0 220 0 km/s, 0 0 0 km/s]}}
output: {figures: []}
END
expect 1 "$heddle" run holes.yaml
says "particle 1 failed at 0.00165604: the step fell below its limit"
says " Gyr at t = 0.0016560"

# ---- stopped between two outputs of a run with its own steps: no bit changes, nothing says Gyr without units
cat > long.yaml <<'END'
solver: nbody
units: {system: nbody}
time: {end: 6}
gravity: {softening: 0.01}
bodies: {sphere: {type: plummer, count: 60, mass: 1, scale_radius: 1, truncate: 0.99}}
numerics: {integrator: ias15}
output: {snapshots: 2, ledger: 2, figures: []}
END
expect 0 "$heddle" run long.yaml --json --output straight.out
cp stdout straight.json
expect 0 "$heddle" run long.yaml --set time.end=600 --dry-run
timeout -s INT 0.2 "$heddle" run long.yaml --output stopped.out > stdout 2> stderr
if grep -q "stopped at" stderr; then
  holds "no unit of time" grep -qE '^stopped at time [0-9.e-]+$' stderr
  says "heddle resume stopped.out goes on from there"
  expect 0 "$heddle" resume stopped.out
  says "digest $(digest straight.json)"
else
  echo "it was over before it could be stopped"
fi

# ---- a force that takes long does not keep a stop waiting
cat > huge.yaml <<'END'
solver: nbody
units: {system: nbody}
time: {end: 1, steps: 10}
gravity: {softening: 0.01}
bodies: {c: {type: plummer, count: 1000000, mass: 1, scale_radius: 1, truncate: 0.99}}
output: {figures: []}
END
timeout -s INT 1.5 "$heddle" run huge.yaml > stdout 2> stderr &
began=$SECONDS
wait $!
holds "it stops within seconds" [ $((SECONDS - began)) -le 10 ]
says "stopped within a step"

# ---- check 21: seven members on two workers, one of them with a file that holds a NaN
for i in 1 2 3 4 5 6 7; do
  printf 'x [kpc],y [kpc],z [kpc],vx [km/s],vy [km/s],vz [km/s]\n8,0,%s,0,220,0\n' $([ $i = 4 ] && echo nan || echo 0.$i) > stars$i.csv
done
cat > seven.yaml <<'END'
solver: nbody
preset: milky_way_2014
time: {end: 100 Myr}
bodies: {star: {type: particles, file: stars1.csv}}
output: {figures: []}
sweep: {grid: {bodies.star.file: [stars1.csv, stars2.csv, stars3.csv, stars4.csv, stars5.csv, stars6.csv, stars7.csv]}}
END
expect 1 "$heddle" sweep seven.yaml --workers 2 --output seven.study
says "stars4.csv:2:5"
says "hint: heddle run seven.yaml --member 3"
cp stderr sweep.said
expect 0 "$heddle" status seven.study
says "6 of 7"
expect 2 "$heddle" run seven.yaml --member 3
says "stars4.csv:2:5"
closing
