/* SPDX-License-Identifier: MIT */
#include "cli/command.h"
#include "cli/exit_status.h"
#include "cli/history.h"
#include "core/duration.h"
#include "core/error.h"
#include "formats/files.h"

#include <stdio.h>
#include <string.h>

static const TpsVerb *const verbs[] = {
    &tps_history_merge, &tps_history_prune, &tps_history_show, &tps_history_check, NULL,
};

bool tps_history_load(TpsRuntimeData *data, char **paths, GError **error)
{
    if (!*paths) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE,
                    "name a file of runtime data; see '%s --help'", g_get_prgname());
        return false;
    }
    for (; *paths; paths++)
        if (!tps_runtime_data_load(data, *paths, error))
            return false;
    return true;
}

bool tps_history_write(const TpsRuntimeData *data, const char *path, GError **error)
{
    g_autofree char *text = tps_runtime_data_text(data);

    if (path)
        return tps_file_write(path, text, strlen(text), error);
    fputs(text, stdout);
    return true;
}

bool tps_history_age(const char *option, const char *text, int64_t *seconds, GError **error)
{
    g_autoptr(GError) why = NULL;
    int64_t us;

    if (!text)
        return true;
    if (tps_duration_parse(text, &us, &why)) {
        *seconds = us / TPS_SECOND_US;
        return true;
    }
    g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE, "%s: %s", option, why->message);
    return false;
}

static void print_help(FILE *stream)
{
    fprintf(stream, "usage: tpsched history COMMAND [OPTION...] FILE...\n\ncommands:\n");
    for (size_t i = 0; verbs[i]; i++)
        fprintf(stream, "  %-8s%s\n", strchr(verbs[i]->name, ' ') + 1, verbs[i]->summary);
    fprintf(stream, "\n'tpsched history COMMAND --help' has the options\n");
}

static const TpsVerb *find(const char *name)
{
    for (size_t i = 0; verbs[i]; i++)
        if (strcmp(strchr(verbs[i]->name, ' ') + 1, name) == 0)
            return verbs[i];
    return NULL;
}

static int run(int argc, char **argv, GError **error)
{
    const char *name = argc > 1 ? argv[1] : NULL;
    const TpsVerb *verb;

    if (!name) {
        print_help(stderr);
        return TPS_EXIT_USAGE;
    }
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) {
        print_help(stdout);
        return TPS_EXIT_PASSED;
    }
    verb = find(name);
    if (!verb) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE,
                    "'%s' is not one of merge, prune, show and check; see 'tpsched history --help'",
                    name);
        return TPS_EXIT_USAGE;
    }
    argv[1] = (char *)verb->name;
    return verb->run(argc - 1, argv + 1, error);
}

const TpsVerb tps_cmd_history = {
    .name = "history",
    .args = "COMMAND",
    .summary = "merge, prune, show and check runtime data",
    .run = run,
};
