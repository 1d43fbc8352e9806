/* Small linear algebra: against GSL, closed forms, and what must hold of any result. */
#include "math/linear.h"

#include <gsl/gsl_eigen.h>
#include <gsl/gsl_linalg.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { LARGEST = HD_EIGEN_LIMIT };

/* Numbers in (-1, 1) times 10^(spread (-1, 1)). */
static void fill(const char *name, uint64_t turn, double *a, int count, double spread) {
  hd_key key = hd_stream(11, name);
  for (int i = 0; i < count; i++) {
    hd_pair u = hd_uniform2(key, (uint64_t)i, 0, (uint32_t)turn, 0);
    a[i] = (2 * u.high - 1) * hd_pow(10, spread * (2 * u.low - 1));
  }
}

static double norm1(int n, const double *a) {
  double sum = 0;
  for (int i = 0; i < n; i++) sum += hd_abs(a[i]);
  return sum;
}

static void solve2_is_accurate_also_near_singular(void **state) {
  (void)state;
  double a[4] = {1 + 0x1p-30, 1, 1, 1 - 0x1p-30}, b[2] = {1, 2}, x[2]; /* the determinant is -2^-60 */
  assert_true(hd_solve2(a, b, x));
  assert_true(x[0] == (-1 - 0x1p-30) * -0x1p60 && x[1] == (1 + 0x1p-29) * -0x1p60);
  double singular[4] = {1, 2, 2, 4};
  assert_false(hd_solve2(singular, b, x));
  assert_true(x[0] != x[0] && x[1] != x[1]);
}

static void solve_agrees_with_gsl_and_leaves_no_residual(void **state) {
  (void)state;
  double worst = 0;
  for (int n = 1; n <= 16; n++)
    for (uint64_t turn = 0; turn < 50; turn++) {
      double a[256], copy[256], b[16], x[16], y[16];
      fill("a", turn * 17 + (uint64_t)n, a, n * n, (double)(turn % 3));
      fill("b", turn * 17 + (uint64_t)n, b, n, 0);
      memcpy(copy, a, sizeof a);
      assert_true(hd_solve(n, copy, b, x));
      hd_matrix_vector(n, n, a, x, y);
      for (int i = 0; i < n; i++) {
        double scale = norm1(n, a + i * n) * norm1(n, x) + hd_abs(b[i]);
        worst = hd_larger(hd_abs(y[i] - b[i]) / scale, worst);
      }
      if (turn % 3) continue;
      gsl_matrix_view m = gsl_matrix_view_array(a, (size_t)n, (size_t)n);
      gsl_vector_view v = gsl_vector_view_array(b, (size_t)n), w = gsl_vector_view_array(y, (size_t)n);
      gsl_permutation *p = gsl_permutation_alloc((size_t)n);
      int sign;
      gsl_linalg_LU_decomp(&m.matrix, p, &sign);
      gsl_linalg_LU_solve(&m.matrix, p, &v.vector, &w.vector);
      gsl_permutation_free(p);
      for (int i = 0; i < n; i++) assert_true(hd_abs(x[i] - y[i]) <= 1e-9 * norm1(n, x));
    }
  printf("  largest residual %.2g of |a| |x|\n", worst);
  assert_true(worst < 1e-14);
}

static void solve_sees_singular_and_bad_matrices(void **state) {
  (void)state;
  double a[9] = {1, 2, 3, 4, 8, 6, 2, 4, 1}, b[3] = {1, 1, 1}, x[3]; /* column 2 is twice column 1 */
  assert_false(hd_solve(3, a, b, x));
  assert_true(x[0] != x[0] && x[2] != x[2]);
  double bad[4] = {HD_NAN, 1, HD_NAN, 1};
  assert_false(hd_solve(2, bad, b, x));
  double pivot[4] = {0, 1, 1, 0};
  assert_true(hd_solve(2, pivot, b, x) && x[0] == 1 && x[1] == 1);
}

static void product_is_the_sum_of_products(void **state) {
  (void)state;
  double a[6] = {1, 2, 3, 4, 5, 6}, b[6] = {1, 0, 2, 1, 0, 3}, c[4], expected[4] = {5, 11, 14, 23};
  hd_matrix_product(2, 3, 2, a, b, c);
  assert_memory_equal(c, expected, sizeof c);
}

/* The largest distance of an eigenvalue of one set to its partner in the other, taken greedily. */
static double distance(int n, const hd_complex *a, const hd_complex *b) {
  bool used[2 * LARGEST] = {false};
  double worst = 0;
  for (int i = 0; i < n; i++) {
    int best = -1;
    double least = HD_INFINITY;
    for (int j = 0; j < n; j++) {
      double d = hd_sqrt((a[i].re - b[j].re) * (a[i].re - b[j].re) + (a[i].im - b[j].im) * (a[i].im - b[j].im));
      if (!used[j] && d < least) least = d, best = j;
    }
    assert_true(best >= 0);
    used[best] = true;
    worst = hd_larger(least, worst);
  }
  return worst;
}

