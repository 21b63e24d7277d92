/* SPDX-License-Identifier: MIT */
/*
 * Preloaded into a program that uses Check, so that it names its tests without running them.
 *
 * Check forks for each test. The child first tells its parent, through a file, that it is about to
 * set the test up; a child that never said anything makes the parent give up. So the child is let
 * write exactly that, and ends. The parent then reports a test, whatever it makes of its outcome.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static int in_child;

/* The file TPSCHED_CHECK_MARK: it exists = we were loaded, it holds a byte = we saw a test. */
static void mark(int flags, size_t length)
{
    const char *path = getenv("TPSCHED_CHECK_MARK");
    int fd = path ? open(path, flags | O_WRONLY | O_CLOEXEC, 0600) : -1;

    if (fd < 0)
        return;
    if (write(fd, "f", length) < 0)
        _exit(EXIT_FAILURE);
    close(fd);
}

__attribute__((constructor)) static void loaded(void)
{
    mark(O_CREAT | O_APPEND, 0);
    unsetenv("LD_PRELOAD"); /* programs it starts itself have nothing to do with this */
}

pid_t fork(void)
{
    static pid_t (*real)(void);
    pid_t pid;

    if (!real) {
        *(void **)&real = dlsym(RTLD_NEXT, "fork");
        mark(O_APPEND, 1);
    }
    pid = real();
    in_child = in_child || pid == 0;
    return pid;
}

size_t fwrite(const void *data, size_t size, size_t n, FILE *stream)
{
    static size_t (*real)(const void *, size_t, size_t, FILE *);
    size_t written;

    if (!real)
        *(void **)&real = dlsym(RTLD_NEXT, "fwrite");
    written = real(data, size, n, stream);
    if (in_child) {
        fflush(stream);
        _exit(EXIT_SUCCESS);
    }
    return written;
}

/* Check looks at the clock right before the test: the last chance, should it ever not write. */
int clock_gettime(clockid_t clock, struct timespec *now)
{
    static int (*real)(clockid_t, struct timespec *);

    if (in_child)
        _exit(EXIT_SUCCESS);
    if (!real)
        *(void **)&real = dlsym(RTLD_NEXT, "clock_gettime");
    return real(clock, now);
}
