/* The list of units, and quantities read through it.
 *
 * Constants: pc = 648000/pi AU (IAU 2015 B2), AU = 149597870700 m (IAU 2012 B2), ly and the Julian year of 365.25 d (IAU),
 * Msun = 1.3271244e20 m3/s2 (IAU 2015 B3) over G = 6.6743e-11 m3/(kg s2) (CODATA 2018), e = 1.602176634e-19 C (SI).
 */
#include "base/units.h"

#include "base/nearest.h"
#include "base/number.h"

#include <ctype.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

/* clang-format off */
#define NONE {0}
#define LENGTH {1}
#define MASS {0, 1}
#define TIME {0, 0, 1}
#define CURRENT {0, 0, 0, 1}
#define TEMPERATURE {0, 0, 0, 0, 1}
#define AMOUNT {0, 0, 0, 0, 0, 1}
#define ANGLE {0, 0, 0, 0, 0, 0, 1}
#define VEHICLES {0, 0, 0, 0, 0, 0, 0, 1}
#define BYTES {0, 0, 0, 0, 0, 0, 0, 0, 1}
#define RATE {0, 0, -1}
#define CHARGE {0, 0, 1, 1}
#define VOLTAGE {2, 1, -3, -1}
#define RESISTANCE {2, 1, -3, -2}
#define CONDUCTANCE {-2, -1, 3, 2}
#define CAPACITANCE {-2, -1, 4, 2}
#define ENERGY {2, 1, -2}
#define POWER {2, 1, -3}
#define FORCE {1, 1, -2}
#define PRESSURE {-1, 1, -2}
#define DOSE {2, 0, -2}
#define VOLUME {3}
#define FIELD {0, 1, -2, -1}
/* clang-format on */

typedef struct named {
  const char *name;
  signed char power[HD_UNIT_AXES];
  double num;
  int ten;
  double den;
  int pi;
} named;

