# Compiler flags of everything that is ours. The three floating-point flags are the determinism rule of design 4.3.
# The lowest level stands in CMAKE_C_FLAGS, before all others, so that the objects of a higher level can replace it.
set(CMAKE_C_FLAGS "${CMAKE_C_FLAGS} -march=x86-64-v2")
add_library(heddle_flags INTERFACE)
target_include_directories(heddle_flags INTERFACE ${CMAKE_SOURCE_DIR}/include ${CMAKE_SOURCE_DIR}/src)
target_compile_definitions(heddle_flags INTERFACE _GNU_SOURCE HD_VERSION="${PROJECT_VERSION}")
target_compile_options(heddle_flags INTERFACE
  -ffp-contract=off -fno-math-errno -fno-trapping-math
  -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla)
if(HEDDLE_WERROR)
  target_compile_options(heddle_flags INTERFACE -Werror)
endif()
if(CMAKE_C_COMPILER_ID STREQUAL "Clang")
  # clang 14 warns of a vector loop it could not make, which is a matter for the benchmarks, and of texts of several lines
  # in a table
  target_compile_options(heddle_flags INTERFACE -Wno-pass-failed -Wno-string-concatenation -Wno-gnu-zero-variadic-macro-arguments)
endif()
if(HEDDLE_SANITIZE)
  # Tracking variables through what is instrumented takes three quarters of the compiler's time.
  set(tracking $<$<C_COMPILER_ID:GNU>:-fno-var-tracking>)
  target_compile_options(heddle_flags INTERFACE -fsanitize=${HEDDLE_SANITIZE} -fno-omit-frame-pointer -g ${tracking})
  target_link_options(heddle_flags INTERFACE -fsanitize=${HEDDLE_SANITIZE})
endif()
set(CMAKE_C_FLAGS_RELEASE "-O3 -DNDEBUG")
set(CMAKE_C_FLAGS_DEBUG "-O1 -g")
