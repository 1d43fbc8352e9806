/* What decoding is made of; for the files decode*.c alone.
 *
 * decode.c walks groups and says what is unknown or missing, decode_scalar.c reads single values,
 * decode_scale.c those of a dimensionless system whose scale is given, decode_many.c lists,
 * named maps, alternatives, variants and schedules, decode_words.c finds the words of an error.
 */
#ifndef HD_IO_DECODER_H
#define HD_IO_DECODER_H

#include "io/decode.h"
#include "io/name_set.h"

enum { HD_DECODE_TABLES = 8, HD_PATH_LENGTH = 1024, HD_WORDS = 320 };

typedef struct hd_base_names { /* names of the map at a path, for HD_REF and `of` */
  const char           *path;
  hd_name_set              names;
  bool                     missing; /* the map must be given and is not, which is told there */
  struct hd_base_names *next;
} hd_base_names;

typedef struct hd_suggested { const char *path; struct hd_suggested *next; } hd_suggested;

typedef struct hd_scale { double value; const char *unit; } hd_scale; /* what is 1 in a dimensionless system */

typedef struct hd_decoder {
  hd_arena       *arena;
  const hd_table *tables;
  int             count;
  const hd_node  *root;   /* NULL: an empty scenario */
  hd_notes       *notes;
  int64_t         errors;
  bool            bare;   /* a declared dimensionless system */
  bool            scaled; /* whose scale is given */
  hd_scale        scale[3]; /* its units of length, mass, time */
  int             depth;
  hd_base_names  *names;
  hd_suggested   *suggested; /* keys that errors about misspelt ones name */
  const hd_param *unit_of; /* whose unit is in `unit` */
  hd_unit         unit;
  size_t          length;  /* of path */
  char            path[HD_PATH_LENGTH];
} hd_decoder;

/* Path of what is being decoded. Returns the length to go back to. */
size_t hd_decode_enter(hd_decoder *d, const char *key);
size_t hd_decode_enter_item(hd_decoder *d, int64_t index);
void   hd_decode_leave(hd_decoder *d, size_t length);

/* decode.c: a value that is there (never null), one that is not, the absent value, a group in several tables. `skip` is
 * the key of a variant; what is missing is noted at `place`. */
hd_status hd_decode_value(hd_decoder *d, const hd_param *p, void *base, const hd_node *node);
hd_status hd_decode_missing(hd_decoder *d, const hd_param *p, void *base, hd_place place, bool excluded);
void      hd_decode_absent(const hd_param *p, void *base);
hd_status hd_decode_groups(hd_decoder *d, const hd_table *parts, int count, const hd_node *node, hd_place place,
                           const char *skip);
hd_status hd_decode_default(hd_decoder *d, const hd_param *p, hd_node **node);
const hd_param *hd_param_bare(const hd_param *group); /* the HD_BARE entry of a group, or NULL */

/* decode_scalar.c */
hd_status      hd_decode_scalar(hd_decoder *d, const hd_param *p, void *at, const hd_node *node);
const hd_unit *hd_decode_unit(hd_decoder *d, const hd_param *p);
bool           hd_decode_real(hd_decoder *d, const hd_param *p, const hd_node *node, double *value);
bool           hd_decode_bool_word(const char *text, bool *value);

/* decode_scale.c: of a dimensionless system. `scaled` makes numbers in this unit those of the system; false: they have a unit
 * that needs a scale, and there is none. */
void hd_decode_find_scale(hd_decoder *d);
bool hd_decode_scaled(const hd_decoder *d, const hd_unit *unit, int count, double *value);
void hd_words_scale(const hd_decoder *d, char out[HD_WORDS]); /* "units.length and units.mass"; "" */

/* decode_many.c */
hd_status hd_decode_list(hd_decoder *d, const hd_param *p, void *base, const hd_node *node);
hd_status hd_decode_named(hd_decoder *d, const hd_param *p, void *base, const hd_node *node, hd_place place);
hd_status hd_decode_either(hd_decoder *d, const hd_param *p, void *base, const hd_node *node);
hd_status hd_decode_variant(hd_decoder *d, const hd_param *p, void *base, const hd_node *node);
hd_status hd_decode_schedule(hd_decoder *d, const hd_param *p, hd_schedule *into, const hd_node *node);
hd_status hd_decode_names(hd_decoder *d, const char *path, const hd_name_set **names);
bool      hd_decode_names_missing(const hd_decoder *d, const char *path);

/* How well a node fits an alternative: 0 not at all, 1 by its shape only, 2 as text or in part, 3 entirely. */
int hd_decode_fit(hd_decoder *d, const hd_param *p, const hd_node *node);

/* decode_words.c */
size_t hd_words(char *out, size_t room, const char *fmt, ...) HD_FORMAT(3, 4); /* what fits; its length */
void hd_decode_error(hd_decoder *d, hd_place place, const char *hint, const char *fmt, ...) HD_FORMAT(4, 5);
void hd_words_example(const hd_unit *unit, const char *name, char out[HD_WORDS]);  /* "5 m", "72 km/h" */
void hd_words_expected(hd_decoder *d, const hd_param *p, char out[HD_WORDS]); /* "a length such as 5 mm" */
void hd_words_label(const hd_decoder *d, char out[HD_WORDS]);                 /* "density of cars", "cells" */
void hd_words_given(const hd_node *node, char out[HD_WORDS]);                 /* "5 kg", "a list", "a map" */
void hd_words_choices(const char *of, char out[HD_WORDS]);                    /* "a, b, c" without later ones */
void hd_words_suggest(const char *name, char out[HD_WORDS]);                  /* "did you mean 'x'?" */
const char *hd_words_nearest_choice(const char *of, const char *word, char out[HD_WORDS]);       /* a hint */
const char *hd_words_nearest_name(const hd_name_set *names, const char *word, char out[HD_WORDS]);  /* a hint, or NULL */

static inline hd_place hd_decode_place(const hd_node *node) { return node->place; }
static inline hd_place hd_decode_key_place(const hd_node *node) { return node->key ? node->key_place : node->place; }

#endif
