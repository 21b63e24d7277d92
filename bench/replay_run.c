/* SPDX-License-Identifier: MIT */
#include "bench/replay_run.h"

#include "bench/replay_predict.h"

#include "core/duration.h"
#include "scheduler/pool_size.h"

#include <stdlib.h>
#include <string.h>

#define MIN_ITEMS 10
#define MIN_SHARE 0.3
#define DAY (24 * 60 * 60)

typedef struct {
    int64_t expected_us, last_us, real_us, guessed_us;
    uint32_t file;
    bool unknown;
    uint32_t position;
} Item;

static void run_free(gpointer data)
{
    ReplayRun *run = data;

    g_free(run->expected_us);
    g_free(run->last_us);
    g_free(run->real_us);
    g_free(run->file);
    g_free(run->listed);
    g_free(run->guessed);
    g_free(run);
}

/* A number for the file of each item, counted from 0 by first appearance. */
static uint32_t *number_files(const ReplayHistory *history, uint32_t *n_files)
{
    g_autoptr(GHashTable) files = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    uint32_t *file = g_new(uint32_t, history->n_items);

    for (guint i = 0; i < history->n_items; i++) {
        const char *end = strstr(history->ids[i], "::");
        char *path = end ? g_strndup(history->ids[i], (gsize)(end - history->ids[i]))
                         : g_strdup(history->ids[i]);
        gpointer number;

        if (g_hash_table_lookup_extended(files, path, NULL, &number)) {
            file[i] = GPOINTER_TO_UINT(number);
            g_free(path);
        } else {
            file[i] = g_hash_table_size(files);
            g_hash_table_insert(files, path, GUINT_TO_POINTER(file[i]));
        }
    }
    *n_files = g_hash_table_size(files);
    return file;
}

static int compare_items(const void *a, const void *b)
{
    const Item *one = a, *two = b;

    if (one->expected_us != two->expected_us)
        return one->expected_us < two->expected_us ? 1 : -1;
    return (one->position > two->position) - (one->position < two->position);
}

static int64_t last_of(const ReplayPast *past)
{
    return past->n > 0 ? past->sample[past->n - 1].us : -1;
}

/* What was never measured takes the mean of what was. */
static void fill_last(GArray *items)
{
    int64_t sum_us = 0, n = 0;

    for (guint i = 0; i < items->len; i++)
        if (!g_array_index(items, Item, i).unknown) {
            sum_us += g_array_index(items, Item, i).last_us;
            n++;
        }
    for (guint i = 0; i < items->len; i++)
        if (g_array_index(items, Item, i).unknown)
            g_array_index(items, Item, i).last_us = n > 0 ? sum_us / n : 1;
}

/* The items this version executed; *share is how much of its time they are. */
static GArray *executed_items(const ReplayWalk *walk, const uint32_t *file, double *share)
{
    g_autofree TpsPrediction *prediction = replay_predict(walk);
    GArray *items = g_array_new(FALSE, FALSE, sizeof(Item));
    double real = 0, executed = 0;

    for (guint i = 0; i < walk->n_listing; i++) {
        const uint32_t id = walk->listing[i];
        Item item = {.expected_us = prediction[i].expected_us,
                     .real_us = walk->real_us[id],
                     .file = file[id],
                     .position = i};

        real += (double)item.real_us;
        if (!walk->measured[id])
            continue;
        executed += (double)item.real_us;
        item.unknown = walk->past[id].n == 0;
        item.last_us = last_of(&walk->past[id]);
        item.guessed_us = item.unknown ? item.expected_us : 0;
        g_array_append_val(items, item);
    }
    *share = real > 0 ? executed / real : 0;
    fill_last(items);
    return items;
}

/* One item for all those of a file. */
static void merge_files(GArray *items, uint32_t n_files)
{
    g_autofree size_t *place = g_new0(size_t, n_files); /* + 1 */
    size_t n = 0;

    for (guint i = 0; i < items->len; i++) {
        const Item item = g_array_index(items, Item, i);
        Item *merged;

        if (place[item.file] == 0) {
            g_array_index(items, Item, n) = item;
            place[item.file] = ++n;
            continue;
        }
        merged = &g_array_index(items, Item, place[item.file] - 1);
        merged->expected_us += item.expected_us;
        merged->last_us += item.last_us;
        merged->real_us += item.real_us;
        merged->unknown &= item.unknown;
        merged->guessed_us += item.guessed_us;
    }
    g_array_set_size(items, (guint)n);
}

static ReplayRun *run_new(GArray *items, uint32_t n_files)
{
    ReplayRun *run = g_new0(ReplayRun, 1);
    double expected = 0, guessed = 0;

    g_array_sort(items, compare_items);
    run->n = items->len;
    run->n_files = n_files;
    run->expected_us = g_new(int64_t, run->n);
    run->last_us = g_new(int64_t, run->n);
    run->real_us = g_new(int64_t, run->n);
    run->file = g_new(uint32_t, run->n);
    run->listed = g_new(uint32_t, run->n);
    run->guessed = g_new(bool, run->n);
    for (size_t i = 0; i < run->n; i++) {
        const Item *item = &g_array_index(items, Item, i);

        run->expected_us[i] = item->expected_us;
        run->last_us[i] = item->last_us;
        run->real_us[i] = item->real_us;
        run->file[i] = item->file;
        run->listed[i] = item->position;
        run->guessed[i] = item->unknown;
        expected += (double)item->expected_us;
        guessed += (double)item->guessed_us;
    }
    run->guessed_ppm = expected > 0 ? (int64_t)(1e6 * guessed / expected) : 0;
    return run;
}

GPtrArray *replay_runs(const ReplayHistory *history, bool by_file)
{
    GPtrArray *runs = g_ptr_array_new_with_free_func(run_free);
    uint32_t n_files;
    g_autofree uint32_t *file = number_files(history, &n_files);
    int64_t before = history->versions[0].time;

    for (ReplayWalk *walk = replay_walk_new(history); walk; walk = replay_walk_next(walk)) {
        const int64_t now = history->versions[walk->version].time;
        g_autoptr(GArray) items = NULL;
        ReplayRun *run;
        double share;

        items = executed_items(walk, file, &share);
        if (items->len < MIN_ITEMS || share < MIN_SHARE)
            continue;
        if (by_file)
            merge_files(items, n_files);
        run = run_new(items, n_files);
        run->version = walk->version;
        run->age_days = MAX(0, now - before) / DAY;
        before = now;
        g_ptr_array_add(runs, run);
    }
    return runs;
}

static int compare_descending(const void *a, const void *b)
{
    const int64_t one = *(const int64_t *)a, two = *(const int64_t *)b;

    return (one < two) - (one > two);
}

int64_t *replay_longest_first(const int64_t *us, size_t n)
{
    int64_t *sorted_us = g_memdup2(us, n * sizeof *us);

    qsort(sorted_us, n, sizeof *sorted_us, compare_descending);
    return sorted_us;
}

int64_t *replay_makespans(const int64_t *weight_us, size_t n, int n_sizes)
{
    int64_t *makespan_us = g_new(int64_t, (gsize)n_sizes);

    for (int size = 1; size <= n_sizes; size++)
        makespan_us[size - 1] = tps_pool_simulate(weight_us, n, size, NULL, NULL, NULL);
    return makespan_us;
}
