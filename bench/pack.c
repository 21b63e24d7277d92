/* SPDX-License-Identifier: MIT */

/*
 * How far from the lower bound do parts end, on real duration files? One table per file:
 *
 *   pack data/durations/hypha.json ...
 *   pack --fewest data/durations/hypha.json ...
 *   pack --shapes [N]
 *
 * Each file is a flat JSON object, {id: seconds}, as pytest-split and knapsack write it. The shapes
 * are suites that are hard to pack, of a thousand items up to N (a million): how does the time
 * grow?
 */
#include "core/duration.h"
#include "partition/autopart.h"
#include "partition/bounds.h"
#include "partition/partition.h"

#include <cJSON.h>
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
    g_autofree int64_t *load_us = g_new0(int64_t, (gsize)parts);
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
    printf("%6s %14s %12s %14s %10s %10s %9s\n", "parts", "lower bound s", "round robin",
           "longest first", "tpsched", "best bound", "plan ms");
    for (size_t i = 0; i < G_N_ELEMENTS(n_parts); i++) {
        const int64_t bound = tps_makespan_lower_bound(sorted_us, n, n_parts[i]);
        const int64_t start = g_get_monotonic_time();
        const int64_t longest = by_time(cost_us, n, n_parts[i]);
        const int64_t took = g_get_monotonic_time() - start;
        const int64_t best = tps_makespan_best_bound(sorted_us, n, n_parts[i], longest);

        printf(
            "%6d %14.3f %12.4f %14.6f %10.6f %10.6f %9.2f\n", n_parts[i], tps_us_to_seconds(bound),
            (double)round_robin(cost_us, n, n_parts[i]) / (double)bound,
            (double)longest_first(sorted_us, n, n_parts[i]) / (double)bound,
            (double)longest / (double)bound, (double)longest / (double)best, (double)took / 1000);
    }
}

static GArray *read_costs(const char *path)
{
    GArray *costs = g_array_new(FALSE, FALSE, sizeof(int64_t));
    g_autofree char *text = NULL;
    const cJSON *item;
    gsize length;
    cJSON *root;

    if (!g_file_get_contents(path, &text, &length, NULL))
        return costs;
    root = cJSON_ParseWithLength(text, length);
    cJSON_ArrayForEach(item, root)
    {
        int64_t us;

        if (cJSON_IsNumber(item) && tps_us_from_seconds(item->valuedouble, &us))
            g_array_append_val(costs, us);
    }
    cJSON_Delete(root);
    return costs;
}

static bool bench_file(const char *path)
{
    g_autoptr(GArray) costs = read_costs(path);

    if (costs->len > 0)
        print_table(path, (const int64_t *)(const void *)costs->data, costs->len);
    return costs->len > 0;
}

static double seconds_since(int64_t start)
{
    return (double)(g_get_monotonic_time() - start) / 1e6;
}

/* Over all files and k, for one slack. */
typedef struct {
    int n;
    int n_proven;
    int worst; /* parts beyond the bound */
    double slowest;
} Fewest;

static void count_fewest(Fewest *count, const int64_t *cost_us, size_t n, int slack_ppm)
{
    g_autofree int *part = g_new(int, n);
    int64_t sum_us = 0, longest_us = 0;

    for (size_t i = 0; i < n; i++) {
        sum_us += cost_us[i];
        longest_us = MAX(longest_us, cost_us[i]);
    }
    for (int k = 2; k <= 64; k++) {
        const int64_t limit_us = sum_us / k + 1 + sum_us / k / 1000000 * slack_ppm;
        const int64_t start = g_get_monotonic_time();
        TpsAutopart got;

        if (limit_us < longest_us)
            break;
        got = tps_autopart(cost_us, n, 0, limit_us, part);
        count->n++;
        count->n_proven += got.proven;
        count->worst = MAX(count->worst, got.n_parts - got.lower_bound);
        count->slowest = MAX(count->slowest, seconds_since(start));
    }
}

static int bench_fewest(char **paths, int n_paths)
{
    static const int slack_ppm[] = {0, 1000, 5000, 10000, 20000, 50000};

    printf("%7s %6s %8s %18s %10s\n", "slack %", "limits", "proven %", "parts beyond bound",
           "slowest s");
    for (size_t s = 0; s < G_N_ELEMENTS(slack_ppm); s++) {
        Fewest count = {0};

        for (int i = 0; i < n_paths; i++) {
            g_autoptr(GArray) costs = read_costs(paths[i]);

            count_fewest(&count, (const int64_t *)(const void *)costs->data, costs->len,
                         slack_ppm[s]);
        }
        printf("%7.1f %6d %8.1f %18d %10.3f\n", slack_ppm[s] / 10000.0, count.n,
               100.0 * count.n_proven / MAX(count.n, 1), count.worst, count.slowest);
    }
    return EXIT_SUCCESS;
}

