#!/bin/bash
# N-body runs have one digest whatever threads, level, compiler and interruptions they are given: N = 777, no multiple of any
# tile, with a galaxy and massless bodies; single precision; every kind of integrator. Quick: a few cells each.
#   nbody.sh HEDDLE SOURCE [full]     HEDDLE_CLANG: the command built by the other compiler, if there is one
heddle=$1 source=$2 full=$3
. "$(dirname "$0")/_digests.sh"
work=$(mktemp -d) && cd "$work" || exit 1
trap 'rm -rf "$work"' EXIT

cat > cluster.yaml <<'END'
solver: nbody
seed: 9
preset: milky_way_2014
time: {start: -20 Myr, end: 0 Gyr, steps: 20}
bodies:
  cluster: {type: plummer, count: 700, mass: 7e4 Msun, scale_radius: 20 pc, masses: {power_law: {slope: -2.35, minimum: 0.1 Msun, maximum: 50 Msun}},
            place: {position: 8 0 0.1 kpc, velocity: 10 220 5 km/s, at: 0 Gyr}}
  dust: {type: sphere, count: 77, radius: 7 kpc, speed: 220 km/s}
output: {ledger: 5, snapshots: 3, fields: [bound_mass, density_centre, impulse_residual]}
END
cat > few.yaml <<'END'
solver: nbody
units: {system: nbody}
time: {end: 3}
gravity: {softening: 0}
bodies: {corners: {type: particles, masses: [3, 4, 5], position: [1 3 0, -2 -1 0, 1 -1 0]}}
output: {ledger: 11, snapshots: 4}
END
cat > orbits.yaml <<'END'
solver: nbody
seed: 2
preset: milky_way_2014
time: {end: -200 Myr}
gravity: {self: false}
bodies: {sphere: {type: sphere, count: 2777, radius: 8 kpc, speed: 150 km/s}}
output: {ledger: 5}
END

cell() { # FILE straight|killed ISA HEDDLE THREADS SET...
  local file=$1 how=one_digest isa=$3 binary=$4 threads=$5 set=()
  [ "$2" = killed ] && how=killed_digest
  shift 5
  for s; do set+=(--set "$s"); done
  HEDDLE_ISA=$isa $how run.out "$binary" run "$file.yaml" --threads "$threads" "${set[@]}"
}

check() { # FILE SET...
  local file=$1 expected
  shift
  expected=$(cell "$file" straight v4 "$heddle" 1 "$@")
  [ -n "$expected" ] || { echo "no digest: $file $*"; wrong=$((wrong + 1)); return; }
  if [ -z "$full" ]; then
    compare "$file $*" "$expected" "$(cell "$file" straight v2 "$heddle" 2 "$@")" "v2, 2 threads"
    compare "$file $*" "$expected" "$(cell "$file" straight v3 "${HEDDLE_CLANG:-$heddle}" 3 "$@")" "v3, 3 threads"
    return
  fi
  for binary in "$heddle" $HEDDLE_CLANG; do
    for isa in v2 v3 v4; do
      for threads in 1 2 3 5 8; do
        for how in straight killed; do
          found=$(cell "$file" $how $isa "$binary" $threads "$@")
          [ "$found" = short ] || compare "$file $*" "$expected" "$found" "$how, $isa, $threads threads, $binary"
        done
      done
    done
  done
}

check cluster numerics.integrator=leapfrog
check cluster numerics.integrator=leapfrog numerics.precision=single time.steps=5
check cluster numerics.integrator=rk4 time.steps=3
check cluster numerics.integrator=yoshida6 time.steps=2
check few numerics.integrator=ias15
check few numerics.integrator=dop853
check orbits numerics.integrator=dop853
check orbits numerics.integrator=leapfrog_dkd time.steps=50
check orbits numerics.integrator=rk4 time.steps=50

# Cut short by a checkpoint after every step and gone on with: the same digest.
expected=$(cell cluster straight v4 "$heddle" 2 numerics.integrator=leapfrog)
compare "cluster" "$expected" "$(cell cluster killed v4 "$heddle" 2 numerics.integrator=leapfrog | sed "s/short/$expected/")" "killed"
echo "$cells cells compared, $wrong different"
[ $wrong = 0 ] && [ $cells -gt 0 ]
