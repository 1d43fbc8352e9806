/* From components to terms: names, presets, ranges, tables; and one point at a time. */
#include "solvers/nbody/potential.h"

#include "math/setup.h"
#include "num/quadrature.h"
#include "solvers/nbody/nbody_physics.h"
#include "solvers/nbody/potential_tables.h"

/* ---- presets and parameters -------------------------------------------------------------------------------------- */

void nbody_milky_way_2014(nbody_component out[3]) {
  out[0] = (nbody_component){.type = NBODY_NFW, .mass = 4.3683325e11, .scale_radius = 16};
  out[1] = (nbody_component){.type = NBODY_MIYAMOTO_NAGAI, .mass = 68193902782.346756, .a = 3, .b = .28};
  out[2] =
      (nbody_component){.type = NBODY_POWER_LAW_CUTOFF, .mass = 4501365375.06545, .alpha = 1.8, .cutoff_radius = 1.9};
}

void nbody_nfw_scales(const nbody_component *c, double G, double *mass, double *scale_radius) {
  double k = c->concentration;
  *mass = c->mass;
  *scale_radius = c->scale_radius;
  if (!hd_is_nan(c->mass)) return;
  *mass = c->virial_mass / (hd_log1p(k) - k / (1 + k));
  *scale_radius = hd_setup_cbrt(2 * G * c->virial_mass / (c->overdensity * c->hubble * c->hubble)) / k;
}

/* The fits of Smith et al. 2015, doi:10.1093/mnras/stv228: coefficients of B^4, B^3, B^2, B, 1 for m1..m3, a1..a3. */
static const double smith[2][6][5] = {{{.0036, -.0330, .1117, -.1335, .1749},
                                       {-.0131, .1090, -.3035, .2921, -5.7976},
                                       {-.0048, .0454, -.1425, .1012, 6.7120},
                                       {-.0158, .0993, -.2070, -.7089, .6445},
                                       {-.0319, .1514, -.1279, -.9325, 2.6836},
                                       {-.0326, .1816, -.2943, -.6329, 2.3193}},
                                      {{-.0090, .0640, -.1653, .1164, 1.9487},
                                       {.0173, -.0903, .0877, .2029, -1.3077},
                                       {-.0051, .0287, -.0361, -.0544, .2242},
                                       {-.0358, .2610, -.6987, -.1193, 2.0074},
                                       {-.0830, .4992, -.7967, -1.2966, 4.4441},
                                       {-.0247, .1718, -.4124, -.5944, .7333}}};

static double horner(const double c[5], double x) { return (((c[0] * x + c[1]) * x + c[2]) * x + c[3]) * x + c[4]; }

static void set_disks(const nbody_component *c, double G, nbody_term out[3]) {
  double t = c->height / c->radial_scale;
  double B = c->vertical ? ((-.033 * t + .262) * t + .659) * t : ((-.269 * t + 1.080) * t + 1.092) * t;
  double mass = hd_is_nan(c->mass) ? 4 * HD_PI * c->density * c->radial_scale * c->radial_scale * c->height : c->mass;
  for (int k = 0; k < 3; k++) {
    double gm = G * mass * horner(smith[c->fit != 0][k], B);
    out[k] = (nbody_term){.kind = NBODY_TERM_DISK, .strength = gm, .depth = gm};
    out[k].a = c->radial_scale * horner(smith[c->fit != 0][3 + k], B);
    out[k].b = c->radial_scale * B;
  }
}

/* ---- ranges ------------------------------------------------------------------------------------------------------ */

static bool positive(double x) { return x > 0 && hd_is_finite(x); }
static bool not_negative(double x) { return x >= 0 && hd_is_finite(x); }

