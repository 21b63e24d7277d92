/* SPDX-License-Identifier: MIT */
#include "core/saturate.h"
#include "scheduler/loads_internal.h"

#include <stdlib.h>

/* What a task wants of one thing, and for how long. */
typedef struct {
    int64_t demand;
    int64_t weight_us;
} Want;

static int most_wanted_first(const void *a, const void *b)
{
    const Want *one = a, *two = b;

    return (one->demand < two->demand) - (one->demand > two->demand);
}

/*
 * Tasks of which no two fit together take turns: those that want more than half, down to some
 * demand, and one more that does not fit beside the least of these.
 */
static int64_t longest_turns(Want *wants, size_t n, int64_t capacity)
{
    g_autofree int64_t *longest_us = g_new0(int64_t, n + 1); /* of the first so many small ones */
    int64_t turns_us = 0;
    int64_t best_us = 0;
    size_t n_large = 0;
    size_t beside;

    qsort(wants, n, sizeof *wants, most_wanted_first);
    while (n_large < n && wants[n_large].demand > capacity - wants[n_large].demand)
        n_large++;
    beside = n - n_large;
    for (size_t i = 0; i < beside; i++)
        longest_us[i + 1] = MAX(longest_us[i], wants[n_large + i].weight_us);
    for (size_t i = 0; i < n_large; i++) {
        turns_us = tps_add_sat(turns_us, wants[i].weight_us);
        while (beside > 0 && wants[n_large + beside - 1].demand <= capacity - wants[i].demand)
            beside--;
        best_us = MAX(best_us, tps_add_sat(turns_us, longest_us[beside]));
    }
    return best_us;
}

/* All that is wanted divided by what there is, or those that take turns. */
static int64_t bound_by(Want *wants, size_t n, int64_t capacity)
{
    Wide sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += (Wide)wants[i].demand * wants[i].weight_us;
    return MAX(tps_divide_up(sum, capacity), longest_turns(wants, n, capacity));
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
    const char *kind = is_memory                            ? "memory"
                       : resource < loads->stock->n_devices ? "resource"
                                                            : "lock";
    const int64_t capacity = tps_loads_capacity(loads, resource);
    g_autofree Want *wants = g_new(Want, loads->n);
    size_t n = 0;

    for (size_t i = 0; i < loads->n; i++) {
        const int64_t demand = tps_loads_demand(loads, i, resource);

        if (demand > 0 && !is_exclusive(&loads->loads[i]))
            wants[n++] = (Want){demand, loads->loads[i].weight_us};
    }
    if (n > 0)
        raise_bound(bound, bound_by(wants, n, capacity), kind, name);
}

/* What the workers have to do beside exclusive tasks; 0 workers are as many as could be of use. */
static void bound_by_workers(const TpsLoads *loads, int n_workers, TpsLoadsBound *bound)
{
    g_autofree Want *wants = g_new(Want, loads->n);
    size_t n = 0;

    for (size_t i = 0; i < loads->n; i++) {
        const TpsLoad *load = &loads->loads[i];
        const int slots = load->claim ? load->claim->slots : 1;

        if (is_exclusive(load))
            continue;
        bound->us = MAX(bound->us, load->weight_us);
        wants[n++] = (Want){MIN(slots, n_workers), load->weight_us};
    }
    if (n_workers && n > 0)
        bound->us = MAX(bound->us, bound_by(wants, n, n_workers));
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
    } else if (exclusive_us > 0 && bound->what) {
        g_autofree char *what = g_steal_pointer(&bound->what);

        bound->what = g_strdup_printf("%s (and what is exclusive)", what);
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
