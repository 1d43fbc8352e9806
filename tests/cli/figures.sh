#!/bin/bash
# Figures and the report through the command: drawn, redrawn alike, without gnuplot, by hand, and with a hostile title.
. "$(dirname "$0")/_check.sh"
scenario wall
sed -i '/^title/d; s/, figures: \[\]//' wall.yaml
cat >> wall.yaml <<'YAML'
title: "a'b\"; system('touch pwned'); `touch pwned` $(touch pwned) <script>alert(1)</script> {/Bold x} ]]>"
YAML

expect 0 "$heddle" run wall.yaml
holds "scripts and data lie beside the figures" test -s wall.out/figures/profiles.gp -a -s wall.out/figures/profiles.dat
holds "the title runs nothing" test -z "$(find . -name pwned)"
holds "no script in the report" test "$(grep -c '<script' wall.out/report.html)" = 0
holds "the title is in the report" grep -q '&lt;script&gt;alert(1)&lt;/script&gt;' wall.out/report.html
holds "the report loads nothing" test "$(grep -cE '(src|href)="(https?:)?//' wall.out/report.html)" = 0
holds "nothing unfinished is left" test -z "$(find wall.out -name '*.part' -o -name '*.tmp')"

if command -v gnuplot > /dev/null; then
  for figure in wall.out/figures/*.svg; do
    holds "$figure is XML" python3 -c 'import sys, xml.dom.minidom as m; m.parse(sys.argv[1])' "$figure"
    holds "$figure has a twin in PNG" test "$(head -c 4 "${figure%.svg}.png" | tail -c 3)" = PNG
  done
  holds "axes have units" grep -q 'density \[veh/km\]' wall.out/figures/profiles.svg
  holds "figures are in the report" test "$(grep -c '<svg' wall.out/report.html)" -ge 3
  before=$(cat wall.out/figures/*.svg wall.out/figures/*.png | md5sum)
  rm wall.out/figures/*
  expect 0 "$heddle" plot wall.out
  holds "redrawn alike" test "$before" = "$(cat wall.out/figures/*.svg wall.out/figures/*.png | md5sum)"
  (cd wall.out/figures && gnuplot -d profiles.gp && gnuplot -d -e 'kind = "png"' profiles.gp) 2> hand
  holds "a script draws by hand, in silence" test ! -s hand -a -s wall.out/figures/profiles.svg
  expect 0 "$heddle" report wall.out
  holds "a report takes what was drawn by hand" grep -q 'id="gnuplot_canvas"\|<svg' wall.out/report.html
fi

mkdir bin
PATH=$PWD/bin expect 0 "$heddle" run wall.yaml --output bare.out
says "Install gnuplot"
holds "scripts and data are there without gnuplot" test -s bare.out/figures/profiles.gp -a -s bare.out/figures/profiles.dat
holds "no picture is there" test -z "$(ls bare.out/figures | grep -E 'svg|png')"
holds "the report says so" grep -q 'not drawn' bare.out/report.html
expect 0 "$heddle" diff wall.out bare.out
closing