/* The name of the first number that is out of its range, or NULL. */
static const char *wrong_number(const nbody_component *c) {
  bool nfw_virial = c->type == NBODY_NFW && hd_is_nan(c->mass);
  bool disk_density = c->type == NBODY_EXPONENTIAL_DISK && hd_is_nan(c->mass);
  if (c->type < NBODY_POINT || c->type > NBODY_EXPONENTIAL_DISK) return "type";
  if (c->type != NBODY_LOGARITHMIC && c->type != NBODY_TWO_POWER && !nfw_virial && !disk_density &&
      !not_negative(c->mass))
    return "mass";
  switch (c->type) {
    case NBODY_NFW:
      if (nfw_virial)
        return !not_negative(c->virial_mass) ? "virial_mass"
               : !positive(c->concentration) ? "concentration"
               : !positive(c->overdensity)   ? "overdensity"
               : !positive(c->hubble)        ? "hubble"
                                             : NULL;
      return positive(c->scale_radius) ? NULL : "scale_radius";
    case NBODY_MIYAMOTO_NAGAI: return !not_negative(c->a) ? "a" : !not_negative(c->b) || c->a + c->b == 0 ? "b" : NULL;
    case NBODY_POWER_LAW_CUTOFF:
      return !(c->alpha >= -5 && c->alpha < 3) ? "alpha" : positive(c->cutoff_radius) ? NULL : "cutoff_radius";
    case NBODY_LOGARITHMIC:
      return !not_negative(c->speed)         ? "speed"
             : !positive(c->flattening)      ? "flattening"
             : !not_negative(c->core_radius) ? "core_radius"
                                             : NULL;
    case NBODY_TRIAXIAL_NFW:
    case NBODY_TWO_POWER:
      if (!positive(c->scale_radius)) return "scale_radius";
      if (!positive(c->axis_y)) return c->type == NBODY_TWO_POWER ? "b" : "q1";
      if (!positive(c->axis_z)) return c->type == NBODY_TWO_POWER ? "c" : "q2";
      if (c->type == NBODY_TRIAXIAL_NFW) return NULL;
      return !not_negative(c->density)          ? "density"
             : !(c->alpha >= 0 && c->alpha < 3) ? "alpha"
             : !(c->beta > 2 && c->beta <= 20)  ? "beta"
                                                : NULL;
    case NBODY_EXPONENTIAL_DISK:
      if (!positive(c->radial_scale)) return "radial_scale";
      return !positive(c->height) ? "height" : disk_density && !not_negative(c->density) ? "density" : NULL;
    default: return NULL;
  }
}

/* ---- terms ------------------------------------------------------------------------------------------------------- */

static int64_t terms_of(const nbody_component *c) { return c->type == NBODY_EXPONENTIAL_DISK ? 3 : 1; }

static bool is_spheroid(const nbody_component *c) {
  return c->type == NBODY_TRIAXIAL_NFW || c->type == NBODY_TWO_POWER;
}

/* Tables of a component: 0, 1 (force) or 2 (and energy). */
static int tables_of(const nbody_component *c) {
  return c->type == NBODY_NFW ? 1 : c->type == NBODY_POWER_LAW_CUTOFF || is_spheroid(c) ? 2 : 0;
}

/* An earlier component whose tables are the same, or -1: they depend on the form and its exponents only. */
static int64_t twin_of(const nbody_component *c, int64_t i) {
  bool spheroid = is_spheroid(&c[i]), nfw = c[i].type == NBODY_TRIAXIAL_NFW;
  double alpha = nfw ? 1 : c[i].alpha, beta = nfw ? 3 : c[i].beta;
  for (int64_t j = 0; j < i && tables_of(&c[i]) > 0; j++) {
    bool other_nfw = c[j].type == NBODY_TRIAXIAL_NFW;
    if (spheroid && is_spheroid(&c[j]) && (other_nfw ? 1 : c[j].alpha) == alpha && (other_nfw ? 3 : c[j].beta) == beta)
      return j;
    if (c[i].type == NBODY_NFW && c[j].type == NBODY_NFW) return j;
    if (c[i].type == NBODY_POWER_LAW_CUTOFF && c[j].type == NBODY_POWER_LAW_CUTOFF && c[j].alpha == alpha) return j;
  }
  return -1;
}

