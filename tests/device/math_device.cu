// Every function of heddle/math.h in a kernel, compared bit by bit with the same header compiled for the host. Compiled and,
// where there is a device, run by tools/check-device. Exit code 0: all equal; 1: a difference; 2: no device answers.
#include "heddle/math.h"

#include <cstdio>
#include <cstdlib>
#include <vector>

enum { FUNCTIONS = 32, N = 100003 };

__host__ __device__ static void all(double a, double b, uint64_t i, double *y) {
  hd_key key = hd_stream(5, "device");
  int n = 0;
  y[n++] = hd_exp(a);
  y[n++] = hd_exp2(a);
  y[n++] = hd_expm1(a);
  y[n++] = hd_log(a);
  y[n++] = hd_log2(a);
  y[n++] = hd_log10(a);
  y[n++] = hd_log1p(a);
  y[n++] = hd_pow(a, b);
  y[n++] = hd_tanh(a);
  y[n++] = hd_atan(a);
  y[n++] = hd_atan2(a, b);
  y[n++] = hd_sin(a);
  y[n++] = hd_cos(a);
  y[n++] = hd_sin_near(a);
  y[n++] = hd_cos_near(a);
  y[n++] = hd_sinpi(a);
  y[n++] = hd_cospi(a);
  y[n++] = hd_rcp(a);
  y[n++] = hd_rsqrt(a);
  y[n++] = hd_sqrt(a);
  y[n++] = hd_smaller(a, b) + hd_larger(a, b);
  y[n++] = hd_clamp(a, -1.0, 1.0);
  y[n++] = hd_flush(a, 1e-100);
  y[n++] = hd_round(a) + hd_floor(b);
  y[n++] = (double)hd_expf((float)a);
  y[n++] = (double)hd_rcpf((float)a);
  y[n++] = (double)hd_rsqrtf((float)a);
  y[n++] = hd_uniform(key, i, 1, 2, 3);
  y[n++] = hd_normal(key, i, 1, 2, 3);
  y[n++] = (double)hd_uniform_index(key, i, 1, 2, 3, 1000003);
  y[n++] = (double)hd_derive_seed(i, 3);
  while (n < FUNCTIONS) y[n++] = 0.0;
}

__global__ void on_device(const double *a, const double *b, double *y) {
  int i = (int)(blockIdx.x * blockDim.x + threadIdx.x);
  if (i < N) all(a[i], b[i], (uint64_t)i, y + (size_t)i * FUNCTIONS);
}

static bool answers(cudaError_t error) {
  if (error != cudaSuccess) printf("math_device: no device answers (%s), not run\n", cudaGetErrorString(error));
  return error == cudaSuccess;
}

int main() {
  std::vector<double> a(N), b(N), y((size_t)N * FUNCTIONS);
  hd_key key = hd_stream(1, "levels");
  for (int i = 0; i < N; i++) {
    hd_random_bits r = hd_random4(key, (uint64_t)i, 0, 0, 0);
    a[i] = hd_of_bits((uint64_t)r.v[0] << 32 | r.v[1]);
    b[i] = hd_of_bits((uint64_t)r.v[2] << 32 | r.v[3]);
    if (i % 2) a[i] = 40 * hd_uniform_of_bits(r.v[0], r.v[1]) - 20, b[i] = 40 * hd_uniform_of_bits(r.v[2], r.v[3]) - 20;
  }
  double *da, *db, *dy;
  size_t bytes = N * sizeof(double);
  if (!answers(cudaMalloc(&da, bytes)) || !answers(cudaMalloc(&db, bytes)) ||
      !answers(cudaMalloc(&dy, bytes * FUNCTIONS)))
    return 2;
  cudaMemcpy(da, a.data(), bytes, cudaMemcpyHostToDevice);
  cudaMemcpy(db, b.data(), bytes, cudaMemcpyHostToDevice);
  on_device<<<(N + 127) / 128, 128>>>(da, db, dy);
  if (!answers(cudaDeviceSynchronize())) return 2;
  cudaMemcpy(y.data(), dy, bytes * FUNCTIONS, cudaMemcpyDeviceToHost);
  int differ[FUNCTIONS] = {0}, bad = 0;
  for (int i = 0; i < N; i++) {
    double host[FUNCTIONS];
    all(a[i], b[i], (uint64_t)i, host);
    for (int f = 0; f < FUNCTIONS; f++) {
      double d = y[(size_t)i * FUNCTIONS + f];
      differ[f] += hd_bits_of(host[f]) != hd_bits_of(d) && !(hd_is_nan(host[f]) && hd_is_nan(d));
    }
  }
  for (int f = 0; f < FUNCTIONS; f++) {
    if (differ[f]) printf("math_device: function %d differs at %d of %d arguments\n", f, differ[f], N);
    bad += differ[f] != 0;
  }
  printf("math_device: %d results each at %d arguments, %d with a difference\n", FUNCTIONS, N, bad);
  return bad ? 1 : 0;
}
