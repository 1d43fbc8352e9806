/* What reading a study is made of; for the files grammar*.c alone. */
#ifndef HD_STUDY_GRAMMAR_READ_H
#define HD_STUDY_GRAMMAR_READ_H

#include "study/members/grammar.h"

enum { HD_GRAMMAR_WORDS = 400, HD_GRAMMAR_MEMBERS = 10000000 };

typedef struct hd_grammar {
  hd_arena        *arena;
  const hd_node   *root;
  const hd_solver *solver;
  const hd_table  *tables;
  int              count;
  hd_notes        *notes;
  hd_study_spec   *spec;
} hd_grammar;

void hd_grammar_error(hd_grammar *g, hd_place place, const char *hint, const char *fmt, ...) HD_FORMAT(4, 5);

/* Is `key` (a word) one of "a|b|c"? Its index; -1 after an error that names what is known. */
int hd_grammar_word(hd_grammar *g, hd_place place, const char *what, const char *word, const char *known);

/* Every key of a map must be one of "a|b|c". false: it is no map (noted). */
bool hd_grammar_keys(hd_grammar *g, const hd_node *map, const char *what, const char *known);

/* A whole number of at least `least`; false after an error. */
bool hd_grammar_count(hd_grammar *g, const hd_node *node, const char *what, int64_t least, int64_t *count);

/* The parameter that a path of a study names; NULL after an error with the nearest. */
const hd_param *hd_grammar_param(hd_grammar *g, const char *path, hd_place place);

/* grammar_vary.c: KEY: values. `forms`: which of the three groups of forms are allowed. */
typedef enum hd_vary_group { HD_VARY_GRID, HD_VARY_OVER, HD_VARY_SAMPLE } hd_vary_group;
hd_status hd_grammar_varies(hd_grammar *g, const hd_node *map, const char *what, const char *skip, hd_vary_group group,
                            hd_varies *out);

#endif
