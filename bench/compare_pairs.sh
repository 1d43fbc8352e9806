#!/bin/bash
# The direct sum over pairs under heddle, REBOUND and pytreegrav, on two threads each and on one, in one run.
#
#   bench/compare_pairs.sh [BUILD=build/release] [VENV=compare-pairs-venv] [ROUNDS=5]
#
# One line a tool, number of bodies and threads: interactions (N^2 per force, whatever a tool computes for it) per second of wall
# time, best of ROUNDS; the same per second of CPU time; how many times that tool heddle is, by wall time on as many threads. The
# tools take turns, so that other work on the machine meets all of them. Only forces are timed: heddle and REBOUND take leapfrog
# steps (one force each) of a Plummer sphere, and a short run or the first step is taken away from a long one; pytreegrav is called.
#
# heddle runs as its command; REBOUND, gravity "basic", is built here with the flags of PEER_CFLAGS (default -O3 -march=native), with
# OpenMP (its setup.py has no switch for it: -fopenmp -DOPENMP) and without, where it, too, computes each pair once; pytreegrav is
# numba's. The virtual environment is made once (network), and used again. A tool that cannot be had is skipped with one line.
set -euo pipefail
build=$(realpath "${1:-build/release}") venv=$(realpath -m "${2:-compare-pairs-venv}") rounds=${3:-5}
[ -x "$build/heddle" ] || { echo "compare_pairs: $build/heddle is not there; build it first" >&2; exit 3; }
flags=${PEER_CFLAGS:--O3 -march=native}
export LC_ALL=C

python=$venv/bin/python3
[ -x "$python" ] || python3 -m venv "$venv" || { echo "compare_pairs: python3 -m venv is not there (python3-venv)" >&2; exit 3; }
rebound() { # FOLDER CFLAGS LDFLAGS: REBOUND from source, into a folder of its own
  [ -d "$venv/$1" ] && return
  CFLAGS=$2 LDFLAGS=$3 "$python" -m pip install -q --no-cache-dir --no-deps --no-binary rebound --target "$venv/$1" rebound ||
    { rm -rf "${venv:?}/$1"; echo "skipped: REBOUND ($1) could not be built"; }
}
rebound rebound-openmp "$flags -fopenmp -DOPENMP" -fopenmp
rebound rebound-serial "$flags" ""
"$python" -c "import pytreegrav" 2> /dev/null || "$python" -m pip install -q pytreegrav || echo "skipped: pytreegrav could not be installed"
"$python" -c "import numpy" 2> /dev/null || "$python" -m pip install -q numpy || true

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat > "$work/peer.py" <<'PY'
# peer.py TOOL N: forces of a Plummer-like cloud; prints wall and CPU seconds of one force.
import math, random, sys, time

tool, n = sys.argv[1], int(sys.argv[2])
random.seed(1)

def place():
    r = 0.589 / math.sqrt(random.uniform(1e-3, 1) ** (-2 / 3) - 1 + 1e-9)
    z, phi = random.uniform(-1, 1), random.uniform(0, 2 * math.pi)
    s = r * math.sqrt(1 - z * z)
    return s * math.cos(phi), s * math.sin(phi), r * z

def seconds(force, least):
    count, wall = 1, 0
    force(1)                                    # compiles, wakes threads, touches memory
    while wall < least:
        start, cpu = time.perf_counter(), time.process_time()
        force(count)
        wall, cpu = time.perf_counter() - start, time.process_time() - cpu
        count, done = 2 * count, count
    print(wall / done, cpu / done)

if tool == "rebound":
    import rebound
    sim = rebound.Simulation()
    sim.integrator, sim.gravity, sim.softening, sim.dt = "leapfrog", "basic", 0.05, 1e-6
    for _ in range(n):
        x, y, z = place()
        sim.add(m=1 / n, x=x, y=y, z=z)
    seconds(lambda k: sim.steps(k), 0.5)
else:
    import numpy, pytreegrav
    x = numpy.array([place() for _ in range(n)])
    m, h = numpy.full(n, 1 / n), numpy.full(n, 0.05)
    def forces(k):
        for _ in range(k):
            pytreegrav.Accel(x, m, h, parallel=PARALLEL, method="bruteforce")
    PARALLEL = sys.argv[3] != "1"
    seconds(forces, 0.5)
PY
cat > "$work/compare.py" <<'PY'
import os, resource, subprocess, sys, time

heddle, venv, work, rounds = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
python = venv + "/bin/python3"
least = {}  # of each tool, N, threads: wall and CPU time of a force; or of a short run, of a long one, and steps between

def children():
    r = resource.getrusage(resource.RUSAGE_CHILDREN)
    return r.ru_utime + r.ru_stime

