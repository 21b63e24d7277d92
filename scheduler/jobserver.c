/* SPDX-License-Identifier: MIT */
#include "scheduler/jobserver.h"

#include "core/error.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

struct TpsJobserver {
    int file; /* both ends of the pipe */
    int n_tokens;
    char *variable;
    pthread_mutex_t mutex;
    int n_users; /* under the mutex */
};

/* One description that reads and writes: a task needs a single descriptor for both. */
static int open_pipe(void)
{
    char path[64];
    int ends[2];
    int file;

    if (pipe2(ends, O_CLOEXEC) < 0)
        return -1;
    snprintf(path, sizeof path, "/proc/self/fd/%d", ends[0]);
    file = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    close(ends[0]);
    close(ends[1]);
    return file;
}

/* What is there is thrown away, whatever it is: any byte is a token. */
static void refill(const TpsJobserver *jobserver)
{
    char bytes[512];

    while (read(jobserver->file, bytes, sizeof bytes) > 0)
        ;
    for (int i = 0; i < jobserver->n_tokens; i++)
        if (write(jobserver->file, "+", 1) < 0)
            break; /* full: there are thousands */
}

TpsJobserver *tps_jobserver_new(int n_tokens, GError **error)
{
    int file = open_pipe();
    TpsJobserver *jobserver;

    if (file < 0) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR, "cannot open a jobserver: %s",
                    g_strerror(errno));
        return NULL;
    }
    jobserver = g_new0(TpsJobserver, 1);
    jobserver->file = file;
    jobserver->n_tokens = n_tokens;
    jobserver->variable = g_strdup_printf("MAKEFLAGS= -j%d --jobserver-auth=3,4", n_tokens + 1);
    pthread_mutex_init(&jobserver->mutex, NULL);
    return jobserver;
}

void tps_jobserver_free(TpsJobserver *jobserver)
{
    if (!jobserver)
        return;
    close(jobserver->file);
    g_free(jobserver->variable);
    pthread_mutex_destroy(&jobserver->mutex);
    g_free(jobserver);
}

const int *tps_jobserver_file(const TpsJobserver *jobserver)
{
    return &jobserver->file;
}

const char *tps_jobserver_variable(const TpsJobserver *jobserver)
{
    return jobserver->variable;
}

void tps_jobserver_enter(TpsJobserver *jobserver)
{
    pthread_mutex_lock(&jobserver->mutex);
    if (jobserver->n_users++ == 0)
        refill(jobserver);
    pthread_mutex_unlock(&jobserver->mutex);
}

void tps_jobserver_leave(TpsJobserver *jobserver)
{
    pthread_mutex_lock(&jobserver->mutex);
    jobserver->n_users--;
    pthread_mutex_unlock(&jobserver->mutex);
}
