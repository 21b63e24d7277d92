/* SPDX-License-Identifier: MIT */
#pragma once

#include "tests/scheduler/project.h"

/* Projects drawn at random that use all there is: rules, weights, dated data, cpu, memory. */

static const char *const project_names[] = {"api", "API", "b c", "ab", "\xc3\xa9", "z\n1"};
#define PROJECT_NAMES G_N_ELEMENTS(project_names)

static inline int draw_int(GRand *rand, int low, int high)
{
    return g_rand_int_range(rand, low, high + 1);
}

static inline bool draw_one_in(GRand *rand, int n)
{
    return g_rand_int_range(rand, 0, n) == 0;
}

/* Runs of the last days, the newest last; the day comes twice: one hash would be one run. */
#define PROJECT_RUN "202611%02dT101500-3f2a9c%02d"
#define PROJECT_DAYS 9

static inline void draw_last(GRand *rand, GString *text)
{
    int from = draw_int(rand, 1, PROJECT_DAYS);

    g_string_append(text, "{'last':{");
    for (int day = from; day <= PROJECT_DAYS && day < from + 5; day++)
        g_string_append_printf(text, "%s'" PROJECT_RUN "':%d.%03d", day == from ? "" : ",", day,
                               day, draw_int(rand, 0, 20), draw_int(rand, 0, 999));
    g_string_append(text, "}}");
}

static inline void draw_runs(GRand *rand, GString *text)
{
    for (int day = 1; day <= PROJECT_DAYS; day++) {
        int planned = draw_int(rand, 1, 100);

        g_string_append_printf(
            text,
            "%s'" PROJECT_RUN "':{'execution_time':%d,'setup_time':%d,'teardown_time':%d,"
            "'testcase_count':%d,'wall_time':%d,'planned_time':%d,'guessed_time':%d,'cpu_time':%d,"
            "'peak_memory':%d}",
            day == 1 ? "" : ",", day, day, draw_int(rand, 0, 100), draw_int(rand, 0, 9),
            draw_int(rand, 0, 3), draw_int(rand, 0, 30), planned + draw_int(rand, 0, 20), planned,
            draw_int(rand, 0, planned), draw_int(rand, 0, 200), draw_int(rand, 0, 1 << 20));
    }
}

/* "f0.py::C1::t7": testcase i of a suite; every 3 share a file. */
static inline char *draw_id(int i, int offset)
{
    return g_strdup_printf("f%d.py::C%d::t%d", i / 3, i % 2, i + offset);
}

/* Of each testcase nothing, a number, a skip, or dated samples; some that are gone. */
static inline void draw_testcases(GRand *rand, GString *text, int n)
{
    const char *comma = "";

    g_string_append(text, ",'testcases':{");
    for (int i = 0; i < n + 2; i++) {
        g_autofree char *id = draw_id(i, 0);
        int kind = draw_int(rand, 0, 5);

        if (kind == 0)
            continue;
        g_string_append_printf(text, "%s'%s':", comma, id);
        comma = ",";
        if (kind == 1)
            g_string_append_printf(text, "{'mean':0,'skipped':true,'seen':'" PROJECT_RUN "'}", 9,
                                   9);
        else if (kind == 2)
            g_string_append_printf(text, "%d", draw_int(rand, 0, 30));
        else
            draw_last(rand, text);
    }
    g_string_append(text, "}");
}

static inline void draw_entry(GRand *rand, GString *text, const char *name, int n)
{
    g_autofree char *escaped = g_strescape(name, "\xc3\xa9");

    g_string_append_printf(text, "%s'%s':{'execution_time':%d,'setup_time':%d,'teardown_time':%d",
                           text->len > 1 ? "," : "", escaped, draw_int(rand, 0, 300),
                           draw_int(rand, 0, 20), draw_int(rand, 0, 5));
    if (draw_one_in(rand, 2))
        g_string_append_printf(text, ",'testcase_count':%d", draw_int(rand, 0, 2 * n));
    if (!draw_one_in(rand, 4))
        draw_testcases(rand, text, n);
    if (draw_one_in(rand, 2)) {
        g_string_append(text, ",'runs':{");
        draw_runs(rand, text);
        g_string_append(text, "}");
    }
    g_string_append(text, "}");
}

