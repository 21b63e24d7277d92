/* SPDX-License-Identifier: MIT */
#include "adapters/machine.h"

#include <glib.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define PPM 1000000

/* More processors than this are no limit. */
#define CPUS_MAX 1000000

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

/* In millionths of a processor; -1 where that is no limit. */
static int64_t share(int64_t quota, int64_t period)
{
    if (quota <= 0 || period <= 0 || period > INT64_MAX / PPM || quota / period >= CPUS_MAX)
        return -1;
    return quota / period * PPM + quota % period * PPM / period;
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
    return rest == text ? -1 : share(quota, period);
}

static int64_t quota_v1(const char *root)
{
    int64_t quota = read_number(root, "/sys/fs/cgroup/cpu/cpu.cfs_quota_us");
    int64_t period = read_number(root, "/sys/fs/cgroup/cpu/cpu.cfs_period_us");

    return share(quota, period);
}

/* The number behind a name at the beginning of a line; -1 when there is none. */
static int64_t read_field(const char *root, const char *path, const char *name)
{
    g_autofree char *text = read_text(root, path);
    g_auto(GStrv) lines = text ? g_strsplit(text, "\n", -1) : NULL;

    for (char **line = lines; line && *line; line++)
        if (g_str_has_prefix(*line, name))
            return g_ascii_strtoll(*line + strlen(name), NULL, 10);
    return -1;
}

/* What is used up is not the same as what is not known. */
static int64_t at_least_one(int64_t bytes)
{
    return MAX(bytes, 1);
}

/* "MemAvailable:   16277216 kB" */
static int64_t available(const char *root)
{
    int64_t kib = read_field(root, "/proc/meminfo", "MemAvailable:");

    return kib < 0 || kib > NO_LIMIT_BYTES / 1024 ? -1 : at_least_one(kib * 1024);
}

/* Where a cgroup says what it may have and has. */
typedef struct {
    const char *limit;
    const char *usage;
    const char *stat;
    const char *cache; /* the field of `stat` with what the kernel gives back when it is needed */
} Memory;

static int64_t left_of(const char *root, const Memory *memory)
{
    int64_t limit = read_number(root, memory->limit);
    int64_t usage = read_number(root, memory->usage);
    int64_t cache = read_field(root, memory->stat, memory->cache);

    if (limit < 0 || limit >= NO_LIMIT_BYTES)
        return -1;
    usage = MAX(usage, 0) - CLAMP(cache, 0, MAX(usage, 0));
    return at_least_one(limit - usage);
}

static const Memory memory_v2 = {
    .limit = "/sys/fs/cgroup/memory.max",
    .usage = "/sys/fs/cgroup/memory.current",
    .stat = "/sys/fs/cgroup/memory.stat",
    .cache = "inactive_file ",
};

static const Memory memory_v1 = {
    .limit = "/sys/fs/cgroup/memory/memory.limit_in_bytes",
    .usage = "/sys/fs/cgroup/memory/memory.usage_in_bytes",
    .stat = "/sys/fs/cgroup/memory/memory.stat",
    .cache = "total_inactive_file ",
};

TpsMachine tps_machine_here(const char *root)
{
    TpsMachine machine = {.cpu_ppm = (int64_t)g_get_num_processors() * PPM};

    machine.cpu_ppm = least(machine.cpu_ppm, quota_v2(root));
    machine.cpu_ppm = least(machine.cpu_ppm, quota_v1(root));
    machine.memory_bytes = least(machine.memory_bytes, available(root));
    machine.memory_bytes = least(machine.memory_bytes, left_of(root, &memory_v2));
    machine.memory_bytes = least(machine.memory_bytes, left_of(root, &memory_v1));
    return machine;
}
