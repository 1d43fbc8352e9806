/* Potentials of the galaxy: printed values (checks 1 and 2), forces against differences of potentials and tides against
 * differences of forces at random points (check 3), tables against the functions they stand for, levels, one point against
 * a block, centres and far away, wrong numbers. */
#include "unit/nbody_galaxy.h"

#include "heddle/math.h"
#include "solvers/nbody/nbody_physics.h"

static const nbody_component examples[] = {
    {.type = NBODY_NFW, .mass = 4.3683325e11, .scale_radius = 16},
    {.type = NBODY_POINT, .mass = 1e11},
    {.type = NBODY_MIYAMOTO_NAGAI, .mass = 68193902782.346756, .a = 3, .b = .28},
    {.type = NBODY_POWER_LAW_CUTOFF, .mass = 4501365375.06545, .alpha = 1.8, .cutoff_radius = 1.9},
    {.type = NBODY_LOGARITHMIC, .speed = 220, .flattening = .9},
    {.type = NBODY_TRIAXIAL_NFW, .mass = 1e12, .scale_radius = 20, .axis_y = .9, .axis_z = .8},
    {.type = NBODY_EXPONENTIAL_DISK, .mass = 1e10, .radial_scale = 3, .height = .3},
    {.type = NBODY_EXPONENTIAL_DISK, .mass = 1e10, .radial_scale = 3, .height = .3, .vertical = 1, .fit = 1},
    {.type = NBODY_EXPONENTIAL_DISK, .mass = 5e9, .radial_scale = 3, .height = 1},
    {.type = NBODY_TWO_POWER,
     .density = 1e7,
     .scale_radius = 15,
     .axis_y = .85,
     .axis_z = .7,
     .alpha = 1.2,
     .beta = 3.4}};
enum { EXAMPLES = sizeof examples / sizeof *examples };

/* Specification 3.3, at (8, 1, 2): potential and acceleration. */
static const double printed[EXAMPLES][4] = {
    {-94579.04032679602, -2003.931547636417, -250.4914434545522, -500.9828869091043},
    {-51776.95946046351, -6003.125734546493, -750.3907168183117, -1500.781433636623},
    {-30882.63651131305, -2739.175298586042, -342.3969123232553, -1702.063693264841},
    {-2330.670125358609, -270.2226229631586, -33.77782787039482, -67.55565574078964},
    {102792.23505470996, -5536.31067961165, -692.0388349514563, -1708.73786407767},
    {-142527.4220310062, -2661.546334248134, -367.4676445566737, -817.9938140950829},
    {-5463.542288509757, -471.0014668767868, -58.87518335959835, -338.2135449554461},
    {-5200.131877815675, -472.9474239689872, -59.1184279961234, -341.9911911126458},
    {-2701.69900751878, -229.6431691522613, -28.70539614403266, -135.0213461031425},
    {-50459.03895872097, -1846.652237693669, -265.8826059070514, -623.7435684815613}};

static const double probe[3] = {8, 1, 2};

static void printed_values(void **state) {
  (void)state;
  for (int k = 0; k < EXAMPLES; k++) {
    galaxy g;
    double a[3],
        tolerance = examples[k].type == NBODY_TRIAXIAL_NFW || examples[k].type == NBODY_TWO_POWER ? 1e-10 : 1e-12;
    galaxy_new(&g, 1, &examples[k], G_KM_S);
    nbody_acceleration_at(&g.p, probe, a);
    NEAR_RELATIVE(nbody_potential_at(&g.p, probe), printed[k][0], tolerance);
    for (int c = 0; c < 3; c++) NEAR_RELATIVE(a[c], printed[k][1 + c], tolerance);
    galaxy_free(&g);
  }
}

static void cutoff_near_and_far(void **state) {
  (void)state;
  static const double rows[4][3] = {{.02, -42160.44458583726, -229327.9423831231},
                                    {.5, -21538.11997795292, -17019.16158948676},
                                    {4, -4838.360467453681, -1205.052443187897},
                                    {20, -968.0000040181164, -48.40000020090582}};
  galaxy g;
  galaxy_new(&g, 1, &examples[3], G_KM_S);
  for (int k = 0; k < 4; k++) {
    double x[3] = {rows[k][0], 0, 0}, a[3];
    nbody_acceleration_at(&g.p, x, a);
    NEAR_RELATIVE(nbody_potential_at(&g.p, x), rows[k][1], 1e-12);
    NEAR_RELATIVE(a[0], rows[k][2], 1e-12);
  }
  galaxy_free(&g);
}

