/* SPDX-License-Identifier: MIT */
#include "core/saturate.h"
#include "formats/plan_json.h"
#include "scheduler/shards.h"
#include "tests/scheduler/random_project.h"
#include "tests/unit.h"

#define PROJECTS 500
#define SECOND TPS_SECOND_US

static TpsPlan *plan_shards(const Project *project, TpsShardTerms terms)
{
    g_autoptr(GError) error = NULL;
    TpsPlan *plan = tps_shards_plan(&project->request, &terms, &error);

    ck_assert_msg(plan != NULL, "%s", error ? error->message : "");
    return plan;
}

static bool has_note(const TpsPlan *plan, const char *part)
{
    for (guint i = 0; i < plan->notes->len; i++)
        if (strstr(g_ptr_array_index(plan->notes, i), part))
            return true;
    return false;
}

/* Twelve testcases of ten seconds, each a part of its own. */
static void init_twelve(Project *project)
{
    project_init(project, "{'s':{'execution_time':0,'setup_time':0,'testcases':{"
                          "'a':10,'b':10,'c':10,'d':10,'e':10,'f':10,"
                          "'g':10,'h':10,'i':10,'j':10,'k':10,'l':10}}}");
    project_add(project, "s", "a b c d e f g h i j k l", TPS_UNIT_TESTCASE, NULL);
    project->request.limit_us = 10 * SECOND;
}

/* How many nodes, of startup, slots and caps. */
static const struct {
    int target_s, startup_s, n_slots, max_shards, max_size, size, expected;
    const char *note;
} counts[] = {
    {40, 0, 0, 0, 0, TPS_AUTO, 3, NULL},
    {40, 10, 0, 0, 0, TPS_AUTO, 4, "takes 40.0s of the target of 40.0s"},
    {40, 15, 0, 0, 0, TPS_AUTO, 6, "with 15.0s until a node is there it takes 35.0s"},
    {40, 30, 0, 0, 0, TPS_AUTO, 12, "takes 40.0s"},
    {40, 10, 3, 0, 0, TPS_AUTO, 3, "it takes 50.0s: the target of 40.0s can't be met"},
    {40, 10, 5, 0, 0, TPS_AUTO, 4, NULL},
    {40, 10, 0, 2, 0, TPS_AUTO, 2, "it takes 1m10s: the target of 40.0s can't be met"},
    {40, 10, 9, 8, 2, TPS_AUTO, 2, "can't be met"},
    {40, 31, 0, 0, 0, TPS_AUTO, 12, "it takes 41.0s: the target of 40.0s can't be met"},
    {40, 40, 0, 0, 0, TPS_AUTO, 12, "can't be met, startup alone takes it"},
    {40, 300, 0, 0, 0, TPS_AUTO, 12, "can't be met, startup alone takes it"},
    {TPS_AUTO, 30, 0, 0, 0, TPS_AUTO, 12, NULL},
    {40, 30, 3, 2, 0, 7, 7, NULL}, /* who says a number gets it */
    {130, 10, 0, 0, 0, TPS_AUTO, 1, NULL},
};

START_TEST(counts_nodes)
{
    g_auto(Project) project = {0};
    g_autoptr(TpsPlan) plan = NULL;

    init_twelve(&project);
    project.request.size = counts[_i].size;
    project.request.max_size = counts[_i].max_size;
    project.request.target_us =
        counts[_i].target_s == TPS_AUTO ? TPS_AUTO : counts[_i].target_s * SECOND;
    plan = plan_shards(&project, (TpsShardTerms){.startup_us = counts[_i].startup_s * SECOND,
                                                 .n_slots = counts[_i].n_slots,
                                                 .max_shards = counts[_i].max_shards});
    ck_assert_int_eq(plan->size, counts[_i].expected);
    if (counts[_i].note)
        ck_assert_msg(has_note(plan, counts[_i].note), "no note '%s'", counts[_i].note);
}
END_TEST

static bool meets(const Project *project, int size, int64_t startup_us)
{
    TpsPlanRequest request = project->request;
    g_autoptr(TpsPlan) plan = NULL;

    request.size = size;
    request.is_sharded = true;
    request.target_us = MAX(request.target_us - startup_us, 1);
    plan = tps_plan_make(&request, NULL);
    ck_assert_ptr_nonnull(plan);
    return tps_add_sat(plan->makespan_us, startup_us) <= project->request.target_us;
}

/* The first number of nodes that does it, all tried; 0 when none does. */
static int fewest(const Project *project, int cap, int64_t startup_us)
{
    for (int size = 1; size <= cap; size++)
        if (meets(project, size, startup_us))
            return size;
    return 0;
}

static void draw_sharded(GRand *rand, Project *project)
{
    draw_project(rand, project, NULL);
    project->request.target_us = draw_int(rand, 20, 600) * SECOND;
    project->request.size = TPS_AUTO;
    project->request.max_size = 0;
    project->request.confidence_ppm = 0;
    project->request.capacity = (TpsCapacity){0};
}

/*
 * Against all numbers, tried one after the other. Fewer are better still: the planner may cut
 * otherwise where it chooses the number itself.
 *   returns  1 when some number meets the target, 0 when none does, -1 for rules that can't be kept
 */
static int compare_with_all(GRand *rand, int i)
{
    g_auto(Project) project = {0};
    TpsShardTerms terms = {.startup_us = draw_int(rand, 0, 60) * SECOND,
                           .n_slots = draw_int(rand, 1, 12),
                           .max_shards = draw_int(rand, 1, 12)};
    const int cap = MIN(terms.n_slots, terms.max_shards);
    g_autoptr(TpsPlan) plan = NULL;
    int64_t elapsed_us;
    int wished;

    draw_sharded(rand, &project);
    plan = tps_shards_plan(&project.request, &terms, NULL);
    if (!plan)
        return -1;
    ck_assert_int_le(plan->size, cap);
    elapsed_us = tps_add_sat(plan->makespan_us, terms.startup_us);
    wished = fewest(&project, cap, terms.startup_us);
    ck_assert(wished == 0 || elapsed_us <= project.request.target_us);
    ck_assert_msg(wished == 0 || plan->size <= wished, "project %d: %d nodes, %d would do", i,
                  plan->size, wished);
    return wished > 0;
}

