/* SPDX-License-Identifier: MIT */
#include "bench/run_tools.h"

#include "bench/run_measure.h"

#include <string.h>

static const char *word_of(const char *word, const RunPlace *place)
{
    return strcmp(word, "CHILD") == 0 ? place->child : word;
}

/* Words between which that text stands; none of ours needs quotes. */
static char *words(const RunWork *work, const RunPlace *place, const char *between)
{
    GString *text = g_string_new(NULL);

    for (size_t i = 0; i < G_N_ELEMENTS(work->command) && work->command[i]; i++)
        g_string_append_printf(text, "%s%s", i ? between : "", word_of(work->command[i], place));
    return g_string_free(text, FALSE);
}

static void write_plan(GString *text, const RunWork *work, const RunPlace *place)
{
    g_autofree char *command = words(work, place, ", ");

    g_string_append(text, "suites:\n");
    for (int i = 0; i < work->n; i++)
        g_string_append_printf(text, "  - {name: t%d, command: [%s], weight: 1}\n", i, command);
}

static void write_list(GString *text, const RunWork *work, const RunPlace *place)
{
    (void)place;
    for (int i = 0; i < work->n; i++)
        g_string_append_printf(text, "t%d\n", i);
}

static void write_ninja(GString *text, const RunWork *work, const RunPlace *place)
{
    g_autofree char *command = words(work, place, " ");

    g_string_append_printf(text, "rule r\n  command = %s\n", command);
    for (int i = 0; i < work->n; i++)
        g_string_append_printf(text, "build t%d: r\n", i);
}

static void write_make(GString *text, const RunWork *work, const RunPlace *place)
{
    g_autofree char *command = words(work, place, " ");

    g_string_append(text, ".SUFFIXES:\nall:");
    for (int i = 0; i < work->n; i++)
        g_string_append_printf(text, " t%d", i);
    for (int i = 0; i < work->n; i++)
        g_string_append_printf(text, "\nt%d:\n\t@%s\n.PHONY: t%d", i, command, i);
    g_string_append_c(text, '\n');
}

static void write_ctest(GString *text, const RunWork *work, const RunPlace *place)
{
    g_autofree char *command = words(work, place, "\" \"");

    for (int i = 0; i < work->n; i++)
        g_string_append_printf(text, "add_test(t%d \"%s\")\n", i, command);
}

static void write_meson(GString *text, const RunWork *work, const RunPlace *place)
{
    g_string_append_printf(text,
                           "project('p')\nprogram = find_program('%s')\n"
                           "foreach i : range(%d)\n  test('t@0@'.format(i), program, args: [",
                           word_of(work->command[0], place), work->n);
    for (size_t i = 1; i < G_N_ELEMENTS(work->command) && work->command[i]; i++)
        g_string_append_printf(text, "'%s', ", work->command[i]);
    g_string_append(text, "])\nendforeach\n");
}