/* Other exponents than those of the printed values: independent sums and quadratures of 25 to 30 digits. */
static void other_exponents(void **state) {
  (void)state;
  static const double cutoff[][4] = {/* alpha, r, Phi, a_r; G M = r_c = 1 */
                                     {-1.5, 1e-4, -0.811173888080740554, -3.9227116219835203e-11},
                                     {-1.5, 0.03, -0.811173364154028243, -0.0000611109354806244032},
                                     {-1.5, 0.7, -0.785091501910953306, -0.115260347720202458},
                                     {-1.5, 3.1, -0.322562232488923611, -0.103940186730654295},
                                     {-1.5, 5.9, -0.169491525423728671, -0.0287273771904608171},
                                     {0, 1e-4, -1.12837916333424869, -0.0000752252773550158397},
                                     {0, 0.03, -1.12804074472451444, -0.0225554007630794811},
                                     {0, 0.7, -0.968287419767740676, -0.395732227653145862},
                                     {0, 3.1, -0.322576887529881549, -0.104032652988091938},
                                     {0, 5.9, -0.169491525423728801, -0.0287273771904623629},
                                     {1, 1e-4, -1.77235385090568269, -0.999999995000000017},
                                     {1, 0.03, -1.74245835009564619, -0.999550134969630467},
                                     {1, 0.7, -1.12447338019086172, -0.79055837921547741},
                                     {1, 3.1, -0.322579661280413917, -0.10405129502348566},
                                     {1, 5.9, -0.169491525423728812, -0.0287273771904624889},
                                     {1.8, 1e-4, -5.50148134238498907, -1773.77275922706828},
                                     {1.8, 0.03, -3.61326595383366598, -18.4950036023679681},
                                     {1.8, 0.7, -1.25844802291927053, -1.25199593677348211},
                                     {1.8, 3.1, -0.322580395517154866, -0.104056446935912047},
                                     {1.8, 5.9, -0.169491525423728813, -0.0287273771904625073},
                                     {2, 1e-4, -11.195476300974766, -11283.7916333424869},
                                     {2, 0.03, -4.75961621507623834, -37.6013581574838148},
                                     {2, 0.7, -1.29105398193028159, -1.38326774252534382},
                                     {2, 3.1, -0.322580480665145319, -0.104057060493510177},
                                     {2, 5.9, -0.169491525423728813, -0.0287273771904625087},
                                     {2.5, 1e-4, -219.300573931134569, -1103262.64911431196},
                                     {2.5, 0.03, -11.3881875753056251, -212.284787655542359},
                                     {2.5, 0.7, -1.36681029056686038, -1.72170880346184021},
                                     {2.5, 3.1, -0.32258060133744096, -0.104057943590668205},
                                     {2.5, 5.9, -0.169491525423728814, -0.0287273771904625104},
                                     {2.9, 1e-4, -4543.61998707129017, -40894239.9583405612},
                                     {2.9, 0.03, -26.6088138741983656, -803.735495396054719},
                                     {2.9, 0.7, -1.41769853428823457, -1.98103409194839768},
                                     {2.9, 3.1, -0.322580640137531369, -0.104058234349846792},
                                     {2.9, 5.9, -0.169491525423728814, -0.0287273771904625107}};
  static const struct {
    double alpha, beta, b, c, x[3], value[4]; /* Phi and acceleration; G rho0 = a = 1 */
  } spheroid[] = {
      {1.2,
       3.4,
       .85,
       .7,
       {.003, .001, .002},
       {-8.1856899223916588, -11.892748099863882, -4.6495410032048372, -11.130674903383843}},
      {1.2,
       3.4,
       .85,
       .7,
       {.3, -.4, .2},
       {-5.1776223998792877, -1.5449404554896789, 2.3575872465593586, -1.3719913953828882}},
      {1.2,
       3.4,
       .85,
       .7,
       {20, 3, 12},
       {-0.45080228933253691, -0.013911641124959725, -0.00217404995963144, -0.0091092226547062806}},
      {0,
       4,
       .6,
       .5,
       {.003, .001, .002},
       {-0.90677077221445759, -0.0070827625750794637, -0.0044947855426627327, -0.011029343236508382}},
      {0,
       4,
       .6,
       .5,
       {3, 2, -1},
       {-0.26910582055028258, -0.039671429393487256, -0.035505532919057888, 0.019463447800761119}},
      {.5,
       2.5,
       1.3,
       .9,
       {.3, -.4, .2},
       {-20.817632542604186, -1.2518164474556351, 1.2647873198843965, -0.92641746726108365}},
      {.5,
       2.5,
       1.3,
       .9,
       {20, 3, 12},
       {-9.0711322710691884, -0.1220821486547923, -0.015747267688265128, -0.077545677372274815}},
      {1.9,
       3,
       .9,
       .8,
       {.003, .001, .002},
       {-47.816777613457061, -1069.6968700663019, -385.07361731636359, -837.12433257727133}},
      {1.9,
       3,
       .9,
       .8,
       {3, 2, -1},
       {-5.839867010252238, -0.77096225703742972, -0.54097585123267695, 0.28593957041409289}},
      {2.3, 5, .8, 1.2, {.003, .001, .002}, {NAN, -20112.202955389962, -7527.9120751189682, -12146.841501138293}},
      {2.3, 5, .8, 1.2, {3, 2, -1}, {NAN, -0.55961916240754525, -0.3797887257958581, 0.18343360736945878}}};
  galaxy g;
  for (size_t k = 0; k < sizeof cutoff / sizeof *cutoff; k++) {
    nbody_component c = {.type = NBODY_POWER_LAW_CUTOFF, .mass = 1, .alpha = cutoff[k][0], .cutoff_radius = 1};
    double x[3] = {0, 0, cutoff[k][1]}, a[3];
    galaxy_new(&g, 1, &c, 1);
    nbody_acceleration_at(&g.p, x, a);
    NEAR_RELATIVE(nbody_potential_at(&g.p, x), cutoff[k][2], 2e-14);
    NEAR_RELATIVE(a[2], cutoff[k][3], 5e-15);
    galaxy_free(&g);
  }
  for (size_t k = 0; k < sizeof spheroid / sizeof *spheroid; k++) {
    nbody_component c = {.type = NBODY_TWO_POWER,
                         .density = 1,
                         .scale_radius = 1,
                         .axis_y = spheroid[k].b,
                         .axis_z = spheroid[k].c,
                         .alpha = spheroid[k].alpha,
                         .beta = spheroid[k].beta};
    double a[3];
    galaxy_new(&g, 1, &c, 1);
    nbody_acceleration_at(&g.p, spheroid[k].x, a);
    if (!isnan(spheroid[k].value[0]))
      NEAR_RELATIVE(nbody_potential_at(&g.p, spheroid[k].x), spheroid[k].value[0], 2e-12);
    for (int d = 0; d < 3; d++) NEAR_RELATIVE(a[d], spheroid[k].value[1 + d], 2e-12);
    galaxy_free(&g);
  }
}

