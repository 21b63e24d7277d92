/* SPDX-License-Identifier: MIT */
#include "cli/report_open.h"

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>

static bool start(const char *program, const char *path)
{
    const char *argv[] = {program, path, NULL};

    return g_spawn_async(NULL, (char **)argv, NULL,
                         G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL |
                             G_SPAWN_STDERR_TO_DEV_NULL,
                         NULL, NULL, NULL, NULL);
}

void tps_report_open(const char *path)
{
    g_autofree char *absolute = g_canonicalize_filename(path, NULL);
    const char *browser = g_getenv("BROWSER");

    fprintf(stderr, "%s\n", path);
    if ((browser && *browser && start(browser, absolute)) || start("xdg-open", absolute) ||
        start("open", absolute))
        return;
    fprintf(stderr, "tpsched report: there is no browser to show it; open it yourself\n");
}
