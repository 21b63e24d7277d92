/* SPDX-License-Identifier: MIT */
#include "adapters/ci/ci.h"
#include "cli/command.h"
#include "cli/exit_status.h"
#include "cli/key_options.h"
#include "cli/options.h"
#include "cli/report_compare.h"
#include "cli/report_open.h"
#include "cli/report_writes.h"
#include "cli/run_policy.h"
#include "cli/summary.h"
#include "core/error.h"
#include "formats/plan_json.h"
#include "scheduler/reporting.h"
#include "scheduler/scope.h"
#include "scheduler/stop.h"

#include <stdio.h>
#include <string.h>

typedef struct {
    char *plan_path;
    char *format;
    char *output;
    char *name;
    char *flaky;
    char *shard;
    char *key;
    char **writes;
    gboolean open;
    gboolean compare;
} Options;

static void options_clear(Options *options)
{
    g_free(options->plan_path);
    g_free(options->format);
    g_free(options->output);
    g_free(options->name);
    g_free(options->flaky);
    g_free(options->shard);
    g_free(options->key);
    g_strfreev(options->writes);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

/* What was asked for, understood. */
typedef struct {
    const TpsReportWriter *writer; /* NULL: the summary for people */
    GPtrArray *writes;             /* or NULL                      */
    char *output;                  /* or NULL: standard output     */
    bool flaky_fails;
} Wish;

static void wish_clear(Wish *wish)
{
    g_clear_pointer(&wish->writes, g_ptr_array_unref);
    g_free(wish->output);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Wish, wish_clear)

static bool usage(GError **error, const char *what)
{
    g_set_error_literal(error, TPS_ERROR, TPS_ERROR_USAGE, what);
    return false;
}

/* The format that was named, else the one that the file's name tells, else a page to be opened. */
static bool choose_writer(const Options *options, Wish *wish, GError **error)
{
    if (options->format) {
        if (strcmp(options->format, "text") == 0)
            return !options->output ||
                   usage(error, "--output: the text for people goes to standard output");
        wish->writer = tps_report_writer_find(options->format, error);
        if (!wish->writer)
            g_prefix_error(error, "--format: ");
    } else if (options->output) {
        wish->writer = tps_report_writer_by_suffix(options->output);
        if (!wish->writer)
            usage(error, "--output: its name does not tell the format; name it with --format");
    } else if (options->open) {
        wish->writer = tps_report_writer_find("html", error);
    } else {
        return true;
    }
    return wish->writer != NULL;
}

static bool understand(const Options *options, const char *const *paths, Wish *wish, GError **error)
{
    if (!paths[0])
        return usage(error, "nothing to report on; name a report directory");
    if (options->plan_path && options->name)
        return usage(error, "--name is for reports without a plan, which has a name");
    if (!choose_writer(options, wish, error) ||
        !tps_option_flaky(options->flaky, &wish->flaky_fails, error) ||
        !tps_report_writes_understand(options->writes, &wish->writes, error))
        return false;
    wish->output = g_strdup(options->output);
    if (options->open && (!wish->writer || strcmp(wish->writer->name, "html") != 0))
        return usage(error, "--open is for html");
    if (options->open && !wish->output)
        wish->output = g_file_test(paths[0], G_FILE_TEST_IS_DIR)
                           ? g_build_filename(paths[0], "report.html", NULL)
                           : g_strdup("report.html");
    return true;
}

static bool print(const TpsReport *report, const Wish *wish, const TpsReportLook *look,
                  GError **error)
{
    g_autoptr(TpsSink) sink = NULL;

    if (!wish->writer) {
        tps_summary_print(report, look->reproduce, stdout);
        return true;
    }
    if (wish->output)
        return tps_report_write_file(report, wish->writer, look, wish->output, error);
    sink = tps_sink_of(stdout);
    return wish->writer->write(report, look, sink, error) &&
           tps_sink_close(g_steal_pointer(&sink), error);
}

static int answer(const TpsReport *report, const Wish *wish, const TpsReportLook *look,
                  GError **error)
{
    if (!print(report, wish, look, error) ||
        !tps_report_writes_do(wish->writes, report, look, error))
        return *error ? tps_exit_status_of_error(*error) : TPS_EXIT_INFRASTRUCTURE;
    return tps_stop_count() > 0 ? TPS_EXIT_INTERRUPTED : tps_exit_status_of_merge(report);
}

/* What of the plan is asked for: all of it, or one shard's share. */
static TpsPlan *load_plan(const Options *options, const char *path, GError **error)
{
    g_autoptr(TpsPlan) plan = NULL;
    TpsScope scope = {0};
    int shards;

    if (!tps_key_check(options->key, path, error))
        return NULL;
    plan = tps_plan_load(path, error);
    if (!plan || !options->shard)
        return g_steal_pointer(&plan);
    if (!tps_ci_parse_shard(options->shard, &scope.shard, &shards))
        g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE, "--shard: '%s' is not K/N with 1 <= K <= N",
                    options->shard);
    else if (shards != plan->size)
        g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE, "--shard: the plan has %d shards, not %d",
                    plan->size, shards);
    else
        return tps_plan_restrict(plan, &scope, error);
    return NULL;
}

