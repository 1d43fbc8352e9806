/* Files: one table through which heddle makes every call to the file system, and the few whole-file verbs built on it.
 *
 * The table's functions return 0 or a count, or -errno. Tests put a table here that fails at the n-th call, or is full.
 * A result is only ever written whole: temporary name, sync, rename, sync of the folder.
 */
#ifndef HD_BASE_FILE_H
#define HD_BASE_FILE_H

#include "heddle/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct hd_ctx hd_ctx;

typedef struct hd_file_info {
  bool    exists, folder;
  int64_t size;
  int64_t changed_ns; /* last change, since 1970 */
} hd_file_info;

typedef struct hd_files {
  void *self;
  int (*open)(void *self, const char *path, int flags, unsigned mode); /* flags as of open(2); a handle or -errno */
  int64_t (*read)(void *self, int handle, void *to, size_t bytes, int64_t at);
  int64_t (*write)(void *self, int handle, const void *from, size_t bytes, int64_t at);
  int (*sync)(void *self, int handle);
  int (*truncate)(void *self, int handle, int64_t size);
  int (*close)(void *self, int handle);
  int (*lock)(void *self, int handle, bool wait); /* exclusive, for the life of the handle; -EWOULDBLOCK: taken */
  int (*map)(void *self, int handle, size_t bytes, const void **at); /* read-only, shared */
  int (*unmap)(void *self, const void *at, size_t bytes);
  int (*rename)(void *self, const char *from, const char *to);
  int (*remove)(void *self, const char *path); /* a file or an empty folder */
  int (*folder)(void *self, const char *path); /* makes one; -EEXIST if there */
  int (*info)(void *self, const char *path, hd_file_info *info);
  int (*list)(void *self, const char *path, int (*each)(void *arg, const char *name), void *arg); /* any order */
} hd_files;

hd_files hd_files_system(void);

/* The verbs below raise HD_ERR_FILE with the path and the reason in words. */

/* Opens for reading (write = false) or creates and opens for writing; closes; reads or writes all bytes at a position. */
hd_status hd_file_open(hd_ctx *ctx, const char *path, bool write, int *handle);
hd_status hd_file_close(hd_ctx *ctx, int handle, const char *path);
hd_status hd_file_read_at(hd_ctx *ctx, int handle, const char *path, void *to, size_t bytes, int64_t at);
hd_status hd_file_write_at(hd_ctx *ctx, int handle, const char *path, const void *from, size_t bytes, int64_t at);
hd_status hd_file_sync(hd_ctx *ctx, int handle, const char *path);

/* The whole file, ended by a 0 that is not counted; at most `limit` bytes. Free with hd_memory_give(ctx, *text, *size + 1). */
hd_status hd_file_read(hd_ctx *ctx, const char *path, size_t limit, char **text, size_t *size);

/* Replaces or creates `path` as a whole: nobody ever sees half of it, also after a power cut when `durable`. */
hd_status hd_file_write(hd_ctx *ctx, const char *path, const void *data, size_t size, bool durable);

/* Copies a file; the copy may be executed. */
hd_status hd_file_copy(hd_ctx *ctx, const char *from, const char *to);

/* Puts a file made beside `path` by someone else (HDF5) in its place: sync, rename, sync of the folder. */
hd_status hd_file_publish(hd_ctx *ctx, const char *temporary, const char *path, bool durable);

hd_status hd_file_map(hd_ctx *ctx, const char *path, const void **at, size_t *size);
void      hd_file_unmap(hd_ctx *ctx, const void *at, size_t size);

/* Makes the folder and those above it. It is no error if it is there. */
hd_status hd_folder_make(hd_ctx *ctx, const char *path);
/* Removes a folder and all in it; links in it are removed, not followed. It is no error if it is not there. */
hd_status hd_folder_remove(hd_ctx *ctx, const char *path);
/* Removes what lies in a folder and `goes` says yes to, folders with all in them; goes = NULL: all. */
hd_status hd_folder_clear(hd_ctx *ctx, const char *path, bool (*goes)(const void *arg, const char *name), const void *arg);

bool      hd_file_exists(hd_ctx *ctx, const char *path);
hd_status hd_file_remove(hd_ctx *ctx, const char *path); /* no error if it is not there */

/* `folder/name`, or `name` if that is absolute or folder is "" or NULL. HD_ERR_INPUT if it does not fit. */
hd_status hd_path_join(hd_ctx *ctx, const char *folder, const char *name, char *out, size_t room);
/* The folder of a path ("." if none), into out. */
hd_status hd_path_folder(hd_ctx *ctx, const char *path, char *out, size_t room);

enum { HD_PATH_ROOM = 4096 };

#endif
