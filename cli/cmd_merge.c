/* SPDX-License-Identifier: MIT */
#include "cli/command.h"
#include "cli/exit_status.h"
#include "cli/options.h"
#include "cli/run_policy.h"
#include "cli/summary.h"
#include "core/error.h"
#include "formats/files.h"
#include "formats/plan_json.h"
#include "formats/report/writers.h"
#include "runtime/learn.h"
#include "scheduler/collect.h"
#include "scheduler/merge.h"

#include <stdio.h>
#include <string.h>

typedef struct {
    char *plan;
    char *output;
    char *format;
    char *name;
    char *learn_path;
    char *flaky;
} Options;

static void options_clear(Options *options)
{
    g_free(options->plan);
    g_free(options->output);
    g_free(options->format);
    g_free(options->name);
    g_free(options->learn_path);
    g_free(options->flaky);
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
    else if (options->learn_path && !options->plan)
        g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE,
                    "--write-runtime-data needs --plan: only a plan says what a part was to run");
    else
        return !options->learn_path || tps_learn_check(options->learn_path, error);
    return false;
}

/* Without a plan too, a part says what it had to run. */
static void say_unreported(TpsCollection *collection, const TpsPartReport *part, const char *label)
{
    g_autoptr(GHashTable) reported = g_hash_table_new(g_str_hash, g_str_equal);
    guint n_missing = 0;

    for (guint i = 0; i < part->results->len; i++)
        g_hash_table_add(reported, ((TpsResult *)g_ptr_array_index(part->results, i))->id);
    for (guint i = 0; i < part->planned->len; i++)
        n_missing += !g_hash_table_contains(reported, g_ptr_array_index(part->planned, i));
    if (n_missing > 0)
        g_ptr_array_add(collection->problems,
                        g_strdup_printf("%s: %u of %u planned testcases have no result", label,
                                        n_missing, part->planned->len));
}

/* A part report is a loose one when there is no plan to fit it into. */
static void loosen(TpsCollection *collection)
{
    for (guint i = 0; i < collection->parts->len; i++) {
        TpsPartReport *part = g_ptr_array_index(collection->parts, i);
        TpsLooseReport *loose = tps_loose_report_new(part->suite, part->origin);
        g_autofree char *label = tps_part_label(part->suite, part->part);

        loose->digest = g_strdup(part->digest);
        loose->started_us = part->started_us;
        loose->ended_us = MAX(part->ended_us, part->started_us);
        g_clear_pointer(&loose->results, g_ptr_array_unref);
        loose->results = g_ptr_array_ref(part->results);
        g_ptr_array_add(collection->loose, loose);
        say_unreported(collection, part, label);
        if (!part->done)
            g_ptr_array_add(
                collection->problems,
                g_strdup_printf("%s: it was started and nobody wrote how it ended", label));
        for (guint j = 0; j < part->problems->len; j++)
            g_ptr_array_add(collection->problems,
                            g_strdup_printf("%s: %s", label,
                                            (const char *)g_ptr_array_index(part->problems, j)));
    }
}

static void copy_all(GPtrArray *to, const GPtrArray *from)
{
    for (guint i = 0; i < from->len; i++)
        g_ptr_array_add(to, g_strdup(g_ptr_array_index(from, i)));
}

static TpsReport *merge_with_plan(const char *path, TpsCollection *collection, GError **error)
{
    g_autoptr(TpsPlan) plan = tps_plan_load(path, error);

    if (!plan)
        return NULL;
    for (guint i = 0; i < collection->loose->len; i++) {
        const TpsLooseReport *loose = g_ptr_array_index(collection->loose, i);
        const TpsLooseReport *before = i > 0 ? g_ptr_array_index(collection->loose, i - 1) : NULL;

        if (before && strcmp(before->origin, loose->origin) == 0)
            continue; /* another suite of the same file */
        g_ptr_array_add(collection->problems,
                        g_strdup_printf("%s: no journal says which part it is", loose->origin));
    }
    return tps_merge_plan(plan, collection->parts);
}

/* Some reporters write an empty suite where a file could not be loaded: that alone is no proof. */
static TpsReport *merge_without_plan(const char *name, TpsCollection *collection, GError **error)
{
    guint n_reports = collection->parts->len + collection->loose->len;
    g_autoptr(TpsReport) merge = NULL;

    loosen(collection);
    merge = tps_merge_loose(name, collection->loose);
    if (merge->n_results + collection->problems->len > 0)
        return g_steal_pointer(&merge);
    g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT, "there is no %s in what was given",
                n_reports > 0 ? "testcase" : "report");
    return NULL;
}

static TpsReport *merge(const Options *options, TpsCollection *collection, GError **error)
{
    if (options->plan)
        return merge_with_plan(options->plan, collection, error);
    return merge_without_plan(options->name ? options->name : "tpsched", collection, error);
}

static bool answer(const Options *options, const TpsReport *merge, int status, GError **error)
{
    const TpsReportWriter *junit = tps_report_writer_find("junit", NULL);
    const TpsReportLook look = {0};

    if (options->output && !tps_report_write_file(merge, junit, &look, options->output, error))
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
    return collection && tps_learn(options->learn_path, plan, collection->parts, error);
}

static int run(int argc, char **argv, GError **error)
{
    g_auto(Options) options = {0};
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
        {NULL, 0, 0, 0, NULL, NULL, NULL},
    };
    bool flaky_fails;
    int status;

    g_option_context_add_main_entries(context, entries, NULL);
    if (!tps_options_parse(context, &argc, &argv, error) || !check(&options, argc, error) ||
        !tps_option_flaky(options.flaky, &flaky_fails, error))
        return TPS_EXIT_USAGE;
    collection = tps_collect((const char *const *)argv + 1, error);
    merged = collection ? merge(&options, collection, error) : NULL;
    if (!merged)
        return TPS_EXIT_USAGE;
    copy_all(merged->problems, collection->problems);
    copy_all(merged->notes, collection->notes);
    merged->flaky_fails = flaky_fails;
    status = tps_exit_status_of_merge(merged);
    if (!answer(&options, merged, status, error) ||
        !learn(&options, (const char *const *)argv + 1, error))
        return TPS_EXIT_INFRASTRUCTURE;
    return status;
}

const TpsVerb tps_cmd_merge = {
    .name = "merge",
    .args = "REPORT|DIR...",
    .summary = "part reports (+ plan) to one report, or what is missing",
    .run = run,
};