/* A journal may have any name, so this can be told only when all have been found. */
static bool check_outputs(const Wish *wish, const char *key, const char *plan_path,
                          const TpsCollection *collection, GError **error)
{
    g_autoptr(TpsOutputs) outputs = tps_outputs_new();

    tps_outputs_keep(outputs, plan_path);
    tps_outputs_keep(outputs, key);
    for (guint i = 0; i < collection->parts->len; i++)
        tps_outputs_keep(outputs,
                         ((const TpsPartReport *)g_ptr_array_index(collection->parts, i))->origin);
    return tps_outputs_add(outputs, wish->output, error) &&
           tps_report_writes_claim(wish->writes, outputs, error);
}

static TpsReport *read_report(const Options *options, const Wish *wish, const char *plan_path,
                              const TpsPlan *plan, const char *const *paths, GError **error)
{
    g_autoptr(TpsCollection) collection = NULL;
    g_autofree char *directory = wish->output ? g_path_get_dirname(wish->output) : NULL;
    TpsReport *report = NULL;

    tps_stop_install();
    tps_stop_at_once(true); /* there is nothing to clean up until something is written */
    collection = tps_collect_unread(paths, error);
    if (collection && check_outputs(wish, options->key, plan_path, collection, error))
        report = tps_report_of(
            &(TpsReportWish){
                .plan = plan, .name = options->name, .directory = directory, .timeline = true},
            collection, error);
    tps_stop_at_once(false);
    if (report)
        report->flaky_fails = wish->flaky_fails;
    return report;
}

static int report_on(const Options *options, const char *const *paths, GError **error)
{
    g_auto(Wish) wish = {0};
    g_autofree char *found = options->plan_path ? NULL : tps_report_find_plan(paths);
    const char *plan_path = options->plan_path ? options->plan_path : found;
    g_autoptr(TpsPlan) plan = NULL;
    g_autoptr(TpsReport) report = NULL;
    g_autofree char *root = g_get_current_dir();
    g_autofree char *reproduce = NULL;
    int status;

    if (!understand(options, paths, &wish, error))
        return TPS_EXIT_USAGE;
    if (options->shard && !plan_path && !usage(error, "--shard needs a plan: name it with --plan"))
        return TPS_EXIT_USAGE;
    if (plan_path && !(plan = load_plan(options, plan_path, error)))
        return TPS_EXIT_USAGE;
    report = read_report(options, &wish, plan_path, plan, paths, error);
    if (!report)
        return tps_exit_status_of_error(*error);
    reproduce = plan_path ? tps_reproduce_command(plan_path, paths[0], NULL) : NULL;
    status = answer(report, &wish, &(TpsReportLook){.reproduce = reproduce, .root = root}, error);
    if (*error == NULL && options->open)
        tps_report_open(wish.output);
    return status;
}

/* What a comparison has no use for is not taken in silence. */
static int compare(const Options *options, const char *const *paths, GError **error)
{
    if (options->plan_path || options->output || options->name || options->shard ||
        options->flaky || options->writes || options->open) {
        usage(error, "--compare: only --format and --key go with it");
        return TPS_EXIT_USAGE;
    }
    return tps_report_compare(paths, options->format, options->key, error);
}

/* For the help. Caller frees. */
static char *describe_formats(void)
{
    GString *text = g_string_new("Formats:\n");

    for (const TpsReportWriter *const *writer = tps_report_writers; *writer; writer++)
        g_string_append_printf(text, "  %-12s %s\n", (*writer)->name, (*writer)->about);
    g_string_append_printf(text, "  %-12s %s", "text", "the summary for people");
    return g_string_free(text, FALSE);
}

static int run(int argc, char **argv, GError **error)
{
    g_auto(Options) options = {0};
    g_autoptr(GOptionContext) context = tps_option_context_new(&tps_cmd_report);
    g_autofree char *formats = describe_formats();
    const char *const *paths;
    GOptionEntry entries[] = {
        {"plan", 'p', 0, G_OPTION_ARG_FILENAME, &options.plan_path,
         "Prove completeness against this plan", "FILE"},
        {"format", 0, 0, G_OPTION_ARG_STRING, &options.format, "What is written (text)", "FORMAT"},
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output, "Write it there, not to stdout",
         "FILE"},
        TPS_REPORT_WRITE_ENTRY(&options.writes),
        {"open", 0, 0, G_OPTION_ARG_NONE, &options.open, "Show it in a browser", NULL},
        {"compare", 0, 0, G_OPTION_ARG_NONE, &options.compare, "What is new in the second of two",
         NULL},
        {"name", 0, 0, G_OPTION_ARG_FILENAME, &options.name, "Name of a report without a plan",
         "NAME"},
        {"shard", 0, 0, G_OPTION_ARG_STRING, &options.shard, "Only that worker's tasks were to run",
         "K/N"},
        {"flaky", 0, 0, G_OPTION_ARG_STRING, &options.flaky, "What a flaky testcase is (pass)",
         "fail|pass"},
        {NULL, 0, 0, 0, NULL, NULL, NULL},
    };

    g_option_context_add_main_entries(context, entries, NULL);
    g_option_context_set_description(context, formats);
    tps_key_option_add(&options.key, context);
    if (!tps_options_parse(context, &argc, &argv, error) ||
        !tps_key_option_settle(&options.key, error))
        return TPS_EXIT_USAGE;
    paths = (const char *const *)argv + 1;
    return options.compare ? compare(&options, paths, error) : report_on(&options, paths, error);
}

const TpsVerb tps_cmd_report = {
    .name = "report",
    .args = "DIR...",
    .summary = "a finished run as HTML, JUnit, JSON, trace, Markdown; two compared",
    .run = run,
};
