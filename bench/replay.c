/* SPDX-License-Identifier: MIT */

/*
 * How good would tpsched have been? Walk through the versions of real projects: predict each from
 * the versions before it, and compare with what it really took.
 *
 *   replay predict data/histories
 *   replay dispatch --half report --level testcase data/histories/x.json.gz
 *
 * No parameter was chosen by the projects of the report half; replay_halves.h says which they are.
 */
#include "bench/replay.h"

#include "bench/replay_load.h"

#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const ReplayCommand *const commands[] = {
    &replay_cmd_dispatch, &replay_cmd_parts, &replay_cmd_pool,
    &replay_cmd_predict,  &replay_cmd_show,
};

typedef struct {
    char *half;
    char *level;
    gboolean json;
    char **paths;
} Options;

static void clear_options(Options *options)
{
    g_free(options->half);
    g_free(options->level);
    g_strfreev(options->paths);
}

static char *usage(void)
{
    GString *text = g_string_new("Commands:\n");

    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
        g_string_append_printf(text, "  %-10s %s\n", commands[i]->name, commands[i]->summary);
    return g_string_free(text, FALSE);
}

static bool parse(Options *options, int *argc, char ***argv, GError **error)
{
    const GOptionEntry entries[] = {
        {"half", 0, 0, G_OPTION_ARG_STRING, &options->half,
         "tune, report or all (default): the projects by which the parameters were chosen, or the "
         "others",
         "HALF"},
        {"level", 0, 0, G_OPTION_ARG_STRING, &options->level, "testcase, file or all (default)",
         "LEVEL"},
        {"json", 0, 0, G_OPTION_ARG_NONE, &options->json, "print JSON", NULL},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->paths, NULL, NULL},
        {NULL},
    };
    g_autoptr(GOptionContext) context = g_option_context_new("COMMAND HISTORY-OR-DIRECTORY...");
    g_autofree char *text = usage();

    g_option_context_add_main_entries(context, entries, NULL);
    g_option_context_set_description(context, text);
    return g_option_context_parse(context, argc, argv, error);
}

static const ReplayCommand *find_command(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
        if (g_strcmp0(commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}

static bool check(const Options *options)
{
    return options->paths && options->paths[0] && options->paths[1] &&
           find_command(options->paths[0]);
}

static int replay(const Options *options, GError **error)
{
    g_autoptr(GPtrArray) histories =
        replay_load(options->paths + 1, options->half, options->level, error);

    if (!histories)
        return EXIT_FAILURE;
    find_command(options->paths[0])->run(histories, options->json);
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    Options options = {0};
    int status = EXIT_FAILURE;

    if (parse(&options, &argc, &argv, &error)) {
        if (check(&options))
            status = replay(&options, &error);
        else
            fputs("replay: wrong usage; see --help\n", stderr);
    }
    if (error)
        fprintf(stderr, "replay: %s\n", error->message);
    clear_options(&options);
    return status;
}
