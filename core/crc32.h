/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

/*
 * The CRC-32 of zlib, gzip and PNG. It finds every change of up to 32 bits in a row, so that no
 * single changed byte gets by; it is no protection against somebody who means it.
 *
 *   crc      0, or what was computed of the bytes before these
 *   source   eight bytes at a time: Kounavis and Berry 2005, "A systematic approach to building
 *            high performance software-based CRC generators"
 */
uint32_t tps_crc32(uint32_t crc, const char *bytes, size_t length);
