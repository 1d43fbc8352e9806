/* A million damaged scenarios in one process. */
#define FUZZ_COUNT 1000000
#include "test_fuzz.c"
