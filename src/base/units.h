/* Units: a closed list of names, their products, quotients and powers, and conversion without needless rounding.
 *
 * No prefixes are parsed: m, min, Msun, Gy, Gyr, pc are names. "km/h", "veh/km", "uF/cm2", "m^2", "kg m/s2", "V/m/s" are
 * read from left to right; after "/" one name follows. A unit's factor is kept as num/den times a power of ten times a
 * power of pi, so that 72 km/h is exactly 20 m/s and 8.3 mm has the bits of 0.0083 m.
 */
#ifndef HD_BASE_UNITS_H
#define HD_BASE_UNITS_H

#include <stdbool.h>
#include <stddef.h>

enum { HD_UNIT_AXES = 9 }; /* m kg s A K mol rad veh B */

typedef struct hd_unit {
  signed char power[HD_UNIT_AXES];
  double      num, den;  /* factor to the coherent unit: num/den 10^ten pi^pi; whole numbers below 2^53 where they fit */
  int         ten, pi;
  double      zero;      /* degC alone: 273.15, added after the factor; else 0 */
} hd_unit;

/* Reads the whole text. false: *at is the first character that is not understood. "" and "1" are no unit. */
bool hd_unit_read(const char *text, hd_unit *unit, const char **at);

bool hd_unit_same_kind(const hd_unit *a, const hd_unit *b); /* equal dimensions */
bool hd_unit_is_none(const hd_unit *unit);                  /* dimension 1: also % */

/* What a quantity of this dimension is called, with an example: "a length", "5 mm". NULL name: no word for it. */
const char *hd_unit_kind(const hd_unit *unit);    /* "length", "speed", "mass"; NULL */
const char *hd_unit_example(const hd_unit *unit); /* "5 mm", "72 km/h"; NULL */

/* The name in the list nearest to a misspelt one, of the same kind as `like` (NULL: of any), or NULL. */
const char *hd_unit_nearest(const char *name, size_t length, const hd_unit *like);

/* The names of the list that are of this kind: "m, km, cm, ..."; "" if a unit of this kind has no name of its own. */
void hd_unit_names(const hd_unit *like, char *out, size_t room);

/* A number in one unit as a number in another of the same kind. */
double hd_unit_convert(double value, const hd_unit *from, const hd_unit *to);

typedef enum hd_quantity_fault {
  HD_QUANTITY_OK,
  HD_QUANTITY_NO_NUMBER, /* text does not begin with a number */
  HD_QUANTITY_NO_UNIT,   /* a bare number where a unit is due */
  HD_QUANTITY_BAD_UNIT,  /* *at is what is not understood */
  HD_QUANTITY_KIND       /* *found is a unit of another dimension */
} hd_quantity_fault;

/* "5 mm", "-60 uA", "10 %", "30" into a number in unit `to`; a bare number is right if `to` is no unit, or if `bare`. */
hd_quantity_fault hd_quantity_read(const char *text, const hd_unit *to, bool bare, double *value, hd_unit *found,
                                   const char **at);

/* "11.8 0.79 6.4 kpc": numbers, then one unit for all. *count: how many numbers stand there; at most room are stored. */
hd_quantity_fault hd_quantities_read(const char *text, const hd_unit *to, bool bare, double *value, int room, int *count,
                                     hd_unit *found, const char **at);

#endif
