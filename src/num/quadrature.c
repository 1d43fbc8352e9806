/* Gauss-Jacobi nodes and weights from the recurrence of the orthonormal polynomials for x^power on (0, 1):
 * sqrt(b_k+1) p_k+1 = (x - a_k) p_k - sqrt(b_k) p_k-1. Nodes are the eigenvalues of the tridiagonal matrix of a and b,
 * found by bisection with Sturm's count; the weight of a node is 1/sum p_k^2, positive terms only. */
#include "num/quadrature.h"

#include "heddle/math.h"

enum { MOST = 64 };

typedef struct recurrence {
  int n;
  double a[MOST], b[MOST]; /* b[0]: the integral of the weight */
} recurrence;

/* Jacobi polynomials with exponents (0, power) on (-1, 1), moved to (0, 1). */
static void recurrence_of(int n, double g, recurrence *r) {
  r->n = n;
  for (int k = 0; k < n; k++) {
    double m = 2 * k + g;
    r->a[k] = k == 0 ? (1 + g) / (2 + g) : 0.5 + 0.5 * g * g / (m * (m + 2));
    r->b[k] = k == 0 ? 1 / (1 + g) : k * (k + g) * k * (k + g) / (m * m * (m + 1) * (m - 1));
  }
}

/* How many eigenvalues lie below x. */
static int count_below(const recurrence *r, double x) {
  int count = 0;
  double q = 1;
  for (int k = 0; k < r->n; k++) {
    q = r->a[k] - x - (k == 0 ? 0 : r->b[k] / q);
    if (q == 0) q = 0x1p-200;
    count += q < 0;
  }
  return count;
}

static double weight_at(const recurrence *r, double x) {
  double before = 0, p = 1, sum = 1;
  for (int k = 0; k + 1 < r->n; k++) {
    double next = ((x - r->a[k]) * p - (k == 0 ? 0 : hd_sqrt(r->b[k])) * before) / hd_sqrt(r->b[k + 1]);
    before = p;
    p = next;
    sum += p * p;
  }
  return r->b[0] / sum;
}

void hd_gauss_jacobi(int n, double power, double *x, double *weight) {
  recurrence r;
  recurrence_of(n, power, &r);
  for (int k = 0; k < n; k++) {
    double low = 0, high = 1;
    for (int i = 0; i < 80 && low < high; i++) {
      double middle = 0.5 * (low + high);
      if (middle == low || middle == high) break;
      if (count_below(&r, middle) > k) high = middle;
      else low = middle;
    }
    x[k] = 0.5 * (low + high);
    weight[k] = weight_at(&r, x[k]);
  }
}
