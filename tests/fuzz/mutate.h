/* Damaged scenarios, the same for the same number: a corpus and what can happen to a text. */
#ifndef FUZZ_MUTATE_H
#define FUZZ_MUTATE_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FUZZ_ROOM = 16384 };

static const char *const fuzz_corpus[] = {
  ("solver: traffic\ntitle: Thin, fast traffic meets a dense platoon\npreset: arz2025\n"
  "road: {length: 1 km, cells: 100, quality: 3}\ninitial:\n  kind: riemann\n  split: 500 m\n"
  "  left:  {motorcycles: {density: 20 veh/km, marker: 25 m/s}, cars: {density: 10 veh/km, marker: 22 m/s}}\n"
  "  right: {motorcycles: {density: 80 veh/km, marker: 8 m/s},  cars: {density: 40 veh/km, marker: 6 m/s}}\n"
  "boundary: {left: {kind: inflow, state: initial}, right: open}\ntime: {end: 60 s}\noutput: {snapshots: {every: 5 s}}\n"),
  ("solver: traffic\nroad: {length: 3 km, cells: 600, quality: [{from: 0 m, category: 1}, {from: 1 km, category: 4}]}\n"
  "initial: {kind: equilibrium, quality: 1, state: {motorcycles: 15 veh/km, cars: 5 veh/km}}\n"
  "boundary: {left: {kind: inflow, state: initial}, right: open}\ntime: {end: 1000 s}\noutput: {snapshots: {every: 10 s}}\n"),
  ("solver: traffic\nroad: {length: 1 km, cells: 200}\ninitial: {kind: equilibrium, state: {motorcycles: 100 veh/km, cars: 33.33 veh/km}}\n"
  "boundary:\n  left: {kind: inflow, state: initial}\n  right: {schedule: [{from: 0 s, kind: wall}, {from: 60 s, kind: free}]}\n"
  "time: {end: 180 s, steps: 1000}\noutput: {snapshots: {every: 1 s}, ledger: [0 s, 1 s, 2 s], fields: [density], figures: []}\n"
  "seed: 12\ncores: {steps: 2}\nlimits: {time: 2 h, memory: 4 GiB, failures: 3}\nmeasure: [mass_drift, travel_time@cars]\n"),
  ("solver: traffic\nclasses: {vans: {like: cars, pressure: 80 km/h, free_speed: 50 km/h, sees: {cars: 0.5}}, motorcycles: null}\n"
  "road: {length: 1 km, cell: 3.3 m, start: -200 m}\n"
  "initial: {kind: waves, background: {cars: &bg {density: 20 veh/km, speed: 5 m/s}, vans: *bg}, waves: [{class: cars, amplitude: 2 veh/km, number: 2, phase: 30 deg}]}\n"
  "boundary: ring\ntime: {start: 1 s, end: 2 s}\nnumerics: {courant: auto, flux: central_upwind, max_step: 0.1 s}\n"
  "sweep: {grid: {classes.cars.pressure: {from: 75 km/h, to: 200 km/h, count: 8, spacing: log}, road.cell: [1 m, 2 m]}, repeat: 3}\n"),
  ("{\"solver\": \"traffic\", \"preset\": \"one-class\", \"road\": {\"length\": \"1 km\", \"cells\": 50},\n"
  "\"initial\": {\"kind\": \"hump\", \"background\": {\"cars\": \"20 veh/km\"}, \"peak\": {\"cars\": \"80 veh/km\"}, \"centre\": \"500 m\", \"width\": \"50 m\"},\n"
  "\"boundary\": \"ring\", \"time\": {\"end\": \"10 s\"}, \"converge\": {\"over\": {\"road.cells\": [50, 100]}, \"reference\": \"finest\", \"norm\": \"l1\"}}\n"),
  ("solver: traffic\nimport: {arz: {base: base.yml, scenario: scenario.yml}}\ninherits: other.yaml\ntitle: |\n  a block\n  of text\n"
  "numerics: {scheme: weno5}\ninitial: {kind: random, empty: 10 %}\ntime: {end: 1 min, step: 1 s}\nnetwork: {}\n"),
};
enum { FUZZ_CORPUS = sizeof fuzz_corpus / sizeof fuzz_corpus[0] };

static const char *const fuzz_words[] = {
  "{", "}", "[", "]", ": ", ", ", "- ", "? ", "&a ", "*a", "!!str ", "|\n", ">-\n", "\"", "'", "#", "%", "@", "`", "\t", "\r\n",
  "\xef\xbb\xbf", "\xff", "\xc3\xa9", "\xe2\x80\xa8", "---\n", "...\n", "%YAML 1.2\n", "null", "~", "true", "auto", "like: ", "<<: ",
  "0", "-1", "1e308", "1e999", "-0", ".5", "5.", "0x7f", "9223372036854775808", "1e-400", "nan", ".inf", "2147483648", "1e18",
  " m", " km/h", " veh/km", " kg", " m/s2", " 1/s", " m^-9", " degC", "%", " B", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "{a: {a: {a: {a: ",
  "solver: traffic\n", "preset: arz2025\n", "compat: arz2025\n", "kind: ", "density: ", "speed: ", "marker: ", "cars: ", "classes: ",
  "road.cells: ", "quality: {file: /dev/null}\n", "file: /\n", "inherits: x.yaml\n", "ring", "initial", "every: ", "every_steps: ",
  "\n  ", "\n", "\n\n\n", "a: &b [*b]\n", "x: &x [a]\ny: [*x,*x,*x,*x,*x,*x,*x,*x]\n", ".a.b[0]: 1\n", "cells", "cells: 2147483648",
};
enum { FUZZ_WORDS = sizeof fuzz_words / sizeof fuzz_words[0] };

