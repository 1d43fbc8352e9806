/* The parameter table and the presets. Every key of the specification is here: what this version does not have yet is
 * refused by name (a choice with `!`, a key with HD_LATER), so that nobody takes it for a spelling mistake. */
#include "solvers/traffic/traffic.h"

/* clang-format off */
#define AT(member) offsetof(traffic, member)
#define LATER(name)                                                                                                    \
  { .key = name, .kind = HD_ANY, .flags = HD_LATER, .doc = "not in this version" }
#define ITEM(type, member) offsetof(type, member)

/* ---- states: class -> {density, speed | marker}; a bare quantity is the density ---------------------------------- */

static const hd_param load_keys[] = {
    {"density", HD_REAL, "veh/m", .range = ">= 0", .at = ITEM(traffic_load, density), .flags = HD_BARE,
     .doc = "vehicles per length of road"},
    {"speed", HD_REAL, "m/s", .instead = "marker", .at = ITEM(traffic_load, speed), .flags = HD_OPTIONAL,
     .doc = "speed; without speed and marker, that of equilibrium"},
    {"marker", HD_REAL, "m/s", .instead = "speed", .at = ITEM(traffic_load, marker), .flags = HD_OPTIONAL,
     .doc = "speed its drivers would take on the empty road, w = v + P"},
    {0}};
static const hd_param load[] = {{.kind = HD_GROUP, .sub = load_keys, .doc = "density, and speed or marker, of a class"},
                                {0}};

#define STATE(name, offset, text)                                                                                      \
  {                                                                                                                    \
    .key = name, .kind = HD_NAMED, .of = "classes", .sub = load, .at = (offset), .size = sizeof(traffic_load),         \
    .doc = text                                                                                                        \
  }

/* ---- classes ----------------------------------------------------------------------------------------------------- */

static const hd_param by_category[] = {
    {.kind = HD_REAL, .unit = "m/s", .range = "> 0", .doc = "free speed on roads of this category"}, {0}};
static const hd_param free_speed[] = {
    {.kind = HD_REAL, .unit = "m/s", .range = "> 0", .at = ITEM(traffic_class, free_speed), .doc = "one for all roads"},
    {.kind = HD_NAMED,
     .sub = by_category,
     .at = ITEM(traffic_class, free_speeds),
     .size = sizeof(double),
     .doc = "category of the road to free speed"},
    {0}};
static const hd_param seen[] = {
    {.kind = HD_REAL, .unit = "1", .value = "1", .range = "[0, 10]", .doc = "how much a vehicle of that class counts"},
    {0}};
static const hd_param class_keys[] = {
    {"pressure", HD_REAL, "m/s", .range = ">= 0", .at = ITEM(traffic_class, pressure),
     .doc = "K of the pressure K x^gamma (preset)"},
    {"exponent", HD_REAL, "1", .range = "(0, 10]", .at = ITEM(traffic_class, exponent),
     .doc = "gamma of the pressure; 1, 1.5, 2, 2.5 and 3 are fast (preset)"},
    {"relaxation", HD_REAL, "s", .range = "> 0", .at = ITEM(traffic_class, relaxation),
     .doc = "time tau in which drivers reach the equilibrium speed (preset)"},
    {"free_speed", HD_EITHER, .sub = free_speed, .at = ITEM(traffic_class, free_speed_form),
     .doc = "equilibrium speed on the empty road, one or by category (preset)"},
    {"creeping", HD_REAL, "m/s", .value = "0 km/h", .range = ">= 0", .at = ITEM(traffic_class, creeping),
     .doc = "equilibrium speed at jam density"},
    {"sees", HD_NAMED, .of = "classes", .sub = seen, .at = ITEM(traffic_class, sees), .size = sizeof(double),
     .flags = HD_OPTIONAL, .doc = "A_ij: weight of other classes in the density this class feels; 1 unless named"},
    LATER("weight"),
    {0}};
static const hd_param class_item[] = {{.kind = HD_GROUP, .sub = class_keys, .doc = "one class of vehicles"}, {0}};

/* ---- road -------------------------------------------------------------------------------------------------------- */

