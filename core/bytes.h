/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/*
 * "512M", "1.5G" (powers of 1024; K, M, G or T), or bytes -> bytes. False for everything else, for
 * less than one byte and for more than 10^18.
 */
bool tps_bytes_parse(const char *text, int64_t *bytes);

/* "512M": the largest unit that leaves a whole number. Caller frees. */
char *tps_bytes_format(int64_t bytes);
