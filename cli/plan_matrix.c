/* SPDX-License-Identifier: MIT */
#include "cli/plan_matrix.h"

#include "cli/terminal.h"
#include "core/error.h"
#include "scheduler/shards.h"

#include <stdio.h>

#define PLAN_FILE "plan.json"

void tps_matrix_options_clear(TpsMatrixOptions *options)
{
    g_free(options->job_template);
}

void tps_matrix_options_add(TpsMatrixOptions *options, GOptionContext *context)
{
    GOptionEntry entries[] = {
        {"job-template", 0, 0, G_OPTION_ARG_FILENAME, &options->job_template,
         "Keys of each job, as YAML", "FILE"},
        {"allow-empty", 0, 0, G_OPTION_ARG_NONE, &options->allow_empty,
         "A filter may leave nothing", NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL},
    };

    g_option_context_add_main_entries(context, entries, NULL);
}

static bool usage(GError **error, const char *what)
{
    g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE, "%s; see 'tpsched plan --help'", what);
    return false;
}

bool tps_matrix_options_check(const TpsMatrixOptions *options, const TpsMatrix *matrix,
                              const char *output, GError **error)
{
    if (options->job_template && !(matrix && matrix->is_pipeline))
        return usage(error, "--job-template is for --format gitlab, buildkite and bitbucket, which "
                            "write whole jobs");
    if (options->allow_empty && !matrix)
        return usage(error, "--allow-empty is for the --format of a CI system");
    if (matrix && matrix->is_pipeline && output && !tps_matrix_path_is_plain(output))
        return usage(error,
                     "the scripts of these jobs name the plan: its file must be named by letters, "
                     "digits and any of ._-/");
    return true;
}

static void append_option(GString *command, const char *option, const char *value)
{
    g_autofree char *quoted = value ? g_shell_quote(value) : NULL;

    if (quoted)
        g_string_append_printf(command, " %s %s", option, quoted);
}

static void append_options(GString *command, const char *option, char *const *values)
{
    for (; values && *values; values++)
        append_option(command, option, *values);
}

/* So that a file which stands in a repository plans as it was planned here. */
static char *plan_command(const TpsPlanOptions *made_by)
{
    GString *command = g_string_new("tpsched plan");

    append_option(command, "-f", made_by->plan_file);
    append_options(command, "-d", made_by->runtime_data);
    append_option(command, "-t", made_by->target);
    append_option(command, "-l", made_by->limit);
    append_option(command, "--unit", made_by->unit);
    append_options(command, "--include", made_by->filter.include);
    append_options(command, "--exclude", made_by->filter.exclude);
    append_options(command, "--tag", made_by->filter.tags);
    append_options(command, "--exclude-tag", made_by->filter.exclude_tags);
    return g_string_free(command, FALSE);
}

static void tell(const GPtrArray *notes)
{
    for (guint i = 0; i < notes->len; i++) {
        g_autofree char *note = tps_printable(g_ptr_array_index(notes, i), 0);

        fprintf(stderr, "tpsched: %s\n", note);
    }
}

char *tps_plan_matrix_text(const TpsMatrixOptions *options, const TpsMatrix *matrix,
                           const TpsPlan *plan, const TpsPlanOptions *made_by, const char *output,
                           GError **error)
{
    g_autoptr(TpsShards) shards = plan ? tps_shards_of(plan) : tps_shards_new("");
    g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(TpsJobTemplate) jobs = NULL;
    g_autofree char *command = plan_command(made_by);
    TpsMatrixLook look = {.plan = output ? output : PLAN_FILE, .plan_command = command};
    char *text;

    if (!g_utf8_validate(command, -1, NULL)) {
        usage(error, "--format: an option that planning needs is not UTF-8");
        return NULL;
    }
    if (options->job_template && !(jobs = tps_job_template_load(options->job_template, error)))
        return NULL;
    look.jobs = jobs;
    text = tps_matrix_text(matrix, shards, &look, notes, error);
    if (text)
        tell(notes);
    return text;
}
