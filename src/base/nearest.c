/* Optimal string alignment: Levenshtein with swaps of neighbours, two rows and one older. */
#include "base/nearest.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

enum { LONGEST = 64, FAR = 1000 };

static int least(int a, int b) { return a < b ? a : b; }

/* Twice the distance, so that a letter in the wrong case can cost a half. */
static int doubled(const char *a, size_t n, const char *b, size_t m) {
  int row[3][LONGEST + 1];
  for (size_t j = 0; j <= m; j++) row[0][j] = 2 * (int)j;
  for (size_t i = 1; i <= n; i++) {
    int *now = row[i % 3], *before = row[(i + 2) % 3], *older = row[(i + 1) % 3];
    now[0] = 2 * (int)i;
    for (size_t j = 1; j <= m; j++) {
      char x = a[i - 1], y = b[j - 1];
      int change = x == y ? 0 : tolower((unsigned char)x) == tolower((unsigned char)y) ? 1 : 2;
      now[j] = least(least(before[j], now[j - 1]) + 2, before[j - 1] + change);
      if (i > 1 && j > 1 && x == b[j - 2] && a[i - 2] == y) now[j] = least(now[j], older[j - 2] + 2);
    }
  }
  return row[n % 3][m];
}

int hd_edit_distance(const char *a, size_t a_length, const char *b, size_t b_length) {
  if (a_length > LONGEST || b_length > LONGEST) return FAR;
  return (doubled(a, a_length, b, b_length) + 1) / 2;
}

void hd_nearest_begin(hd_nearest *nearest, const char *word, size_t length) {
  *nearest = (hd_nearest){.word = word, .length = length, .halves = FAR};
}

/* One whole word before an underscore is the same: scale_lenght and scale_radius. */
static bool begins_alike(const char *a, size_t n, const char *b, size_t m) {
  size_t i = 0;
  while (i < n && i < m && a[i] == b[i] && a[i] != '_') i++;
  return i >= 4 && i + 1 < n && i + 1 < m && a[i] == '_' && b[i] == '_';
}

void hd_nearest_try(hd_nearest *nearest, const char *name, size_t length) {
  if (length > LONGEST || nearest->length > LONGEST) return;
  int halves = doubled(nearest->word, nearest->length, name, length);
  size_t longer = length > nearest->length ? length : nearest->length;
  int allowed = longer <= 3 ? 1 : longer <= 5 ? 2 : (int)longer / 3 + 1;
  if (halves > 2 * allowed && begins_alike(nearest->word, nearest->length, name, length)) halves = FAR - 1;
  else if (halves > 2 * allowed || (size_t)halves >= 2 * longer) return;
  if (halves >= nearest->halves) return;
  nearest->best = name;
  nearest->best_length = length;
  nearest->halves = halves;
}
