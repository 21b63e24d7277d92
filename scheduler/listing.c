/* SPDX-License-Identifier: MIT */
#include "scheduler/listing.h"

#include "adapters/framework.h"
#include "core/error.h"
#include "scheduler/pause_watch.h"
#include "scheduler/stop.h"

/* Its definition is there and makes sense. */
static bool check_framework(const TpsSuite *suite, GError **error)
{
    if (tps_framework_load(suite->framework, error))
        return true;
    g_prefix_error(error, "suite '%s': ", suite->name);
    return false;
}

static bool list_suite(const TpsSuite *suite, TpsExecutor *executor, GHashTable *listings,
                       GError **error)
{
    GPtrArray *testcases;

    if (!check_framework(suite, error))
        return false;
    testcases = tps_framework_list(suite, executor, 0, error);
    if (testcases)
        g_hash_table_insert(listings, suite->name, testcases);
    return testcases != NULL;
}

static bool list_all(const TpsPlanFile *file, GHashTable *wanted, TpsExecutor *executor,
                     GHashTable *listings, GError **error)
{
    for (guint i = 0; i < file->suites->len; i++) {
        const TpsSuite *suite = g_ptr_array_index(file->suites, i);
        bool listed = (wanted && !g_hash_table_contains(wanted, suite->name)) ||
                      list_suite(suite, executor, listings, error);

        if (tps_stop_count() > 0) {
            g_clear_error(error);
            g_set_error(error, TPS_ERROR, TPS_ERROR_INTERRUPTED, "interrupted while listing");
            return false;
        }
        if (!listed)
            return false;
    }
    return true;
}

GHashTable *tps_list_suites(const TpsPlanFile *file, GHashTable *wanted, GError **error)
{
    g_autoptr(GHashTable) listings =
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_ptr_array_unref);
    g_autoptr(TpsExecutor) executor = tps_local_executor_new(1, TPS_ISOLATION_AUTO, error);
    TpsPauseWatch *watch;
    bool listed;

    if (!executor)
        return NULL;
    tps_stop_attach(executor);
    watch = tps_pause_watch_new();
    listed = list_all(file, wanted, executor, listings, error);
    tps_pause_watch_free(watch);
    tps_stop_attach(NULL);
    return listed ? g_steal_pointer(&listings) : NULL;
}
