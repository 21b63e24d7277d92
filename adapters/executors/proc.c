/* SPDX-License-Identifier: MIT */
#include "adapters/executors/proc.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char *tps_proc_number(char *at, long number)
{
    char digits[24];
    size_t n = 0;

    do
        digits[n++] = (char)('0' + number % 10);
    while ((number /= 10) > 0);
    while (n > 0)
        *at++ = digits[--n];
    *at = '\0';
    return at;
}

/* The kernel makes these files while they are read: the first read() may give a part of them. */
static ssize_t read_file(const char *path, char *text, size_t size)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    size_t length = 0;
    ssize_t n;

    if (file < 0)
        return -1;
    while (length < size - 1 && (n = read(file, text + length, size - 1 - length)) > 0)
        length += (size_t)n;
    close(file);
    text[length] = '\0';
    return (ssize_t)length;
}

ssize_t tps_proc_read(pid_t pid, const char *name, char *text, size_t size)
{
    char path[64];

    strcpy(stpcpy(tps_proc_number(stpcpy(path, "/proc/"), pid), "/"), name);
    return read_file(path, text, size);
}

/* "12 (any (name) 1) S 7 ...": the name may hold anything, but ends with the last ')'. */
pid_t tps_proc_parent(pid_t pid)
{
    char text[256];
    const char *end;

    if (tps_proc_read(pid, "stat", text, sizeof text) <= 0)
        return -1;
    end = strrchr(text, ')');
    return end && strlen(end) > 4 ? (pid_t)strtol(end + 4, NULL, 10) : -1;
}

long tps_proc_oom_kills(void)
{
    char text[16384];
    const char *line;

    if (read_file("/proc/vmstat", text, sizeof text) <= 0)
        return 0;
    line = strstr(text, "\noom_kill ");
    return line ? strtol(line + 10, NULL, 10) : 0;
}
