/* Tables of memory and files in which one call fails: the n-th of all, counted over both (and over threads).
 *
 *   static hd_status whole_thing(hd_ctx *ctx, const char *folder, void *arg) { ... }
 *   static hd_status is_complete(hd_ctx *ctx, const char *folder, bool told_ok) { ... }
 *   int64_t points = faulty_drive(whole_thing, is_complete, arg, FAULTY_ONCE);
 *
 * drive calls whole_thing in a fresh folder with n = 1, 2, ... until n is more calls than it makes, and after each one
 * asserts: a failure has a message; all memory, handles and maps were given back; no temporary file is left. is_complete
 * then looks, on sound tables, whether what lies in the folder is whole or not there. FAULTY_ON: every file call from the
 * n-th on fails (a full or vanished disk; then temporary files may stay). sync does nothing, so that a drive is fast.
 */
#ifndef HD_TESTS_FAULTY_H
#define HD_TESTS_FAULTY_H

#include "base/ctx.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef enum faulty_mode { FAULTY_ONCE, FAULTY_ON } faulty_mode;

typedef struct faulty {
  hd_memory      memory, system_memory;
  hd_files       files, system_files;
  faulty_mode    mode;
  int64_t        n;      /* the call that fails; 0: none */
  atomic_llong   calls;  /* so far */
  atomic_llong   bytes, handles, maps;
} faulty;

static inline bool faulty_fails(faulty *f, bool of_memory) {
  long long call = atomic_fetch_add(&f->calls, 1) + 1;
  return f->n && (call == f->n || (f->mode == FAULTY_ON && !of_memory && call > f->n));
}

static inline void *faulty_take(void *self, size_t bytes) {
  faulty *f = self;
  void *at = faulty_fails(f, true) ? NULL : f->system_memory.take(f->system_memory.self, bytes);
  if (at) atomic_fetch_add(&f->bytes, (long long)bytes);
  return at;
}

static inline void faulty_give(void *self, void *at, size_t bytes) {
  faulty *f = self;
  if (at) atomic_fetch_sub(&f->bytes, (long long)bytes);
  f->system_memory.give(f->system_memory.self, at, bytes);
}

static inline int faulty_open(void *self, const char *path, int flags, unsigned mode) {
  faulty *f = self;
  int handle = faulty_fails(f, false) ? -EMFILE : f->system_files.open(NULL, path, flags, mode);
  if (handle >= 0) atomic_fetch_add(&f->handles, 1);
  return handle;
}

static inline int faulty_close(void *self, int handle) { /* closed in any case, as close(2) is */
  faulty *f = self;
  int result = f->system_files.close(NULL, handle);
  atomic_fetch_sub(&f->handles, 1);
  return faulty_fails(f, false) ? -EIO : result;
}

static inline int64_t faulty_read(void *self, int handle, void *to, size_t bytes, int64_t at) {
  faulty *f = self;
  return faulty_fails(f, false) ? -EIO : f->system_files.read(NULL, handle, to, bytes, at);
}

static inline int64_t faulty_write(void *self, int handle, const void *from, size_t bytes, int64_t at) {
  faulty *f = self;
  if (!faulty_fails(f, false)) return f->system_files.write(NULL, handle, from, bytes, at);
  f->system_files.write(NULL, handle, from, bytes / 2, at); /* half of it got there */
  return -ENOSPC;
}

static inline int faulty_sync(void *self, int handle) {
  (void)handle;
  return faulty_fails(self, false) ? -EIO : 0;
}

static inline int faulty_truncate(void *self, int handle, int64_t size) {
  faulty *f = self;
  return faulty_fails(f, false) ? -EIO : f->system_files.truncate(NULL, handle, size);
}

static inline int faulty_lock(void *self, int handle, bool wait) {
  faulty *f = self;
  return faulty_fails(f, false) ? -ENOLCK : f->system_files.lock(NULL, handle, wait);
}

static inline int faulty_map(void *self, int handle, size_t bytes, const void **at) {
  faulty *f = self;
  int result = faulty_fails(f, false) ? -ENOMEM : f->system_files.map(NULL, handle, bytes, at);
  if (result >= 0) atomic_fetch_add(&f->maps, 1);
  return result;
}

static inline int faulty_unmap(void *self, const void *at, size_t bytes) {
  faulty *f = self;
  atomic_fetch_sub(&f->maps, 1);
  return f->system_files.unmap(NULL, at, bytes);
}

