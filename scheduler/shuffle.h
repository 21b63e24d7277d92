/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

/*
 * An order that only the seed decides: the same on every machine.
 *
 *   order   [n]  out: 0 .. n-1, each once; caller's array
 *   source  R. Durstenfeld, Algorithm 235, CACM 7(7), 1964; the numbers are those of SplitMix64
 *           (G. L. Steele, D. Lea, C. H. Flood, OOPSLA 2014)
 */
void tps_shuffle(uint32_t seed, size_t *order, size_t n);