static inline TpsSuite *draw_declared(GRand *rand, const char *name, int n)
{
    static const char *const groups[] = {"t[0-3]$", "(\\d)$", "C1 f2", "f(.).*(\\d)$", "nothing"};
    static const char *const aparts[] = {"t[12]$", "f0 t[3-5]$", "C1::t1", "nothing"};
    static const char *const pins[] = {"t1$=0", "t2$=1", "t1$=1 t4$=0", "f1=2", "nothing=7"};
    int parts = draw_one_in(rand, 2) ? TPS_AUTO : draw_int(rand, 1, MAX(n, 1));
    bool ruled = draw_one_in(rand, 3);
    TpsSuite *suite = project_declare(
        name, parts,
        draw_one_in(rand, 3) ? groups[draw_int(rand, 0, G_N_ELEMENTS(groups) - 1)] : NULL,
        ruled && draw_one_in(rand, 2) ? aparts[draw_int(rand, 0, G_N_ELEMENTS(aparts) - 1)] : NULL,
        ruled && draw_one_in(rand, 2) ? pins[draw_int(rand, 0, G_N_ELEMENTS(pins) - 1)] : NULL);

    suite->keep_order = draw_one_in(rand, 6);
    if (draw_one_in(rand, 8))
        suite->weight_us = draw_int(rand, 1, 60) * TPS_SECOND_US;
    return suite;
}

static inline void draw_request(GRand *rand, TpsPlanRequest *request)
{
    request->target_us = draw_one_in(rand, 5) ? TPS_AUTO : draw_int(rand, 1, 400) * TPS_SECOND_US;
    request->limit_us = draw_one_in(rand, 5) ? TPS_AUTO : draw_int(rand, 1, 200) * TPS_SECOND_US;
    request->size = draw_one_in(rand, 3) ? draw_int(rand, 1, 12) : TPS_AUTO;
    request->max_size = draw_one_in(rand, 3) ? draw_int(rand, 1, 6) : 0;
    request->confidence_ppm = draw_one_in(rand, 3) ? draw_int(rand, 1, 999999) : 0;
    if (draw_one_in(rand, 4))
        request->capacity.cpu_ppm = draw_int(rand, 1, 8000000);
    if (draw_one_in(rand, 4))
        request->capacity.memory_bytes = draw_int(rand, 1, 1 << 22);
}

/* The data's text is kept in `data` where that is not NULL. */
static inline void draw_project(GRand *rand, Project *project, GString *data)
{
    g_autoptr(GString) text = g_string_new("{");
    int n_suites = draw_int(rand, 1, (int)PROJECT_NAMES);

    project_init(project, NULL);
    draw_request(rand, &project->request);
    for (int s = 0; s < n_suites; s++) {
        int n = draw_int(rand, 1, draw_one_in(rand, 4) ? 40 : 10);
        int offset = draw_one_in(rand, 6) ? 2 : 0; /* what is new or was renamed */
        g_autoptr(GString) ids = g_string_new(NULL);

        for (int i = 0; i < n; i++) {
            g_autofree char *id = draw_id(i, offset);

            g_string_append_printf(ids, "%s%s", i ? " " : "", id);
        }
        if (!draw_one_in(rand, 6))
            draw_entry(rand, text, project_names[s], n);
        project_add(
            project, project_names[s], ids->str,
            (TpsUnit[]){TPS_UNIT_TESTCASE, TPS_UNIT_CLASS, TPS_UNIT_FILE}[draw_int(rand, 0, 2)],
            draw_one_in(rand, 3) ? NULL : draw_declared(rand, project_names[s], n));
    }
    g_string_append(text, "}");
    project_load(project, text->str);
    if (data)
        g_string_assign(data, text->str);
}
