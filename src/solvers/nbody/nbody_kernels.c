/* The loops that cost, what they need per unit, and the workloads that measure them (section 10 of the specification).
 *
 * Counted in the source of the pair sum, per pair, which is two interactions; an fma as 2 flops and 1 multiply: 6 differences
 * (coordinates are subtracted twice), 3 fma for s^2, 3 products and 2 fma for s^-3 from its root (in float 1 product), 2 products
 * with masses, 6 fma for both sums; one float division and root, each a third of one in double. A float counts as half a double, two
 * of them share its place. Bytes: two tiles and their sums, read and written for 2 x 256 x 256 interactions. The galaxy's are those
 * of milky_way_2014 in one leapfrog step.
 */
#include "solvers/nbody/nbody.h"

#define SPHERE(count, precision, time)                                                                                 \
  "units: {system: nbody}\ngravity: {softening: 0.05}\n"                                                               \
  "bodies: {sphere: {type: plummer, count: " count                                                                     \
  ", mass: 1, scale_radius: 0.5890486225480862}}\n"                                                                    \
  "numerics: {integrator: leapfrog, precision: " precision "}\ntime: " time "\noutput: {ledger: 2}\n"

static const hd_workload pairs[] = {{.name = "N = 1000", .yaml = SPHERE("1000", "double", "{end: 1, steps: 100}")},
                                    {"N = 4096", SPHERE("4096", "double", "{end: 0.25, steps: 16}"), .threads = 2,
                                     .must = 2e9, .stretch = 2.3e9, .gain_must = 1.8, .gain_stretch = 1.95},
                                    {"N = 8192", SPHERE("8192", "double", "{end: 0.0625, steps: 4}"), .threads = 2,
                                     .must = 2e9, .stretch = 2.3e9, .gain_must = 1.8, .gain_stretch = 1.95},
                                    {"N = 32768", SPHERE("32768", "double", "{end: 0.0625, steps: 4}"), .threads = 2,
                                     .must = 2e9, .stretch = 2.3e9, .gain_must = 1.8, .gain_stretch = 1.95},
                                    {0}};
static const hd_workload singles[] = {
    {"N = 8192", SPHERE("8192", "single", "{end: 0.0625, steps: 4}"), .threads = 2, .must = 5e9, .stretch = 6e9},
    {"N = 32768", SPHERE("32768", "single", "{end: 0.0625, steps: 4}"), .threads = 2, .must = 5e9, .stretch = 6e9},
    {0}};
static const hd_workload galaxy[] = {
    {"10^5 orbits",
     "preset: milky_way_2014\ngravity: {self: false}\n"
     "bodies: {disk: {type: circle, count: 100000, radius: 8 kpc, speed: 200 km/s}}\n"
     "numerics: {integrator: leapfrog}\ntime: {end: 100 Myr, steps: 100}\noutput: {ledger: 2, sky: false}\n",
     .threads = 2, .must = 25e6, .stretch = 83e6},
    {0}};

const hd_kernel nbody_kernels[] = {
    [NBODY_PAIR_KERNEL] = {"pair", "interaction", "pair force in double, Plummer softening", 16.5, 0.3, 0.16, 0.16,
                           pairs, .adds = 3, .multiplies = 8},
    [NBODY_SINGLE_KERNEL] = {"pair_single", "interaction", "pair force in float", 6.75, 0.25, 0.16, 0.16, singles,
                             .adds = 1.5, .multiplies = 3},
    [NBODY_GALAXY_KERNEL] = {.name = "galaxy",
                             .unit = "body-step",
                             .doc = "acceleration of milky_way_2014",
                             .flops = 200,
                             .bytes = 96,
                             .divides = 4,
                             .roots = 3,
                             .workloads = galaxy},
    {0}};
