/* SPDX-License-Identifier: MIT */
#include "cli/run_options.h"

#include "adapters/ci/ci.h"
#include "cli/option_values.h"
#include "cli/report_writes.h"
#include "core/duration.h"
#include "core/error.h"

#include <string.h>

#define ATTEMPT_MAX 1000

void tps_run_options_clear(TpsRunOptions *options)
{
    tps_plan_options_clear(&options->plan);
    tps_policy_options_clear(&options->policy);
    tps_pin_options_clear(&options->pin);
    g_free(options->plan_path);
    g_strfreev(options->shard);
    g_strfreev(options->suite);
    g_strfreev(options->part);
    g_strfreev(options->testcases);
    g_free(options->report_dir);
    g_free(options->learn_path);
    g_free(options->timeout);
    g_free(options->plan_timeout);
    g_free(options->attempt);
    g_free(options->run_id);
    g_free(options->output);
    g_free(options->output_order);
    g_free(options->leak);
    g_free(options->isolate);
    g_free(options->format);
    g_free(options->failed);
    g_free(options->not_run);
    g_strfreev(options->writes);
}

void tps_run_settings_clear(TpsRunSettings *settings)
{
    g_strfreev(settings->testcases);
    g_clear_pointer(&settings->writes, g_ptr_array_unref);
}

GOptionContext *tps_run_options_context(TpsRunOptions *options)
{
    GOptionContext *context = tps_option_context_new(&tps_cmd_run);
    /* Names are bytes, whatever the locale: GLib converts what is not a file name. */
    GOptionEntry entries[] = {
        {"plan", 'p', 0, G_OPTION_ARG_FILENAME, &options->plan_path, "Execute this plan", "FILE"},
        {"shard", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->shard, "Only the K-th worker's tasks",
         "K/N|auto"},
        {"suite", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->suite, "Only this suite", "NAME"},
        {"part", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->part, "Only this part of it", "M,N"},
        {"testcase", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->testcases,
         "Only this testcase; repeatable", "ID"},
        {"report-dir", 'r', 0, G_OPTION_ARG_FILENAME, &options->report_dir,
         "Reports (default: tpsched-report)", "DIR"},
        {"write-runtime-data", 'w', 0, G_OPTION_ARG_FILENAME, &options->learn_path,
         "Write what it took there", "FILE"},
        {"timeout", 0, 0, G_OPTION_ARG_STRING, &options->timeout, "For tasks without their own",
         "TIME"},
        {"plan-timeout", 0, 0, G_OPTION_ARG_STRING, &options->plan_timeout, "For all of it",
         "TIME"},
        {"attempt", 0, 0, G_OPTION_ARG_STRING, &options->attempt, "Which attempt this is (1)",
         "N|auto"},
        {"run-id", 0, 0, G_OPTION_ARG_STRING, &options->run_id, "What all shards of one run share",
         "ID|auto"},
        {"resume", 0, 0, G_OPTION_ARG_NONE, &options->resume, "Go on with the run that is there",
         NULL},
        {"failed", 0, 0, G_OPTION_ARG_FILENAME, &options->failed,
         "Only what failed in the run there", "DIR"},
        {"not-run", 0, 0, G_OPTION_ARG_FILENAME, &options->not_run, "Only what has no result there",
         "DIR"},
        {"keep", 0, 0, G_OPTION_ARG_NONE, &options->keep, "Keep the sandboxes of failed tasks",
         NULL},
        {"allow-new", 0, 0, G_OPTION_ARG_NONE, &options->allow_new,
         "Run testcases that are not planned", NULL},
        {"allow-missing", 0, 0, G_OPTION_ARG_NONE, &options->allow_missing,
         "Planned testcases may be gone", NULL},
        {"no-tail-splitting", 0, 0, G_OPTION_ARG_NONE, &options->no_tail_splitting,
         "Cut no task at run time", NULL},
        {"elastic", 0, 0, G_OPTION_ARG_NONE, &options->elastic, "Add workers to meet the target",
         NULL},
        {"output", 0, 0, G_OPTION_ARG_STRING, &options->output, "all, failed, none or immediate",
         "WHOSE"},
        {"output-order", 0, 0, G_OPTION_ARG_STRING, &options->output_order,
         "And shown by completion or plan", "ORDER"},
        {"interactive", 0, 0, G_OPTION_ARG_NONE, &options->interactive, "Tasks have this terminal",
         NULL},
        {"leak", 0, 0, G_OPTION_ARG_STRING, &options->leak, "If a task leaves processes behind",
         "pass|fail"},
        {"isolate", 0, 0, G_OPTION_ARG_STRING, &options->isolate, "Apart: none, pid, cgroup, auto",
         "HOW"},
        {"format", 0, 0, G_OPTION_ARG_STRING, &options->format, "What stdout gets", "text|json"},
        TPS_REPORT_WRITE_ENTRY(&options->writes),
        {NULL, 0, 0, 0, NULL, NULL, NULL},
    };

    tps_policy_options_add(&options->policy, context);
    tps_plan_options_add(&options->plan, context);
    tps_pin_options_add(&options->pin, context);
    g_option_context_add_main_entries(context, entries, NULL);
    return context;
}

static bool usage(GError **error, const char *what)
{
    g_set_error_literal(error, TPS_ERROR, TPS_ERROR_USAGE, what);
    return false;
}

/* "K/N": one-based, as CI systems' users write it. */
static bool parse_shard(const char *text, int *shard, int *shards, GError **error)
{
    if (tps_ci_parse_shard(text, shard, shards))
        return true;
    g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE, "--shard: '%s' is not K/N with 1 <= K <= N",
                text);
    return false;
}

