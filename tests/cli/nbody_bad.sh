# Section 9 of the nbody specification, row by row: bad input is refused with file, line, column, the value, the allowed range
# and a way out, all errors of a file at once; doubtful input is warned about; what does not fit is refused with both numbers.
. "$2/tests/cli/_check.sh"
cp -r "$source/examples/nbody" .

# ---- all errors of a file at once
cat > wrong.yaml <<'END'
solver: nbody
time: {end: 1 Gyr, steps: 10, step: 1 Myr}
gravity: {softening: -1 pc}
potential:
  halo:  {type: nfw, mass: 4e11, scale_radius: 16 kpc, scale_lenght: 3}
  disk:  {type: miyamoto_nagai, mass: 1e10 Msun, a: 3 Msun, b: 280 pc}
  bulge: {type: power_law_cutof, mass: 1e10 Msun, cutoff_radius: 1 kpc}
  steep: {type: power_law_cutoff, mass: 1e10 Msun, alpha: 3, cutoff_radius: 1 kpc}
  flat:  {type: logarithmic, speed: 220 km/s, flattening: 0}
  power: {type: two_power, density: 1 Msun/pc^3, scale_radius: 1 kpc, beta: 2}
bodies:
  none:  {type: plummer, count: 0, mass: -1 Msun, scale_radius: 1 pc}
  pair:  {type: two_body, masses: [1 Msun, 1 Msun], pericentre: 1 pc, eccentricity: 1}
  lost:  {type: particles, position: [1 2 .nan kpc, [1 kpc, .inf, 3 kpc]]}
observer: {frame: custom, rotation: [1, 0, 0, 0, 1, 0, 0, 0.003, 1]}
numerics: {integrator: hermite}
END
expect 2 "$heddle" check wrong.yaml
says "wrong.yaml:2:31: error: give steps or step, not both"
says "wrong.yaml:3:22: error: softening is -1 pc; it must be >= 0"
says "wrong.yaml:5:28: error: potential.halo.mass needs a unit of mass"
says "hint: write 4e11 Msun"
says "wrong.yaml:5:56: error: unknown key 'scale_lenght' in potential.halo"
says "hint: did you mean 'scale_radius'?"
says "wrong.yaml:6:53: error: potential.disk.a is a length, Msun is a unit of mass"
says "hint: a length such as 5 kpc is expected"
says "wrong.yaml:7:17: error: bulge.type is 'power_law_cutof'; one of point, nfw"
says "hint: did you mean 'power_law_cutoff'?"
says "wrong.yaml:8:59: error: alpha of steep is 3; it must be in [-1.5, 3)"
says "wrong.yaml:9:59: error: flattening of flat is 0; it must be > 0"
says "wrong.yaml:10:77: error: beta of power is 2; it must be in (2, 20]"
says "wrong.yaml:12:33: error: count of none is 0; it must be in [1, 2147483648]"
says "wrong.yaml:12:42: error: mass of none is -1 Msun; it must be >= 0"
says "wrong.yaml:13:85: error: eccentricity of pair is 1; it must be in [0, 1)"
says "wrong.yaml:14:39: error: position[0] of lost is"
says "wrong.yaml:14:61: error: position[1][1] of lost is"
says "wrong.yaml:16:24: error: hermite is not in this version"
holds "nothing is written" [ ! -e wrong.out ]

# ---- one by one
expect 2 "$heddle" check nbody/gd1-reference.yaml --set time.steps=0
says "steps is 0; it must be in [1, 1099511627776]"
expect 2 "$heddle" check nbody/sky.yaml --set observer.frame=custom --set "observer.rotation=[1, 0, 0, 0, 1, 0, 0, 0.003, 1]"
says "rotation differs from orthonormal by 0.003"
says "1e-6 is allowed"
expect 2 "$heddle" check nbody/kepler.yaml --set numerics.integrator=ias15
says "ias15 chooses its steps itself"
for key in compat=odisseo gravity.kernel=spline numerics.force=tree numerics.sum=compensated potential.halo.type=hernquist bodies.cluster.type=spray; do
  expect 2 "$heddle" check nbody/gd1-reference.yaml --set $key
  says "${key#*=} is not in this version"
