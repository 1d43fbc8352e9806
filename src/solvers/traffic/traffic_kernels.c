/* The loops that cost, what they need per unit, and the workloads that measure them (section 10 of the specification).
 *
 * Flops, divisions and roots are those of the sweep with two classes, exponents 1, relaxation and no class absent, as the
 * object code of x86-64-v4 executes them per cell: 50 before the faces, 42 at a face and in the update, 76 in relaxation and for
 * the speeds behind it; 105 of them sums, minima and maxima, 63 products and comparisons.
 * Each counts 1, selects and moves 0; there is no fma. Bytes are two states read and written once.
 */
#include "solvers/traffic/traffic.h"

#define RING(length, cells, number, time)                                                                              \
  "road: {length: " length ", cells: " cells                                                                           \
  ", quality: 1}\n"                                                                                                    \
  "initial: {kind: waves, background: {motorcycles: 50 veh/km, cars: 25 veh/km},\n"                                    \
  "          waves: [{class: motorcycles, amplitude: 5 veh/km, number: " number                                        \
  "}]}\n"                                                                                                              \
  "boundary: ring\n"                                                                                                   \
  "time: " time                                                                                                        \
  "\n"                                                                                                                 \
  "output: {ledger: 2}\n"

/* examples/traffic/pressure-sweep.yaml */
#define RED_LIGHTS                                                                                                     \
  "road: {length: 1 km, cells: 200, quality: 1}\n"                                                                     \
  "initial: {kind: equilibrium, state: {motorcycles: 100 veh/km, cars: 33.33 veh/km}}\n"                               \
  "boundary:\n"                                                                                                        \
  "  left: {kind: inflow, state: initial}\n"                                                                           \
  "  right: {schedule: [{from: 0 s, kind: wall}, {from: 60 s, kind: free}]}\n"                                         \
  "time: {end: 180 s}\n"                                                                                               \
  "output: {snapshots: {every: 1 s}, ledger: {every: 1 s}}\n"                                                          \
  "sweep:\n"                                                                                                           \
  "  grid:\n"                                                                                                          \
  "    classes.cars.pressure: {from: 75 km/h, to: 200 km/h, count: 8}\n"                                               \
  "    road.cells: [50, 100, 150, 200, 250, 300, 350, 400]\n"

static const hd_workload first_order[] = {
    {.name = "10^2 cells", .yaml = RING("1 km", "100", "1", "{end: 10000 s, steps: 50000}")},
    {"10^4 cells", RING("100 km", "10000", "50", "{end: 400 s, steps: 2000}"), .must = 120e6, .stretch = 390e6},
    {"10^6 cells", RING("10000 km", "1000000", "5000", "{end: 60 s, steps: 300}"), .must = 90e6, .stretch = 200e6,
     .threads = 2, .gain_must = 1.7, .gain_stretch = 1.9},
    {.name = "64 members", .yaml = RED_LIGHTS, .threads = 2, .gain_must = 1.8, .gain_stretch = 1.95},
    {0}};

/* The predecessor's Riemann problem: examples/traffic/arz2025-riemann.yaml, whose 170 steps are 17,000 cell-steps. */
static const hd_workload arz2025[] = {
    {.name = "arz2025-riemann",
     .yaml =
         "preset: arz2025\ncompat: arz2025\n"
         "road: {length: 1 km, cells: 100, quality: 1}\n"
         "initial:\n"
         "  kind: riemann\n"
         "  split: 500 m\n"
         "  left:  {motorcycles: {density: 20 veh/km, marker: 25 m/s}, cars: {density: 10 veh/km, marker: 22 m/s}}\n"
         "  right: {motorcycles: {density: 80 veh/km, marker: 8 m/s},  cars: {density: 40 veh/km, marker: 6 m/s}}\n"
         "boundary: {left: {kind: inflow, state: initial}, right: open}\n"
         "numerics: {courant: 0.8}\n"
         "time: {end: 60 s}\n"
         "output: {snapshots: {every: 5 s}}\n"},
    {0}};

const hd_kernel traffic_kernels[] = {
    [TRAFFIC_FIRST_ORDER_KERNEL] = {"first_order", "cell-step", "two classes, central-upwind flux, relaxation", 168, 64,
                                    3, 3, first_order, .adds = 105, .multiplies = 63},
    [TRAFFIC_ARZ2025_KERNEL] = {"arz2025", "cell-step", "the predecessor's algorithm", 300, 128, 10, 6, arz2025, 0, 0},
    {0}};
