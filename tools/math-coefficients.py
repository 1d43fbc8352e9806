#!/usr/bin/env python3
"""Makes the polynomial coefficients and split constants of include/heddle/math.h. Needs mpmath.

A polynomial is the interpolant of its function at Chebyshev nodes of the interval (within a small factor of the best
one), computed with 60 digits and then rounded to double, lowest coefficient first. The error printed beside it is that
of the rounded polynomial, times the power of the argument by which math.h multiplies it.
"""
from mpmath import mp, mpf, cos, pi, exp, log, sin, atan, sqrt, atanh, matrix, lu_solve

mp.dps = 60


def rounded(x, bits=53):
    """The nearest number with so many bits."""
    mp_prec, mp.prec = mp.prec, bits
    y = +x
    mp.prec = mp_prec
    return y


def hexfloat(x):
    return float(x).hex()


def polynomial(name, f, low, high, degree, weight, bits=53):
    low, high = mpf(low), mpf(high)
    n = degree + 1
    nodes = [(low + high) / 2 + (high - low) / 2 * cos((2 * i + 1) * pi / (2 * n)) for i in range(n)]
    c = lu_solve(matrix([[x**j for j in range(n)] for x in nodes]), matrix([f(x) for x in nodes]))
    c = [rounded(x, bits) for x in c]
    worst = mpf(0)
    for i in range(1001):
        x = low + (high - low) * i / 1000
        if x == 0:
            continue
        p = mpf(0)
        for a in reversed(c):
            p = p * x + a
        worst = max(worst, abs((p - f(x)) * weight(x)))
    print(f"{name}: degree {degree}, error 2^{float(log(worst, 2)):.1f}")
    print("  " + ", ".join(hexfloat(a) for a in c))


def split(name, x, parts=2, bits=53):
    print(name + ": ", end="")
    for _ in range(parts):
        h = rounded(x, bits)
        print(hexfloat(h), end="  ")
        x -= h
    print()


def taylor(f, series):
    """f, or near 0, where it cancels, its series."""
    return lambda x: f(x) if abs(x) > mpf(10)**-6 else series(x)


half_ln2 = log(mpf(2)) / 2 * (1 + mpf(2)**-30)
quarter_pi = pi / 4 * (1 + mpf(2)**-20)
s_max = (sqrt(mpf(2)) - 1)**2 * (1 + mpf(2)**-20)   # s = f / (2 + f), f in [sqrt(1/2) - 1, sqrt(2) - 1]
z_max = s_max**2
t_max = sqrt(mpf(2)) - 1 + mpf(2)**-20              # tan(pi / 8)
factorial = mp.factorial

polynomial("exp: (e^r - 1 - r - r^2/2) / r^3, of r",
           taylor(lambda r: (exp(r) - 1 - r - r**2 / 2) / r**3, lambda r: sum(r**i / factorial(i + 3) for i in range(8))),
           -half_ln2, half_ln2, 9, lambda r: abs(r)**3)
R = lambda z: (2 * atanh(sqrt(z)) / sqrt(z) - 2) / z
polynomial("log: (2 atanh(s) / s - 2) / z, of z = s^2",
           taylor(R, lambda z: sum(2 * z**i / (2 * i + 3) for i in range(10))), 0, z_max, 6, lambda z: z * sqrt(z))
polynomial("log for pow: (2 atanh(s) / s - 2 - 2/3 z - 2/5 z^2) / z^3, of z = s^2",
           lambda z: sum(2 * z**i / (2 * i + 7) for i in range(40)), 0, z_max, 7, lambda z: z**3)
polynomial("sin: (sin r - r) / r^3, of z = r^2",
           taylor(lambda z: (sin(sqrt(z)) / sqrt(z) - 1) / z, lambda z: sum((-1)**(i + 1) * z**i / factorial(2 * i + 3) for i in range(8))),
           0, quarter_pi**2, 6, lambda z: z)
polynomial("cos: (cos r - 1 + z/2) / z^2, of z = r^2",
           taylor(lambda z: (cos(sqrt(z)) - 1 + z / 2) / z**2, lambda z: sum((-1)**i * z**i / factorial(2 * i + 4) for i in range(8))),
           0, quarter_pi**2, 5, lambda z: z**2)
polynomial("atan: (atan t / t - 1) / z, of z = t^2",
           taylor(lambda z: (atan(sqrt(z)) / sqrt(z) - 1) / z, lambda z: sum((-1)**(i + 1) * z**i / (2 * i + 3) for i in range(10))),
           0, t_max**2, 11, lambda z: z)
polynomial("expf: (e^r - 1 - r) / r^2, of r, in float",
           taylor(lambda r: (exp(r) - 1 - r) / r**2, lambda r: sum(r**i / factorial(i + 2) for i in range(8))),
           -half_ln2, half_ln2, 5, lambda r: r**2, bits=24)
split("ln 2", log(mpf(2)), 3)
split("ln 2 with 32 bits", log(mpf(2)), 1, 32)
split("ln 2, rest of that", log(mpf(2)) - rounded(log(mpf(2)), 32), 2)
split("ln 2 in float", log(mpf(2)), 3, 24)
split("1 / ln 2", 1 / log(mpf(2)))
split("1 / ln 10", 1 / log(mpf(10)))
split("log10 2 with 32 bits", log(mpf(2)) / log(mpf(10)), 1, 32)
split("log10 2, rest of that", log(mpf(2)) / log(mpf(10)) - rounded(log(mpf(2)) / log(mpf(10)), 32), 2)
split("pi / 2", pi / 2, 4)
split("2 / pi", 2 / pi)
split("pi", pi, 2)
split("2/3", mpf(2) / 3)
split("2/5", mpf(2) / 5)
mp.dps = 450
fraction = 2 / pi
print("2 / pi in words of 64 bits:")
for _ in range(20):
    fraction *= 2**64
    print(f"  0x{int(fraction):016x}u")
    fraction -= int(fraction)
