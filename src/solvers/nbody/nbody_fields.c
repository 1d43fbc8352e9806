/* Dimensions and fields: from this table follow allocation, checkpoints, digests, result.h5 and the library's names. */
#include "solvers/nbody/nbody.h"

/* clang-format off */
const hd_dim nbody_dims[] = {
  {"snapshot", "stored states", HD_ROWS, "output.snapshots", NULL},
  {"entry", "entries of the ledger", HD_ROWS, "output.ledger", NULL},
  {"particle", "bodies of all groups, in order of the file", HD_BLOCKS, NULL, NULL},
  {"axis", "x, y, z", 0, NULL, NULL},
  {"six", "x, y, z, vx, vy, vz", 0, NULL, NULL},
  {"body_group", "groups of bodies", 0, NULL, NULL},
  {"sky_particle", "bodies as seen from the Sun", 0, NULL, NULL},
  {"component", "components of the potential", 0, NULL, NULL},
  {"curve", "components of the rotation curve", 0, NULL, NULL},
  {"radius", "radii of the rotation curve", 0, NULL, NULL},
  {"fraction", "shares of mass of the Lagrangian radii", 0, NULL, NULL},
  {"book", "sums of the books", 0, NULL, NULL},
  {"count", "counters of the books", 0, NULL, NULL},
  {"reach", "smallest and largest distance", 0, NULL, NULL},
  {"orbit", "orbits with a step of their own", 0, NULL, NULL},
  {"control", "bytes of their controls", 0, NULL, NULL},
  {"fit", "numbers that ias15 keeps", 0, NULL, NULL},
  {0}};

