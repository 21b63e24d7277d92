/* SPDX-License-Identifier: MIT */
#include "scheduler/compare.h"

#include "core/saturate.h"

#include <string.h>

__extension__ typedef __int128 Wide;

static const char *const change_names[] = {
    [TPS_CHANGE_NEW_FAILURE] = "new_failures",
    [TPS_CHANGE_STILL_FAILING] = "still_failing",
    [TPS_CHANGE_FIXED] = "fixed",
    [TPS_CHANGE_FLAKY] = "flaky",
    [TPS_CHANGE_SLOWER] = "slower",
    [TPS_CHANGE_FASTER] = "faster",
    [TPS_CHANGE_ADDED] = "added",
    [TPS_CHANGE_REMOVED] = "removed",
};

const char *tps_change_name(TpsChangeKind kind)
{
    return change_names[kind];
}

static void change_free(TpsChange *change)
{
    g_free(change->suite);
    g_free(change->id);
    g_free(change->message);
    g_free(change);
}

void tps_comparison_free(TpsComparison *comparison)
{
    if (!comparison)
        return;
    for (int i = 0; i < TPS_CHANGE_LAST; i++)
        g_ptr_array_unref(comparison->changes[i]);
    g_free(comparison);
}

/* What is kept of a testcase of the first run. */
typedef struct {
    int64_t time_us;
    TpsOutcome outcome;
    bool met; /* in the second run, too */
} Past;

typedef struct {
    TpsComparison *comparison;
    GHashTable *past; /* "suite\0id" as GBytes (owned) -> Past */
    const TpsSlowness *slowness;
} Comparing;

/* A name may hold any byte but NUL. */
static GBytes *key_of(const TpsReportSuite *suite, const TpsResult *result)
{
    size_t n_suite = strlen(suite->name) + 1;
    size_t n_id = strlen(result->id) + 1;
    char *key = g_malloc(n_suite + n_id);

    memcpy(key, suite->name, n_suite);
    memcpy(key + n_suite, result->id, n_id);
    return g_bytes_new_take(key, n_suite + n_id);
}

static bool remember(const TpsReportSuite *suite, const TpsResult *result, void *user,
                     GError **error)
{
    Comparing *comparing = user;
    Past *past = g_new0(Past, 1);

    (void)error;
    past->time_us = result->time_us;
    past->outcome = result->outcome;
    g_hash_table_replace(comparing->past, key_of(suite, result), past);
    comparing->comparison->n_before++;
    return true;
}

static void add(Comparing *comparing, TpsChangeKind kind, const char *suite, const char *id,
                const char *message, int64_t before_us, int64_t after_us)
{
    TpsChange *change = g_new0(TpsChange, 1);

    change->suite = g_strdup(suite);
    change->id = g_strdup(id);
    change->message = g_strdup(message);
    change->before_us = before_us;
    change->after_us = after_us;
    g_ptr_array_add(comparing->comparison->changes[kind], change);
}

/* Is `more` longer than `less` by enough? */
static bool is_longer(const TpsSlowness *slowness, int64_t less_us, int64_t more_us)
{
    int64_t gap_us = more_us - less_us;

    return gap_us >= slowness->least_us &&
           (Wide)gap_us * 1000000 >= (Wide)less_us * slowness->ratio_ppm;
}

static bool passes(TpsOutcome outcome)
{
    return outcome == TPS_OUTCOME_PASSED || outcome == TPS_OUTCOME_FLAKY;
}

/* What counts of it is one thing, the gravest; that it became slower is told beside being flaky. */
static void compare_times(Comparing *comparing, const char *suite, const TpsResult *result,
                          const Past *past)
{
    TpsComparison *comparison = comparing->comparison;

    if (!passes(result->outcome) || !passes(past->outcome) || past->time_us < 0 ||
        result->time_us < 0)
        return;
    comparison->before_us = tps_add_sat(comparison->before_us, past->time_us);
    comparison->after_us = tps_add_sat(comparison->after_us, result->time_us);
    if (is_longer(comparing->slowness, past->time_us, result->time_us))
        add(comparing, TPS_CHANGE_SLOWER, suite, result->id, NULL, past->time_us, result->time_us);
    if (is_longer(comparing->slowness, result->time_us, past->time_us))
        add(comparing, TPS_CHANGE_FASTER, suite, result->id, NULL, past->time_us, result->time_us);
}

