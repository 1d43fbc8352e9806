# A ball thrown through air: x'' = -drag |v| x', y'' = -drag |v| y' - g, by steps of the midpoint rule, until it is down again.
$1 ~ /^[a-z]/ { given[$1] = $2 }
END {
  h = ENVIRON["STEP"]; g = 9.80665; turn = atan2(0, -1) / 180
  u = given["speed"] * cos(given["angle"] * turn); v = given["speed"] * sin(given["angle"] * turn)
  print "t,range,height" > "path.csv"
  for (n = 0; y >= 0; n++) {
    if (n % 100 == 0) printf "%.3f,%.4f,%.4f\n", n * h, x, top > "path.csv"
    if (y > top) top = y
    k = given["drag"] * sqrt(u * u + v * v)
    um = u - h / 2 * k * u; vm = v - h / 2 * (k * v + g)
    k = given["drag"] * sqrt(um * um + vm * vm)
    x0 = x; y0 = y
    x += h * um; y += h * vm; u -= h * k * um; v -= h * (k * vm + g)
  }
  printf "%.3f,%.4f,%.4f\n", n * h, x0 + (x - x0) * y0 / (y0 - y), top > "path.csv"
}
