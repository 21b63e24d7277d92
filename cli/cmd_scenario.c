/* SPDX-License-Identifier: MIT */
#include "scenario/file.h"
#include "scenario/report.h"

#include "cli/command.h"
#include "cli/exit_status.h"
#include "cli/options.h"
#include "cli/scenario_show.h"
#include "cli/scenario_steps.h"
#include "core/error.h"
#include "formats/files.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef struct {
    gboolean list;
    gboolean setup_only;
    gboolean interactive;
    gboolean keep;
    char *listing;
    char *select;
    char **names;
    char *journal;
    char *step;
} Options;

static void options_clear(Options *options)
{
    g_free(options->listing);
    g_free(options->select);
    g_strfreev(options->names);
    g_free(options->journal);
    g_free(options->step);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static bool fail_usage(GError **error, const char *what)
{
    g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE, "%s; see '%s --help'", what, g_get_prgname());
    return false;
}

static bool check_options(const Options *options, int argc, GError **error)
{
    int n_ways =
        options->list + options->setup_only + options->interactive + (options->step != NULL);

    if (argc == 1)
        return fail_usage(error, "name a file or a directory");
    if (n_ways > 1)
        return fail_usage(error,
                          "one of --list, --step, --setup-only and --interactive, not several");
    if (options->listing && !options->list)
        return fail_usage(error, "--listing is where --list writes");
    return true;
}

static bool check_names(const GPtrArray *scenarios, char **names, GError **error)
{
    for (; names && *names; names++) {
        if (tps_scenarios_find(scenarios, *names))
            continue;
        g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE, "--name: there is no scenario '%s'", *names);
        return false;
    }
    return true;
}

/* Those that are meant, borrowed. */
static GPtrArray *choose(const GPtrArray *scenarios, const Options *options, GError **error)
{
    g_autoptr(GPtrArray) named = NULL;
    char **names = options->names;

    if (!check_names(scenarios, names, error))
        return NULL;
    named = g_ptr_array_new();
    for (guint i = 0; i < scenarios->len; i++) {
        TpsScenario *scenario = g_ptr_array_index(scenarios, i);

        if (!names || g_strv_contains((const char *const *)names, scenario->name))
            g_ptr_array_add(named, scenario);
    }
    if (options->select)
        return tps_scenario_select(named, options->select, error);
    return g_steal_pointer(&named);
}

static const TpsScenario *only_one(const GPtrArray *chosen, const Options *options, GError **error)
{
    const char *option = options->step         ? "--step"
                         : options->setup_only ? "--setup-only"
                                               : "--interactive";

    if (chosen->len == 1)
        return g_ptr_array_index(chosen, 0);
    g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE,
                "%s is for one scenario, and there are %u; choose it with --name", option,
                chosen->len);
    return NULL;
}

static int list(const GPtrArray *chosen, const char *path, GError **error)
{
    g_autoptr(GString) text = g_string_new(NULL);

    tps_scenario_list(chosen, text);
    if (path)
        return tps_file_write(path, text->str, text->len, error) ? TPS_EXIT_PASSED
                                                                 : TPS_EXIT_INFRASTRUCTURE;
    fwrite(text->str, 1, text->len, stdout);
    return TPS_EXIT_PASSED;
}

static int set_up(const TpsScenario *scenario, GError **error)
{
    g_autoptr(TpsStage) stage = tps_stage_new(scenario, error);

    if (!stage)
        return TPS_EXIT_INFRASTRUCTURE;
    tps_scenario_show_stage(scenario, stage);
    return TPS_EXIT_PASSED;
}

/* A name, or else a number from 1; 0 with an error. */
static guint find_step(const TpsScenario *scenario, const char *wanted, GError **error)
{
    guint found = 0;
    guint64 number;

    for (guint i = 0; i < scenario->steps->len; i++) {
        const TpsStep *step = g_ptr_array_index(scenario->steps, i);

        if (g_strcmp0(step->name, wanted) != 0)
            continue;
        if (found > 0) {
            g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE,
                        "--step: steps %u and %u are named '%s'; say the number", found, i + 1,
                        wanted);
            return 0;
        }
        found = i + 1;
    }
    if (found == 0 &&
        g_ascii_string_to_unsigned(wanted, 10, 1, scenario->steps->len, &number, NULL))
        found = (guint)number;
    if (found == 0)
        g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE,
                    "--step: scenario '%s' has no step '%s'; it has %u", scenario->name, wanted,
                    scenario->steps->len);
    return found;
}

static int run_until(const TpsScenario *scenario, const char *wanted, TpsProcesses *processes,
                     GError **error)
{
    guint n_steps = find_step(scenario, wanted, error);
    g_autoptr(TpsPlayResult) result =
        n_steps > 0 ? tps_scenario_play(scenario, n_steps, TPS_KEEP_ALL, processes, error) : NULL;

    if (!result)
        return TPS_EXIT_USAGE;
    if (result->stopped)
        return TPS_EXIT_INTERRUPTED;
    tps_scenario_show(result);
    return result->failed ? TPS_EXIT_FAILED : TPS_EXIT_PASSED;
}

static int open_journal(const char *path, GError **error)
{
    int journal = g_open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);

    if (journal < 0)
        g_set_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR, "cannot write '%s': %s", path,
                    g_strerror(errno));
    return journal;
}

