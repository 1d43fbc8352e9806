#!/bin/bash
# tools/check-layers: each kind of wrong include is found in a small bad house.
set -euo pipefail
source=$2
check=$source/tools/check-layers

house=$(mktemp -d)
trap 'rm -rf "$house"' EXIT
mkdir -p "$house"/{include/heddle,src/{base,par,io,num,run,cli,solvers/{traffic,nbody}},examples/own,plugins/cuda}
touch "$house"/{include/heddle/solver.h,src/base/ctx.h,src/par/exec.h,src/io/store.h,src/num/cg.h,src/run/run.h}
touch "$house"/src/solvers/{traffic/traffic.h,nbody/nbody.h}

rights=0 wrongs=0
right() { # FILE INCLUDE...
  printf '#include %s\n' "${@:2}" >"$house/$1"
  "$check" "$house" || { echo "refused: $*"; exit 1; }
  rights=$((rights + 1))
  rm "$house/$1"
}
wrong() { # FILE INCLUDE WORDS
  printf 'int x;\n#include %s\n' "$2" >"$house/$1"
  if "$check" "$house" >"$house/said"; then echo "not found: $1 includes $2"; exit 1; fi
  grep -qF -- "$3" "$house/said" || { echo "wanted: $3"; cat "$house/said"; exit 1; }
  grep -qF "$1:2:" "$house/said" || { echo "no file and line:"; cat "$house/said"; exit 1; }
  wrongs=$((wrongs + 1))
  rm "$house/$1"
}
right src/solvers/traffic/step.c '"traffic.h"' '"par/exec.h"' '"num/cg.h"' '"heddle/solver.h"' '<string.h>'
right src/solvers/registry.c '"solvers/traffic/traffic.h"' '"solvers/nbody/nbody.h"'
right src/cli/run.c '"run/run.h"' '"base/ctx.h"' '<signal.h>'
right plugins/cuda/table.c '"par/exec.h"' '"base/ctx.h"'
right examples/own/a.c '<heddle/solver.h>' '"heddle/solver.h"'
wrong src/base/a.c '"par/exec.h"' 'base is floor 0, par is floor 2: includes point down'
wrong src/par/a.c '"io/store.h"' 'par and io are the same floor 2 and do not include each other'
wrong src/io/a.c '"par/exec.h"' 'io and par are the same floor 2'
wrong src/solvers/traffic/a.c '"solvers/nbody/nbody.h"' 'stand beside each other and do not know each other'
wrong src/solvers/traffic/a.c '"run/run.h"' 'solvers/traffic is floor 4, run is floor 5'
wrong src/num/a.c '"solvers/traffic/traffic.h"' 'num is floor 3, solvers/traffic is floor 4'
wrong src/solvers/traffic/a.c '<time.h>' '<time.h> is for'
wrong src/run/a.c '<signal.h>' '<signal.h> is for'
wrong src/base/a.c '"base/nowhere.h"' 'there is no such file'
wrong plugins/cuda/a.c '"run/run.h"' 'plugins/cuda is floor 3, run is floor 5'
wrong examples/own/a.c '"base/ctx.h"' 'may include only include/ and its own folder'
mkdir "$house/src/attic"
wrong src/attic/a.c '"base/nowhere.h"' 'attic is not a floor of the house'
echo "layers: $rights right and $wrongs wrong includes judged as expected"
