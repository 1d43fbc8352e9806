/* The parameter table and the presets. Every key of the specification is here: what this version does not have yet is
 * refused by name (a choice with `!`, a key with HD_LATER), so that nobody takes it for a spelling mistake. */
#include "solvers/nbody/nbody.h"

/* clang-format off */
#define AT(member) offsetof(nbody, member)
#define OF(member) offsetof(nbody_component, member)
#define IN(member) offsetof(nbody_group, member)
#define LATER(name) {.key = name, .kind = HD_ANY, .flags = HD_LATER, .doc = "not in this version"}

/* ---- potential --------------------------------------------------------------------------------------------------- */

#define MOTION LATER("centre"), LATER("velocity"), LATER("orbit"), LATER("growth"), LATER("pattern_speed"), LATER("angle")
#define MASS(text) {"mass", HD_REAL, "Msun", .range = ">= 0", .at = OF(mass), .doc = text}
#define RADIUS {"scale_radius", HD_REAL, "kpc", .range = "> 0", .at = OF(scale_radius), .doc = "r_s"}
static const hd_param point[] = {MASS("mass"), MOTION, {0}};
static const hd_param nfw[] = {
  {"mass", HD_REAL, "Msun", .range = ">= 0", .instead = "virial_mass", .at = OF(mass),
   .doc = "4 pi rho0 r_s^3, the mass inside 5.3 r_s (Navarro, Frenk & White 1997); 1.62e11 Msun, say"},
  {"virial_mass", HD_REAL, "Msun", .range = ">= 0", .instead = "mass", .at = OF(virial_mass), .flags = HD_OPTIONAL,
   .doc = "mass inside the virial radius, with `concentration`"},
  {"scale_radius", HD_REAL, "kpc", .range = "> 0", .instead = "concentration", .at = OF(scale_radius), .doc = "r_s; 15.3 kpc, say"},
  {"concentration", HD_REAL, "1", .range = "> 0", .instead = "scale_radius", .at = OF(concentration), .flags = HD_OPTIONAL,
   .doc = "virial radius over r_s"},
  {"overdensity", HD_REAL, "1", .value = "200", .range = "> 0", .at = OF(overdensity), .doc = "of the virial radius"},
  {"hubble", HD_REAL, "1/Gyr", .value = "70 km/s/Mpc", .range = "> 0", .at = OF(hubble), .doc = "H, for the critical density"},
  MOTION, {0}};
static const hd_param miyamoto_nagai[] = {
  MASS("mass; 6.5e10 Msun, say"),
  {"a", HD_REAL, "kpc", .range = ">= 0", .at = OF(a), .doc = "radial scale (Miyamoto & Nagai 1975); 3 kpc, say"},
  {"b", HD_REAL, "kpc", .range = "> 0", .at = OF(b), .doc = "height; 280 pc, say"}, MOTION, {0}};
static const hd_param power_law_cutoff[] = {
  MASS("total mass; 4501365375.06545 Msun, say"),
  {"alpha", HD_REAL, "1", .value = "1.8", .range = "[-1.5, 3)", .at = OF(alpha), .doc = "slope of the density inside the cutoff"},
  {"cutoff_radius", HD_REAL, "kpc", .range = "> 0", .at = OF(cutoff_radius), .doc = "r_c: density ~ r^-alpha exp(-(r/r_c)^2); 1.9 kpc, say"},
  MOTION, {0}};
static const hd_param logarithmic[] = {
  {"speed", HD_REAL, "kpc/Gyr", .range = ">= 0", .at = OF(speed), .doc = "v0, of circular orbits far out; 220 km/s, say"},
  {"flattening", HD_REAL, "1", .value = "0.9", .range = "> 0", .at = OF(flattening), .doc = "q of the equipotentials"},
  {"core_radius", HD_REAL, "kpc", .value = "0 kpc", .range = ">= 0", .at = OF(core_radius), .doc = "of constant density"},
  MOTION, {0}};
