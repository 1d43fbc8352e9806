/* Eigenvalues of small dense matrices. */
#include "math/linear.h"

typedef hd_complex complex;

static complex plus(complex a, complex b) { return (complex){a.re + b.re, a.im + b.im}; }
static complex minus(complex a, complex b) { return (complex){a.re - b.re, a.im - b.im}; }
static complex times(complex a, complex b) { return (complex){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re}; }
static complex conjugate(complex a) { return (complex){a.re, -a.im}; }
static complex scaled(double s, complex a) { return (complex){s * a.re, s * a.im}; }
static double square(complex a) { return a.re * a.re + a.im * a.im; }
static double size(complex a) { return hd_sqrt(square(a)); } /* the matrix is scaled: no overflow */
static double size1(complex a) { return hd_abs(a.re) + hd_abs(a.im); }

/* The root with a real part that is not negative. */
static complex root(complex a) {
  double r = hd_sqrt(0.5 * (size(a) + hd_abs(a.re)));
  if (r == 0.0) return (complex){0.0, 0.0};
  double other = 0.5 * a.im / r;
  return a.re >= 0.0 ? (complex){r, other} : (complex){hd_abs(other), a.im < 0.0 ? -r : r};
}

/* 2^k with 2^k <= x < 2^(k+1), for normal x. */
static double power_below(double x) { return hd_of_bits(hd_bits_of(x) & 0x7ff0000000000000u); }

/* ---- any matrix ------------------------------------------------------------------------------------------------ */

/* Scales by a power of 2 so that the largest part of an entry is about 1; returns the inverse of the scale, 0 for the zero
 * matrix and NaN for one that is not finite. */
static double normalise(int n, complex *h) {
  double largest = 0.0;
  for (int i = 0; i < n * n; i++) {
    double part = hd_larger(hd_abs(h[i].re), hd_abs(h[i].im));
    if (!hd_is_finite(h[i].re) || !hd_is_finite(h[i].im)) return HD_NAN;
    largest = hd_larger(part, largest);
  }
  if (largest == 0.0) return 0.0;
  double back = power_below(hd_clamp(largest, 0x1p-1000, 0x1p1000));
  for (int i = 0; i < n * n; i++) h[i] = scaled(1.0 / back, h[i]);
  return back;
}

/* Rows and columns of similar size, by a diagonal similarity of powers of 2 (Osborne; Parlett and Reinsch,
 * doi:10.1007/BF02165404). */
static void balance(int n, complex *h) {
  bool changed = true;
  for (int sweep = 0; changed && sweep < 100; sweep++) {
    changed = false;
    for (int i = 0; i < n; i++) {
      double column = 0.0, row = 0.0, f = 1.0;
      for (int j = 0; j < n; j++)
        if (j != i) column += size1(h[j * n + i]), row += size1(h[i * n + j]);
      if (column == 0.0 || row == 0.0) continue;
      double before = column + row, c = column;
      while (c < 0.5 * row && f < 0x1p60) c *= 4.0, f *= 2.0;
      while (c >= 2.0 * row && f > 0x1p-60) c *= 0.25, f *= 0.5;
      if (f == 1.0 || column * f + row / f >= 0.95 * before) continue;
      changed = true;
      for (int j = 0; j < n; j++) h[i * n + j] = scaled(1.0 / f, h[i * n + j]);
      for (int j = 0; j < n; j++) h[j * n + i] = scaled(f, h[j * n + i]);
    }
  }
}

/* Upper Hessenberg form by Householder reflections I - 2 v v* / (v* v). */
static void to_hessenberg(int n, complex *h) {
  for (int k = 0; k < n - 2; k++) {
    complex v[HD_EIGEN_LIMIT];
    double rest = 0.0;
    v[k + 1] = h[(k + 1) * n + k];
    for (int i = k + 2; i < n; i++) v[i] = h[i * n + k], rest += square(v[i]);
    if (rest == 0.0) continue;
    double first = size(v[k + 1]), norm = hd_sqrt(square(v[k + 1]) + rest);
    complex alpha = first == 0.0 ? (complex){norm, 0.0} : scaled(norm / first, v[k + 1]);
    v[k + 1] = plus(v[k + 1], alpha);
    double two_over = 1.0 / (norm * (norm + first)); /* 2 / (v* v) */
    for (int j = k; j < n; j++) {
      complex dot = {0.0, 0.0};
      for (int i = k + 1; i < n; i++) dot = plus(dot, times(conjugate(v[i]), h[i * n + j]));
      dot = scaled(two_over, dot);
      for (int i = k + 1; i < n; i++) h[i * n + j] = minus(h[i * n + j], times(v[i], dot));
    }
    for (int i = 0; i < n; i++) {
      complex dot = {0.0, 0.0};
      for (int j = k + 1; j < n; j++) dot = plus(dot, times(h[i * n + j], v[j]));
      dot = scaled(two_over, dot);
      for (int j = k + 1; j < n; j++) h[i * n + j] = minus(h[i * n + j], times(dot, conjugate(v[j])));
    }
  }
}