/* All but tables and shells. */
static void set_terms(const nbody_component *c, double G, double kpc, nbody_term *t) {
  double gm = G * c->mass, r = 1;
  *t = (nbody_term){.strength = gm, .depth = gm};
  switch (c->type) {
    case NBODY_POINT: t->kind = NBODY_TERM_POINT; return;
    case NBODY_MIYAMOTO_NAGAI:
      t->kind = NBODY_TERM_DISK;
      t->a = c->a;
      t->b = c->b;
      return;
    case NBODY_EXPONENTIAL_DISK: set_disks(c, G, t); return;
    case NBODY_LOGARITHMIC:
      t->kind = NBODY_TERM_LOGARITHMIC;
      t->strength = c->speed * c->speed;
      t->depth = t->strength / 2;
      t->per_scale2 = 1 / (c->flattening * c->flattening);
      t->a = c->core_radius * c->core_radius;
      t->b = 1 / (kpc * kpc);
      return;
    case NBODY_NFW: {
      double mass;
      nbody_nfw_scales(c, G, &mass, &r);
      t->kind = NBODY_TERM_NFW;
      t->strength = G * mass / (r * r * r);
      t->depth = G * mass / r;
      break;
    }
    case NBODY_POWER_LAW_CUTOFF:
      r = c->cutoff_radius;
      t->kind = NBODY_TERM_CUTOFF;
      t->strength = gm / (r * r * r);
      t->depth = gm / (2 * r);
      t->alpha = c->alpha;
      t->p = (3 - c->alpha) / 2;
      t->norm = 1 / hd_setup_tgamma(t->p);
      break;
    default: {
      bool nfw = c->type == NBODY_TRIAXIAL_NFW;
      r = c->scale_radius;
      t->kind = NBODY_TERM_SPHEROID;
      t->alpha = nfw ? 1 : c->alpha;
      t->beta = nfw ? 3 : c->beta;
      t->strength = (nfw ? gm / (r * r * r) : 4 * HD_PI * G * c->density) * c->axis_y * c->axis_z;
      t->depth = t->strength * r * r / 2;
    }
  }
  t->per_scale2 = 1 / (r * r);
}

static double root_of_shell(double y, double z, double s) {
  return hd_sqrt((1 + (y * y - 1) * s * s) * (1 + (z * z - 1) * s * s));
}

/* T(s), integral from 0 to s of 1/sqrt(AB). */
static double shell_time(const double *x, const double *w, double y, double z, double s) {
  double sum = 0;
  for (int k = 0; k < NBODY_NODES; k++) sum += w[k] / root_of_shell(y, z, s * x[k]);
  return s * sum;
}

static void set_shells(double alpha, double y, double z, nbody_shells *out) {
  double s[NBODY_NODES], weight[NBODY_NODES], plain_s[NBODY_NODES], plain_weight[NBODY_NODES];
  hd_gauss_jacobi(NBODY_NODES, 2 - alpha, s, weight);
  hd_gauss_jacobi(NBODY_NODES, 0, plain_s, plain_weight);
  for (int k = 0; k < NBODY_NODES; k++) {
    double w = weight[k] * hd_pow(s[k], alpha - 2); /* the weight is part of rho */
    out->s2[k] = s[k] * s[k];
    out->a[k] = 1 / (1 + (y * y - 1) * out->s2[k]);
    out->b[k] = 1 / (1 + (z * z - 1) * out->s2[k]);
    out->force[k] = w * out->s2[k] / root_of_shell(y, z, s[k]);
    out->inner[k] = w * 2 * s[k] * shell_time(plain_s, plain_weight, y, z, s[k]);
  }
  out->whole = shell_time(plain_s, plain_weight, y, z, 1);
  out->a1 = 1 / (y * y);
  out->b1 = 1 / (z * z);
}

static size_t room(size_t bytes) { return (bytes + 63) / 64 * 64; }
static const size_t table_bytes = sizeof(double) * NBODY_BINS * NBODY_ROW;

size_t nbody_potential_bytes(int64_t count, const nbody_component *c) {
  size_t terms = 0, bytes = 0;
  for (int64_t i = 0; i < count; i++) {
    terms += (size_t)terms_of(&c[i]);
    bytes += twin_of(c, i) < 0 ? (size_t)tables_of(&c[i]) * table_bytes : 0;
    bytes += is_spheroid(&c[i]) ? room(sizeof(nbody_shells)) : 0;
  }
  return bytes + room(terms * sizeof(nbody_term)) + room((size_t)(count + 1) * sizeof(int64_t));
}

static void *carve(char **at, size_t bytes) {
  void *piece = *at;
  *at += room(bytes);
  return piece;
}