START_TEST(takes_the_fewest_that_meet_the_target)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(20261121);
    int n_met = 0;
    int n_missed = 0;

    for (int i = 0; i < PROJECTS; i++) {
        const int met = compare_with_all(rand, i);

        n_met += met == 1;
        n_missed += met == 0;
    }
    ck_assert_int_gt(n_met, PROJECTS / 10);
    ck_assert_int_gt(n_missed, PROJECTS / 10);
}
END_TEST

START_TEST(is_the_same_twice)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(3);
    const TpsShardTerms terms = {.startup_us = 20 * SECOND, .n_slots = 9};

    for (int i = 0; i < PROJECTS / 10; i++) {
        g_auto(Project) project = {0};
        g_autoptr(TpsPlan) plan = NULL;
        g_autoptr(TpsPlan) again = NULL;

        draw_sharded(rand, &project);
        plan = tps_shards_plan(&project.request, &terms, NULL);
        again = tps_shards_plan(&project.request, &terms, NULL);
        ck_assert_int_eq(plan == NULL, again == NULL);
        if (plan)
            ck_assert_str_eq(plan->id, again->id);
    }
}
END_TEST

/* How many tasks the plan has for that shard; each is told of, and in time. */
static guint count_tasks(const TpsPlan *plan, const TpsShard *shard)
{
    guint64 n_testcases = 0;
    guint n = 0;

    for (guint i = 0; i < plan->tasks->len; i++) {
        const TpsTask *task = g_ptr_array_index(plan->tasks, i);
        g_autofree char *label = tps_part_label(task->suite, task->part);

        if (task->worker + 1 != shard->number)
            continue;
        n++;
        n_testcases += task->n_testcases;
        ck_assert(g_ptr_array_find_with_equal_func(shard->parts, label, g_str_equal, NULL));
        ck_assert_int_le(task->start_us + task->weight_us, shard->expected_us);
    }
    ck_assert_uint_eq(n_testcases, shard->n_testcases);
    return n;
}

static void check_shards(const TpsPlan *plan, const TpsShards *shards)
{
    int64_t last_us = 0;
    guint n_tasks = 0;
    int before = 0;

    for (guint i = 0; i < shards->shards->len; i++) {
        const TpsShard *shard = &g_array_index(shards->shards, TpsShard, i);
        const guint n = count_tasks(plan, shard);

        ck_assert_int_gt(shard->number, before);
        ck_assert_int_le(shard->number, shards->size);
        before = shard->number;
        ck_assert_uint_gt(n, 0);
        ck_assert_uint_eq(n, shard->parts->len);
        last_us = MAX(last_us, shard->expected_us);
        n_tasks += n;
    }
    ck_assert_uint_eq(n_tasks, plan->tasks->len);
    ck_assert_int_eq(last_us, plan->makespan_us);
}

/* Each task is told of exactly once, by the shard that `run --shard` gives it to. */
START_TEST(tells_each_task_once)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(7);

    for (int i = 0; i < PROJECTS / 4; i++) {
        g_auto(Project) project = {0};
        g_autoptr(TpsPlan) plan = NULL;
        g_autoptr(TpsShards) shards = NULL;

        draw_project(rand, &project, NULL);
        plan = tps_plan_make(&project.request, NULL);
        if (!plan)
            continue;
        shards = tps_shards_of(plan);
        check_shards(plan, shards);
        ck_assert_int_eq(shards->size, plan->size);
        ck_assert_int_eq(shards->expected_us, plan->makespan_us);
        ck_assert_str_eq(shards->plan_id, plan->id);
    }
}
END_TEST

static const struct {
    const char *name, *word;
} names[] = {
    {"shop", "shop"},
    {"Shop_2", "Shop_2"},
    {"", "tpsched"},
    {"2 shops", "shops"},
    {"a b", "a-b"},
    {"a \t b- ", "a-b"},
    {"${{ secrets.X }}", "secrets-X"},
    {"$(rm -rf /)", "rm-rf"},
    {"a\nb: {c}", "a-b-c"},
    {"\xe5\xba\x97", "tpsched"},
    {"\x1b[31m", "m"},
    {":fire:", "fire"},
    {"aaaaaaaaaabbbbbbbbbbccccccccccddddddddd eeee", "aaaaaaaaaabbbbbbbbbbccccccccccddddddddd"},
};

START_TEST(names_jobs)
{
    g_autoptr(TpsShards) shards = tps_shards_new(names[_i].name);

    ck_assert_str_eq(shards->name, names[_i].word);
    ck_assert_int_eq(shards->size, 0);
    ck_assert_str_eq(shards->plan_id, "");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("shards");
    TCase *tests = tcase_create("shards");

    tcase_set_timeout(tests, 300);
    tcase_add_checked_fixture(tests, scratch_make, scratch_remove);
    tcase_add_loop_test(tests, counts_nodes, 0, (int)G_N_ELEMENTS(counts));
    tcase_add_test(tests, takes_the_fewest_that_meet_the_target);
    tcase_add_test(tests, is_the_same_twice);
    tcase_add_test(tests, tells_each_task_once);
    tcase_add_loop_test(tests, names_jobs, 0, (int)G_N_ELEMENTS(names));
    suite_add_tcase(suite, tests);
    return unit_main(suite);
}
