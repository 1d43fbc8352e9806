# How heddle drew profiles.svg and profiles.png. Change it and draw again:
#   gnuplot profiles.gp                     (SVG)
#   gnuplot -e 'kind = "png"' profiles.gp   (PNG)
if (!exists("kind")) kind = "svg"
if (!exists("suffix")) suffix = ""
reset
set encoding utf8
if (kind eq "svg") set terminal svg enhanced size 900,680 font "sans-serif,12" linewidth 1
if (kind eq "png") set terminal pngcairo enhanced size 1800,1360 font "sans-serif,12" fontscale 2 linewidth 2 pointscale 2 background rgb "white"
set output "profiles.".kind.suffix
set multiplot

# panel 1
reset
set label 'Profiles at the end' at screen 0.0133333, screen 0.970588 left font 'sans-serif:Bold,15' noenhanced
set label 'compat: arz2025' at screen 0.986667, screen 0.970588 right font ',11' textcolor rgb '#808080' noenhanced
set label 'Density' at screen 0.0822222, screen 0.926471 left font 'sans-serif:Bold,12' noenhanced
set lmargin at screen 0.0822222
set rmargin at screen 0.964444
set tmargin at screen 0.870588
set bmargin at screen 0.547059
set border 3 lw 0.8 lc rgb '#808080'
set tics out scale 0.5,0.25 textcolor rgb 'black' font ',11'
set grid lt 1 lw 0.6 lc rgb '#C8808080'
set xrange [0:5]
set xtics nomirror offset 0,0.35 format '%.6g' noenhanced
set xtics 0.5
set yrange [0:154.373857]
set ytics nomirror format '%.6g' noenhanced
set ytics 20
set label 'position [km]' at screen 0.523333, screen 0.489706 center noenhanced
set label 'density [veh/km]' at screen 0.0188889, screen 0.708824 center rotate by 90 noenhanced
set key at screen 0.0711111, screen 0.908824 left top horizontal Left reverse noenhanced samplen 3 spacing 1.2 font ',11' maxcols 4
plot NaN notitle, \
     'profiles.dat' index 2 using 1:2:3 with filledcurves lc rgb '#0072B2' fs transparent solid 0.16 noborder notitle, \
     'profiles.dat' index 5 using 1:2:3:4 with vectors nohead lc rgb '#808080' lw 1.3 dt 2 notitle, \
     'profiles.dat' index 0 using 1:2 with lines lc rgb '#0072B2' lw 2 dt 1 notitle, \
     'profiles.dat' index 3 using 1:2 with lines lc rgb '#D55E00' lw 2 dt 1 notitle, \
     'profiles.dat' index 4 using 1:2 with lines lc rgb '#78D55E00' lw 1.3 dt 1 notitle, \
     'profiles.dat' index 1 using 1:2 with lines lc rgb '#00344F' lw 1.3 dt 2 notitle, \
     keyentry with lines lc rgb '#0072B2' lw 2 dt 1 title 'cars', \
     keyentry with lines lc rgb '#00344F' lw 1.3 dt 2 title 'exact', \
     keyentry with lines lc rgb '#D55E00' lw 2 dt 1 title 'motorcycles', \
     keyentry with lines lc rgb '#808080' lw 1.3 dt 2 title 'signal'

# panel 2
reset
set label 'Speed' at screen 0.0822222, screen 0.435294 left font 'sans-serif:Bold,12' noenhanced
set lmargin at screen 0.0822222
set rmargin at screen 0.964444
set tmargin at screen 0.417647
set bmargin at screen 0.0941176
set border 3 lw 0.8 lc rgb '#808080'
set tics out scale 0.5,0.25 textcolor rgb 'black' font ',11'
set grid lt 1 lw 0.6 lc rgb '#C8808080'
set xrange [0:5]
set xtics nomirror offset 0,0.35 format '%.6g' noenhanced
set xtics 0.5
set yrange [0:154.373857]
set ytics nomirror format '%.6g' noenhanced
set ytics 20
set label 'position [km]' at screen 0.523333, screen 0.0367647 center noenhanced
set label 'speed [km/h]' at screen 0.0188889, screen 0.255882 center rotate by 90 noenhanced
unset key
plot NaN notitle, \
     'profiles.dat' index 8 using 1:2:3 with filledcurves lc rgb '#0072B2' fs transparent solid 0.16 noborder notitle, \
     'profiles.dat' index 11 using 1:2:3:4 with vectors nohead lc rgb '#808080' lw 1.3 dt 2 notitle, \
     'profiles.dat' index 6 using 1:2 with lines lc rgb '#0072B2' lw 2 dt 1 notitle, \
     'profiles.dat' index 9 using 1:2 with lines lc rgb '#D55E00' lw 2 dt 1 notitle, \
     'profiles.dat' index 10 using 1:2 with lines lc rgb '#78D55E00' lw 1.3 dt 1 notitle, \
     'profiles.dat' index 7 using 1:2 with lines lc rgb '#00344F' lw 1.3 dt 2 notitle

unset multiplot
set output