static const hd_param triaxial_nfw[] = {
  MASS("4 pi rho0 r_s^3"), RADIUS,
  {"q1", HD_REAL, "1", .value = "1", .range = "> 0", .at = OF(axis_y), .doc = "axis ratio y/x of the density"},
  {"q2", HD_REAL, "1", .value = "1", .range = "> 0", .at = OF(axis_z), .doc = "axis ratio z/x of the density"}, MOTION, {0}};
static const hd_param two_power[] = {
  {"density", HD_REAL, "Msun/kpc^3", .range = ">= 0", .at = OF(density), .doc = "rho0 of rho0 (a/m)^alpha (1+m/a)^(alpha-beta); 0.015 Msun/pc^3, say"},
  RADIUS,
  {"b", HD_REAL, "1", .value = "1", .range = "> 0", .at = OF(axis_y), .doc = "axis ratio y/x of the density"},
  {"c", HD_REAL, "1", .value = "1", .range = "> 0", .at = OF(axis_z), .doc = "axis ratio z/x of the density"},
  {"alpha", HD_REAL, "1", .value = "1", .range = "[0, 3)", .at = OF(alpha), .doc = "inner slope"},
  {"beta", HD_REAL, "1", .value = "3", .range = "(2, 20]", .at = OF(beta), .doc = "outer slope"}, MOTION, {0}};
static const hd_param exponential_disk[] = {
  {"mass", HD_REAL, "Msun", .range = ">= 0", .instead = "density", .at = OF(mass), .doc = "mass of the exponential disk; 1e10 Msun, say"},
  {"density", HD_REAL, "Msun/kpc^3", .range = ">= 0", .instead = "mass", .at = OF(density), .flags = HD_OPTIONAL,
   .doc = "central density: mass = 4 pi rho h_R^2 h_z"},
  {"radial_scale", HD_REAL, "kpc", .range = "> 0", .at = OF(radial_scale), .doc = "h_R; 3 kpc, say"},
  {"height", HD_REAL, "kpc", .range = "> 0", .at = OF(height), .doc = "h_z, at most 3 h_R (Smith et al. 2015); 300 pc, say"},
  {"vertical", HD_CHOICE, .of = "exponential|sech2", .value = "exponential", .at = OF(vertical), .doc = "vertical profile"},
  {"fit", HD_CHOICE, .of = "positive|free", .value = "positive", .at = OF(fit), .doc = "positive: density positive everywhere"},
  MOTION, {0}};
static const hd_param component_types[] = {
  {"point", HD_GROUP, .sub = point, .doc = "a point mass"},
  {"nfw", HD_GROUP, .sub = nfw, .doc = "Navarro-Frenk-White halo"},
  {"miyamoto_nagai", HD_GROUP, .sub = miyamoto_nagai, .doc = "disk"},
  {"power_law_cutoff", HD_GROUP, .sub = power_law_cutoff, .doc = "bulge: power law with exponential cutoff"},
  {"logarithmic", HD_GROUP, .sub = logarithmic, .doc = "flat rotation curve"},
  {"triaxial_nfw", HD_GROUP, .sub = triaxial_nfw, .doc = "NFW on ellipsoids"},
  {"two_power", HD_GROUP, .sub = two_power, .doc = "two power laws on ellipsoids"},
  {"exponential_disk", HD_GROUP, .sub = exponential_disk, .doc = "three Miyamoto-Nagai disks (Smith et al. 2015)"},
  LATER("plummer"), LATER("hernquist"), LATER("isochrone"), LATER("bar"), {0}};
static const hd_param component[] = {
  {.kind = HD_VARIANT, .of = "type", .sub = component_types, .at = OF(type), .doc = "one component"}, {0}};

/* ---- bodies ------------------------------------------------------------------------------------------------------ */

static const hd_param share_keys[] = {
  {"fraction", HD_REAL, "1", .range = "(0, 1]", .at = offsetof(nbody_share, fraction), .doc = "share of the bodies"},
  {"weight", HD_REAL, "1", .range = "> 0", .at = offsetof(nbody_share, weight), .doc = "mass of one, relative to others"}, {0}};
