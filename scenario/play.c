/* SPDX-License-Identifier: MIT */
#include "scenario/play.h"

#include "scenario/expect.h"
#include "scenario/search.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

/* What is shown of a step's output. */
#define SHOWN_BYTES ((size_t)16 * 1024)

TpsStepResult *tps_step_result_new(const TpsStep *step)
{
    TpsStepResult *result = g_new0(TpsStepResult, 1);

    result->step = step;
    result->problems = g_ptr_array_new_with_free_func(g_free);
    return result;
}

void tps_step_result_free(TpsStepResult *result)
{
    if (!result)
        return;
    g_ptr_array_unref(result->problems);
    g_free(result->output);
    g_free(result);
}

void tps_play_result_free(TpsPlayResult *result)
{
    if (!result)
        return;
    tps_step_result_free(result->failed);
    g_free(result->kept);
    g_free(result);
}

static void add_start_failure(const TpsStep *step, const TpsProcessEnd *end, GPtrArray *problems)
{
    const char *why = g_strerror(end->start_failure);

    g_ptr_array_add(problems, end->in_directory
                                  ? g_strdup_printf("cannot start in '%s': %s", step->cwd, why)
                                  : g_strdup_printf("cannot start '%s': %s", step->run[0], why));
}

static void judge(TpsStepResult *result, const TpsProcess *command, const TpsProcessEnd *end,
                  const char *output)
{
    TpsStepEnd seen = {end->wait_status, output, command->directory};

    if (end->start_failure) {
        add_start_failure(result->step, end, result->problems);
        return;
    }
    g_ptr_array_unref(result->problems);
    result->problems = tps_expect_check(&result->step->expect, &seen);
    if (end->write_failure)
        g_ptr_array_add(result->problems, g_strdup_printf("its output can't be kept: %s",
                                                          g_strerror(end->write_failure)));
}

TpsStepResult *tps_step_play(const TpsStep *step, const TpsStage *stage, TpsProcesses *processes)
{
    TpsStepResult *result = tps_step_result_new(step);
    g_autofree char *output = tps_stage_output(stage, step->number);
    g_autofree char *directory = g_build_filename(stage->sandbox, step->cwd, NULL);
    TpsProcess command = {.argv = step->run, .env = stage->env, .directory = directory};
    TpsProcessEnd end;

    command.output = g_open(output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (command.output < 0) {
        g_ptr_array_add(result->problems,
                        g_strdup_printf("its output can't be kept: %s", g_strerror(errno)));
        return result;
    }
    tps_processes_run(processes, &command, &end);
    close(command.output);
    judge(result, &command, &end, output);
    result->wall_us = end.wall_us;
    result->output = tps_search_excerpt(output, SHOWN_BYTES, &result->output_bytes);
    if (result->problems->len == 0)
        g_unlink(output);
    return result;
}

/* Up to the first step that fails. */
static void play_steps(TpsPlayResult *result, guint n_steps, const TpsStage *stage,
                       TpsProcesses *processes)
{
    const GPtrArray *steps = result->scenario->steps;

    while (result->n_run < MIN(n_steps, steps->len) && !result->failed &&
           !tps_processes_stopped(processes)) {
        g_autoptr(TpsStepResult) step =
            tps_step_play(g_ptr_array_index(steps, result->n_run), stage, processes);

        result->n_run++;
        if (step->problems->len > 0)
            result->failed = g_steal_pointer(&step);
    }
    result->stopped = tps_processes_stopped(processes);
    result->outcome = result->failed ? TPS_OUTCOME_FAILED : TPS_OUTCOME_PASSED;
}

TpsPlayResult *tps_scenario_play(const TpsScenario *scenario, guint n_steps, TpsKeep keep,
                                 TpsProcesses *processes, GError **error)
{
    g_autoptr(TpsPlayResult) result = g_new0(TpsPlayResult, 1);
    int64_t started_us = g_get_monotonic_time();
    g_autoptr(TpsStage) stage = tps_stage_new(scenario, error);

    if (!stage)
        return NULL;
    result->scenario = scenario;
    play_steps(result, n_steps, stage, processes);
    tps_processes_end(processes);
    if (keep == TPS_KEEP_ALL || (keep == TPS_KEEP_FAILED && result->failed && !result->stopped))
        result->kept = g_strdup(stage->area);
    else if (!tps_stage_remove(stage, error))
        return NULL;
    result->wall_us = g_get_monotonic_time() - started_us;
    return g_steal_pointer(&result);
}

char *tps_play_describe(const TpsScenario *scenario, const TpsStepResult *result)
{
    g_autofree char *label = tps_step_label(result->step);
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < result->problems->len; i++)
        g_string_append_printf(text, "%s:%zu: step %s: %s\n", scenario->file, result->step->line,
                               label, (const char *)g_ptr_array_index(result->problems, i));
    return g_string_free(text, FALSE);
}
