#include "io/yaml_text.h"

#include "io/yaml.h"

#include <string.h>

enum { OPEN_BRACKETS = 1000 };

static bool follows(const unsigned char *at, int n) {
  for (int i = 1; i < n; i++)
    if ((at[i] & 0xc0) != 0x80) return false;
  return true;
}

int hd_utf8_length(const unsigned char *at, const unsigned char *end) {
  unsigned char a = at[0];
  if (a < 0x80) return 1;
  int n = a >= 0xc2 && a <= 0xdf ? 2 : a >= 0xe0 && a <= 0xef ? 3 : a >= 0xf0 && a <= 0xf4 ? 4 : 0;
  if (!n || end - at < n || !follows(at, n)) return 0;
  if (a == 0xe0 && at[1] < 0xa0) return 0; /* longer than needed */
  if (a == 0xed && at[1] > 0x9f) return 0; /* surrogates */
  if (a == 0xf0 && at[1] < 0x90) return 0;
  if (a == 0xf4 && at[1] > 0x8f) return 0; /* beyond U+10FFFF */
  return n;
}

typedef struct fault {
  const char *what, *hint;
} fault;

static fault fault_at(const unsigned char *at, const unsigned char *end, bool line_begins) {
  static const fault none = {NULL, NULL};
  static const fault control = {"a control character", "remove it; in text in quotes it is written \\x.."};
  if (*at >= 0x80) {
    int n = hd_utf8_length(at, end);
    if (!n) return (fault){"this byte is not valid UTF-8", "save the file as UTF-8"};
    return *at == 0xc2 && at[1] < 0xa0 && at[1] != 0x85 ? control : none;
  }
  if (*at == '%' && line_begins)
    return (fault){"a line cannot begin with %", "YAML directives are not used in scenarios; text goes in quotes"};
  if ((*at >= ' ' && *at != 0x7f) || *at == '\n' || *at == '\t') return none;
  if (*at == '\r' && at + 1 < end && at[1] == '\n') return none;
  if (*at == '\r') return (fault){"a carriage return without a line feed", "save the file with line feeds"};
  return *at ? control : (fault){"a zero byte", "this is no text file"};
}

const char *hd_yaml_text_fault(const hd_source *source, hd_place *place, const char **hint) {
  const unsigned char *text = (const unsigned char *)source->text, *end = text + source->size, *at = text;
  *place = (hd_place){.source = source, .line = 1, .column = 1, .width = 1};
  *hint = "long tables belong in CSV files";
  const unsigned char *line = at;
  int open = 0; /* also those in text and comments: far more than any scenario has */
  if (source->size > HD_YAML_BYTES) return "the file is too large for a scenario";
  if (end - at >= 3 && !memcmp(at, "\xef\xbb\xbf", 3)) at += 3;
  bool line_begins = true;
  while (at < end) {
    fault f = fault_at(at, end, line_begins);
    *hint = f.hint;
    if (f.what) return f.what;
    open += *at == '[' || *at == '{';
    open -= open > 0 && (*at == ']' || *at == '}');
    if (open > OPEN_BRACKETS) {
      *hint = "a bracket may not be closed";
      return "too many open brackets";
    }
    if (at - line > HD_YAML_LINE) {
      *hint = "break it into several";
      return "this line is too long for a scenario";
    }
    line_begins = *at == '\n';
    if (line_begins) line = at + 1;
    if (line_begins) place->line++, place->column = 1;
    else place->column++;
    at += *at < 0x80 ? 1 : hd_utf8_length(at, end);
  }
  return NULL;
}

/* A tab in the indentation of a line or of the next: libfyaml says many things about it. */
static bool indents_with_tab(const hd_source *source, int32_t line) {
  const char *at = source->text;
  for (int32_t n = 1; at && n <= line + 1; n++) {
    if (n >= line && at[strspn(at, " ")] == '\t') return true;
    at = strchr(at, '\n');
    if (at) at++;
  }
  return false;
}

const char *hd_yaml_way_out(const hd_source *source, const hd_place *place, const char *message) {
  static const struct {
    const char *says, *hint;
  } ways[] = {
      {"plain scalar cannot start", "put the text in quotes"},
      {"missing comma", "put a comma between entries; a key that contains [ ] { } or , goes in quotes"},
      {"without a closing bracket", "close the bracket that is open here"},
      {"extra closing", "one bracket is closed twice, or one was never opened"},
      {"nested block mapping", "one `key: value` on a line; several go in { }; text that contains `: ` goes in quotes"},
      {"double-quoted", "a text in quotes ends with the same quote, and indented as it began"},
      {"single-quoted", "a text in quotes ends with the same quote, and indented as it began"},
      {"depth", "no scenario needs that many levels: a bracket may not be closed"},
      {"alias", "an alias *NAME copies a value that is marked &NAME above; text that begins with * goes in quotes"},
      {"anchor", "text that begins with & goes in quotes"},
  };
  if (indents_with_tab(source, place->line)) return "indent with spaces, not with tabs";
  for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++)
    if (strstr(message, ways[i].says)) return ways[i].hint;
  return "look here and in the line before: `key: value` with a space, equal indentation, closed brackets and quotes";
}
