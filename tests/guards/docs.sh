#!/bin/bash
# tools/check-docs finds a link and a path that lead nowhere, with page and line.
set -euo pipefail
check=$2/tools/check-docs
command -v git >/dev/null || exit 77
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
git -C "$folder" init -q
mkdir -p "$folder/docs" "$folder/src/base"
touch "$folder/src/base/a.c"
printf '[a](docs/b.md#there) `src/base/a.c` https://x.org [c](https://x.org)\n```\n[no](nowhere.md)\n```\n' >"$folder/README.md"
printf '[up](../README.md)\n' >"$folder/docs/b.md"
"$check" "$folder"
printf 'x\n[a](c.md) `src/base/b.c`\n' >"$folder/docs/d.md"
! "$check" "$folder" >"$folder/said" || { echo "not found"; exit 1; }
grep -qx 'docs/d.md:2: c.md is not there' "$folder/said"
grep -qx 'docs/d.md:2: src/base/b.c is not there' "$folder/said"
echo "docs: two wrong ways found, four right ones taken"