static bool compare_one(const TpsReportSuite *suite, const TpsResult *result, void *user,
                        GError **error)
{
    Comparing *comparing = user;
    g_autoptr(GBytes) key = key_of(suite, result);
    Past *past = g_hash_table_lookup(comparing->past, key);
    int64_t before_us = past ? past->time_us : TPS_TIME_UNKNOWN;
    bool was_bad = past && tps_outcome_is_bad(past->outcome);
    TpsChangeKind kind = TPS_CHANGE_LAST;

    (void)error;
    comparing->comparison->n_after++;
    if (tps_outcome_is_bad(result->outcome))
        kind = was_bad ? TPS_CHANGE_STILL_FAILING : TPS_CHANGE_NEW_FAILURE;
    else if (was_bad && passes(result->outcome))
        kind = TPS_CHANGE_FIXED;
    else if (!past)
        kind = TPS_CHANGE_ADDED;
    if (kind != TPS_CHANGE_LAST)
        add(comparing, kind, suite->name, result->id, result->message, before_us, result->time_us);
    if (result->outcome == TPS_OUTCOME_FLAKY)
        add(comparing, TPS_CHANGE_FLAKY, suite->name, result->id, NULL, before_us, result->time_us);
    if (past) {
        past->met = true;
        compare_times(comparing, suite->name, result, past);
    }
    return true;
}

static bool visit_all(const TpsReport *report, TpsResultVisitor visit, Comparing *comparing,
                      GError **error)
{
    for (guint i = 0; i < report->suites->len; i++)
        if (!tps_report_visit(report, g_ptr_array_index(report->suites, i), visit, comparing,
                              error))
            return false;
    return true;
}

static void add_removed(Comparing *comparing)
{
    GHashTableIter iter;
    gpointer key;
    gpointer value;

    g_hash_table_iter_init(&iter, comparing->past);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        const char *suite = g_bytes_get_data(key, NULL);
        const Past *past = value;

        if (!past->met)
            add(comparing, TPS_CHANGE_REMOVED, suite, suite + strlen(suite) + 1, NULL,
                past->time_us, TPS_TIME_UNKNOWN);
    }
}

static int compare_names(const TpsChange *x, const TpsChange *y)
{
    int order = strcmp(x->suite, y->suite);

    return order ? order : strcmp(x->id, y->id);
}

static int by_name(const void *a, const void *b)
{
    return compare_names(*(const TpsChange *const *)a, *(const TpsChange *const *)b);
}

static int by_gap(const void *a, const void *b)
{
    const TpsChange *x = *(const TpsChange *const *)a;
    const TpsChange *y = *(const TpsChange *const *)b;
    int64_t gap_x = ABS(x->after_us - x->before_us);
    int64_t gap_y = ABS(y->after_us - y->before_us);

    if (gap_x != gap_y)
        return gap_x > gap_y ? -1 : 1;
    return compare_names(x, y);
}

static void sort(TpsComparison *comparison)
{
    for (int i = 0; i < TPS_CHANGE_LAST; i++)
        g_ptr_array_sort(comparison->changes[i],
                         i == TPS_CHANGE_SLOWER || i == TPS_CHANGE_FASTER ? by_gap : by_name);
}

TpsComparison *tps_compare(const TpsReport *before, const TpsReport *after,
                           const TpsSlowness *slowness, GError **error)
{
    g_autoptr(TpsComparison) comparison = g_new0(TpsComparison, 1);
    g_autoptr(GHashTable) past =
        g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, g_free);
    Comparing comparing = {.comparison = comparison, .past = past, .slowness = slowness};

    for (int i = 0; i < TPS_CHANGE_LAST; i++)
        comparison->changes[i] = g_ptr_array_new_with_free_func((GDestroyNotify)change_free);
    if (!visit_all(before, remember, &comparing, error) ||
        !visit_all(after, compare_one, &comparing, error))
        return NULL;
    add_removed(&comparing);
    sort(comparison);
    return g_steal_pointer(&comparison);
}
