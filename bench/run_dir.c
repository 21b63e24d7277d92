/* SPDX-License-Identifier: MIT */
#include "bench/run_dir.h"

#include <ftw.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <stdio.h>

#define OPEN_MAX_DIRS 16

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status;
    (void)type;
    (void)walk;
    remove(path);
    return 0;
}

void run_dir_remove(const char *path)
{
    nftw(path, remove_one, OPEN_MAX_DIRS, FTW_DEPTH | FTW_PHYS);
}

char *run_dir_make(const char *parent, const char *name)
{
    char *path = g_build_filename(parent, name, NULL);

    run_dir_remove(path);
    g_mkdir(path, 0700);
    return path;
}
