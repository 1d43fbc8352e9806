# How heddle drew empty.svg and empty.png. Change it and draw again:
#   gnuplot empty.gp                     (SVG)
#   gnuplot -e 'kind = "png"' empty.gp   (PNG)
if (!exists("kind")) kind = "svg"
if (!exists("suffix")) suffix = ""
reset
set encoding utf8
if (kind eq "svg") set terminal svg enhanced size 1080,1296 font "sans-serif,12" linewidth 1
if (kind eq "png") set terminal pngcairo enhanced size 2160,2592 font "sans-serif,12" fontscale 2 linewidth 2 pointscale 2 background rgb "white"
set output "empty.".kind.suffix
set multiplot

# panel 1
reset
set label 'Nothing, one point, constant, not positive' at screen 0.0111111, screen 0.984568 left font 'sans-serif:Bold,15' noenhanced
set label 'no marks' at screen 0.0833333, screen 0.941358 left font 'sans-serif:Bold,12' noenhanced
set lmargin at screen 0.0833333
set rmargin at screen 0.405556
set tmargin at screen 0.932099
set bmargin at screen 0.762346
set border 3 lw 0.8 lc rgb '#808080'
set tics out scale 0.5,0.25 textcolor rgb 'black' font ',11'
set grid lt 1 lw 0.6 lc rgb '#C8808080'
set xrange [0:1]
set xtics nomirror offset 0,0.35 format '%.6g' noenhanced
set xtics 0.2
set yrange [0:1]
set ytics nomirror format '%.6g' noenhanced
set ytics 0.2
set label 'x' at screen 0.244444, screen 0.732253 center noenhanced
set label 'x' at screen 0.0305556, screen 0.847222 center rotate by 90 noenhanced
unset key
set label 'no data' at graph 0.5, graph 0.5 center textcolor rgb '#808080'
plot NaN notitle

# panel 2
reset
set label 'NaN only' at screen 0.583333, screen 0.96142 left font 'sans-serif:Bold,12' noenhanced
set lmargin at screen 0.583333
set rmargin at screen 0.905556
set tmargin at screen 0.932099
set bmargin at screen 0.762346
set border 3 lw 0.8 lc rgb '#808080'
set tics out scale 0.5,0.25 textcolor rgb 'black' font ',11'
set grid lt 1 lw 0.6 lc rgb '#C8808080'
set xrange [0.96:3.04]
set xtics nomirror offset 0,0.35 format '%.6g' noenhanced
set xtics 0.5
set yrange [0:1]
set ytics nomirror format '%.6g' noenhanced
set ytics 0.2
set label 'x' at screen 0.744444, screen 0.732253 center noenhanced
set label 'x' at screen 0.530556, screen 0.847222 center rotate by 90 noenhanced
set key at screen 0.574074, screen 0.95216 left top horizontal Left reverse noenhanced samplen 3 spacing 1.2 font ',11' maxcols 2
set label 'no data' at graph 0.5, graph 0.5 center textcolor rgb '#808080'
plot NaN notitle, \
     keyentry with lines lc rgb '#0072B2' lw 2 dt 1 title 'line', \
     keyentry with points lc rgb '#D55E00' lw 1.2 pt 7 ps 0.7 title 'points'

# panel 3
reset
set label 'NaN image' at screen 0.0833333, screen 0.703704 left font 'sans-serif:Bold,12' noenhanced
set lmargin at screen 0.0833333
set rmargin at screen 0.405556
set tmargin at screen 0.694444
set bmargin at screen 0.524691
set border 3 lw 0.8 lc rgb '#808080'
set tics out scale 0.5,0.25 textcolor rgb 'black' font ',11'
set grid lt 1 lw 0.6 lc rgb '#C8808080'
set xrange [-0.5:2.5]
set xtics nomirror offset 0,0.35 format '%.6g' noenhanced
set xtics 0.5
set yrange [-0.5:0.5]
set ytics nomirror format '%.6g' noenhanced
set ytics 0.2
set label 'x' at screen 0.244444, screen 0.494599 center noenhanced
set label 'x' at screen 0.0231481, screen 0.609568 center rotate by 90 noenhanced
set label 'c [mm]' at screen 0.484259, screen 0.609568 center rotate by 90 noenhanced
set cbrange [0:1]
set cbtics nomirror format '%.6g' noenhanced
set cbtics 0.2
set palette defined (0 '#440154', 1 '#482475', 2 '#414487', 3 '#355f8d', 4 '#2a788e', 5 '#21918c', 6 '#22a884', 7 '#44bf70', 8 '#7ad151', 9 '#bddf26', 10 '#fde725')
set colorbox user noborder origin screen 0.418519, screen 0.524691 size screen 0.012963, screen 0.169753
unset key
set label 'no data' at graph 0.5, graph 0.5 center textcolor rgb '#808080'
plot NaN notitle

