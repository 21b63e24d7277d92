/* SPDX-License-Identifier: MIT */
#include "scheduler/shuffle.h"

static uint64_t next(uint64_t *state)
{
    uint64_t mixed = *state += UINT64_C(0x9e3779b97f4a7c15);

    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94d049bb133111eb);
    return mixed ^ (mixed >> 31);
}

void tps_shuffle(uint32_t seed, size_t *order, size_t n)
{
    uint64_t state = seed;

    for (size_t i = 0; i < n; i++)
        order[i] = i;
    for (size_t left = n; left > 1; left--) {
        size_t chosen = (size_t)(next(&state) % left); /* the bias is below 2^-40 */
        size_t spare = order[left - 1];

        order[left - 1] = order[chosen];
        order[chosen] = spare;
    }
}