static bool parse_output(const char *text, TpsOutputMode *mode, GError **error)
{
    if (!text || strcmp(text, "all") == 0)
        *mode = TPS_OUTPUT_ALL;
    else if (strcmp(text, "failed") == 0)
        *mode = TPS_OUTPUT_FAILED;
    else if (strcmp(text, "none") == 0)
        *mode = TPS_OUTPUT_NONE;
    else if (strcmp(text, "immediate") == 0)
        *mode = TPS_OUTPUT_IMMEDIATE;
    else
        return usage(error, "--output: it is all, failed, none or immediate");
    return true;
}

static bool parse_output_order(const char *text, TpsOutputOrder *order, GError **error)
{
    if (!text || strcmp(text, "completion") == 0)
        *order = TPS_OUTPUT_ORDER_COMPLETION;
    else if (strcmp(text, "plan") == 0)
        *order = TPS_OUTPUT_ORDER_PLAN;
    else
        return usage(error, "--output-order: it is completion or plan");
    return true;
}

static bool parse_leak(const char *text, bool *fails, GError **error)
{
    TpsLeak leak = TPS_LEAK_PASSES;

    if (text && !tps_leak_parse(text, &leak))
        return usage(error, "--leak: it is pass or fail");
    *fails = leak == TPS_LEAK_FAILS;
    return true;
}

static bool parse_isolate(const char *text, TpsIsolation *isolation, GError **error)
{
    return !text || tps_isolation_parse(text, isolation) ||
           usage(error, "--isolate: it is none, pid, cgroup or auto");
}

/* GOption lets the last of several win in silence: then something that was named would not run. */
static bool only_one(const char *option, char **values, const char **value, GError **error)
{
    *value = values ? values[0] : NULL;
    if (!values || !values[1])
        return true;
    g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE, "%s is given twice; one at a time", option);
    return false;
}

static bool parse_scope(const TpsRunOptions *options, TpsRunSettings *settings, GError **error)
{
    const char *shard;
    const char *part;

    if (!only_one("--shard", options->shard, &shard, error) ||
        !only_one("--suite", options->suite, &settings->scope.suite, error) ||
        !only_one("--part", options->part, &part, error))
        return false;
    if (shard && !parse_shard(shard, &settings->scope.shard, &settings->shards, error))
        return false;
    if (part && !settings->scope.suite)
        return usage(error, "--part needs --suite: whose part is it?");
    if (part && !tps_part_parse(part, &settings->part, error))
        return false;
    if ((shard || part) && !options->plan_path)
        return usage(error, "--shard and --part need --plan: they are parts of a pinned plan");
    settings->scope.part = part ? &settings->part : NULL;
    settings->scope.testcases = options->testcases;
    return true;
}

static bool check_plan_options(const TpsRunOptions *options, GError **error)
{
    const TpsPlanOptions *plan = &options->plan;

    if (options->plan_path && tps_filter_options_any(&plan->filter))
        return usage(error, "a plan holds the filter that it was made with; --include, --exclude, "
                            "--tag and --exclude-tag are for 'tpsched plan', and --suite and "
                            "--testcase say what of a plan is run");
    if (options->plan_path &&
        (tps_plan_options_any(plan) || (plan->max_size && !options->elastic) ||
         (plan->size && strcmp(plan->size, "auto") == 0)))
        return usage(error, "--plan executes a plan as it is; only --size N may change the pool");
    return true;
}

/* Untouched where it is not given. */
static bool parse_time(const char *option, const char *text, int64_t *us, GError **error)
{
    if (!text)
        return true;
    if (!tps_duration_parse(text, us, error)) {
        g_prefix_error(error, "%s: ", option);
        return false;
    }
    if (*us > 0)
        return true;
    g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE, "%s: a duration longer than zero is expected",
                option);
    return false;
}

bool tps_run_options_understand(const TpsRunOptions *options, TpsRunSettings *settings,
                                GError **error)
{
    settings->attempt = 1;
    settings->interactive = options->interactive;
    if (options->format && strcmp(options->format, "text") != 0 &&
        strcmp(options->format, "json") != 0)
        return usage(error, "--format: it is text or json");
    settings->json = options->format && strcmp(options->format, "json") == 0;
    if (options->report_dir && !*options->report_dir)
        return usage(error, "--report-dir: a directory is expected");
    if (!parse_time("--timeout", options->timeout, &settings->timeout_us, error) ||
        !parse_time("--plan-timeout", options->plan_timeout, &settings->plan_timeout_us, error))
        return false;
    if (!tps_option_count("--attempt", options->attempt, false, &settings->attempt, error))
        return false;
    if (settings->attempt > ATTEMPT_MAX)
        return usage(error, "--attempt: more than a thousand is no attempt");
    return parse_output(options->output, &settings->output, error) &&
           parse_leak(options->leak, &settings->leak_fails, error) &&
           parse_isolate(options->isolate, &settings->isolation, error) &&
           parse_output_order(options->output_order, &settings->output_order, error) &&
           tps_report_writes_understand(options->writes, &settings->writes, error) &&
           tps_policy_options_understand(&options->policy, &settings->policy, error) &&
           parse_scope(options, settings, error) && check_plan_options(options, error);
}

bool tps_run_options_suit(const TpsRunSettings *settings, int max_size, GError **error)
{
    if (settings->interactive && max_size > 1)
        return usage(error, "--interactive needs --size 1: there is one terminal");
    if (settings->output == TPS_OUTPUT_IMMEDIATE && max_size > 1)
        return usage(error, "--output immediate needs --size 1: several workers would mix theirs");
    return true;
}
