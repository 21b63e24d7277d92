/* SPDX-License-Identifier: MIT */
#include "scheduler/filtering.h"

#include "adapters/framework.h"
#include "core/error.h"
#include "core/names.h"
#include "core/nearest.h"
#include "core/notes.h"
#include "scheduler/units.h"

#include <string.h>

GPtrArray *tps_filtering_listing(const TpsFilter *filter, const TpsSuite *suite,
                                 const GPtrArray *listing, guint *n_along)
{
    const TpsFramework *framework = tps_framework_find(suite->framework);
    const TpsUnit finest = framework ? framework->finest_unit : TPS_UNIT_TESTCASE;
    g_autofree bool *is_taken = g_new(bool, MAX(listing->len, 1));
    GPtrArray *left = g_ptr_array_new();
    guint n;

    for (guint i = 0; i < listing->len; i++)
        is_taken[i] = tps_filter_takes(filter, suite, g_ptr_array_index(listing, i));
    n = tps_units_take_along(listing, finest, is_taken);
    for (guint i = 0; i < listing->len; i++)
        if (is_taken[i])
            g_ptr_array_add(left, g_ptr_array_index(listing, i));
    if (n_along)
        *n_along = n;
    return left;
}

/* Only a plan file declares suites; of the others there is no more than a name. */
static TpsSuite *suite_of(const TpsPlanInput *input, TpsSuite **made)
{
    if (input->declared)
        return (TpsSuite *)input->declared;
    *made = tps_suite_new(input->name, "");
    return *made;
}

typedef bool (*Matches)(const char *text, const TpsSuite *suite, const TpsTestcase *testcase);

static bool matches_in(const char *text, Matches matches, const TpsPlanInput *input)
{
    g_autoptr(TpsSuite) made = NULL;
    const TpsSuite *suite = suite_of(input, &made);

    if (matches(text, suite, NULL))
        return true;
    for (guint i = 0; input->ids_known && i < input->testcases->len; i++)
        if (matches(text, suite, g_ptr_array_index(input->testcases, i)))
            return true;
    return false;
}

static bool matches_any(const char *text, Matches matches, const GArray *inputs)
{
    for (guint i = 0; i < inputs->len; i++)
        if (matches_in(text, matches, &g_array_index(inputs, TpsPlanInput, i)))
            return true;
    return false;
}

static GPtrArray *suite_names(const GArray *inputs)
{
    GPtrArray *names = g_ptr_array_new();

    for (guint i = 0; i < inputs->len; i++)
        g_ptr_array_add(names, (gpointer)g_array_index(inputs, TpsPlanInput, i).name);
    return names;
}

/* Borrowed, or NULL: a suite by a slip of the hand, or a name that shares much with it. */
static const char *nearest_in(const char *pattern, const GArray *inputs)
{
    g_autoptr(GPtrArray) names = suite_names(inputs);
    g_autoptr(GPtrArray) nearest = NULL;
    const char *suite;

    g_ptr_array_add(names, NULL);
    suite = tps_nearest_word(pattern, (const char *const *)names->pdata);
    if (suite)
        return suite;
    g_ptr_array_set_size(names, (gint)names->len - 1);
    for (guint i = 0; i < inputs->len; i++) {
        const TpsPlanInput *input = &g_array_index(inputs, TpsPlanInput, i);

        for (guint j = 0; input->ids_known && j < input->testcases->len; j++)
            g_ptr_array_add(names, ((TpsTestcase *)g_ptr_array_index(input->testcases, j))->id);
    }
    nearest = tps_nearest_names(pattern, (const char *const *)names->pdata, names->len, 1);
    return nearest->len > 0 ? g_ptr_array_index(nearest, 0) : NULL;
}

static void add_tags(GHashTable *tags, char *const *more)
{
    for (; more && *more; more++)
        g_hash_table_add(tags, *more);
}

/* Sorted, NULL-terminated; its strings are borrowed. */
static GPtrArray *tags_in(const GArray *inputs)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    g_autofree gpointer *keys = NULL;
    GPtrArray *tags = g_ptr_array_new();

    for (guint i = 0; i < inputs->len; i++) {
        const TpsPlanInput *input = &g_array_index(inputs, TpsPlanInput, i);

        add_tags(seen, input->declared ? input->declared->tags : NULL);
        for (guint j = 0; input->ids_known && j < input->testcases->len; j++)
            add_tags(seen, ((TpsTestcase *)g_ptr_array_index(input->testcases, j))->tags);
    }
    keys = g_hash_table_get_keys_as_array(seen, NULL);
    for (guint i = 0; keys[i]; i++)
        g_ptr_array_add(tags, keys[i]);
    tps_names_sort(tags);
    g_ptr_array_add(tags, NULL);
    return tags;
}

