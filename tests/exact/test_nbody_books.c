/* The rest of nbody's books: density centres and bound masses against closed forms and against the definition, summed pair by
 * pair; work and impulse of the galaxy; turning points of an orbit between entries. hd-label-tsan */
#include "unit/nbody_example.h"

#include <unistd.h>

/* Opens a scenario given as text. */
static void open_text(example *e, const char *text, const char *const *set) {
  char path[] = "/tmp/nbody_books_XXXXXX.yaml";
  int count = 0, file = mkstemps(path, 5);
  while (set && set[count]) count++;
  assert_true(file >= 0);
  assert_int_equal(write(file, text, strlen(text)), (ssize_t)strlen(text));
  close(file);
  assert_int_equal(hd_ctx_new(&e->ctx), HD_OK);
  must(e, hd_open(e->ctx, path, &(hd_options){.set = set, .set_count = count, .threads = 2}, &e->run));
  assert_int_equal(unlink(path), 0);
}

#define BOOKS "output: {fields: [bound_mass, density_centre, impulse_residual], ledger: 2, snapshots: 2, figures: []}\n"
#define NOW "solver: nbody\nunits: {system: nbody}\ntime: {end: 0}\ngravity: {softening: 0}\n" BOOKS

/* ---- bound mass of two: (v - v_c)^2/2 against G m/r, v_c of the mass centre ------------------------------------------ */

static double bound_of_two(double m1, double m2, double speed) {
  char bodies[256];
  example e;
  double M = m1 + m2;
  snprintf(bodies, sizeof bodies,
           "bodies.two={type: particles, masses: [%g, %g], position: [5 0 0, 6 0 0], velocity: [1 %.17g 0, 1 %.17g 0]}",
           m1, m2, -m2 / M * speed, m1 / M * speed);
  open_text(&e, NOW, SET(bodies));
  must(&e, hd_advance(e.run, INFINITY));
  double mass = field(&e, "bound_mass")[0];
  near(measure(&e, "bound_fraction") + 1, 1 + mass / M, 1e-15);
  close_example(&e);
  return mass;
}

static void two_bodies(void **state) {
  (void)state;
  assert_true(bound_of_two(1, 1, 2.82) == 2); /* each moves with half the speed: 1.41^2/2 < 1 */
  assert_true(bound_of_two(1, 1, 2.84) == 0);
  assert_true(bound_of_two(3, 1, 3.26) ==
              4); /* the lighter with 3/4 of it in the potential -3: limit sqrt(32/3) = 3.266 */
  assert_true(bound_of_two(3, 1, 3.27) == 0); /* then nothing holds the other */
  assert_true(bound_of_two(1, 0, 100) == 1);  /* it rests in the mass centre */
}

/* ---- a cube of eight and far ones: by symmetry the centre of the cube ------------------------------------------------ */

static void cube(void **state) {
  (void)state;
  static const char text[] = NOW
      "bodies: {all: {type: particles, masses: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], position: [10 20 30, 11 20 30, 10 "
      "21 30,"
      " 11 21 30, 10 20 31, 11 20 31, 10 21 31, 11 21 31, 1000 0 0, 0 2000 0, 0 3000 1, -4000 7 0]}}\n";
  example e;
  open_text(&e, text, NULL);
  must(&e, hd_advance(e.run, INFINITY));
  double at[3], mean = field(&e, "mass_centre")[1];
  memcpy(at, field(&e, "density_centre"), sizeof at);
  close_to(at[0], 10.5, 1e-4); /* a far one weighs some 1e-8, times its distance */
  close_to(at[1], 20.5, 1e-4);
  close_to(at[2], 30.5, 1e-4);
  assert_true(fabs(mean - 20.5) > 100);
  assert_true(field(&e, "bound_mass")[0] == 12); /* all at rest */
  close_example(&e);
}

