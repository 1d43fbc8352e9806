/* Counting hwloc's objects. */
#include "par/topology.h"

#include <hwloc.h>
#include <stdio.h>

static int count(hwloc_topology_t t, hwloc_obj_type_t type) {
  int n = hwloc_get_nbobjs_by_type(t, type);
  return n > 0 ? n : 0;
}

static hd_cache cache(hwloc_topology_t t, hwloc_obj_type_t type) {
  hwloc_obj_t first = hwloc_get_obj_by_type(t, type, 0);
  if (!first) return (hd_cache){0};
  int cores = hwloc_get_nbobjs_inside_cpuset_by_type(t, first->cpuset, HWLOC_OBJ_CORE);
  return (hd_cache){(int64_t)first->attr->cache.size, cores > 0 ? cores : 1};
}

hd_status hd_topology_read(hd_ctx *ctx, const char *synthetic, hd_topology *out) {
  hwloc_topology_t t;
  *out = (hd_topology){0};
  if (hwloc_topology_init(&t)) return hd_raise(ctx, HD_ERR_MISSING, "hwloc does not start");
  if (synthetic && hwloc_topology_set_synthetic(t, synthetic)) {
    hwloc_topology_destroy(t);
    return hd_raise(ctx, HD_ERR_INPUT, "'%s' describes no machine", synthetic);
  }
  if (hwloc_topology_load(t)) {
    hwloc_topology_destroy(t);
    return hd_raise(ctx, HD_ERR_MISSING, "hwloc cannot read the machine");
  }
  out->packages = count(t, HWLOC_OBJ_PACKAGE);
  out->nodes = count(t, HWLOC_OBJ_NUMANODE);
  out->threads = count(t, HWLOC_OBJ_PU);
  out->cores = count(t, HWLOC_OBJ_CORE);
  if (!out->cores) out->cores = out->threads;
  out->l1 = cache(t, HWLOC_OBJ_L1CACHE);
  out->l2 = cache(t, HWLOC_OBJ_L2CACHE);
  out->l3 = cache(t, HWLOC_OBJ_L3CACHE);
  out->memory = (int64_t)hwloc_get_root_obj(t)->total_memory;
  hwloc_topology_destroy(t);
  return HD_OK;
}

/* Bytes with the largest binary prefix that leaves a whole number or one of four digits: "48 KiB". */
static void bytes_text(int64_t bytes, char out[32]) {
  static const char *const prefix[] = {"", "Ki", "Mi", "Gi", "Ti"};
  int p = 0;
  while (p < 4 && bytes >= 1024 && (bytes % 1024 == 0 || bytes >= 10240)) bytes /= 1024, p++;
  snprintf(out, 32, "%lld %sB", (long long)bytes, prefix[p]);
}

static void add(char *out, size_t room, size_t *used, int64_t n, const char *one, const char *many) {
  if (n <= 0 || *used >= room) return;
  int k = snprintf(out + *used, room - *used, "%s%lld %s", *used ? ", " : "", (long long)n, n == 1 ? one : many);
  if (k > 0) *used += (size_t)k;
}

static void add_cache(char *out, size_t room, size_t *used, int level, hd_cache cache) {
  char bytes[32], shared[32] = "";
  if (cache.bytes <= 0 || *used >= room) return;
  bytes_text(cache.bytes, bytes);
  if (cache.cores > 1) snprintf(shared, sizeof shared, " for %d cores", cache.cores);
  int k = snprintf(out + *used, room - *used, ", L%d %s%s", level, bytes, shared);
  if (k > 0) *used += (size_t)k;
}

void hd_topology_text(const hd_topology *topology, char *out, size_t room) {
  size_t used = 0;
  char bytes[32];
  if (room) *out = 0;
  add(out, room, &used, topology->packages, "package", "packages");
  add(out, room, &used, topology->nodes, "NUMA node", "NUMA nodes");
  add(out, room, &used, topology->cores, "core", "cores");
  add(out, room, &used, topology->threads, "thread", "threads");
  add_cache(out, room, &used, 1, topology->l1);
  add_cache(out, room, &used, 2, topology->l2);
  add_cache(out, room, &used, 3, topology->l3);
  if (topology->memory <= 0 || used >= room) return;
  bytes_text(topology->memory, bytes);
  snprintf(out + used, room - used, ", %s", bytes);
}
