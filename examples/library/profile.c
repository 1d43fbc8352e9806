/* heddle as a library: where are the cars 20 s after the light turned red?
 *
 *   cc -I include profile.c -lheddle -o profile && ./profile red-light.yaml
 */
#include "heddle/heddle.h"

#include <stdio.h>

static hd_status print_profile(hd_ctx *hd, const char *scenario) {
  hd_run *run;
  hd_array cars;
  HD_TRY(hd_open(hd, scenario, NULL, &run));
  hd_status status = hd_advance(run, 20.0);
  if (status == HD_OK) status = hd_get(run, "density@cars", &cars);
  for (int64_t i = 0; status == HD_OK && i < cars.size[0]; i += cars.size[0] / 10)
    printf("cell %4lld: %.4f %s\n", (long long)i, cars.at[i], cars.unit);
  hd_close(run);
  return status;
}

int main(int argc, char **argv) {
  hd_ctx *hd;
  if (argc != 2 || hd_ctx_new(&hd) != HD_OK) return 2;
  hd_status status = print_profile(hd, argv[1]);
  if (status != HD_OK) fprintf(stderr, "%s\n", hd_ctx_message(hd));
  hd_ctx_free(hd);
  return hd_status_exit_code(status);
}
