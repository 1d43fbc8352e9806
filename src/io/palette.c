/* Colours that differ for colour-blind eyes too, on white and on black: Okabe and Ito (2008) without yellow, and viridis
 * (Smith and van der Walt 2015) for colour bars. */
#include "io/plot.h"

#include <string.h>

/* The colour of a mark, and its darker shade for dashed lines, which often lie on the solid one. Black is the colour of the
 * text, on dark pages too. */
static const char *const okabe_ito[] = {"0072B2", "D55E00", "009E73", "CC79A7", "E69F00", "56B4E9", "000000"};
static const char *const shade[] = {"00344F", "6B2F00", "00513B", "7D2F58", "7A5400", "1F5F87", "808080"};
enum { COLOURS = sizeof okabe_ito / sizeof *okabe_ito };

/* gnuplot writes colours with blanks; such a rule is stronger than the attribute that it names. */
#define NIGHT(from, to)                                                                                                \
  "[stroke='rgb(" from ")']{stroke:" to "}[fill='rgb(" from ")']{fill:" to "}[color='rgb(" from ")']{color:" to "}"
const char *const hd_plot_night =
    NIGHT("  0, 114, 178", "#4ba3e3") NIGHT("213,  94,   0", "#f0813a") NIGHT("128, 128, 128", "#8f979f")
        NIGHT("  0,  52,  79", "#b5dcf8") NIGHT("107,  47,   0", "#ffcfae") NIGHT("  0,  81,  59", "#9ae8d0")
            NIGHT("125,  47,  88", "#f3cfe2") NIGHT("122,  84,   0", "#ffe2a6") NIGHT(" 31,  95, 135", "#cbe9fb");

static const char *const whole_ramp =
    "(0 '#440154', 1 '#482475', 2 '#414487', 3 '#355f8d', 4 '#2a788e', 5 '#21918c', 6 '#22a884', 7 '#44bf70', "
    "8 '#7ad151', 9 '#bddf26', 10 '#fde725')";

/* Without the ends, which single points and lines on a dark or a white page are lost in. */
static const char *const ramp_of_marks =
    "(0 '#355f8d', 1 '#2a788e', 2 '#21918c', 3 '#22a884', 4 '#44bf70', 5 '#7ad151', 6 '#bddf26')";

const char *hd_plot_ramp_of(const hd_figure *figure, const hd_panel_of *panel) {
  for (int64_t i = panel->first; i < panel->first + panel->count; i++) {
    const hd_mark *mark = &figure->mark[i];
    if (mark->z && (mark->shape == HD_POINTS || mark->shape == HD_LINE)) return ramp_of_marks;
  }
  return whole_ramp;
}

const char *hd_plot_rgb(int colour, bool dashed) {
  if (colour == HD_PLOT_GREY) return "808080";
  return dashed ? shade[colour % COLOURS] : okabe_ito[colour % COLOURS];
}

int hd_plot_dash(int colour) { return colour == HD_PLOT_GREY ? 0 : colour / COLOURS; }

static bool neutral(const hd_mark *mark) {
  return mark->shape == HD_RULE || mark->shape == HD_IMAGE || (mark->shape == HD_OUTLINE && !mark->label);
}

/* The first mark before this one with the same label and a colour of its own; -1: none. */
static int64_t namesake(const hd_figure *figure, int64_t mark) {
  const char *label = figure->mark[mark].label;
  for (int64_t i = 0; label && i < mark; i++)
    if (figure->mark[i].label && strcmp(figure->mark[i].label, label) == 0 && !neutral(&figure->mark[i])) return i;
  return -1;
}

/* Labels take colours in the order of the figure; marks without label take the next ones, in each panel anew. */
void hd_plot_colours(const hd_figure *figure, int *colour) {
  int labels = 0;
  for (int64_t p = 0; p < figure->panels; p++) {
    int next = labels, solid = HD_PLOT_GREY;
    for (int64_t i = figure->panel[p].first; i < figure->panel[p].first + figure->panel[p].count; i++) {
      const hd_mark *mark = &figure->mark[i];
      int64_t other = neutral(mark) ? -1 : namesake(figure, i);
      if (neutral(mark)) colour[i] = HD_PLOT_GREY;
      else if (other >= 0) colour[i] = colour[other];
      else if (mark->look != HD_SOLID && solid != HD_PLOT_GREY) colour[i] = solid;
      else colour[i] = next++;
      if (mark->label && colour[i] >= labels) labels = colour[i] + 1;
      if (next < labels) next = labels;
      if (mark->look == HD_SOLID && !neutral(mark)) solid = colour[i];
    }
  }
}
