#!/bin/bash
# What a study leaves: table, study.h5, figures, report, log; made again by plot and report; progress for programs; kept results.
. "$(dirname "$0")/_check.sh"
export HEDDLE_AFRESH=1
scenario road 10 40
sed -i 's/^title:.*/title: Small roads/; s/, figures: \[\]//' road.yaml
cat >> road.yaml <<YAML
sweep:
  grid: {road.quality: [1, 2, 3], road.length: {from: 1 km, to: 2 km, count: 4}}
  labels: {road.quality: kind of road}
measure: [vehicle_time, throughput]
YAML

expect 0 "$heddle" sweep road.yaml
says "12 of 12 members done"
says "study.h5, report.html"
for file in table.csv study.h5 report.html log.txt figures/maps.gp figures/maps.dat figures/lines.gp figures/times.gp; do
  holds "the study leaves $file" test -s "road.study/$file"
done
holds "the log tells the end" grep -q "12 of 12 members done, 0 failed, 12 computed" road.study/log.txt
holds "the report names what was varied" grep -q "kind of road" road.study/report.html
if type gnuplot > /dev/null 2>&1; then
  holds "the report shows the figures" test "$(grep -c '<svg' road.study/report.html)" -ge 3
fi
holds "axes have the text and the unit" grep -q "length of the road (road.length) \[km\]" road.study/figures/maps.gp

# again, without computing
cp road.study/journal before.journal
cp road.study/table.csv before.csv
rm -r road.study/figures road.study/table.csv road.study/study.h5 road.study/report.html
expect 0 "$heddle" plot road.study
for file in table.csv study.h5 report.html figures/maps.gp figures/lines.gp; do
  holds "plot makes $file again" test -s "road.study/$file"
done
holds "the same table" cmp -s before.csv road.study/table.csv
holds "nothing was computed" cmp -s before.journal road.study/journal
rm -r road.study/figures road.study/report.html
expect 0 "$heddle" plot road.study --figure maps
holds "the figure that was asked for" test -s road.study/figures/maps.gp
holds "no other figure" test ! -e road.study/figures/lines.gp
holds "the report has that one" grep -q "Measures over" road.study/report.html
holds "and no other" bash -c '! grep -q "a line for each kind" road.study/report.html'
expect 2 "$heddle" plot road.study --figure none
says "this study has no figure 'none'; it has"
rm road.study/report.html
expect 0 "$heddle" report road.study
holds "report makes the page again" grep -q "</html>" road.study/report.html
sed -i 's/40/41/' road.yaml
expect 2 "$heddle" plot road.study
says "another study"
sed -i 's/41/40/' road.yaml

# no figures: by the option and by the scenario
expect 0 "$heddle" sweep road.yaml --no-figures --output bare.study
holds "no figures with --no-figures" test ! -e bare.study/figures
holds "but a report" test -s bare.study/report.html
expect 0 "$heddle" sweep road.yaml --set 'output.figures=[]' --output bare2.study
holds "no figures with []" test ! -e bare2.study/figures

# progress for programs: an object in each line, a last one at the end; nothing in a pipe unless asked for
expect 0 "$heddle" sweep road.yaml --no-figures --output progress.study --progress json --quiet
holds "the last object" test "$(tail -1 stderr | grep -c '"members": 12, "done": 12, "failed": 0, "running": 0, ')" = 1
holds "all lines are objects" test "$(grep -cv '^{.*}$' stderr)" = 0
holds "no progress file is left" test ! -e progress.study/progress.json
expect 0 "$heddle" sweep road.yaml --no-figures --output progress.study --force --quiet
holds "nothing in a pipe" test ! -s stderr
expect 2 "$heddle" sweep road.yaml --progress often
says "line, json or none"

# status of a study that is computed in another terminal tells the rate and the range of the time left
scenario slow 20000 150
cat >> slow.yaml <<< 'sweep: {grid: {road.quality: [1, 2], road.length: {from: 1 km, to: 2 km, count: 400}}}'
"$heddle" sweep slow.yaml --no-figures > /dev/null 2> asked & pid=$!
for ((i = 0; i < 600; i++)); do [ -s slow.study/progress.json ] && break; sleep 0.02; done
expect 0 "$heddle" status slow.study
says "a heddle is at work on it: "
says " running, "
expect 0 "$heddle" status slow.study --json
says '"progress": {"members": 800, "done": '
kill -INT $pid
wait $pid
holds "a study that is stopped leaves a table" test -s slow.study/study.h5
holds "and no report" test ! -e slow.study/report.html
holds "nor the progress" test ! -e slow.study/progress.json

# failed members are in the report with what repeats them
scenario bad 5 40
sed -i 's/, figures: \[\]//' bad.yaml
expect 1 "$heddle" sweep bad.yaml --grid 'initial.state.cars=30 veh/km,300 veh/km,20 veh/km'
holds "the failed member" grep -q "1 of 3 members have no result: 1 impossible values" bad.study/report.html
holds "its command" grep -q "&#39;initial.state.cars=30 veh/km,300 veh/km,20 veh/km&#39; --member 1" bad.study/report.html
holds "a figure of who failed" test -s bad.study/figures/failed.gp
holds "the log has it" grep -q "member 1 failed (impossible values)" bad.study/log.txt

# the behaviour of a predecessor is printed on all that is drawn
expect 0 "$heddle" sweep "$source/examples/traffic/arz2025-mass.yaml" --grid road.cells=20,30,40 --set 'time.end=1 s' --output compat.study
holds "the report says compat" grep -q "Computed with compat: arz2025" compat.study/report.html
holds "and so does the figure" grep -q "compat: arz2025" compat.study/figures/against.gp

# fields of all members, where they have one shape; kept results
scenario fields 4 30
cat >> fields.yaml <<< 'sweep: {grid: {road.quality: [1, 2]}, fields: [density, speed@cars]}'
expect 0 "$heddle" sweep fields.yaml --no-figures
holds "members keep their files" test -s fields.study/members/1/result.h5
expect 0 "$heddle" plot fields.study
holds "members side by side" bash -c "cat fields.study/figures/members-*.gp | grep -q 'member 1: 2'"
holds "in the report, too" grep -q "Members side by side" fields.study/report.html
if type h5ls > /dev/null 2>&1; then
  holds "density with a member axis" bash -c "h5ls fields.study/study.h5/density | grep -q '{2, '"
fi
expect 0 "$heddle" sweep fields.yaml --no-figures --grid road.cells=30,40 --output shapes.study
says "study.h5 has no field density: its shape is not the same in all members"
expect 2 "$heddle" sweep fields.yaml --output x.study --set 'sweep.fields=[densty]'
says "did you mean 'density'?"
expect 0 "$heddle" sweep bad.yaml --grid road.quality=1,2 --keep-results --no-figures --output kept.study
holds "--keep-results" test -s kept.study/members/0/result.h5
expect 2 "$heddle" sweep road.yaml --set 'sweep.labels={road.cells: cells}' --output y.study
says "road.cells does not vary"
closing
