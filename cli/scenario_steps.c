/* SPDX-License-Identifier: MIT */
#include "cli/scenario_steps.h"

#include "cli/exit_status.h"
#include "cli/scenario_show.h"
#include "cli/terminal.h"
#include "core/duration.h"
#include "core/error.h"

#include <stdio.h>
#include <unistd.h>

typedef enum {
    ANSWER_RUN = 'r',
    ANSWER_SKIP = 's',
    ANSWER_QUIT = 'q',
    ANSWER_OPEN = 'o',
} Answer;

/* Ctrl-D and Ctrl-C mean that they go away. Byte by byte: what is typed ahead is for the next
 * question, or for the shell. */
static Answer ask(TpsProcesses *processes)
{
    for (;;) {
        char first = 0;
        char byte = 0;

        fputs("[r]un, [s]kip, [o]pen a shell there, [q]uit? ", stdout);
        fflush(stdout);
        do {
            if (!tps_processes_wait_input(processes, STDIN_FILENO) ||
                read(STDIN_FILENO, &byte, 1) != 1)
                return ANSWER_QUIT;
            if (!first)
                first = g_ascii_tolower(byte);
        } while (byte != '\n');
        if (first == '\n')
            return ANSWER_RUN;
        if (first == 'r' || first == 's' || first == 'q' || first == 'o')
            return (Answer)first;
    }
}

static void open_shell(const TpsStage *stage, TpsProcesses *processes)
{
    const char *shell = g_getenv("SHELL");
    char *argv[] = {g_strdup(shell && *shell ? shell : "/bin/sh"), NULL};
    TpsProcess command = {.argv = argv, .env = stage->env, .directory = stage->sandbox};
    TpsProcessEnd end;

    printf("%s; 'exit' comes back\n", stage->sandbox);
    fflush(stdout);
    tps_processes_run_shell(processes, &command, &end);
    if (end.start_failure)
        printf("cannot start '%s': %s\n", argv[0], g_strerror(end.start_failure));
    g_free(argv[0]);
}

/* Whether it is as expected. */
static bool run_step(const TpsScenario *scenario, const TpsStep *step, const TpsStage *stage,
                     TpsProcesses *processes)
{
    g_autoptr(TpsStepResult) result = tps_step_play(step, stage, processes);
    g_autofree char *time = tps_duration_format(result->wall_us);

    tps_scenario_show_step(scenario, result);
    if (result->problems->len == 0)
        printf("as expected, in %s\n", time);
    return result->problems->len == 0;
}

static int play(const TpsScenario *scenario, const TpsStage *stage, TpsProcesses *processes)
{
    bool failed = false; /* the step that is asked for, when it was run last */
    bool bad = false;

    for (guint i = 0; i < scenario->steps->len;) {
        const TpsStep *step = g_ptr_array_index(scenario->steps, i);
        Answer answer;

        tps_scenario_show_command(scenario, step);
        answer = ask(processes);
        if (answer == ANSWER_QUIT)
            return tps_processes_stopped(processes) ? TPS_EXIT_INTERRUPTED : TPS_EXIT_FAILED;
        if (answer == ANSWER_OPEN) {
            open_shell(stage, processes);
            continue;
        }
        if (answer == ANSWER_SKIP)
            bad = bad || failed;
        else
            failed = !run_step(scenario, step, stage, processes);
        if (answer == ANSWER_SKIP || !failed) {
            failed = false;
            i++;
        }
    }
    return bad ? TPS_EXIT_FAILED : TPS_EXIT_PASSED;
}

int tps_scenario_steps(const TpsScenario *scenario, bool keep, TpsProcesses *processes,
                       GError **error)
{
    g_autoptr(TpsStage) stage = NULL;
    int status;

    if (!tps_is_terminal(stdin) || !tps_is_terminal(stdout)) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE, "--interactive: this is no terminal");
        return TPS_EXIT_USAGE;
    }
    stage = tps_stage_new(scenario, error);
    if (!stage)
        return TPS_EXIT_INFRASTRUCTURE;
    status = play(scenario, stage, processes);
    tps_processes_end(processes);
    if (keep)
        printf("kept: %s\n", stage->area);
    else if (!tps_stage_remove(stage, error))
        return TPS_EXIT_INFRASTRUCTURE;
    return status;
}
