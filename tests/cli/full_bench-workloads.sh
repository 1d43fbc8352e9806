# heddle bench traffic --json: every workload of the solver has its row, with the marks it is measured by.
. "$2/tests/cli/_check.sh"
row() { # row PYTHON: true of the rows on standard output
  python3 -c 'import json, sys; rows = {r["workload"]: r for r in json.load(open("stdout"))["rows"]}; sys.exit(not eval(sys.argv[1]))' "$1"
}
expect 0 "$heddle" bench traffic --repeats 1 --json
holds "all workloads" row 'sorted(rows) == ["10^2 cells", "10^4 cells", "10^6 cells", "64 members", "arz2025-riemann"]'
holds "marks of 10^4 cells" row 'rows["10^4 cells"]["must"] and rows["10^4 cells"]["stretch"] and rows["10^4 cells"]["units"] == 20000000'
holds "marks of 10^6 cells" row 'rows["10^6 cells"]["must"] and rows["10^6 cells"]["stretch"] and rows["10^6 cells"]["gain"] > 0'
holds "check 36: marks of the gain of one road" row '(rows["10^6 cells"]["gain_must"], rows["10^6 cells"]["gain_stretch"]) == (1.7, 1.9)'
holds "check 36: the study" row '(rows["64 members"]["gain_must"], rows["64 members"]["gain_stretch"], rows["64 members"]["members"]) == (1.8, 1.95, 64)'
holds "check 36: its steps and cell-steps" row 'rows["64 members"]["steps"] > 0 and rows["64 members"]["cell_steps"] == rows["64 members"]["units"] and rows["64 members"]["gain"] > 0'
closing
