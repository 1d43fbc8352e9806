/* Small dense linear algebra: systems of a few unknowns in a step, eigenvalues up to 32 x 32 in set-up and check.
 *
 * Matrices are dense and row-major, a[row * n + column]. Only + - * / and square roots in a fixed order: the same bits
 * everywhere. Large or sparse systems live in num/.
 */
#ifndef HD_MATH_LINEAR_H
#define HD_MATH_LINEAR_H

#include "heddle/math.h"

enum { HD_EIGEN_LIMIT = 32 };

/* a d - b c, error at most 1.5 ulp (Kahan; Jeannerod, Louvet, Muller, doi:10.1090/S0025-5718-2013-02679-8). */
HD_FN double hd_det2(double a, double b, double c, double d) {
  double bc = b * c, error = hd_fma(-b, c, bc);
  return hd_fma(a, d, -bc) + error;
}

/* Solves the 2 x 2 system a x = b. False, and x not a number, where the determinant is zero. */
HD_FN bool hd_solve2(const double a[4], const double b[2], double x[2]) {
  double det = hd_det2(a[0], a[1], a[2], a[3]);
  double x0 = hd_det2(b[0], a[1], b[1], a[3]) / det, x1 = hd_det2(a[0], b[0], a[2], b[1]) / det;
  x[0] = det == 0.0 ? HD_NAN : x0;
  x[1] = det == 0.0 ? HD_NAN : x1;
  return det != 0.0;
}

/* y = a x for a of rows x columns; y is not x. */
HD_FN void hd_matrix_vector(int rows, int columns, const double *a, const double *x, double *y) {
  for (int i = 0; i < rows; i++) {
    double sum = 0.0;
    for (int j = 0; j < columns; j++) sum += a[i * columns + j] * x[j];
    y[i] = sum;
  }
}

/* c = a b for a of n x m and b of m x p; c is neither. */
HD_FN void hd_matrix_product(int n, int m, int p, const double *a, const double *b, double *c) {
  for (int i = 0; i < n; i++)
    for (int j = 0; j < p; j++) {
      double sum = 0.0;
      for (int k = 0; k < m; k++) sum += a[i * m + k] * b[k * p + j];
      c[i * p + j] = sum;
    }
}

/* Factors a (n x n) in place into L U with partial pivoting; row i of the factors is row order[i] of a. False where a pivot
 * is zero or not a number. */
HD_FN bool hd_lu_factor(int n, double *a, int *order) {
  for (int i = 0; i < n; i++) order[i] = i;
  for (int k = 0; k < n; k++) {
    int best = k;
    for (int i = k + 1; i < n; i++)
      if (hd_abs(a[i * n + k]) > hd_abs(a[best * n + k])) best = i;
    if (!(hd_abs(a[best * n + k]) > 0.0)) return false;
    if (best != k) {
      for (int j = 0; j < n; j++) {
        double swap = a[k * n + j];
        a[k * n + j] = a[best * n + j];
        a[best * n + j] = swap;
      }
      int swap = order[k];
      order[k] = order[best];
      order[best] = swap;
    }
    for (int i = k + 1; i < n; i++) {
      double factor = a[i * n + k] /= a[k * n + k];
      for (int j = k + 1; j < n; j++) a[i * n + j] -= factor * a[k * n + j];
    }
  }
  return true;
}

/* Solves a x = b with the factors of hd_lu_factor; x is not b. */
HD_FN void hd_lu_solve(int n, const double *factors, const int *order, const double *b, double *x) {
  for (int i = 0; i < n; i++) {
    double sum = b[order[i]];
    for (int j = 0; j < i; j++) sum -= factors[i * n + j] * x[j];
    x[i] = sum;
  }
  for (int i = n - 1; i >= 0; i--) {
    double sum = x[i];
    for (int j = i + 1; j < n; j++) sum -= factors[i * n + j] * x[j];
    x[i] = sum / factors[i * n + i];
  }
}

/* Solves a x = b, n <= 32; a is overwritten. False where a is singular: x is not a number then. */
HD_FN bool hd_solve(int n, double *a, const double *b, double *x) {
  int order[32];
  bool regular = hd_lu_factor(n, a, order);
  if (regular) hd_lu_solve(n, a, order, b, x);
  else
    for (int i = 0; i < n; i++) x[i] = HD_NAN;
  return regular;
}

/* ---- eigenvalues, 1 <= n <= 32, false otherwise (linear.c) ------------------------------------------------------- */

typedef struct hd_complex {
  double re, im;
} hd_complex;

/* Eigenvalues of a symmetric matrix, ascending, and unless `vectors` is NULL its eigenvectors: vectors[i * n + k] is
 * component i of vector k, of length 1. Only the lower half of a is read. Cyclic Jacobi: small values keep their relative
 * precision. False where a is not finite. */
bool hd_eigen_symmetric(int n, const double *a, double *values, double *vectors);

/* Eigenvalues of any complex or real matrix, by falling real part, then falling imaginary part (the real parts of a
 * conjugate pair may differ in their last bits). Balancing by powers of 2, Householder to Hessenberg form, shifted QR
 * (Wilkinson, Reinsch, doi:10.1007/978-3-662-39778-7, part II); backward error of some n 2^-53 |a|. False where a is not
 * finite, or where QR does not converge (no such matrix is known). */
bool hd_eigen_complex(int n, const hd_complex *a, hd_complex *values);
bool hd_eigen_real(int n, const double *a, hd_complex *values);

#endif