/* clang-format off */
/* clang-format off */
static const named units[] = {
  {"1", NONE, 1, 0, 1, 0}, {"%", NONE, 1, -2, 1, 0},
  {"m", LENGTH, 1, 0, 1, 0}, {"km", LENGTH, 1, 3, 1, 0}, {"cm", LENGTH, 1, -2, 1, 0}, {"mm", LENGTH, 1, -3, 1, 0},
  {"um", LENGTH, 1, -6, 1, 0}, {"nm", LENGTH, 1, -9, 1, 0}, {"AU", LENGTH, 1495978707, 2, 1, 0},
  {"au", LENGTH, 1495978707, 2, 1, 0},
  {"pc", LENGTH, 1495978707.0 * 648000, 2, 1, -1}, {"kpc", LENGTH, 1495978707.0 * 648000, 5, 1, -1},
  {"Mpc", LENGTH, 1495978707.0 * 648000, 8, 1, -1}, {"ly", LENGTH, 94607304725808, 2, 1, 0},
  {"s", TIME, 1, 0, 1, 0}, {"ms", TIME, 1, -3, 1, 0}, {"us", TIME, 1, -6, 1, 0}, {"ns", TIME, 1, -9, 1, 0},
  {"min", TIME, 60, 0, 1, 0}, {"h", TIME, 3600, 0, 1, 0}, {"d", TIME, 86400, 0, 1, 0}, {"yr", TIME, 31557600, 0, 1, 0},
  {"kyr", TIME, 31557600, 3, 1, 0}, {"Myr", TIME, 31557600, 6, 1, 0}, {"Gyr", TIME, 31557600, 9, 1, 0},
  {"kg", MASS, 1, 0, 1, 0}, {"g", MASS, 1, -3, 1, 0}, {"mg", MASS, 1, -6, 1, 0}, {"ug", MASS, 1, -9, 1, 0},
  {"Msun", MASS, 1988409870698051, 15, 1, 0},
  {"rad", ANGLE, 1, 0, 1, 0}, {"mrad", ANGLE, 1, -3, 1, 0}, {"deg", ANGLE, 1, 0, 180, 1},
  {"arcmin", ANGLE, 1, 0, 10800, 1}, {"arcsec", ANGLE, 1, 0, 648000, 1}, {"mas", ANGLE, 1, -3, 648000, 1},
  {"uas", ANGLE, 1, -6, 648000, 1},
  {"veh", VEHICLES, 1, 0, 1, 0},
  {"A", CURRENT, 1, 0, 1, 0}, {"mA", CURRENT, 1, -3, 1, 0}, {"uA", CURRENT, 1, -6, 1, 0}, {"nA", CURRENT, 1, -9, 1, 0},
  {"pA", CURRENT, 1, -12, 1, 0},
  {"V", VOLTAGE, 1, 0, 1, 0}, {"mV", VOLTAGE, 1, -3, 1, 0}, {"uV", VOLTAGE, 1, -6, 1, 0}, {"kV", VOLTAGE, 1, 3, 1, 0},
  {"MV", VOLTAGE, 1, 6, 1, 0},
  {"C", CHARGE, 1, 0, 1, 0}, {"uC", CHARGE, 1, -6, 1, 0}, {"nC", CHARGE, 1, -9, 1, 0}, {"pC", CHARGE, 1, -12, 1, 0},
  {"ohm", RESISTANCE, 1, 0, 1, 0}, {"Ohm", RESISTANCE, 1, 0, 1, 0}, {"kohm", RESISTANCE, 1, 3, 1, 0},
  {"kOhm", RESISTANCE, 1, 3, 1, 0}, {"Mohm", RESISTANCE, 1, 6, 1, 0}, {"MOhm", RESISTANCE, 1, 6, 1, 0},
  {"S", CONDUCTANCE, 1, 0, 1, 0}, {"mS", CONDUCTANCE, 1, -3, 1, 0}, {"uS", CONDUCTANCE, 1, -6, 1, 0},
  {"nS", CONDUCTANCE, 1, -9, 1, 0}, {"pS", CONDUCTANCE, 1, -12, 1, 0},
  {"F", CAPACITANCE, 1, 0, 1, 0}, {"uF", CAPACITANCE, 1, -6, 1, 0}, {"nF", CAPACITANCE, 1, -9, 1, 0},
  {"pF", CAPACITANCE, 1, -12, 1, 0},
  {"K", TEMPERATURE, 1, 0, 1, 0}, {"degC", TEMPERATURE, 1, 0, 1, 0},
  {"mol", AMOUNT, 1, 0, 1, 0}, {"mmol", AMOUNT, 1, -3, 1, 0}, {"umol", AMOUNT, 1, -6, 1, 0},
  {"Hz", RATE, 1, 0, 1, 0}, {"kHz", RATE, 1, 3, 1, 0}, {"MHz", RATE, 1, 6, 1, 0},
  {"J", ENERGY, 1, 0, 1, 0}, {"kJ", ENERGY, 1, 3, 1, 0}, {"eV", ENERGY, 1602176634, -28, 1, 0},
  {"keV", ENERGY, 1602176634, -25, 1, 0}, {"MeV", ENERGY, 1602176634, -22, 1, 0}, {"GeV", ENERGY, 1602176634, -19, 1, 0},
  {"N", FORCE, 1, 0, 1, 0}, {"W", POWER, 1, 0, 1, 0}, {"mW", POWER, 1, -3, 1, 0}, {"Pa", PRESSURE, 1, 0, 1, 0},
  {"kPa", PRESSURE, 1, 3, 1, 0}, {"bar", PRESSURE, 1, 5, 1, 0}, {"Gy", DOSE, 1, 0, 1, 0}, {"cGy", DOSE, 1, -2, 1, 0},
  {"mGy", DOSE, 1, -3, 1, 0}, {"T", FIELD, 1, 0, 1, 0}, {"l", VOLUME, 1, -3, 1, 0}, {"L", VOLUME, 1, -3, 1, 0},
  {"B", BYTES, 1, 0, 1, 0}, {"kB", BYTES, 1, 3, 1, 0}, {"MB", BYTES, 1, 6, 1, 0}, {"GB", BYTES, 1, 9, 1, 0},
  {"TB", BYTES, 1, 12, 1, 0}, {"KiB", BYTES, 1024, 0, 1, 0}, {"MiB", BYTES, 1048576, 0, 1, 0},
  {"GiB", BYTES, 1073741824, 0, 1, 0}, {"TiB", BYTES, 1099511627776, 0, 1, 0},
  {"mM", {-3, 0, 0, 0, 0, 1}, 1, 0, 1, 0}, {"uM", {-3, 0, 0, 0, 0, 1}, 1, -3, 1, 0},
};
/* clang-format on */
enum { UNITS = sizeof units / sizeof units[0] };