static inline int faulty_rename(void *self, const char *from, const char *to) {
  faulty *f = self;
  return faulty_fails(f, false) ? -EACCES : f->system_files.rename(NULL, from, to);
}

static inline int faulty_remove(void *self, const char *path) {
  faulty *f = self;
  return faulty_fails(f, false) ? -EACCES : f->system_files.remove(NULL, path);
}

static inline int faulty_folder(void *self, const char *path) {
  faulty *f = self;
  return faulty_fails(f, false) ? -EACCES : f->system_files.folder(NULL, path);
}

static inline int faulty_info(void *self, const char *path, hd_file_info *info) {
  faulty *f = self;
  return faulty_fails(f, false) ? -EIO : f->system_files.info(NULL, path, info);
}

static inline int faulty_list(void *self, const char *path, int (*each)(void *arg, const char *name), void *arg) {
  faulty *f = self;
  return faulty_fails(f, false) ? -EIO : f->system_files.list(NULL, path, each, arg);
}

static inline void faulty_init(faulty *f, int64_t n, faulty_mode mode) {
  memset(f, 0, sizeof *f);
  f->system_memory = hd_memory_system();
  f->system_files = hd_files_system();
  f->memory = (hd_memory){f, faulty_take, faulty_give};
  f->files = (hd_files){f,           faulty_open, faulty_read,   faulty_write,  faulty_sync,   faulty_truncate, faulty_close,
                        faulty_lock, faulty_map,  faulty_unmap,  faulty_rename, faulty_remove, faulty_folder,   faulty_info,
                        faulty_list};
  f->mode = mode;
  f->n = n;
}

static inline int faulty_find_temporary(void *arg, const char *name) {
  if (strstr(name, ".tmp")) snprintf(arg, 256, "%s", name);
  return 0;
}

typedef hd_status (*faulty_work)(hd_ctx *ctx, const char *folder, void *arg);
typedef void (*faulty_look)(hd_ctx *ctx, const char *folder, hd_status told, void *arg);

/* One try; true: the n-th call was made and failed. */
static inline bool faulty_try(faulty_work work, faulty_look look, void *arg, int64_t n, faulty_mode mode) {
  faulty f;
  hd_ctx *ctx = NULL, *sound;
  char folder[64] = "/dev/shm/heddle-faulty-XXXXXX", temporary[256] = ""; /* memory, where there is such a folder */
  if (!mkdtemp(folder)) assert_non_null(mkdtemp(strcpy(folder, "/tmp/heddle-faulty-XXXXXX")));
  faulty_init(&f, n, mode);
  hd_status status = hd_ctx_new_with(&f.memory, &f.files, NULL, &ctx);
  if (status == HD_OK) {
    status = work(ctx, folder, arg);
    if (status != HD_OK && !hd_ctx_message(ctx)[0]) fail_msg("call %lld failed without a message", (long long)n);
    if (status != HD_OK && f.calls < n) fail_msg("nothing was made to fail, and yet: %s", hd_ctx_message(ctx));
    hd_ctx_free(ctx);
  }
  bool failed = f.calls >= n && n > 0;
  if (f.bytes || f.handles || f.maps)
    fail_msg("call %lld: %lld bytes, %lld handles, %lld maps were not given back", (long long)n, (long long)f.bytes,
             (long long)f.handles, (long long)f.maps);
  f.system_files.list(NULL, folder, faulty_find_temporary, temporary);
  if (mode == FAULTY_ONCE && temporary[0]) fail_msg("call %lld: %s was left", (long long)n, temporary);
  assert_int_equal(hd_ctx_new(&sound), HD_OK);
  if (look) look(sound, folder, status, arg);
  assert_int_equal(hd_folder_remove(sound, folder), HD_OK);
  hd_ctx_free(sound);
  return failed;
}

/* Every call from the `first` on fails in turn; returns how many tries that were. */
static inline int64_t faulty_drive_from(faulty_work work, faulty_look look, void *arg, faulty_mode mode, int64_t first) {
  int64_t n = first;
  while (faulty_try(work, look, arg, n, mode)) n++;
  return n - first;
}

static inline int64_t faulty_drive(faulty_work work, faulty_look look, void *arg, faulty_mode mode) {
  return faulty_drive_from(work, look, arg, mode, 1);
}

#endif