static void rotation_curve(void **state) {
  (void)state;
  static const double parts[3] = {130.153755452264, 170.411267232459, 49.1934955048027};
  nbody_component c[3];
  galaxy g;
  nbody_milky_way_2014(c);
  galaxy_new(&g, 3, c, G_KM_S);
  NEAR_RELATIVE(nbody_circular_speed(&g.p, 8), 220.000000132003, 1e-11);
  for (int k = 0; k < 3; k++) {
    nbody_potential part = nbody_potential_part(&g.p, k);
    NEAR_RELATIVE(nbody_circular_speed(&part, 8), parts[k], 1e-11);
  }
  for (double R = .01; R < 300; R *= 3) {
    NEAR_RELATIVE(nbody_circular_speed_of(3, c, G_KM_S, R), nbody_circular_speed(&g.p, R), 1e-14);
  }
  galaxy_free(&g);
  for (int k = 0; k < EXAMPLES; k++) {
    galaxy_new(&g, 1, &examples[k], G_KM_S);
    NEAR_RELATIVE(nbody_circular_speed_of(1, &examples[k], G_KM_S, 5), nbody_circular_speed(&g.p, 5), 1e-14);
    galaxy_free(&g);
  }
}

/* Specification 3.3: (km/s/kpc)^2. */
static void printed_tides(void **state) {
  (void)state;
  static const double H[3][6] = {
      {91.441993284401, 42.741679592369, 85.483359184738, -245.14873350551, 10.685419898092, -229.12060365837},
      {386.46715149805, 91.108007977663, 452.90020722518, -331.00841132605, 56.612525903147, -70.75222083758},
      {60.212648446267, 11.748809539583, 23.497619079165, -32.309226677947, 2.9372023848957, -27.903423100603}};
  nbody_component c[3];
  galaxy g;
  nbody_milky_way_2014(c);
  galaxy_new(&g, 3, c, G_KM_S);
  for (int k = 0; k < 3; k++) {
    nbody_potential part = nbody_potential_part(&g.p, k);
    double h[6];
    nbody_tide_at(&part, probe, h);
    for (int m = 0; m < 6; m++) NEAR_RELATIVE(h[m], H[k][m], 1e-12);
  }
  galaxy_free(&g);
}