static void all_at_one_place(void **state) {
  (void)state;
  static const char text[] = NOW
      "bodies: {all: {type: particles, masses: [1, 1, 1, 1, 1, 1, 1, 5], position: [3 4 5, 3 4 5,"
      " 3 4 5, 3 4 5, 3 4 5, 3 4 5, 3 4 5, 9 9 9]}}\n";
  example e;
  open_text(&e, text, SET("gravity.softening=0.1"));
  must(&e, hd_advance(e.run, INFINITY));
  for (int k = 0; k < 3; k++) assert_true(field(&e, "density_centre")[k] == 3 + k);
  assert_true(field(&e, "bound_mass")[0] == 12);
  close_example(&e);
}

/* ---- a cluster and an unbound cloud, against the definition ---------------------------------------------------------- */

typedef struct stars {
  int n;
  double *x, *v, *m, centre[3], speed[3], eps;
} stars;

/* Mass of the five nearest over the cube of the distance of the sixth. */
static double density(const stars *s, int i) {
  double r2[7], m[7] = {0};
  for (int k = 0; k < 7; k++) r2[k] = INFINITY;
  for (int j = 0; j < s->n; j++) {
    const double *a = s->x + 3 * i, *b = s->x + 3 * j;
    double d = (a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1]) + (a[2] - b[2]) * (a[2] - b[2]);
    int k = 6;
    if (j == i || d >= r2[5]) continue;
    for (k = 5; k > 0 && r2[k - 1] > d; k--) r2[k] = r2[k - 1], m[k] = m[k - 1];
    r2[k] = d, m[k] = s->m[j];
  }
  return (m[0] + m[1] + m[2] + m[3] + m[4]) / pow(r2[5], 1.5);
}

static double potential(const stars *s, int i, const char *there) {
  double phi = 0;
  for (int j = 0; j < s->n; j++) {
    const double *a = s->x + 3 * i, *b = s->x + 3 * j;
    if (j == i || !there[j]) continue;
    phi -= s->m[j] / sqrt((a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1]) +
                          (a[2] - b[2]) * (a[2] - b[2]) + s->eps * s->eps);
  }
  return phi;
}

static void take_means(stars *s, const double *weight) {
  double all = 0;
  for (int k = 0; k < 3; k++) s->centre[k] = s->speed[k] = 0;
  for (int i = 0; i < s->n; i++) all += weight[i];
  for (int i = 0; i < 3 * s->n; i++) {
    s->centre[i % 3] += weight[i / 3] / all * s->x[i];
    s->speed[i % 3] += weight[i / 3] / all * s->v[i];
  }
}

static double bound(const stars *s) {
  char *there = malloc((size_t)s->n), *leaves = malloc((size_t)s->n);
  double mass = 0;
  memset(there, 1, (size_t)s->n);
  for (int gone = 1; gone;) {
    gone = 0;
    for (int i = 0; i < s->n; i++) {
      double e = 0;
      for (int k = 0; k < 3; k++) e += (s->v[3 * i + k] - s->speed[k]) * (s->v[3 * i + k] - s->speed[k]) / 2;
      leaves[i] = there[i] && e + potential(s, i, there) > 0;
      gone += leaves[i];
    }
    for (int i = 0; i < s->n; i++) there[i] = (char)(there[i] && !leaves[i]);
  }
  for (int i = 0; i < s->n; i++) mass += there[i] ? s->m[i] : 0;
  free(there);
  free(leaves);
  return mass;
}

/* Bodies first .. first + n - 1 of a run. */
static void take_stars(example *e, stars *s, int first, int n, double eps) {
  *s =
      (stars){.n = n, .eps = eps, .x = malloc(24 * (size_t)n), .v = malloc(24 * (size_t)n), .m = malloc(8 * (size_t)n)};
  memcpy(s->x, field(e, "position") + 3 * first, 24 * (size_t)n);
  memcpy(s->v, field(e, "velocity") + 3 * first, 24 * (size_t)n);
  memcpy(s->m, field(e, "mass") + first, 8 * (size_t)n);
}

static void drop_stars(stars *s) { free(s->x), free(s->v), free(s->m); }

static void as_defined(example *e, stars *s, int group) {
  double *weight = malloc(8 * (size_t)s->n);
  for (int i = 0; i < s->n; i++) weight[i] = density(s, i);
  take_means(s, weight);
  for (int k = 0; k < 3; k++) close_to(field(e, "density_centre")[3 * group + k], s->centre[k], 1e-12);
  near(field(e, "bound_mass")[group], bound(s), 1e-12);
  free(weight);
}

