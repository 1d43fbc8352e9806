/* Quadrature: nodes and weights found at set-up, the same bits everywhere. */
#ifndef HD_NUM_QUADRATURE_H
#define HD_NUM_QUADRATURE_H

#include <stdint.h>

/* n <= 64 nodes 0 < x < 1, ascending, and weights for integrals from 0 to 1 of x^power f(x), power > -1: exact for
 * polynomials of degree 2 n - 1. power 0 is Gauss-Legendre. Golub, Welsch 1969, doi:10.1090/S0025-5718-69-99647-1; here the
 * eigenvalues of the recurrence matrix by bisection. */
void hd_gauss_jacobi(int n, double power, double *x, double *weight);

#endif