/* A point at a distance from 0.01 to 200 kpc, in a random direction off the axes. */
static void random_point(uint64_t i, double x[3]) {
  hd_key key = hd_stream(1, "points");
  double r = .01 * pow(2e4, hd_uniform(key, i, 0, 0, 0)), u = 1.8 * hd_uniform(key, i, 1, 0, 0) - .9;
  double angle = 6.283 * hd_uniform(key, i, 2, 0, 0);
  x[0] = r * sqrt(1 - u * u) * cos(angle);
  x[1] = r * sqrt(1 - u * u) * sin(angle);
  x[2] = r * u;
}

/* Eighth-order central differences in steps of h. */
static const double eighth[4] = {4. / 5, -1. / 5, 4. / 105, -1. / 280};

static void forces_and_tides_are_derivatives(void **state) {
  (void)state;
  for (int k = 0; k < EXAMPLES; k++) {
    galaxy g;
    galaxy_new(&g, 1, &examples[k], G_KM_S);
    for (uint64_t i = 0; i < 100; i++) {
      double x[3], a[3], H[6], norm = 0, tide = 0;
      random_point(i, x);
      nbody_acceleration_at(&g.p, x, a);
      nbody_tide_at(&g.p, x, H);
      double h = .01 * fmin(fabs(x[2]) + .05 * fmin(sqrt(x[0] * x[0] + x[1] * x[1]), 1), hypot(x[0], x[1]));
      for (int c = 0; c < 3; c++) norm += a[c] * a[c];
      for (int m = 0; m < 6; m++) tide = fmax(tide, fabs(H[m]));
      for (int c = 0; c < 3; c++) {
        double slope = 0, change[3] = {0};
        for (int j = 1; j <= 4; j++) {
          double left[3], right[3], al[3], ar[3];
          memcpy(left, x, sizeof left);
          memcpy(right, x, sizeof right);
          left[c] -= j * h;
          right[c] += j * h;
          slope += eighth[j - 1] * (nbody_potential_at(&g.p, right) - nbody_potential_at(&g.p, left)) / h;
          nbody_acceleration_at(&g.p, left, al);
          nbody_acceleration_at(&g.p, right, ar);
          for (int d = 0; d < 3; d++) change[d] += eighth[j - 1] * (ar[d] - al[d]) / h;
        }
        static const int at[3][3] = {{0, 1, 2}, {1, 3, 4}, {2, 4, 5}};
        double rounding = 4e-14 * fabs(nbody_potential_at(&g.p, x)) / h;
        NEAR(-slope, a[c], 1e-7 * sqrt(norm) + rounding);
        for (int d = 0; d < 3; d++) NEAR(change[d], H[at[c][d]], 1e-7 * tide + 4e-14 * sqrt(norm) / h);
      }
    }
    galaxy_free(&g);
  }
}