/* A suite of which many parts of a minute are made. */
typedef struct {
    const char *name;
    int64_t (*draw)(GRand *rand, size_t i);
} Shape;

#define LIMIT_US INT64_C(60000000)

static int64_t draw_even(GRand *rand, size_t i)
{
    (void)i;
    return g_rand_int_range(rand, 0, 2000000);
}

static int64_t draw_third(GRand *rand, size_t i)
{
    (void)i;
    return g_rand_int_range(rand, 15060000, 29940000);
}

static int64_t draw_triplet(GRand *rand, size_t i)
{
    (void)i;
    return LIMIT_US / 3 + g_rand_int_range(rand, -300000, 200000);
}

static int64_t draw_equal(GRand *rand, size_t i)
{
    (void)rand;
    (void)i;
    return 7000000;
}

static int64_t draw_two_sizes(GRand *rand, size_t i)
{
    (void)rand;
    return i % 3 ? 7000000 : 11000000;
}

static int64_t draw_giant(GRand *rand, size_t i)
{
    return i == 0 ? 10 * LIMIT_US : draw_even(rand, i);
}

static int64_t draw_power(GRand *rand, size_t i)
{
    (void)i;
    return INT64_C(1) << g_rand_int_range(rand, 0, 26);
}

/* The product of eight factors is near to lognormal, and integer. */
static int64_t draw_lognormal(GRand *rand, size_t i)
{
    int64_t product = 100000;

    (void)i;
    for (int factor = 0; factor < 8; factor++)
        product = product * g_rand_int_range(rand, 30, 200) / 100;
    return MIN(product, LIMIT_US);
}

static int64_t draw_bimodal(GRand *rand, size_t i)
{
    return i % 2 ? draw_even(rand, i) : LIMIT_US / 2 + g_rand_int_range(rand, -5000000, 5000000);
}

static const Shape shapes[] = {
    {"even", draw_even},           {"third", draw_third},         {"triplet", draw_triplet},
    {"equal", draw_equal},         {"two sizes", draw_two_sizes}, {"one giant", draw_giant},
    {"powers of two", draw_power}, {"lognormal", draw_lognormal}, {"half and small", draw_bimodal},
};

static void bench_shape(const Shape *shape, size_t n)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(1);
    g_autofree int64_t *cost_us = g_new(int64_t, n);
    g_autofree int *part = g_new(int, n);
    TpsAutopart autopart;
    int64_t start;

    for (size_t i = 0; i < n; i++)
        cost_us[i] = shape->draw(rand, i);
    printf("%-15s %8zu", shape->name, n);
    for (int parts = 4; parts <= 4096; parts *= 32) {
        start = g_get_monotonic_time();
        tps_partition_by_time(cost_us, n, parts, part);
        printf(" %9.4f", seconds_since(start));
    }
    start = g_get_monotonic_time();
    autopart = tps_autopart(cost_us, n, 0, LIMIT_US, part);
    printf(" %9.4f %8d %8d\n", seconds_since(start), autopart.n_parts, autopart.lower_bound);
    fflush(stdout);
}

static void bench_shapes(size_t n_max)
{
    printf("seconds: %6s %8s %9s %9s %9s %9s %8s\n", "", "items", "4 parts", "128", "4096",
           "autopart", "parts");
    for (size_t i = 0; i < G_N_ELEMENTS(shapes); i++)
        for (size_t n = 1000; n <= n_max; n *= 10)
            bench_shape(&shapes[i], n);
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--fewest") == 0)
        return bench_fewest(argv + 2, argc - 2);
    if (argc > 1 && strcmp(argv[1], "--shapes") == 0) {
        bench_shapes(argc > 2 ? (size_t)g_ascii_strtoull(argv[2], NULL, 10) : 1000000);
        return EXIT_SUCCESS;
    }
    for (int i = 1; i < argc; i++)
        if (!bench_file(argv[i])) {
            fprintf(stderr, "pack: cannot read times from '%s'\n", argv[i]);
            return EXIT_FAILURE;
        }
    return EXIT_SUCCESS;
}
