# heddle bench traffic --json: the predecessor's Riemann problem has its row, of 170 steps and 17,000 cell-steps. Says nothing about speed.
. "$2/tests/cli/_check.sh"
row() { # row PYTHON: true of the rows on standard output
  python3 -c 'import json, sys; rows = {r["workload"]: r for r in json.load(open("stdout"))["rows"]}; sys.exit(not eval(sys.argv[1]))' "$1"
}
expect 0 "$heddle" bench traffic --kernel arz2025 --repeats 1 --json
holds "one row, of arz2025-riemann" row 'list(rows) == ["arz2025-riemann"]'
holds "170 steps" row 'rows["arz2025-riemann"]["steps"] == 170'
holds "17,000 cell-steps" row 'rows["arz2025-riemann"]["units"] == 17000'
holds "a rate" row 'rows["arz2025-riemann"]["best"] > 0'
holds "of traffic" row 'rows["arz2025-riemann"]["solver"] == "traffic" and rows["arz2025-riemann"]["kernel"] == "arz2025"'
expect 2 "$heddle" bench traffic --kernel arz2026 --repeats 1 --json
closing
