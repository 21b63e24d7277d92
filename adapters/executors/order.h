/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * A command on its way to the process that executes it: program, arguments and environment in one
 * memory file, so that a command of any size is one small packet. The receiver maps the file and
 * turns the offsets in it into pointers, without allocating.
 */
typedef struct {
    char *program;
    char **argv;
    char **environ;
    size_t size_bytes;
    int failure; /* errno of the start; the mapping is shared, so that a child can write it */
} TpsOrder;

/* Write it to a new memory file; its descriptor, or -1 and TPS_ERROR_EXECUTOR. */
int tps_order_pack(const char *program, char **argv, char **environment, GError **error);

/* Map it, or NULL and errno. Async-signal-safe, as is the other one. */
TpsOrder *tps_order_open(int file);
void tps_order_close(TpsOrder *order);

/* Our environment, changed by "NAME=value" and "NAME" (removed). Free with g_strfreev. */
char **tps_order_environment(char *const *changes);

/*
 * The file that execve gets for `name`: itself when it holds a '/', else the first executable of
 * that name in the PATH of `environment`. Relative entries of PATH are relative to `directory`, a
 * descriptor. Caller frees; NULL and errno (ENOENT, EACCES) when there is none.
 */
char *tps_order_find_program(const char *name, char **environment, int directory);