typedef struct kind {
  signed char power[HD_UNIT_AXES];
  const char *name, *example;
} kind;

/* clang-format off */
static const kind kinds[] = {
  {NONE, "number", "0.5"}, {LENGTH, "length", "5 mm"}, {TIME, "time", "2 s"}, {MASS, "mass", "70 kg"},
  {ANGLE, "angle", "30 deg"}, {VEHICLES, "number of vehicles", "20 veh"}, {CURRENT, "current", "60 uA"},
  {VOLTAGE, "voltage", "-70 mV"}, {CHARGE, "charge", "30 nC"}, {RESISTANCE, "resistance", "5 kohm"},
  {CONDUCTANCE, "conductance", "10 nS"}, {CAPACITANCE, "capacitance", "100 pF"}, {TEMPERATURE, "temperature", "37 degC"},
  {AMOUNT, "amount of substance", "1 mol"}, {RATE, "rate", "50 Hz"}, {BYTES, "size", "4 GiB"}, {ENERGY, "energy", "150 MeV"},
  {FORCE, "force", "1 N"}, {POWER, "power", "1 W"}, {PRESSURE, "pressure", "1 bar"},
  {DOSE, "dose or squared speed", "2 Gy"}, {FIELD, "magnetic field", "1 T"}, {VOLUME, "volume", "1 mm3"},
  {{2}, "area", "1 mm2"}, {{1, 0, -1}, "speed", "72 km/h"}, {{1, 0, -2}, "acceleration", "1 m/s2"},
  {{-1, 0, 0, 0, 0, 0, 0, 1}, "density of vehicles", "20 veh/km"}, {{0, 0, -1, 0, 0, 0, 0, 1}, "flow of vehicles", "900 veh/h"},
  {{-3, 1}, "mass density", "1 g/cm3"}, {{-2, 1}, "mass per area", "1 g/cm2"}, {{0, 0, -1, 0, 0, 0, 1}, "angular speed", "1 rad/s"},
  {{-1}, "number per length", "1 1/mm"}, {{-2}, "number per area", "100 1/mm2"}, {{-3}, "number per volume", "100 1/mm3"},
  {{-4, -1, 3, 2}, "conductance per area", "0.1 S/cm2"}, {{-3, -1, 3, 2}, "conductivity", "0.3 S/m"},
  {{-4, -1, 4, 2}, "capacitance per area", "1 uF/cm2"}, {{3, 1, -3, -2}, "resistivity", "70 ohm cm"},
  {{-2, 0, 0, 1}, "current per area", "1 mA/cm2"}, {{1, 1, -3, -1}, "electric field", "10 V/m"},
  {{-3, 0, 0, 0, 0, 1}, "concentration", "150 mM"}, {{1, 1, -2}, "force", "1 N"},
};
/* clang-format on */
/* clang-format on */
enum { KINDS = sizeof kinds / sizeof kinds[0] };

static const double exact = 9007199254740992.0; /* 2^53 */

static double common_divisor(double a, double b) {
  uint64_t x = (uint64_t)a, y = (uint64_t)b;
  while (y) {
    uint64_t r = x % y;
    x = y;
    y = r;
  }
  return (double)x;
}

static bool whole(double x) { return x >= 1 && x <= exact && floor(x) == x; }

/* Lowest terms, and powers of ten where they cost no rounding. */
static void reduce(hd_unit *u) {
  if (!whole(u->num) || !whole(u->den)) return;
  double d = common_divisor(u->num, u->den);
  u->num /= d;
  u->den /= d;
  for (; fmod(u->num, 10) == 0; u->ten++) u->num /= 10;
  for (; fmod(u->den, 10) == 0; u->ten--) u->den /= 10;
}