/* The tables against the functions they stand for, in every bin. */
static void tables_hold_their_functions(void **state) {
  (void)state;
  for (int k = 0; k < EXAMPLES; k++) {
    galaxy g;
    double worst = 0;
    galaxy_new(&g, 1, &examples[k], G_KM_S);
    nbody_term t = *g.p.term, none = t;
    none.force = (nbody_table){.least = 1};
    for (double s = t.force.least; s < t.force.beyond && t.force.row; s *= 1.0173) {
      double direct = nbody_shape_far(&none, s);
      worst = fmax(worst, fabs(nbody_table_at(&t.force, s) - direct) / direct);
    }
    if (!(worst < 2e-15)) fail_msg("component %d: the table is off by %g", k, worst);
    /* they meet what goes on beyond them */
    if (t.force.row) {
      double s = t.force.least, e = t.force.beyond;
      NEAR_RELATIVE(nbody_shape(&t, s * (1 - 0x1p-52)), nbody_shape(&t, s), 2e-15);
      NEAR_RELATIVE(nbody_shape(&t, e * (1 - 0x1p-52)), nbody_shape(&t, e), 2e-15);
    }
    if (t.energy.row) {
      double s = t.energy.least, e = t.energy.beyond;
      NEAR_RELATIVE(nbody_energy_shape(&t, s * (1 - 0x1p-52)), nbody_energy_shape(&t, s), 2e-15);
      NEAR_RELATIVE(nbody_energy_shape(&t, e * (1 - 0x1p-52)), nbody_energy_shape(&t, e), 2e-15);
    }
    galaxy_free(&g);
  }
}

/* Where the potential of a cusp has no bottom: below the table W goes on as the integral of s^(power - 1)/Gamma(p + 1). */
static void deep_cusps(void **state) {
  (void)state;
  static const double alpha[3] = {2, 2.0000001, 2.6};
  for (int k = 0; k < 3; k++) {
    nbody_component c = {.type = NBODY_POWER_LAW_CUTOFF, .mass = 1, .alpha = alpha[k], .cutoff_radius = 1};
    galaxy g;
    galaxy_new(&g, 1, &c, 1);
    for (double s = 0x1p-50; s > 0x1p-120; s /= 1024) {
      double power = .5 * (2 - alpha[k]), p = .5 * (3 - alpha[k]), slope = 1 / tgamma(p + 1);
      double gain = k == 0 ? log(4) : (pow(2 * s, power) - pow(s / 2, power)) / power;
      double low[3] = {sqrt(s / 2), 0, 0}, high[3] = {sqrt(2 * s), 0, 0};
      NEAR_RELATIVE(nbody_potential_at(&g.p, high) - nbody_potential_at(&g.p, low), slope * gain / 2, 1e-8);
    }
    galaxy_free(&g);
  }
}

static void levels_blocks_and_points_agree(void **state) {
  (void)state;
  enum { N = 333 };
  static double x[3][N], a[4][3][N], phi[3][N], H[3][6][N];
  hd_isa_level cpu = hd_isa_of_cpu();
  galaxy g;
  galaxy_new(&g, EXAMPLES, examples, G_KM_S);
  for (int i = 0; i < N; i++) {
    double point[3];
    random_point((uint64_t)i, point);
    for (int c = 0; c < 3; c++)
      x[c][i] = i % 37 == 0 ? 0 : i % 31 == 0 ? point[c] * 1e-12 : i % 29 == 0 ? point[c] * 1e9 : point[c];
  }
  const double *const at[3] = {x[0], x[1], x[2]};
  memset(a, 0, sizeof a);
  memset(phi, 0, sizeof phi);
  memset(H, 0, sizeof H);
  for (int level = 0; level < 3; level++) {
    double *const out[3] = {a[level][0], a[level][1], a[level][2]};
    double *const tides[6] = {H[level][0], H[level][1], H[level][2], H[level][3], H[level][4], H[level][5]};
    if (level + 2 > (int)cpu) continue;
    (level == 0   ? nbody_accelerations_v2
     : level == 1 ? nbody_accelerations_v3
                  : nbody_accelerations_v4)(&g.p, N, at, out);
    (level == 0   ? nbody_potentials_v2
     : level == 1 ? nbody_potentials_v3
                  : nbody_potentials_v4)(&g.p, N, at, phi[level]);
    (level == 0 ? nbody_tides_v2 : level == 1 ? nbody_tides_v3 : nbody_tides_v4)(&g.p, N, at, tides);
    assert_memory_equal(a[0], a[level], sizeof a[0]);
    assert_memory_equal(phi[0], phi[level], sizeof phi[0]);
    for (int m = 0; m < 6; m++)
      for (int i = 0; i < N; i++) assert_true(H[0][m][i] == H[level][m][i] || isnan(H[0][m][i]));
  }
  for (int i = 0; i < N; i++) {
    double point[3] = {x[0][i], x[1][i], x[2][i]}, own[3] = {0};
    for (int64_t k = 0; k < g.p.terms; k++) nbody_term_acceleration(&g.p.term[k], point[0], point[1], point[2], own);
    for (int c = 0; c < 3; c++) assert_memory_equal(&own[c], &a[0][c][i], sizeof(double));
    assert_true(isfinite(own[0]) && isfinite(own[1]) && isfinite(own[2]));
    double one = nbody_potential_at(&g.p, point);
    assert_memory_equal(&one, &phi[0][i], sizeof one);
  }
  galaxy_free(&g);
}

