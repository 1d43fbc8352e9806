/* Errors, warnings and facts about a scenario, placed by parameter path or by node; shown all at once, in the order of the
 * file, with line, column and caret (design 6.4).
 *
 * hd_error, hd_warning and hd_fact of heddle/solver.h write into the same notes.
 */
#ifndef HD_IO_NOTES_H
#define HD_IO_NOTES_H

#include "io/node.h"

#include <stdarg.h>

typedef enum hd_note_level { HD_NOTE_ERROR, HD_NOTE_WARNING, HD_NOTE_FACT } hd_note_level;

enum { HD_NOTES_SHOWN = 20 }; /* errors printed; the rest is counted */

typedef struct hd_note {
  hd_note_level level;
  hd_place      place;         /* source NULL: belongs to no line */
  const char   *path;          /* NULL: none */
  const char   *message, *hint; /* hint NULL: none */
  const char   *name, *unit;   /* of a fact */
  double        value;
} hd_note;

hd_status hd_notes_new(hd_ctx *ctx, hd_notes **out);
void      hd_notes_free(hd_notes *notes); /* NULL is allowed */
void      hd_notes_clear(hd_notes *notes); /* none, as when they were new */

/* The tree in which the paths of hd_error are looked up (the nearest ancestor that is in it gives the place), and which
 * source is the user's own file, for what has no place. The notes keep the pointers. */
void hd_notes_root(hd_notes *notes, const hd_node *root);

/* Memory that lives as long as the notes do, and so as the case: for what a check reads and leaves in the parameters. */
hd_arena *hd_notes_arena(hd_notes *notes);

/* A path put together, for hd_error and its like: hd_notes_path("classes.%s.free_speed", name).text */
typedef struct hd_note_path {
  char text[256];
} hd_note_path;
hd_note_path hd_notes_path(const char *fmt, ...) HD_FORMAT(1, 2);

/* Where the value of a path stands; source NULL: it is not in the tree, a default holds. */
hd_place hd_notes_place(const hd_notes *notes, const char *path);

/* At a place. `path` may be NULL. Two errors at one place with one text are one. */
void hd_note_at(hd_notes *notes, hd_note_level level, hd_place place, const char *path, const char *hint, const char *fmt,
                ...) HD_FORMAT(6, 7);
void hd_note_at_v(hd_notes *notes, hd_note_level level, hd_place place, const char *path, const char *hint,
                  const char *fmt, va_list args);

/* A fact in words; the newest text of a name. */
void hd_note_fact(hd_notes *notes, const char *name, const char *text);

int64_t        hd_notes_count(const hd_notes *notes, hd_note_level level); /* all that were noted */
/* The kept notes of a level in the order of their sources and places; at most some thousands are kept. */
const hd_note *hd_notes_get(hd_notes *notes, hd_note_level level, int64_t index); /* NULL: past the end */

/* As people read it: at most HD_NOTES_SHOWN notes of the level and "and N more". Facts: "name: value unit". */
void hd_notes_print(hd_text *out, hd_notes *notes, hd_note_level level);
/* A JSON list of {file, line, column, message, hint}; of facts an object NAME: {value, unit}. */
void hd_notes_print_json(hd_text *out, hd_notes *notes, hd_note_level level);

/* HD_OK if there is no error; else HD_ERR_INPUT, raised with all that hd_notes_print gives. HD_ERR_MEMORY if notes were
 * lost. */
hd_status hd_notes_status(hd_notes *notes);

/* A JSON string in quotes, and a number (null for not-a-number). */
void hd_json_text(hd_text *out, const char *text);
void hd_json_number(hd_text *out, double value);

#endif