static const hd_param share[] = {{.kind = HD_GROUP, .sub = share_keys, .doc = "bodies of one mass"}, {0}};
static const hd_param power_law[] = {
  {"slope", HD_REAL, "1", .range = "[-10, 10]", .at = IN(slope), .doc = "dN/dm ~ m^slope (Salpeter: -2.35)"},
  {"minimum", HD_REAL, "Msun", .range = "> 0", .at = IN(minimum), .doc = "smallest mass"},
  {"maximum", HD_REAL, "Msun", .range = "> 0", .at = IN(maximum), .doc = "largest mass"}, {0}};
static const hd_param distribution[] = {
  {"groups", HD_LIST, .sub = share, .instead = "power_law", .at = IN(shares), .size = sizeof(nbody_share), .flags = HD_OPTIONAL,
   .doc = "several masses"},
  {"power_law", HD_GROUP, .sub = power_law, .instead = "groups", .flags = HD_OPTIONAL, .doc = "a power-law mass function"}, {0}};
static const hd_param sampled_masses[] = {
  {.kind = HD_CHOICE, .of = "equal", .at = IN(masses_word), .doc = "all the same"},
  {.kind = HD_GROUP, .sub = distribution, .doc = "groups or a power law"}, {0}};
static const hd_param one_mass[] = {{.kind = HD_REAL, .unit = "Msun", .range = ">= 0", .doc = "mass of a body"}, {0}};
static const hd_param one_place[] = {{.kind = HD_REAL, .unit = "kpc", .count = 3, .doc = "x y z"}, {0}};
static const hd_param one_velocity[] = {{.kind = HD_REAL, .unit = "kpc/Gyr", .count = 3, .doc = "vx vy vz"}, {0}};
static const hd_param place[] = {
  {"position", HD_REAL, "kpc", .count = 3, .value = "0 0 0 kpc", .at = IN(place.position), .doc = "of the group's centre"},
  {"velocity", HD_REAL, "kpc/Gyr", .count = 3, .value = "0 0 0 km/s", .at = IN(place.velocity), .doc = "of the group's centre"},
  {"at", HD_REAL, "Gyr", .flags = HD_OPTIONAL, .at = IN(place.at),
   .doc = "when they hold; the orbit is integrated to time.start as that of a test particle"}, {0}};
#define STAR {"star", HD_BOOL, .value = "false", .at = IN(star), .doc = "stars: PartType4 in Gadget files"}
#define PLACE {"place", HD_GROUP, .sub = place, .doc = "state of the group's centre"}
#define COUNT {"count", HD_INT, .range = "[1, 2147483648]", .at = IN(count), .doc = "number of bodies"}
#define TOTAL {"mass", HD_REAL, "Msun", .range = ">= 0", .at = IN(mass), .flags = HD_OPTIONAL, \
  .doc = "of all together; a power law needs none: the sample then has its own"}
#define MASSES {"masses", HD_EITHER, .sub = sampled_masses, .value = "equal", .at = IN(masses_form), .doc = "how it is distributed"}
#define RECENTRE {"recentre", HD_BOOL, .value = "true", .at = IN(recentre), \
  .doc = "take mean position and velocity of the sample away"}
static const hd_param plummer[] = {
  COUNT, TOTAL, MASSES,
  {"scale_radius", HD_REAL, "kpc", .range = "> 0", .at = IN(scale_radius), .doc = "a: rho ~ (1 + r^2/a^2)^-5/2"},
  {"truncate", HD_REAL, "1", .value = "1", .range = "(0, 1]", .at = IN(truncate), .doc = "share of the mass that is sampled"},
  RECENTRE, PLACE, STAR, {0}};
static const hd_param two_body[] = {
  {"masses", HD_LIST, .sub = one_mass, .at = IN(masses), .size = sizeof(double), .doc = "of both bodies"},
  {"pericentre", HD_REAL, "kpc", .range = "> 0", .at = IN(pericentre), .doc = "least distance, where they begin"},
  {"eccentricity", HD_REAL, "1", .range = "[0, 1)", .at = IN(eccentricity), .doc = "of the ellipse"}, PLACE, STAR, {0}};
