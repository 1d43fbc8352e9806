# How heddle drew maps.svg and maps.png. Change it and draw again:
#   gnuplot maps.gp                     (SVG)
#   gnuplot -e 'kind = "png"' maps.gp   (PNG)
if (!exists("kind")) kind = "svg"
if (!exists("suffix")) suffix = ""
reset
set encoding utf8
if (kind eq "svg") set terminal svg enhanced size 1080,654 font "sans-serif,12" linewidth 1
if (kind eq "png") set terminal pngcairo enhanced size 2160,1308 font "sans-serif,12" fontscale 2 linewidth 2 pointscale 2 background rgb "white"
set output "maps.".kind.suffix
set multiplot

# panel 1
reset
set label 'Space-time maps' at screen 0.0111111, screen 0.969419 left font 'sans-serif:Bold,15' noenhanced
set label 'motorcycles' at screen 0.0685185, screen 0.923547 left font 'sans-serif:Bold,12' noenhanced
set lmargin at screen 0.0685185
set rmargin at screen 0.405556
set tmargin at screen 0.905199
set bmargin at screen 0.568807
set border 3 lw 0.8 lc rgb '#808080'
set tics out scale 0.5,0.25 textcolor rgb 'black' font ',11'
set grid lt 1 lw 0.6 lc rgb '#C8808080'
set xrange [-6.9388939e-18:6]
set xtics nomirror offset 0,0.35 format '%.6g' noenhanced
set xtics 1
set yrange [-0.75:59.25]
set ytics nomirror format '%.6g' noenhanced
set ytics 10
set label 'position [km]' at screen 0.237037, screen 0.509174 center noenhanced
set label 'time [s]' at screen 0.0157407, screen 0.737003 center rotate by 90 noenhanced
set label 'density [veh/km]' at screen 0.484259, screen 0.737003 center rotate by 90 noenhanced
set cbrange [11.019865:108.470819]
set cbtics nomirror format '%.6g' noenhanced
set cbtics 20
set palette defined (0 '#440154', 1 '#482475', 2 '#414487', 3 '#355f8d', 4 '#2a788e', 5 '#21918c', 6 '#22a884', 7 '#44bf70', 8 '#7ad151', 9 '#bddf26', 10 '#fde725')
set colorbox user noborder origin screen 0.418519, screen 0.568807 size screen 0.012963, screen 0.336391
unset key
plot NaN notitle, \
     'maps-1.bin' binary array=(60,40) format='%float32' endian=little origin=(0.05,0) dx=0.1 dy=1.5 using 1 with image notitle

# panel 2
reset
set label 'cars' at screen 0.568519, screen 0.923547 left font 'sans-serif:Bold,12' noenhanced
set lmargin at screen 0.568519
set rmargin at screen 0.905556
set tmargin at screen 0.905199
set bmargin at screen 0.568807
set border 3 lw 0.8 lc rgb '#808080'
set tics out scale 0.5,0.25 textcolor rgb 'black' font ',11'
set grid lt 1 lw 0.6 lc rgb '#C8808080'
set xrange [-6.9388939e-18:6]
set xtics nomirror offset 0,0.35 format '%.6g' noenhanced
set xtics 1
set yrange [-0.75:59.25]
set ytics nomirror format '%.6g' noenhanced
set ytics 10
set label 'position [km]' at screen 0.737037, screen 0.509174 center noenhanced
set label 'time [s]' at screen 0.515741, screen 0.737003 center rotate by 90 noenhanced
set label 'density [veh/km]' at screen 0.984259, screen 0.737003 center rotate by 90 noenhanced
set cbrange [10.4059168:108.470819]
set cbtics nomirror format '%.6g' noenhanced
set cbtics 20
set palette defined (0 '#440154', 1 '#482475', 2 '#414487', 3 '#355f8d', 4 '#2a788e', 5 '#21918c', 6 '#22a884', 7 '#44bf70', 8 '#7ad151', 9 '#bddf26', 10 '#fde725')
set colorbox user noborder origin screen 0.918519, screen 0.568807 size screen 0.012963, screen 0.336391
unset key
plot NaN notitle, \
     'maps-2.bin' binary array=(60,40) format='%float32' endian=little origin=(0.05,0) dx=0.1 dy=1.5 using 1 with image notitle

