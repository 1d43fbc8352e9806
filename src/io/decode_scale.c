/* Quantities with units in a declared dimensionless system whose scale is given: the parameters marked HD_SCALE are its unit
 * of length and of mass, and G = 1 makes that of time, sqrt(L^3/(G M)). */
#include "io/decoder.h"

#include <math.h>
#include <string.h>

enum { METRE, KILOGRAM, SECOND, SCALES, RADIAN = 6 };

static const double gravity =
    6.6743e-11; /* m3/(kg s2), CODATA 2018, which the solar mass of the list of units goes with */

static void find_scales(const hd_param *list, const hd_node *node, hd_scale scale[SCALES], int depth) {
  for (const hd_param *p = list; p && depth < 4 && !hd_param_end(p); p++) {
    hd_unit unit, found;
    const char *at;
    double value;
    const hd_node *own = p->key ? hd_node_get(node, p->key) : NULL;
    if (p->kind == HD_GROUP) find_scales(p->sub, own, scale, depth + 1);
    if (!(p->flags & HD_SCALE) || !own || own->kind != HD_NODE_SCALAR || !hd_unit_read(p->unit, &unit, &at)) continue;
    if (hd_quantity_read(own->text, &unit, false, &value, &found, &at) != HD_QUANTITY_OK) continue;
    for (int axis = METRE; axis <= KILOGRAM; axis++)
      if (unit.power[axis] == 1) scale[axis] = (hd_scale){value, p->unit};
  }
}

static double in_plain(const hd_scale *scale, const char *plain) {
  hd_unit from, to;
  const char *at;
  bool fine = hd_unit_read(scale->unit, &from, &at) && hd_unit_read(plain, &to, &at);
  return fine ? hd_unit_convert(scale->value, &from, &to) : 0;
}

void hd_decode_find_scale(hd_decoder *d) {
  for (int t = 0; t < d->count; t++) find_scales(d->tables[t].params, d->root, d->scale, 0);
  if (!d->scale[METRE].unit || !d->scale[KILOGRAM].unit) return;
  double length = in_plain(&d->scale[METRE], "m"), mass = in_plain(&d->scale[KILOGRAM], "kg");
  d->scaled = length > 0 && mass > 0;
  d->scale[SECOND] = (hd_scale){sqrt(length * length * length / (gravity * mass)), "s"};
}

bool hd_decode_scaled(const hd_decoder *d, const hd_unit *unit, int count, double *value) {
  double one = 1;
  char text[96] = "";
  size_t used = 0;
  bool angle = true;
  hd_unit own;
  const char *at;
  for (int axis = 0; axis < HD_UNIT_AXES; axis++) {
    int power = unit->power[axis]; /* NOLINT(bugprone-signed-char-misuse): it has a sign */
    if (axis == RADIAN && power) used += hd_words(text + used, sizeof text - used, "%srad^%d", used ? " " : "", power);
    if (axis == RADIAN || !power) continue;
    if (axis >= SCALES || !d->scaled) return false;
    angle = false;
    for (int k = 0; k < power; k++) one *= d->scale[axis].value;
    for (int k = 0; k < -power; k++) one /= d->scale[axis].value;
    used += hd_words(text + used, sizeof text - used, "%s%s^%d", used ? " " : "", d->scale[axis].unit, power);
  }
  if (angle) return true;
  if (!hd_unit_read(text, &own, &at) || !hd_unit_same_kind(&own, unit)) return false;
  for (int i = 0; i < count; i++) value[i] = hd_unit_convert(value[i], unit, &own) / one;
  return true;
}

static size_t add_keys(const hd_param *list, const char *above, char *out, size_t used, int depth) {
  for (const hd_param *p = list; p && depth < 4 && !hd_param_end(p); p++) {
    if (p->kind == HD_GROUP && p->key) used = add_keys(p->sub, p->key, out, used, depth + 1);
    if (!(p->flags & HD_SCALE)) continue;
    used += hd_words(out + used, HD_WORDS - used, "%s%s%s%s", used ? " and " : "", above, *above ? "." : "", p->key);
  }
  return used;
}

void hd_words_scale(const hd_decoder *d, char out[HD_WORDS]) {
  size_t used = 0;
  out[0] = 0;
  for (int t = 0; t < d->count; t++) used = add_keys(d->tables[t].params, "", out, used, 0);
}
