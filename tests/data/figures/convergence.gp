# How heddle drew convergence.svg and convergence.png. Change it and draw again:
#   gnuplot convergence.gp                     (SVG)
#   gnuplot -e 'kind = "png"' convergence.gp   (PNG)
if (!exists("kind")) kind = "svg"
if (!exists("suffix")) suffix = ""
reset
set encoding utf8
if (kind eq "svg") set terminal svg enhanced size 900,476 font "sans-serif,12" linewidth 1
if (kind eq "png") set terminal pngcairo enhanced size 1800,952 font "sans-serif,12" fontscale 2 linewidth 2 pointscale 2 background rgb "white"
set output "convergence.".kind.suffix
set multiplot

# panel 1
reset
set label 'Error against cells' at screen 0.0133333, screen 0.957983 left font 'sans-serif:Bold,15' noenhanced
set lmargin at screen 0.1
set rmargin at screen 0.964444
set tmargin at screen 0.848739
set bmargin at screen 0.134454
set border 3 lw 0.8 lc rgb '#808080'
set tics out scale 0.5,0.25 textcolor rgb 'black' font ',11'
set grid lt 1 lw 0.6 lc rgb '#C8808080'
set xrange [50:2000]
set logscale x 10
set xtics nomirror offset 0,0.35 format '%.6g' noenhanced
set xtics ('50' 50, '100' 100, '200' 200, '500' 500, '1000' 1000, '2000' 2000)
set mxtics 10
set yrange [0.0002:1]
set logscale y 10
set ytics nomirror format '10^{%T}' enhanced
set mytics 10
set label 'cells' at screen 0.532222, screen 0.052521 center noenhanced
set label 'L1 error of density [veh/km]' at screen 0.0188889, screen 0.491597 center rotate by 90 noenhanced
set key at screen 0.0888889, screen 0.911765 left top horizontal Left reverse noenhanced samplen 3 spacing 1.2 font ',11' maxcols 2
plot NaN notitle, \
     'convergence.dat' index 0 using 1:2 with lines lc rgb '#0072B2' lw 2 dt 1 notitle, \
     'convergence.dat' index 2 using 1:2 with lines lc rgb '#D55E00' lw 2 dt 1 notitle, \
     'convergence.dat' index 1 using 1:2 with points lc rgb '#0072B2' lw 1.2 pt 6 ps 0.7 notitle, \
     'convergence.dat' index 3 using 1:2 with points lc rgb '#D55E00' lw 1.2 pt 7 ps 0.7 notitle, \
     keyentry with lines lc rgb '#0072B2' lw 2 dt 1 title 'first order', \
     keyentry with linespoints lc rgb '#D55E00' lw 2 dt 1 pt 7 ps 0.7 title 'second order'

unset multiplot
set output
