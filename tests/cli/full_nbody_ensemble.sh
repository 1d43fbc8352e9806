# Checks 20 and 21 of the nbody specification: the reference ensemble as one command against its ten members alone, bit for
# bit; a member with a file that is no number fails alone, with its line and the command that repeats it.
. "$2/tests/cli/_check.sh"
cp -r "$source/examples/nbody" .

digest() { python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["digest"])' "$1"; }

expect 0 "$heddle" sweep nbody/gd1-ensemble.yaml --workers 2 --output ensemble.study
expect 0 "$heddle" export ensemble.study --format csv
for member in 0 1 2 3 4 5 6 7 8 9; do
  HEDDLE_AFRESH=1 expect 0 "$heddle" run nbody/gd1-ensemble.yaml --member $member --json --no-figures --output alone.out --force
  cp stdout alone.json
  holds "member $member has the same digest alone" grep -q "$(digest alone.json)" ensemble.study/table.csv
done

# ---- 21: seven members, one of them with a file that holds a NaN
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
says "--member"
expect 0 "$heddle" status seven.study
says "6"
closing
