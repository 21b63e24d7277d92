/* SPDX-License-Identifier: MIT */
#pragma once

/* An empty directory of that name below another; whatever had the name is removed. Caller frees. */
char *run_dir_make(const char *parent, const char *name);

/* With all that is in it. */
void run_dir_remove(const char *path);
