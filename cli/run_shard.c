/* SPDX-License-Identifier: MIT */
#include "cli/run_shard.h"

#include "adapters/ci/ci.h"
#include "cli/terminal.h"
#include "core/error.h"
#include "core/filter.h"
#include "formats/files.h"
#include "formats/plan_json.h"
#include "scheduler/scope.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool is_auto(const char *value)
{
    return value && strcmp(value, "auto") == 0;
}

static bool usage(GError **error, const char *what)
{
    g_set_error_literal(error, TPS_ERROR, TPS_ERROR_USAGE, what);
    return false;
}

/* Only one value is "auto": two are told to be two. */
static bool shard_is_auto(const TpsRunOptions *options)
{
    return options->shard && !options->shard[1] && is_auto(options->shard[0]);
}

static bool take_shard(TpsRunOptions *options, const TpsCiHere *here, GString *said, GError **error)
{
    g_autofree char *looked_for = NULL;

    if (here->shards > 0) {
        g_strfreev(options->shard);
        options->shard = g_new0(char *, 2);
        options->shard[0] = g_strdup_printf("%d/%d", here->shard, here->shards);
        g_string_append_printf(said, "shard %s (from %s)", options->shard[0], here->shard_from);
        return true;
    }
    looked_for = tps_ci_looked_for(environ);
    g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE,
                "--shard auto: nothing here says which shard this is: %s", looked_for);
    return false;
}

/* Not said, where only --shard asks for it, is as if nobody had asked. */
static bool take_attempt(TpsRunOptions *options, const TpsCiHere *here, GString *said,
                         GError **error)
{
    if (here->attempt == 0 && options->attempt)
        return usage(error, "--attempt auto: nothing here says which attempt this is; give its "
                            "number");
    if (here->attempt == 0)
        return true;
    g_free(options->attempt);
    options->attempt = g_strdup_printf("%d", here->attempt);
    g_string_append_printf(said, "%sattempt %d (from %s)", said->len > 0 ? ", " : "", here->attempt,
                           here->attempt_from);
    return true;
}

static bool take_run_id(TpsRunOptions *options, const TpsCiHere *here, GString *said,
                        GError **error)
{
    if (!here->run_id && options->run_id)
        return usage(error, "--run-id auto: nothing here says which run this is; give it a name");
    if (!here->run_id)
        return true;
    g_free(options->run_id);
    options->run_id = g_strdup(here->run_id);
    g_string_append_printf(said, "%srun %s (from %s)", said->len > 0 ? ", " : "", here->run_id,
                           here->run_id_from);
    return true;
}

/* TPSCHED_SHARD needs no option; that of a replay is what was executed. */
static bool finds_shard(const TpsRunOptions *options)
{
    const char *said = g_getenv("TPSCHED_SHARD");

    return shard_is_auto(options) || (!options->shard && said && *said && !options->policy.replays);
}

bool tps_run_shard_settle(TpsRunOptions *options, GError **error)
{
    const char *run_id = g_getenv("TPSCHED_RUN_ID");
    bool shard = finds_shard(options);
    bool attempt = is_auto(options->attempt) || (shard && !options->attempt);
    bool id = is_auto(options->run_id) || (shard && !options->run_id && !(run_id && *run_id));
    unsigned ask = (shard ? TPS_CI_SHARD : 0U) | (attempt || id ? TPS_CI_RUN : 0U);
    g_autoptr(GString) said = g_string_new(NULL);
    g_autofree char *line = NULL;
    g_auto(TpsCiHere) here = {0};

    if (shard && !options->plan_path)
        return usage(error, "--shard and TPSCHED_SHARD need --plan: a shard is one of a pinned "
                            "plan");
    if (!tps_ci_here(environ, ask, &here, error) ||
        (shard && !take_shard(options, &here, said, error)) ||
        (attempt && !take_attempt(options, &here, said, error)) ||
        (id && !take_run_id(options, &here, said, error)))
        return false;
    line = tps_printable(said->str, 0);
    if (*line)
        fprintf(stderr, "%s\n", line);
    g_unsetenv("TPSCHED_SHARD"); /* it is ours, not of a tpsched that a test may start */
    return true;
}

/* The testcases of a plan that a pattern means; NULL-terminated, caller frees. */
static char **matching(const TpsPlan *plan, const char *pattern)
{
    g_autoptr(GStrvBuilder) ids = g_strv_builder_new();

    for (guint i = 0; i < plan->tasks->len; i++) {
        const TpsTask *task = g_ptr_array_index(plan->tasks, i);
        const TpsSuite suite = {.name = task->suite};

        for (guint j = 0; task->testcases && j < task->testcases->len; j++) {
            const TpsTestcase testcase = {.id = g_ptr_array_index(task->testcases, j)};

            if (tps_filter_pattern_matches(pattern, &suite, &testcase))
                g_strv_builder_add(ids, testcase.id);
        }
    }
    return g_strv_builder_end(ids);
}

/* A plan holds the filter that it was made with: this one names testcases of it. */
static bool choose_testcases(TpsRunOptions *options, TpsRunSettings *settings, const char *pattern,
                             GError **error)
{
    g_autoptr(TpsPlan) plan = tps_plan_load(options->plan_path, error);
    g_autoptr(TpsPlan) here = plan ? tps_plan_restrict(plan, &settings->scope, error) : NULL;
    g_auto(GStrv) all = here ? matching(plan, pattern) : NULL;

    if (!here)
        return false;
    if (!*all) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE,
                    "TESTBRIDGE_TEST_ONLY: the plan has nothing that '%.200s' matches", pattern);
        return false;
    }
    /* There may be none of them in this shard: other shards have them. */
    options->testcases = matching(here, pattern);
    settings->scope.testcases = options->testcases;
    return true;
}

static bool take_filter(TpsRunOptions *options, TpsRunSettings *settings, const char *filter,
                        GError **error)
{
    if (!filter)
        return true;
    if (options->plan.filter.include || options->testcases)
        return usage(error, "TESTBRIDGE_TEST_ONLY is a filter, and so are --include and "
                            "--testcase; one at a time");
    if (options->plan_path)
        return choose_testcases(options, settings, filter, error);
    options->plan.filter.include = g_new0(char *, 2);
    options->plan.filter.include[0] = g_strdup(filter);
    return true;
}

bool tps_run_protocol_begin(TpsRunOptions *options, TpsRunSettings *settings,
                            TpsCiProtocol *protocol, GError **error)
{
    const bool is_shard = settings->scope.shard > 0;

    tps_ci_protocol_take(protocol, is_shard ? settings->scope.shard : 1,
                         is_shard ? settings->shards : 1);
    return tps_ci_protocol_begin(protocol, error) &&
           take_filter(options, settings, protocol->filter, error);
}

bool tps_run_protocol_report(const TpsCiProtocol *protocol, const char *junit_path, GError **error)
{
    g_autofree char *text = NULL;
    gsize length;

    return !protocol->report_path || (tps_file_read(junit_path, &text, &length, error) &&
                                      tps_file_write(protocol->report_path, text, length, error));
}
