/* SPDX-License-Identifier: MIT */
#include "adapters/executors/title.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

/* Fields of /proc/self/stat, counted from the end of the name; that may hold anything, but ends
 * with the last ')'. See proc(5). */
#define ARG_START (48 - 2)
#define ARG_END (49 - 2)

static off_t parse_field(const char *fields, int number)
{
    for (; number > 0 && fields; number--)
        fields = strchr(fields + 1, ' ');
    return fields ? (off_t)strtoull(fields, NULL, 10) : 0;
}

/* Where the kernel finds our command line: from `*start` to the returned address. */
static off_t find_arguments(off_t *start)
{
    int file = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
    char text[1024];
    ssize_t length;
    const char *fields;

    if (file < 0)
        return 0;
    length = read(file, text, sizeof text - 1);
    close(file);
    text[length > 0 ? length : 0] = '\0';
    fields = strrchr(text, ')');
    *start = parse_field(fields, ARG_START);
    return parse_field(fields, ARG_END);
}

/* prctl(PR_SET_MM) would move it, but needs a privilege. Through a file, a mistake fails instead of
 * destroying something. */
static void overwrite_arguments(const char *title)
{
    char text[256] = "";
    off_t at = 0;
    off_t end = find_arguments(&at);
    int memory = open("/proc/self/mem", O_WRONLY | O_CLOEXEC);

    strncpy(text, title, sizeof text - 1);
    for (; memory >= 0 && at > 0 && at < end; at += (off_t)sizeof text) {
        size_t length = (size_t)(end - at) < sizeof text ? (size_t)(end - at) : sizeof text;

        if (length < sizeof text)
            text[length - 1] = '\0'; /* else the kernel goes on reading behind it */
        if (pwrite(memory, text, length, at) < 0)
            break;
        memset(text, 0, sizeof text);
    }
    if (memory >= 0)
        close(memory);
}

void tps_title_set(const char *title)
{
    prctl(PR_SET_NAME, title);
    overwrite_arguments(title);
}
