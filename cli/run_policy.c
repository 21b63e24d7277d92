/* SPDX-License-Identifier: MIT */
#include "cli/run_policy.h"

#include "cli/option_values.h"
#include "core/error.h"

#include <string.h>

void tps_policy_options_clear(TpsPolicyOptions *options)
{
    g_free(options->rerun);
    g_free(options->rerun_budget);
    g_free(options->flaky);
    g_free(options->repeat);
    g_free(options->order);
}

/* "--fail-fast" or "--fail-fast=3". */
static gboolean take_fail_fast(const char *name, const char *value, void *data, GError **error)
{
    TpsPolicyOptions *options = data;
    bool now = strcmp(name, "--fail-fast-now") == 0;

    return tps_option_count(name, value ? value : "1", false,
                            now ? &options->fail_fast_now : &options->fail_fast, error);
}

/* "--shuffle" or "--shuffle=42". */
static gboolean take_shuffle(const char *name, const char *value, void *data, GError **error)
{
    TpsPolicyOptions *options = data;
    guint64 seed = g_random_int();

    if (value && !g_ascii_string_to_unsigned(value, 10, 0, G_MAXUINT32, &seed, NULL)) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE, "%s: '%s' is not a number from 0 to %u",
                    name, value, G_MAXUINT32);
        return FALSE;
    }
    options->shuffles = TRUE;
    options->seed = (guint32)seed;
    return TRUE;
}

/* GOption wants a function as data, which C does not like. */
#define CALLBACK(function) ((gpointer)(guintptr)(function))

void tps_policy_options_add(TpsPolicyOptions *options, GOptionContext *context)
{
    GOptionEntry entries[] = {
        {"rerun", 0, 0, G_OPTION_ARG_STRING, &options->rerun, "More attempts at what failed", "N"},
        {"rerun-budget", 0, 0, G_OPTION_ARG_STRING, &options->rerun_budget,
         "Testcases that may run again", "N"},
        {"flaky", 0, 0, G_OPTION_ARG_STRING, &options->flaky, "What a flaky testcase is (pass)",
         "fail|pass"},
        {"fail-fast", 0, G_OPTION_FLAG_OPTIONAL_ARG, G_OPTION_ARG_CALLBACK,
         CALLBACK(take_fail_fast), "End after N failed tasks (1)", "N"},
        {"fail-fast-now", 0, G_OPTION_FLAG_OPTIONAL_ARG, G_OPTION_ARG_CALLBACK,
         CALLBACK(take_fail_fast), "The same, and stop what runs", "N"},
        {"repeat", 0, 0, G_OPTION_ARG_STRING, &options->repeat, "Run every task N times", "N"},
        {"until-failure", 0, 0, G_OPTION_ARG_NONE, &options->until_failure,
         "Repeat until a task fails", NULL},
        {"order", 0, 0, G_OPTION_ARG_STRING, &options->order, "What starts first (weight)",
         "weight|failed-first"},
        {"shuffle", 0, G_OPTION_FLAG_OPTIONAL_ARG, G_OPTION_ARG_CALLBACK, CALLBACK(take_shuffle),
         "Start tasks in any order", "SEED"},
        {NULL, 0, 0, 0, NULL, NULL, NULL},
    };

    g_option_context_set_main_group(context, g_option_group_new("main", "", "", options, NULL));
    g_option_context_add_main_entries(context, entries, NULL);
}

/* NULL leaves `value`. */
static bool parse_index(const char *option, const char *text, int max, int *value, GError **error)
{
    guint64 number;

    if (!text)
        return true;
    if (!g_ascii_string_to_unsigned(text, 10, 0, (guint64)max, &number, NULL)) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE, "%s: '%s' is not a number from 0 to %d",
                    option, text, max);
        return false;
    }
    *value = (int)number;
    return true;
}

static bool usage(GError **error, const char *what)
{
    g_set_error_literal(error, TPS_ERROR, TPS_ERROR_USAGE, what);
    return false;
}

bool tps_option_flaky(const char *text, bool *fails, GError **error)
{
    *fails = text && strcmp(text, "fail") == 0;
    if (!text || *fails || strcmp(text, "pass") == 0)
        return true;
    return usage(error, "--flaky: it is fail or pass");
}

static bool parse_order(const TpsPolicyOptions *options, bool *failed_first, GError **error)
{
    *failed_first = options->order && strcmp(options->order, "failed-first") == 0;
    if (options->order && !*failed_first && strcmp(options->order, "weight") != 0)
        return usage(error, "--order: it is weight or failed-first");
    if (options->order && options->shuffles)
        return usage(error, "--order or --shuffle: one of them");
    return true;
}

static bool check(const TpsPolicyOptions *options, GError **error)
{
    if (options->fail_fast && options->fail_fast_now)
        return usage(error, "--fail-fast or --fail-fast-now: one of them");
    if ((options->repeat || options->until_failure) && options->rerun)
        return usage(error, "--rerun: nothing is run again where all is repeated");
    return true;
}

/* A failure is what one waits for: it is the last. */
static void set_repeats(const TpsPolicyOptions *options, TpsRunPolicy *policy)
{
    policy->until_failure = options->until_failure;
    if (!options->until_failure)
        return;
    policy->fail_fast = MAX(policy->fail_fast, 1);
    if (!options->repeat)
        policy->job.repeats = G_MAXINT;
}

bool tps_policy_options_understand(const TpsPolicyOptions *options, TpsRunPolicy *policy,
                                   GError **error)
{
    *policy = (TpsRunPolicy){.job = {.repeats = 1, .allowed = true},
                             .rerun_budget = TPS_AUTO,
                             .fail_fast = MAX(options->fail_fast, options->fail_fast_now),
                             .cancels = options->fail_fast_now > 0,
                             .shuffles = options->shuffles,
                             .seed = options->seed,
                             .replays = options->replays,
                             .waits = options->waits};
    if (!check(options, error) || !parse_order(options, &policy->failed_first, error) ||
        !tps_option_flaky(options->flaky, &policy->flaky_fails, error) ||
        !parse_index("--rerun", options->rerun, TPS_RERUN_MAX, &policy->job.reruns, error) ||
        !parse_index("--rerun-budget", options->rerun_budget, G_MAXINT, &policy->rerun_budget,
                     error) ||
        !tps_option_count("--repeat", options->repeat, false, &policy->job.repeats, error))
        return false;
    set_repeats(options, policy);
    return true;
}

void tps_run_policy_complete(TpsRunPolicy *policy, const TpsPlanFile *file)
{
    policy->job.allowed = file->pool_rerun;
    if (policy->rerun_budget == TPS_AUTO)
        policy->rerun_budget = file->rerun_budget;
}
