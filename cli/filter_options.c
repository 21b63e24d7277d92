/* SPDX-License-Identifier: MIT */
#include "cli/filter_options.h"

#include "core/error.h"

void tps_filter_options_clear(TpsFilterOptions *options)
{
    g_strfreev(options->include);
    g_strfreev(options->exclude);
    g_strfreev(options->tags);
    g_strfreev(options->exclude_tags);
}

void tps_filter_options_add(TpsFilterOptions *options, GOptionContext *context)
{
    /* Names are bytes, whatever the locale: GLib converts what is not a file name. */
    GOptionEntry entries[] = {
        {"include", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->include,
         "Only what matches any; repeatable", "PATTERN"},
        {"exclude", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->exclude,
         "Not what matches; repeatable", "PATTERN"},
        {"tag", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->tags, "Only what has any; repeatable",
         "TAG"},
        {"exclude-tag", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->exclude_tags,
         "Not what has it; repeatable", "TAG"},
        {NULL, 0, 0, 0, NULL, NULL, NULL},
    };

    g_option_context_add_main_entries(context, entries, NULL);
}

bool tps_filter_options_any(const TpsFilterOptions *options)
{
    return options->include || options->exclude || options->tags || options->exclude_tags;
}

/* What an unset variable of a script leaves would match nothing, or leave out nothing. */
static bool check_texts(const char *option, char *const *texts, GError **error)
{
    for (; texts && *texts; texts++) {
        if (**texts)
            continue;
        g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE, "%s: it is empty", option);
        return false;
    }
    return true;
}

bool tps_filter_options_understand(const TpsFilterOptions *options, TpsFilter **filter,
                                   GError **error)
{
    if (!check_texts("--include", options->include, error) ||
        !check_texts("--exclude", options->exclude, error) ||
        !check_texts("--tag", options->tags, error) ||
        !check_texts("--exclude-tag", options->exclude_tags, error))
        return false;
    *filter =
        tps_filter_new(options->include, options->exclude, options->tags, options->exclude_tags);
    return true;
}
