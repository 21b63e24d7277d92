/* SPDX-License-Identifier: MIT */
#include "cli/command.h"
#include "cli/exit_status.h"
#include "cli/key_options.h"
#include "cli/options.h"
#include "cli/pin_options.h"
#include "cli/report_writes.h"
#include "cli/run_policy.h"
#include "cli/summary.h"
#include "core/error.h"
#include "formats/plan_json.h"
#include "formats/report/writers.h"
#include "runtime/learn.h"
#include "scheduler/artifacts_proof.h"
#include "scheduler/collect.h"
#include "scheduler/reporting.h"
#include "scheduler/stop.h"

#include <stdio.h>
#include <string.h>

typedef struct {
    char *plan;
    char *output;
    char *format;
    char *name;
    char *learn_path;
    char *flaky;
    char **writes;
    char *artifacts;
    char *key;
    TpsPinOptions pin;
} Options;

static void options_clear(Options *options)
{
    g_free(options->plan);
    g_free(options->output);
    g_free(options->format);
    g_free(options->name);
    g_free(options->learn_path);
    g_free(options->flaky);
    g_strfreev(options->writes);
    g_free(options->artifacts);
    g_free(options->key);
    tps_pin_options_clear(&options->pin);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static bool check(const Options *options, int argc, GError **error)
{
    const char *format = options->format;

    if (argc < 2)
        g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE,
                    "nothing to merge; name reports or directories");
    else if (format && strcmp(format, "text") != 0 && strcmp(format, "json") != 0 &&
             strcmp(format, "junit") != 0)
        g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE, "--format: '%s' is not text, json or junit",
                    format);
    else if (options->pin.plan_id && !options->plan)
        g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE,
                    "--plan-id needs --plan: without it nothing says of which plan this is");
    else if (options->learn_path && !options->plan)
        g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE,
                    "--write-runtime-data needs --plan: only a plan says what a part was to run");
    else
        return !options->learn_path ||
               (tps_key_check_old(options->key, options->learn_path, error) &&
                tps_learn_check(options->learn_path, error));
    return false;
}

/* Before the reports: what is to be proven comes first. */
static bool load_plan(const Options *options, TpsPlan **plan, GError **error)
{
    if (!options->plan)
        return true;
    if (tps_key_check(options->key, options->plan, error))
        *plan = tps_plan_load(options->plan, error);
    return *plan && tps_pin_check(&options->pin, *plan, error);
}

static TpsReport *merge(const Options *options, const TpsPlan *plan, TpsCollection *collection,
                        GError **error)
{
    g_autofree char *directory = options->output ? g_path_get_dirname(options->output) : NULL;
    return tps_report_of(&(TpsReportWish){.plan = plan,
                                          .name = options->name,
                                          .directory = directory,
                                          .timeline = options->writes != NULL},
                         collection, error);
}

/* One that can't be written costs no other; of several errors the first is told. */
static bool write_reports(const Options *options, const GPtrArray *writes, const TpsReport *merge,
                          const TpsReportLook *look, GError **error)
{
    const TpsReportWriter *junit = tps_report_writer_find("junit", NULL);
    g_autoptr(GError) why = NULL;
    bool done =
        !options->output || tps_report_write_file(merge, junit, look, options->output, error);

    if (tps_report_writes_do(writes, merge, look, &why))
        return done;
    if (done)
        g_propagate_error(error, g_steal_pointer(&why));
    return false;
}

static bool answer(const Options *options, const GPtrArray *writes, const TpsReport *merge,
                   int status, GError **error)
{
    const TpsReportWriter *junit = tps_report_writer_find("junit", NULL);
    g_autofree char *reproduce =
        options->plan ? tps_reproduce_command(options->plan, "tpsched-report", NULL) : NULL;
    g_autofree char *root = g_get_current_dir();
    const TpsReportLook look = {.reproduce = reproduce, .root = root};

    if (!write_reports(options, writes, merge, &look, error))
        return false;
    if (options->format && strcmp(options->format, "json") == 0) {
        tps_summary_print_json(merge, NULL, status, stdout);
    } else if (options->format && strcmp(options->format, "junit") == 0) {
        g_autoptr(TpsSink) sink = tps_sink_of(stdout);

        return junit->write(merge, &look, sink, error) &&
               tps_sink_close(g_steal_pointer(&sink), error);
    } else {
        tps_summary_print(merge, NULL, stdout);
    }
    return true;
}

/*
 * Last, when the report is out: a full disk must not cost the report. The reports are read again,
 * because their results have moved into the merge.
 */