static const hd_param stretch_keys[] = {
    {"from", HD_REAL, "m", .at = ITEM(traffic_stretch, from), .doc = "where it begins; it ends where the next begins"},
    {"category", HD_INT, .range = "[1, 9]", .at = ITEM(traffic_stretch, category), .doc = "quality category"},
    {0}};
static const hd_param stretch[] = {{.kind = HD_GROUP, .sub = stretch_keys, .doc = "a stretch of one quality"}, {0}};
static const hd_param quality_file[] = {
    {"file", HD_PATH, .at = AT(road.quality_file), .doc = "one category per line and cell"}, {0}};
static const hd_param quality[] = {
    {.kind = HD_INT, .range = "[1, 9]", .at = AT(road.quality), .doc = "one category for the whole road"},
    {.kind = HD_LIST,
     .sub = stretch,
     .at = AT(road.stretches),
     .size = sizeof(traffic_stretch),
     .doc = "stretches; borders go to the nearest face"},
    {.kind = HD_GROUP, .sub = quality_file, .doc = "from a file"},
    {0}};
static const hd_param anything[] = {{.kind = HD_ANY, .doc = "a stretch"}, {0}};
static const hd_param lanes[] = {
    {.kind = HD_INT, .range = "[1, 12]", .at = AT(road.lanes), .doc = "the same on the whole road"},
    {.kind = HD_LIST, .sub = anything, .flags = HD_LATER, .doc = "a list of lanes"},
    {0}};
static const hd_param road[] = {
    {"length", HD_REAL, "m", .range = "> 0", .at = AT(road.length), .doc = "length of the road"},
    {"start", HD_REAL, "m", .value = "0 m", .at = AT(road.start), .doc = "position of its left end"},
    {"cells", HD_INT, .instead = "cell", .range = "[1, 2147483648]", .at = AT(road.cells), .flags = HD_OPTIONAL,
     .doc = "number of cells; this or `cell`"},
    {"cell", HD_REAL, "m", .instead = "cells", .range = "> 0", .at = AT(road.cell), .flags = HD_OPTIONAL,
     .doc = "length of a cell, rounded down so that cells fit"},
    {"quality", HD_EITHER, .sub = quality, .value = "1", .at = AT(road.quality_form),
     .doc = "surface category: 1 trunk, primary; 2 secondary; 3 residential; 4 track; 5 path; 9 unknown"},
    {"lanes", HD_EITHER, .sub = lanes, .value = "1", .at = AT(road.lanes_form),
     .doc = "lanes; each adds one jam density"},
    {0}};

/* ---- initial ----------------------------------------------------------------------------------------------------- */

#define INITIAL_QUALITY                                                                                                \
  {                                                                                                                    \
    "quality", HD_INT, .range = "[1, 9]", .at = AT(initial.quality), .flags = HD_OPTIONAL,                             \
                       .doc = "category whose equilibrium is taken; the one there unless given"                        \
  }
static const hd_param uniform[] = {
    STATE("state", AT(initial.state), "the state everywhere"), INITIAL_QUALITY, LATER("links"), {0}};
static const hd_param riemann[] = {STATE("left", AT(initial.left), "state left of the split"),
                                   STATE("right", AT(initial.right), "state right of it"),
                                   {"split", HD_REAL, "m", .at = AT(initial.split), .doc = "where the states meet"},
                                   {0}};
static const hd_param peak[] = {{.kind = HD_REAL, .unit = "veh/m", .range = ">= 0", .doc = "density at the top"}, {0}};
static const hd_param hump[] = {
    STATE("background", AT(initial.background), "state far from the hump, and the marker of it"),
    {"peak", HD_NAMED, .of = "classes", .sub = peak, .at = AT(initial.peak), .size = sizeof(double),
     .doc = "density of each class at the top"},
    {"centre", HD_REAL, "m", .at = AT(initial.centre), .doc = "position of the top"},
    {"width", HD_REAL, "m", .range = "> 0", .at = AT(initial.width), .doc = "standard deviation of the hump"},
    {0}};