static void multiply(hd_unit *u, const named *by, int times) {
  for (int i = 0; i < HD_UNIT_AXES; i++) u->power[i] = (signed char)(u->power[i] + times * by->power[i]);
  u->ten += times * by->ten;
  u->pi += times * by->pi;
  for (int k = 0; k < (times < 0 ? -times : times); k++) {
    u->num *= times < 0 ? by->den : by->num;
    u->den *= times < 0 ? by->num : by->den;
    reduce(u);
  }
}

static const named *find(const char *name, size_t length) {
  for (int i = 0; i < UNITS; i++)
    if (strlen(units[i].name) == length && !memcmp(units[i].name, name, length)) return &units[i];
  return NULL;
}

static bool is_kind(const named *unit, const hd_unit *like) {
  return unit->name[0] != '1' && unit->name[0] != '%' &&
         (!like || !memcmp(unit->power, like->power, sizeof unit->power));
}

const char *hd_unit_nearest(const char *name, size_t length, const hd_unit *like) {
  hd_nearest n;
  hd_nearest_begin(&n, name, length);
  for (int i = 0; i < UNITS; i++)
    if (is_kind(&units[i], like)) hd_nearest_try(&n, units[i].name, strlen(units[i].name));
  return n.best;
}

void hd_unit_names(const hd_unit *like, char *out, size_t room) {
  size_t used = 0;
  out[0] = 0;
  for (int i = 0; i < UNITS; i++) {
    size_t n = strlen(units[i].name);
    if (!is_kind(&units[i], like) || used + n + 3 > room) continue;
    if (used) memcpy(out + used, ", ", 2), used += 2;
    memcpy(out + used, units[i].name, n + 1);
    used += n;
  }
}

/* A letter's name with its power: "m", "cm2", "s^-1". Returns the end, or NULL. */
static const char *factor(const char *at, bool below, hd_unit *u, int *degrees) {
  const char *name = at;
  if (*at == '1' || *at == '%') at++;
  else
    while (isalpha((unsigned char)*at)) at++;
  const named *found = at > name ? find(name, (size_t)(at - name)) : NULL;
  if (!found) return NULL;
  if (!strcmp(found->name, "degC")) ++*degrees;
  int power = 1, sign = 1;
  const char *digits = at;
  if (*digits == '^') digits++;
  if (digits > at && *digits == '-') sign = -1, digits++;
  if (isdigit((unsigned char)*digits) && !isdigit((unsigned char)digits[1]) && *name != '1') {
    power = sign * (*digits - '0');
    at = digits + 1;
  } else if (digits > at) return NULL;
  for (int i = 0; i < HD_UNIT_AXES; i++) {
    int sum = u->power[i] + (below ? -power : power) * found->power[i];
    if (sum < -60 || sum > 60) return NULL;
  }
  multiply(u, found, below ? -power : power);
  return at;
}

bool hd_unit_read(const char *text, hd_unit *unit, const char **at) {
  bool below = false;
  int names = 0, degrees = 0;
  *unit = (hd_unit){.num = 1, .den = 1};
  *at = text;
  while (isspace((unsigned char)**at)) ++*at;
  if (!**at) return true;
  for (;;) {
    const char *end = names < 12 ? factor(*at, below, unit, &degrees) : NULL;
    if (!end) return false;
    names++;
    const char *here = *at;
    *at = end;
    while (**at == ' ') ++*at;
    below = **at == '/';
    if (below || **at == '*') ++*at;
    while (**at == ' ') ++*at;
    if (!**at && !below) break;
    if (*at == end) return *at = here, false; /* "5m": two names without a space between */
  }
  if (degrees && names > 1) return *at = text, false;
  unit->zero = degrees ? 273.15 : 0;
  return true;
}

bool hd_unit_same_kind(const hd_unit *a, const hd_unit *b) { return !memcmp(a->power, b->power, sizeof a->power); }

bool hd_unit_is_none(const hd_unit *unit) {
  const hd_unit none = {.num = 1};
  return hd_unit_same_kind(unit, &none);
}

static const kind *kind_of(const hd_unit *unit) {
  for (int i = 0; i < KINDS; i++)
    if (!memcmp(kinds[i].power, unit->power, sizeof unit->power)) return &kinds[i];
  return NULL;
}

