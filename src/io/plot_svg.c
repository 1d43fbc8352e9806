/* gnuplot's SVG made fit for pages: black becomes the colour of the surrounding text, empty groups and unused definitions go,
 * names become unique. Reads gnuplot's output, or what this function made of it, line by line; texts of users are escaped in
 * it and pass unchanged. */
#include "base/number.h"
#include "io/plot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char canvas[] = "<g id=\"gnuplot_canvas\">"; /* the picture begins, in gnuplot's file and in ours */

typedef struct line {
  const char *at;
  size_t length;
} line;

static bool next_line(const char **rest, line *out) {
  if (!**rest) return false;
  const char *end = strchr(*rest, '\n');
  *out = (line){*rest, end ? (size_t)(end - *rest) : strlen(*rest)};
  *rest += out->length + (end ? 1 : 0);
  while (out->length && (*out->at == ' ' || *out->at == '\t')) out->at++, out->length--;
  return true;
}

static bool begins(line l, const char *with) {
  return l.length >= strlen(with) && memcmp(l.at, with, strlen(with)) == 0;
}

/* What is rewritten inside tags; %s in `to` is the id of the picture. */
static const struct {
  const char *from, *to;
} rewritten[] = {
    {"color=\"black\" ", ""},
    {"=\"black\"", "=\"currentColor\""},
    {"='black'", "='currentColor'"},
    {"=\"rgb(0,0,0)\"", "=\"currentColor\""},
    {"=\"rgb(  0,   0,   0)\"", "=\"currentColor\""},
    {"= 'rgb(  0,   0,   0)'", "='currentColor'"},
    {"='rgb(  0,   0,   0)'", "='currentColor'"},
    {"=\"sans-serif:Bold\"", "=\"sans-serif\" font-weight=\"bold\""},
    {"id='gp", "id='%sgp"},
    {"'#gp", "'#%sgp"},
    {"<image x=", "<image style='image-rendering:pixelated' x="},
};

/* `tag`: inside one, also from line to line. */
static void rewrite(hd_text *out, line l, const char *id, bool *tag) {
  for (size_t i = 0; i < l.length;) {
    if (l.at[i] == '<') *tag = true;
    if (l.at[i] == '>' && !*tag) { /* of a text: gnuplot leaves it, XML forbids "]]>" */
      hd_print(out, "&gt;");
      i++;
      continue;
    }
    if (l.at[i] == '>') *tag = false;
    size_t k = 0, count = *tag ? sizeof rewritten / sizeof *rewritten : 0;
    while (k < count && !begins((line){l.at + i, l.length - i}, rewritten[k].from)) k++;
    if (k >= count) {
      hd_text_add(out, l.at + i++, 1);
      continue;
    }
    const char *to = rewritten[k].to, *mark = strstr(to, "%s");
    if (mark) hd_print(out, "%.*s%s%s", (int)(mark - to), to, id, mark + 2);
    else hd_print(out, "%s", to);
    i += strlen(rewritten[k].from);
  }
  hd_print(out, "\n");
}

