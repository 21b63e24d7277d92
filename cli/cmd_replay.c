/* SPDX-License-Identifier: MIT */
#include "cli/cmd_run.h"
#include "cli/command.h"
#include "cli/exit_status.h"
#include "cli/options.h"
#include "core/error.h"
#include "scheduler/report_dir.h"

static GOptionContext *context_new(TpsRunOptions *options, gboolean *no_wait)
{
    GOptionContext *context = tps_option_context_new(&tps_cmd_replay);
    GOptionEntry entries[] = {
        {"file", 'f', 0, G_OPTION_ARG_FILENAME, &options->plan.plan_file,
         "Plan file (default: tpsched.yaml)", "FILE"},
        {"report-dir", 'r', 0, G_OPTION_ARG_FILENAME, &options->report_dir,
         "Reports (default: RUN-replay)", "DIR"},
        {"no-wait", 0, 0, G_OPTION_ARG_NONE, no_wait,
         "Start each task as soon as its worker is free", NULL},
        {"timeout", 0, 0, G_OPTION_ARG_STRING, &options->timeout, "For tasks without their own",
         "TIME"},
        {"output", 0, 0, G_OPTION_ARG_STRING, &options->output, "Whose output is shown",
         "all|failed|none"},
        {"format", 0, 0, G_OPTION_ARG_STRING, &options->format, "What stdout gets", "text|json"},
        {NULL, 0, 0, 0, NULL, NULL, NULL},
    };

    g_option_context_add_main_entries(context, entries, NULL);
    return context;
}

static bool choose_run(TpsRunOptions *options, const char *run, GError **error)
{
    g_autofree char *directory = g_canonicalize_filename(run, NULL);

    if (!g_file_test(run, G_FILE_TEST_IS_DIR)) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE, "'%s' is no report directory", run);
        return false;
    }
    options->plan_path = g_build_filename(directory, TPS_RUN_EXECUTED_FILE, NULL);
    if (!g_file_test(options->plan_path, G_FILE_TEST_EXISTS)) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT,
                    "there is no '%s': nothing was executed, or the run was killed",
                    options->plan_path);
        return false;
    }
    if (!options->report_dir)
        options->report_dir = g_strconcat(directory, "-replay", NULL);
    return true;
}

static int replay(int argc, char **argv, GError **error)
{
    g_auto(TpsRunOptions) options = {.policy.replays = TRUE};
    gboolean no_wait = FALSE;
    g_autoptr(GOptionContext) context = context_new(&options, &no_wait);

    if (!tps_options_parse(context, &argc, &argv, error))
        return TPS_EXIT_USAGE;
    if (argc != 2) {
        g_set_error_literal(error, TPS_ERROR, TPS_ERROR_USAGE,
                            "which run? name its report directory");
        return TPS_EXIT_USAGE;
    }
    options.policy.waits = !no_wait;
    if (!choose_run(&options, argv[1], error))
        return TPS_EXIT_USAGE;
    return tps_run_by_options(&options, error);
}

const TpsVerb tps_cmd_replay = {
    .name = "replay",
    .args = "RUN",
    .summary = "execute again what a run did: same workers, order and starts",
    .run = replay,
};
