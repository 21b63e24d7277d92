/* SPDX-License-Identifier: MIT */
#pragma once

#include "scheduler/loads.h"

#include <glib.h>

/* Tasks with needs drawn at random: of two resources, two locks, memory and workers. */

#define NEEDY_MAX 40
#define NEEDY_MEMORY 100

typedef struct {
    TpsStock *stock;
    TpsLoad loads[NEEDY_MAX];
    size_t n;
} Needy;

static inline TpsNeeds *needy_draw(GRand *rand)
{
    TpsNeeds *needs = tps_needs_new();
    GStrvBuilder *locks = g_strv_builder_new();

    needs->slots = g_rand_int_range(rand, 0, 3) ? 1 : g_rand_int_range(rand, 1, 6);
    needs->exclusive = g_rand_int_range(rand, 0, 12) == 0;
    if (g_rand_int_range(rand, 0, 3) == 0)
        needs->memory_bytes = g_rand_int_range(rand, 1, NEEDY_MEMORY + 20);
    if (g_rand_int_range(rand, 0, 3) == 0)
        tps_resources_add(needs->resources, "gpu", g_rand_int_range(rand, 1, 4));
    if (g_rand_int_range(rand, 0, 4) == 0)
        tps_resources_add(needs->resources, "port", 1);
    if (g_rand_int_range(rand, 0, 3) == 0)
        g_strv_builder_add(locks, "a");
    if (g_rand_int_range(rand, 0, 3) == 0)
        g_strv_builder_add(locks, "b");
    tps_needs_set_locks(needs, g_strv_builder_end(locks));
    g_strv_builder_unref(locks);
    return needs;
}

/* Up to `n` tasks, heaviest first; a third of them needs nothing. */
static inline void needy_init(Needy *needy, GRand *rand, size_t n)
{
    g_autoptr(GArray) resources = tps_resources_new();
    int64_t weight_us = g_rand_int_range(rand, 1, 200);

    tps_resources_add(resources, "gpu", 3);
    tps_resources_add(resources, "port", 2);
    *needy = (Needy){.stock = tps_stock_new(resources, NEEDY_MEMORY), .n = n};
    for (size_t i = 0; i < n; i++) {
        g_autoptr(TpsNeeds) needs = g_rand_int_range(rand, 0, 3) ? needy_draw(rand) : NULL;

        needy->loads[i].claim = tps_stock_claim(needy->stock, needs);
        needy->loads[i].weight_us = weight_us;
        weight_us -= g_rand_int_range(rand, 0, (int)MIN(weight_us, 30) + 1);
    }
}

static inline void needy_clear(Needy *needy)
{
    g_clear_pointer(&needy->stock, tps_stock_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Needy, needy_clear)

static inline TpsLoads needy_loads(const Needy *needy)
{
    return (TpsLoads){.stock = needy->stock, .loads = needy->loads, .n = needy->n};
}
