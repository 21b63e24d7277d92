/* SPDX-License-Identifier: MIT */
#include "scheduler/forward.h"

#include "core/result.h"
#include "scheduler/collect.h"
#include "scheduler/pool_size.h"

#include <string.h>

/* So many tasks are moved one by one; the first ones count most. */
#define MOVES_MAX 100

static int64_t simulate(const int64_t *weight_us, size_t n, int n_workers, const size_t *order)
{
    g_autofree int64_t *ordered_us = g_new(int64_t, MAX(n, 1));

    for (size_t i = 0; i < n; i++)
        ordered_us[i] = weight_us[order[i]];
    return n > 0 ? tps_pool_simulate(ordered_us, n, n_workers, NULL, NULL, NULL) : 0;
}

static void as_planned(size_t *order, size_t n)
{
    for (size_t i = 0; i < n; i++)
        order[i] = i;
}

static void all_in_front(const bool *wanted, size_t n, size_t *order)
{
    size_t place = 0;

    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < n; i++)
            if (wanted[i] == (round == 0))
                order[place++] = i;
}

/* What stands at `from` stands at `to` then, before it or behind. */
static void move(size_t *order, size_t from, size_t to)
{
    size_t task = order[from];

    if (from > to)
        memmove(order + to + 1, order + to, (from - to) * sizeof *order);
    else
        memmove(order + from, order + from + 1, (to - from) * sizeof *order);
    order[to] = task;
}

void tps_forward_order(const int64_t *weight_us, const bool *wanted, size_t n, int n_workers,
                       size_t *order)
{
    size_t n_front = 0;
    int n_moves = 0;
    int64_t planned_us;

    as_planned(order, n);
    planned_us = simulate(weight_us, n, n_workers, order);
    all_in_front(wanted, n, order);
    if (simulate(weight_us, n, n_workers, order) <= planned_us)
        return;
    as_planned(order, n);
    for (size_t i = 0; i < n && n_moves < MOVES_MAX; i++) {
        if (!wanted[order[i]])
            continue;
        n_moves++;
        move(order, i, n_front);
        if (simulate(weight_us, n, n_workers, order) <= planned_us)
            n_front++;
        else
            move(order, n_front, i);
    }
}

static char *key_of(const char *suite, const char *id)
{
    return g_strdup_printf("%zu %s%s", strlen(suite), suite, id);
}

static void add_failed(GHashTable *failed, const TpsPartReport *report)
{
    g_autoptr(GHashTable) good = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < report->results->len; i++) {
        const TpsResult *result = g_ptr_array_index(report->results, i);

        if (!tps_outcome_is_bad(result->outcome))
            g_hash_table_add(good, result->id);
    }
    for (guint i = 0; i < report->planned->len; i++) {
        const char *id = g_ptr_array_index(report->planned, i);

        if (!g_hash_table_contains(good, id))
            g_hash_table_add(failed, key_of(report->suite, id));
    }
}

/* Keys of testcases, owned. */
static GHashTable *failed_in(const char *report_dir)
{
    GHashTable *failed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    const char *paths[] = {report_dir, NULL};
    g_autoptr(TpsCollection) collection =
        g_file_test(report_dir, G_FILE_TEST_IS_DIR) ? tps_collect(paths, NULL) : NULL;

    for (guint i = 0; collection && i < collection->parts->len; i++)
        add_failed(failed, g_ptr_array_index(collection->parts, i));
    return failed;
}

static bool has_failed(GHashTable *failed, const TpsTask *task)
{
    for (guint i = 0; task->testcases && i < task->testcases->len; i++) {
        g_autofree char *key = key_of(task->suite, g_ptr_array_index(task->testcases, i));

        if (g_hash_table_contains(failed, key))
            return true;
    }
    return false;
}

bool *tps_forward_wanted(const TpsPlan *plan, const char *report_dir)
{
    g_autoptr(GHashTable) failed = failed_in(report_dir);
    bool *wanted = g_new0(bool, MAX(plan->tasks->len, 1));

    for (guint i = 0; i < plan->tasks->len; i++) {
        const TpsTask *task = g_ptr_array_index(plan->tasks, i);

        wanted[i] = task->guessed_us > 0 || has_failed(failed, task);
    }
    return wanted;
}