static void centres_and_far_away(void **state) {
  (void)state;
  for (int k = 0; k < EXAMPLES; k++) {
    galaxy g;
    galaxy_new(&g, 1, &examples[k], G_KM_S);
    double zero[3] = {0}, a[3], far[3] = {6e5, -6e5, 5e5};
    nbody_acceleration_at(&g.p, zero, a);
    for (int c = 0; c < 3; c++) assert_true(a[c] == 0);
    assert_true(isfinite(nbody_potential_at(&g.p, zero)));
    nbody_acceleration_at(&g.p, far, a);
    double pull = a[0] * far[0] + a[1] * far[1] + a[2] * far[2];
    assert_true(pull < 0 && isfinite(nbody_potential_at(&g.p, far)));
    galaxy_free(&g);
  }
}

/* A round two_power with alpha 1, beta 3 is an nfw; triaxial_nfw with q 1, too; three disks are the sum of their parts. */
static void special_cases_agree(void **state) {
  (void)state;
  double mass = 3e11, r = 12;
  nbody_component c[3] = {{.type = NBODY_NFW, .mass = mass, .scale_radius = r},
                          {.type = NBODY_TRIAXIAL_NFW, .mass = mass, .scale_radius = r, .axis_y = 1, .axis_z = 1},
                          {.type = NBODY_TWO_POWER,
                           .density = mass / (4 * HD_PI * r * r * r),
                           .scale_radius = r,
                           .axis_y = 1,
                           .axis_z = 1,
                           .alpha = 1,
                           .beta = 3}};
  galaxy g;
  galaxy_new(&g, 3, c, G_KM_S);
  nbody_potential part[3];
  for (int k = 0; k < 3; k++) part[k] = nbody_potential_part(&g.p, k);
  for (uint64_t i = 0; i < 50; i++) {
    double x[3], a[3][3], H[3][6], phi[3];
    random_point(i, x);
    for (int k = 0; k < 3; k++) {
      nbody_acceleration_at(&part[k], x, a[k]);
      nbody_tide_at(&part[k], x, H[k]);
      phi[k] = nbody_potential_at(&part[k], x);
    }
    for (int k = 1; k < 3; k++) {
      NEAR_RELATIVE(phi[k], phi[0], 1e-11);
      NEAR_RELATIVE(a[k][0], a[0][0], 1e-10);
      NEAR_RELATIVE(H[k][2], H[0][2], 1e-9);
    }
  }
  galaxy_free(&g);
}

/* Components of the same form share tables: a hundred subhaloes are no more work to set up than one. */
static void tables_are_shared(void **state) {
  (void)state;
  nbody_component c[7] = {
      {.type = NBODY_POWER_LAW_CUTOFF, .mass = 1, .alpha = 1.8, .cutoff_radius = 1},
      {.type = NBODY_NFW, .mass = 1, .scale_radius = 2},
      {.type = NBODY_POWER_LAW_CUTOFF, .mass = 2, .alpha = 1.8, .cutoff_radius = 3},
      {.type = NBODY_NFW, .mass = 3, .scale_radius = 5},
      {.type = NBODY_POWER_LAW_CUTOFF, .mass = 1, .alpha = 1.7, .cutoff_radius = 1},
      {.type = NBODY_TRIAXIAL_NFW, .mass = 1, .scale_radius = 1, .axis_y = .9, .axis_z = .8},
      {.type = NBODY_TWO_POWER, .density = 1, .scale_radius = 2, .axis_y = .7, .axis_z = .6, .alpha = 1, .beta = 3}};
  galaxy g;
  galaxy_new(&g, 7, c, 1);
  assert_ptr_equal(g.p.term[2].force.row, g.p.term[0].force.row);
  assert_ptr_equal(g.p.term[3].force.row, g.p.term[1].force.row);
  assert_ptr_not_equal(g.p.term[4].force.row, g.p.term[0].force.row);
  assert_ptr_equal(g.p.term[6].energy.row, g.p.term[5].energy.row);
  assert_true(nbody_potential_bytes(4, c) < nbody_potential_bytes(2, c) + 1000);
  for (int k = 0; k < 7; k++) {
    galaxy alone;
    double a[3], b[3];
    nbody_potential part = nbody_potential_part(&g.p, k);
    galaxy_new(&alone, 1, &c[k], 1);
    nbody_acceleration_at(&part, probe, a);
    nbody_acceleration_at(&alone.p, probe, b);
    assert_memory_equal(a, b, sizeof a);
    assert_true(nbody_potential_at(&part, probe) == nbody_potential_at(&alone.p, probe));
    galaxy_free(&alone);
  }
  galaxy_free(&g);
}

