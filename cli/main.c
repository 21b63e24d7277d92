/* SPDX-License-Identifier: MIT */
#include "cli/command.h"
#include "cli/exit_status.h"
#include "cli/sanitise.h"
#include "core/error.h"

#include <cJSON.h>
#include <glib.h>
#include <stdio.h>
#include <string.h>

static void print_help(FILE *stream)
{
    fprintf(stream, "usage: tpsched COMMAND [OPTIONS]\n"
                    "\n"
                    "Split test suites by their runtime, run them on a pool of the right size,\n"
                    "and prove that every test has a result.\n"
                    "\n");
    for (size_t i = 0; tps_verbs[i]; i++)
        fprintf(stream, "  %-8s %s\n", tps_verbs[i]->name, tps_verbs[i]->summary);
    fprintf(stream,
            "\n"
            "'tpsched COMMAND --help' tells more.\n"
            "\n"
            "exit status: 0 all passed and all accounted for, 1 a test failed, 2 wrong usage\n"
            "or input, 3 incomplete, 4 infrastructure failed, 130 interrupted\n");
}

static int unknown_verb(const char *name)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    const char *meant;

    for (size_t i = 0; tps_verbs[i]; i++)
        g_ptr_array_add(names, (gpointer)tps_verbs[i]->name);
    g_ptr_array_add(names, NULL);
    meant = tps_nearest_word(name, (const char *const *)names->pdata);
    fprintf(stderr, "tpsched: unknown command '%s'%s%s%s\n", name, meant ? "; did you mean '" : "",
            meant ? meant : "; see 'tpsched --help'", meant ? "'?" : "");
    return TPS_EXIT_USAGE;
}

/* An answer that did not get out is no answer: a full disk, a closed pipe. */
static int check_output(int status)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    fprintf(stderr, "tpsched: cannot write to standard output\n");
    return MAX(status, TPS_EXIT_INFRASTRUCTURE);
}

static int run_verb(const TpsVerb *verb, int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *shown = NULL;
    int status = verb->run(argc, argv, &error);

    if (!error)
        return check_output(status);
    shown = tps_sanitise_text(error->message); /* names of strangers, and a framework's output */
    fprintf(stderr, "tpsched %s: %s", verb->name, shown);
    return tps_exit_status_of_error(error);
}

int main(int argc, char **argv)
{
    cJSON_Hooks hooks = {.malloc_fn = g_malloc, .free_fn = g_free};
    const char *name = argc > 1 ? argv[1] : NULL;
    const TpsVerb *verb;

    cJSON_InitHooks(&hooks);
    if (!name) {
        print_help(stderr);
        return TPS_EXIT_USAGE;
    }
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0) {
        print_help(stdout);
        return check_output(TPS_EXIT_PASSED);
    }
    if (strcmp(name, "--version") == 0) {
        printf("tpsched %s\n", TPS_VERSION);
        return check_output(TPS_EXIT_PASSED);
    }
    verb = tps_verb_find(name);
    return verb ? run_verb(verb, argc - 1, argv + 1) : unknown_verb(name);
}
