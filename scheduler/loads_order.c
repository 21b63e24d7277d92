/* SPDX-License-Identifier: MIT */
#include "core/saturate.h"
#include "scheduler/loads.h"

#include <stdlib.h>
#include <string.h>

__extension__ typedef __int128 Wide;

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

/* Of a resource; the last one is memory. */
static int64_t demand_of(const TpsLoads *loads, const TpsClaim *claim, size_t resource)
{
    if (!claim)
        return 0;
    if (resource == loads->stock->names->len)
        return claim->memory_bytes;
    for (size_t i = 0; i < claim->n_demands; i++)
        if (claim->demands[i].resource == resource)
            return claim->demands[i].count;
    return 0;
}

static int64_t capacity_of(const TpsLoads *loads, size_t resource)
{
    return resource < loads->stock->names->len
               ? g_array_index(loads->stock->capacity, int, resource)
               : loads->stock->memory_bytes;
}

static int64_t divide_up(Wide a, int64_t b)
{
    const Wide quotient = a / b + (a % b != 0);

    return quotient > INT64_MAX ? INT64_MAX : (int64_t)quotient;
}

/* From the lightest on: what the resource is still needed for. */
static void rank_by(const TpsLoads *loads, size_t resource, Rank *ranks)
{
    const int64_t capacity = capacity_of(loads, resource);
    Wide sum = 0;

    for (size_t i = loads->n; i-- > 0 && capacity > 0;) {
        const int64_t demand = demand_of(loads, loads->loads[i].claim, resource);

        sum += (Wide)demand * loads->loads[i].weight_us;
        if (demand > 0)
            ranks[i].hangs_us = MAX(ranks[i].hangs_us, divide_up(sum, capacity));
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

void tps_loads_bound_clear(TpsLoadsBound *bound)
{
    g_clear_pointer(&bound->what, g_free);
}

static void raise_bound(TpsLoadsBound *bound, int64_t us, const char *kind, const char *name)
{
    if (us <= bound->us)
        return;
    bound->us = us;
    g_free(bound->what);
    bound->what = name ? g_strdup_printf("%s '%s'", kind, name) : g_strdup(kind);
}

static bool is_exclusive(const TpsLoad *load)
{
    return load->claim && load->claim->exclusive;
}

static void bound_by_resource(const TpsLoads *loads, size_t resource, TpsLoadsBound *bound)
{
    const bool is_memory = resource == loads->stock->names->len;
    const char *name = is_memory ? NULL : g_ptr_array_index(loads->stock->names, resource);
    const int64_t capacity = capacity_of(loads, resource);
    int64_t halves_us = 0;
    Wide sum = 0;

    for (size_t i = 0; capacity > 0 && i < loads->n; i++) {
        const int64_t demand = demand_of(loads, loads->loads[i].claim, resource);

        if (is_exclusive(&loads->loads[i]))
            continue;
        sum += (Wide)demand * loads->loads[i].weight_us;
        if (demand > capacity / 2)
            halves_us = tps_add_sat(halves_us, loads->loads[i].weight_us);
    }
    if (capacity > 0)
        raise_bound(bound, MAX(divide_up(sum, capacity), halves_us),
                    is_memory                            ? "memory"
                    : resource < loads->stock->n_devices ? "resource"
                                                         : "lock",
                    name);
}

static int slots_of(const TpsLoad *load, int n_workers)
{
    return load->claim ? MIN(load->claim->slots, n_workers) : 1;
}

/* What the workers have to do beside exclusive tasks, and what no two of its kind do together. */
static void bound_by_workers(const TpsLoads *loads, int n_workers, TpsLoadsBound *bound)
{
    int64_t longest_us = 0;
    int64_t halves_us = 0;
    Wide sum = 0;

    for (size_t i = 0; i < loads->n; i++) {
        const TpsLoad *load = &loads->loads[i];
        const int slots = slots_of(load, n_workers ? n_workers : G_MAXINT);

        if (is_exclusive(load))
            continue;
        longest_us = MAX(longest_us, load->weight_us);
        sum += (Wide)slots * load->weight_us;
        if (n_workers && slots > n_workers / 2)
            halves_us = tps_add_sat(halves_us, load->weight_us);
    }
    if (n_workers)
        longest_us = MAX(longest_us, MAX(divide_up(sum, n_workers), halves_us));
    bound->us = longest_us;
}

static int64_t exclusive_sum(const TpsLoads *loads)
{
    int64_t sum_us = 0;

    for (size_t i = 0; i < loads->n; i++)
        if (is_exclusive(&loads->loads[i]))
            sum_us = tps_add_sat(sum_us, loads->loads[i].weight_us);
    return sum_us;
}

/* What stands in `bound` is of tasks that are not exclusive. */
static void bound_by_needs(const TpsLoads *loads, TpsLoadsBound *bound)
{
    const int64_t exclusive_us = exclusive_sum(loads);

    for (size_t resource = 0; resource <= loads->stock->names->len; resource++)
        bound_by_resource(loads, resource, bound);
    if (exclusive_us > bound->us) {
        g_free(bound->what);
        bound->what = g_strdup("what is exclusive");
    }
    bound->us = tps_add_sat(bound->us, exclusive_us);
}

TpsLoadsBound tps_loads_chain(const TpsLoads *loads)
{
    TpsLoadsBound bound = {0};

    bound_by_needs(loads, &bound);
    return bound;
}

TpsLoadsBound tps_loads_bound(const TpsLoads *loads, int n_workers)
{
    TpsLoadsBound bound = {0};

    bound_by_workers(loads, n_workers, &bound);
    bound_by_needs(loads, &bound);
    return bound;
}

int tps_loads_size_bound(const TpsLoads *loads, int64_t target_us, int from, int max)
{
    int low = from;
    int high = MAX(from, max);

    while (low < high) {
        const int middle = low + (high - low) / 2;
        g_auto(TpsLoadsBound) bound = tps_loads_bound(loads, middle);

        if (bound.us <= target_us)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}
