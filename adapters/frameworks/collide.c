/* SPDX-License-Identifier: MIT */
#include "adapters/frameworks/records_internal.h"

#include <string.h>

/* Disjoint sets by index; the smallest member is the root, so that keys don't depend on order. */
static guint find_root(guint *parent, guint i)
{
    while (parent[i] != i) {
        parent[i] = parent[parent[i]];
        i = parent[i];
    }
    return i;
}

static void unite(guint *parent, guint a, guint b)
{
    guint root_a = find_root(parent, a);
    guint root_b = find_root(parent, b);

    parent[MAX(root_a, root_b)] = MIN(root_a, root_b);
}

/* As the framework compares it. */
static char *compared(const TpsTestcase *testcase, unsigned collide)
{
    const char *name = testcase->selector ? testcase->selector : testcase->id;

    return collide & TPS_COLLIDE_CASE ? g_ascii_strdown(name, -1) : g_strdup(name);
}

static void unite_equal(guint *parent, char *const *names, guint n)
{
    g_autoptr(GHashTable) first = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < n; i++) {
        guint place = GPOINTER_TO_UINT(g_hash_table_lookup(first, names[i]));

        if (place > 0)
            unite(parent, place - 1, i);
        else
            g_hash_table_insert(first, names[i], GUINT_TO_POINTER(i + 1));
    }
}

/* A name that is a pattern to the framework goes with all that it would run as well. */
static void unite_matches(guint *parent, char *const *names, guint n)
{
    for (guint i = 0; i < n; i++) {
        if (!strpbrk(names[i], "*?"))
            continue;
        for (guint j = 0; j < n; j++)
            if (g_pattern_match_simple(names[i], names[j]))
                unite(parent, i, j);
    }
}

/* Only where there is somebody to be glued to. */
static void glue(GPtrArray *testcases, guint *parent)
{
    for (guint i = 0; i < testcases->len; i++) {
        guint root = find_root(parent, i);
        TpsTestcase *testcase = g_ptr_array_index(testcases, i);
        TpsTestcase *first = g_ptr_array_index(testcases, root);

        if (root == i)
            continue;
        g_free(testcase->glue);
        testcase->glue = g_strdup(first->id);
        if (!first->glue)
            first->glue = g_strdup(first->id);
    }
}

void tps_collide(GPtrArray *testcases, unsigned collide)
{
    guint n = testcases->len;
    g_autofree guint *parent = g_new(guint, MAX(n, 1));
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < n; i++) {
        parent[i] = i;
        g_ptr_array_add(names, compared(g_ptr_array_index(testcases, i), collide));
    }
    unite_equal(parent, (char **)names->pdata, n);
    if (collide & TPS_COLLIDE_WILDCARD)
        unite_matches(parent, (char **)names->pdata, n);
    glue(testcases, parent);
}
