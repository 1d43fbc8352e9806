/* CRC-32C (Castagnoli): guards what lies in files against torn writes and flipped bits. One instruction for 8 bytes. */
#ifndef HD_BASE_CRC32C_H
#define HD_BASE_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/* Of `size` bytes that follow those whose CRC is `crc` (0 at the start). */
uint32_t hd_crc32c(uint32_t crc, const void *bytes, size_t size);

#endif
