/* SPDX-License-Identifier: MIT */
#include "core/names.h"
#include "scheduler/merge_internal.h"

#include <string.h>

/* A testcase that a part ran though another one was to run it. */
typedef struct {
    char *id;    /* owned */
    int stray;   /* the part that ran it      */
    int planned; /* the part it is planned in */
} Stray;

static void stray_clear(void *data)
{
    g_free(((Stray *)data)->id);
}

GArray *tps_merge_strays_new(void)
{
    GArray *strays = g_array_new(FALSE, FALSE, sizeof(Stray));

    g_array_set_clear_func(strays, stray_clear);
    return strays;
}

void tps_merge_strays_add(GArray *strays, const char *id, int stray, int planned)
{
    Stray it = {g_strdup(id), stray, planned};

    g_array_append_val(strays, it);
}

static int compare(const void *a, const void *b)
{
    const Stray *x = a;
    const Stray *y = b;

    return x->stray != y->stray ? (x->stray > y->stray) - (x->stray < y->stray)
                                : (x->planned > y->planned) - (x->planned < y->planned);
}

/* Those that have a result of their own part, too. */
static GHashTable *executed_of(const TpsReportSuite *suite)
{
    GHashTable *executed = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < suite->results->len; i++) {
        const TpsResult *result = g_ptr_array_index(suite->results, i);

        if (result->outcome != TPS_OUTCOME_SKIPPED && !tps_merge_is_missing(result))
            g_hash_table_add(executed, result->id);
    }
    return executed;
}

void tps_merge_say_strays(TpsReport *merge, const TpsReportSuite *suite, GArray *strays)
{
    g_autoptr(GHashTable) executed = executed_of(suite);

    g_array_sort(strays, compare);
    for (guint i = 0, next; i < strays->len; i = next) {
        const Stray *first = &g_array_index(strays, Stray, i);
        g_autoptr(GPtrArray) names = g_ptr_array_new();
        g_autofree char *some = NULL;

        for (next = i; next < strays->len; next++) {
            const Stray *stray = &g_array_index(strays, Stray, next);

            if (compare(stray, first) != 0)
                break;
            if (g_hash_table_contains(executed, stray->id))
                g_ptr_array_add(names, stray->id);
        }
        if (names->len == 0)
            continue;
        some = tps_names_some(names);
        tps_report_add_problem(merge, "%s: ran in parts %d and %d: %s", suite->name,
                               MIN(first->stray, first->planned), MAX(first->stray, first->planned),
                               some);
    }
}
