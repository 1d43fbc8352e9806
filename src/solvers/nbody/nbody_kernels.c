/* The loops that cost, what they need per unit, and the workloads that measure them (section 10 of the specification).
 *
 * Counted in the source of the pair sum, an fma as 2 flops and 1 multiply: 3 differences, 3 fma for s^2, two steps of 2 products
 * and 4 fma in the reciprocal root (in float 2 and 4, then 2 and 2), 3 products and 3 fma for the sum. A float counts as half a
 * double, two of them share its place. A quarter of the targets has 1 product, 1 division and 1 root instead. Bytes: 32 of a source per block of 256 targets. The galaxy's are those of
 * milky_way_2014 in one leapfrog step.
 */
#include "solvers/nbody/nbody.h"

#define SPHERE(count, precision, time)                                                                                 \
  "units: {system: nbody}\ngravity: {softening: 0.05}\n"                                                               \
  "bodies: {sphere: {type: plummer, count: " count                                                                     \
  ", mass: 1, scale_radius: 0.5890486225480862}}\n"                                                                    \
  "numerics: {integrator: leapfrog, precision: " precision "}\ntime: " time "\noutput: {ledger: 2}\n"

static const hd_workload pairs[] = {
    {.name = "N = 1000", .yaml = SPHERE("1000", "double", "{end: 1, steps: 100}")},
    {"N = 8192", SPHERE("8192", "double", "{end: 0.0625, steps: 4}"), .threads = 2, .must = 1.7e9, .stretch = 1.9e9},
    {"N = 32768", SPHERE("32768", "double", "{end: 0.015625, steps: 1}"), .threads = 2, .must = 1.7e9,
     .stretch = 1.9e9},
    {0}};
static const hd_workload singles[] = {
    {"N = 8192", SPHERE("8192", "single", "{end: 0.0625, steps: 4}"), .threads = 2, .must = 3.75e9, .stretch = 4.25e9},
    {"N = 32768", SPHERE("32768", "single", "{end: 0.015625, steps: 1}"), .threads = 2, .must = 3.75e9,
     .stretch = 4.25e9},
    {0}};
static const hd_workload galaxy[] = {
    {"10^5 orbits",
     "preset: milky_way_2014\ngravity: {self: false}\n"
     "bodies: {disk: {type: circle, count: 100000, radius: 8 kpc, speed: 200 km/s}}\n"
     "numerics: {integrator: leapfrog}\ntime: {end: 100 Myr, steps: 100}\noutput: {ledger: 2, sky: false}\n",
     .threads = 2, .must = 25e6, .stretch = 83e6},
    {0}};

const hd_kernel nbody_kernels[] = {
    [NBODY_PAIR_KERNEL] = {"pair", "interaction", "pair force in double, Plummer softening", 33, 0.125, 0.25, 0.25,
                           pairs, .adds = 3, .multiplies = 17.5},
    [NBODY_SINGLE_KERNEL] = {"pair_single", "interaction", "pair force in float", 15, 0.0625, 0.125, 0.125, singles,
                             .adds = 1.5, .multiplies = 8},
    [NBODY_GALAXY_KERNEL] = {.name = "galaxy",
                             .unit = "body-step",
                             .doc = "acceleration of milky_way_2014",
                             .flops = 200,
                             .bytes = 96,
                             .divides = 4,
                             .roots = 3,
                             .workloads = galaxy},
    {0}};