done
expect 2 "$heddle" check nbody/gd1-reference.yaml --set "loss.type=mmd" --set "gradient.of=loss"
says "loss is not in this version"
says "gradient is not in this version"
expect 2 "$heddle" check nbody/orbits.yaml --set time.steps=null --set numerics.integrator=dop853 --set output.ledger.every_steps=10
says "every_steps counts steps of all bodies; with dop853 each orbit has its own"

# ---- dimensionless systems
expect 2 "$heddle" check nbody/kepler.yaml --set "gravity.softening=1 pc"
says "numbers of a dimensionless system have no unit"
says "or give units.length and units.mass"
expect 2 "$heddle" check nbody/kepler.yaml --set preset=milky_way_2014
says "mass of halo is 4.3683325e11 Msun; numbers of a dimensionless system have no unit"
expect 2 "$heddle" check nbody/gd1-reference.yaml --set "units.length=1 kpc"
says "units.length and units.mass are for a dimensionless system"

# ---- bodies at one place, orbits that cannot be rewound, samples with far stars
expect 2 "$heddle" run nbody/li-liao.yaml --set "bodies.bodies.position=[0 0 0, 1 1 1, 0 0 0]"
says "particles 0 and 2 are at the same place and the softening is 0"
expect 0 "$heddle" run nbody/li-liao.yaml --no-figures --set "bodies.bodies.position=[0 0 0, 1 1 1, 0 0 0]" --set gravity.softening=0.1 --output soft.out
cat > fall.yaml <<'END'
solver: nbody
time: {start: -5 Gyr, end: 0 Gyr, step: auto}
potential: {hole: {type: point, mass: 1e11 Msun}}
bodies:
  cluster: {type: plummer, count: 10, mass: 1e4 Msun, scale_radius: 1 pc, truncate: 0.9,
            place: {position: 1 0 0 kpc, velocity: 0 0 0 km/s, at: 0 Gyr}}
numerics: {integrator: leapfrog}
END
expect 2 "$heddle" check fall.yaml
says "fall.yaml:6:20: error: the orbit of bodies.cluster cannot be integrated past -0.00165604 Gyr: step below"
says " Gyr at r = 0.0154 pc"
expect 1 "$heddle" run fall.yaml --set "time.steps=10" --no-figures
says "the orbit of bodies.cluster cannot be integrated past -0.00165604 Gyr: step below"
cat > far.yaml <<'END'
solver: nbody
time: {end: 1 Myr, steps: 1}
bodies: {cluster: {type: plummer, count: 30, mass: 1e4 Msun, scale_radius: 100 pc}}
output: {figures: []}
END
for seed in 1 2 3 4 5 6 7 8 9 10 11 12; do
  expect 0 "$heddle" run far.yaml --set seed=$seed --force
  grep -q recentring stderr && break
done
holds "far stars are warned about" grep -qE 'recentring shifts bodies.cluster by [0-9.e+]+ pc \([0-9.]+ a\) because of [0-9]+ far stars?; hint: truncate: 0.999' stderr

# ---- steps: a sphere that would dissolve, word for word
expect 0 "$heddle" check nbody/gd1-reference.yaml
says "gd1-reference.yaml:9:7: warning: the step 3 Myr is 0.94 of the internal dynamical time 3.18 Myr of bodies.cluster: it will dissolve numerically"
says "hint: time.step: auto"
expect 0 "$heddle" check nbody/gd1.yaml
holds "none with step: auto" sh -c '! grep -q warning: stderr'

# ---- too large: refused with both numbers; more than a day: a line with the prediction
expect 3 "$heddle" check nbody/plummer.yaml --set bodies.sphere.count=2000000000
holds "both numbers" grep -qE 'error: the run needs [0-9]{3,} GB of memory, [0-9.]+ [GM]B are available' stderr
expect 3 "$heddle" run nbody/plummer.yaml --set bodies.sphere.count=2000000000
holds "both numbers" grep -qE 'error: the run needs [0-9]{3,} GB of memory, [0-9.]+ [GM]B are available' stderr
expect 0 "$heddle" check nbody/plummer.yaml --set bodies.sphere.count=4000000
holds "more than a day is predicted" grep -qE 'warning: the run is predicted to take [0-9.e+]+ days with [0-9]+ threads?$' stderr