hd_status nbody_potential_prepare(hd_ctx *ctx, int64_t count, const nbody_component *c, double G, double kpc,
                                  void *memory, nbody_potential *out) {
  *out = (nbody_potential){.components = count};
  for (int64_t i = 0; i < count; i++) {
    const char *name = wrong_number(&c[i]);
    if (name)
      return hd_raise(ctx, HD_ERR_INPUT, "component %lld of the potential: %s is out of its range", (long long)i, name);
    out->terms += terms_of(&c[i]);
  }
  if (count == 0) return HD_OK;
  char *at = memory;
  nbody_term *term = carve(&at, (size_t)out->terms * sizeof *term);
  int64_t *first = carve(&at, (size_t)(count + 1) * sizeof *first), next = 0;
  for (int64_t i = 0; i < count; i++) {
    nbody_term *t = &term[next];
    first[i] = next;
    next += terms_of(&c[i]);
    set_terms(&c[i], G, kpc, t);
    if (is_spheroid(&c[i])) {
      nbody_shells *shells = carve(&at, sizeof *shells);
      set_shells(t->alpha, c[i].axis_y, c[i].axis_z, shells);
      t->shells = shells;
    }
    int64_t twin = twin_of(c, i);
    if (twin >= 0) {
      const nbody_term *like = &term[first[twin]];
      t->force = like->force;
      t->energy = like->energy;
      t->power = like->power;
      t->slope = like->slope;
      t->innermost = like->innermost;
    } else if (tables_of(&c[i]) > 0) {
      double *force = carve(&at, table_bytes), *energy = tables_of(&c[i]) > 1 ? carve(&at, table_bytes) : NULL;
      HD_ISA_PICK(nbody_term_tables)(t, force, energy);
    }
  }
  first[count] = next;
  out->term = term;
  out->first = first;
  return HD_OK;
}

nbody_potential nbody_potential_part(const nbody_potential *p, int64_t component) {
  const int64_t *first = p->first + component;
  return (nbody_potential){.terms = first[1] - first[0], .components = 1, .term = p->term + first[0]};
}

/* ---- one point --------------------------------------------------------------------------------------------------- */

void nbody_acceleration_at(const nbody_potential *p, const double x[3], double a[3]) {
  a[0] = a[1] = a[2] = 0;
  HD_ISA_PICK(nbody_accelerations)(p, 1, (const double *const[]){x, x + 1, x + 2}, (double *const[]){a, a + 1, a + 2});
}

double nbody_potential_at(const nbody_potential *p, const double x[3]) {
  double phi = 0;
  HD_ISA_PICK(nbody_potentials)(p, 1, (const double *const[]){x, x + 1, x + 2}, &phi);
  return phi;
}

void nbody_tide_at(const nbody_potential *p, const double x[3], double H[6]) {
  for (int m = 0; m < 6; m++) H[m] = 0;
  HD_ISA_PICK(nbody_tides)
  (p, 1, (const double *const[]){x, x + 1, x + 2}, (double *const[]){H, H + 1, H + 2, H + 3, H + 4, H + 5});
}

double nbody_density_at(const nbody_potential *p, const double x[3]) {
  double H[6];
  nbody_tide_at(p, x, H);
  return -(H[0] + H[3] + H[5]) / (4 * HD_PI);
}

double nbody_circular_speed(const nbody_potential *p, double R) {
  double x[3] = {R, 0, 0}, a[3];
  nbody_acceleration_at(p, x, a);
  return hd_sqrt(hd_larger(0, -R * a[0]));
}

double nbody_circular_speed_of(int64_t count, const nbody_component *c, double G, double R) {
  static const double no_row[NBODY_ROW] = {0};
  double a[3] = {0};
  for (int64_t i = 0; i < count; i++) {
    nbody_term t[3];
    nbody_shells shells = {.whole = 0};
    set_terms(&c[i], G, 1, t);
    if (is_spheroid(&c[i])) set_shells(t->alpha, c[i].axis_y, c[i].axis_z, &shells);
    for (int64_t k = 0; k < terms_of(&c[i]); k++) {
      t[k].force.row = no_row; /* its table holds nothing */
      t[k].shells = &shells;
      nbody_term_acceleration(&t[k], R, 0, 0, a);
    }
  }
  return hd_sqrt(hd_larger(0, -R * a[0]));
}
