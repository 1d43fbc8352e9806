/* How a study's members lie: the keys that vary, in the units the scenario gives them in, and the axes of its grid.
 *
 * A point is one combination of the grid's values; its members, `each` of them one behind the other, differ by sample and
 * repeat alone: member = point * each + k. Points run over the axes, the last one fastest.
 */
#ifndef HD_STUDY_LATTICE_H
#define HD_STUDY_LATTICE_H

#include "base/units.h"
#include "study/members/members.h"

enum { HD_LATTICE_KEYS = 64, HD_LATTICE_LABEL = 128 };

typedef struct hd_lattice_key {
  const char *path;
  const char *doc;    /* its label, else the parameter's text up to its first stop: "length of the road" */
  const char *text_of; /* the parameter's whole text */
  bool        labelled;
  const char *unit;   /* of the numbers below; "1": none */
  bool        number; /* its values are numbers; else texts */
  bool        whole;  /* whole numbers */
  bool        log;    /* spaced in equal ratios, or drawn so */
  bool        sampled, repeated;
  int64_t     stride, count;
  const char *const *text; /* [count]: values as written, NULL in a range of more than 1000; NULL: sampled or repeated */
  const double *value;     /* [count]: values as numbers; NULL with text */
  hd_unit     from, to;    /* parameter's unit, unit of the numbers */
} hd_lattice_key;

typedef struct hd_lattice_axis {
  int64_t key[HD_LATTICE_KEYS]; /* those that advance together along it; the first names it */
  int64_t keys, count, stride; /* stride: in points */
} hd_lattice_axis;

typedef struct hd_lattice {
  const hd_members *members;
  hd_lattice_key key[HD_LATTICE_KEYS];
  hd_lattice_axis axis[HD_LATTICE_KEYS];
  int64_t keys, axes;
  int64_t points, each; /* points * each members */
  int64_t samples, repeats; /* each = samples * repeats */
} hd_lattice;

/* Texts and numbers live in the arena; the members must live as long. */
hd_status hd_lattice_read(hd_arena *arena, const hd_members *members, const hd_study_spec *spec, hd_lattice *out);

/* The number of a key in member i, in key->unit; NaN: it is a text. */
double hd_lattice_number(const hd_lattice *lattice, int64_t key, int64_t member);
/* The value as people read it: "80 veh/km", "muscl". */
void hd_lattice_print(const hd_lattice *lattice, int64_t key, int64_t member, hd_text *out);

/* A parameter's or measure's text up to its first stop. */
void hd_lattice_words(const char *doc, char *out, size_t room);

/* What a key is called in tables: its label, else its path. */
static inline const char *hd_lattice_name(const hd_lattice_key *key) { return key->labelled ? key->doc : key->path; }

/* And in titles: its text, unless that is long. */
const char *hd_lattice_title(const hd_lattice_key *key);

/* "length of the road (road.length)", or the path alone where that is too long for an axis. */
void hd_lattice_label(const hd_lattice_key *key, char label[HD_LATTICE_LABEL]);

#endif