/* Whoever forgets that a pattern matches the whole name gets the one that does not. */
static char *hint_for_pattern(const char *pattern, const GArray *inputs)
{
    g_autofree char *wider = g_strconcat("*", pattern, "*", NULL);
    const char *nearest;

    if (matches_any(wider, tps_filter_pattern_matches, inputs))
        return g_strdup_printf("; a pattern matches a whole name, and '%s' would match", wider);
    nearest = nearest_in(pattern, inputs);
    return nearest ? g_strdup_printf("; the nearest is '%s'", nearest) : g_strdup("");
}

static char *hint_for_tag(const char *tag, const GArray *inputs)
{
    g_autoptr(GPtrArray) tags = tags_in(inputs);
    const char *meant = tps_nearest_word(tag, (const char *const *)tags->pdata);

    return meant ? g_strdup_printf("; did you mean '%s'?", meant) : g_strdup("");
}

/* One of the four lists, as it is given on the command line. */
typedef struct {
    const char *option;
    char *const *texts;
    const char *what;
    Matches matches;
    char *(*hint)(const char *text, const GArray *inputs);
} Wish;

static void find_unmatched(const Wish *wish, const GArray *inputs, GPtrArray *complaints)
{
    for (char *const *text = wish->texts; *text; text++) {
        g_autofree char *hint = NULL;

        if (matches_any(*text, wish->matches, inputs))
            continue;
        hint = wish->hint(*text, inputs);
        tps_note(complaints, "no testcase %s %s '%s'%s", wish->what, wish->option, *text, hint);
    }
}

/* Of what would take something, and of what would leave something out. */
static void find_all_unmatched(const TpsFilter *filter, const GArray *inputs, GPtrArray *takers,
                               GPtrArray *others)
{
    const Wish wishes[] = {
        {"--include", filter->include, "matches", tps_filter_pattern_matches, hint_for_pattern},
        {"--tag", filter->tags, "has", tps_filter_has_tag, hint_for_tag},
        {"--exclude", filter->exclude, "matches", tps_filter_pattern_matches, hint_for_pattern},
        {"--exclude-tag", filter->exclude_tags, "has", tps_filter_has_tag, hint_for_tag},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(wishes); i++)
        find_unmatched(&wishes[i], inputs, i < 2 ? takers : others);
}

/* What of one input is left, or NULL. */
static GPtrArray *left_of(const TpsFilter *filter, const TpsPlanInput *input, GPtrArray *notes)
{
    g_autoptr(TpsSuite) made = NULL;
    const TpsSuite *suite = suite_of(input, &made);
    guint n_along = 0;
    GPtrArray *left;

    if (!input->ids_known)
        return tps_filter_takes(filter, suite, NULL) ? g_ptr_array_ref((void *)input->testcases)
                                                     : NULL;
    left = tps_filtering_listing(filter, suite, input->testcases, &n_along);
    if (n_along > 0)
        tps_note(notes, "suite '%s': %u testcase%s more than chosen: %s can't select less",
                 input->name, n_along, n_along == 1 ? "" : "s", suite->framework);
    if (left->len == 0)
        g_clear_pointer(&left, g_ptr_array_unref);
    return left;
}

static bool fail(const GPtrArray *takers, GError **error)
{
    g_autoptr(GPtrArray) texts = g_ptr_array_new();
    g_autofree char *joined = NULL;

    for (guint i = 0; i < takers->len; i++)
        g_ptr_array_add(texts, g_ptr_array_index(takers, i));
    g_ptr_array_add(texts, NULL);
    joined = g_strjoinv("; ", (char **)texts->pdata);
    g_set_error_literal(error, TPS_ERROR, TPS_ERROR_EMPTY,
                        takers->len > 0 ? joined
                                        : "no testcase matches all of the filter: what one of its "
                                          "options takes, another one leaves out");
    return false;
}

bool tps_filtering_inputs(const TpsFilter *filter, GArray *inputs, GPtrArray *lists,
                          GPtrArray *notes, GError **error)
{
    g_autoptr(GPtrArray) takers = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) others = g_ptr_array_new_with_free_func(g_free);
    guint n = 0;

    if (!filter)
        return true;
    find_all_unmatched(filter, inputs, takers, others);
    for (guint i = 0; i < inputs->len; i++) {
        TpsPlanInput *input = &g_array_index(inputs, TpsPlanInput, i);
        GPtrArray *left = left_of(filter, input, notes);

        if (!left)
            continue;
        g_ptr_array_add(lists, left);
        input->is_cut = left->len < input->testcases->len;
        input->testcases = left;
        g_array_index(inputs, TpsPlanInput, n++) = *input;
    }
    g_array_set_size(inputs, n);
    if (n == 0)
        return fail(takers, error);
    for (guint i = 0; i < takers->len; i++)
        tps_note(notes, "warning: %s", (char *)g_ptr_array_index(takers, i));
    for (guint i = 0; i < others->len; i++)
        tps_note(notes, "warning: %s", (char *)g_ptr_array_index(others, i));
    return true;
}
