/* SPDX-License-Identifier: MIT */
#include "adapters/machine.h"

#include <glib.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define PPM 1000000

/* A cgroup without a limit says "max", or in v1 a number close to 2^63. */
#define NO_LIMIT_BYTES (INT64_C(1) << 60)

static char *read_text(const char *root, const char *path)
{
    g_autofree char *name = g_strconcat(root, path, NULL);
    char *text = NULL;

    return g_file_get_contents(name, &text, NULL, NULL) ? text : NULL;
}

/* The number a file begins with; -1 when there is no file, or no number. */
static int64_t read_number(const char *root, const char *path)
{
    g_autofree char *text = read_text(root, path);
    char *end = NULL;
    int64_t number;

    if (!text)
        return -1;
    number = g_ascii_strtoll(text, &end, 10);
    return end == text || number < 0 ? -1 : number;
}

static int64_t least(int64_t known, int64_t other)
{
    if (other < 0)
        return known;
    return known == 0 ? other : MIN(known, other);
}

/* "100000 50000": quota and period in microseconds; "max 100000" is no limit. */
static int64_t quota_v2(const char *root)
{
    g_autofree char *text = read_text(root, "/sys/fs/cgroup/cpu.max");
    char *rest = NULL;
    int64_t quota;
    int64_t period;

    if (!text)
        return -1;
    quota = g_ascii_strtoll(text, &rest, 10);
    period = g_ascii_strtoll(rest, NULL, 10);
    return rest == text || quota <= 0 || period <= 0 ? -1 : quota * PPM / period;
}

static int64_t quota_v1(const char *root)
{
    int64_t quota = read_number(root, "/sys/fs/cgroup/cpu/cpu.cfs_quota_us");
    int64_t period = read_number(root, "/sys/fs/cgroup/cpu/cpu.cfs_period_us");

    return quota <= 0 || period <= 0 ? -1 : quota * PPM / period;
}

/* "MemAvailable:   16277216 kB" */
static int64_t available(const char *root)
{
    g_autofree char *text = read_text(root, "/proc/meminfo");
    const char *line = text ? strstr(text, "MemAvailable:") : NULL;

    return line ? g_ascii_strtoll(line + strlen("MemAvailable:"), NULL, 10) * 1024 : -1;
}

static int64_t left_of(const char *root, const char *limit_path, const char *usage_path)
{
    int64_t limit = read_number(root, limit_path);
    int64_t usage = read_number(root, usage_path);

    if (limit < 0 || limit >= NO_LIMIT_BYTES)
        return -1;
    return MAX(limit - MAX(usage, 0), 0);
}

TpsMachine tps_machine_here(const char *root)
{
    TpsMachine machine = {.cpu_ppm = (int64_t)g_get_num_processors() * PPM};

    machine.cpu_ppm = least(machine.cpu_ppm, quota_v2(root));
    machine.cpu_ppm = least(machine.cpu_ppm, quota_v1(root));
    machine.memory_bytes = least(machine.memory_bytes, available(root));
    machine.memory_bytes = least(machine.memory_bytes, left_of(root, "/sys/fs/cgroup/memory.max",
                                                               "/sys/fs/cgroup/memory.current"));
    machine.memory_bytes =
        least(machine.memory_bytes, left_of(root, "/sys/fs/cgroup/memory/memory.limit_in_bytes",
                                            "/sys/fs/cgroup/memory/memory.usage_in_bytes"));
    return machine;
}
