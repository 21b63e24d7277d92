/* SPDX-License-Identifier: MIT */
#include "cli/explain_table.h"

#include "cli/plan_table.h"
#include "cli/terminal.h"
#include "core/duration.h"
#include "core/saturate.h"

#define NAME_WIDTH 40
/* A longer list is for programs: they have the JSON. */
#define STEPS_SHOWN 20
#define ADVICE_SHOWN 8

static void print_heading(const char *text, FILE *stream)
{
    fprintf(stream, "\n%s%s%s\n", tps_bold(stream), text, tps_plain(stream));
}

static char *label_of(const TpsTask *task, int width)
{
    g_autofree char *label = tps_part_label(task->suite, task->part);

    return tps_printable(label, width);
}

static const char *plural(int64_t n)
{
    return n == 1 ? "" : "s";
}

static void print_bound(bool binds, const char *name, int64_t us, FILE *stream)
{
    g_autofree char *text = tps_duration_format(us);

    fprintf(stream, "%c %-8s %9s  ", binds ? '*' : ' ', name, text);
}

static void print_cut(const TpsFloor *floor, FILE *stream)
{
    g_autofree char *label = label_of(floor->longest, NAME_WIDTH);
    g_autofree char *gain = tps_duration_format(floor->cut_gain_us);

    if (floor->cut_gain_us > 0)
        fprintf(stream, "  cutting %s in two would save %s\n", label, gain);
    else
        fprintf(stream, "  cutting %s in two would save nothing\n", label);
}

static void print_floor(const TpsPlan *plan, const TpsFloor *floor, FILE *stream)
{
    g_autofree char *bound = tps_duration_format(floor->bound_us);
    g_autofree char *gap = tps_duration_format(MAX(plan->makespan_us - floor->bound_us, 0));
    g_autofree char *label = label_of(floor->longest, NAME_WIDTH);

    print_heading("floor", stream);
    fprintf(stream, "  no order of these tasks on %d worker%s takes less than %s (%s to gain)\n",
            plan->size, plural(plan->size), bound, gap);
    print_bound(floor->binding == TPS_BINDS_LONGEST, "longest", floor->longest_us, stream);
    fprintf(stream, "%s\n", label);
    print_bound(floor->binding == TPS_BINDS_MEAN, "mean", floor->mean_us, stream);
    fprintf(stream, "all workers are busy for that long\n");
    if (floor->k > 0) {
        print_bound(floor->binding == TPS_BINDS_K_TASKS, "k tasks", floor->k_tasks_us, stream);
        fprintf(stream, "one worker takes %d of the %" G_GINT64_FORMAT " heaviest tasks\n",
                floor->k + 1, (int64_t)floor->k * plan->size + 1);
    }
    if (floor->needed) {
        print_bound(floor->binding == TPS_BINDS_NEEDS, "needs", floor->needs_us, stream);
        fprintf(stream, "tasks take turns: %s\n", floor->needed);
    }
    if (floor->binding == TPS_BINDS_OTHER)
        fprintf(stream, "* the planner has a stronger proof than these\n");
    print_cut(floor, stream);
}

static void print_step(const TpsPathStep *step, FILE *stream)
{
    g_autofree char *label = label_of(step->task, NAME_WIDTH);
    g_autofree char *idle = tps_duration_format(step->idle_us);
    g_autofree char *start = tps_duration_format(step->task->start_us);
    g_autofree char *weight = tps_duration_format(step->task->weight_us);
    g_autofree char *overhead = tps_duration_format(step->task->setup_us + step->task->teardown_us);

    if (step->idle_us > 0)
        fprintf(stream, "  (idle for %s)\n", idle);
    fprintf(stream, "  %9s %9s %9s  %s\n", start, weight, overhead, label);
}

static void print_path(const TpsPlan *plan, const TpsExplanation *explanation, FILE *stream)
{
    const GArray *path = explanation->path;
    g_autofree char *makespan = tps_duration_format(plan->makespan_us);

    print_heading("critical path", stream);
    fprintf(stream, "  worker %d ends last, after %s\n", explanation->last_worker + 1, makespan);
    fprintf(stream, "  %9s %9s %9s  task\n", "start", "weight", "setup");
    for (guint i = 0; i < path->len && i < STEPS_SHOWN; i++)
        print_step(&g_array_index(path, TpsPathStep, i), stream);
    if (path->len > STEPS_SHOWN)
        fprintf(stream, "  ... and %u more tasks\n", path->len - STEPS_SHOWN);
}

