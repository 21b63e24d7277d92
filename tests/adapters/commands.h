/* SPDX-License-Identifier: MIT */
#pragma once

#include "adapters/executor.h"
#include "tests/unit.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

/* No test waits this long, nor asserts a shorter time: the machine may be busy. */
#define LONG_US INT64_C(60000000)

/* Children that shall not end by themselves sleep longer than that. */
#define SLEEP "sleep 120"

static inline TpsExecutor *new_executor(int n_slots)
{
    g_autoptr(GError) error = NULL;
    TpsExecutor *executor = tps_local_executor_new(n_slots, TPS_ISOLATION_AUTO, &error);

    ck_assert_msg(executor != NULL, "no executor: %s", error ? error->message : "?");
    return executor;
}

static inline void run_command(TpsExecutor *executor, int slot, const TpsCommand *command,
                               TpsExit *exit)
{
    g_autoptr(GError) error = NULL;
    bool ok = tps_executor_run(executor, slot, command, exit, &error);

    ck_assert_msg(ok, "cannot run: %s", error ? error->message : "?");
    ck_assert_ptr_nonnull(exit->output);
    ck_assert_int_le(exit->started_us, exit->ended_us);
}

/* Run a shell script, all else as in `base`, which may be NULL. */
static inline void run_script(TpsExecutor *executor, int slot, const char *script,
                              const TpsCommand *base, TpsExit *exit)
{
    const char *argv[] = {"/bin/sh", "-c", script, NULL};
    TpsCommand command = base ? *base : (TpsCommand){0};

    command.argv = (char **)argv;
    run_command(executor, slot, &command, exit);
}

#define assert_end(exit, end_, code_)                                                              \
    ck_assert_msg((exit).end == (end_) && (exit).code == (code_), "%s %d instead of %s %d: '%s'",  \
                  tps_end_name((exit).end), (exit).code, tps_end_name(end_), (int)(code_),         \
                  (exit).output)

static inline char *make_directory(void)
{
    char *path = g_dir_make_tmp("tpsched-test-XXXXXX", NULL);

    ck_assert_ptr_nonnull(path);
    return path;
}

static inline void remove_directory(char *path)
{
    const char *argv[] = {"rm", "-rf", path, NULL};

    g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
                 NULL);
    g_free(path);
}

static inline void write_file(const char *directory, const char *name, const char *text,
                              mode_t mode)
{
    g_autofree char *path = g_build_filename(directory, name, NULL);

    ck_assert(g_file_set_contents(path, text, -1, NULL));
    ck_assert_int_eq(g_chmod(path, mode), 0);
}

/* Wait until a command has written this file, whole lines only; its text. */
static inline char *await_file(const char *directory, const char *name)
{
    g_autofree char *path = g_build_filename(directory, name, NULL);
    int64_t give_up_us = g_get_monotonic_time() + LONG_US;
    char *text = NULL;

    while (!g_file_get_contents(path, &text, NULL, NULL) || !g_str_has_suffix(text, "\n")) {
        g_clear_pointer(&text, g_free);
        ck_assert_msg(g_get_monotonic_time() < give_up_us, "'%s' was never written", path);
        g_usleep(2000);
    }
    return text;
}

static inline bool is_alive(pid_t pid)
{
    return kill(pid, 0) == 0 || errno != ESRCH;
}

/* All processes whose pids stand in this file, one a line, are gone. */
static inline void assert_gone(const char *directory, const char *name, guint n_pids)
{
    g_autofree char *text = await_file(directory, name);
    g_auto(GStrv) lines = g_strsplit(g_strchomp(text), "\n", -1);

    ck_assert_uint_eq(g_strv_length(lines), n_pids);
    for (char **line = lines; *line; line++) {
        pid_t pid = (pid_t)atol(*line);

        ck_assert_int_gt(pid, 1);
        ck_assert_msg(!is_alive(pid), "process %s is still there", *line);
    }
}