static void head(hd_text *out, const char *svg, const char *title, const char *id) {
  static const char size[] = "viewBox=\"0 0 ";
  const char *box = strstr(svg, size);
  char *end = NULL;
  long width = box ? strtol(box + strlen(size), &end, 10) : 0, height = box ? strtol(end, NULL, 10) : 0;
  if (!id) hd_print(out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
  hd_print(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" role=\"img\" ");
  hd_print(out, "width=\"%ld\" height=\"%ld\" ", width, height);
  hd_print(out, "viewBox=\"0 0 %ld %ld\">\n", width, height);
  if (!id)
    hd_print(out,
             "<style>:root{color-scheme:light dark;color:#1c1e21;background:#fff}\n"
             "@media (prefers-color-scheme:dark){:root{color:#e3e6ea;background:#14171b}%s}</style>\n",
             hd_plot_night);
  if (title && title[0]) {
    hd_print(out, "<title>");
    hd_plot_escape(out, title);
    hd_print(out, "</title>\n");
  }
}

/* Definitions of point shapes: those that the picture uses, and those they are made of (gpPt5 to gpPt12). */
static bool wanted(line l, const char *svg) {
  char use[32];
  const char *id = memmem(l.at, l.length, "id='", 4), *end = id ? memchr(id + 4, '\'', 16) : NULL;
  if (!end) return false;
  snprintf(use, sizeof use, "'#%.*s'", (int)(end - id - 4), id + 4);
  for (const char *at = svg; (at = strstr(at, use)) != NULL; at++)
    if (at < l.at || at >= l.at + l.length) return true;
  return false;
}

/* A full point of one colour: where, how large. A crowd of them becomes one path of dots, a tenth of gnuplot's words. */
typedef struct dot {
  line place, size, colour;
} dot;

static bool between(line *rest, const char *before, const char *after, line *out) {
  if (!begins(*rest, before)) return false;
  const char *at = rest->at + strlen(before);
  const char *end = memmem(at, rest->length - strlen(before), after, strlen(after));
  if (!end) return false;
  *out = (line){at, (size_t)(end - at)};
  *rest = (line){end, rest->length - (size_t)(end - rest->at)};
  return true;
}

static bool dot_of(line l, dot *out) {
  return between(&l, "<use xlink:href='#gpPt6' transform='translate(", ")", &out->place) &&
         between(&l, ") scale(", ")", &out->size) && between(&l, ")' color='", "'", &out->colour) && l.length == 3;
}

static bool same(line a, line b) { return a.length == b.length && memcmp(a.at, b.at, a.length) == 0; }

/* Ends the path of `last`, if there is one, begins that of `now`, if there is one, and adds `now` to it. */
static void put_dot(hd_text *out, const dot *last, const dot *now) {
  bool on = last && now && same(last->size, now->size) && same(last->colour, now->colour);
  if (last && !on) hd_print(out, "'/>\n");
  if (!now) return;
  if (!on) {
    double radius = 0;
    hd_number_read(now->size.at, 0, &radius);
    bool text = same(now->colour, (line){"rgb(  0,   0,   0)", 18});
    hd_print(out, "<path fill='none' stroke-linecap='round' stroke='%.*s' stroke-width='",
             text ? 12 : (int)now->colour.length, text ? "currentColor" : now->colour.at);
    hd_plot_number(out, 2.222 * radius, 4);
    hd_print(out, "' d='");
  }
  hd_print(out, "M%.*sh0", (int)now->place.length, now->place.at);
}

void hd_plot_svg(hd_text *out, const char *svg, const char *title, const char *id) {
  const char *rest = strstr(svg, canvas);
  line l, pending = {0};
  dot last = {0}, now = {0};
  bool defs = false, filter = false, tag = false, dotted = false;
  head(out, svg, title, id);
  while (rest && next_line(&rest, &l)) {
    bool is_dot = !tag && dot_of(l, &now);
    if (pending.at && is_dot) rewrite(out, pending, id ? id : "", &tag), pending.at = NULL;
    if (is_dot || dotted) put_dot(out, dotted ? &last : NULL, is_dot ? &now : NULL);
    dotted = is_dot;
    last = now;
    if (is_dot) continue;
    if (begins(l, "<defs>")) defs = true;
    if (begins(l, "<filter")) filter = true;
    bool drop = !l.length || filter || begins(l, "<rect x=\"0\" y=\"0\"") ||
                (defs && begins(l, "<") && memmem(l.at, l.length, "id='gp", 6) && !wanted(l, svg));
    if (begins(l, "</defs>")) defs = false;
    if (begins(l, "</filter>")) filter = false;
    if (drop) continue;
    if (pending.at && begins(l, "</g>") && l.length == 4) { /* nothing in it */
      pending.at = NULL;
      continue;
    }
    if (pending.at) rewrite(out, pending, id ? id : "", &tag);
    pending.at = NULL;
    if (begins(l, canvas) && !id) hd_print(out, "%s\n", canvas);
    else if (begins(l, "<g id=")) hd_print(out, "<g>\n");
    else if (begins(l, "<g fill=\"none\" color=") && l.at[l.length - 1] == '>') pending = l;
    else rewrite(out, l, id ? id : "", &tag);
  }
}
