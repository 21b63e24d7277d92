/* SPDX-License-Identifier: MIT */
#include "scenario/scenario.h"

static void clear_file(gpointer data)
{
    TpsExpectFile *file = data;

    g_free(file->path);
    g_strfreev(file->texts);
}

GArray *tps_expect_files_new(void)
{
    GArray *files = g_array_new(FALSE, FALSE, sizeof(TpsExpectFile));

    g_array_set_clear_func(files, clear_file);
    return files;
}

static void clear_expect(TpsExpect *expect)
{
    g_strfreev(expect->output_contains);
    g_strfreev(expect->output_not_contains);
    g_strfreev(expect->output_matches);
    g_strfreev(expect->files_exist);
    g_strfreev(expect->files_not_exist);
    g_strfreev(expect->dirs_exist);
    g_clear_pointer(&expect->file_contains, g_array_unref);
    g_clear_pointer(&expect->file_not_contains, g_array_unref);
}

TpsStep *tps_step_new(void)
{
    TpsStep *step = g_new0(TpsStep, 1);

    step->cwd = g_strdup(".");
    return step;
}

void tps_step_free(TpsStep *step)
{
    if (!step)
        return;
    clear_expect(&step->expect);
    g_free(step->name);
    g_strfreev(step->run);
    g_free(step->cwd);
    g_free(step);
}

char *tps_step_label(const TpsStep *step)
{
    g_auto(GStrv) lines = step->name ? g_strsplit(step->name, "\n", -1) : NULL;
    g_autofree char *name = lines ? g_strjoinv("\\n", lines) : NULL;

    return name ? g_strdup_printf("'%s'", name) : g_strdup_printf("%d", step->number);
}

TpsScenario *tps_scenario_new(const char *file, const char *directory)
{
    TpsScenario *scenario = g_new0(TpsScenario, 1);

    scenario->file = g_strdup(file);
    scenario->directory = g_strdup(directory);
    scenario->steps = g_ptr_array_new_with_free_func((GDestroyNotify)tps_step_free);
    return scenario;
}

void tps_scenario_free(TpsScenario *scenario)
{
    if (!scenario)
        return;
    g_free(scenario->name);
    g_free(scenario->description);
    g_free(scenario->file);
    g_free(scenario->directory);
    g_strfreev(scenario->env);
    g_ptr_array_unref(scenario->steps);
    g_free(scenario);
}
