/* SPDX-License-Identifier: MIT */
#include "core/doubles.h"

#include "core/saturate.h"

#include <string.h>

#define WARNINGS_MAX 20

typedef struct {
    GHashTable *by_id; /* char* -> GPtrArray of TpsResult                              */
    GHashTable *kept;  /* of TpsResult                                                 */
    const char *suite;
    GPtrArray *warnings;
    guint n_warnings;
} Doubles;

static TpsResult *at(const GPtrArray *results, guint i)
{
    return g_ptr_array_index(results, i);
}

static void warn(Doubles *doubles, const char *id, guint n, const char *what)
{
    if (++doubles->n_warnings <= WARNINGS_MAX)
        g_ptr_array_add(doubles->warnings, g_strdup_printf("'%s': '%s' is there %u times, %s",
                                                           doubles->suite, id, n, what));
}

static char *joined(const char *first, const char *second)
{
    if (!first || !second)
        return g_strdup(first ? first : second);
    return g_strconcat(first, g_str_has_suffix(first, "\n") ? "" : "\n", second, NULL);
}

static void replace(char **text, char *other)
{
    g_free(*text);
    *text = other;
}

static int64_t sum_of_times(int64_t a, int64_t b)
{
    if (a == TPS_TIME_UNKNOWN || b == TPS_TIME_UNKNOWN)
        return MAX(a, b);
    return tps_add_sat(a, b);
}

static const char *text_of(const TpsResult *result)
{
    return result->text ? result->text : result->message;
}

/* What any of them says; NULL for nothing. */
static GPtrArray *all_properties(const GPtrArray *same)
{
    GPtrArray *all = NULL;

    for (guint i = 0; i < same->len; i++)
        tps_properties_append(&all, at(same, i)->properties);
    if (all)
        tps_properties_settle(all);
    return all;
}

/* One testcase told in two elements: the error is the worse one; texts in the report's order. */
static TpsResult *unite(TpsResult *first, TpsResult *second)
{
    TpsResult *error = first->outcome == TPS_OUTCOME_ERROR ? first : second;
    TpsResult *failure = error == first ? second : first;

    replace(&error->text, joined(text_of(first), text_of(second)));
    replace(&error->output, joined(first->output, second->output));
    error->time_us = sum_of_times(first->time_us, second->time_us);
    tps_result_free(failure);
    return error;
}

/* What came before: the history of an attempt, and itself when it failed. */
static void move_to_history(GPtrArray *history, TpsResult *result)
{
    g_autoptr(GPtrArray) before = g_steal_pointer(&result->attempts);

    if (before) {
        g_ptr_array_set_free_func(before, NULL);
        for (guint i = 0; i < before->len; i++)
            g_ptr_array_add(history, before->pdata[i]);
    }
    if (tps_outcome_is_bad(result->outcome))
        g_ptr_array_add(history, result);
    else
        tps_result_free(result);
}

/* What of the two goes on; the other one is gone, or history. As tps_result_fold_attempt. */
static TpsResult *follow(GPtrArray *history, TpsResult *result, TpsResult *next)
{
    bool is_news = result->outcome == TPS_OUTCOME_SKIPPED || result->outcome == TPS_OUTCOME_PASSED;

    if (!is_news && next->outcome == TPS_OUTCOME_SKIPPED) {
        tps_result_free(next);
        return result;
    }
    if (!is_news && next->outcome == TPS_OUTCOME_PASSED)
        next->outcome = TPS_OUTCOME_FLAKY;
    move_to_history(history, result);
    return next;
}

/* The same again: a retry follows a failure, so a pass does not undo what fails behind it. */
static TpsResult *fold_attempts(const GPtrArray *same)
{
    GPtrArray *history = tps_results_new();
    TpsResult *result = at(same, 0);

    for (guint i = 1; i < same->len; i++)
        result = follow(history, result, at(same, i));
    if (result->attempts) {
        for (guint i = 0; i < result->attempts->len; i++)
            g_ptr_array_add(history, result->attempts->pdata[i]);
        g_ptr_array_set_free_func(result->attempts, NULL);
        g_ptr_array_unref(result->attempts);
    }
    result->attempts = history;
    if (history->len == 0)
        g_clear_pointer(&result->attempts, g_ptr_array_unref);
    return result;
}

static bool is_told_twice(const GPtrArray *same)
{
    TpsOutcome a = at(same, 0)->outcome;
    TpsOutcome b = at(same, same->len - 1)->outcome;

    return same->len == 2 && tps_outcome_is_bad(a) && tps_outcome_is_bad(b) && a != b;
}

static void warn_of_attempts(Doubles *doubles, const TpsResult *result, guint n, guint n_bad)
{
    if (n_bad == n)
        warn(doubles, result->id, n, "and failed each time: it was run again");
    else if (tps_outcome_is_bad(result->outcome))
        warn(doubles, result->id, n, "and no pass is behind its failure: it failed");
    else
        warn(doubles, result->id, n, "and passes behind a failure: taken for a retry");
}