const char *hd_unit_kind(const hd_unit *unit) {
  const kind *k = kind_of(unit);
  return k ? k->name : NULL;
}

const char *hd_unit_example(const hd_unit *unit) {
  const kind *k = kind_of(unit);
  return k ? k->example : NULL;
}

/* What a number in `from` is multiplied with to be one in `to`. */
static hd_unit ratio(const hd_unit *from, const hd_unit *to) {
  hd_unit r = {.num = from->num, .den = from->den, .ten = from->ten - to->ten, .pi = from->pi - to->pi};
  double a = to->den, b = to->num;
  if (whole(r.num) && whole(r.den) && whole(a) && whole(b)) { /* cancel across before multiplying */
    double d = common_divisor(r.num, b), e = common_divisor(a, r.den);
    r.num /= d;
    b /= d;
    a /= e;
    r.den /= e;
  }
  r.num *= a;
  r.den *= b;
  reduce(&r);
  return r;
}

static double apply(double value, const hd_unit *r) {
  static const double pi = 3.14159265358979323846;
  if (r->num != 1) value *= r->num;
  for (int k = 0; k < r->pi; k++) value *= pi;
  for (int k = 0; k < -r->pi; k++) value /= pi;
  return r->den != 1 ? value / r->den : value;
}

double hd_unit_convert(double value, const hd_unit *from, const hd_unit *to) {
  char text[HD_NUMBER_ROOM];
  if (!isfinite(value)) return value;
  hd_unit r = ratio(from, to);
  if (from->zero != to->zero) value += from->zero;
  if (r.ten) {
    hd_number_print(value, text);
    hd_number_read(text, r.ten, &value);
  }
  value = apply(value, &r);
  return from->zero != to->zero ? value - to->zero : value;
}

hd_quantity_fault hd_quantity_read(const char *text, const hd_unit *to, bool bare, double *value, hd_unit *found,
                                   const char **at) {
  int count;
  hd_quantity_fault fault = hd_quantities_read(text, to, bare, value, 1, &count, found, at);
  if (fault == HD_QUANTITY_OK && count != 1) return HD_QUANTITY_NO_NUMBER;
  return fault;
}

/* A number ends where a space, the end or a unit begins: "5mm" is read, "5.3.1" is not. */
static bool ends_number(const char *at) { return !*at || *at == ' ' || *at == '%' || isalpha((unsigned char)*at); }

/* "1/mm" after numbers is a unit: a 1 that a slash follows. */
static bool begins_number(const char *at) {
  if (*at == '1' && at[1] == '/') return false;
  return isdigit((unsigned char)*at) || ((*at == '-' || *at == '+' || *at == '.') && at[1]);
}

hd_quantity_fault hd_quantities_read(const char *text, const hd_unit *to, bool bare, double *value, int room,
                                     int *count, hd_unit *found, const char **at) {
  double plain;
  *found = (hd_unit){.num = 1, .den = 1};
  *count = 0;
  *at = text;
  const char *unit = text;
  for (;;) {
    while (*unit == ' ') unit++;
    if (*count && !begins_number(unit)) break;
    size_t n = hd_number_read(unit, 0, &plain);
    *at = unit;
    if (!n || !ends_number(unit + n)) return HD_QUANTITY_NO_NUMBER;
    ++*count;
    unit += n;
  }
  *at = unit;
  bool with_unit = *unit != 0;
  if (!with_unit && !bare && !hd_unit_is_none(to)) return HD_QUANTITY_NO_UNIT;
  if (!hd_unit_read(unit, found, at)) return HD_QUANTITY_BAD_UNIT;
  hd_unit r = with_unit || !bare ? ratio(found, to) : (hd_unit){.num = 1, .den = 1};
  if (with_unit && !hd_unit_same_kind(found, to)) return HD_QUANTITY_KIND;
  const char *number = text;
  for (int i = 0; i < *count && i < room; i++) {
    while (*number == ' ') number++;
    bool shift = with_unit && found->zero != to->zero;
    number += hd_number_read(number, shift ? 0 : r.ten, &value[i]);
    if (shift) value[i] = hd_unit_convert(value[i], found, to);
    else value[i] = apply(value[i], &r);
  }
  return HD_QUANTITY_OK;
}
