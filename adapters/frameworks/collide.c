/* SPDX-License-Identifier: MIT */
#include "adapters/frameworks/records_internal.h"
#include "core/wildcard.h"

#include <stdlib.h>
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

/* NULL is equal to nothing. */
static void unite_equal(guint *parent, char *const *names, guint n)
{
    g_autoptr(GHashTable) first = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < n; i++) {
        guint place = names[i] ? GPOINTER_TO_UINT(g_hash_table_lookup(first, names[i])) : 0;

        if (!names[i])
            continue;
        if (place > 0)
            unite(parent, place - 1, i);
        else
            g_hash_table_insert(first, names[i], GUINT_TO_POINTER(i + 1));
    }
}

typedef struct {
    const char *name; /* borrowed */
    guint place;
} Named;

static int compare_named(const void *a, const void *b)
{
    return strcmp(((const Named *)a)->name, ((const Named *)b)->name);
}

/* The first of the sorted names that isn't before the prefix. */
static guint find_prefix(const Named *sorted, guint n, const char *prefix, size_t length)
{
    guint low = 0;

    for (guint high = n; low < high;) {
        guint middle = low + (high - low) / 2;

        if (strncmp(sorted[middle].name, prefix, length) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/*
 * A name that is a pattern to the framework goes with all that it would run as well. Only names
 * that begin like it can match: parameters stand at the end, and thousands of names have some.
 */
static void unite_matches(guint *parent, char *const *names, guint n)
{
    g_autofree Named *sorted = g_new(Named, MAX(n, 1));

    for (guint i = 0; i < n; i++)
        sorted[i] = (Named){names[i], i};
    qsort(sorted, n, sizeof *sorted, compare_named);
    for (guint i = 0; i < n; i++) {
        size_t length = strcspn(names[i], "*?");

        if (names[i][length] == '\0')
            continue;
        for (guint j = find_prefix(sorted, n, names[i], length);
             j < n && strncmp(sorted[j].name, names[i], length) == 0; j++)
            if (tps_wildcard_matches(names[i], sorted[j].name))
                unite(parent, i, sorted[j].place);
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
        g_free(first->glue);
        testcase->glue = g_strdup(first->id);
        first->glue = g_strdup(first->id);
    }
}

void tps_collide(GPtrArray *testcases, unsigned collide)
{
    guint n = testcases->len;
    g_autofree guint *parent = g_new(guint, MAX(n, 1));
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autofree char **glues = g_new(char *, MAX(n, 1));

    for (guint i = 0; i < n; i++) {
        TpsTestcase *testcase = g_ptr_array_index(testcases, i);

        parent[i] = i;
        glues[i] = testcase->glue;
        g_ptr_array_add(names, compared(testcase, collide));
    }
    unite_equal(parent, glues, n); /* before they are changed, and freed */
    unite_equal(parent, (char **)names->pdata, n);
    if (collide & TPS_COLLIDE_WILDCARD)
        unite_matches(parent, (char **)names->pdata, n);
    glue(testcases, parent);
}
