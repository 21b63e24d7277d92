/* SPDX-License-Identifier: MIT */
#include "cli/plan_table.h"

#include "cli/plural.h"
#include "cli/terminal.h"
#include "core/duration.h"
#include "core/saturate.h"

#include <string.h>

#define NAME_WIDTH 24
/* A longer list of tasks is for programs: they have the JSON. */
#define TASKS_SHOWN 50

#define DAY_S (24 * 3600)

char *tps_plan_line(const TpsPlan *plan)
{
    g_autofree char *makespan = tps_duration_format(plan->makespan_us);
    g_autofree char *floor = tps_duration_format(plan->makespan_lower_bound_us);
    g_autofree char *target = tps_duration_format(plan->target_us);

    return g_strdup_printf("%d worker%s, %s expected, floor %s, target %s", plan->size,
                           plan->size == 1 ? "" : "s", makespan, floor, target);
}

/* The heaviest task of a suite, and sums over all of them. */
typedef struct {
    int64_t heaviest_us;
    int64_t sum_us;
    int64_t overhead_us;
} Measure;

/* Suite name, borrowed -> Measure. */
static GHashTable *measure_suites(const TpsPlan *plan)
{
    GHashTable *measures = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);

    for (guint i = 0; i < plan->tasks->len; i++) {
        const TpsTask *task = g_ptr_array_index(plan->tasks, i);
        Measure *measure = g_hash_table_lookup(measures, task->suite);

        if (!measure) {
            measure = g_new0(Measure, 1);
            g_hash_table_insert(measures, task->suite, measure);
        }
        measure->heaviest_us = MAX(measure->heaviest_us, task->weight_us);
        measure->sum_us += task->weight_us;
        measure->overhead_us += task->setup_us + task->teardown_us;
    }
    return measures;
}

static void print_suite(const TpsPlanSuite *suite, const Measure *measure, FILE *stream)
{
    g_autofree char *name = tps_printable(suite->name, NAME_WIDTH);
    g_autofree char *heaviest = tps_duration_format(measure ? measure->heaviest_us : 0);
    g_autofree char *sum = tps_duration_format(measure ? measure->sum_us : 0);
    g_autofree char *overhead = tps_duration_format(measure ? measure->overhead_us : 0);

    fprintf(stream, "%-*s %6d %7u %9s %9s %9s  %s\n", NAME_WIDTH, name, suite->parts,
            suite->n_testcases, heaviest, sum, overhead, tps_evidence_name(suite->evidence));
}

static void print_suites(const TpsPlan *plan, FILE *stream)
{
    g_autoptr(GHashTable) measures = measure_suites(plan);

    fprintf(stream, "%s%-*s %6s %7s %9s %9s %9s  %s%s\n", tps_bold(stream), NAME_WIDTH, "suite",
            "parts", "tests", "longest", "sum", "setup", "evidence", tps_plain(stream));
    for (guint i = 0; i < plan->suites->len; i++) {
        const TpsPlanSuite *suite = g_ptr_array_index(plan->suites, i);

        print_suite(suite, g_hash_table_lookup(measures, suite->name), stream);
    }
}

static void print_task(const TpsTask *task, FILE *stream)
{
    g_autofree char *label = tps_part_label(task->suite, task->part);
    g_autofree char *name = tps_printable(label, NAME_WIDTH);
    g_autofree char *weight = tps_duration_format(task->weight_us);
    g_autofree char *setup = tps_duration_format(task->setup_us + task->teardown_us);
    g_autofree char *start = tps_duration_format(task->start_us);

    fprintf(stream, "%-*s %6d %7u %9s %9s %9s\n", NAME_WIDTH, name, task->worker + 1,
            task->n_testcases, start, weight, setup);
}

static void print_tasks(const TpsPlan *plan, FILE *stream)
{
    fprintf(stream, "\n%s%-*s %6s %7s %9s %9s %9s%s\n", tps_bold(stream), NAME_WIDTH, "task",
            "worker", "tests", "start", "weight", "setup", tps_plain(stream));
    for (guint i = 0; i < plan->tasks->len && i < TASKS_SHOWN; i++)
        print_task(g_ptr_array_index(plan->tasks, i), stream);
    if (plan->tasks->len > TASKS_SHOWN)
        fprintf(stream, "... and %u more tasks\n", plan->tasks->len - TASKS_SHOWN);
}