/* Two groups, one of which is held together by nothing: whatever else has a mass, a group is judged by itself. */
static void cluster_and_cloud(void **state) {
  (void)state;
  static const char text[] = NOW
      "seed: 4\nbodies:\n"
      "  cluster: {type: plummer, count: 700, mass: 0.7, scale_radius: 1, masses: {power_law: {slope: -2.35, minimum: "
      "0.1,"
      " maximum: 10}}, place: {position: 30 40 50, velocity: 3 2 1}}\n"
      "  cloud: {type: sphere, count: 300, mass: 0.3, radius: 200, speed: 5}\n";
  example e;
  stars s;
  open_text(&e, text, SET("gravity.softening=0.01"));
  must(&e, hd_advance(e.run, INFINITY));
  take_stars(&e, &s, 0, 700, 0.01);
  as_defined(&e, &s, 0);
  for (int k = 0; k < 3; k++) close_to(s.centre[k], 30 + 10 * k, 0.3), close_to(s.speed[k], 3 - k, 0.3);
  near(field(&e, "bound_mass")[0], 0.7, 0.01);
  near(measure(&e, "bound_fraction@cluster"), field(&e, "bound_mass")[0] / 0.7, 1e-12);
  drop_stars(&s);
  take_stars(&e, &s, 700, 300, 0.01);
  as_defined(&e, &s, 1);
  assert_true(field(&e, "bound_mass")[1] == 0);
  near(measure(&e, "bound_fraction"), field(&e, "bound_mass")[0],
       0.01); /* all of them as one group: the cluster is left */
  drop_stars(&s);
  close_example(&e);
}

/* A cluster that the galaxy tears apart in five million years: stars leave it in several rounds, and units matter. */
static void torn_cluster(void **state) {
  (void)state;
  static const char text[] = NOW "seed: 8\nbodies: {torn: {type: plummer, count: 900, mass: 1, scale_radius: 1}}\n";
  example e;
  stars s;
  double fraction;
  open_text(&e, text,
            SET("units.system=galactic", "gravity.softening=1 pc", "bodies.torn.mass=1e5 Msun",
                "bodies.torn.scale_radius=10 pc", "time.end=5 Myr", "time.steps=10",
                "potential={shell: {type: logarithmic, speed: 220 km/s}}",
                "bodies.torn.place={position: 1 0 0 kpc, velocity: 0 100 0 km/s}"));
  must(&e, hd_advance(e.run, INFINITY));
  take_stars(&e, &s, 0, 900, 1e-3);
  const double G = 4.300917270036279e-6; /* kpc (km/s)^2/Msun */
  for (int i = 0; i < 900; i++) s.m[i] *= G;
  double *weight = malloc(8 * 900);
  for (int i = 0; i < 900; i++) weight[i] = density(&s, i);
  take_means(&s, weight);
  for (int k = 0; k < 3; k++) close_to(field(&e, "density_centre")[k], s.centre[k], 1e-12);
  near(field(&e, "bound_mass")[0], bound(&s) / G, 1e-12);
  fraction = measure(&e, "bound_fraction");
  assert_true(fraction > 0.05 && fraction < 0.95); /* otherwise this shows little */
  free(weight);
  drop_stars(&s);
  close_example(&e);
}

/* More than 10^4: the mass centre of the 1 % deepest. */
static void many(void **state) {
  (void)state;
  enum { N = 10500 };
  static const char text[] = NOW "seed: 4\nbodies: {sphere: {type: plummer, count: 10500, mass: 1, scale_radius: 1}}\n";
  static double phi[N], weight[N];
  static char there[N];
  example e;
  stars s;
  open_text(&e, text, SET("gravity.softening=0.1"));
  must(&e, hd_advance(e.run, INFINITY));
  take_stars(&e, &s, 0, N, 0.1);
  memset(there, 1, N);
  for (int i = 0; i < N; i++) phi[i] = potential(&s, i, there);
  double low = -10, high = 0; /* 105 lie at or below the upper end of the bisection */
  for (int round = 0; round < 200; round++) {
    double middle = (low + high) / 2;
    int inside = 0;
    for (int i = 0; i < N; i++) inside += phi[i] <= middle;
    if (inside >= 105) high = middle;
    else low = middle;
  }
  for (int i = 0; i < N; i++) weight[i] = phi[i] <= high ? 1 : 0;
  take_means(&s, weight);
  for (int k = 0; k < 3; k++) close_to(field(&e, "density_centre")[k], s.centre[k], 1e-12);
  assert_true(measure(&e, "bound_fraction") > 0.99);
  drop_stars(&s);
  close_example(&e);
}