/* M_vir = 1e12 Msun, c = 10, Delta 200, H 70 km/s/Mpc: r_vir = 206.3 kpc. */
static void virial_values(void **state) {
  (void)state;
  nbody_component c = {
      .type = NBODY_NFW, .mass = NAN, .virial_mass = 1e12, .concentration = 10, .overdensity = 200, .hubble = .07};
  double mass, radius;
  nbody_nfw_scales(&c, G_KM_S, &mass, &radius);
  NEAR_RELATIVE(mass, 1e12 / (log(11) - 10. / 11), 1e-15);
  NEAR_RELATIVE(10 * radius, cbrt(3e12 / (4 * M_PI * 200 * 3 * .07 * .07 / (8 * M_PI * G_KM_S))), 1e-14);
  galaxy g;
  galaxy_new(&g, 1, &c, G_KM_S); /* the mass within the virial radius is the virial mass */
  double v = nbody_circular_speed(&g.p, 10 * radius);
  NEAR_RELATIVE(v * v * 10 * radius / G_KM_S, 1e12, 1e-13);
  galaxy_free(&g);
}

static void wrong_numbers(void **state) {
  (void)state;
  static const struct {
    nbody_component c;
    const char *name;
  } rows[] = {
      {{.type = NBODY_POINT, .mass = -1}, "mass"},
      {{.type = NBODY_NFW, .mass = 1, .scale_radius = 0}, "scale_radius"},
      {{.type = NBODY_NFW, .mass = NAN, .virial_mass = 1, .concentration = -2}, "concentration"},
      {{.type = NBODY_POWER_LAW_CUTOFF, .mass = 1, .alpha = 3, .cutoff_radius = 1}, "alpha"},
      {{.type = NBODY_TWO_POWER, .density = 1, .scale_radius = 1, .axis_y = 1, .axis_z = 1, .alpha = 1, .beta = 2},
       "beta"},
      {{.type = NBODY_LOGARITHMIC, .speed = 1, .flattening = 0}, "flattening"},
      {{.type = NBODY_EXPONENTIAL_DISK, .mass = NAN, .density = NAN, .radial_scale = 1, .height = 1}, "density"},
      {{.type = NBODY_MIYAMOTO_NAGAI, .mass = NAN, .a = 1, .b = 1}, "mass"}};
  hd_ctx *ctx;
  assert_int_equal(hd_ctx_new(&ctx), HD_OK);
  for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
    nbody_potential p;
    hd_problem problem;
    assert_int_equal(nbody_potential_prepare(ctx, 1, &rows[k].c, 1, 1, NULL, &p), HD_ERR_INPUT);
    hd_problem_take(ctx, &problem);
    if (!strstr(problem.text, rows[k].name)) fail_msg("\"%s\" does not name %s", problem.text, rows[k].name);
  }
  hd_ctx_free(ctx);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(printed_values),
                                     cmocka_unit_test(cutoff_near_and_far),
                                     cmocka_unit_test(other_exponents),
                                     cmocka_unit_test(rotation_curve),
                                     cmocka_unit_test(printed_tides),
                                     cmocka_unit_test(forces_and_tides_are_derivatives),
                                     cmocka_unit_test(tables_hold_their_functions),
                                     cmocka_unit_test(deep_cusps),
                                     cmocka_unit_test(levels_blocks_and_points_agree),
                                     cmocka_unit_test(centres_and_far_away),
                                     cmocka_unit_test(special_cases_agree),
                                     cmocka_unit_test(tables_are_shared),
                                     cmocka_unit_test(virial_values),
                                     cmocka_unit_test(wrong_numbers)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