/* The eigenvalue of the last 2 x 2 block (rows last - 1 and last) that is nearer to its last entry. */
static complex wilkinson_shift(int n, const complex *h, int last) {
  complex a = h[(last - 1) * n + last - 1], b = h[(last - 1) * n + last];
  complex c = h[last * n + last - 1], d = h[last * n + last];
  complex half = scaled(0.5, minus(a, d)), bc = times(b, c);
  complex r = root(plus(times(half, half), bc));
  complex sum = plus(half, r), difference = minus(half, r);
  complex q = square(sum) >= square(difference) ? sum : difference;
  if (square(q) == 0.0) return d;
  return minus(d, scaled(1.0 / square(q), times(bc, conjugate(q)))); /* d - b c / q */
}

/* One step h - s = Q R, h = R Q + s on rows and columns first..last, by rotations [c s; -s* c]. */
static void qr_step(int n, complex *h, int first, int last, complex shift) {
  double c[HD_EIGEN_LIMIT];
  complex s[HD_EIGEN_LIMIT];
  for (int i = first; i <= last; i++) h[i * n + i] = minus(h[i * n + i], shift);
  for (int k = first; k < last; k++) {
    complex a = h[k * n + k], b = h[(k + 1) * n + k];
    double a_size = size(a), r = hd_sqrt(square(a) + square(b));
    if (r == 0.0) {
      c[k] = 1.0, s[k] = (complex){0.0, 0.0};
      continue;
    }
    c[k] = a_size / r;
    s[k] = a_size == 0.0 ? scaled(1.0 / r, conjugate(b)) : scaled(1.0 / (a_size * r), times(a, conjugate(b)));
    for (int j = k; j <= last; j++) {
      complex x = h[k * n + j], y = h[(k + 1) * n + j];
      h[k * n + j] = plus(scaled(c[k], x), times(s[k], y));
      h[(k + 1) * n + j] = minus(scaled(c[k], y), times(conjugate(s[k]), x));
    }
  }
  for (int k = first; k < last; k++)
    for (int i = first; i <= k + 1; i++) {
      complex x = h[i * n + k], y = h[i * n + k + 1];
      h[i * n + k] = plus(scaled(c[k], x), times(conjugate(s[k]), y));
      h[i * n + k + 1] = minus(scaled(c[k], y), times(s[k], x));
    }
  for (int i = first; i <= last; i++) h[i * n + i] = plus(h[i * n + i], shift);
}

/* The eigenvalues of an upper Hessenberg matrix, left on its diagonal. */
static bool deflate_all(int n, complex *h) {
  int last = n - 1, turns = 0;
  while (last > 0) {
    int first = last;
    for (; first > 0; first--) {
      double around = size1(h[(first - 1) * n + first - 1]) + size1(h[first * n + first]);
      if (size1(h[first * n + first - 1]) <= 0x1p-53 * (around == 0.0 ? 1.0 : around)) break;
    }
    if (first == last) {
      last--, turns = 0;
      continue;
    }
    if (++turns > 300) return false;
    complex shift = wilkinson_shift(n, h, last);
    if (turns % 10 == 0) shift.re += size1(h[last * n + last - 1]); /* out of a cycle */
    qr_step(n, h, first, last, shift);
  }
  return true;
}

static bool before(complex a, complex b) { return a.re > b.re || (a.re == b.re && a.im > b.im); }

static bool eigenvalues(int n, complex *h, hd_complex *values) {
  double back = normalise(n, h);
  bool good = back == back;
  if (good) {
    balance(n, h);
    to_hessenberg(n, h);
    good = deflate_all(n, h);
  }
  for (int i = 0; i < n; i++) {
    complex v = good ? scaled(back, h[i * n + i]) : (complex){HD_NAN, HD_NAN};
    int at = i;
    for (; at > 0 && before(v, values[at - 1]); at--) values[at] = values[at - 1];
    values[at] = v;
  }
  return good;
}

