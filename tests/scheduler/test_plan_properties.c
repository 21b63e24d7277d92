/* SPDX-License-Identifier: MIT */
#include "core/error.h"
#include "core/saturate.h"
#include "formats/plan_json.h"
#include "scheduler/units.h"
#include "tests/scheduler/random_project.h"
#include "tests/unit.h"

/* What holds of every plan, whatever was asked for. */

#define ROUNDS 600

/* Where the testcases of one suite went, found again from the plan alone. */
typedef struct {
    const TpsPlanInput *input;
    const TpsPlan *plan;
    guint n;
    int n_parts;
    int *part; /* [n] */
    int *unit; /* [n] */
    size_t n_units;
    int64_t *unit_us; /* [n_units] */
} Found;

static void found_clear(Found *found)
{
    g_free(found->part);
    g_free(found->unit);
    g_free(found->unit_us);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Found, found_clear)

#define HOLDS(found, condition)                                                                    \
    do {                                                                                           \
        if (!(condition))                                                                          \
            fail_plan(found, #condition);                                                          \
    } while (0)

G_GNUC_NORETURN static void fail_plan(const Found *found, const char *what)
{
    g_autofree char *text = tps_plan_text(found->plan);

    ck_abort_msg("suite '%s': %s does not hold in %.2000s", found->input->name, what, text);
}

static guint position_of(const Found *found, const char *id)
{
    for (guint i = 0; i < found->n; i++)
        if (strcmp(((const TpsTestcase *)g_ptr_array_index(found->input->testcases, i))->id, id) ==
            0)
            return i;
    fail_plan(found, "each testcase is one of the suite");
}

static void find_task(Found *found, const TpsTask *task)
{
    guint last = 0;

    HOLDS(found, task->n_testcases > 0 && task->testcases->len == task->n_testcases);
    for (guint i = 0; i < task->n_testcases; i++) {
        guint at = position_of(found, g_ptr_array_index(task->testcases, i));

        HOLDS(found, found->part[at] < 0);
        HOLDS(found, i == 0 || at > last); /* in the framework's order */
        found->part[at] = task->part.index;
        if (task->expected_us) /* not where the plan file gives the weight */
            found->unit_us[found->unit[at]] =
                tps_add_sat(found->unit_us[found->unit[at]], task->expected_us[i]);
        last = at;
    }
}

static void found_init(Found *found, const TpsPlan *plan, const TpsPlanInput *input)
{
    guint n = input->testcases->len;

    *found = (Found){.input = input,
                     .plan = plan,
                     .n = n,
                     .n_parts = tps_plan_find_suite(plan, input->name)->parts,
                     .part = g_new(int, n),
                     .unit = g_new(int, n),
                     .unit_us = g_new0(int64_t, n)};
    found->n_units = tps_units_number(input->testcases, input->unit,
                                      input->declared ? input->declared->group : NULL, found->unit);
    memset(found->part, -1, n * sizeof *found->part);
    for (int part = 0; part < found->n_parts; part++) {
        const TpsTask *task =
            tps_plan_find(plan, input->name, (TpsPart){.index = part, .count = found->n_parts});

        HOLDS(found, task != NULL);
        find_task(found, task);
    }
    for (guint i = 0; i < n; i++)
        HOLDS(found, found->part[i] >= 0);
}

static const char *id_of(const Found *found, guint i)
{
    return ((const TpsTestcase *)g_ptr_array_index(found->input->testcases, i))->id;
}

static void assert_apart(const Found *found, const char *pattern)
{
    for (guint a = 0; a < found->n; a++)
        for (guint b = 0; b < a; b++)
            HOLDS(found, found->unit[a] == found->unit[b] || found->part[a] != found->part[b] ||
                             !g_regex_match_simple(pattern, id_of(found, a), 0, 0) ||
                             !g_regex_match_simple(pattern, id_of(found, b), 0, 0));
}

static void assert_pin(const Found *found, const TpsPin *pin)
{
    for (guint i = 0; i < found->n; i++)
        HOLDS(found, found->part[i] == pin->part ||
                         !g_regex_match_simple(pin->pattern, id_of(found, i), 0, 0));
}

/* Units are numbered in the order in which they are first seen; parts are runs of them. */
static void assert_order(const Found *found)
{
    g_autofree int *part = g_new(int, found->n_units);

    for (guint i = 0; i < found->n; i++)
        part[found->unit[i]] = found->part[i];
    for (size_t unit = 1; unit < found->n_units; unit++)
        HOLDS(found, part[unit] == part[unit - 1] || part[unit] == part[unit - 1] + 1);
}

static void assert_rules(const Found *found)
{
    const TpsSuite *declared = found->input->declared;

    for (guint a = 0; a < found->n; a++)
        for (guint b = 0; b < a; b++)
            HOLDS(found, found->unit[a] != found->unit[b] || found->part[a] == found->part[b]);
    if (!declared)
        return;
    for (char **pattern = declared->apart; *pattern; pattern++)
        assert_apart(found, *pattern);
    for (guint i = 0; i < declared->pins->len; i++)
        assert_pin(found, &g_array_index(declared->pins, TpsPin, i));
    if (declared->keep_order)
        assert_order(found);
    if (declared->parts != TPS_AUTO)
        HOLDS(found, found->n_parts == (int)MIN((size_t)declared->parts, found->n_units));
}

static size_t units_of_part(const Found *found, int part)
{
    g_autoptr(GHashTable) units = g_hash_table_new(NULL, NULL);

    for (guint i = 0; i < found->n; i++)
        if (found->part[i] == part)
            g_hash_table_add(units, GINT_TO_POINTER(found->unit[i]));
    return g_hash_table_size(units);
}

/* Only a unit by itself, or a suite whose setup reaches the limit, takes longer than the limit; of
 suites with rules see test_rules.c. */
static void assert_limit(const Found *found, int64_t limit_us)
{
    const TpsSuite *declared = found->input->declared;

    if (declared && (declared->parts != TPS_AUTO || declared->weight_us != TPS_AUTO ||
                     *declared->apart || declared->pins->len > 0))
        return;
    for (int part = 0; part < found->n_parts; part++) {
        const TpsTask *task = tps_plan_find(found->plan, found->input->name,
                                            (TpsPart){.index = part, .count = found->n_parts});

        if (task->weight_us <= limit_us)
            continue;
        if (task->setup_us + task->teardown_us >= limit_us ||
            project_notes(tps_plan_find_suite(found->plan, found->input->name)->notes,
                          ": not split"))
            HOLDS(found, found->n_parts == 1);
        else
            HOLDS(found, units_of_part(found, part) == 1);
    }
}

static void assert_suite(const Project *project, const TpsPlan *plan, size_t i)
{
    const TpsPlanRequest *request = &project->request;
    int64_t limit_us = plan->limit_us;
    g_auto(Found) found = {0};

    found_init(&found, plan, &project->inputs[i]);
    assert_rules(&found);
    /* Where the target is missed anyway, shorter parts than the limit asks for don't help. */
    if (request->target_us != TPS_AUTO && request->confidence_ppm == 0 &&
        plan->makespan_us <= plan->target_us)
        limit_us = MIN(limit_us, plan->target_us);
    assert_limit(&found, limit_us);
}

/* Each worker has one task at a time, and the last one ends when the plan says. */
static void assert_schedule(const TpsPlan *plan)
{
    g_autofree int64_t *free_us = g_new0(int64_t, (gsize)plan->size);
    int64_t end_us = 0;

    for (guint i = 0; i < plan->tasks->len; i++) {
        const TpsTask *task = g_ptr_array_index(plan->tasks, i);

        ck_assert(task->worker >= 0 && task->worker < plan->size);
        ck_assert_int_eq(task->start_us, free_us[task->worker]);
        free_us[task->worker] = task->start_us + task->weight_us;
        end_us = MAX(end_us, free_us[task->worker]);
    }
    ck_assert_int_eq(end_us, plan->makespan_us);
    ck_assert_int_le(plan->makespan_lower_bound_us, plan->makespan_us);
}

/* Small promises may be kept by plans that are expected to be late. */
static void assert_target(const TpsPlanRequest *request, const TpsPlan *plan)
{
    bool late = plan->makespan_us > plan->target_us;

    ck_assert(project_notes(plan->notes, " and miss") ==
              (late && (request->confidence_ppm == 0 ||
                        plan->within_target_ppm < request->confidence_ppm)));
    if (!late)
        ck_assert_int_ge(plan->size, plan->size_lower_bound);
    if (plan->size_reason == TPS_SIZE_TARGET && request->confidence_ppm == 0)
        ck_assert(!late);
    if (request->confidence_ppm > 0)
        ck_assert(project_notes(plan->notes, plan->within_target_ppm == TPS_PPM_UNKNOWN
                                                 ? "nothing is measured"
                                                 : "is met with a probability") ==
                  (plan->within_target_ppm < request->confidence_ppm));
}

static void assert_pool(const TpsPlanRequest *request, const TpsPlan *plan)
{
    ck_assert_int_ge(plan->size, 1);
    ck_assert(request->target_us == TPS_AUTO || plan->target_us >= request->target_us);
    if (request->size != TPS_AUTO) {
        ck_assert_int_eq(plan->size, request->size);
        ck_assert_int_eq(plan->size_reason, TPS_SIZE_GIVEN);
        return;
    }
    ck_assert_uint_le((guint)plan->size, plan->tasks->len);
    if (request->max_size)
        ck_assert_int_le(plan->size, request->max_size);
    assert_target(request, plan);
}

static void assert_same_twice(const Project *project, const TpsPlan *plan)
{
    g_autoptr(TpsPlan) again = project_plan(project);
    g_autofree char *text = tps_plan_text(plan);
    g_autofree char *other = tps_plan_text(again);

    ck_assert_str_eq(text, other);
}

/* Only rules may leave no plan. */
static void assert_fails_for_rules(const GError *error)
{
    ck_assert_msg(g_error_matches(error, TPS_ERROR, TPS_ERROR_INPUT), "%s", error->message);
    ck_assert_msg(strstr(error->message, "keep_apart") || strstr(error->message, "pin"), "%s",
                  error->message);
}

START_TEST(what_holds_of_every_plan)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(9000 + (guint32)_i);
    int n_plans = 0;

    for (int round = 0; round < ROUNDS; round++) {
        g_auto(Project) project;
        g_autoptr(GError) error = NULL;
        g_autoptr(TpsPlan) plan = NULL;

        draw_project(rand, &project, NULL);
        plan = tps_plan_make(&project.request, &error);
        if (!plan) {
            assert_fails_for_rules(error);
            continue;
        }
        for (size_t i = 0; i < project.request.n_suites; i++)
            assert_suite(&project, plan, i);
        assert_schedule(plan);
        assert_pool(&project.request, plan);
        if (round % 8 == 0)
            assert_same_twice(&project, plan);
        n_plans++;
    }
    ck_assert_int_gt(n_plans, ROUNDS / 2);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("plan_properties");
    TCase *tcase = tcase_create("plan_properties");

    tcase_set_timeout(tcase, 120);
    tcase_add_checked_fixture(tcase, scratch_make, scratch_remove);
    tcase_add_loop_test(tcase, what_holds_of_every_plan, 0, 2);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
