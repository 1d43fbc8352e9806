"""A chain of radioactive decays A -> B -> C by the classical Runge-Kutta method: an ordinary script of some user's.

It reads its parameters as one JSON object from standard input and prints its results as one JSON object.
"""
import json
import math
import sys


def slope(state, rates):
    a, b = state
    return -rates[0] * a, rates[0] * a - rates[1] * b


def leap(state, rates, h):
    def at(k, part):
        return [s + part * h * d for s, d in zip(state, k)]

    k1 = slope(state, rates)
    k2 = slope(at(k1, 0.5), rates)
    k3 = slope(at(k2, 0.5), rates)
    k4 = slope(at(k3, 1.0), rates)
    return [s + h / 6 * (p + 2 * q + 2 * r + t) for s, p, q, r, t in zip(state, k1, k2, k3, k4)]


given = json.load(sys.stdin)
rates = math.log(2) / given["half_life_a"], math.log(2) / given["half_life_b"]
steps, end = given["steps"], given["end"]
state, peak = [1.0, 0.0], 0.0
for n in range(steps):
    state = leap(state, rates, end / steps)
    peak = max(peak, state[1])
    if n % (steps // 10 or 1) == 0:
        print(f"t = {(n + 1) * end / steps:.3f}: A {state[0]:.6f}, B {state[1]:.6f}", file=sys.stderr)

# Bateman (1910): the exact amount of B.
exact = rates[0] / (rates[1] - rates[0]) * (math.exp(-rates[0] * end) - math.exp(-rates[1] * end))
print(json.dumps({"a": state[0], "b": state[1], "b_peak": peak, "b_error": abs(state[1] - exact)}))