/* NULL with an error, and when a signal came. */
static TpsPlayResult *run_one(const TpsScenario *scenario, TpsKeep keep, int journal,
                              TpsProcesses *processes, GError **error)
{
    g_autoptr(TpsPlayResult) result = NULL;

    if (journal >= 0 && !tps_scenario_report_start(journal, scenario, error))
        return NULL;
    result = tps_scenario_play(scenario, G_MAXUINT, keep, processes, error);
    if (!result || result->stopped)
        return NULL;
    if (journal >= 0 && !tps_scenario_report_end(journal, result, error))
        return NULL;
    return g_steal_pointer(&result);
}

/* The directory that a task has for itself is the runner's: it keeps or removes what is there. */
static TpsKeep what_to_keep(const Options *options)
{
    return options->keep || g_getenv("TPSCHED_SANDBOX") ? TPS_KEEP_FAILED : TPS_KEEP_NONE;
}

static int run_all(const GPtrArray *chosen, const Options *options, int journal,
                   TpsProcesses *processes, GError **error)
{
    int64_t started_us = g_get_monotonic_time();
    guint n_failed = 0;

    for (guint i = 0; i < chosen->len; i++) {
        g_autoptr(TpsPlayResult) result =
            run_one(g_ptr_array_index(chosen, i), what_to_keep(options), journal, processes, error);

        if (!result)
            return TPS_EXIT_INTERRUPTED;
        if (!options->keep)
            g_clear_pointer(&result->kept, g_free); /* nothing is promised of it */
        tps_scenario_show(result);
        n_failed += result->failed != NULL;
    }
    tps_scenario_show_sum(chosen->len - n_failed, n_failed, g_get_monotonic_time() - started_us);
    return n_failed > 0 ? TPS_EXIT_FAILED : TPS_EXIT_PASSED;
}

static int run_with_journal(const GPtrArray *chosen, const Options *options,
                            TpsProcesses *processes, GError **error)
{
    const char *path = options->journal ? options->journal : g_getenv("TPSCHED_JOURNAL");
    int journal = path && *path ? open_journal(path, error) : -1;
    int status;

    if (path && *path && journal < 0)
        return TPS_EXIT_INFRASTRUCTURE;
    status = run_all(chosen, options, journal, processes, error);
    if (journal >= 0)
        close(journal);
    return status;
}

/* What is asked of one scenario alone. */
static int look_into(const GPtrArray *chosen, const Options *options, GError **error)
{
    const TpsScenario *scenario = only_one(chosen, options, error);
    g_autoptr(TpsProcesses) processes = NULL;

    if (!scenario)
        return TPS_EXIT_USAGE;
    if (options->setup_only)
        return set_up(scenario, error);
    processes = tps_processes_new(error);
    if (!processes)
        return TPS_EXIT_INFRASTRUCTURE;
    return options->interactive ? tps_scenario_steps(scenario, options->keep, processes, error)
                                : run_until(scenario, options->step, processes, error);
}

static int obey(const GPtrArray *chosen, const Options *options, GError **error)
{
    g_autoptr(TpsProcesses) processes = NULL;

    if (options->list)
        return list(chosen, options->listing, error);
    if (options->step || options->setup_only || options->interactive)
        return look_into(chosen, options, error);
    processes = tps_processes_new(error);
    return processes ? run_with_journal(chosen, options, processes, error)
                     : TPS_EXIT_INFRASTRUCTURE;
}

/* What remains of `argc` and `argv` behind the name of the verb are the paths. */
static bool parse(Options *options, int *argc, char ***argv, GError **error)
{
    g_autoptr(GOptionContext) context = tps_option_context_new(&tps_cmd_scenario);
    GOptionEntry entries[] = {
        {"list", 0, 0, G_OPTION_ARG_NONE, &options->list, "Only say which there are, JSON lines",
         NULL},
        {"listing", 0, 0, G_OPTION_ARG_FILENAME, &options->listing, "Where --list writes", "FILE"},
        {"name", 'n', 0, G_OPTION_ARG_STRING_ARRAY, &options->names, "Only this one; repeatable",
         "NAME"},
        {"select", 0, 0, G_OPTION_ARG_FILENAME, &options->select, "Only those of these JSON lines",
         "FILE"},
        {"journal", 0, 0, G_OPTION_ARG_FILENAME, &options->journal,
         "Append what happens, JSON lines", "FILE"},
        {"keep", 0, 0, G_OPTION_ARG_NONE, &options->keep, "Keep the sandboxes of failed ones",
         NULL},
        {"step", 0, 0, G_OPTION_ARG_STRING, &options->step, "Stop behind it, keep the sandbox",
         "NAME|N"},
        {"setup-only", 0, 0, G_OPTION_ARG_NONE, &options->setup_only,
         "Make the sandbox, run nothing", NULL},
        {"interactive", 'i', 0, G_OPTION_ARG_NONE, &options->interactive, "Ask before each step",
         NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL},
    };

    g_option_context_add_main_entries(context, entries, NULL);
    return tps_options_parse(context, argc, argv, error) && check_options(options, *argc, error);
}

static int run(int argc, char **argv, GError **error)
{
    g_auto(Options) options = {.list = FALSE};
    g_autoptr(GPtrArray) scenarios = NULL;
    g_autoptr(GPtrArray) chosen = NULL;

    if (!parse(&options, &argc, &argv, error))
        return TPS_EXIT_USAGE;
    scenarios = tps_scenarios_load(argv + 1, error);
    chosen = scenarios ? choose(scenarios, &options, error) : NULL;
    return chosen ? obey(chosen, &options, error) : TPS_EXIT_USAGE;
}

const TpsVerb tps_cmd_scenario = {
    .name = "scenario",
    .args = "FILE|DIRECTORY...",
    .summary = "run scenarios: YAML files with steps and what is expected",
    .run = run,
};
