/* Numbers as text, independent of the locale.
 *
 * A double is printed with the fewest of 15, 16 or 17 digits that read back to the same bits. Reading is correctly
 * rounded; a power of ten can be added to the text's own, so that "8.3" in mm and "0.0083" in m give the same bits.
 */
#ifndef HD_BASE_NUMBER_H
#define HD_BASE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HD_NUMBER_ROOM = 32 };

/* Writes value, ended by 0, and returns the length: "0.1", "1e-10", "nan", "inf", "-inf". */
size_t hd_number_print(double value, char out[HD_NUMBER_ROOM]);

/* The nearest number of 15 significant digits: what is written into files then reads back to the same bits. */
double hd_short_number(double value);

/* Reads the decimal number that text begins with (no spaces before it; no inf, nan or hexadecimal form) times ten to the
 * power `ten`. Returns the characters used; 0: none. Too large a number reads as infinity. */
size_t hd_number_read(const char *text, int ten, double *value);

/* The whole text is one whole number: "170", "-3", "1e6", "2.5e3"; false if it is none or does not fit (*fits). */
bool hd_integer_read(const char *text, int64_t *value, bool *fits);

#endif