# panel 4
reset
set label 'constant image of one row' at screen 0.583333, screen 0.703704 left font 'sans-serif:Bold,12' noenhanced
set lmargin at screen 0.583333
set rmargin at screen 0.905556
set tmargin at screen 0.694444
set bmargin at screen 0.524691
set border 3 lw 0.8 lc rgb '#808080'
set tics out scale 0.5,0.25 textcolor rgb 'black' font ',11'
set grid lt 1 lw 0.6 lc rgb '#C8808080'
set xrange [-0.5:2.5]
set xtics nomirror offset 0,0.35 format '%.6g' noenhanced
set xtics 0.5
set yrange [-0.5:0.5]
set ytics nomirror format '%.6g' noenhanced
set ytics 0.2
set label 'x' at screen 0.744444, screen 0.494599 center noenhanced
set label 'x' at screen 0.523148, screen 0.609568 center rotate by 90 noenhanced
set label 'c [mm]' at screen 0.984259, screen 0.609568 center rotate by 90 noenhanced
set cbrange [4.75:5.25]
set cbtics nomirror format '%.6g' noenhanced
set cbtics 0.1
set palette defined (0 '#440154', 1 '#482475', 2 '#414487', 3 '#355f8d', 4 '#2a788e', 5 '#21918c', 6 '#22a884', 7 '#44bf70', 8 '#7ad151', 9 '#bddf26', 10 '#fde725')
set colorbox user noborder origin screen 0.918519, screen 0.524691 size screen 0.012963, screen 0.169753
unset key
plot NaN notitle, \
     'empty-1.bin' binary array=(3,2) format='%float32' endian=little origin=(0,-0.25) dx=1 dy=0.5 using 1 with image notitle

# panel 5
reset
set label 'one point' at screen 0.0833333, screen 0.466049 left font 'sans-serif:Bold,12' noenhanced
set lmargin at screen 0.0833333
set rmargin at screen 0.405556
set tmargin at screen 0.45679
set bmargin at screen 0.287037
set border 3 lw 0.8 lc rgb '#808080'
set tics out scale 0.5,0.25 textcolor rgb 'black' font ',11'
set grid lt 1 lw 0.6 lc rgb '#C8808080'
set xrange [0.95:1.05]
set xtics nomirror offset 0,0.35 format '%.6g' noenhanced
set xtics 0.02
set yrange [0.95:1.05]
set ytics nomirror format '%.6g' noenhanced
set ytics 0.02
set label 'x' at screen 0.244444, screen 0.256944 center noenhanced
set label 'x' at screen 0.0231481, screen 0.371914 center rotate by 90 noenhanced
unset key
plot NaN notitle, \
     'empty.dat' index 0 using 1:2 with points lc rgb '#D55E00' lw 1.2 pt 7 ps 0.7 notitle

# panel 6
reset
set label 'constant line' at screen 0.583333, screen 0.466049 left font 'sans-serif:Bold,12' noenhanced
set lmargin at screen 0.583333
set rmargin at screen 0.905556
set tmargin at screen 0.45679
set bmargin at screen 0.287037
set border 3 lw 0.8 lc rgb '#808080'
set tics out scale 0.5,0.25 textcolor rgb 'black' font ',11'
set grid lt 1 lw 0.6 lc rgb '#C8808080'
set xrange [1:3]
set xtics nomirror offset 0,0.35 format '%.6g' noenhanced
set xtics 0.5
set yrange [4.75:5.25]
set ytics nomirror format '%.6g' noenhanced
set ytics 0.1
set label 'x' at screen 0.744444, screen 0.256944 center noenhanced
set label 'x' at screen 0.530556, screen 0.371914 center rotate by 90 noenhanced
unset key
plot NaN notitle, \
     'empty.dat' index 1 using 1:2 with lines lc rgb '#0072B2' lw 2 dt 1 notitle

# panel 7
reset
set label 'never positive' at screen 0.0833333, screen 0.228395 left font 'sans-serif:Bold,12' noenhanced
set lmargin at screen 0.0833333
set rmargin at screen 0.405556
set tmargin at screen 0.219136
set bmargin at screen 0.0493827
set border 3 lw 0.8 lc rgb '#808080'
set tics out scale 0.5,0.25 textcolor rgb 'black' font ',11'
set grid lt 1 lw 0.6 lc rgb '#C8808080'
set xrange [1:3]
set xtics nomirror offset 0,0.35 format '%.6g' noenhanced
set xtics 0.5
set yrange [1:10]
set logscale y 10
set ytics nomirror format '%.6g' noenhanced
set ytics ('1' 1, '2' 2, '5' 5, '10' 10)
set mytics 10
set label 'x' at screen 0.244444, screen 0.0192901 center noenhanced
set label 'error' at screen 0.0157407, screen 0.134259 center rotate by 90 noenhanced
unset key
set label 'nothing above zero to show' at graph 0.5, graph 0.5 center textcolor rgb '#808080'
plot NaN notitle

# panel 8
reset
set label 'zero, then positive' at screen 0.583333, screen 0.228395 left font 'sans-serif:Bold,12' noenhanced
set lmargin at screen 0.583333
set rmargin at screen 0.905556
set tmargin at screen 0.219136
set bmargin at screen 0.0493827
set border 3 lw 0.8 lc rgb '#808080'
set tics out scale 0.5,0.25 textcolor rgb 'black' font ',11'
set grid lt 1 lw 0.6 lc rgb '#C8808080'
set xrange [1:3]
set xtics nomirror offset 0,0.35 format '%.6g' noenhanced
set xtics 0.5
set yrange [1e-12:5e-09]
set logscale y 10
set ytics nomirror format '10^{%T}' enhanced
set mytics 10
set label 'x' at screen 0.744444, screen 0.0192901 center noenhanced
set label 'error' at screen 0.515741, screen 0.134259 center rotate by 90 noenhanced
unset key
plot NaN notitle, \
     'empty.dat' index 2 using 1:2 with lines lc rgb '#009E73' lw 2 dt 1 notitle

unset multiplot
set output