#define SKY(name, unit, text) {name, "sky_particle", HD_F64, unit, "snapshot", NULL, HD_OUT, text}
/*       name              dims            type    unit       rows        stage flags                  doc */
const hd_field nbody_fields[] = {
  {"state",              "six,particle",    HD_F64, "1",         NULL, NULL, HD_STATE, "x, y, z, vx, vy, vz in kpc and kpc/Gyr, or code units"},
  {"mass",               "particle",        HD_F64, "Msun",      NULL, NULL, HD_STATE | HD_OUT, "masses"},
  {"id",                 "particle",        HD_I64, "1",         NULL, NULL, HD_STATE | HD_OUT, "numbers of the bodies"},
  {"now",                "",                HD_F64, "Gyr",       NULL, NULL, HD_STATE, "time"},
  {"books",              "book",            HD_F64, "1",         NULL, NULL, HD_STATE | HD_MAY_BE_NAN, "what the books began with, worst errors"},
  {"counts",             "count",           HD_I64, "1",         NULL, NULL, HD_STATE, "steps, forces"},
  {"reaches",            "body_group,reach", HD_F64, "kpc",      NULL, NULL, HD_STATE, "distances of the mass centres from the origin"},
  {"start_state",        "body_group,six",  HD_F64, "1",         NULL, NULL, HD_STATE | HD_OUT, "of the groups' centres at the start: kpc, km/s"},
  {"recentre_shift",     "body_group,six",  HD_F64, "1",         NULL, NULL, HD_STATE | HD_OUT, "what recentring took away: kpc, km/s"},
  {"controls",           "orbit,control",   HD_U8,  "1",         NULL, NULL, HD_STATE, "steps of adaptive integrators"},
  {"fits",               "fit",             HD_F64, "1",         NULL, NULL, HD_STATE, "low parts and fits of ias15"},

  {"snapshot_time",      "",                HD_F64, "Gyr",       "snapshot", NULL, HD_OUT | HD_COORD, "time of the snapshot"},
  {"position",           "particle,axis",   HD_F64, "kpc",       "snapshot", NULL, HD_OUT, "positions"},
  {"velocity",           "particle,axis",   HD_F64, "km/s",      "snapshot", NULL, HD_OUT, "velocities"},
  {"self_potential",     "particle",        HD_F64, "km^2/s^2",  "snapshot", NULL, HD_OUT, "potential of the other bodies"},
  {"external_potential", "particle",        HD_F64, "km^2/s^2",  "snapshot", NULL, HD_OUT, "potential of the galaxy"},
  {"acceleration",       "particle,axis",   HD_F64, "km^2/s^2/kpc", "snapshot", NULL, HD_OUT | HD_ASKED, "of bodies and galaxy together"},
  {"component_potential", "component,particle", HD_F64, "km^2/s^2", "snapshot", NULL, HD_OUT, "potential of each component"},
  {"component_acceleration", "component,particle,axis", HD_F64, "km^2/s^2/kpc", "snapshot", NULL, HD_OUT, "acceleration by each component"},
  SKY("distance", "kpc", "from the Sun"),
  SKY("phi1", "deg", "along the frame's equator"),
  SKY("phi2", "deg", "off the frame's equator"),
  SKY("radial_velocity", "km/s", "away from the Sun"),
  SKY("pm_phi1_cosphi2", "mas/yr", "proper motion along phi1, times cos phi2"),
  SKY("pm_phi2", "mas/yr", "proper motion along phi2"),
  SKY("ra", "deg", "right ascension"),
  SKY("dec", "deg", "declination"),
  SKY("l", "deg", "galactic longitude"),
  SKY("b", "deg", "galactic latitude"),

  {"entry_time",         "",                HD_F64, "Gyr",       "entry", NULL, HD_OUT | HD_COORD, "time of the entry"},
  {"kinetic_energy",     "",                HD_F64, "Msun km^2/s^2", "entry", NULL, HD_OUT, "sum m v^2/2; of test particles alone: per mass"},
  {"self_energy",        "",                HD_F64, "Msun km^2/s^2", "entry", NULL, HD_OUT, "sum m phi/2 of the pairs"},
  {"external_energy",    "",                HD_F64, "Msun km^2/s^2", "entry", NULL, HD_OUT, "sum m Phi of the galaxy"},
  {"energy_error",       "",                HD_F64, "1",         "entry", NULL, HD_OUT | HD_MAY_BE_NAN, "(E - E at the start)/|E at the start|"},
  {"momentum",           "axis",            HD_F64, "Msun km/s", "entry", NULL, HD_OUT, "sum m v"},
  {"angular_momentum",   "axis",            HD_F64, "Msun kpc km/s", "entry", NULL, HD_OUT, "sum m x cross v"},
  {"mass_centre",        "axis",            HD_F64, "kpc",       "entry", NULL, HD_OUT, "of all bodies"},
  {"virial_ratio",       "",                HD_F64, "1",         "entry", NULL, HD_OUT | HD_MAY_BE_NAN, "2K/|sum m x.a| about the mass centre"},
  {"lagrange_radius",    "body_group,fraction", HD_F64, "kpc",   "entry", NULL, HD_OUT, "about the group's mass centre"},
  {"step_length",        "",                HD_F64, "Gyr",       "entry", NULL, HD_OUT | HD_MAY_BE_NAN, "of the last step"},

  {"group",              "particle",        HD_I32, "1",         NULL, NULL, HD_OUT, "index of the group"},
  {"curve_radius",       "radius",          HD_F64, "kpc",       NULL, NULL, HD_OUT | HD_COORD, "R of the rotation curve"},
  {"lagrange_fraction",  "fraction",        HD_F64, "1",         NULL, NULL, HD_OUT | HD_COORD, "share of the mass"},
  {"circular_velocity",  "radius",          HD_F64, "km/s",      NULL, NULL, HD_OUT, "sqrt(-R a_x) at (R, 0, 0)"},
  {"circular_velocity_component", "curve,radius", HD_F64, "km/s", NULL, NULL, HD_OUT, "of each component; 0 where it pushes outwards"},
  {0}};
/* clang-format on */