# panel 3
reset
set label 'motorcycles' at screen 0.0685185, screen 0.452599 left font 'sans-serif:Bold,12' noenhanced
set lmargin at screen 0.0685185
set rmargin at screen 0.405556
set tmargin at screen 0.434251
set bmargin at screen 0.0978593
set border 3 lw 0.8 lc rgb '#808080'
set tics out scale 0.5,0.25 textcolor rgb 'black' font ',11'
set grid lt 1 lw 0.6 lc rgb '#C8808080'
set xrange [-6.9388939e-18:6]
set xtics nomirror offset 0,0.35 format '%.6g' noenhanced
set xtics 1
set yrange [-0.75:59.25]
set ytics nomirror format '%.6g' noenhanced
set ytics 10
set label 'position [km]' at screen 0.237037, screen 0.0382263 center noenhanced
set label 'time [s]' at screen 0.0157407, screen 0.266055 center rotate by 90 noenhanced
set label 'speed [km/h]' at screen 0.484259, screen 0.266055 center rotate by 90 noenhanced
set cbrange [10.2159359:108.470819]
set cbtics nomirror format '%.6g' noenhanced
set cbtics 20
set palette defined (0 '#440154', 1 '#482475', 2 '#414487', 3 '#355f8d', 4 '#2a788e', 5 '#21918c', 6 '#22a884', 7 '#44bf70', 8 '#7ad151', 9 '#bddf26', 10 '#fde725')
set colorbox user noborder origin screen 0.418519, screen 0.0978593 size screen 0.012963, screen 0.336391
unset key
plot NaN notitle, \
     'maps-3.bin' binary array=(60,40) format='%float32' endian=little origin=(0.05,0) dx=0.1 dy=1.5 using 1 with image notitle

# panel 4
reset
set label 'cars' at screen 0.568519, screen 0.452599 left font 'sans-serif:Bold,12' noenhanced
set lmargin at screen 0.568519
set rmargin at screen 0.905556
set tmargin at screen 0.434251
set bmargin at screen 0.0978593
set border 3 lw 0.8 lc rgb '#808080'
set tics out scale 0.5,0.25 textcolor rgb 'black' font ',11'
set grid lt 1 lw 0.6 lc rgb '#C8808080'
set xrange [-6.9388939e-18:6]
set xtics nomirror offset 0,0.35 format '%.6g' noenhanced
set xtics 1
set yrange [-0.02:62.38]
set ytics nomirror format '%.6g' noenhanced
set ytics 10
set label 'position [km]' at screen 0.737037, screen 0.0382263 center noenhanced
set label 'time [s]' at screen 0.515741, screen 0.266055 center rotate by 90 noenhanced
set label 'speed [km/h]' at screen 0.984259, screen 0.266055 center rotate by 90 noenhanced
set cbrange [10.1249578:108.470819]
set cbtics nomirror format '%.6g' noenhanced
set cbtics 20
set palette defined (0 '#440154', 1 '#482475', 2 '#414487', 3 '#355f8d', 4 '#2a788e', 5 '#21918c', 6 '#22a884', 7 '#44bf70', 8 '#7ad151', 9 '#bddf26', 10 '#fde725')
set colorbox user noborder origin screen 0.918519, screen 0.0978593 size screen 0.012963, screen 0.336391
unset key
plot NaN notitle, \
     'maps-4.bin' binary array=(60,2000) format='%float32' endian=little origin=(0.05,-0.0044) dx=0.1 dy=0.0312 using 1 with image notitle

unset multiplot
set output