const RunTool run_tools[RUN_N_TOOLS] = {
    {
        .name = "tpsched",
        .argv = {"TPSCHED", "run", "--size", "WORKERS", "--output", "none", "--report-dir",
                 "report"},
        .file = "tpsched.yaml",
        .write = write_plan,
        .wide = true,
        .captures = true,
    },
    {
        .name = "bare loop",
        .argv = {"BARE", "WORKERS", "TASKS", "COMMAND"},
        .wide = true,
        .captures = true,
    },
    {
        .name = "xargs -P",
        .program = "xargs",
        .argv = {"xargs", "-a", "list", "-n", "1", "-P", "WORKERS", "COMMAND"},
        .file = "list",
        .write = write_list,
        .wide = true,
    },
    {
        .name = "make -j",
        .program = "make",
        .argv = {"make", "-j", "WORKERS"},
        .file = "Makefile",
        .write = write_make,
        .wide = true,
    },
    {
        .name = "make -j -Otarget",
        .program = "make",
        .argv = {"make", "-j", "WORKERS", "-Otarget"},
        .file = "Makefile",
        .write = write_make,
        .wide = true,
        .captures = true,
    },
    {
        .name = "ninja -j",
        .program = "ninja",
        .argv = {"ninja", "-j", "WORKERS"},
        .file = "build.ninja",
        .write = write_ninja,
        .captures = true,
    },
    {
        .name = "ctest -j",
        .program = "ctest",
        .argv = {"ctest", "-j", "WORKERS"},
        .file = "CTestTestfile.cmake",
        .write = write_ctest,
        .captures = true,
    },
    {
        .name = "GNU parallel",
        .program = "parallel",
        .argv = {"parallel", "--will-cite", "-j", "WORKERS", "-a", "list", "COMMAND"},
        .file = "list",
        .write = write_list,
        .slow = true,
        .captures = true,
    },
    {
        .name = "prove -j",
        .program = "prove",
        .argv = {"prove", "-j", "WORKERS", "--exec", "TAP", "NAMES"},
        .slow = true,
        .captures = true,
    },
    {
        .name = "meson test",
        .program = "meson",
        .argv = {"meson", "test", "-C", "build", "--no-rebuild", "--num-processes", "WORKERS"},
        .setup = {"meson", "setup", "build"},
        .file = "meson.build",
        .write = write_meson,
        .slow = true,
        .captures = true,
    },
};

bool run_tool_is_there(const RunTool *tool)
{
    g_autofree char *path = tool->program ? g_find_program_in_path(tool->program) : NULL;

    return !tool->program || path;
}

bool run_tool_prepare(const RunTool *tool, const RunWork *work, const RunPlace *place)
{
    g_autofree char *path = tool->file ? g_build_filename(place->dir, tool->file, NULL) : NULL;
    g_autoptr(GString) text = g_string_new(NULL);
    RunCost cost = {0};

    if (tool->write)
        tool->write(text, work, place);
    if (path && !g_file_set_contents(path, text->str, (gssize)text->len, NULL))
        return false;
    return !tool->setup[0] ||
           (run_measure((char **)tool->setup, place->dir, &cost) && cost.status == 0);
}

/* For one that asks for TAP: the same command, which says that it passed. */
static char *tap_command(const RunWork *work, const RunPlace *place)
{
    const bool is_child = strcmp(work->command[0], "CHILD") == 0;
    g_autofree char *command = words(work, place, " ");

    return g_strdup_printf("%s tap%s", place->child,
                           is_child ? command + strlen(place->child) : " nothing");
}

static void add_all(GPtrArray *argv, const char *word, const RunWork *work, const RunPlace *place)
{
    if (strcmp(word, "WORKERS") == 0)
        g_ptr_array_add(argv, g_strdup_printf("%d", work->workers));
    else if (strcmp(word, "TASKS") == 0)
        g_ptr_array_add(argv, g_strdup_printf("%d", work->n));
    else if (strcmp(word, "TAP") == 0)
        g_ptr_array_add(argv, tap_command(work, place));
    else if (strcmp(word, "NAMES") == 0)
        for (int i = 0; i < work->n; i++)
            g_ptr_array_add(argv, g_strdup_printf("t%d", i));
    else if (strcmp(word, "COMMAND") == 0)
        for (size_t i = 0; i < G_N_ELEMENTS(work->command) && work->command[i]; i++)
            g_ptr_array_add(argv, g_strdup(word_of(work->command[i], place)));
    else
        g_ptr_array_add(argv, g_strdup(strcmp(word, "TPSCHED") == 0 ? place->tpsched
                                       : strcmp(word, "BARE") == 0  ? place->bare
                                                                    : word));
}

char **run_tool_argv(const RunTool *tool, const RunWork *work, const RunPlace *place)
{
    GPtrArray *argv = g_ptr_array_new();

    for (size_t i = 0; i < G_N_ELEMENTS(tool->argv) && tool->argv[i]; i++)
        add_all(argv, tool->argv[i], work, place);
    g_ptr_array_add(argv, NULL);
    return (char **)g_ptr_array_free(argv, FALSE);
}
