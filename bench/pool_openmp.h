/* The OpenMP versions of what bench_pool times: the honest baseline. Only in bench/. */
#ifndef HD_BENCH_POOL_OPENMP_H
#define HD_BENCH_POOL_OPENMP_H

void omp_empty(int threads);
void omp_meet(int threads); /* an empty region with a barrier in it */
void omp_work(int threads, int blocks, void (*work)(void *, int block), void *arg);

#endif
