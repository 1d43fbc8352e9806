#!/bin/bash
# tools/install-packages: every section is there; without the right to install it prints the command and ends with 3.
set -euo pipefail
install=$2/tools/install-packages
command -v dpkg-query >/dev/null || { echo "no dpkg here"; exit 77; }
for section in build test guard; do "$install" --list $section >/dev/null; done
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
expect() { # CODE COMMAND...
  local code=0
  "${@:2}" >"$folder/out" 2>"$folder/err" || code=$?
  [ $code -eq "$1" ] || { echo "exit code $code, not $1: ${*:2}"; cat "$folder"/{out,err}; exit 1; }
}
expect 2 "$install" nonsense
expect 2 "$install" --nonsense
printf '[build]  # one\ndpkg   # always there\nheddle-has-no-such-package\n[test]\n' >"$folder/list"
export HEDDLE_PACKAGES=$folder/list
expect 0 "$install" --list build
[ "$(cat "$folder/out")" = heddle-has-no-such-package ]
expect 0 "$install" test
[ ! -s "$folder/out" ]

# As a user who may not install: the command is printed and nothing is done.
mkdir "$folder/bin"
printf '#!/bin/sh\necho 1000\n' >"$folder/bin/id"
printf '#!/bin/sh\nexit 1\n' >"$folder/bin/sudo"
printf '#!/bin/sh\necho called >%s/called\n' "$folder" >"$folder/bin/apt-get"
chmod +x "$folder"/bin/*
PATH=$folder/bin:$PATH expect 3 "$install" build
grep -qF 'sudo apt-get update && sudo apt-get install --no-install-recommends heddle-has-no-such-package' "$folder/err"
[ ! -e "$folder/called" ]

# As root with a failing apt-get: its last words are shown, exit code 3.
printf '#!/bin/sh\necho 0\n' >"$folder/bin/id"
printf '#!/bin/sh\necho "E: no way to $4 $5"\nexit 100\n' >"$folder/bin/apt-get"
PATH=$folder/bin:$PATH expect 3 "$install" build
grep -q 'E: no way' "$folder/err"
grep -q 'apt-get update failed' "$folder/err"
echo "packages: listed, refused and installed as expected"