bool hd_eigen_complex(int n, const hd_complex *a, hd_complex *values) {
  complex h[HD_EIGEN_LIMIT * HD_EIGEN_LIMIT] = {{0.0, 0.0}};
  if (n < 1 || n > HD_EIGEN_LIMIT) return false;
  for (int i = 0; i < n * n; i++) h[i] = a[i];
  return eigenvalues(n, h, values);
}

bool hd_eigen_real(int n, const double *a, hd_complex *values) {
  complex h[HD_EIGEN_LIMIT * HD_EIGEN_LIMIT] = {{0.0, 0.0}};
  if (n < 1 || n > HD_EIGEN_LIMIT) return false;
  for (int i = 0; i < n * n; i++) h[i] = (complex){a[i], 0.0};
  return eigenvalues(n, h, values);
}

/* ---- symmetric ------------------------------------------------------------------------------------------------- */

/* Turns rows and columns p < q of s, and columns of v, so that s[p][q] is zero. */
static void jacobi_turn(int n, double *s, double *v, int p, int q) {
  double off = s[p * n + q], difference = s[q * n + q] - s[p * n + p];
  double theta = 0.5 * difference / off;
  double t = hd_abs(theta) > 0x1p500 ? 0.5 / hd_abs(theta) : 1.0 / (hd_abs(theta) + hd_sqrt(theta * theta + 1.0));
  t = theta < 0.0 ? -t : t;
  double c = 1.0 / hd_sqrt(t * t + 1.0), sine = t * c;
  s[p * n + p] -= t * off;
  s[q * n + q] += t * off;
  s[p * n + q] = s[q * n + p] = 0.0;
  for (int i = 0; i < n; i++) {
    if (i != p && i != q) {
      double x = s[i * n + p], y = s[i * n + q];
      s[i * n + p] = s[p * n + i] = c * x - sine * y;
      s[i * n + q] = s[q * n + i] = sine * x + c * y;
    }
    double x = v[i * n + p], y = v[i * n + q];
    v[i * n + p] = c * x - sine * y;
    v[i * n + q] = sine * x + c * y;
  }
}

/* Values ascending, with their vectors. */
static void sort_up(int n, const double *s, const double *v, double *values, double *vectors) {
  int order[HD_EIGEN_LIMIT];
  for (int i = 0; i < n; i++) {
    int at = i;
    for (; at > 0 && s[i * n + i] < s[order[at - 1] * n + order[at - 1]]; at--) order[at] = order[at - 1];
    order[at] = i;
  }
  for (int k = 0; k < n; k++) {
    values[k] = s[order[k] * n + order[k]];
    for (int i = 0; vectors && i < n; i++) vectors[i * n + k] = v[i * n + order[k]];
  }
}

bool hd_eigen_symmetric(int n, const double *a, double *values, double *vectors) {
  double s[HD_EIGEN_LIMIT * HD_EIGEN_LIMIT] = {0.0}, v[HD_EIGEN_LIMIT * HD_EIGEN_LIMIT] = {0.0};
  if (n < 1 || n > HD_EIGEN_LIMIT) return false;
  bool finite = true, turned = true;
  for (int i = 0; i < n; i++)
    for (int j = 0; j <= i; j++) {
      s[i * n + j] = s[j * n + i] = a[i * n + j];
      v[i * n + j] = v[j * n + i] = i == j ? 1.0 : 0.0;
      finite = finite && hd_is_finite(a[i * n + j]);
    }
  for (int sweep = 0; finite && turned && sweep < 60; sweep++) {
    turned = false;
    for (int p = 0; p < n; p++)
      for (int q = p + 1; q < n; q++) {
        double off = hd_abs(s[p * n + q]), scale = hd_sqrt(hd_abs(s[p * n + p])) * hd_sqrt(hd_abs(s[q * n + q]));
        if (off == 0.0 || off <= 0x1p-54 * scale) continue;
        jacobi_turn(n, s, v, p, q);
        turned = true;
      }
  }
  for (int i = 0; !finite && i < n; i++) s[i * n + i] = HD_NAN;
  sort_up(n, s, v, values, vectors);
  return finite;
}
