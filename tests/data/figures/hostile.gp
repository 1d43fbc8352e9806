# How heddle drew hostile.svg and hostile.png. Change it and draw again:
#   gnuplot hostile.gp                     (SVG)
#   gnuplot -e 'kind = "png"' hostile.gp   (PNG)
if (!exists("kind")) kind = "svg"
if (!exists("suffix")) suffix = ""
reset
set encoding utf8
if (kind eq "svg") set terminal svg enhanced size 780,772 font "sans-serif,12" linewidth 1
if (kind eq "png") set terminal pngcairo enhanced size 1560,1544 font "sans-serif,12" fontscale 2 linewidth 2 pointscale 2 background rgb "white"
set output "hostile.".kind.suffix
set multiplot

# panel 1
reset
set label 'a’b"; system(’touch pwned’); `touch pwned` $(…' at screen 0.0153846, screen 0.974093 left font 'sans-serif:Bold,15' noenhanced
set label 'a’b"; system(’touch pwned’); `touch pwn…' at screen 0.984615, screen 0.974093 right font ',11' textcolor rgb '#808080' noenhanced
set label 'a’b"; system(’touch pwned’); `touch pwned` $(touch pwned) @x…' at screen 0.24359, screen 0.935233 left font 'sans-serif:Bold,12' noenhanced
set lmargin at screen 0.24359
set rmargin at screen 0.874359
set tmargin at screen 0.88601
set bmargin at screen 0.601036
set border 3 lw 0.8 lc rgb '#808080'
set tics out scale 0.5,0.25 textcolor rgb 'black' font ',11'
set grid lt 1 lw 0.6 lc rgb '#C8808080'
set xrange [0:3.06]
set xtics nomirror offset 0,0.35 format '%.6g' noenhanced
set xtics 0.5
set yrange [0:3.15]
set ytics nomirror format '%.6g' noenhanced
set ytics 0.5
set label 'a’b"; system(’touch pwned’); `touch pwned` $(touch pwned) @x {/Bold b…' at screen 0.558974, screen 0.550518 center noenhanced
set label 'a’b"; system(’touch pwned’); `touc…' at screen 0.175641, screen 0.743523 center rotate by 90 noenhanced
set label 'a’b"; system(’touch pwned’); `touc…' at screen 0.978205, screen 0.743523 center rotate by 90 noenhanced
set cbrange [0:3]
set cbtics nomirror format '%.6g' noenhanced
set cbtics 0.5
set palette defined (0 '#440154', 1 '#482475', 2 '#414487', 3 '#355f8d', 4 '#2a788e', 5 '#21918c', 6 '#22a884', 7 '#44bf70', 8 '#7ad151', 9 '#bddf26', 10 '#fde725')
set colorbox user noborder origin screen 0.892308, screen 0.601036 size screen 0.0179487, screen 0.284974
set key at screen 0.230769, screen 0.919689 left top horizontal Left reverse noenhanced samplen 3 spacing 1.2 font ',11' maxcols 1
plot NaN notitle, \
     'hostile.dat' index 0 using 1:2:3 with points lc palette lw 1.2 pt 7 ps 0.7 notitle, \
     keyentry with points lc palette lw 1.2 pt 7 ps 0.7 title 'a’b"; system(’touch pwned’); `touch pwned` $(to…'

# panel 2
reset
set label 'fill="black" <!-- ' at screen 0.24359, screen 0.502591 left font 'sans-serif:Bold,12' noenhanced
set lmargin at screen 0.24359
set rmargin at screen 0.874359
set tmargin at screen 0.453368
set bmargin at screen 0.168394
set border 3 lw 0.8 lc rgb '#808080'
set tics out scale 0.5,0.25 textcolor rgb 'black' font ',11'
set grid lt 1 lw 0.6 lc rgb '#C8808080'
set xrange [-0.5:3.5]
set xtics nomirror rotate by 35 right format '%.6g' noenhanced
set xtics ('a’b"; system(’tou…' 0, 'plain' 1, '’' 2, '"]]>' 3)
set yrange [-0.5:3.5]
set ytics nomirror format '%.6g' noenhanced
set ytics ('a’b"; system(’tou…' 0, 'plain' 1, '’' 2, '"]]>' 3)
set label 'a’b"; system(’touch pwned’); `touch pwned` $(touch pwned) @x {/Bold b…' at screen 0.558974, screen 0.0323834 center noenhanced
set label 'a’b"; system(’touch pwned’); `touc…' at screen 0.0217949, screen 0.310881 center rotate by 90 noenhanced
set key at screen 0.230769, screen 0.487047 left top horizontal Left reverse noenhanced samplen 3 spacing 1.2 font ',11' maxcols 1
plot NaN notitle, \
     'hostile.dat' index 1 using ($1+0):2:(0.84) with boxes lc rgb '#D55E00' fs transparent solid 0.75 noborder notitle, \
     keyentry with boxes lc rgb '#D55E00' fs transparent solid 0.75 noborder title '’; system(’touch pwned’); ’'

unset multiplot
set output