#define RADIUS_SPEED \
  {"radius", HD_REAL, "kpc", .range = ">= 0", .at = IN(radius), .doc = "distance from the centre"}, \
  {"speed", HD_REAL, "kpc/Gyr", .range = ">= 0", .at = IN(speed), .doc = "tangential, in a random direction (sphere), along the circle"}
#define MASSLESS {"mass", HD_REAL, "Msun", .value = "0 Msun", .range = ">= 0", .at = IN(mass), .doc = "of all together"}
static const hd_param sphere[] = {COUNT, MASSLESS, RADIUS_SPEED, PLACE, STAR, {0}};
static const hd_param inclined[] = {
  MASSLESS, RADIUS_SPEED,
  {"inclination", HD_REAL, "rad", .value = "0 deg", .range = "[-180 deg, 180 deg]", .at = IN(inclination),
   .doc = "position (r cos i, 0, r sin i), velocity (0, v, 0)"}, PLACE, STAR, {0}};
static const hd_param particles[] = {
  {"file", HD_PATH, .instead = "position", .at = IN(file), .flags = HD_OPTIONAL,
   .doc = "CSV (x, y, z, vx, vy, vz, mass, id; units in the header) or Gadget .hdf5"},
  {"position", HD_LIST, .sub = one_place, .instead = "file", .at = IN(position), .size = 3 * sizeof(double), .flags = HD_OPTIONAL,
   .doc = "of each body"},
  {"velocity", HD_LIST, .sub = one_velocity, .at = IN(velocity), .size = 3 * sizeof(double), .flags = HD_OPTIONAL,
   .doc = "of each body; at rest unless given"},
  {"masses", HD_LIST, .sub = one_mass, .at = IN(masses), .size = sizeof(double), .flags = HD_OPTIONAL,
   .doc = "of each body; test particles unless given"}, PLACE, STAR, {0}};
static const hd_param group_types[] = {
  {"plummer", HD_GROUP, .sub = plummer, .doc = "a Plummer sphere in equilibrium"},
  {"two_body", HD_GROUP, .sub = two_body, .doc = "two bodies on an ellipse, at pericentre"},
  {"sphere", HD_GROUP, .sub = sphere, .doc = "random points on a sphere"},
  {"circle", HD_GROUP, .sub = sphere, .doc = "random points on a circle in the plane z = 0"},
  {"inclined", HD_GROUP, .sub = inclined, .doc = "one body above the plane"},
  {"particles", HD_GROUP, .sub = particles, .doc = "a list, or a file"},
  LATER("spray"), {0}};
static const hd_param group[] = {
  {.kind = HD_VARIANT, .of = "type", .sub = group_types, .at = IN(type), .doc = "one group of bodies"}, {0}};

/* ---- the rest ---------------------------------------------------------------------------------------------------- */

static const hd_param time_keys[] = {
  {"start", HD_REAL, "Gyr", .value = "0 Gyr", .at = AT(time.start), .doc = "time of the initial state"},
  {"end", HD_REAL, "Gyr", .at = AT(time.end), .doc = "when to stop; before the start: backwards"},
  {"step", HD_REAL, "Gyr", .range = "> 0", .instead = "steps", .at = AT(time.step), .flags = HD_AUTO,
   .doc = "longest step; auto: 0.02 dynamical times of the tightest sphere, 0.01 r/v_c of any orbit"},
  {"steps", HD_INT, .range = "[1, 1099511627776]", .instead = "step", .at = AT(time.steps), .flags = HD_OPTIONAL,
   .doc = "number of equal steps"}, {0}};
static const hd_param units[] = {
  {"system", HD_CHOICE, .of = "galactic|nbody~", .value = "galactic", .at = AT(units.system),
   .doc = "galactic: kpc, Msun, km/s; nbody: G = 1, bare numbers"},
  {"length", HD_REAL, "kpc", .range = "> 0", .at = AT(units.length), .flags = HD_OPTIONAL | HD_SCALE, .doc = "nbody: physical unit of length"},
  {"mass", HD_REAL, "Msun", .range = "> 0", .at = AT(units.mass), .flags = HD_OPTIONAL | HD_SCALE, .doc = "nbody: physical unit of mass"}, {0}};
