/* SPDX-License-Identifier: MIT */
#include "runtime/check.h"

#include "core/names.h"
#include "core/saturate.h"
#include "runtime/check_internal.h"

#include <string.h>

static const char *const names[] = {
    [TPS_FINDING_UNMATCHED] = "unmatched", [TPS_FINDING_UNITS] = "units",
    [TPS_FINDING_COVERAGE] = "coverage",   [TPS_FINDING_ZERO] = "zero",
    [TPS_FINDING_DOUBLE] = "double",       [TPS_FINDING_AGE] = "age",
    [TPS_FINDING_OUTLIER] = "outlier",
};

const char *tps_finding_name(TpsFindingKind kind)
{
    return names[kind];
}

static void finding_free(void *data)
{
    TpsFinding *finding = data;

    g_free(finding->suite);
    g_free(finding->testcase);
    g_free(finding->text);
    g_free(finding);
}

static int compare(const void *a, const void *b)
{
    const TpsFinding *one = *(const TpsFinding *const *)a, *two = *(const TpsFinding *const *)b;
    int order = strcmp(one->suite, two->suite);

    if (order == 0 && one->kind != two->kind)
        return one->kind < two->kind ? -1 : 1;
    if (order == 0)
        order = g_strcmp0(one->testcase, two->testcase);
    return order ? order : strcmp(one->text, two->text);
}

void tps_check_say(const TpsCheck *check, TpsFindingKind kind, const char *testcase,
                   const char *format, ...)
{
    TpsFinding *finding = g_new0(TpsFinding, 1);
    va_list arguments;

    va_start(arguments, format);
    finding->kind = kind;
    finding->suite = g_strdup(check->suite);
    finding->testcase = g_strdup(testcase);
    finding->text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_ptr_array_add(check->findings, finding);
}

static void take_testcases(TpsCheck *check)
{
    check->n = tps_runtime_data_n_testcases(check->data, check->suite);
    check->testcases = g_new(TpsRuntimeTestcase, check->n);
    check->level_us = g_new(int64_t, check->n);
    for (size_t i = 0; i < check->n; i++) {
        TpsRuntimeTestcase testcase = tps_runtime_data_testcase(check->data, check->suite, i);

        check->testcases[i] = testcase;
        check->level_us[i] = TPS_RUNTIME_UNKNOWN;
        if (testcase.n_samples == 0)
            continue;
        check->level_us[i] = tps_samples_level(testcase.samples, testcase.n_samples);
        check->sum_us = tps_add_sat(check->sum_us, check->level_us[i]);
        check->n_measured++;
    }
}

static void check_suite(const TpsRuntimeData *data, const TpsCheckRequest *request,
                        const char *suite, GPtrArray *findings)
{
    TpsCheck check = {.data = data, .request = request, .suite = suite, .findings = findings};

    take_testcases(&check);
    tps_check_units(&check);
    tps_check_zeros(&check);
    tps_check_outliers(&check);
    tps_check_doubles(&check);
    tps_check_age(&check);
    if (request->n_declared == 0)
        tps_check_count(&check);
    g_free(check.testcases);
    g_free(check.level_us);
}

GPtrArray *tps_runtime_data_check(const TpsRuntimeData *data, const TpsCheckRequest *request)
{
    GPtrArray *findings = g_ptr_array_new_with_free_func(finding_free);
    g_autoptr(GPtrArray) suites = tps_runtime_data_suites(data);

    for (guint i = 0; i < suites->len; i++)
        check_suite(data, request, g_ptr_array_index(suites, i), findings);
    if (request->n_declared > 0)
        tps_check_matching(data, request, findings);
    g_ptr_array_sort(findings, compare);
    return findings;
}
