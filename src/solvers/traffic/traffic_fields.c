/* Dimensions and fields: from this table follow allocation, checkpoints, digests, result.h5 and the library's names. */
#include "solvers/traffic/traffic.h"

/* clang-format off */
const hd_dim traffic_dims[] = {
  {"snapshot", "stored profiles", HD_ROWS, "output.snapshots", NULL},
  {"entry", "entries of the ledger", HD_ROWS, "output.ledger", NULL},
  {"class", "classes of vehicles", 0, NULL, NULL},
  {"cell", "cells of all links", HD_BLOCKS, NULL, NULL},
  {"exact_class", "classes with an exact solution", 0, NULL, NULL},
  {"account", "sums of the books", 0, NULL, NULL},
  {"extreme", "extremes of the books", 0, NULL, NULL},
  {"count", "counters of the books", 0, NULL, NULL},
  {"watch", "what is watched during the run", 0, NULL, NULL},
  {"group", "classes, then all of them together", 0, NULL, NULL},
  {0}};

/*       name              dims            type    unit       rows        stage flags                  doc */
const hd_field traffic_fields[] = {
  {"density",         "class,cell",       HD_F64, "veh/m", "snapshot", NULL, HD_STATE | HD_OUT, "vehicles per length, rho"},
  {"marker_density",  "class,cell",       HD_F64, "veh/s", "snapshot", NULL, HD_STATE | HD_OUT | HD_ASKED, "y = rho w"},
  {"now",             "",                 HD_F64, "s",     NULL, NULL, HD_STATE, "time"},
  {"books",           "account,class",    HD_F64, "1",     NULL, NULL, HD_STATE, "sums kept since the start"},
  {"extremes",        "extreme",          HD_F64, "1",     NULL, NULL, HD_STATE, "extremes kept since the start"},
  {"counts",          "count",            HD_I64, "1",     NULL, NULL, HD_STATE, "counters kept since the start"},
  {"last_stored",     "",                 HD_F64, "s",     NULL, NULL, HD_STATE, "compat: time of the last profile"},
  {"watch",           "watch,group",      HD_F64, "1",     NULL, NULL, HD_STATE, "longest queues, first Fourier mode"},

  {"snapshot_time",   "",                 HD_F64, "s",     "snapshot", NULL, HD_OUT | HD_COORD, "time of the profile"},
  {"speed",           "class,cell",       HD_F64, "m/s",   "snapshot", NULL, HD_OUT, "v; not a number where the class is absent"},
  {"marker",          "class,cell",       HD_F64, "m/s",   "snapshot", NULL, HD_OUT, "w; not a number where the class is absent"},
  {"flow",            "class,cell",       HD_F64, "veh/s", "snapshot", NULL, HD_OUT | HD_ASKED, "rho v"},
  {"occupancy",       "cell",             HD_F64, "1",     "snapshot", NULL, HD_OUT | HD_ASKED, "X, density of all classes over jam density"},
  {"exact_density",   "exact_class,cell", HD_F64, "veh/m", "snapshot", NULL, HD_OUT, "cell averages of the exact solution"},
  {"exact_speed",     "exact_class,cell", HD_F64, "m/s",   "snapshot", NULL, HD_OUT, "flow over density of the exact solution"},

  {"entry_time",      "",                 HD_F64, "s",     "entry", NULL, HD_OUT | HD_COORD, "time of the entry"},
  {"mass",            "class",            HD_F64, "veh",   "entry", NULL, HD_OUT, "vehicles on the road"},
  {"inflow",          "class",            HD_F64, "veh",   "entry", NULL, HD_OUT, "entered at the left end since the start"},
  {"outflow",         "class",            HD_F64, "veh",   "entry", NULL, HD_OUT, "left at the right end since the start"},
  {"mass_residual",   "class",            HD_F64, "1",     "entry", NULL, HD_OUT, "(mass - mass at start - inflow + outflow), relative"},
  {"marker_residual", "class",            HD_F64, "1",     "entry", NULL, HD_OUT, "the same of y, with the source summed apart"},
  {"step_length",     "",                 HD_F64, "s",     "entry", NULL, HD_OUT, "the last time step"},
  {"density_min",     "",                 HD_F64, "veh/m", "entry", NULL, HD_OUT, "smallest density of any class so far"},
  {"occupancy_max",   "",                 HD_F64, "1",     "entry", NULL, HD_OUT, "largest occupancy so far"},
  {"speed_min",       "",                 HD_F64, "m/s",   "entry", NULL, HD_OUT, "lowest speed of any class so far"},
  {"fallback_faces",  "",                 HD_I64, "1",     "entry", NULL, HD_OUT, "faces taken back to first order so far"},
  {"repeated_steps",  "",                 HD_I64, "1",     "entry", NULL, HD_OUT, "steps cut because they were too long, so far"},
  {"cell_steps",      "",                 HD_I64, "1",     "entry", NULL, HD_OUT, "cells times steps so far"},

  {"x",               "cell",             HD_F64, "m",     NULL, NULL, HD_OUT | HD_COORD, "centre of the cell"},
  {"cell_length",     "cell",             HD_F64, "m",     NULL, NULL, HD_OUT | HD_WIDTH, "length of the cell"},
  {"link",            "cell",             HD_I32, "1",     NULL, NULL, HD_OUT, "index of the link"},
  {"quality",         "cell",             HD_U8,  "1",     NULL, NULL, HD_OUT, "quality category"},
  {"lanes",           "cell",             HD_I32, "1",     NULL, NULL, HD_OUT, "lanes"},
  {"free_speed",      "class,cell",       HD_F64, "m/s",   NULL, NULL, HD_OUT | HD_GIVEN, "Vmax of the category"},
  {0}};
/* clang-format on */
