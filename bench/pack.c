/* SPDX-License-Identifier: MIT */

/*
 * How far from the lower bound do parts end, on real duration files? One table per file:
 *
 *   pack data/durations/hypha.json ...
 *
 * Each file is a flat JSON object, {id: seconds}, as pytest-split and knapsack write it.
 */
#include "core/duration.h"
#include "partition/bounds.h"
#include "partition/partition.h"

#include <cJSON.h>
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>

static const int n_parts[] = {2, 4, 8, 16, 32, 64};

static int64_t round_robin(const int64_t *cost_us, size_t n, int parts)
{
    g_autofree int *part = g_new(int, n);

    for (size_t i = 0; i < n; i++)
        part[i] = (int)(i % (size_t)parts);
    return tps_partition_makespan(cost_us, part, n, parts);
}

/* Longest first without a search: what every other tool that knows times does. */
static int64_t longest_first(const int64_t *sorted_us, size_t n, int parts)
{
    g_autofree int64_t *load_us = g_new0(int64_t, parts);
    int64_t longest = 0;

    for (size_t i = 0; i < n; i++) {
        int shortest = 0;

        for (int p = 1; p < parts; p++)
            if (load_us[p] < load_us[shortest])
                shortest = p;
        load_us[shortest] += sorted_us[i];
        longest = MAX(longest, load_us[shortest]);
    }
    return longest;
}

static int64_t by_time(const int64_t *cost_us, size_t n, int parts)
{
    g_autofree int *part = g_new(int, n);

    tps_partition_by_time(cost_us, n, parts, part);
    return tps_partition_makespan(cost_us, part, n, parts);
}

static int compare_descending(const void *a, const void *b)
{
    const int64_t one = *(const int64_t *)a, two = *(const int64_t *)b;

    return one < two ? 1 : one > two ? -1 : 0;
}

static void print_table(const char *path, const int64_t *cost_us, size_t n)
{
    g_autofree int64_t *sorted_us = g_memdup2(cost_us, n * sizeof *cost_us);

    qsort(sorted_us, n, sizeof *sorted_us, compare_descending);
    printf("%s: %zu items; longest part / lower bound\n", path, n);
    printf("%6s %14s %12s %14s %10s %9s\n", "parts", "lower bound s", "round robin",
           "longest first", "tpsched", "plan ms");
    for (size_t i = 0; i < G_N_ELEMENTS(n_parts); i++) {
        const int64_t bound = tps_makespan_lower_bound(sorted_us, n, n_parts[i]);
        const int64_t start = g_get_monotonic_time();
        const int64_t longest = by_time(cost_us, n, n_parts[i]);
        const int64_t took = g_get_monotonic_time() - start;

        printf("%6d %14.3f %12.4f %14.6f %10.6f %9.2f\n", n_parts[i], tps_us_to_seconds(bound),
               (double)round_robin(cost_us, n, n_parts[i]) / (double)bound,
               (double)longest_first(sorted_us, n, n_parts[i]) / (double)bound,
               (double)longest / (double)bound, (double)took / 1000);
    }
}

static bool bench_file(const char *path)
{
    g_autoptr(GArray) costs = g_array_new(FALSE, FALSE, sizeof(int64_t));
    g_autofree char *text = NULL;
    const cJSON *item;
    gsize length;
    cJSON *root;

    if (!g_file_get_contents(path, &text, &length, NULL))
        return false;
    root = cJSON_ParseWithLength(text, length);
    cJSON_ArrayForEach(item, root)
    {
        int64_t us;

        if (cJSON_IsNumber(item) && tps_us_from_seconds(item->valuedouble, &us))
            g_array_append_val(costs, us);
    }
    cJSON_Delete(root);
    if (costs->len > 0)
        print_table(path, (const int64_t *)(const void *)costs->data, costs->len);
    return costs->len > 0;
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (!bench_file(argv[i])) {
            fprintf(stderr, "pack: cannot read times from '%s'\n", argv[i]);
            return EXIT_FAILURE;
        }
    return EXIT_SUCCESS;
}
