/* SPDX-License-Identifier: MIT */
#pragma once

#include "tests/reports.h"

#include <glib.h>

/* Runtime data files as chance has them: all that may be in one, in any order, by a seed. */

static const char *const random_suites[] = {"A", "B b", "c\\\"\\n\\u00e4"};
static const char *const random_ids[] = {"t.py::a", "t.py::b",   "t.py::b[1]", "T",
                                         "x y",     "\\\\u0041", "\\u00fc",    "../../e"};

#define RANDOM_RUNS 9

/* Of nine runs one, whose shards begin up to an hour apart, so that runs overlap. */
static inline char *random_run(GRand *rand)
{
    guint run = (guint)draw(rand, RANDOM_RUNS);
    guint minute = run * 5 + (guint)draw(rand, 60);

    return g_strdup_printf("20261121T%02u%02u00-%08x", minute / 60, minute % 60, run * 0x1d3u);
}

static inline double random_seconds(GRand *rand)
{
    return (double)draw(rand, 6) * 0.25 + (draw(rand, 9) == 0 ? 0.000001 : 0);
}

static inline void add_format(GString *text, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* A member or element; commas are put where there was one before. */
static inline void add_format(GString *text, const char *format, ...)
{
    va_list arguments;

    if (!strchr("{[", text->str[text->len - 1]))
        g_string_append_c(text, ',');
    va_start(arguments, format);
    g_string_append_vprintf(text, format, arguments);
    va_end(arguments);
}

static inline void random_unknown(GRand *rand, GString *text)
{
    static const char *const values[] = {"1", "\"x\"", "[{\"b\": [], \"a\": null}]",
                                         "{\"z\": 1, \"a\": 2}"};

    for (size_t n = draw(rand, 6); n > 3; n--)
        add_format(text, "\"unknown %c\": %s", (char)('a' + draw(rand, 3)),
                   values[draw(rand, G_N_ELEMENTS(values))]);
}

static inline void random_last(GRand *rand, GString *text)
{
    g_autoptr(GHashTable) used = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    add_format(text, "\"last\": {");
    for (size_t n = draw(rand, 8) + 1; n > 0; n--) {
        char *run = random_run(rand);

        if (g_hash_table_add(used, run))
            add_format(text, "\"%s\": %g", run, random_seconds(rand));
    }
    g_string_append_c(text, '}');
}

static inline void random_undated(GRand *rand, GString *text)
{
    add_format(text, "\"undated\": [");
    for (size_t n = draw(rand, 8) + 1; n > 0; n--)
        add_format(text, "%g", random_seconds(rand));
    g_string_append_c(text, ']');
}

static inline void random_object(GRand *rand, GString *text)
{
    g_string_append_c(text, '{');
    switch (draw(rand, 4)) {
    case 0:
        add_format(text, "\"mean\": %g, \"count\": 3", random_seconds(rand));
        break;
    case 1:
        add_format(text, "\"mean\": 0, \"skipped\": true");
        break;
    case 2:
        random_undated(rand, text);
        break;
    default:
        random_last(rand, text);
        if (draw(rand, 4) == 0)
            add_format(text, "\"skipped\": true");
    }
    if (draw(rand, 3) == 0) {
        g_autofree char *run = random_run(rand);

        add_format(text, "\"seen\": \"%s\"", run);
    }
    random_unknown(rand, text);
    g_string_append_c(text, '}');
}

static inline void random_testcases(GRand *rand, GString *text)
{
    add_format(text, "\"testcases\": {");
    for (size_t i = 0; i < G_N_ELEMENTS(random_ids); i++) {
        if (draw(rand, 2) == 0)
            continue;
        if (draw(rand, 3) == 0) {
            add_format(text, "\"%s\": %g", random_ids[i], random_seconds(rand));
            continue;
        }
        add_format(text, "\"%s\": ", random_ids[i]);
        random_object(rand, text);
    }
    g_string_append_c(text, '}');
}

static inline void random_sums(GRand *rand, GString *text)
{
    add_format(text, "\"execution_time\": %g, \"setup_time\": %g", random_seconds(rand),
               random_seconds(rand));
    if (draw(rand, 2) == 0)
        add_format(text, "\"teardown_time\": %g", random_seconds(rand));
    if (draw(rand, 2) == 0)
        add_format(text, "\"testcase_count\": %zu", draw(rand, 4));
}

static inline void random_part(GRand *rand, GString *text)
{
    static const char *const keys[] = {"execution_time", "setup_time",   "teardown_time",
                                       "wall_time",      "planned_time", "cpu_time"};

    g_string_append_c(text, '{');
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
        if (draw(rand, 3) > 0)
            add_format(text, "\"%s\": %g", keys[i], random_seconds(rand));
    if (draw(rand, 2) == 0)
        add_format(text, "\"testcase_count\": %zu, \"peak_memory\": %zu", draw(rand, 4),
                   draw(rand, 99));
    g_string_append_c(text, '}');
}

static inline void random_runs(GRand *rand, GString *text)
{
    g_autoptr(GHashTable) used = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    add_format(text, "\"runs\": {");
    for (size_t n = draw(rand, 8); n > 0; n--) {
        g_autofree char *run = random_run(rand);
        guint count = (guint)draw(rand, 3) + 1;
        guint part = (guint)draw(rand, count);
        char *key = count > 1 ? g_strdup_printf("%s %u,%u", run, part, count) : g_strdup(run);

        if (!g_hash_table_add(used, key))
            continue;
        add_format(text, "\"%s\": ", key);
        random_part(rand, text);
    }
    g_string_append_c(text, '}');
}

static inline void random_undated_parts(GRand *rand, GString *text)
{
    add_format(text, "\"undated\": [");
    for (size_t n = draw(rand, 4) + 1; n > 0; n--) {
        add_format(text, "{");
        random_sums(rand, text);
        g_string_append_c(text, '}');
    }
    g_string_append_c(text, ']');
}

static inline void random_suite(GRand *rand, GString *text)
{
    random_unknown(rand, text);
    random_sums(rand, text);
    if (draw(rand, 2) == 0)
        random_testcases(rand, text);
    if (draw(rand, 2) == 0)
        random_runs(rand, text);
    else if (draw(rand, 3) == 0)
        random_undated_parts(rand, text);
}

/* The text of a file; caller frees. */
static inline char *random_data(GRand *rand)
{
    GString *text = g_string_new("{");

    for (size_t i = G_N_ELEMENTS(random_suites); i > 0; i--) {
        if (draw(rand, 4) == 0)
            continue;
        add_format(text, "\"%s\": {", random_suites[i - 1]);
        random_suite(rand, text);
        g_string_append_c(text, '}');
    }
    if (text->len > 1 && draw(rand, 3) == 0)
        add_format(text, "\"version\": %zu", draw(rand, 3));
    g_string_append_c(text, '}');
    return g_string_free(text, FALSE);
}
