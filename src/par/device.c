/* Opening a device plug-in. */
#include "par/device.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "cuda" or "cuda:N"; -1: neither */
static int index_of(const char *asked) {
  if (strncmp(asked, "cuda", 4)) return -1;
  if (!asked[4]) return 0;
  char *end;
  long index = strtol(asked + 5, &end, 10);
  return asked[4] == ':' && end != asked + 5 && !*end && index >= 0 && index < 1024 ? (int)index : -1;
}

hd_status hd_device_open(hd_ctx *ctx, const char *asked, const char *folder, hd_device *out) {
  char path[HD_PATH_ROOM];
  *out = (hd_device){.abi = HD_DEVICE_ABI, .size = sizeof *out};
  if (!asked || !*asked || !strcmp(asked, "none")) return HD_OK;
  int index = index_of(asked);
  if (index < 0)
    return hd_raise(ctx, HD_ERR_MISSING, "no device: '%s' is none; possible are none, cuda and cuda:N", asked);
  HD_TRY(hd_path_join(ctx, folder, "heddle-cuda.so", path, sizeof path));
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL); /* never closed: the driver does not survive it */
  if (!library)
    return hd_raise(ctx, HD_ERR_MISSING, "no device: the plug-in for %s is not there (%s)", asked, dlerror());
  hd_device_entry entry;
  void *symbol = dlsym(library, "hd_device_plugin");
  if (!symbol) return hd_raise(ctx, HD_ERR_MISSING, "no device: %s is no device plug-in of heddle", path);
  memcpy(&entry, &symbol, sizeof entry);
  HD_TRY_WHILE(ctx, entry(ctx, index, out), "opening device %s", asked);
  if (out->abi == HD_DEVICE_ABI && out->size == sizeof *out) return HD_OK;
  return hd_raise(ctx, HD_ERR_MISSING, "no device: %s was built for another heddle (table %u, here %u)", path, out->abi,
                  HD_DEVICE_ABI);
}

void hd_device_close(hd_device *device) {
  if (device->name[0] && device->close) device->close(device->self);
  *device = (hd_device){.abi = HD_DEVICE_ABI, .size = sizeof *device};
}