static const hd_param wave_keys[] = {
    {"class", HD_REF, .of = "classes", .at = ITEM(traffic_wave, index), .doc = "whose density swings"},
    {"amplitude", HD_REAL, "veh/m", .at = ITEM(traffic_wave, amplitude), .doc = "amplitude of the density"},
    {"number", HD_REAL, "1", .value = "1", .range = "> 0", .at = ITEM(traffic_wave, number),
     .doc = "waves on the road"},
    {"phase", HD_REAL, "rad", .value = "0 rad", .at = ITEM(traffic_wave, phase), .doc = "phase at the left end"},
    {0}};
static const hd_param wave[] = {{.kind = HD_GROUP, .sub = wave_keys, .doc = "one sine"}, {0}};
static const hd_param waves[] = {
    STATE("background", AT(initial.background), "state without waves, and the marker of it"),
    {"waves", HD_LIST, .sub = wave, .at = AT(initial.waves), .size = sizeof(traffic_wave), .doc = "sines to add"},
    {0}};
static const hd_param random_keys[] = {
    {"empty", HD_REAL, "1", .value = "0.5", .range = "[0, 1]", .at = AT(initial.empty),
     .doc = "probability that a class is absent from a cell"},
    {0}};
static const hd_param file_keys[] = {
    {"file", HD_PATH, .at = AT(initial.file),
     .doc = "CSV: x, then density and speed or marker of each class; units in the header"},
    {0}};
static const hd_param initial[] = {
    {"uniform", HD_GROUP, .sub = uniform, .doc = "one state everywhere"},
    {"equilibrium", HD_GROUP, .sub = uniform, .doc = "densities everywhere, speeds of equilibrium"},
    {"riemann", HD_GROUP, .sub = riemann, .doc = "two states"},
    {"hump", HD_GROUP, .sub = hump, .doc = "a Gaussian hump of density"},
    {"waves", HD_GROUP, .sub = waves, .doc = "sines of density"},
    {"random", HD_GROUP, .sub = random_keys, .doc = "independent cells, drawn from the seed"},
    {"file", HD_GROUP, .sub = file_keys, .doc = "cell averages from a file"},
    LATER("mode"),
    LATER("jamiton"),
    LATER("result"),
    {0}};

/* ---- boundary ---------------------------------------------------------------------------------------------------- */

#define KINDS "ring|inflow|open|free|wall|origin!"
#define END_STATE(offset)                                                                                              \
  {                                                                                                                    \
    "state", HD_EITHER, .sub = end_state_##offset, .at = AT(offset.only.state_form), .flags = HD_OPTIONAL,             \
                        .doc = "what comes in: a state, or `initial`, that of this end at the start"                   \
  }
static const hd_param end_state_left[] = {
    {.kind = HD_CHOICE, .of = "initial", .at = AT(left.only.state_word), .doc = "as at the start"},
    {.kind = HD_NAMED,
     .of = "classes",
     .sub = load,
     .at = AT(left.only.state),
     .size = sizeof(traffic_load),
     .doc = "a state"},
    {0}};
static const hd_param end_state_right[] = {
    {.kind = HD_CHOICE, .of = "initial", .at = AT(right.only.state_word), .doc = "as at the start"},
    {.kind = HD_NAMED,
     .of = "classes",
     .sub = load,
     .at = AT(right.only.state),
     .size = sizeof(traffic_load),
     .doc = "a state"},
    {0}};
static const hd_param phase_state[] = {
    {.kind = HD_CHOICE, .of = "initial", .at = ITEM(traffic_phase, state_word), .doc = "as at the start"},
    {.kind = HD_NAMED,
     .of = "classes",
     .sub = load,
     .at = ITEM(traffic_phase, state),
     .size = sizeof(traffic_load),
     .doc = "a state"},
    {0}};
static const hd_param phase_keys[] = {
    {"from", HD_REAL, "s", .at = ITEM(traffic_phase, from), .doc = "holds from here until the next"},
    {"kind", HD_CHOICE, .of = KINDS, .at = ITEM(traffic_phase, kind), .doc = "what the end is"},
    {"state", HD_EITHER, .sub = phase_state, .at = ITEM(traffic_phase, state_form), .flags = HD_OPTIONAL,
     .doc = "what comes in"},
    {0}};
