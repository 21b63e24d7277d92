/* SPDX-License-Identifier: MIT */
#include "runtime/store_internal.h"

#include <string.h>

#define N_VALUES 8

bool tps_runs_are_same(const GArray *runs, uint32_t a, uint32_t b)
{
    const char *one = g_array_index(runs, TpsRunKey, a).key;
    const char *two = g_array_index(runs, TpsRunKey, b).key;

    if (a == 0 || b == 0)
        return a == b;
    return a == b || strcmp(one + TPS_RUN_KEY_HASH, two + TPS_RUN_KEY_HASH) == 0;
}

static TpsRuntimePart *part_at(const GArray *parts, guint i)
{
    return &g_array_index(parts, TpsRuntimePart, i);
}

/* By what makes it the same run, then by time. */
static int compare_runs(const void *a, const void *b, void *runs)
{
    uint32_t one = ((const TpsRuntimePart *)a)->run, two = ((const TpsRuntimePart *)b)->run;
    int order = 0;

    if (one > 0 && two > 0)
        order = strcmp(g_array_index((GArray *)runs, TpsRunKey, one).key + TPS_RUN_KEY_HASH,
                       g_array_index((GArray *)runs, TpsRunKey, two).key + TPS_RUN_KEY_HASH);
    return order ? order : (one > two) - (one < two);
}

/* The parts of one run get the number of the one that began last. */
static void unite_runs(GArray *parts, const GArray *runs)
{
    g_array_sort_with_data(parts, compare_runs, (gpointer)runs);
    for (guint i = parts->len; i > 1; i--)
        if (tps_runs_are_same(runs, part_at(parts, i - 2)->run, part_at(parts, i - 1)->run))
            part_at(parts, i - 2)->run = part_at(parts, i - 1)->run;
}

/* Most telling first: when a part was run again for a few of its testcases, more say more. */
static void values_of(const TpsRuntimePart *part, int64_t *values)
{
    values[0] = part->testcase_count;
    values[1] = part->execution_us;
    values[2] = part->setup_us;
    values[3] = part->teardown_us;
    values[4] = part->wall_us;
    values[5] = part->planned_us;
    values[6] = part->cpu_us;
    values[7] = part->peak_bytes;
}

static int compare_values(const TpsRuntimePart *a, const TpsRuntimePart *b)
{
    int64_t one[N_VALUES], two[N_VALUES];

    values_of(a, one);
    values_of(b, two);
    for (int i = 0; i < N_VALUES; i++)
        if (one[i] != two[i])
            return one[i] > two[i] ? -1 : 1;
    return 0;
}

/* By run, by part, and of the same part the one first that is to be kept. */
static int compare_parts(const void *a, const void *b)
{
    const TpsRuntimePart *one = a, *two = b;

    if (one->run != two->run)
        return one->run < two->run ? -1 : 1;
    if (one->count != two->count)
        return one->count < two->count ? -1 : 1;
    if (one->index != two->index)
        return one->index < two->index ? -1 : 1;
    return compare_values(one, two);
}

/* Undated parts are a set of values. */
static bool is_same_part(const TpsRuntimePart *a, const TpsRuntimePart *b)
{
    if (a->run == 0 || b->run == 0)
        return compare_parts(a, b) == 0;
    return a->run == b->run && a->count == b->count && a->index == b->index;
}

static void drop_doubles(GArray *parts)
{
    bool dated = part_at(parts, parts->len - 1)->run > 0;
    guint kept = 0;

    for (guint i = 0; i < parts->len; i++) {
        const TpsRuntimePart *part = part_at(parts, i);

        if (dated && part->run == 0)
            continue;
        if (kept && is_same_part(part_at(parts, kept - 1), part))
            continue;
        *part_at(parts, kept++) = *part;
    }
    g_array_set_size(parts, kept);
}

/* Each undated part is a run of its own. */
static void drop_old_runs(GArray *parts)
{
    guint n_runs = 0;
    guint i;

    for (i = parts->len; i > 0; i--) {
        bool is_new = i == parts->len || part_at(parts, i)->run == 0 ||
                      part_at(parts, i)->run != part_at(parts, i - 1)->run;

        n_runs += is_new;
        if (n_runs > TPS_RUNS_MAX)
            break;
    }
    if (i > 0)
        g_array_remove_range(parts, 0, i);
}

void tps_parts_settle(GArray *parts, const GArray *runs)
{
    if (parts->len < 2)
        return;
    unite_runs(parts, runs);
    g_array_sort(parts, compare_parts);
    drop_doubles(parts);
    drop_old_runs(parts);
}
