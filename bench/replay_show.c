/* SPDX-License-Identifier: MIT */
#include "bench/replay.h"

#include <stdio.h>

/* What one version of a history holds, on average. */
typedef struct {
    double listed, measured, new_ones;
} Means;

static Means means_of(const ReplayHistory *history)
{
    Means means = {0};

    for (ReplayWalk *walk = replay_walk_new(history); walk; walk = replay_walk_next(walk))
        for (guint i = 0; i < walk->n_listing; i++) {
            const uint32_t item = walk->listing[i];

            means.listed += 1;
            means.measured += walk->measured[item];
            means.new_ones += walk->past[item].n == 0;
        }
    return means;
}

static void print_row(const ReplayHistory *history, bool json)
{
    const Means means = means_of(history);
    const double n = history->n_versions - 1;

    printf(json ? "{\"name\": \"%s\", \"level\": \"%s\", \"versions\": %u, \"items\": %.0f, "
                  "\"measured\": %.4f, \"new\": %.4f}\n"
                : "%-44s %-9s %5u %8.0f %8.1f%% %6.2f%%\n",
           history->name, history->level == REPLAY_FILES ? "file" : "testcase", history->n_versions,
           n > 0 ? means.listed / n : 0,
           (json ? 1 : 100) * means.measured / (means.listed > 0 ? means.listed : 1),
           (json ? 1 : 100) * means.new_ones / (means.listed > 0 ? means.listed : 1));
}

static void run(const GPtrArray *histories, bool json)
{
    if (!json)
        printf("%-44s %-9s %5s %8s %9s %7s\n", "project", "level", "vers.", "items", "measured",
               "new");
    for (guint i = 0; i < histories->len; i++)
        print_row(g_ptr_array_index(histories, i), json);
}

const ReplayCommand replay_cmd_show = {
    .name = "show",
    .summary = "what is in the histories: versions, items, how many a version measures",
    .run = run,
};
