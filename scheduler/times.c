/* SPDX-License-Identifier: MIT */
#include "scheduler/times.h"

#include "core/saturate.h"
#include "runtime/estimate.h"
#include "scheduler/units.h"

#include <string.h>

/* What was found out about one suite. */
typedef struct {
    const TpsPlanInput *input;
    TpsEstimate *estimate;
    bool weighted;
    int64_t *expected_us; /* [n] owned                              */
    int *unit_of;         /* [n] owned                              */
    int64_t *unit_us;     /* [n_units] owned                        */
    size_t n_units;
    GHashTable *index; /* id -> position + 1, borrows the ids; owned */
} Known;

struct TpsTimes {
    const TpsPlanRequest *request;
    const TpsPlan *plan;
    GHashTable *known; /* suite name, borrowed -> Known, owned */
};

static void known_free(void *data)
{
    Known *known = data;

    tps_estimate_free(known->estimate);
    g_free(known->expected_us);
    g_free(known->unit_of);
    g_free(known->unit_us);
    g_hash_table_unref(known->index);
    g_free(known);
}

TpsTimes *tps_times_new(const TpsPlanRequest *request, const TpsPlan *plan)
{
    TpsTimes *times = g_new0(TpsTimes, 1);

    times->request = request;
    times->plan = plan;
    times->known = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, known_free);
    return times;
}

void tps_times_free(TpsTimes *times)
{
    if (!times)
        return;
    g_hash_table_unref(times->known);
    g_free(times);
}

const TpsPlanInput *tps_times_input(TpsTimes *times, const char *suite)
{
    for (size_t i = 0; i < times->request->n_suites; i++)
        if (strcmp(times->request->suites[i].name, suite) == 0)
            return &times->request->suites[i];
    return NULL;
}

/* What the plan has for all testcases of a suite together. */
static int64_t planned_us(const TpsPlan *plan, const char *suite)
{
    int64_t sum = 0;

    for (guint i = 0; i < plan->tasks->len; i++) {
        const TpsTask *task = g_ptr_array_index(plan->tasks, i);

        if (strcmp(task->suite, suite) == 0)
            sum = tps_add_sat(sum, task->execution_us);
    }
    return sum;
}

/* Where the planner knows no single times, all have the same: a share of what it planned. */
static void share_planned(Known *known, const TpsPlan *plan)
{
    int64_t n = known->input->testcases->len;
    int64_t sum = planned_us(plan, known->input->name);

    for (int64_t i = 0; i < n; i++)
        known->expected_us[i] = sum / n + (i < sum % n);
}

static void fill_times(Known *known, const TpsTimes *times)
{
    guint n = known->input->testcases->len;

    known->estimate =
        tps_estimate_suite(times->request->data, known->input->name, known->input->testcases, 0);
    known->weighted = known->input->declared && known->input->declared->weight_us != TPS_AUTO;
    known->expected_us = g_new(int64_t, n);
    if (known->weighted || known->estimate->evidence == TPS_EVIDENCE_GUESSED)
        share_planned(known, times->plan);
    else
        memcpy(known->expected_us, known->estimate->expected_us, n * sizeof(int64_t));
}

static void fill_units(Known *known)
{
    guint n = known->input->testcases->len;

    known->unit_of = g_new(int, n);
    known->n_units = tps_units_number(known->input->testcases, known->input->unit,
                                      known->input->declared ? known->input->declared->group : NULL,
                                      known->unit_of);
    known->unit_us = g_new0(int64_t, known->n_units);
    for (guint i = 0; i < n; i++) {
        int64_t *sum = &known->unit_us[known->unit_of[i]];

        *sum = tps_add_sat(*sum, known->expected_us[i]);
    }
}

static Known *known_new(const TpsTimes *times, const TpsPlanInput *input)
{
    Known *known = g_new0(Known, 1);

    known->input = input;
    known->index = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; input->ids_known && i < input->testcases->len; i++) {
        const TpsTestcase *testcase = g_ptr_array_index(input->testcases, i);

        g_hash_table_insert(known->index, testcase->id, GUINT_TO_POINTER(i + 1));
    }
    fill_times(known, times);
    fill_units(known);
    return known;
}

static const Known *know(TpsTimes *times, const char *suite)
{
    Known *known = g_hash_table_lookup(times->known, suite);
    const TpsPlanInput *input = known ? NULL : tps_times_input(times, suite);

    if (input) {
        known = known_new(times, input);
        g_hash_table_insert(times->known, (char *)input->name, known);
    }
    return known;
}

static const char *source_of(const Known *known, guint position)
{
    if (known->weighted)
        return "a share of the weight of its task";
    if (known->estimate->evidence == TPS_EVIDENCE_GUESSED)
        return "guessed";
    if (!known->estimate->times_known)
        return "a share of its suite's time";
    return tps_predict_source_name(known->estimate->source[position]);
}

static void find_mates(const Known *known, guint self, TpsTestcaseTime *found)
{
    for (guint i = 0; i < known->input->testcases->len; i++) {
        const TpsTestcase *testcase = g_ptr_array_index(known->input->testcases, i);

        if (known->unit_of[i] != known->unit_of[self])
            continue;
        found->unit_size++;
        if (i != self && found->n_mates < G_N_ELEMENTS(found->mates))
            found->mates[found->n_mates++] = testcase->id;
    }
}

/* Its position + 1, or 0. */
static guint position_of(const Known *known, const char *id)
{
    return known ? GPOINTER_TO_UINT(g_hash_table_lookup(known->index, id)) : 0;
}

int64_t tps_times_expected(TpsTimes *times, const char *suite, const char *id)
{
    const Known *known = know(times, suite);
    guint position = position_of(known, id);

    return position ? known->expected_us[position - 1] : 0;
}

bool tps_times_find(TpsTimes *times, const char *suite, const char *id, TpsTestcaseTime *found)
{
    const Known *known = know(times, suite);
    guint position = position_of(known, id);
    const TpsTestcase *testcase;

    if (position == 0)
        return false;
    testcase = g_ptr_array_index(known->input->testcases, position - 1);
    *found = (TpsTestcaseTime){
        .testcase = testcase,
        .expected_us = known->expected_us[position - 1],
        .source = source_of(known, position - 1),
        .unit = known->input->unit,
        .unit_key = tps_testcase_unit_key(testcase, known->input->unit),
        .unit_us = known->unit_us[known->unit_of[position - 1]],
    };
    find_mates(known, position - 1, found);
    return true;
}

size_t tps_times_units(TpsTimes *times, const char *suite, int64_t *longest_us)
{
    const Known *known = times ? know(times, suite) : NULL;

    *longest_us = 0;
    for (size_t i = 0; known && i < known->n_units; i++)
        *longest_us = MAX(*longest_us, known->unit_us[i]);
    return known ? known->n_units : 0;
}
