# How heddle drew nerve.svg and nerve.png. Change it and draw again:
#   gnuplot nerve.gp                     (SVG)
#   gnuplot -e 'kind = "png"' nerve.gp   (PNG)
if (!exists("kind")) kind = "svg"
if (!exists("suffix")) suffix = ""
reset
set encoding utf8
if (kind eq "svg") set terminal svg enhanced size 1080,537 font "sans-serif,12" linewidth 1
if (kind eq "png") set terminal pngcairo enhanced size 2160,1074 font "sans-serif,12" fontscale 2 linewidth 2 pointscale 2 background rgb "white"
set output "nerve.".kind.suffix
set multiplot

# panel 1
reset
set label 'Cross-section' at screen 0.0111111, screen 0.962756 left font 'sans-serif:Bold,15' noenhanced
set label 'Fibres' at screen 0.0685185, screen 0.90689 left font 'sans-serif:Bold,12' noenhanced
set lmargin at screen 0.0685185
set rmargin at screen 0.47037
set tmargin at screen 0.836127
set bmargin at screen 0.1527
set border 3 lw 0.8 lc rgb '#808080'
set tics out scale 0.5,0.25 textcolor rgb 'black' font ',11'
set grid lt 1 lw 0.6 lc rgb '#C8808080'
set xrange [-78:78]
set xtics nomirror offset 0,0.35 format '%.6g' noenhanced
set xtics 20
set yrange [-66:66]
set ytics nomirror format '%.6g' noenhanced
set ytics 20
set label 'x [µm]' at screen 0.269444, screen 0.0800745 center noenhanced
set label 'y [µm]' at screen 0.0157407, screen 0.495345 center rotate by 90 noenhanced
set key at screen 0.0592593, screen 0.884544 left top horizontal Left reverse noenhanced samplen 3 spacing 1.2 font ',11' maxcols 2
plot NaN notitle, \
     'nerve.dat' index 1 using 1:2:3 with circles lc rgb '#0072B2' fs transparent solid 0.75 noborder notitle, \
     'nerve.dat' index 2 using 1:2:3 with circles lc rgb '#0072B2' lw 1.2 fs empty border notitle, \
     'nerve.dat' index 0 using 1:2 with lines lc rgb '#808080' lw 1.3 dt 1 notitle, \
     keyentry with circles lc rgb '#0072B2' fs transparent solid 0.75 noborder title 'recruited', \
     keyentry with circles lc rgb '#0072B2' lw 1.2 fs empty border title 'at rest'

# panel 2
reset
set label 'Thresholds' at screen 0.568519, screen 0.90689 left font 'sans-serif:Bold,12' noenhanced
set lmargin at screen 0.568519
set rmargin at screen 0.905556
set tmargin at screen 0.836127
set bmargin at screen 0.119181
set border 3 lw 0.8 lc rgb '#808080'
set tics out scale 0.5,0.25 textcolor rgb 'black' font ',11'
set grid lt 1 lw 0.6 lc rgb '#C8808080'
set xrange [-52:52]
set xtics nomirror offset 0,0.35 format '%.6g' noenhanced
set xtics 20
set yrange [-55:55]
set ytics nomirror format '%.6g' noenhanced
set ytics 20
set label 'x [µm]' at screen 0.737037, screen 0.0465549 center noenhanced
set label 'y [µm]' at screen 0.515741, screen 0.478585 center rotate by 90 noenhanced
set label 'threshold [µA]' at screen 0.984259, screen 0.478585 center rotate by 90 noenhanced
set cbrange [1.04:3]
set cbtics nomirror format '%.6g' noenhanced
set cbtics 0.2
set palette defined (0 '#355f8d', 1 '#2a788e', 2 '#21918c', 3 '#22a884', 4 '#44bf70', 5 '#7ad151', 6 '#bddf26')
set colorbox user noborder origin screen 0.918519, screen 0.119181 size screen 0.012963, screen 0.716946
set key at screen 0.559259, screen 0.884544 left top horizontal Left reverse noenhanced samplen 3 spacing 1.2 font ',11' maxcols 1
plot NaN notitle, \
     'nerve.dat' index 4 using 1:2 with lines lc rgb '#009E73' lw 1.3 dt 1 notitle, \
     'nerve.dat' index 3 using 1:2:3 with points lc palette lw 1.2 pt 7 ps 0.5 notitle, \
     keyentry with lines lc rgb '#009E73' lw 1.3 dt 1 title 'electrode'

unset multiplot
set output
