/* SPDX-License-Identifier: MIT */
#include "cli/run_pool.h"

#include "cli/option_values.h"

static int slots_of(const TpsPlan *plan, const char *name)
{
    const TpsPlanSuite *suite = tps_plan_find_suite(plan, name);

    return suite && suite->needs ? suite->needs->slots : 1;
}

/* More workers could not have anything to do at the same time. */
static int most_workers(const TpsPlan *scope, const TpsPlanFile *file, bool splits)
{
    int64_t most = 0;

    for (guint i = 0; i < scope->tasks->len; i++) {
        const TpsTask *task = g_ptr_array_index(scope->tasks, i);
        const TpsSuite *suite = tps_plan_file_find(file, task->suite);

        most += splits && suite && suite->parts == TPS_AUTO
                    ? MAX((int)task->n_testcases, slots_of(scope, task->suite))
                    : slots_of(scope, task->suite);
    }
    return (int)CLAMP(most, 1, G_MAXINT);
}

static bool choose_max_size(const TpsRunPoolWish *wish, const TpsPlanFile *file, TpsRunPool *pool,
                            GError **error)
{
    int max_size = file->pool_max_size ? file->pool_max_size : (int)g_get_num_processors();

    if (!tps_option_count("--max-size", wish->max_size, false, &max_size, error))
        return false;
    pool->max_size = MAX(pool->size, max_size);
    return true;
}

bool tps_run_pool_choose(const TpsRunPoolWish *wish, int planned, const TpsPlan *scope,
                         const TpsPlanFile *file, TpsRunPool *pool, GError **error)
{
    int most = most_workers(scope, file, wish->splits);

    pool->splits = wish->splits;
    pool->size = wish->is_shard ? 1 : planned;
    if (!tps_option_count("--size", wish->size, false, &pool->size, error))
        return false;
    pool->max_size = pool->size;
    if (wish->elastic && !wish->is_shard && !choose_max_size(wish, file, pool, error))
        return false;
    pool->size = MIN(pool->size, most);
    pool->max_size = MIN(pool->max_size, most);
    return true;
}