/* ---- work and impulse of the galaxy ----------------------------------------------------------------------------------- */

static void work_of_an_orbit(void **state) {
  (void)state;
  static const double stops[] = {-0.1, -0.4, -1, -2.2, -3};
  example e;
  open_example(&e, "progenitor", NULL);
  must(&e, hd_advance(e.run, 0));
  double before = field(&e, "kinetic_energy")[0], most = 0;
  assert_true(field(&e, "external_work")[0] == 0);
  for (int i = 0; i < 5; i++) {
    must(&e, hd_advance(e.run, stops[i]));
    double gain = field(&e, "kinetic_energy")[0] - before;
    near(field(&e, "external_work")[0], gain, 1e-9);
    most = fmax(most, fabs(gain));
  }
  assert_true(most > 0.3 * before);
  close_example(&e);
}

static void impulse(void **state) {
  (void)state;
  static const char *const integrators[] = {"leapfrog", "leapfrog_dkd", "yoshida4", "yoshida8", "rk4"};
  static const char text[] =
      "solver: nbody\nseed: 2\npreset: milky_way_2014\ntime: {end: 20 Myr, steps: 40}\n"
      "bodies: {cluster: {type: plummer, count: 300, mass: 1e5 Msun, scale_radius: 20 pc, place: {position: 8 0 1 kpc,"
      " velocity: 0 200 0 km/s}}}\n" BOOKS;
  for (int i = 0; i < 5; i++) {
    char set[64];
    example e;
    snprintf(set, sizeof set, "numerics.integrator=%s", integrators[i]);
    open_text(&e, text, SET(set));
    must(&e, hd_advance(e.run, 0));
    double before[3], all = 1e5 * 200; /* sum m |v| */
    memcpy(before, field(&e, "momentum"), sizeof before);
    double energy = field(&e, "kinetic_energy")[0] + field(&e, "self_energy")[0];
    must(&e, hd_advance(e.run, INFINITY));
    assert_true(fabs(field(&e, "momentum")[0] - before[0]) > 0.5 * all);
    for (int k = 0; k < 3; k++) at_most(fabs(field(&e, "impulse_residual")[k]), 1e-14 * all);
    double gain = field(&e, "kinetic_energy")[0] + field(&e, "self_energy")[0] - energy;
    close_to(field(&e, "external_work")[0], gain, 0.02 * fabs(gain)); /* steps of half a million years */
    assert_true(field(&e, "steps")[0] == 40);
    close_example(&e);
  }
}

/* ---- turning points --------------------------------------------------------------------------------------------------- */

static void turning_points(void **state) {
  (void)state;
  example e;
  run_example(&e, "progenitor", SET("output.ledger=101", "output.snapshots=2"));
  close_to(measure(&e, "pericentre"), 13.1952, 3e-3); /* every 30 Myr; entries alone miss it by more */
  close_to(measure(&e, "apocentre@progenitor"), 36.7425, 3e-3);
  close_example(&e);
  run_example(&e, "progenitor", SET("output.ledger=5", "output.snapshots=2")); /* too few: nothing is made up */
  assert_true(measure(&e, "pericentre") > 13.19 && measure(&e, "apocentre") < 36.75);
  close_example(&e);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(two_bodies),   cmocka_unit_test(cube),           cmocka_unit_test(all_at_one_place),
      cmocka_unit_test(torn_cluster), cmocka_unit_test(many),           cmocka_unit_test(cluster_and_cloud),
      cmocka_unit_test(impulse),      cmocka_unit_test(turning_points), cmocka_unit_test(work_of_an_orbit),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