/* What is left says all that they said of it; each earlier attempt keeps what was said of itself.
 */
static TpsResult *fold_same(Doubles *doubles, const GPtrArray *same, guint n_bad)
{
    GPtrArray *properties = all_properties(same);
    TpsResult *result;

    if (is_told_twice(same)) {
        result = unite(at(same, 0), at(same, 1));
        warn(doubles, result->id, 2, "a failure and an error: they are one testcase");
    } else {
        result = fold_attempts(same);
        warn_of_attempts(doubles, result, same->len, n_bad);
    }
    g_clear_pointer(&result->properties, g_ptr_array_unref);
    result->properties = properties;
    return result;
}

/* By where they stand, in the order in which the places come first; some frameworks say it. */
static GPtrArray *group_by_place(const GPtrArray *all)
{
    GPtrArray *groups = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    g_autoptr(GHashTable) by_place = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; i < all->len; i++) {
        const TpsResult *result = at(all, i);
        g_autofree char *place = g_strdup_printf("%" G_GINT64_FORMAT ":%s", result->line,
                                                 result->file ? result->file : "");
        GPtrArray *group = g_hash_table_lookup(by_place, place);

        if (!group) {
            group = g_ptr_array_new();
            g_ptr_array_add(groups, group);
            g_hash_table_insert(by_place, g_steal_pointer(&place), group);
        }
        g_ptr_array_add(group, g_ptr_array_index(all, i));
    }
    return groups;
}

static guint count_bad(const GPtrArray *results)
{
    guint n = 0;

    for (guint i = 0; i < results->len; i++)
        n += tps_outcome_is_bad(at(results, i)->outcome);
    return n;
}

/* "a" is the first of its name; the others get the next number that nobody has. */
static void number(Doubles *doubles, TpsResult *result, const char *id, guint *n)
{
    char *name = NULL;

    if (++*n == 1)
        return;
    while (!name) {
        name = g_strdup_printf("%s [%u]", id, *n);
        if (g_hash_table_contains(doubles->by_id, name)) {
            g_clear_pointer(&name, g_free);
            ++*n;
        }
    }
    replace(&result->id, name);
}

/* All of one name. */
static void settle(Doubles *doubles, const GPtrArray *all)
{
    g_autofree char *id = g_strdup(at(all, 0)->id);
    g_autoptr(GPtrArray) groups = group_by_place(all);
    guint n = 0;

    for (guint i = 0; i < groups->len; i++) {
        GPtrArray *same = g_ptr_array_index(groups, i);
        guint n_bad = count_bad(same);

        if (n_bad > 0 && same->len > 1) {
            same->pdata[0] = fold_same(doubles, same, n_bad);
            g_ptr_array_set_size(same, 1);
        }
        for (guint j = 0; j < same->len; j++) {
            number(doubles, at(same, j), id, &n);
            g_hash_table_add(doubles->kept, at(same, j));
        }
    }
    if (n > 1)
        warn(doubles, id, all->len, "which is more than one testcase");
}

/* Lists by id, in the order in which the names come first. False when no name comes twice. */
static bool gather(GHashTable *by_id, GPtrArray *groups, const GPtrArray *results)
{
    for (guint i = 0; i < results->len; i++) {
        TpsResult *result = at(results, i);
        GPtrArray *group = g_hash_table_lookup(by_id, result->id);

        if (!group) {
            group = g_ptr_array_new();
            g_ptr_array_add(groups, group);
            g_hash_table_insert(by_id, g_strdup(result->id), group);
        }
        g_ptr_array_add(group, result);
    }
    return groups->len < results->len;
}

/* What is not kept is gone already. */
static void drop(GPtrArray *results, GHashTable *kept)
{
    guint n = 0;

    for (guint i = 0; i < results->len; i++)
        if (g_hash_table_contains(kept, results->pdata[i]))
            results->pdata[n++] = results->pdata[i];
    g_ptr_array_set_free_func(results, NULL);
    g_ptr_array_set_size(results, (gint)n);
    g_ptr_array_set_free_func(results, (GDestroyNotify)tps_result_free);
}

void tps_doubles_fold(GPtrArray *results, const char *suite, GPtrArray *warnings)
{
    g_autoptr(GHashTable) by_id = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) kept = g_hash_table_new(NULL, NULL);
    g_autoptr(GPtrArray) groups = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    Doubles doubles = {by_id, kept, suite, warnings, 0};

    if (!gather(by_id, groups, results))
        return;
    for (guint i = 0; i < groups->len; i++) {
        GPtrArray *group = g_ptr_array_index(groups, i);

        if (group->len > 1)
            settle(&doubles, group);
        else
            g_hash_table_add(kept, at(group, 0));
    }
    drop(results, kept);
    if (doubles.n_warnings > WARNINGS_MAX)
        g_ptr_array_add(warnings, g_strdup_printf("'%s': %u more names are reported several times",
                                                  suite, doubles.n_warnings - WARNINGS_MAX));
}
