/* SPDX-License-Identifier: MIT */
#include "cli/command.h"
#include "cli/exit_status.h"
#include "cli/filter_options.h"
#include "cli/framework_table.h"
#include "cli/list_output.h"
#include "cli/listed.h"
#include "cli/option_values.h"
#include "cli/options.h"
#include "cli/plural.h"
#include "core/error.h"
#include "scheduler/stop.h"

#include <stdio.h>
#include <string.h>

typedef struct {
    char *path;
    char *format;
    gboolean suites;
    gboolean tags;
    gboolean frameworks;
    TpsFilterOptions filter;
} Options;

static void options_clear(Options *options)
{
    g_free(options->path);
    g_free(options->format);
    tps_filter_options_clear(&options->filter);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static TpsPlanFile *load(char *path, GError **error)
{
    TpsPlanOptions options = {.plan_file = path};
    g_autoptr(GError) why = NULL;
    TpsPlanFile *file = tps_options_load_plan_file(&options, &why);

    if (!file && !why)
        g_set_error(&why, TPS_ERROR, TPS_ERROR_USAGE,
                    "there is no " TPS_DEFAULT_PLAN_FILE " here; name a plan file with -f");
    if (why)
        g_propagate_error(error, g_steal_pointer(&why));
    return file;
}

static bool wants_json(const Options *options)
{
    return options->format && strcmp(options->format, "json") == 0;
}

static bool check(const Options *options, GError **error)
{
    if (!tps_option_format(options->format, error))
        return false;
    if (options->suites + options->tags + options->frameworks > 1)
        g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE,
                    "--suites, --tags and --frameworks are three questions; ask one");
    else if (options->frameworks && tps_filter_options_any(&options->filter))
        g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE,
                    "--frameworks lists no testcases that could be chosen");
    else
        return true;
    return false;
}

static bool parse(Options *options, int argc, char **argv, GError **error)
{
    g_autoptr(GOptionContext) context = tps_option_context_new(&tps_cmd_list);
    GOptionEntry entries[] = {
        {"file", 'f', 0, G_OPTION_ARG_FILENAME, &options->path, "Plan file (default: tpsched.yaml)",
         "FILE"},
        {"format", 0, 0, G_OPTION_ARG_STRING, &options->format, "What stdout gets", "text|json"},
        {"suites", 0, 0, G_OPTION_ARG_NONE, &options->suites, "Only the suites", NULL},
        {"tags", 0, 0, G_OPTION_ARG_NONE, &options->tags, "Only the tags, with counts", NULL},
        {"frameworks", 0, 0, G_OPTION_ARG_NONE, &options->frameworks,
         "What a suite's framework can be, and from where", NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL},
    };

    g_option_context_add_main_entries(context, entries, NULL);
    tps_filter_options_add(&options->filter, context);
    return tps_options_parse_all(context, argc, argv, error) && check(options, error);
}

static void answer(const Options *options, const GArray *inputs)
{
    TpsListDepth depth = options->suites ? TPS_LIST_SUITES
                         : options->tags ? TPS_LIST_TAGS
                                         : TPS_LIST_TESTCASES;

    if (wants_json(options))
        tps_list_print_json(inputs, depth, stdout);
    else
        tps_list_print(inputs, depth, stdout);
}

static int list_frameworks(const Options *options)
{
    unsigned broken;

    tps_options_set_project(options->path);
    broken = wants_json(options) ? tps_framework_table_print_json(stdout)
                                 : tps_framework_table_print(stdout);
    if (broken > 0)
        fprintf(stderr, "tpsched: %u definition%s can't be read\n", broken, tps_plural(broken));
    return broken > 0 ? TPS_EXIT_USAGE : TPS_EXIT_PASSED;
}

static int run(int argc, char **argv, GError **error)
{
    g_auto(Options) options = {0};
    g_autoptr(TpsFilter) filter = NULL;
    g_autoptr(TpsPlanFile) file = NULL;
    g_auto(TpsListed) listed = {0};

    if (!parse(&options, argc, argv, error) ||
        !tps_filter_options_understand(&options.filter, &filter, error))
        return TPS_EXIT_USAGE;
    if (options.frameworks)
        return list_frameworks(&options);
    tps_stop_install();
    file = load(options.path, error);
    if (!file || !tps_listed_make(&listed, file, filter, error))
        return TPS_EXIT_USAGE;
    answer(&options, listed.inputs);
    return TPS_EXIT_PASSED;
}

const TpsVerb tps_cmd_list = {
    .name = "list",
    .args = "",
    .summary = "suites and their testcases; nothing is run",
    .run = run,
};