static const hd_param phase[] = {{.kind = HD_GROUP, .sub = phase_keys, .doc = "what holds from a time on"}, {0}};
#define END_KEYS(end)                                                                                                  \
  {                                                                                                                    \
    {"kind",                                                                                                           \
     HD_CHOICE,                                                                                                        \
     .of = KINDS,                                                                                                      \
     .instead = "schedule",                                                                                            \
     .at = AT(end.only.kind),                                                                                          \
     .flags = HD_BARE | HD_OPTIONAL,                                                                                   \
     .doc = "ring, inflow (a state comes in), open (zero gradient), free (empty road beyond), wall"},                  \
        END_STATE(end),                                                                                                \
        {"schedule",                                                                                                   \
         HD_LIST,                                                                                                      \
         .sub = phase,                                                                                                 \
         .instead = "kind",                                                                                            \
         .at = AT(end.schedule),                                                                                       \
         .size = sizeof(traffic_phase),                                                                                \
         .flags = HD_OPTIONAL,                                                                                         \
         .doc = "kinds that follow each other; the first holds from the start"},                                       \
        LATER("demand"), LATER("mix"), {                                                                               \
      0                                                                                                                \
    }                                                                                                                  \
  }
static const hd_param left_keys[] = END_KEYS(left);
static const hd_param right_keys[] = END_KEYS(right);
static const hd_param both_ends[] = {{"left", HD_GROUP, .sub = left_keys, .doc = "where x is smallest"},
                                     {"right", HD_GROUP, .sub = right_keys, .doc = "where x is largest"},
                                     {0}};
static const hd_param boundary[] = {
    {.kind = HD_CHOICE, .of = "ring", .at = AT(boundary_word), .doc = "the ends are one"},
    {.kind = HD_GROUP, .sub = both_ends, .doc = "both ends"},
    {0}};

/* ---- numerics, time, output -------------------------------------------------------------------------------------- */

static const hd_param numerics[] = {
    {"scheme", HD_CHOICE, .of = "first_order|muscl!|weno5!", .value = "first_order", .at = AT(numerics.scheme),
     .doc = "scheme in space"},
    {"flux", HD_CHOICE, .of = "central_upwind|godunov", .value = "central_upwind", .at = AT(numerics.flux),
     .doc = "flux at faces; godunov is exact, for one class"},
    {"integrator", HD_CHOICE, .of = "euler|ssprk2!|ssprk3!|imex_ars232!|imex_ssp2!|imex_ssp3!|implicit!",
     .value = "euler", .at = AT(numerics.integrator),
     .doc = "scheme in time of the transport, between two halves of relaxation"},
    {"courant", HD_REAL, "1", .range = "(0, 50]", .at = AT(numerics.courant), .flags = HD_AUTO,
     .doc = "step = courant x cell / fastest wave; 0.9 for first_order, which needs at most 1"},
    {"vacuum", HD_REAL, "veh/m", .value = "1e-10 veh/m", .range = ">= 0", .at = AT(numerics.vacuum),
     .doc = "at or below this density a class is absent"},
    {"max_step", HD_REAL, "s", .range = "> 0", .at = AT(numerics.max_step), .flags = HD_OPTIONAL,
     .doc = "longest step"},
    {"min_step", HD_REAL, "s", .value = "1e-9 s", .range = ">= 0", .at = AT(numerics.min_step),
     .doc = "below it the run fails"},
    LATER("limiter"),
    LATER("reconstruct"),
    LATER("amr"),
    {0}};
static const hd_param time_keys[] = {
    {"start", HD_REAL, "s", .value = "0 s", .at = AT(time.start), .doc = "time of the initial state"},
    {"end", HD_REAL, "s", .at = AT(time.end), .doc = "when to stop"},
    {"steps", HD_INT, .range = ">= 1", .at = AT(time.steps), .flags = HD_OPTIONAL,
     .doc = "this many equal steps instead of the step rule"},
    {"step", HD_ANY, .flags = HD_REFUSED, .doc = "give time.steps, a number of equal steps, or numerics.max_step"},
    {0}};
static const hd_param compare[] = {
    {.kind = HD_CHOICE, .of = "none|exact|initial", .at = AT(output.compare), .doc = "a solution known beforehand"},
    {.kind = HD_PATH, .of = "result.h5", .at = AT(output.compare_file), .doc = "the last profile of a result"},
    {0}};