static const hd_param gravity[] = {
  {"self", HD_BOOL, .value = "true", .at = AT(gravity.self), .doc = "false: test particles"},
  {"softening", HD_REAL, "kpc", .range = ">= 0", .at = AT(gravity.softening), .flags = HD_AUTO,
   .doc = "eps of Plummer softening; auto: 0.1 pc, 0 in a dimensionless system"},
  {"kernel", HD_CHOICE, .of = "plummer|spline!", .value = "plummer", .at = AT(gravity.kernel), .doc = "form of the softening"},
  LATER("host_moves"), {0}};
static const hd_param observer[] = {
  {"frame", HD_CHOICE, .of = "galactic|equatorial|gd1|pal5|custom", .value = "gd1", .at = AT(observer.frame),
   .doc = "of phi1, phi2: gd1 of Koposov, Rix & Hogg 2010, pal5 of Price-Whelan"},
  {"rotation", HD_REAL, "1", .count = 9, .at = AT(observer.rotation), .flags = HD_OPTIONAL,
   .doc = "of frame custom: rows of the matrix from equatorial directions"},
  {"sun_position", HD_REAL, "kpc", .count = 3, .value = "8 0 0 kpc", .at = AT(observer.sun_position), .doc = "of the Sun"},
  {"sun_velocity", HD_REAL, "kpc/Gyr", .count = 3, .value = "0 0 0 km/s", .at = AT(observer.sun_velocity),
   .doc = "of the Sun; 0: velocities free of its motion"},
  {"handedness", HD_CHOICE, .of = "left|right", .value = "left", .at = AT(observer.handedness),
   .doc = "left: x from the centre to the Sun's side, as in the stream literature"}, {0}};
static const hd_param numerics[] = {
  {"integrator", HD_CHOICE, .of = "auto|leapfrog|leapfrog_dkd|yoshida4|yoshida6|yoshida8|rk4|dop853|ias15|hermite!|"
   "block_leapfrog!|dopri5!|tsit5!", .flags = HD_AUTO, .at = AT(numerics.integrator),
   .doc = "auto: dop853 for test particles, ias15 for at most 16 bodies, else leapfrog"},
  {"tolerance", HD_REAL, "1", .value = "1e-10", .range = "[1e-15, 1e-2]", .at = AT(numerics.tolerance), .doc = "of dop853, relative"},
  {"absolute_tolerance", HD_REAL, "1", .range = "[1e-15, 1e-2]", .at = AT(numerics.absolute_tolerance), .flags = HD_OPTIONAL,
   .doc = "in kpc and kpc/Gyr; the same unless given"},
  {"max_step", HD_REAL, "Gyr", .range = "> 0", .at = AT(numerics.max_step), .flags = HD_OPTIONAL, .doc = "longest adaptive step"},
  {"min_step", HD_REAL, "Gyr", .range = "> 0", .at = AT(numerics.min_step), .flags = HD_OPTIONAL,
   .doc = "below it an orbit fails; 2^-40 of the interval unless given"},
  {"max_steps", HD_INT, .value = "100000000", .range = ">= 1", .at = AT(numerics.max_steps), .doc = "of an adaptive orbit"},
  {"force", HD_CHOICE, .of = "auto|direct|tree!", .flags = HD_AUTO, .at = AT(numerics.force), .doc = "how pairs are summed"},
  {"precision", HD_CHOICE, .of = "double|single", .value = "double", .at = AT(numerics.precision), .doc = "of the pair force"},
  {"sum", HD_CHOICE, .of = "plain|compensated!", .value = "plain", .at = AT(numerics.sum), .doc = "of tile sums"},
  {"energy_warning", HD_REAL, "1", .value = "1e-3", .range = "> 0", .at = AT(numerics.energy_warning),
   .doc = "relative energy error that is worth a warning"},
  LATER("accuracy"), LATER("corrector_passes"), LATER("opening_angle"), LATER("leaf_size"), {0}};