typedef struct fuzz_text { uint64_t random; size_t size; char at[FUZZ_ROOM]; } fuzz_text;

static inline uint32_t fuzz_draw(fuzz_text *t, size_t below) {
  t->random ^= t->random << 13;
  t->random ^= t->random >> 7;
  t->random ^= t->random << 17;
  return below ? (uint32_t)((t->random >> 16) % below) : 0;
}

static inline void fuzz_insert(fuzz_text *t, size_t at, const char *bytes, size_t n) {
  char copy[512];
  if (n > sizeof copy) n = sizeof copy;
  if (t->size + n >= FUZZ_ROOM) return;
  memcpy(copy, bytes, n);
  memmove(t->at + at + n, t->at + at, t->size - at);
  memcpy(t->at + at, copy, n);
  t->size += n;
}

static inline void fuzz_remove(fuzz_text *t, size_t at, size_t n) {
  if (at + n > t->size) n = t->size - at;
  memmove(t->at + at, t->at + at + n, t->size - at - n);
  t->size -= n;
}

/* Where a token (what stands between marks) begins; *n: its length. */
static inline size_t fuzz_token(fuzz_text *t, size_t *n) {
  size_t at = fuzz_draw(t, t->size + 1);
  while (at < t->size && at && !strchr(" :,{}[]\n", t->at[at - 1])) at++;
  for (*n = 0; at + *n < t->size && !strchr(",:{}[]\n", t->at[at + *n]);) ++*n;
  return at;
}

static inline void fuzz_damage(fuzz_text *t) {
  size_t at = fuzz_draw(t, t->size + 1), n = 1 + fuzz_draw(t, 40), from, length;
  if (at + n > t->size) n = t->size - at;
  const char *word = fuzz_words[fuzz_draw(t, FUZZ_WORDS)];
  const char *other = fuzz_corpus[fuzz_draw(t, FUZZ_CORPUS)];
  char token[64];
  switch (fuzz_draw(t, 16)) {
  case 0: if (at < t->size) t->at[at] = (char)fuzz_draw(t, 256); break;
  case 1: fuzz_remove(t, at, n); break;
  case 2: fuzz_insert(t, at, word, strlen(word)); break;
  case 3: fuzz_insert(t, fuzz_draw(t, t->size + 1), t->at + at, n); break;
  case 4: /* a piece of another text */
    from = fuzz_draw(t, strlen(other));
    length = strlen(other) - from;
    fuzz_insert(t, at, other + from, length < n * 4 ? length : n * 4);
    break;
  case 5: for (size_t i = 0, k = fuzz_draw(t, 30); i < k; i++) fuzz_insert(t, at, word, strlen(word)); break;
  case 6: if (at < t->size) t->at[at] = (char)(t->at[at] ^ (1 << fuzz_draw(t, 7))); break;
  case 7:
  case 8:
  case 9: /* a word for a token */
    at = fuzz_token(t, &n);
    fuzz_remove(t, at, n);
    fuzz_insert(t, at, word, strlen(word));
    break;
  case 10:
  case 11: /* another digit */
    for (length = 0; at < t->size && length < 200 && (t->at[at] < '0' || t->at[at] > '9'); length++) at++;
    if (at < t->size) t->at[at] = (char)('0' + fuzz_draw(t, 10));
    break;
  case 12: /* one letter more or less */
    if (fuzz_draw(t, 2)) fuzz_remove(t, at, 1);
    else fuzz_insert(t, at, &(char){(char)('a' + fuzz_draw(t, 26))}, 1);
    break;
  default: /* a token in place of another */
    from = fuzz_token(t, &length);
    if (length > sizeof token) length = sizeof token;
    memcpy(token, t->at + from, length);
    at = fuzz_token(t, &n);
    fuzz_remove(t, at, n);
    fuzz_insert(t, at, token, length);
  }
}

/* Text number `index`, ended by 0. */
static inline void fuzz_make(fuzz_text *t, uint64_t index) {
  t->random = (index + 1) * 0x9e3779b97f4a7c15u;
  for (int i = 0; i < 4; i++) fuzz_draw(t, 2);
  const char *begin = fuzz_corpus[fuzz_draw(t, FUZZ_CORPUS)];
  t->size = strlen(begin);
  memcpy(t->at, begin, t->size);
  uint32_t times = fuzz_draw(t, 3) ? 1 : 2 + fuzz_draw(t, 6);
  for (uint32_t i = 0; i < times; i++) fuzz_damage(t);
  t->at[t->size] = 0;
}

#endif