static const hd_param output[] = {
    {"snapshots", HD_SCHEDULE, "s", .value = "2", .at = AT(output.snapshots), .doc = "when profiles are stored"},
    {"ledger", HD_SCHEDULE, "s", .value = "101", .at = AT(output.ledger), .doc = "when the books are stored"},
    {"compare", HD_EITHER, .sub = compare, .value = "none", .at = AT(output.compare_form),
     .doc = "none, exact, initial, or a result: what errors are against"},
    {"queue_speed", HD_REAL, "m/s", .value = "10 km/h", .range = "> 0", .at = AT(output.queue_speed),
     .doc = "vehicles slower than this stand in a queue"},
    LATER("detectors"),
    LATER("trajectories"),
    {0}};

const hd_param traffic_params[] = {
    {"preset", HD_CHOICE, .of = "arz-stable|arz2025|one-class", .value = "arz-stable", .at = AT(preset),
     .doc = "values to start from"},
    {"compat", HD_CHOICE, .of = "none|arz2025", .value = "none", .at = AT(compat),
     .doc = "arz2025: the predecessor's algorithm of April 2025, for comparison with published results"},
    {"classes", HD_NAMED, .sub = class_item, .at = AT(classes), .size = sizeof(traffic_class),
     .doc = "classes of vehicles, by name"},
    {"jam_density", HD_REAL, "veh/m", .value = "250 veh/km", .range = "> 0", .at = AT(jam_density),
     .doc = "rho_jam of a lane"},
    {"source", HD_BOOL, .value = "true", .at = AT(source), .doc = "false: no relaxation"},
    {"road", HD_GROUP, .sub = road, .doc = "the road"},
    {"initial", HD_VARIANT, .of = "kind", .sub = initial, .at = AT(initial.kind), .doc = "state at the start"},
    {"boundary", HD_EITHER, .sub = boundary, .at = AT(boundary_form), .doc = "the ends of the road"},
    {"numerics", HD_GROUP, .sub = numerics, .doc = "schemes and their constants"},
    {"time", HD_GROUP, .sub = time_keys, .doc = "from when to when"},
    {"output", HD_GROUP, .sub = output, .doc = "what is stored when"},
    LATER("pressure"),
    LATER("network"),
    LATER("signals"),
    {0}};

/* ---- presets (section 3.5) --------------------------------------------------------------------------------------- */

#define MOTORCYCLES_FREE "{1: 85 km/h, 2: 70 km/h, 3: 50 km/h, 4: 45 km/h, 5: 30 km/h, 9: 50 km/h}"
#define CARS_FREE "{1: 75 km/h, 2: 60 km/h, 3: 35 km/h, 4: 25 km/h, 5: 10 km/h, 9: 35 km/h}"
#define CARS(K, gamma)                                                                                                 \
  "  cars:\n"                                                                                                          \
  "    pressure: " K "\n    exponent: " gamma                                                                          \
  "\n    relaxation: 10 s\n    creeping: 0 km/h\n    free_speed: " CARS_FREE "\n"
#define MOTORCYCLES(K, gamma)                                                                                          \
  "  motorcycles:\n"                                                                                                   \
  "    pressure: " K "\n    exponent: " gamma                                                                          \
  "\n    relaxation: 5 s\n    creeping: 5 km/h\n"                                                                      \
  "    free_speed: " MOTORCYCLES_FREE "\n    sees: {cars: 0.4}\n"
const hd_preset traffic_presets[] = {
    {"arz-stable", "motorcycles and cars, linearly stable at every density (section 3.6 of the solver's notes)",
     "classes:\n" MOTORCYCLES("220 km/h", "1") CARS("90 km/h", "1")},
    {"arz2025", "the predecessor's parameters of April 2025, linearly unstable",
     "classes:\n" MOTORCYCLES("10 km/h", "1.5") CARS("15 km/h", "2")},
    {"one-class", "cars alone, with the values of arz-stable", "classes:\n" CARS("90 km/h", "1")},
    {0}};
/* clang-format on */
