/* SPDX-License-Identifier: MIT */
#include "cli/scenario_show.h"

#include "cli/plural.h"
#include "cli/sanitise.h"
#include "cli/terminal.h"
#include "core/duration.h"

#include <stdio.h>
#include <string.h>

#define INDENT "    "

static void show_indented(const char *text)
{
    g_autofree char *shown = tps_sanitise_text(text);

    for (const char *line = shown; *line;) {
        size_t length = strcspn(line, "\n");

        printf("%s%.*s\n", length > 0 ? INDENT : "", (int)length, line);
        line += length + (line[length] == '\n');
    }
}

void tps_scenario_show_step(const TpsScenario *scenario, const TpsStepResult *result)
{
    g_autofree char *text = tps_play_describe(scenario, result);
    g_autofree char *shown = tps_sanitise_text(text);

    fputs(shown, stdout);
    if (result->output)
        show_indented(result->output);
}

static void show_rest(const TpsPlayResult *result)
{
    guint n = result->scenario->steps->len;

    if (result->n_run + 1 == n)
        printf("step %u was not run\n", n);
    else if (result->n_run < n)
        printf("steps %u to %u were not run\n", result->n_run + 1, n);
}

void tps_scenario_show(const TpsPlayResult *result)
{
    g_autofree char *name = tps_printable(result->scenario->name, 0);
    g_autofree char *time = tps_duration_format(result->wall_us);
    bool bad = tps_outcome_is_bad(result->outcome);

    printf("%s%s%s %s (%s)\n", bad ? tps_red(stdout) : tps_green(stdout), bad ? "failed" : "passed",
           tps_plain(stdout), name, time);
    if (result->failed)
        tps_scenario_show_step(result->scenario, result->failed);
    show_rest(result);
    if (result->kept) {
        g_autofree char *kept = tps_printable(result->kept, 0);

        printf("kept: %s\n", kept);
    }
    fflush(stdout); /* who waits for the next one sees this one */
}

void tps_scenario_show_sum(guint n_passed, guint n_failed, int64_t wall_us)
{
    g_autofree char *time = tps_duration_format(wall_us);
    guint n = n_passed + n_failed;

    printf("%u scenario%s: %u passed", n, tps_plural(n), n_passed);
    if (n_failed > 0)
        printf(", %u failed", n_failed);
    printf(" in %s\n", time);
}

/* As a shell would take it; caller frees. */
static char *command_of(const TpsStep *step)
{
    GString *command = g_string_new(step->script);

    for (char **word = step->run; !step->script && *word; word++) {
        g_autofree char *quoted = g_shell_quote(*word);

        g_string_append_printf(command, "%s%s", command->len > 0 ? " " : "", quoted);
    }
    return g_string_free(command, FALSE);
}

void tps_scenario_show_command(const TpsScenario *scenario, const TpsStep *step)
{
    g_autofree char *label = tps_step_label(step);
    g_autofree char *place = g_strdup_printf("%s:%zu: step %s, %d of %u%s%s", scenario->file,
                                             step->line, label, step->number, scenario->steps->len,
                                             strcmp(step->cwd, ".") == 0 ? "" : ", in ",
                                             strcmp(step->cwd, ".") == 0 ? "" : step->cwd);
    g_autofree char *shown = tps_printable(place, 0);
    g_autofree char *command = command_of(step);

    printf("%s\n", shown);
    show_indented(command);
}

/* What a shell can have as a variable. */
static bool is_identifier(const char *name, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!g_ascii_isalnum(name[i]) && name[i] != '_')
            return false;
    return length > 0 && !g_ascii_isdigit(name[0]);
}

static void show_no_variable(const char *entry, size_t length)
{
    g_autofree char *name = g_strndup(entry, length);
    g_autofree char *shown = tps_printable(name, 0);

    fprintf(stderr, "no variable of a shell: %s\n", shown);
}

void tps_scenario_show_stage(const TpsScenario *scenario, const TpsStage *stage)
{
    g_autofree char *name = tps_printable(scenario->name, 0);
    g_autofree char *sandbox = g_shell_quote(stage->sandbox);

    fprintf(stderr, "the sandbox of '%s' is %s; remove %s when you are done\n", name,
            stage->sandbox, stage->area);
    for (char **entry = stage->own; *entry; entry++) {
        const char *value = strchr(*entry, '=') + 1;
        g_autofree char *quoted = g_shell_quote(value);
        size_t length = (size_t)(value - *entry) - 1;

        if (is_identifier(*entry, length))
            printf("export %.*s=%s\n", (int)length, *entry, quoted);
        else
            show_no_variable(*entry, length);
    }
    printf("cd %s\n", sandbox);
}