static void print_overhead(const TpsOverhead *overhead, FILE *stream)
{
    g_autofree char *name = tps_printable(overhead->suite, NAME_WIDTH);
    g_autofree char *extra = tps_duration_format(overhead->extra_us);
    g_autofree char *saves = tps_duration_format(MAX(overhead->saves_us, 0));

    fprintf(stream, "  %6d %9s %9s %7d  %s\n", overhead->parts, extra, saves, overhead->enough,
            name);
}

static void print_overheads(const GArray *overheads, FILE *stream)
{
    if (overheads->len == 0)
        return;
    print_heading("suites that pay more setup than they save", stream);
    fprintf(stream,
            "  pay: setup and teardown of all parts but one; save: how much sooner all ends;\n"
            "  enough: the fewest parts that end as soon and keep the limit\n");
    fprintf(stream, "  %6s %9s %9s %7s  suite\n", "parts", "pay", "save", "enough");
    for (guint i = 0; i < overheads->len; i++)
        print_overhead(&g_array_index(overheads, TpsOverhead, i), stream);
}

static void print_advice(guint number, const TpsAdvice *advice, FILE *stream)
{
    g_autofree char *name = advice->suite ? tps_printable(advice->suite, NAME_WIDTH) : NULL;
    g_autofree char *gain = tps_duration_format(advice->gain_us);
    g_autofree char *setup = tps_duration_format(advice->setup_us);
    g_autofree char *guessed = tps_duration_format(advice->guessed_us);

    fprintf(stream, "  %u. ", number);
    switch (advice->kind) {
    case TPS_ADVICE_WORKERS:
        fprintf(stream, "%d worker%s more, %d: %s sooner\n", advice->to - advice->from,
                plural(advice->to - advice->from), advice->to, gain);
        break;
    case TPS_ADVICE_SPLIT:
        fprintf(stream, "%s in %d parts, not %d: %s sooner\n", name, advice->to, advice->from,
                gain);
        break;
    case TPS_ADVICE_SETUP:
        fprintf(stream, "half the setup of %s, now %s: %s sooner\n", name, setup, gain);
        break;
    case TPS_ADVICE_MEASURE:
        fprintf(stream, "measure %u testcase%s of %s: %s of it is a guess\n", advice->n_testcases,
                plural(advice->n_testcases), name, guessed);
        break;
    }
}

static void print_all_advice(const GArray *advice, FILE *stream)
{
    print_heading("what would help most", stream);
    if (advice->len == 0)
        fprintf(stream, "  nothing that was tried: workers, finer parts, shorter setups\n");
    for (guint i = 0; i < advice->len && i < ADVICE_SHOWN; i++)
        print_advice(i + 1, &g_array_index(advice, TpsAdvice, i), stream);
    if (advice->len > ADVICE_SHOWN)
        fprintf(stream, "  ... and %u more\n", advice->len - ADVICE_SHOWN);
}

void tps_explanation_print(const TpsPlan *plan, const TpsExplanation *explanation, FILE *stream)
{
    g_autofree char *line = tps_plan_line(plan);

    fprintf(stream, "%splan %.12s: %s%s\n", tps_bold(stream), plan->id, line, tps_plain(stream));
    print_floor(plan, &explanation->floor, stream);
    print_path(plan, explanation, stream);
    print_overheads(explanation->overheads, stream);
    print_all_advice(explanation->advice, stream);
}

static void print_unit(const TpsTestcaseTime *time, FILE *stream)
{
    g_autofree char *key = tps_printable(time->unit_key, 0);
    g_autofree char *unit_time = tps_duration_format(time->unit_us);

    if (time->unit_size == 1) {
        fprintf(stream, "  unit      %s: it moves alone\n", tps_unit_name(time->unit));
        return;
    }
    fprintf(stream, "  unit      %s '%s': %u testcases that stay together, %s\n",
            tps_unit_name(time->unit), key, time->unit_size, unit_time);
    for (guint i = 0; i < time->n_mates; i++) {
        g_autofree char *mate = tps_printable(time->mates[i], 0);

        fprintf(stream, "            with %s\n", mate);
    }
    if (time->unit_size - 1 > time->n_mates)
        fprintf(stream, "            and %u more\n", time->unit_size - 1 - time->n_mates);
}

static void print_time(const TpsPlace *place, FILE *stream)
{
    g_autofree char *expected = tps_duration_format(place->time.expected_us);
    g_autofree char *start = tps_duration_format(place->start_us);

    if (!place->timed) {
        fprintf(stream, "  time      not in a plan file; plan with -d FILE to see it\n");
        return;
    }
    fprintf(stream, "  time      %s, %s\n", expected, place->time.source);
    fprintf(stream, "  starts    after about %s\n", start);
    print_unit(&place->time, stream);
}

