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

#include "bench/replay_halves.h"

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

static bool is_history(const char *path)
{
    return g_str_has_suffix(path, ".json") || g_str_has_suffix(path, ".json.gz");
}

static bool load_one(const char *path, GPtrArray *histories, GPtrArray *paths, GError **error)
{
    ReplayHistory *history = replay_history_load(path, error);

    if (!history)
        return false;
    g_ptr_array_add(histories, history);
    g_ptr_array_add(paths, g_strdup(path));
    return true;
}

static bool load(const char *path, GPtrArray *histories, GPtrArray *paths, GError **error)
{
    g_autoptr(GDir) dir = NULL;
    const char *name;

    if (!g_file_test(path, G_FILE_TEST_IS_DIR))
        return load_one(path, histories, paths, error);
    dir = g_dir_open(path, 0, error);
    if (!dir)
        return false;
    while ((name = g_dir_read_name(dir))) {
        g_autofree char *file = g_build_filename(path, name, NULL);

        if (is_history(file) && !load_one(file, histories, paths, error))
            return false;
    }
    return true;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp((*(ReplayHistory *const *)a)->name, (*(ReplayHistory *const *)b)->name);
}

static void keep_level(GPtrArray *histories, const char *level)
{
    for (guint i = histories->len; i-- > 0;) {
        const ReplayHistory *history = g_ptr_array_index(histories, i);
        const char *is = history->level == REPLAY_FILES ? "file" : "testcase";

        if (level && strcmp(level, "all") != 0 && strcmp(level, is) != 0)
            g_ptr_array_remove_index(histories, i);
    }
}

static bool one_of(const char *value, const char *const *allowed)
{
    return !value || g_strv_contains(allowed, value);
}

static bool check(const Options *options)
{
    const char *const halves[] = {"tune", "report", "all", NULL};
    const char *const levels[] = {"testcase", "file", "all", NULL};

    return options->paths && options->paths[0] && options->paths[1] &&
           one_of(options->half, halves) && one_of(options->level, levels) &&
           find_command(options->paths[0]);
}

static GPtrArray *load_all(const Options *options, GError **error)
{
    GPtrArray *histories =
        g_ptr_array_new_with_free_func((GDestroyNotify)(void (*)(void))replay_history_free);

    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);

    for (char **path = options->paths + 1; *path; path++)
        if (!load(*path, histories, paths, error)) {
            g_ptr_array_unref(histories);
            return NULL;
        }
    if (options->half && strcmp(options->half, "all") != 0)
        replay_keep_half(histories, paths, strcmp(options->half, "tune") == 0);
    keep_level(histories, options->level);
    g_ptr_array_sort(histories, compare_names);
    return histories;
}

static int replay(const Options *options, GError **error)
{
    g_autoptr(GPtrArray) histories = load_all(options, error);

    if (!histories)
        return EXIT_FAILURE;
    if (histories->len == 0) {
        fputs("replay: no such history\n", stderr);
        return EXIT_FAILURE;
    }
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
