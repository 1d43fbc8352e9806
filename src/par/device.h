/* Devices, as a table: none here, CUDA in a plug-in that is opened only when a device is asked for.
 *
 * The table moves bytes and runs the solvers that the plug-in brings a step for; what it lacks stays on the CPU. It is
 * filled by the plug-in's entry point, hd_device_plugin, after ABI and size were checked.
 */
#ifndef HD_PAR_DEVICE_H
#define HD_PAR_DEVICE_H

#include "base/ctx.h"
#include "heddle/solver.h"

#define HD_DEVICE_ABI 1u

typedef struct hd_device {
  uint32_t abi, size; /* HD_DEVICE_ABI, sizeof(hd_device) */
  void *self;
  char name[128];
  int64_t memory, available; /* bytes */
  hd_status (*take)(void *self, hd_ctx *ctx, size_t bytes, void **device);
  void (*give)(void *self, void *device);
  hd_status (*up)(void *self, hd_ctx *ctx, void *device, const void *host, size_t bytes);
  hd_status (*down)(void *self, hd_ctx *ctx, void *host, const void *device, size_t bytes);
  hd_status (*wait)(void *self, hd_ctx *ctx);
  /* The step of a solver for n members at once; NULL: not on this device. */
  hd_status (*(*step_of)(void *self, const char *solver))(void *self, hd_run *const *members, int n,
                                                          hd_progress *progress);
  void (*close)(void *self);
} hd_device;

/* What a plug-in exports under the name hd_device_plugin: fills the table for device number `index`. */
typedef hd_status (*hd_device_entry)(hd_ctx *ctx, int index, hd_device *out);

/* `asked`: NULL, "" or "none": HD_OK and no device (out->name is ""). "cuda" or "cuda:N": the plug-in heddle-cuda.so from
 * `folder` (NULL: where the system looks for libraries), device N. Else, and when it cannot be had, HD_ERR_MISSING with a
 * line that begins "no device: ". */
hd_status hd_device_open(hd_ctx *ctx, const char *asked, const char *folder, hd_device *out);
void hd_device_close(hd_device *device);

#endif
