/* SPDX-License-Identifier: MIT */
#include "cli/exit_status.h"
#include "cli/history.h"
#include "cli/options.h"
#include "cli/plural.h"
#include "core/error.h"

#include <stdio.h>

/* A file of another form would be written as ours, without the times that no suite claims. */
static bool is_ours(const TpsRuntimeData *data, const char *path, GError **error)
{
    g_autoptr(GPtrArray) suites = tps_runtime_data_suites(data);

    if (suites->len == 0 || tps_runtime_data_has(data, g_ptr_array_index(suites, 0)))
        return true;
    g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT,
                "'%s' knows no suites and no dates: there is nothing to prune in it", path);
    return false;
}

static int run(int argc, char **argv, GError **error)
{
    g_autofree char *output = NULL;
    g_autofree char *max_age = NULL;
    g_autoptr(TpsRuntimeData) data = tps_runtime_data_new();
    g_autoptr(GOptionContext) context = tps_option_context_new(&tps_history_prune);
    int64_t max_age_s = TPS_GONE_AFTER_S;
    GOptionEntry entries[] = {
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &output,
         "Write it there (default: the same file)", "FILE"},
        {"max-age", 0, 0, G_OPTION_ARG_STRING, &max_age,
         "Gone is what was not seen for so long (90d)", "TIME"},
        {NULL, 0, 0, 0, NULL, NULL, NULL},
    };
    size_t n;

    g_option_context_add_main_entries(context, entries, NULL);
    if (!tps_options_parse(context, &argc, &argv, error) ||
        !tps_history_age("--max-age", max_age, &max_age_s, error))
        return TPS_EXIT_USAGE;
    if (argc > 2) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE, "one file at a time");
        return TPS_EXIT_USAGE;
    }
    if (!tps_history_load(data, argv + 1, error) || !is_ours(data, argv[1], error))
        return TPS_EXIT_USAGE;
    n = tps_runtime_data_prune(data, max_age_s);
    if (!tps_history_write(data, output ? output : argv[1], error))
        return TPS_EXIT_INFRASTRUCTURE;
    printf("%zu testcase%s dropped\n", n, tps_plural(n));
    return TPS_EXIT_PASSED;
}

const TpsVerb tps_history_prune = {
    .name = "history prune",
    .args = "FILE",
    .summary = "drop testcases that have long been gone",
    .run = run,
};
