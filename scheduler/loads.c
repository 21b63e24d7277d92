/* SPDX-License-Identifier: MIT */
#include "scheduler/loads.h"

#include "core/saturate.h"
#include "partition/bin_heap.h"

#define NONE G_MAXSIZE

/* A pool in which time flies. */
typedef struct {
    const TpsLoads *loads;
    TpsUse use;
    GArray *running;  /* of TpsRunning                                           */
    TpsBin *workers;  /* a heap: who is free for the longest time is first       */
    size_t n_workers; /* of them                                                 */
    size_t *next;     /* [n + 1] of what waits: who comes behind; next[n] is the first */
    size_t reserved;  /* who is first in line and did not fit; or NONE           */
    int64_t until_us; /* how long that reservation is patient                    */
    int64_t now_us;
    int64_t end_us;
} Simulation;

static const TpsClaim *claim_of(const Simulation *simulation, size_t i)
{
    return simulation->loads->loads[i].claim;
}

/* More idle workers than tasks could occupy change nothing. */
static int useful_workers(const TpsLoads *loads, int n_workers, size_t n_busy)
{
    int64_t most = (int64_t)n_busy;

    for (size_t i = 0; i < loads->n; i++)
        most += loads->loads[i].claim ? loads->loads[i].claim->slots : 1;
    return n_busy > 0 ? n_workers : (int)CLAMP(most, 1, n_workers);
}

static void simulation_init(Simulation *simulation, const TpsLoads *loads, int n_workers,
                            const TpsRunning *busy, size_t n_busy)
{
    const int n_used = useful_workers(loads, n_workers, n_busy);

    *simulation = (Simulation){.loads = loads,
                               .use = tps_use_new(loads->stock, n_used),
                               .running = g_array_new(FALSE, FALSE, sizeof(TpsRunning)),
                               .workers = g_new0(TpsBin, (gsize)n_used),
                               .n_workers = (size_t)n_used,
                               .next = g_new(size_t, loads->n + 1),
                               .reserved = NONE};
    for (int i = 0; i < n_used; i++)
        simulation->workers[i].id = i;
    for (size_t i = 0; i < n_busy; i++) {
        g_array_append_val(simulation->running, busy[i]);
        tps_use_take(&simulation->use, busy[i].claim);
        simulation->workers[busy[i].worker].load_us = busy[i].end_us;
        simulation->end_us = MAX(simulation->end_us, busy[i].end_us);
    }
    tps_bins_heapify(simulation->workers, simulation->n_workers);
    for (size_t i = 0; i < loads->n; i++)
        simulation->next[i] = i + 1;
    simulation->next[loads->n] = 0; /* which is n itself when there is nothing */
}

static void simulation_clear(Simulation *simulation)
{
    tps_use_clear(&simulation->use);
    g_array_unref(simulation->running);
    g_free(simulation->workers);
    g_free(simulation->next);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Simulation, simulation_clear)

/* Who may overtake, as the one before it in line; NONE: nobody. */
static size_t find_overtaker(Simulation *simulation)
{
    const size_t n = simulation->loads->n;
    const TpsRunning *running = (const TpsRunning *)(const void *)simulation->running->data;
    g_auto(TpsOvertaking) overtaking =
        tps_overtaking_new(&simulation->use, claim_of(simulation, simulation->reserved), running,
                           simulation->running->len, simulation->now_us, &simulation->until_us);

    for (size_t before = n, i = simulation->next[n]; i < n; before = i, i = simulation->next[i])
        if (i != simulation->reserved && tps_overtaking_may(&overtaking, claim_of(simulation, i),
                                                            simulation->loads->loads[i].weight_us))
            return before;
    return NONE;
}

/* Who starts now, as the one before it in line; NONE: nobody. */
static size_t find_next(Simulation *simulation)
{
    const size_t n = simulation->loads->n;
    const size_t first = simulation->next[n];

    if (first == n || tps_use_idle(&simulation->use) == 0)
        return NONE;
    if (tps_use_fits(&simulation->use, claim_of(simulation, first))) {
        simulation->reserved = NONE;
        return n;
    }
    if (simulation->reserved != first)
        simulation->until_us = 0;
    simulation->reserved = first;
    return find_overtaker(simulation);
}

static void start(Simulation *simulation, size_t before, int *worker, int64_t *start_us)
{
    const size_t i = simulation->next[before];
    const TpsLoad *load = &simulation->loads->loads[i];
    TpsBin *bin = &simulation->workers[0];
    TpsRunning running = {.claim = load->claim,
                          .end_us = tps_add_sat(simulation->now_us, load->weight_us),
                          .worker = bin->id};

    simulation->next[before] = simulation->next[i];
    if (worker)
        worker[i] = bin->id;
    if (start_us)
        start_us[i] = simulation->now_us;
    bin->load_us = running.end_us;
    tps_bins_sink(simulation->workers, simulation->n_workers, 0);
    tps_use_take(&simulation->use, load->claim);
    g_array_append_val(simulation->running, running);
    simulation->end_us = MAX(simulation->end_us, running.end_us);
}

/* Until the next task ends. */
static void advance(Simulation *simulation)
{
    GArray *running = simulation->running;

    simulation->now_us = INT64_MAX;
    for (guint i = 0; i < running->len; i++)
        simulation->now_us = MIN(simulation->now_us, g_array_index(running, TpsRunning, i).end_us);
    for (guint i = running->len; i-- > 0;) {
        if (g_array_index(running, TpsRunning, i).end_us > simulation->now_us)
            continue;
        tps_use_give(&simulation->use, g_array_index(running, TpsRunning, i).claim);
        g_array_remove_index_fast(running, i);
    }
}

int64_t tps_loads_simulate(const TpsLoads *loads, int n_workers, const TpsRunning *busy,
                           size_t n_busy, int *worker, int64_t *start_us)
{
    g_auto(Simulation) simulation = {0};

    simulation_init(&simulation, loads, n_workers, busy, n_busy);
    while (simulation.next[loads->n] < loads->n) {
        const size_t before = find_next(&simulation);

        if (before != NONE)
            start(&simulation, before, worker, start_us);
        else if (simulation.running->len > 0)
            advance(&simulation);
        else
            g_assert_not_reached(); /* whatever is claimed fits when nothing runs */
    }
    return simulation.end_us;
}
