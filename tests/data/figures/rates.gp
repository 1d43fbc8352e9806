# How heddle drew rates.svg and rates.png. Change it and draw again:
#   gnuplot rates.gp                     (SVG)
#   gnuplot -e 'kind = "png"' rates.gp   (PNG)
if (!exists("kind")) kind = "svg"
if (!exists("suffix")) suffix = ""
reset
set encoding utf8
if (kind eq "svg") set terminal svg enhanced size 900,706 font "sans-serif,12" linewidth 1
if (kind eq "png") set terminal pngcairo enhanced size 1800,1412 font "sans-serif,12" fontscale 2 linewidth 2 pointscale 2 background rgb "white"
set output "rates.".kind.suffix
set multiplot

# panel 1
reset
set label 'Rates of populations' at screen 0.0133333, screen 0.971671 left font 'sans-serif:Bold,15' noenhanced
set label 'Mean rate' at screen 0.0733333, screen 0.929178 left font 'sans-serif:Bold,12' noenhanced
set lmargin at screen 0.0733333
set rmargin at screen 0.917778
set tmargin at screen 0.875354
set bmargin at screen 0.563739
set border 3 lw 0.8 lc rgb '#808080'
set tics out scale 0.5,0.25 textcolor rgb 'black' font ',11'
set grid lt 1 lw 0.6 lc rgb '#C8808080'
set xrange [-0.5:7.5]
set xtics nomirror offset 0,0.35 format '%.6g' noenhanced
set xtics ('L2/3E' 0, 'L2/3I' 1, 'L4E' 2, 'L4I' 3, 'L5E' 4, 'L5I' 5, 'L6E' 6, 'L6I' 7)
set yrange [0:5.25]
set ytics nomirror format '%.6g' noenhanced
set ytics 1
set label 'population' at screen 0.495556, screen 0.508499 center noenhanced
set label 'rate [1/s]' at screen 0.0277778, screen 0.719547 center rotate by 90 noenhanced
set key at screen 0.0622222, screen 0.912181 left top horizontal Left reverse noenhanced samplen 3 spacing 1.2 font ',11' maxcols 2
plot NaN notitle, \
     'rates.dat' index 0 using ($1-0.21):2:(0.42) with boxes lc rgb '#0072B2' fs transparent solid 0.75 noborder notitle, \
     'rates.dat' index 1 using ($1+0.21):2:(0.42) with boxes lc rgb '#0072B2' lw 1.2 fs empty border notitle, \
     keyentry with boxes lc rgb '#0072B2' fs transparent solid 0.75 noborder title 'measured', \
     keyentry with boxes lc rgb '#0072B2' lw 1.2 fs empty border title 'published'

# panel 2
reset
set label 'Intervals' at screen 0.0733333, screen 0.456091 left font 'sans-serif:Bold,12' noenhanced
set lmargin at screen 0.0733333
set rmargin at screen 0.917778
set tmargin at screen 0.402266
set bmargin at screen 0.0906516
set border 11 lw 0.8 lc rgb '#808080'
set tics out scale 0.5,0.25 textcolor rgb 'black' font ',11'
set grid lt 1 lw 0.6 lc rgb '#C8808080'
set xrange [0:100]
set xtics nomirror offset 0,0.35 format '%.6g' noenhanced
set xtics 10
set yrange [0:16.8]
set ytics nomirror format '%.6g' noenhanced
set ytics 5
set label 'interval [ms]' at screen 0.495556, screen 0.0354108 center noenhanced
set label 'spikes' at screen 0.0188889, screen 0.246459 center rotate by 90 noenhanced
set y2range [0:1.05]
set y2tics nomirror format '%.6g' noenhanced
set y2tics 0.2
set label 'share [%]' at screen 0.981111, screen 0.246459 center rotate by 90 noenhanced
set key at screen 0.0622222, screen 0.439093 left top horizontal Left reverse noenhanced samplen 3 spacing 1.2 font ',11' maxcols 2
plot NaN notitle, \
     'rates.dat' index 2 using 1:2 with steps lc rgb '#D55E00' lw 2 dt 1 notitle, \
     'rates.dat' index 3 using 1:2 with lines lc rgb '#009E73' lw 2 dt 1 axes x1y2 notitle, \
     keyentry with lines lc rgb '#D55E00' lw 2 dt 1 title 'spikes', \
     keyentry with lines lc rgb '#009E73' lw 2 dt 1 title 'share (right)'

unset multiplot
set output
