/* Entry for libFuzzer, and a driver to look at one text:
 *
 *   cmake --preset fuzz && ninja -C build/fuzz fuzz_scenario
 *   build/fuzz/tests/fuzz_scenario -timeout=5 -max_len=8000 NEW examples/traffic examples/nbody     explores; finds go to NEW
 *   cc -DFUZZ_SHOW ...  fuzz_scenario NUMBER          prints text NUMBER of tests/fuzz/mutate.h
 */
#include "fuzz/meet.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  hd_ctx *ctx;
  if (size >= FUZZ_ROOM || hd_ctx_new(&ctx) != HD_OK) return 0;
  char *text = malloc(size + 1);
  memcpy(text, bytes, size);
  text[size] = 0;
  fuzz_check(ctx, text, size);
  free(text);
  hd_ctx_free(ctx);
  return 0;
}

#ifdef FUZZ_SHOW
int main(int argc, char **argv) {
  static fuzz_text text;
  if (argc < 2) return 2;
  fuzz_make(&text, strtoull(argv[1], NULL, 10));
  fwrite(text.at, 1, text.size, stdout);
  return 0;
}
#endif
