# How heddle drew hostile.svg and hostile.png. Change it and draw again:
#   gnuplot hostile.gp                     (SVG)
#   gnuplot -e 'kind = "png"' hostile.gp   (PNG)
if (!exists("kind")) kind = "svg"
if (!exists("suffix")) suffix = ""
reset
set encoding utf8
if (kind eq "svg") set terminal svg enhanced size 900,706 font "sans-serif,12" linewidth 1
if (kind eq "png") set terminal pngcairo enhanced size 1800,1412 font "sans-serif,12" fontscale 2 linewidth 2 pointscale 2 background rgb "white"
set output "hostile.".kind.suffix
set multiplot

# panel 1
reset
set label 'a’b"; system(’touch pwned’); `touch pwned` $(touch pwned)…' at screen 0.0133333, screen 0.971671 left font 'sans-serif:Bold,15' noenhanced
set label 'a’b"; system(’touch pwned’); `touch pwn…' at screen 0.986667, screen 0.971671 right font ',11' textcolor rgb '#808080' noenhanced
set label 'a’b"; system(’touch pwned’); `touch pwned` $(touch pwned) @x {/Bold b}^2_3…' at screen 0.215556, screen 0.929178 left font 'sans-serif:Bold,12' noenhanced
set lmargin at screen 0.215556
set rmargin at screen 0.886667
set tmargin at screen 0.875354
set bmargin at screen 0.563739
set border 3 lw 0.8 lc rgb '#808080'
set tics out scale 0.5,0.25 textcolor rgb 'black' font ',11'
set grid lt 1 lw 0.6 lc rgb '#C8808080'
set xrange [0:3.06]
set xtics nomirror offset 0,0.35 format '%.6g' noenhanced
set xtics 0.5
set yrange [0:3.15]
set ytics nomirror format '%.6g' noenhanced
set ytics 0.5
set label 'a’b"; system(’touch pwned’); `touch pwned` $(touch pwned) @x {/Bold b}^2_3 <script>al…' at screen 0.551111, screen 0.508499 center noenhanced
set label 'a’b"; system(’touch pwned’); `touc…' at screen 0.152222, screen 0.719547 center rotate by 90 noenhanced
set label 'a’b"; system(’touch pwned’); `touc…' at screen 0.981111, screen 0.719547 center rotate by 90 noenhanced
set cbrange [0:3]
set cbtics nomirror format '%.6g' noenhanced
set cbtics 0.5
set palette defined (0 '#355f8d', 1 '#2a788e', 2 '#21918c', 3 '#22a884', 4 '#44bf70', 5 '#7ad151', 6 '#bddf26')
set colorbox user noborder origin screen 0.902222, screen 0.563739 size screen 0.0155556, screen 0.311615
set key at screen 0.204444, screen 0.912181 left top horizontal Left reverse noenhanced samplen 3 spacing 1.2 font ',11' maxcols 1
plot NaN notitle, \
     'hostile.dat' index 0 using 1:2:3 with points lc palette lw 1.2 pt 7 ps 0.7 notitle, \
     keyentry with points lc palette lw 1.2 pt 7 ps 0.7 title 'a’b"; system(’touch pwned’); `touch pwned` $(to…'

# panel 2
reset
set label 'fill="black" <!-- ' at screen 0.215556, screen 0.456091 left font 'sans-serif:Bold,12' noenhanced
set lmargin at screen 0.215556
set rmargin at screen 0.886667
set tmargin at screen 0.402266
set bmargin at screen 0.0906516
set border 3 lw 0.8 lc rgb '#808080'
set tics out scale 0.5,0.25 textcolor rgb 'black' font ',11'
set grid lt 1 lw 0.6 lc rgb '#C8808080'
set xrange [-0.5:3.5]
set xtics nomirror offset 0,0.35 format '%.6g' noenhanced
set xtics ('a’b"; system(’tou…' 0, 'plain' 1, '’' 2, '"]]>' 3)
set yrange [-0.5:3.5]
set ytics nomirror format '%.6g' noenhanced
set ytics ('a’b"; system(’tou…' 0, 'plain' 1, '’' 2, '"]]>' 3)
set label 'a’b"; system(’touch pwned’); `touch pwned` $(touch pwned) @x {/Bold b}^2_3 <script>al…' at screen 0.551111, screen 0.0354108 center noenhanced
set label 'a’b"; system(’touch pwned’); `touc…' at screen 0.0188889, screen 0.246459 center rotate by 90 noenhanced
set key at screen 0.204444, screen 0.439093 left top horizontal Left reverse noenhanced samplen 3 spacing 1.2 font ',11' maxcols 1
plot NaN notitle, \
     'hostile.dat' index 1 using ($1+0):2:(0.84) with boxes lc rgb '#D55E00' fs transparent solid 0.75 noborder notitle, \
     keyentry with boxes lc rgb '#D55E00' fs transparent solid 0.75 noborder title '’; system(’touch pwned’); ’'

unset multiplot
set output
