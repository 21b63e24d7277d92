/* SPDX-License-Identifier: MIT */
#include "core/filter.h"

#include "core/names.h"
#include "core/wildcard.h"

#include <string.h>

static char **canonical(char *const *texts)
{
    g_autoptr(GPtrArray) sorted = g_ptr_array_new();
    GStrvBuilder *builder = g_strv_builder_new();
    char **list;

    for (; texts && *texts; texts++)
        g_ptr_array_add(sorted, *texts);
    tps_names_sort(sorted);
    for (guint i = 0; i < sorted->len; i++)
        if (i == 0 || strcmp(sorted->pdata[i - 1], sorted->pdata[i]) != 0)
            g_strv_builder_add(builder, sorted->pdata[i]);
    list = g_strv_builder_end(builder);
    g_strv_builder_unref(builder);
    return list;
}

TpsFilter *tps_filter_new(char *const *include, char *const *exclude, char *const *tags,
                          char *const *exclude_tags)
{
    TpsFilter *filter = g_new0(TpsFilter, 1);

    filter->include = canonical(include);
    filter->exclude = canonical(exclude);
    filter->tags = canonical(tags);
    filter->exclude_tags = canonical(exclude_tags);
    if (!*filter->include && !*filter->exclude && !*filter->tags && !*filter->exclude_tags)
        g_clear_pointer(&filter, tps_filter_free);
    return filter;
}

void tps_filter_free(TpsFilter *filter)
{
    if (!filter)
        return;
    g_strfreev(filter->include);
    g_strfreev(filter->exclude);
    g_strfreev(filter->tags);
    g_strfreev(filter->exclude_tags);
    g_free(filter);
}

TpsFilter *tps_filter_copy(const TpsFilter *filter)
{
    return filter ? tps_filter_new(filter->include, filter->exclude, filter->tags,
                                   filter->exclude_tags)
                  : NULL;
}

bool tps_filter_pattern_matches(const char *pattern, const TpsSuite *suite,
                                const TpsTestcase *testcase)
{
    g_autofree char *both = NULL;

    if (tps_wildcard_matches(pattern, suite->name))
        return true;
    if (!testcase)
        return false;
    if (tps_wildcard_matches(pattern, testcase->id))
        return true;
    both = g_strconcat(suite->name, ":", testcase->id, NULL);
    return tps_wildcard_matches(pattern, both);
}

bool tps_filter_has_tag(const char *tag, const TpsSuite *suite, const TpsTestcase *testcase)
{
    return g_strv_contains((const char *const *)suite->tags, tag) ||
           (testcase && testcase->tags &&
            g_strv_contains((const char *const *)testcase->tags, tag));
}

static bool any_matches(char *const *patterns, const TpsSuite *suite, const TpsTestcase *testcase)
{
    for (; *patterns; patterns++)
        if (tps_filter_pattern_matches(*patterns, suite, testcase))
            return true;
    return false;
}

static bool has_any(char *const *tags, const TpsSuite *suite, const TpsTestcase *testcase)
{
    for (; *tags; tags++)
        if (tps_filter_has_tag(*tags, suite, testcase))
            return true;
    return false;
}

bool tps_filter_takes(const TpsFilter *filter, const TpsSuite *suite, const TpsTestcase *testcase)
{
    if (!filter)
        return true;
    return !has_any(filter->exclude_tags, suite, testcase) &&
           (!*filter->tags || has_any(filter->tags, suite, testcase)) &&
           (!*filter->include || any_matches(filter->include, suite, testcase)) &&
           !any_matches(filter->exclude, suite, testcase);
}

bool tps_filter_drops(const TpsFilter *filter, const TpsSuite *suite)
{
    return filter && (has_any(filter->exclude_tags, suite, NULL) ||
                      any_matches(filter->exclude, suite, NULL));
}