static void gsl_eigenvalues(int n, const double *a, hd_complex *values) {
  double copy[4 * LARGEST * LARGEST];
  memcpy(copy, a, sizeof(double) * (size_t)(n * n));
  gsl_matrix_view m = gsl_matrix_view_array(copy, (size_t)n, (size_t)n);
  gsl_vector_complex *v = gsl_vector_complex_alloc((size_t)n);
  gsl_eigen_nonsymm_workspace *w = gsl_eigen_nonsymm_alloc((size_t)n);
  gsl_eigen_nonsymm_params(0, 1, w);
  assert_int_equal(gsl_eigen_nonsymm(&m.matrix, v, w), 0);
  for (int i = 0; i < n; i++) {
    gsl_complex z = gsl_vector_complex_get(v, (size_t)i);
    values[i] = (hd_complex){GSL_REAL(z), GSL_IMAG(z)};
  }
  gsl_eigen_nonsymm_free(w);
  gsl_vector_complex_free(v);
}

static void eigenvalues_of_real_matrices_are_gsls(void **state) {
  (void)state;
  double worst = 0;
  for (int n = 1; n <= LARGEST; n++)
    for (uint64_t turn = 0; turn < 10; turn++) {
      double a[LARGEST * LARGEST];
      hd_complex ours[LARGEST], theirs[LARGEST];
      fill("real", turn * 64 + (uint64_t)n, a, n * n, 0);
      assert_true(hd_eigen_real(n, a, ours));
      gsl_eigenvalues(n, a, theirs);
      worst = hd_larger(distance(n, ours, theirs), worst);
      for (int i = 1; i < n; i++) assert_true(ours[i - 1].re >= ours[i].re);
    }
  printf("  largest distance to GSL's eigenvalues %.2g\n", worst);
  assert_true(worst < 1e-11);
}

/* Those of a + i b and their conjugates are those of the real matrix [a -b; b a]. */
static void eigenvalues_of_complex_matrices_are_those_of_the_real_form(void **state) {
  (void)state;
  double worst = 0;
  for (int n = 1; n <= LARGEST; n++)
    for (uint64_t turn = 0; turn < 4; turn++) {
      double a[2 * LARGEST * LARGEST], real[4 * LARGEST * LARGEST];
      hd_complex c[LARGEST * LARGEST], ours[2 * LARGEST], theirs[2 * LARGEST];
      fill("complex", turn * 64 + (uint64_t)n, a, 2 * n * n, 0);
      for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
          hd_complex z = c[i * n + j] = (hd_complex){a[i * n + j], a[n * n + i * n + j]};
          real[i * 2 * n + j] = real[(i + n) * 2 * n + j + n] = z.re;
          real[i * 2 * n + j + n] = -z.im;
          real[(i + n) * 2 * n + j] = z.im;
        }
      assert_true(hd_eigen_complex(n, c, ours));
      for (int i = 0; i < n; i++) ours[n + i] = (hd_complex){ours[i].re, -ours[i].im};
      gsl_eigenvalues(2 * n, real, theirs);
      worst = hd_larger(distance(2 * n, ours, theirs), worst);
    }
  printf("  largest distance to GSL's eigenvalues %.2g\n", worst);
  assert_true(worst < 1e-11);
}

static double off(hd_complex z, double re, double im) { return hd_abs(z.re - re) + hd_abs(z.im - im); }

