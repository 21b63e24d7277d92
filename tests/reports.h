/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/result.h"

#include <check.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

/* Part reports from a few words. */

static inline TpsOutcome outcome_of(char letter)
{
    const char *at = strchr("spkfe", letter);

    ck_assert(letter && at);
    return (TpsOutcome)(at - "spkfe");
}

/* "a:p:150 b:f:200": id, outcome (skipped, passed, flaKy, failed, error) and microseconds. */
static inline void results_add(GPtrArray *results, const char *words)
{
    g_auto(GStrv) split = g_strsplit(words, " ", -1);

    for (char **word = split; *word; word++) {
        g_auto(GStrv) fields = g_strsplit(*word, ":", 3);

        if (**word)
            g_ptr_array_add(results, tps_result_new(fields[0], outcome_of(*fields[1]),
                                                    g_ascii_strtoll(fields[2], NULL, 10)));
    }
}

static inline void strings_add(GPtrArray *strings, const char *words)
{
    g_auto(GStrv) split = g_strsplit(words, " ", -1);

    for (char **word = split; *word; word++)
        if (**word)
            g_ptr_array_add(strings, g_strdup(*word));
}

/* A report of a part that ended with status 0 after `wall_us`. */
static inline TpsPartReport *report_new(const char *suite, TpsPart part, const char *planned,
                                        const char *results, int64_t wall_us)
{
    TpsPartReport *report = tps_part_report_new(suite, part);

    report->plan_id = g_strdup("plan");
    report->host = g_strdup("host");
    report->done = true;
    report->started_us = INT64_C(1700000000000000);
    report->ended_us = report->started_us + wall_us;
    report->wall_us = wall_us;
    strings_add(report->planned, planned);
    results_add(report->results, results);
    return report;
}

/* A list that owns its TpsPartReport. */
static inline GPtrArray *reports_new(void)
{
    return g_ptr_array_new_with_free_func((GDestroyNotify)tps_part_report_free);
}

/* A list of texts, a line each. Caller frees. */
static inline char *lines(const GPtrArray *strings)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < strings->len; i++)
        g_string_append_printf(text, "%s\n", (char *)g_ptr_array_index(strings, i));
    return g_string_free(text, FALSE);
}

/* Any index below n. */
static inline size_t draw(GRand *rand, size_t n)
{
    return (size_t)g_rand_int_range(rand, 0, (int)n);
}
