/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/duration.h"
#include "core/suite.h"
#include "scheduler/planner.h"
#include "tests/scratch.h"

#include <check.h>
#include <glib.h>
#include <string.h>

/* A project to be planned: suites, what is declared of them, and runtime data. */

#define PROJECT_SUITES_MAX 8

typedef struct {
    TpsRuntimeData *data;
    TpsPlanInput inputs[PROJECT_SUITES_MAX];
    TpsPlanRequest request;
} Project;

/* More runtime data; ' for ". */
static inline void project_load(Project *project, const char *data)
{
    g_autofree char *text = g_strdelimit(g_strdup(data), "'", '"');
    g_autofree char *path = scratch_text("data.json", text);
    g_autoptr(GError) error = NULL;

    ck_assert_msg(tps_runtime_data_load(project->data, path, &error), "%s: %s",
                  error ? error->message : "", text);
}

static inline void project_init(Project *project, const char *data)
{
    *project = (Project){.data = tps_runtime_data_new()};
    if (data)
        project_load(project, data);
    project->request = (TpsPlanRequest){
        .name = "test",
        .data = project->data,
        .suites = project->inputs,
        .target_us = TPS_DEFAULT_TARGET_US,
        .limit_us = TPS_DEFAULT_LIMIT_US,
        .size = TPS_AUTO,
    };
}

static inline void project_clear(Project *project)
{
    for (size_t i = 0; i < project->request.n_suites; i++) {
        g_ptr_array_unref((GPtrArray *)project->inputs[i].testcases);
        tps_suite_free((TpsSuite *)project->inputs[i].declared);
    }
    tps_runtime_data_free(project->data);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Project, project_clear)

/* "FILE::CLASS::NAME" with what that says of it. */
static inline TpsTestcase *project_testcase(const char *id)
{
    TpsTestcase *testcase = tps_testcase_new(id);
    const char *first = strstr(id, "::");
    const char *last = g_strrstr(id, "::");

    if (first) {
        testcase->file = g_strndup(id, (gsize)(first - id));
        testcase->group = g_strndup(id, (gsize)(last - id));
    }
    return testcase;
}

/* The testcases are words of `ids`; `declared` is taken and may be NULL. */
static inline void project_add(Project *project, const char *name, const char *ids, TpsUnit unit,
                               TpsSuite *declared)
{
    GPtrArray *testcases = tps_testcases_new();
    g_auto(GStrv) words = g_strsplit(ids, " ", -1);

    for (char **word = words; *word; word++)
        g_ptr_array_add(testcases, project_testcase(*word));
    ck_assert_uint_lt(project->request.n_suites, PROJECT_SUITES_MAX);
    project->inputs[project->request.n_suites++] =
        (TpsPlanInput){.name = declared ? declared->name : name,
                       .declared = declared,
                       .testcases = testcases,
                       .ids_known = true,
                       .unit = unit};
}

/* Patterns as words; NULL = none. Where `pins` stands "PATTERN=PART ...". */
static inline TpsSuite *project_declare(const char *name, int parts, const char *group,
                                        const char *apart, const char *pins)
{
    TpsSuite *suite = tps_suite_new(name, "pytest");
    g_auto(GStrv) words = g_strsplit(pins ? pins : "", " ", -1);

    suite->parts = parts;
    if (group) {
        g_strfreev(suite->group);
        suite->group = g_strsplit(group, " ", -1);
    }
    if (apart) {
        g_strfreev(suite->apart);
        suite->apart = g_strsplit(apart, " ", -1);
    }
    for (char **word = words; *word && **word; word++) {
        char *equals = strrchr(*word, '=');
        TpsPin pin = {.pattern = g_strndup(*word, (gsize)(equals - *word)),
                      .part = atoi(equals + 1)};

        g_array_append_val(suite->pins, pin);
    }
    return suite;
}

static inline TpsPlan *project_plan(const Project *project)
{
    g_autoptr(GError) error = NULL;
    TpsPlan *plan = tps_plan_make(&project->request, &error);

    ck_assert_msg(plan != NULL, "%s", error ? error->message : "");
    return plan;
}

/* "a b|c": the testcases of each part of a suite, by part. Caller frees. */
static inline char *project_parts(const TpsPlan *plan, const char *suite)
{
    GString *text = g_string_new(NULL);
    TpsPart part = {.count = tps_plan_find_suite(plan, suite)->parts};

    for (; part.index < part.count; part.index++) {
        const TpsTask *task = tps_plan_find(plan, suite, part);

        ck_assert_ptr_nonnull(task);
        if (part.index)
            g_string_append_c(text, '|');
        for (guint i = 0; i < task->testcases->len; i++)
            g_string_append_printf(text, "%s%s", i ? " " : "",
                                   (const char *)g_ptr_array_index(task->testcases, i));
    }
    return g_string_free(text, FALSE);
}

static inline bool project_notes(const GPtrArray *notes, const char *part)
{
    for (guint i = 0; i < notes->len; i++)
        if (strstr(g_ptr_array_index(notes, i), part))
            return true;
    return false;
}