static const hd_param compare[] = {
  {.kind = HD_CHOICE, .of = "none|exact|initial", .at = AT(output.compare), .doc = "exact: the Kepler orbit of a two_body"},
  {.kind = HD_PATH, .of = "result.h5", .at = AT(output.compare_file), .doc = "the last snapshot of a result"}, {0}};
static const hd_param one_radius[] = {{.kind = HD_REAL, .unit = "kpc", .range = "> 0", .doc = "R at (R, 0, 0)"}, {0}};
static const hd_param sky[] = {
  {.kind = HD_CHOICE, .of = "auto", .at = AT(output.sky_word), .doc = "with a potential"},
  {.kind = HD_BOOL, .at = AT(output.sky), .doc = "yes or no"}, {0}};
static const hd_param output[] = {
  {"snapshots", HD_SCHEDULE, "Gyr", .value = "2", .at = AT(output.snapshots), .doc = "when bodies are stored"},
  {"ledger", HD_SCHEDULE, "Gyr", .value = "101", .at = AT(output.ledger), .doc = "when the books are stored"},
  {"components", HD_BOOL, .value = "false", .at = AT(output.components), .doc = "potential and acceleration of each component"},
  {"sky", HD_EITHER, .sub = sky, .flags = HD_AUTO, .at = AT(output.sky_form), .doc = "positions and motions on the sky"},
  {"rotation_curve", HD_LIST, .sub = one_radius, .at = AT(output.rotation_curve), .size = sizeof(double), .flags = HD_OPTIONAL,
   .doc = "radii of circular velocities"},
  {"core_radius", HD_REAL, "kpc", .range = "> 0", .at = AT(output.core_radius), .flags = HD_OPTIONAL,
   .doc = "of core_fraction; 5 scale_radius unless given"},
  {"compare", HD_EITHER, .sub = compare, .value = "none", .at = AT(output.compare_form),
   .doc = "none, exact, initial, or a result: what errors are against"}, {0}};

const hd_param nbody_params[] = {
  {"preset", HD_CHOICE, .of = "none|milky_way_2014", .value = "none", .at = AT(preset), .doc = "a galaxy to start from"},
  {"compat", HD_CHOICE, .of = "none|odisseo!", .value = "none", .at = AT(compat), .doc = "as a predecessor computes"},
  {"units", HD_GROUP, .sub = units, .doc = "units of the scenario and of the results"},
  {"gravity", HD_GROUP, .sub = gravity, .doc = "forces between bodies"},
  {"potential", HD_NAMED, .sub = component, .at = AT(potential), .size = sizeof(nbody_component), .flags = HD_OPTIONAL,
   .doc = "components of the galaxy, by name; their sum acts on all bodies"},
  {"bodies", HD_NAMED, .sub = group, .at = AT(bodies), .size = sizeof(nbody_group), .doc = "groups of bodies, by name"},
  {"time", HD_GROUP, .sub = time_keys, .doc = "from when to when"},
  {"observer", HD_GROUP, .sub = observer, .doc = "frame of the sky"},
  {"numerics", HD_GROUP, .sub = numerics, .doc = "integrator and force"},
  {"output", HD_GROUP, .sub = output, .doc = "what is stored when"},
  LATER("loss"), LATER("gradient"), {0}};

const hd_preset nbody_presets[] = {
  {"none", "no galaxy: bodies alone, unless `potential` names components", "{}"},
  {"milky_way_2014", "MWPotential2014 of galpy and gala (Bovy 2015): halo, disk, bulge",
   "potential:\n"
   "  halo:  {type: nfw, mass: 4.3683325e11 Msun, scale_radius: 16 kpc}\n"
   "  disk:  {type: miyamoto_nagai, mass: 68193902782.346756 Msun, a: 3 kpc, b: 280 pc}\n"
   "  bulge: {type: power_law_cutoff, mass: 4501365375.06545 Msun, alpha: 1.8, cutoff_radius: 1.9 kpc}\n"},
  {0}};
/* clang-format on */
