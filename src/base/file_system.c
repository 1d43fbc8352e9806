/* The table of files on the operating system: POSIX calls that return -errno. */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static int or_errno(int result) { return result < 0 ? -errno : result; }

static int system_open(void *self, const char *path, int flags, unsigned mode) {
  (void)self;
  return or_errno(open(path, flags, mode));
}

static int64_t system_read(void *self, int handle, void *to, size_t bytes, int64_t at) {
  (void)self;
  ssize_t n;
  do n = pread(handle, to, bytes, at);
  while (n < 0 && errno == EINTR);
  return n < 0 ? -errno : n;
}

static int64_t system_write(void *self, int handle, const void *from, size_t bytes, int64_t at) {
  (void)self;
  ssize_t n;
  do n = pwrite(handle, from, bytes, at);
  while (n < 0 && errno == EINTR);
  return n < 0 ? -errno : n;
}

static int system_sync(void *self, int handle) {
  (void)self;
  return or_errno(fsync(handle));
}

static int system_truncate(void *self, int handle, int64_t size) {
  (void)self;
  return or_errno(ftruncate(handle, size));
}

static int system_close(void *self, int handle) {
  (void)self;
  return or_errno(close(handle));
}

static int system_lock(void *self, int handle, bool wait) {
  (void)self;
  return or_errno(flock(handle, LOCK_EX | (wait ? 0 : LOCK_NB)));
}

static int system_map(void *self, int handle, size_t bytes, const void **at) {
  (void)self;
  void *mapped = mmap(NULL, bytes, PROT_READ, MAP_SHARED, handle, 0);
  *at = mapped == MAP_FAILED ? NULL : mapped;
  return *at ? 0 : -errno;
}

static int system_unmap(void *self, const void *at, size_t bytes) {
  (void)self;
  union {
    const void *in;
    void *out;
  } address = {at}; /* munmap takes it without const */
  return or_errno(munmap(address.out, bytes));
}

static int system_rename(void *self, const char *from, const char *to) {
  (void)self;
  return or_errno(rename(from, to));
}

static int system_remove(void *self, const char *path) {
  (void)self;
  if (unlink(path) == 0) return 0;
  return errno == EISDIR || errno == EPERM ? or_errno(rmdir(path)) : -errno;
}

static int system_folder(void *self, const char *path) {
  (void)self;
  return or_errno(mkdir(path, 0777));
}

static int system_info(void *self, const char *path, hd_file_info *info) {
  (void)self;
  struct stat found;
  *info = (hd_file_info){0};
  if (stat(path, &found) < 0) return errno == ENOENT || errno == ENOTDIR ? 0 : -errno;
  *info = (hd_file_info){.exists = true,
                         .folder = S_ISDIR(found.st_mode),
                         .size = found.st_size,
                         .changed_ns = (int64_t)found.st_mtim.tv_sec * 1000000000 + found.st_mtim.tv_nsec};
  return 0;
}

static int system_list(void *self, const char *path, int (*each)(void *arg, const char *name), void *arg) {
  (void)self;
  DIR *folder = opendir(path);
  if (!folder) return -errno;
  int stop = 0;
  for (struct dirent *entry; !stop && (entry = readdir(folder));)
    if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..")) stop = each(arg, entry->d_name);
  closedir(folder);
  return 0;
}

hd_files hd_files_system(void) {
  return (hd_files){NULL,          system_open, system_read, system_write, system_sync,   system_truncate,
                    system_close,  system_lock, system_map,  system_unmap, system_rename, system_remove,
                    system_folder, system_info, system_list};
}