static bool learn(const Options *options, const char *const *paths, GError **error)
{
    g_autoptr(TpsPlan) plan = NULL;
    g_autoptr(TpsCollection) collection = NULL;

    if (!options->learn_path)
        return true;
    plan = tps_plan_load(options->plan, error);
    collection = plan ? tps_collect(paths, error) : NULL;
    return collection && tps_learn(options->learn_path, plan, collection->parts, error) &&
           tps_key_sign(options->key, options->learn_path, error);
}

static bool gather(const Options *options, const TpsReport *merged, const TpsCollection *collection,
                   GError **error)
{
    return !options->artifacts ||
           tps_artifacts_gather(collection->parts, merged->plan_id, options->artifacts, error);
}

/* A journal may have any name, so this can be told only when all have been found. */
static bool check_outputs(const Options *options, const GPtrArray *writes,
                          const TpsCollection *collection, GError **error)
{
    g_autoptr(TpsOutputs) outputs = tps_outputs_new();

    tps_outputs_keep(outputs, options->plan);
    tps_outputs_keep(outputs, options->key);
    for (guint i = 0; i < collection->parts->len; i++)
        tps_outputs_keep(outputs,
                         ((const TpsPartReport *)g_ptr_array_index(collection->parts, i))->origin);
    return tps_outputs_add(outputs, options->output, error) &&
           tps_report_writes_claim(writes, outputs, error) &&
           tps_outputs_add(outputs, options->learn_path, error);
}

static int run(int argc, char **argv, GError **error)
{
    g_auto(Options) options = {0};
    const char *const *paths = (const char *const *)argv + 1;
    g_autoptr(GPtrArray) writes = NULL;
    g_autoptr(TpsPlan) plan = NULL;
    g_autoptr(TpsCollection) collection = NULL;
    g_autoptr(TpsReport) merged = NULL;
    g_autoptr(GOptionContext) context = tps_option_context_new(&tps_cmd_merge);
    GOptionEntry entries[] = {
        {"plan", 'p', 0, G_OPTION_ARG_FILENAME, &options.plan,
         "Prove completeness against this plan", "FILE"},
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output, "Write the JUnit XML there",
         "FILE"},
        {"format", 0, 0, G_OPTION_ARG_STRING, &options.format, "What stdout gets",
         "text|json|junit"},
        {"name", 0, 0, G_OPTION_ARG_FILENAME, &options.name, "Name of a merge without a plan",
         "NAME"},
        {"write-runtime-data", 'w', 0, G_OPTION_ARG_FILENAME, &options.learn_path,
         "Learn what it took into FILE", "FILE"},
        {"flaky", 0, 0, G_OPTION_ARG_STRING, &options.flaky, "What a flaky testcase is (pass)",
         "fail|pass"},
        TPS_REPORT_WRITE_ENTRY(&options.writes),
        {"artifacts", 0, 0, G_OPTION_ARG_FILENAME, &options.artifacts,
         "Copy what the parts left to DIR", "DIR"},
        {NULL, 0, 0, 0, NULL, NULL, NULL},
    };
    bool flaky_fails;
    int status;

    g_option_context_add_main_entries(context, entries, NULL);
    tps_key_option_add(&options.key, context);
    tps_pin_id_add(&options.pin, context);
    if (!tps_options_parse(context, &argc, &argv, error) ||
        !tps_key_option_settle(&options.key, error) || !check(&options, argc, error) ||
        !tps_option_flaky(options.flaky, &flaky_fails, error) ||
        !tps_report_writes_understand(options.writes, &writes, error))
        return TPS_EXIT_USAGE;
    tps_pin_options_settle(&options.pin);
    tps_stop_install();
    tps_stop_at_once(true); /* there is nothing to clean up until something is written */
    collection = load_plan(&options, &plan, error) ? tps_collect_unread(paths, error) : NULL;
    merged = collection && check_outputs(&options, writes, collection, error)
                 ? merge(&options, plan, collection, error)
                 : NULL;
    tps_stop_at_once(false);
    if (!merged)
        return tps_exit_status_of_error(*error);
    merged->flaky_fails = flaky_fails;
    status = tps_exit_status_of_merge(merged);
    if (!answer(&options, writes, merged, status, error) ||
        !gather(&options, merged, collection, error) || !learn(&options, paths, error))
        return *error ? tps_exit_status_of_error(*error) : TPS_EXIT_INFRASTRUCTURE;
    return tps_stop_count() > 0 ? TPS_EXIT_INTERRUPTED : status;
}

const TpsVerb tps_cmd_merge = {
    .name = "merge",
    .args = "REPORT|DIR...",
    .summary = "part reports (+ plan) to one report, or what is missing",
    .run = run,
};
