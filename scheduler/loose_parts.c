/* SPDX-License-Identifier: MIT */
#include "scheduler/loose_parts.h"

#include "core/names.h"

/* More missing parts of a suite are only counted. */
#define MISSING_SHOWN 5

struct TpsLooseParts {
    GHashTable *suites; /* name -> GArray of TpsPart */
};

TpsLooseParts *tps_loose_parts_new(void)
{
    TpsLooseParts *parts = g_new0(TpsLooseParts, 1);

    parts->suites =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_array_unref);
    return parts;
}

void tps_loose_parts_free(TpsLooseParts *parts)
{
    if (!parts)
        return;
    g_hash_table_unref(parts->suites);
    g_free(parts);
}

void tps_loose_parts_add(TpsLooseParts *parts, const char *suite, TpsPart part)
{
    GArray *known = g_hash_table_lookup(parts->suites, suite);

    if (part.count == 0)
        return;
    if (!known) {
        known = g_array_new(FALSE, FALSE, sizeof part);
        g_hash_table_insert(parts->suites, g_strdup(suite), known);
    }
    g_array_append_val(known, part);
}

static gint compare(gconstpointer a, gconstpointer b)
{
    const TpsPart *x = a;
    const TpsPart *y = b;

    if (x->count != y->count)
        return (x->count > y->count) - (x->count < y->count);
    return (x->index > y->index) - (x->index < y->index);
}

static void say_missing(const char *suite, int index, int count, guint *n_missing,
                        GPtrArray *problems)
{
    if (++*n_missing <= MISSING_SHOWN)
        g_ptr_array_add(problems,
                        g_strdup_printf("%s %d,%d: no report has this part", suite, index, count));
}

static void check_suite(const char *suite, GArray *known, GPtrArray *problems)
{
    const TpsPart *part = &g_array_index(known, TpsPart, 0);
    int count = part->count;
    guint n_missing = 0;
    int due = 0;

    for (guint i = 0; i < known->len && n_missing <= MISSING_SHOWN; i++, part++) {
        for (; due < part->index && n_missing <= MISSING_SHOWN; due++)
            say_missing(suite, due, count, &n_missing, problems);
        due = part->index + 1;
    }
    for (; due < count && n_missing <= MISSING_SHOWN; due++)
        say_missing(suite, due, count, &n_missing, problems);
    if (n_missing > MISSING_SHOWN)
        g_ptr_array_add(problems,
                        g_strdup_printf("%s: no report has more of its %d parts", suite, count));
}

void tps_loose_parts_check(const TpsLooseParts *parts, GPtrArray *problems)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    GHashTableIter iter;
    gpointer name;

    g_hash_table_iter_init(&iter, parts->suites);
    while (g_hash_table_iter_next(&iter, &name, NULL))
        g_ptr_array_add(names, name);
    tps_names_sort(names);
    for (guint i = 0; i < names->len; i++) {
        const char *suite = g_ptr_array_index(names, i);
        GArray *known = g_hash_table_lookup(parts->suites, suite);

        g_array_sort(known, compare);
        if (g_array_index(known, TpsPart, 0).count !=
            g_array_index(known, TpsPart, known->len - 1).count)
            g_ptr_array_add(problems,
                            g_strdup_printf("%s: reports of %d and of %d parts were given", suite,
                                            g_array_index(known, TpsPart, 0).count,
                                            g_array_index(known, TpsPart, known->len - 1).count));
        else
            check_suite(suite, known, problems);
    }
}
