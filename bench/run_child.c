/* SPDX-License-Identifier: MIT */

/*
 * What the benchmark of runs has run, a glibc program like `true`. Words behind are ignored, since
 * some tools add the name of the test.
 *
 *   child [tap] nothing          end
 *   child [tap] sleep MS         sleep
 *   child [tap] print BYTES      lines of text, in writes of a page as stdio makes them
 *   child tree N FIFO            N processes that ignore what can be ignored and never end; each
 *                                writes "r" to the FIFO when it is ready and keeps it open, so its
 *                                end is when the last of them is gone; the first writes "t" when it
 *                                is asked to end
 *
 * With `tap` it says that one test passed, for those who listen to nothing else.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LINE 80
#define PAGE 4096

static void say(int fd, const char *bytes, size_t n)
{
    while (n > 0) {
        const ssize_t written = write(fd, bytes, n);

        if (written <= 0)
            _exit(1);
        bytes += written;
        n -= (size_t)written;
    }
}

static void print(size_t n_bytes)
{
    char page[PAGE];

    memset(page, 'x', sizeof page);
    for (size_t i = LINE - 1; i < sizeof page; i += LINE)
        page[i] = '\n';
    for (size_t left = n_bytes; left > 0;) {
        const size_t n = left < sizeof page ? left : sizeof page;

        say(STDOUT_FILENO, page, n);
        left -= n;
    }
}

static void sleep_ms(long ms)
{
    const struct timespec time = {ms / 1000, ms % 1000 * 1000000};

    nanosleep(&time, NULL);
}

static int fifo_fd;

static void on_term(int number)
{
    (void)number;
    say(fifo_fd, "t", 1);
}

static void tree(long n, const char *fifo)
{
    pid_t child = 1;

    fifo_fd = open(fifo, O_WRONLY | O_CLOEXEC);
    if (fifo_fd < 0)
        _exit(1);
    for (int number = 1; number < SIGRTMAX; number++)
        signal(number, SIG_IGN);
    for (long i = 1; i < n && child; i++)
        child = fork();
    if (child)
        signal(SIGTERM, on_term);
    say(fifo_fd, "r", 1);
    for (;;)
        pause();
}

int main(int argc, char **argv)
{
    char **args = argv + 1;

    if (argc > 1 && strcmp(args[0], "tap") == 0) {
        say(STDOUT_FILENO, "1..1\nok 1\n", 10);
        args++;
    }
    if (!args[0])
        return 2;
    if (strcmp(args[0], "sleep") == 0 && args[1])
        sleep_ms(strtol(args[1], NULL, 10));
    else if (strcmp(args[0], "print") == 0 && args[1])
        print(strtoul(args[1], NULL, 10));
    else if (strcmp(args[0], "tree") == 0 && args[1] && args[2])
        tree(strtol(args[1], NULL, 10), args[2]);
    return 0;
}
