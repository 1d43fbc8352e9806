/* A tree as YAML. Short groups of scalars stand on one line, everything else in block style. */
#include "io/node.h"

#include <ctype.h>
#include <string.h>

enum { WIDTH = 100 };

/* Text that a YAML reader would take for something else, or not read at all, stands in quotes. */
static bool needs_quotes(const char *text) {
  static const char *const words[] = {"null", "Null", "NULL", "~"};
  if (!*text || strchr("-?:,[]{}#&*!|>'\"%@` \t", *text)) {
    bool number = *text == '-' && (isdigit((unsigned char)text[1]) || text[1] == '.');
    if (!number) return true;
  }
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
    if (!strcmp(text, words[i])) return true;
  for (const char *c = text; *c; c++) {
    if ((unsigned char)*c < ' ' || (unsigned char)*c == 0x7f || strchr(",[]{}", *c)) return true;
    if (*c == ':' && (!c[1] || c[1] == ' ')) return true;
    if (*c == '#' && c > text && c[-1] == ' ') return true;
    if ((unsigned char)*c == 0xe2 && (unsigned char)c[1] == 0x80) return true; /* line separators */
    if ((unsigned char)*c == 0xc2 && (unsigned char)c[1] < 0xa0) return true;  /* C1 controls */
    if ((unsigned char)*c == 0xef && (unsigned char)c[1] == 0xbb) return true; /* byte order mark */
  }
  return text[strlen(text) - 1] == ' ';
}

void hd_node_print_scalar(hd_text *out, const char *text, bool quoted) {
  if (!quoted && !needs_quotes(text)) return hd_text_add(out, text, strlen(text));
  bool looks_like_more = quoted && !needs_quotes(text);
  if (looks_like_more && !isdigit((unsigned char)*text) && !strchr("+-.", *text)) /* quotes that change nothing */
    return hd_text_add(out, text, strlen(text));
  hd_text_add(out, "\"", 1);
  for (const char *c = text; *c; c++) {
    if (*c == '"' || *c == '\\') hd_print(out, "\\%c", *c);
    else if (*c == '\n') hd_text_add(out, "\\n", 2);
    else if (*c == '\t') hd_text_add(out, "\\t", 2);
    else if ((unsigned char)*c < ' ' || *c == 0x7f) hd_print(out, "\\x%02x", (unsigned)(unsigned char)*c);
    else if ((unsigned char)*c == 0xc2 && (unsigned char)c[1] < 0xa0 && c[1])
      hd_print(out, "\\x%02x", (unsigned)(unsigned char)*++c);
    else if ((unsigned char)*c == 0xe2 && (unsigned char)c[1] == 0x80 && ((unsigned char)c[2] | 1) == 0xa9)
      hd_print(out, "\\u20%02x", (unsigned char)c[2] == 0xa8 ? 0x28u : 0x29u), c += 2;
    else if ((unsigned char)*c == 0xef && (unsigned char)c[1] == 0xbb && (unsigned char)c[2] == 0xbf)
      hd_text_add(out, "\\uFEFF", 6), c += 2;
    else hd_text_add(out, c, 1);
  }
  hd_text_add(out, "\"", 1);
}

/* Characters it takes on one line; WIDTH + 1: too many. */
static size_t width_of(const hd_node *node, int depth) {
  size_t width = node->key ? strlen(node->key) + 2 : 0;
  if (node->kind == HD_NODE_SCALAR) width += strlen(node->text) + 2;
  else if (node->kind == HD_NODE_NULL) width += 4;
  else {
    if (depth > 3) return WIDTH + 1;
    width += 2;
    for (const hd_node *c = node->child; c && width <= WIDTH; c = c->next) width += width_of(c, depth + 1) + 2;
  }
  return width > WIDTH ? WIDTH + 1 : width;
}

static void print_flow(hd_text *out, const hd_node *node) {
  if (node->kind == HD_NODE_SCALAR) return hd_node_print_scalar(out, node->text, node->quoted);
  if (node->kind == HD_NODE_NULL) return hd_text_add(out, "null", 4);
  hd_text_add(out, node->kind == HD_NODE_MAP ? "{" : "[", 1);
  for (const hd_node *c = node->child; c; c = c->next) {
    if (c != node->child) hd_text_add(out, ", ", 2);
    if (node->kind == HD_NODE_MAP) {
      hd_node_print_scalar(out, c->key, false);
      hd_text_add(out, ": ", 2);
    }
    print_flow(out, c);
  }
  hd_text_add(out, node->kind == HD_NODE_MAP ? "}" : "]", 1);
}

static void indent(hd_text *out, int depth) { hd_print(out, "%*s", 2 * depth, ""); }

/* Children of a map or list, each on its own line; the first continues the line if `here`. */
static void print_block(hd_text *out, const hd_node *node, int depth, bool here) {
  for (const hd_node *c = node->child; c; c = c->next) {
    bool nested = c->kind == HD_NODE_MAP || c->kind == HD_NODE_LIST;
    bool flow = !nested || !c->count || (depth > 0 && width_of(c, 0) + 2 * (size_t)depth <= WIDTH) || depth > 30;
    if (!here) indent(out, depth);
    here = false;
    if (node->kind == HD_NODE_MAP) {
      hd_node_print_scalar(out, c->key, false);
      hd_text_add(out, ":", 1);
      if (flow) hd_text_add(out, " ", 1), print_flow(out, c), hd_text_add(out, "\n", 1);
      else hd_text_add(out, "\n", 1), print_block(out, c, depth + 1, false);
    } else {
      hd_text_add(out, "- ", 2);
      if (flow) print_flow(out, c), hd_text_add(out, "\n", 1);
      else print_block(out, c, depth + 1, true);
    }
  }
}

void hd_node_print(hd_text *out, const hd_node *node) {
  bool nested = node->kind == HD_NODE_MAP || node->kind == HD_NODE_LIST;
  if (nested && node->count) return print_block(out, node, 0, false);
  print_flow(out, node);
  hd_text_add(out, "\n", 1);
}
