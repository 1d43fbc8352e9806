#include "io/name_set.h"

#include <string.h>
#include <xxhash.h>

void hd_name_set_init(hd_name_set *names, hd_arena *arena) { *names = (hd_name_set){.arena = arena}; }

static int64_t first_slot(const hd_name_set *names, const char *name, size_t length) {
  return (int64_t)(XXH3_64bits(name, length) & (uint64_t)(names->slots - 1));
}

static hd_status grow(hd_name_set *names) {
  int64_t room = names->room ? 2 * names->room : 8;
  void *name, *value, *slot;
  HD_TRY(hd_arena_take(names->arena, (size_t)room * sizeof(char *), &name));
  HD_TRY(hd_arena_take(names->arena, (size_t)room * sizeof(void *), &value));
  HD_TRY(hd_arena_take(names->arena, 2 * (size_t)room * sizeof(int32_t), &slot));
  if (names->count) {
    memcpy(name, names->name, (size_t)names->count * sizeof(char *));
    memcpy(value, names->value, (size_t)names->count * sizeof(void *));
  }
  names->name = name;
  names->value = value;
  names->slot = slot;
  names->room = room;
  names->slots = 2 * room;
  for (int64_t i = 0; i < names->count; i++) {
    int64_t s = first_slot(names, names->name[i], strlen(names->name[i]));
    while (names->slot[s]) s = (s + 1) & (names->slots - 1);
    names->slot[s] = (int32_t)(i + 1);
  }
  return HD_OK;
}

int64_t hd_name_set_find(const hd_name_set *names, const char *name, size_t length) {
  if (!names->slots) return -1;
  for (int64_t s = first_slot(names, name, length); names->slot[s]; s = (s + 1) & (names->slots - 1)) {
    const char *other = names->name[names->slot[s] - 1];
    if (!strncmp(other, name, length) && !other[length]) return names->slot[s] - 1;
  }
  return -1;
}

hd_status hd_name_set_add(hd_name_set *names, const char *name, void *value, int64_t *index, bool *fresh) {
  size_t length = strlen(name);
  int64_t at = hd_name_set_find(names, name, length);
  if (index) *index = at;
  *fresh = at < 0;
  if (at >= 0) return HD_OK;
  if (names->count == names->room) HD_TRY(grow(names));
  int64_t s = first_slot(names, name, length);
  while (names->slot[s]) s = (s + 1) & (names->slots - 1);
  names->name[names->count] = name;
  names->value[names->count] = value;
  names->slot[s] = (int32_t)++names->count;
  if (index) *index = names->count - 1;
  return HD_OK;
}