/* What the plan rests on, by number and by time. */
typedef struct {
    guint n_measured;
    guint n_guessed;
    int64_t measured_us;
    int64_t guessed_us;
    double aged; /* seconds of time multiplied by seconds of age */
} Evidence;

static Evidence gather_evidence(const TpsPlan *plan)
{
    Evidence all = {0};

    for (guint i = 0; i < plan->suites->len; i++) {
        const TpsPlanSuite *suite = g_ptr_array_index(plan->suites, i);

        all.n_measured += suite->n_measured;
        all.n_guessed += suite->n_guessed;
        all.measured_us = tps_add_sat(all.measured_us, suite->measured_us);
        all.guessed_us = tps_add_sat(all.guessed_us, suite->guessed_us);
        all.aged += (double)suite->measured_us * (double)suite->age_s;
    }
    return all;
}

static void print_evidence(const TpsPlan *plan, FILE *stream)
{
    Evidence all = gather_evidence(plan);
    double total = (double)all.measured_us + (double)all.guessed_us;
    int64_t age_s = all.measured_us > 0 ? (int64_t)(all.aged / (double)all.measured_us) : 0;

    fprintf(stream, "\n%u testcase%s measured, %u guessed", all.n_measured,
            tps_plural(all.n_measured), all.n_guessed);
    if (total > 0 && all.n_guessed > 0)
        fprintf(stream, ": %.1f %% of the time", 100 * (double)all.guessed_us / total);
    if (age_s >= DAY_S)
        fprintf(stream, "; measured %d days before the newest run on average",
                (int)(age_s / DAY_S));
    fputc('\n', stream);
}

void tps_plan_notes_print(const TpsPlan *plan, FILE *stream)
{
    for (guint i = 0; i < plan->suites->len; i++) {
        const TpsPlanSuite *suite = g_ptr_array_index(plan->suites, i);
        g_autofree char *name = tps_printable(suite->name, NAME_WIDTH);

        for (guint j = 0; j < suite->notes->len; j++)
            fprintf(stream, "%s: %s\n", name, (const char *)g_ptr_array_index(suite->notes, j));
    }
    for (guint i = 0; i < plan->notes->len; i++) {
        g_autofree char *note = tps_printable(g_ptr_array_index(plan->notes, i), 0);

        fprintf(stream, "%s\n", note);
    }
}

/* Where a promise is not kept a note has said so. Nothing is certain, so neither 0 nor 100. */
static void print_probability(const TpsPlan *plan, FILE *stream)
{
    const int percent = CLAMP((plan->within_target_ppm + 5000) / 10000, 1, 99);

    if (plan->within_target_ppm == TPS_PPM_UNKNOWN ||
        plan->confidence_ppm > plan->within_target_ppm)
        return;
    fprintf(stream, "it meets its target with a probability of %d %%\n", percent);
}

static void print_gap(const TpsPlan *plan, FILE *stream)
{
    const double floor_us = (double)plan->makespan_lower_bound_us;

    if (plan->makespan_us > plan->makespan_lower_bound_us && floor_us > 0)
        fprintf(stream, "it is %.2f %% above the floor\n",
                100 * ((double)plan->makespan_us / floor_us - 1));
}

void tps_plan_table_print(const TpsPlan *plan, FILE *stream)
{
    g_autofree char *line = tps_plan_line(plan);

    print_suites(plan, stream);
    print_tasks(plan, stream);
    print_evidence(plan, stream);
    tps_plan_notes_print(plan, stream);
    fprintf(stream, "%splan %.12s: %s%s\n", tps_bold(stream), plan->id, line, tps_plain(stream));
    print_probability(plan, stream);
    print_gap(plan, stream);
    if (plan->size_lower_bound > 1)
        fprintf(stream, "these tasks need %d workers at least to meet it\n",
                plan->size_lower_bound);
}