# ---- files
table() { printf '%s\n' "$@" > stars.csv; }
cat > file.yaml <<'END'
solver: nbody
time: {end: 1 Myr, steps: 1}
bodies: {all: {type: particles, file: stars.csv}}
output: {figures: []}
END
table 'x [kpc],y [kpc],z [kpc],vx [km/s],vy [km/s]' 1,2,3,4,5
expect 2 "$heddle" check file.yaml
says "column vz [kpc/Gyr] is missing"
table 'x [kpc],y [kpc],z,vx [km/s],vy [km/s],vz [km/s]' 1,2,3,4,5,6
expect 2 "$heddle" check file.yaml
says "stars.csv:1:"
for bad in nan inf -inf 1e999 x ''; do
  table 'x [kpc],y [kpc],z [kpc],vx [km/s],vy [km/s],vz [km/s]' 1,2,3,4,5,6 "1,2,$bad,4,5,6"
  expect 2 "$heddle" check file.yaml
  says "stars.csv:3:5"
done
table 'x [kpc],y [kpc],z [kpc],vx [km/s],vy [km/s],vz [km/s],mass [Msun]' 1,2,3,4,5,6,-1
expect 2 "$heddle" check file.yaml
says "negative mass"
table 'id,x [kpc],y [kpc],z [kpc],vx [km/s],vy [km/s],vz [km/s]' 1.5,1,2,3,4,5,6
expect 2 "$heddle" check file.yaml
says "is no whole number"
table 'x [kpc],y [kpc],z [kpc],vx [km/s],vy [km/s],vz [km/s]'
expect 2 "$heddle" check file.yaml
says "stars.csv has no rows"
rm stars.csv
expect 2 "$heddle" check file.yaml
says "file.yaml:3:39: error: there is no file stars.csv"
echo no > stars.hdf5
expect 2 "$heddle" check file.yaml --set bodies.all.file=stars.hdf5
says "stars.hdf5 cannot be read as HDF5"
if python3 -c 'import h5py' 2> /dev/null; then
  snapshot() { # attributes of the header, bodies
    python3 - "$@" <<'END'
import h5py, json, sys
f = h5py.File("stars.hdf5", "w")
h = f.create_group("Header").attrs
h["NumPart_ThisFile"] = [0, 2, 0, 0, 0, 0]
h["MassTable"] = [0.0] * 6
h.update(json.loads(sys.argv[1]))
g = f.create_group("PartType1")
z = float(sys.argv[2]) if len(sys.argv) > 2 else 3.0
g["Coordinates"] = [[1.0, 2.0, 3.0], [4.0, 5.0, z]]
g["Velocities"] = [[0.0, 0.0, 0.0]] * 2
END
  }
  snapshot '{}'
  expect 0 "$heddle" check file.yaml --set bodies.all.file=stars.hdf5
  for cosmology in '{"Redshift": 1.0}' '{"HubbleParam": 0.7}' '{"Omega0": 0.3}'; do
    snapshot "$cosmology"
    expect 2 "$heddle" check file.yaml --set bodies.all.file=stars.hdf5
    says "cosmological snapshots are not supported: stars.hdf5"
  done
  snapshot '{}' nan
  expect 2 "$heddle" check file.yaml --set bodies.all.file=stars.hdf5
  says "stars.hdf5: Coordinates of body 1 is not a finite number"
  snapshot '{"NumPart_ThisFile": [0, 3, 0, 0, 0, 0]}'
  expect 2 "$heddle" check file.yaml --set bodies.all.file=stars.hdf5
  says "stars.hdf5 has no Coordinates of 3 bodies"
else
  echo "h5py is missing: bad Gadget files not made"
fi
closing
