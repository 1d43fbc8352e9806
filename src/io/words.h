/* Words for a parameter's type, for template, reference and schema. */
#ifndef HD_IO_WORDS_H
#define HD_IO_WORDS_H

#include "base/text.h"
#include "io/params.h"

/* "speed [m/s], >= 0", "one of a, b", "map of names", "list", "file". */
void hd_words_type(hd_text *out, const hd_param *p);

/* "a, b, c"; later ones are left out unless `all`. */
void hd_words_add_choices(hd_text *out, const char *of, bool all);

#endif
