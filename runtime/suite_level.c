/* SPDX-License-Identifier: MIT */
#include "runtime/suite_level.h"

#include "core/saturate.h"
#include "runtime/sample.h"

#include <glib.h>

#define PPM 1000000

/* One number of a part. */
typedef int64_t (*Field)(const TpsRuntimePart *part);

static int64_t execution(const TpsRuntimePart *part)
{
    return part->execution_us;
}

static int64_t setup(const TpsRuntimePart *part)
{
    return part->setup_us;
}

static int64_t teardown(const TpsRuntimePart *part)
{
    return part->teardown_us;
}

static int64_t testcase_count(const TpsRuntimePart *part)
{
    return part->testcase_count;
}

static int64_t cpu(const TpsRuntimePart *part)
{
    if (part->cpu_us == TPS_RUNTIME_UNKNOWN || part->wall_us <= 0)
        return TPS_RUNTIME_UNKNOWN;
    return (int64_t)((double)part->cpu_us / (double)part->wall_us * PPM);
}

/* The end of the run that begins at parts[first]; undated parts are each a run of their own. */
static size_t end_of_run(const TpsRuntimePart *parts, size_t n, size_t first)
{
    size_t end = first + 1;

    while (parts[first].run > 0 && end < n && parts[end].run == parts[first].run)
        end++;
    return end;
}

/* The runs in which fewer parts reported than there were say nothing about sums. */
static bool is_whole(const TpsRuntimePart *parts, size_t n)
{
    return (size_t)parts[0].count == n && parts[n - 1].count == parts[0].count;
}

/* The sum over the parts of a run, when each of them is known, or the mean of those that are. */
static int64_t of_run(const TpsRuntimePart *parts, size_t n, Field field, bool add_up)
{
    int64_t sum = 0;
    int64_t n_known = 0;

    for (size_t i = 0; i < n; i++) {
        int64_t value = field(&parts[i]);

        if (value == TPS_RUNTIME_UNKNOWN)
            continue;
        sum = tps_add_sat(sum, value);
        n_known++;
    }
    if (add_up)
        return n_known == (int64_t)n && is_whole(parts, n) ? sum : TPS_RUNTIME_UNKNOWN;
    return n_known ? sum / n_known : TPS_RUNTIME_UNKNOWN;
}

/* One sample for each run that says it. */
static GArray *by_run(const TpsRuntimePart *parts, size_t n, Field field, bool add_up)
{
    GArray *samples = g_array_new(FALSE, FALSE, sizeof(TpsSample));
    size_t end;

    for (size_t first = 0; first < n; first = end) {
        TpsSample sample = {.run = parts[first].run};

        end = end_of_run(parts, n, first);
        sample.us = of_run(&parts[first], end - first, field, add_up);
        if (sample.us != TPS_RUNTIME_UNKNOWN)
            g_array_append_val(samples, sample);
    }
    return samples;
}

static int64_t level_of(const TpsRuntimePart *parts, size_t n, Field field, bool add_up)
{
    g_autoptr(GArray) samples = by_run(parts, n, field, add_up);

    if (samples->len == 0)
        return TPS_RUNTIME_UNKNOWN;
    return tps_samples_level(&g_array_index(samples, TpsSample, 0), samples->len);
}

/* A number of testcases is no level: the newest counts, or the mean where nothing is dated. */
static int64_t newest_count(const TpsRuntimePart *parts, size_t n)
{
    g_autoptr(GArray) samples = by_run(parts, n, testcase_count, true);
    const TpsSample *last;

    if (samples->len == 0)
        return TPS_RUNTIME_UNKNOWN;
    last = &g_array_index(samples, TpsSample, samples->len - 1);
    return last->run ? last->us
                     : tps_samples_level(&g_array_index(samples, TpsSample, 0), samples->len);
}

static int64_t peak(const TpsRuntimePart *parts, size_t n)
{
    int64_t most = TPS_RUNTIME_UNKNOWN;

    for (size_t i = 0; i < n; i++)
        most = MAX(most, parts[i].peak_bytes);
    return most;
}

bool tps_suite_level(const TpsRuntimeData *data, const char *suite, TpsSuiteLevel *level)
{
    size_t n;
    const TpsRuntimePart *parts = tps_runtime_data_parts(data, suite, &n);

    if (!tps_runtime_data_has(data, suite))
        return false;
    *level = (TpsSuiteLevel){
        .execution_us = level_of(parts, n, execution, true),
        .setup_us = level_of(parts, n, setup, false),
        .teardown_us = level_of(parts, n, teardown, false),
        .testcase_count = newest_count(parts, n),
        .cpu_ppm = level_of(parts, n, cpu, false),
        .peak_bytes = peak(parts, n),
    };
    return true;
}
