/* SPDX-License-Identifier: MIT */
#include "core/plan.h"

#include "core/error.h"

#include <stdlib.h>
#include <string.h>

/* More parts than this is a slip of the hand, and int arithmetic on parts stays safe. */
#define PARTS_MAX 1000000

static const char *const evidence_names[] = {
    [TPS_EVIDENCE_MEASURED] = "measured",
    [TPS_EVIDENCE_SCALED] = "scaled",
    [TPS_EVIDENCE_WEIGHT] = "weight",
    [TPS_EVIDENCE_GUESSED] = "guessed",
};

bool tps_part_parse(const char *text, TpsPart *part, GError **error)
{
    g_auto(GStrv) words = g_strsplit(text, ",", 3);
    guint64 index;
    guint64 count;

    if (g_strv_length(words) != 2 ||
        !g_ascii_string_to_unsigned(words[0], 10, 0, PARTS_MAX, &index, NULL) ||
        !g_ascii_string_to_unsigned(words[1], 10, 2, PARTS_MAX, &count, NULL) || index >= count) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE,
                    "'%s' is not a part tuple; write M,N with 0 <= M < N and N > 1", text);
        return false;
    }
    *part = (TpsPart){.index = (int)index, .count = (int)count};
    return true;
}

char *tps_part_label(const char *suite, TpsPart part)
{
    if (part.count <= 1)
        return g_strdup(suite);
    return g_strdup_printf("%s %d,%d", suite, part.index, part.count);
}

TpsTask *tps_task_new(const char *suite, TpsPart part)
{
    TpsTask *task = g_new0(TpsTask, 1);

    task->suite = g_strdup(suite);
    task->part = part;
    return task;
}

void tps_task_free(TpsTask *task)
{
    if (!task)
        return;
    g_free(task->suite);
    g_clear_pointer(&task->testcases, g_ptr_array_unref);
    g_free(task->expected_us);
    g_free(task);
}

int tps_task_compare(const TpsTask *a, const TpsTask *b)
{
    int order;

    if (a->weight_us != b->weight_us)
        return a->weight_us > b->weight_us ? -1 : 1;
    order = strcmp(a->suite, b->suite);
    return order ? order : (a->part.index > b->part.index) - (a->part.index < b->part.index);
}

const char *tps_evidence_name(TpsEvidence evidence)
{
    return evidence_names[evidence];
}

static const char *const size_reason_names[] = {
    [TPS_SIZE_TARGET] = "target", [TPS_SIZE_GIVEN] = "given",   [TPS_SIZE_MAX_SIZE] = "max_size",
    [TPS_SIZE_CPU] = "cpu",       [TPS_SIZE_MEMORY] = "memory", [TPS_SIZE_NEEDS] = "needs",
};

const char *tps_size_reason_name(TpsSizeReason reason)
{
    return size_reason_names[reason];
}

bool tps_size_reason_parse(const char *name, TpsSizeReason *reason)
{
    for (size_t i = 0; i < G_N_ELEMENTS(size_reason_names); i++) {
        if (strcmp(size_reason_names[i], name) == 0) {
            *reason = (TpsSizeReason)i;
            return true;
        }
    }
    return false;
}

bool tps_evidence_parse(const char *name, TpsEvidence *evidence)
{
    for (size_t i = 0; i < G_N_ELEMENTS(evidence_names); i++) {
        if (strcmp(evidence_names[i], name) == 0) {
            *evidence = (TpsEvidence)i;
            return true;
        }
    }
    return false;
}

TpsPlanSuite *tps_plan_suite_new(const char *name)
{
    TpsPlanSuite *suite = g_new0(TpsPlanSuite, 1);

    suite->name = g_strdup(name);
    suite->parts = 1;
    suite->notes = g_ptr_array_new_with_free_func(g_free);
    return suite;
}

void tps_plan_suite_free(TpsPlanSuite *suite)
{
    if (!suite)
        return;
    g_free(suite->name);
    tps_needs_free(suite->needs);
    g_ptr_array_unref(suite->notes);
    g_free(suite);
}

TpsPlan *tps_plan_new(void)
{
    TpsPlan *plan = g_new0(TpsPlan, 1);

    plan->suites = g_ptr_array_new_with_free_func((GDestroyNotify)tps_plan_suite_free);
    plan->tasks = g_ptr_array_new_with_free_func((GDestroyNotify)tps_task_free);
    plan->sources = g_ptr_array_new_with_free_func(g_free);
    plan->notes = g_ptr_array_new_with_free_func(g_free);
    plan->resources = tps_resources_new();
    plan->names = tps_string_pool_new();
    plan->confidence_ppm = TPS_PPM_UNKNOWN;
    plan->within_target_ppm = TPS_PPM_UNKNOWN;
    return plan;
}

void tps_plan_free(TpsPlan *plan)
{
    if (!plan)
        return;
    g_free(plan->id);
    g_free(plan->name);
    g_free(plan->executed);
    tps_filter_free(plan->filter);
    g_ptr_array_unref(plan->suites);
    g_ptr_array_unref(plan->tasks);
    g_ptr_array_unref(plan->sources);
    g_ptr_array_unref(plan->notes);
    g_array_unref(plan->resources);
    tps_string_pool_unref(plan->names);
    g_free(plan);
}

TpsTask *tps_plan_find(const TpsPlan *plan, const char *suite, TpsPart part)
{
    for (guint i = 0; i < plan->tasks->len; i++) {
        TpsTask *task = g_ptr_array_index(plan->tasks, i);

        if (task->part.index == part.index && task->part.count == part.count &&
            strcmp(task->suite, suite) == 0)
            return task;
    }
    return NULL;
}

TpsPlanSuite *tps_plan_find_suite(const TpsPlan *plan, const char *name)
{
    guint low = 0;
    guint high = plan->suites->len;

    while (low < high) {
        guint middle = low + (high - low) / 2;
        TpsPlanSuite *suite = g_ptr_array_index(plan->suites, middle);
        int order = strcmp(name, suite->name);

        if (order == 0)
            return suite;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}
