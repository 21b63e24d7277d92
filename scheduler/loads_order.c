/* SPDX-License-Identifier: MIT */
#include "core/saturate.h"
#include "scheduler/loads_internal.h"

#include <stdlib.h>

/* A task of which it is decided when it starts. */
typedef struct {
    size_t place; /* heaviest first */
    int slots;
    int64_t hangs_us; /* what can only be done when it is done, and itself */
} Rank;

static int compare_ranks(const Rank *one, const Rank *two)
{
    if (one->hangs_us != two->hangs_us)
        return one->hangs_us > two->hangs_us ? -1 : 1;
    return one->place < two->place ? -1 : one->place > two->place;
}

static int most_hangs_first(const void *a, const void *b)
{
    return compare_ranks(a, b);
}

static int widest_first(const void *a, const void *b)
{
    const Rank *one = a, *two = b;

    if (one->slots != two->slots)
        return one->slots > two->slots ? -1 : 1;
    return compare_ranks(one, two);
}

int64_t tps_loads_demand(const TpsLoads *loads, size_t load, size_t resource)
{
    const TpsClaim *claim = loads->loads[load].claim;

    if (!claim)
        return 0;
    if (resource == loads->stock->names->len)
        return claim->memory_bytes;
    for (size_t i = 0; i < claim->n_demands; i++)
        if (claim->demands[i].resource == resource)
            return claim->demands[i].count;
    return 0;
}

int64_t tps_loads_capacity(const TpsLoads *loads, size_t resource)
{
    return resource < loads->stock->names->len
               ? g_array_index(loads->stock->capacity, int, resource)
               : loads->stock->memory_bytes;
}

int64_t tps_divide_up(Wide a, int64_t b)
{
    const Wide quotient = a / b + (a % b != 0);

    return quotient > INT64_MAX ? INT64_MAX : (int64_t)quotient;
}

/* From the lightest on: what the resource is still needed for. */
static void rank_by(const TpsLoads *loads, size_t resource, Rank *ranks)
{
    const int64_t capacity = tps_loads_capacity(loads, resource);
    Wide sum = 0;

    for (size_t i = loads->n; i-- > 0 && capacity > 0;) {
        const int64_t demand = tps_loads_demand(loads, i, resource);

        sum += (Wide)demand * loads->loads[i].weight_us;
        if (demand > 0)
            ranks[i].hangs_us = MAX(ranks[i].hangs_us, tps_divide_up(sum, capacity));
    }
}

static Rank *rank_all(const TpsLoads *loads)
{
    Rank *ranks = g_new(Rank, MAX(loads->n, 1));

    for (size_t i = 0; i < loads->n; i++)
        ranks[i] = (Rank){.place = i,
                          .slots = loads->loads[i].claim ? loads->loads[i].claim->slots : 1,
                          .hangs_us = loads->loads[i].weight_us};
    for (size_t resource = 0; resource <= loads->stock->names->len; resource++)
        rank_by(loads, resource, ranks);
    for (size_t i = 0; i < loads->n; i++)
        if (loads->loads[i].claim && loads->loads[i].claim->exclusive)
            ranks[i] = (Rank){.place = i, .slots = G_MAXINT, .hangs_us = INT64_MAX};
    return ranks;
}

static int64_t simulate_ranks(const TpsLoads *loads, int n_workers, const Rank *ranks)
{
    g_autofree TpsLoad *ordered = g_new(TpsLoad, loads->n);
    TpsLoads all = *loads;

    for (size_t i = 0; i < loads->n; i++)
        ordered[i] = loads->loads[ranks[i].place];
    all.loads = ordered;
    return tps_loads_simulate(&all, n_workers, NULL, 0, NULL, NULL);
}

int64_t tps_loads_order(const TpsLoads *loads, int n_workers, size_t *order)
{
    int (*const orders[])(const void *, const void *) = {most_hangs_first, widest_first};
    g_autofree Rank *ranks = rank_all(loads);
    int64_t best_us = tps_loads_simulate(loads, n_workers, NULL, 0, NULL, NULL);

    for (size_t i = 0; i < loads->n; i++)
        order[i] = i;
    for (size_t o = 0; o < G_N_ELEMENTS(orders); o++) {
        int64_t end_us;

        qsort(ranks, loads->n, sizeof *ranks, orders[o]);
        end_us = simulate_ranks(loads, n_workers, ranks);
        if (end_us >= best_us)
            continue;
        best_us = end_us;
        for (size_t i = 0; i < loads->n; i++)
            order[i] = ranks[i].place;
    }
    return best_us;
}
