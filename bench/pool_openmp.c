/* See pool_openmp.h. Compiled with -fopenmp. */
#include "pool_openmp.h"

void omp_empty(int threads) {
#pragma omp parallel num_threads(threads)
  { __asm__ volatile("" ::: "memory"); }
}

void omp_meet(int threads) {
#pragma omp parallel num_threads(threads)
  {
#pragma omp barrier
    __asm__ volatile("" ::: "memory");
  }
}

void omp_work(int threads, int blocks, void (*work)(void *, int), void *arg) {
#pragma omp parallel for schedule(static) num_threads(threads)
  for (int b = 0; b < blocks; b++) work(arg, b);
}