void tps_place_print(const TpsPlace *place, FILE *stream)
{
    const TpsTask *task = place->task;
    g_autofree char *id = tps_printable(g_ptr_array_index(task->testcases, place->position), 0);
    g_autofree char *suite = tps_printable(task->suite, 0);
    g_autofree char *label = label_of(task, 0);
    g_autofree char *start = tps_duration_format(task->start_us);
    g_autofree char *end = tps_duration_format(tps_add_sat(task->start_us, task->weight_us));

    fprintf(stream, "%s%s%s\n", tps_bold(stream), id, tps_plain(stream));
    fprintf(stream, "  suite     %s, %s, %d part%s\n", suite,
            tps_evidence_name(place->suite->evidence), place->suite->parts,
            plural(place->suite->parts));
    fprintf(stream, "  task      %s, number %u of %u testcase%s\n", label, place->position + 1,
            task->n_testcases, plural(task->n_testcases));
    fprintf(stream, "  worker    %d, from %s to %s\n", task->worker + 1, start, end);
    print_time(place, stream);
}

static void print_reason(const TpsSuiteView *view, FILE *stream)
{
    g_autofree char *limit = tps_duration_format(view->limit_us);
    g_autofree char *all = tps_duration_format(view->sums.execution_us);
    g_autofree char *overhead =
        tps_duration_format(tps_add_sat(view->sums.setup_us, view->sums.teardown_us));

    switch (view->reason) {
    case TPS_PARTS_FIT:
        fprintf(stream, "with setup and teardown it fits into %s\n", limit);
        break;
    case TPS_PARTS_DECLARED:
        fprintf(stream, "the plan file says so, or its default of 1\n");
        break;
    case TPS_PARTS_WEIGHT:
        fprintf(stream, "the plan file says what one task takes, and not what its parts would\n");
        break;
    case TPS_PARTS_ONE_UNIT:
        fprintf(stream, "it is one unit, which can't be cut\n");
        break;
    case TPS_PARTS_SETUP_TOO_LONG:
        fprintf(stream, "setup and teardown take %s, a part may take %s\n", overhead, limit);
        break;
    case TPS_PARTS_LIMIT:
        fprintf(stream, "fewer would not keep %s a part (setup and teardown: %s)\n", limit,
                overhead);
        break;
    case TPS_PARTS_FINER:
        fprintf(stream, "%d equal ones would keep %s; these fit its units or end sooner\n",
                view->needed, limit);
        break;
    case TPS_PARTS_WHOLE:
        fprintf(stream, "its testcases take %s, a part may take %s; cutting it does not pay\n", all,
                limit);
        break;
    }
}

static void print_part(const TpsTask *task, FILE *stream)
{
    g_autofree char *start = tps_duration_format(task->start_us);
    g_autofree char *weight = tps_duration_format(task->weight_us);
    g_autofree char *overhead = tps_duration_format(tps_add_sat(task->setup_us, task->teardown_us));
    g_autofree char *tuple = task->part.count > 1
                                 ? g_strdup_printf("%d,%d", task->part.index, task->part.count)
                                 : g_strdup("-");

    fprintf(stream, "  %-11s %6d %7u %9s %9s %9s\n", tuple, task->worker + 1, task->n_testcases,
            start, weight, overhead);
}

void tps_suite_view_print(const TpsSuiteView *view, FILE *stream)
{
    const TpsPlanSuite *suite = view->suite;
    g_autofree char *name = tps_printable(suite->name, 0);

    fprintf(stream, "%ssuite %s%s\n", tps_bold(stream), name, tps_plain(stream));
    fprintf(stream, "  testcases %u, %u measured, %u guessed; evidence %s\n", suite->n_testcases,
            suite->n_measured, suite->n_guessed, tps_evidence_name(suite->evidence));
    fprintf(stream, "  parts     %d\n  why       ", suite->parts);
    print_reason(view, stream);
    for (guint i = 0; i < suite->notes->len; i++) {
        g_autofree char *note = tps_printable(g_ptr_array_index(suite->notes, i), 0);

        fprintf(stream, "  note      %s\n", note);
    }
    fprintf(stream, "  %-11s %6s %7s %9s %9s %9s\n", "part", "worker", "tests", "start", "weight",
            "setup");
    for (guint i = 0; i < view->tasks->len && i < STEPS_SHOWN; i++)
        print_part(g_ptr_array_index(view->tasks, i), stream);
    if (view->tasks->len > STEPS_SHOWN)
        fprintf(stream, "  ... and %u more parts\n", view->tasks->len - STEPS_SHOWN);
}