static void eigenvalues_of_known_matrices(void **state) {
  (void)state;
  hd_complex v[LARGEST];
  double rotation[4] = {0, -2, 2, 0}; /* +- 2 i */
  assert_true(hd_eigen_real(2, rotation, v) && off(v[0], 0, 2) < 1e-15 && off(v[1], 0, -2) < 1e-15);
  double triangular[9] = {1, 5, 7, 0, 2, 9, 0, 0, 3};
  assert_true(hd_eigen_real(3, triangular, v) && v[0].re == 3 && v[1].re == 2 && v[2].re == 1);
  double zero[9] = {0};
  assert_true(hd_eigen_real(3, zero, v) && v[0].re == 0 && v[2].im == 0);
  double cyclic[LARGEST * LARGEST] = {0}; /* the roots of 1: needs shifts that break symmetry */
  for (int i = 0; i < LARGEST; i++) cyclic[i * LARGEST + (i + 1) % LARGEST] = 1;
  assert_true(hd_eigen_real(LARGEST, cyclic, v));
  for (int i = 0; i < LARGEST; i++) assert_true(hd_abs(v[i].re * v[i].re + v[i].im * v[i].im - 1) < 1e-13);
  assert_true(off(v[0], 1, 0) < 1e-14 &&
              off(v[1], hd_cospi(1.0 / 16), (v[1].im > 0 ? 1 : -1) * hd_sinpi(1.0 / 16)) < 1e-14);
  double far[4] = {1, 1e12, 1e-12, 2}; /* badly scaled: (3 +- sqrt 5) / 2 */
  assert_true(hd_eigen_real(2, far, v) && off(v[0], 1.5 + hd_sqrt(1.25), 0) < 1e-15 &&
              off(v[1], 1.5 - hd_sqrt(1.25), 0) < 1e-15);
  double huge[4] = {0x1p1000, 0, 0x1p990, 0x1p999}, tiny[4] = {0x1p-1000, 0, 0x1p-1010, 0x1p-999};
  assert_true(hd_eigen_real(2, huge, v) && v[0].re == 0x1p1000 && v[1].re == 0x1p999);
  assert_true(hd_eigen_real(2, tiny, v) && v[0].re == 0x1p-999 && v[1].re == 0x1p-1000);
  hd_complex one[4] = {{1, 2}, {0, 0}, {0, 0}, {3, -4}};
  assert_true(hd_eigen_complex(2, one, v) && off(v[0], 3, -4) == 0 && off(v[1], 1, 2) == 0);
  double bad[4] = {1, HD_NAN, 0, 1};
  assert_false(hd_eigen_real(0, bad, v) || hd_eigen_real(LARGEST + 1, cyclic, v));
  assert_false(hd_eigen_real(2, bad, v));
  assert_true(v[0].re != v[0].re);
}

static int up(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static void symmetric_vectors_are_orthonormal_and_values_gsls(void **state) {
  (void)state;
  double worst = 0, skew = 0;
  for (int n = 1; n <= LARGEST; n++)
    for (uint64_t turn = 0; turn < 5; turn++) {
      double a[LARGEST * LARGEST], values[LARGEST], v[LARGEST * LARGEST], copy[LARGEST * LARGEST];
      fill("symmetric", turn * 64 + (uint64_t)n, a, n * n, 0);
      for (int i = 0; i < n; i++)
        for (int j = 0; j < i; j++) a[j * n + i] = a[i * n + j];
      assert_true(hd_eigen_symmetric(n, a, values, v));
      memcpy(copy, a, sizeof a);
      gsl_matrix_view m = gsl_matrix_view_array(copy, (size_t)n, (size_t)n);
      gsl_vector *w = gsl_vector_alloc((size_t)n);
      gsl_eigen_symm_workspace *work = gsl_eigen_symm_alloc((size_t)n);
      gsl_eigen_symm(&m.matrix, w, work);
      qsort(w->data, (size_t)n, sizeof(double), up);
      for (int k = 0; k < n; k++) worst = hd_larger(hd_abs(values[k] - gsl_vector_get(w, (size_t)k)), worst);
      gsl_eigen_symm_free(work);
      gsl_vector_free(w);
      for (int k = 0; k < n; k++)
        for (int l = 0; l < n; l++) {
          double dot = 0, residual = 0;
          for (int i = 0; i < n; i++) dot += v[i * n + k] * v[i * n + l];
          for (int j = 0; j < n; j++) residual += a[l * n + j] * v[j * n + k];
          skew = hd_larger(hd_abs(dot - (k == l)), skew);
          worst = hd_larger(hd_abs(residual - values[k] * v[l * n + k]), worst);
        }
    }
  printf("  values and residuals %.2g, orthogonality %.2g\n", worst, skew);
  assert_true(worst < 1e-13 && skew < 1e-14);
  double bad[4] = {1, 0, HD_INFINITY, 1}, values[2];
  assert_false(hd_eigen_symmetric(2, bad, values, NULL));
  assert_true(values[0] != values[0]);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(solve2_is_accurate_also_near_singular),
                                     cmocka_unit_test(solve_agrees_with_gsl_and_leaves_no_residual),
                                     cmocka_unit_test(solve_sees_singular_and_bad_matrices),
                                     cmocka_unit_test(product_is_the_sum_of_products),
                                     cmocka_unit_test(eigenvalues_of_real_matrices_are_gsls),
                                     cmocka_unit_test(eigenvalues_of_complex_matrices_are_those_of_the_real_form),
                                     cmocka_unit_test(eigenvalues_of_known_matrices),
                                     cmocka_unit_test(symmetric_vectors_are_orthonormal_and_values_gsls)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
