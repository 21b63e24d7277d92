/* SPDX-License-Identifier: MIT */
#include "scheduler/units.h"

#include <string.h>

/* The number of a key, a new one for a new key; takes it. */
static int number_of(GHashTable *known, char *key, int next)
{
    gpointer number;

    if (g_hash_table_lookup_extended(known, key, NULL, &number)) {
        g_free(key);
        return GPOINTER_TO_INT(number);
    }
    g_hash_table_insert(known, key, GINT_TO_POINTER(next));
    return next;
}

static int number_by_key(const GPtrArray *testcases, TpsUnit unit, int *of)
{
    g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    int n = 0;

    for (guint i = 0; i < testcases->len; i++) {
        const TpsTestcase *testcase = g_ptr_array_index(testcases, i);

        of[i] = number_of(known, g_strdup(tps_testcase_unit_key(testcase, unit)), n);
        n += of[i] == n;
    }
    return n;
}

/* The sets of joined units, each known by one of its members. */
static int find_root(int *parent, int unit)
{
    while (parent[unit] != unit) {
        parent[unit] = parent[parent[unit]]; /* halves the path for the next one */
        unit = parent[unit];
    }
    return unit;
}

/* What the parentheses hold, with lengths, so that no two lists of texts look the same. */
static char *captures(GMatchInfo *match, const char *id)
{
    GString *key = g_string_new(NULL);
    int count = g_match_info_get_match_count(match);

    for (int i = 1; i < count; i++) {
        int start = 0;
        int end = 0;

        g_match_info_fetch_pos(match, i, &start, &end);
        g_string_append_printf(key, "%d:", end - start);
        if (start >= 0)
            g_string_append_len(key, id + start, end - start);
    }
    return g_string_free(key, FALSE);
}

static void join(const GPtrArray *testcases, const char *pattern, const int *of, int *parent)
{
    g_autoptr(GRegex) regex = g_regex_new(pattern, G_REGEX_RAW | G_REGEX_OPTIMIZE, 0, NULL);
    g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; regex && i < testcases->len; i++) {
        const TpsTestcase *testcase = g_ptr_array_index(testcases, i);
        g_autoptr(GMatchInfo) match = NULL;
        int unit = find_root(parent, of[i]);
        int home;

        if (!g_regex_match(regex, testcase->id, 0, &match))
            continue;
        home = find_root(parent, number_of(known, captures(match, testcase->id), unit));
        parent[MAX(home, unit)] = MIN(home, unit);
    }
}

static bool are_glued(const GPtrArray *testcases)
{
    for (guint i = 0; i < testcases->len; i++)
        if (((const TpsTestcase *)g_ptr_array_index(testcases, i))->glue)
            return true;
    return false;
}

/* A glued one has the id of another one, or a key of their own. */
static void join_glued(const GPtrArray *testcases, const int *of, int *parent)
{
    g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; i < testcases->len; i++) {
        const TpsTestcase *testcase = g_ptr_array_index(testcases, i);
        const char *glue = testcase->glue ? testcase->glue : testcase->id;
        int unit = find_root(parent, of[i]);
        int home = find_root(parent, number_of(known, g_strdup(glue), unit));

        parent[MAX(home, unit)] = MIN(home, unit);
    }
}

/* Number the joined units again, in the order of their first appearance. */
static int renumber(int *of, guint n_testcases, int *parent, int n_units)
{
    g_autofree int *number = g_new(int, (gsize)n_units);
    int n = 0;

    memset(number, -1, (size_t)n_units * sizeof *number);
    for (guint i = 0; i < n_testcases; i++) {
        int root = find_root(parent, of[i]);

        if (number[root] < 0)
            number[root] = n++;
        of[i] = number[root];
    }
    return n;
}

bool tps_units_are_testcases(const GPtrArray *testcases, TpsUnit unit, char *const *group)
{
    return unit == TPS_UNIT_TESTCASE && !(group && *group) && !are_glued(testcases);
}

size_t tps_units_number(const GPtrArray *testcases, TpsUnit unit, char *const *group, int *of)
{
    g_autofree int *parent = NULL;
    int n = number_by_key(testcases, unit, of);
    bool is_glued = are_glued(testcases);

    if (!is_glued && (!group || !*group))
        return (size_t)n;
    parent = g_new(int, (gsize)n);
    for (int i = 0; i < n; i++)
        parent[i] = i;
    if (is_glued)
        join_glued(testcases, of, parent);
    for (; group && *group; group++)
        join(testcases, *group, of, parent);
    return (size_t)renumber(of, testcases->len, parent, n);
}

guint tps_units_take_along(const GPtrArray *testcases, TpsUnit unit, bool *is_taken)
{
    g_autofree bool *is_wanted = NULL;
    g_autofree int *of = NULL;
    guint n_along = 0;

    if (tps_units_are_testcases(testcases, unit, NULL))
        return 0;
    of = g_new(int, MAX(testcases->len, 1));
    is_wanted = g_new0(bool, MAX(tps_units_number(testcases, unit, NULL, of), 1));
    for (guint i = 0; i < testcases->len; i++)
        is_wanted[of[i]] |= is_taken[i];
    for (guint i = 0; i < testcases->len; i++) {
        n_along += is_wanted[of[i]] && !is_taken[i];
        is_taken[i] = is_wanted[of[i]];
    }
    return n_along;
}
