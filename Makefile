# The front door. CMake does the work: presets in CMakePresets.json, sources found by folder in CMakeLists.txt.
#
#   make demo        install what is missing, build, compute a study and two runs, leave figures and reports in build/demo
#   make test        install what is missing, build, run the quick tests
#   make help        the rest

SHELL  := /bin/bash
JOBS   ?= $(shell nproc)
PRESET ?= release
PREFIX ?= /usr/local
BUILD  := build/$(PRESET)
Q      := $(if $(V),,@)
.DEFAULT_GOAL := help
.PHONY: help demo test test-full bench build check format install clean packages-build packages-test packages-guard

help:
	@echo "make demo       a first run: installs what is missing, builds, computes, draws; look at build/demo"
	@echo "make test       the quick tests (some minutes)"
	@echo "make test-full  every acceptance check (hours)"
	@echo "make bench      the tables of the benchmarks"
	@echo "make build      the command, the library and the tests, in build/$(PRESET)"
	@echo "make check      the guards: formatting, layers, symbols, clang-tidy, cppcheck, sanitizers"
	@echo "make format     clang-format over all sources"
	@echo "make install    into PREFIX=$(PREFIX)"
	@echo "make clean      remove build/"
	@echo
	@echo "PRESET=release|debug|asan|tsan|clang  JOBS=$(JOBS)  V=1 shows commands"

demo: packages-build
	$(Q)tools/build $(PRESET) $(JOBS) heddle
	$(Q)tools/demo $(BUILD)/heddle

build: packages-build packages-test
	$(Q)tools/build $(PRESET) $(JOBS)

test: build
	$(Q)ctest --test-dir $(BUILD) -L quick -j $(JOBS) --no-label-summary --output-on-failure $(CTEST)

test-full: build
	$(Q)ctest --test-dir $(BUILD) -L 'quick|full' -j $(JOBS) --no-label-summary --output-on-failure $(CTEST)

bench: build
	$(Q)for program in $(BUILD)/bench/bench_*; do $$program || exit 1; echo; done
	$(Q)$(BUILD)/heddle bench $(BENCH)

check: packages-build packages-test packages-guard
	$(Q)tools/guard all

format: packages-guard
	$(Q)tools/check-format --write

install: packages-build
	$(Q)tools/build $(PRESET) $(JOBS) heddle heddle_shared heddle_static
	$(Q)cmake --install $(BUILD) --prefix $(PREFIX)

clean:
	$(Q)rm -rf build

packages-build packages-test packages-guard: packages-%:
	@tools/install-packages $*
