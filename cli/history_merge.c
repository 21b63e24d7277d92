/* SPDX-License-Identifier: MIT */
#include "cli/exit_status.h"
#include "cli/history.h"
#include "cli/options.h"
#include "core/error.h"

#include <stdio.h>

static bool has_unclaimed(const TpsRuntimeData *data)
{
    g_autoptr(GPtrArray) suites = tps_runtime_data_suites(data);

    for (guint i = 0; i < suites->len; i++)
        if (!tps_runtime_data_has(data, g_ptr_array_index(suites, i)))
            return true;
    return false;
}

/* What comes from pytest-split or knapsack needs a suite, for ours has no times without one. */
static bool claim(TpsRuntimeData *data, const char *suite, GError **error)
{
    if (!has_unclaimed(data))
        return true;
    if (suite) {
        tps_runtime_data_claim(data, suite);
        return true;
    }
    g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE,
                "there are times that belong to no suite; say to which with --suite");
    return false;
}

static int run(int argc, char **argv, GError **error)
{
    g_autofree char *output = NULL;
    g_autofree char *suite = NULL;
    g_autoptr(TpsRuntimeData) data = tps_runtime_data_new();
    g_autoptr(GOptionContext) context = tps_option_context_new(&tps_history_merge);
    GOptionEntry entries[] = {
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &output, "Write it there (default: stdout)",
         "FILE"},
        {"suite", 0, 0, G_OPTION_ARG_FILENAME, &suite, "Whose the times are that name no suite",
         "NAME"},
        {NULL, 0, 0, 0, NULL, NULL, NULL},
    };

    g_option_context_add_main_entries(context, entries, NULL);
    if (!tps_options_parse(context, &argc, &argv, error) ||
        !tps_history_load(data, argv + 1, error) || !claim(data, suite, error))
        return TPS_EXIT_USAGE;
    for (guint i = 0; i < tps_runtime_data_sources(data)->len; i++)
        fprintf(stderr, "tpsched: %s\n",
                (const char *)g_ptr_array_index(tps_runtime_data_sources(data), i));
    return tps_history_write(data, output, error) ? TPS_EXIT_PASSED : TPS_EXIT_INFRASTRUCTURE;
}

const TpsVerb tps_history_merge = {
    .name = "history merge",
    .args = "FILE...",
    .summary = "unite runtime data files",
    .run = run,
};