def timed(command, **more):
    cpu, start = children(), time.perf_counter()
    done = subprocess.run(command, cwd=work, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more)
    if done.returncode:
        raise RuntimeError(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "failed")
    return time.perf_counter() - start, children() - cpu, done.stdout

def run_heddle(n, threads, precision):
    def run(steps):
        path = f"{work}/s.yaml"
        with open(path, "w") as f:
            f.write(f"""solver: nbody
units: {{system: nbody}}
gravity: {{softening: 0.05}}
bodies: {{sphere: {{type: plummer, count: {n}, mass: 1, scale_radius: 0.5890486225480862}}}}
numerics: {{integrator: leapfrog, precision: {precision}}}
time: {{end: {steps * 1e-3}, steps: {steps}}}
output: {{ledger: 2, snapshots: 2, figures: []}}
""")
        return timed([heddle, "run", "s.yaml", "--quiet", "--force", "--threads", str(threads), "--output", "s.out"])
    few, many = 2, 2 + max(4, int(5e9 / n ** 2))
    short, long = run(few), run(many)
    return [short[0], short[1], long[0], long[1], many - few]

def run_peer(tool, folder, n, threads):
    env = dict(os.environ, OMP_NUM_THREADS=str(threads), NUMBA_NUM_THREADS=str(threads))
    if folder:
        env["PYTHONPATH"] = f"{venv}/{folder}"
    out = timed([python, f"{work}/peer.py", tool, str(n), str(threads)], env=env)[2]
    return [float(t) for t in out.split()]

def openmp(folder):
    import glob
    libs = glob.glob(f"{venv}/{folder}/librebound*.so")
    return bool(libs) and "libgomp" in subprocess.run(["ldd", libs[0]], capture_output=True, text=True).stdout

jobs, here = [], {}
for n in (4096, 8192, 32768):
    for threads in (2, 1):
        jobs.append(("heddle", n, threads, lambda n=n, t=threads: run_heddle(n, t, "double")))
        jobs.append(("heddle, float", n, threads, lambda n=n, t=threads: run_heddle(n, t, "single")))
if os.path.isdir(f"{venv}/rebound-openmp"):
    if not openmp("rebound-openmp"):
        print("skipped: REBOUND was built without OpenMP")
    else:
        for n in (8192, 32768):
            for threads in (2, 1):
                jobs.append(("REBOUND", n, threads, lambda n=n, t=threads: run_peer("rebound", "rebound-openmp", n, t)))
if os.path.isdir(f"{venv}/rebound-serial"):
    for n in (8192, 32768):
        jobs.append(("REBOUND, serial", n, 1, lambda n=n: run_peer("rebound", "rebound-serial", n, 1)))
for threads in (2, 1):
    jobs.append(("pytreegrav", 8192, threads, lambda t=threads: run_peer("pytreegrav", None, 8192, t)))

def version(module, folder):
    env = dict(os.environ, PYTHONPATH=f"{venv}/{folder}")
    text = f"import importlib.metadata as m; print(m.version('{module}'))"
    done = subprocess.run([python, "-c", text], env=env, capture_output=True, text=True)
    return done.stdout.strip() or "-"

print(f"REBOUND {version('rebound', 'rebound-openmp')}, pytreegrav {version('pytreegrav', '')}, numba {version('numba', '')};"
      f" load {os.getloadavg()[0]:.1f}, best of {rounds}")
skipped = set()
for r in range(rounds):
    for tool, n, threads, work_of in jobs:
        if tool in skipped:
            continue
        try:
            times = work_of()
        except Exception as e:
            print(f"skipped: {tool}: {e}")
            skipped.add(tool)
            continue
        key = (tool, n, threads)
        least[key] = [min(pair) for pair in zip(least.get(key, times), times)]
best = {}
for key, t in least.items():
    best[key] = (t[0], t[1]) if len(t) == 2 else ((t[2] - t[0]) / t[4], (t[3] - t[1]) / t[4])
print(f"{'':16}{'N':>7}{'threads':>9}{'G/s wall':>10}{'G/s CPU':>9}{'heddle is':>11}")
for (tool, n, threads), (wall, cpu) in sorted(best.items(), key=lambda item: (item[0][1], -item[0][2], item[0][0])):
    mine = best.get(("heddle", n, threads))
    ratio = f"{wall / mine[0]:10.2f}x" if mine and tool != "heddle" else ""
    print(f"{tool:16}{n:7}{threads:9}{n * n / wall * 1e-9:10.3f}{n * n / cpu * 1e-9:9.3f}{ratio:>11}")
for n in (4096, 8192, 32768):
    one, two = best.get(("heddle", n, 1)), best.get(("heddle", n, 2))
    if one and two:
        print(f"heddle, N = {n}: two threads are {one[0] / two[0]:.2f} times one")
PY
"$python" "$work/compare.py" "$build/heddle" "$venv" "$work" "$rounds"
