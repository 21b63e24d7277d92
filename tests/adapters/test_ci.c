/* SPDX-License-Identifier: MIT */
#include "adapters/ci/ci.h"
#include "adapters/ci/systems.h"
#include "core/error.h"
#include "tests/unit.h"

#include <string.h>

typedef struct {
    const char *environment; /* variables, apart by blanks              */
    const char *expected;    /* "K/N FROM", "" for none, or the error   */
    bool fails;
} ShardCase;

static const ShardCase shards[] = {
    {"", "", false},
    {"HOME=/ CI=true CI_NODE_TOTAL=3", "", false},
    /* who says it himself */
    {"TPSCHED_SHARD=2/3", "2/3 TPSCHED_SHARD", false},
    {"TPSCHED_SHARD=2/3 GITLAB_CI=true CI_NODE_INDEX=5 CI_NODE_TOTAL=8", "2/3 TPSCHED_SHARD",
     false},
    {"TPSCHED_SHARD=2/3 GITLAB_CI=true CI_NODE_INDEX=nonsense", "2/3 TPSCHED_SHARD", false},
    {"TPSCHED_SHARD= GITLAB_CI=true CI_NODE_INDEX=5 CI_NODE_TOTAL=8", "5/8 CI_NODE_INDEX, GitLab",
     false},
    {"TPSCHED_SHARD=0/3", "TPSCHED_SHARD='0/3' is not K/N with 1 <= K <= N", true},
    {"TPSCHED_SHARD=4/3", "TPSCHED_SHARD='4/3' is not K/N", true},
    {"TPSCHED_SHARD=1", "TPSCHED_SHARD='1' is not K/N", true},
    {"TPSCHED_SHARD=1/2/3", "is not K/N", true},
    {"TPSCHED_SHARD=-1/3", "is not K/N", true},
    /* one row each: the lowest, the highest, and one too many */
    {"TEST_TOTAL_SHARDS=4 TEST_SHARD_INDEX=0", "1/4 TEST_SHARD_INDEX, Bazel", false},
    {"TEST_TOTAL_SHARDS=4 TEST_SHARD_INDEX=3", "4/4 TEST_SHARD_INDEX, Bazel", false},
    {"TEST_TOTAL_SHARDS=4 TEST_SHARD_INDEX=4",
     "TEST_SHARD_INDEX=4 is none of TEST_TOTAL_SHARDS=4, counted from 0 (Bazel)", true},
    {"TEST_TOTAL_SHARDS=4", "TEST_TOTAL_SHARDS=4 is set, and TEST_SHARD_INDEX is not (Bazel)",
     true},
    {"TEST_TOTAL_SHARDS=0", "1/1 TEST_TOTAL_SHARDS, Bazel: the job is not parallel", false},
    {"TEST_SHARD_INDEX=1", "", false},
    {"GTEST_TOTAL_SHARDS=2 GTEST_SHARD_INDEX=1", "2/2 GTEST_SHARD_INDEX, googletest's protocol",
     false},
    {"GTEST_TOTAL_SHARDS=2 GTEST_SHARD_INDEX=-1", "GTEST_SHARD_INDEX='-1'", true},
    {"GITLAB_CI=true CI_NODE_INDEX=1 CI_NODE_TOTAL=8", "1/8 CI_NODE_INDEX, GitLab", false},
    {"GITLAB_CI=true CI_NODE_INDEX=8 CI_NODE_TOTAL=8", "8/8 CI_NODE_INDEX, GitLab", false},
    {"GITLAB_CI=true CI_NODE_INDEX=0 CI_NODE_TOTAL=8",
     "CI_NODE_INDEX=0 is none of CI_NODE_TOTAL=8, counted from 1 (GitLab)", true},
    {"CIRCLECI=true CIRCLE_NODE_INDEX=0 CIRCLE_NODE_TOTAL=2", "1/2 CIRCLE_NODE_INDEX, CircleCI",
     false},
    {"CIRCLECI=true CIRCLE_NODE_INDEX=0 CIRCLE_NODE_TOTAL=1", "1/1 CIRCLE_NODE_INDEX, CircleCI",
     false},
    {"CIRCLECI=true CIRCLE_NODE_INDEX=2 CIRCLE_NODE_TOTAL=2", "counted from 0 (CircleCI)", true},
    {"CIRCLE_NODE_INDEX=0 CIRCLE_NODE_TOTAL=2", "", false},
    {"BUILDKITE=true BUILDKITE_PARALLEL_JOB=4 BUILDKITE_PARALLEL_JOB_COUNT=5",
     "5/5 BUILDKITE_PARALLEL_JOB, Buildkite", false},
    {"BUILDKITE=true", "", false},
    {"BUILDKITE=true BUILDKITE_PARALLEL_JOB=4",
     "BUILDKITE_PARALLEL_JOB=4 is set, and BUILDKITE_PARALLEL_JOB_COUNT is not (Buildkite)", true},
    {"TF_BUILD=True SYSTEM_JOBPOSITIONINPHASE=1 SYSTEM_TOTALJOBSINPHASE=8",
     "1/8 SYSTEM_JOBPOSITIONINPHASE, Azure Pipelines", false},
    {"TF_BUILD=True SYSTEM_JOBPOSITIONINPHASE=8 SYSTEM_TOTALJOBSINPHASE=8",
     "8/8 SYSTEM_JOBPOSITIONINPHASE, Azure Pipelines", false},
    {"TF_BUILD=True SYSTEM_JOBPOSITIONINPHASE=0 SYSTEM_TOTALJOBSINPHASE=8", "counted from 1", true},
    {"BITBUCKET_BUILD_NUMBER=7 BITBUCKET_PARALLEL_STEP=0 BITBUCKET_PARALLEL_STEP_COUNT=2",
     "1/2 BITBUCKET_PARALLEL_STEP, Bitbucket", false},
    {"BITBUCKET_BUILD_NUMBER=7", "", false},
    {"SEMAPHORE=true SEMAPHORE_JOB_INDEX=3 SEMAPHORE_JOB_COUNT=3",
     "3/3 SEMAPHORE_JOB_INDEX, Semaphore", false},
    {"SEMAPHORE=true SEMAPHORE_JOB_INDEX=0 SEMAPHORE_JOB_COUNT=3", "counted from 1 (Semaphore)",
     true},
    {"GITHUB_ACTIONS=true GITHUB_RUN_ATTEMPT=2", "", false},
    {"JENKINS_URL=http://ci/", "", false},
    {"TEAMCITY_VERSION=2023.5", "", false},
    {"AWS_BATCH_JOB_ID=a:1 AWS_BATCH_JOB_ARRAY_INDEX=1 AWS_BATCH_JOB_ARRAY_SIZE=2",
     "2/2 AWS_BATCH_JOB_ARRAY_INDEX, AWS Batch", false},
    {"AWS_BATCH_JOB_ID=a", "", false},
    {"CLOUD_RUN_JOB=j CLOUD_RUN_TASK_INDEX=0 CLOUD_RUN_TASK_COUNT=1",
     "1/1 CLOUD_RUN_TASK_INDEX, Cloud Run", false},
    {"JOB_COMPLETION_INDEX=2 TPSCHED_SHARDS=3", "3/3 JOB_COMPLETION_INDEX, Kubernetes", false},
    {"JOB_COMPLETION_INDEX=2",
     "JOB_COMPLETION_INDEX=2 is set, and TPSCHED_SHARDS is not (Kubernetes)", true},
    /* the same names, three ways to count */
    {"CI_NODE_INDEX=0 CI_NODE_TOTAL=8", "1/8 CI_NODE_INDEX, CI_NODE_*", false},
    {"CI_NODE_INDEX=8 CI_NODE_TOTAL=8",
     "CI_NODE_INDEX=8 is none of CI_NODE_TOTAL=8, counted from 0 (CI_NODE_*)", true},
    {"HEROKU_TEST_RUN_ID=x CI_NODE_INDEX=1 CI_NODE_TOTAL=8", "2/8 CI_NODE_INDEX, Heroku CI", false},
    {"CIRRUS_CI=true CI_NODE_INDEX=7 CI_NODE_TOTAL=8", "8/8 CI_NODE_INDEX, Cirrus CI", false},
    {"CI_NODE_INDEX=3", "CI_NODE_INDEX=3 is set, and CI_NODE_TOTAL is not (CI_NODE_*)", true},
    /* jobs without siblings */
    {"GITLAB_CI=true CI_NODE_TOTAL=1", "1/1 CI_NODE_TOTAL, GitLab: the job is not parallel", false},
    {"GITLAB_CI=true CI_NODE_TOTAL=1 CI_NODE_INDEX=1",
     "1/1 CI_NODE_TOTAL, GitLab: the job is not parallel", false},
    {"GITLAB_CI=true CI_NODE_TOTAL=8", "CI_NODE_TOTAL=8 is set, and CI_NODE_INDEX is not (GitLab)",
     true},
    {"GITLAB_CI=true CI_NODE_TOTAL=1 CI_NODE_INDEX=2", "CI_NODE_INDEX=2 is none of", true},
    {"TF_BUILD=True SYSTEM_JOBPOSITIONINPHASE=1 SYSTEM_TOTALJOBSINPHASE=1",
     "1/1 SYSTEM_TOTALJOBSINPHASE, Azure Pipelines: the job is not parallel", false},
    {"TF_BUILD=True SYSTEM_JOBPOSITIONINPHASE=0 SYSTEM_TOTALJOBSINPHASE=0",
     "1/1 SYSTEM_TOTALJOBSINPHASE, Azure Pipelines: the job is not parallel", false},
    {"TF_BUILD=True SYSTEM_TOTALJOBSINPHASE=1",
     "1/1 SYSTEM_TOTALJOBSINPHASE, Azure Pipelines: the job is not parallel", false},
    {"GITLAB_CI=true CI_NODE_TOTAL=1 SLURM_JOB_ID=5 SLURM_ARRAY_TASK_ID=2 "
     "SLURM_ARRAY_TASK_COUNT=4 SLURM_ARRAY_TASK_MIN=0",
     "3/4 SLURM_ARRAY_TASK_ID, Slurm", false},
    /* Slurm's arrays begin where they like, in steps */
    {"SLURM_JOB_ID=5 SLURM_ARRAY_TASK_ID=1 SLURM_ARRAY_TASK_COUNT=4 SLURM_ARRAY_TASK_MIN=1 "
     "SLURM_ARRAY_TASK_MAX=4 SLURM_ARRAY_TASK_STEP=1",
     "1/4 SLURM_ARRAY_TASK_ID, Slurm", false},
    {"SLURM_JOB_ID=5 SLURM_ARRAY_TASK_ID=9 SLURM_ARRAY_TASK_COUNT=4 SLURM_ARRAY_TASK_MIN=1 "
     "SLURM_ARRAY_TASK_MAX=13 SLURM_ARRAY_TASK_STEP=4",
     "3/4 SLURM_ARRAY_TASK_ID, Slurm", false},
    {"SLURM_JOB_ID=5 SLURM_ARRAY_TASK_ID=10 SLURM_ARRAY_TASK_COUNT=4 SLURM_ARRAY_TASK_MIN=1 "
     "SLURM_ARRAY_TASK_MAX=13 SLURM_ARRAY_TASK_STEP=4",
     "SLURM_ARRAY_TASK_ID=10 is none of SLURM_ARRAY_TASK_COUNT=4", true},
    {"SLURM_JOB_ID=5 SLURM_ARRAY_TASK_ID=3 SLURM_ARRAY_TASK_COUNT=3 SLURM_ARRAY_TASK_MIN=1 "
     "SLURM_ARRAY_TASK_MAX=7 SLURM_ARRAY_TASK_STEP=1",
     "are not 3 indices that are 1 apart (Slurm)", true},
    {"SLURM_JOB_ID=5 SLURM_ARRAY_TASK_ID=3 SLURM_ARRAY_TASK_COUNT=3 SLURM_ARRAY_TASK_STEP=0",
     "are not 3 indices", true},
    {"SLURM_JOB_ID=5", "", false},
    /* several */
    {"GITLAB_CI=true CI_NODE_INDEX=2 CI_NODE_TOTAL=4 TEST_TOTAL_SHARDS=4 TEST_SHARD_INDEX=1",
     "2/4 TEST_SHARD_INDEX, Bazel", false},
    {"GITLAB_CI=true CI_NODE_INDEX=2 CI_NODE_TOTAL=4 TEST_TOTAL_SHARDS=4 TEST_SHARD_INDEX=2",
     "TEST_SHARD_INDEX, Bazel says shard 3/4, and CI_NODE_INDEX, GitLab says shard 2/4; "
     "TPSCHED_SHARD=K/N decides",
     true},
    {"CIRCLECI=true CIRCLE_NODE_INDEX=0 CIRCLE_NODE_TOTAL=2 GTEST_TOTAL_SHARDS=4 "
     "GTEST_SHARD_INDEX=0",
     "GTEST_SHARD_INDEX, googletest's protocol says shard 1/4, and CIRCLE_NODE_INDEX, CircleCI "
     "says shard 1/2",
     true},
    /* no numbers */
    {"GITLAB_CI=true CI_NODE_INDEX=1/8 CI_NODE_TOTAL=8",
     "CI_NODE_INDEX='1/8' (GitLab) is not a number from 0 to 1000000", true},
    {"GITLAB_CI=true CI_NODE_INDEX=1 CI_NODE_TOTAL=99999999999999999999", "CI_NODE_TOTAL=", true},
    {"CI_NODE_INDEX=1.0 CI_NODE_TOTAL=8", "CI_NODE_INDEX='1.0'", true},
};

START_TEST(shard)
{
    const ShardCase *row = &shards[_i];
    g_auto(GStrv) environment = g_strsplit(row->environment, " ", -1);
    g_auto(TpsCiHere) here = {0};
    g_autoptr(GError) error = NULL;
    g_autofree char *got = NULL;

    if (tps_ci_here(environment, TPS_CI_SHARD, &here, &error))
        got = here.shards > 0
                  ? g_strdup_printf("%d/%d %s", here.shard, here.shards, here.shard_from)
                  : g_strdup("");
    ck_assert_msg(!got == row->fails, "%s: %s", row->environment, got ? got : error->message);
    if (!row->fails) {
        ck_assert_str_eq(got, row->expected);
        return;
    }
    ck_assert(g_error_matches(error, TPS_ERROR, TPS_ERROR_USAGE));
    ck_assert_msg(strstr(error->message, row->expected), "%s", error->message);
    ck_assert_int_eq(here.shards, 0);
}
END_TEST

static const ShardCase runs[] = {
    {"", "0 - - -", false},
    {"GITHUB_ACTIONS=true GITHUB_RUN_ATTEMPT=1 GITHUB_RUN_ID=77",
     "1 GITHUB_RUN_ATTEMPT, GitHub Actions 77 GITHUB_RUN_ID, GitHub Actions", false},
    {"GITHUB_RUN_ATTEMPT=2 GITHUB_RUN_ID=77", "0 - - -", false},
    {"GITHUB_ACTIONS=true GITHUB_RUN_ATTEMPT=0",
     "GITHUB_RUN_ATTEMPT='0' (GitHub Actions) is no attempt", true},
    {"GITHUB_ACTIONS=true GITHUB_RUN_ATTEMPT=x", "GITHUB_RUN_ATTEMPT='x'", true},
    {"GITHUB_ACTIONS=true GITHUB_RUN_ATTEMPT=1001", "is no attempt", true},
    {"BUILDKITE=true BUILDKITE_RETRY_COUNT=0 BUILDKITE_BUILD_ID=b-1",
     "1 BUILDKITE_RETRY_COUNT, Buildkite b-1 BUILDKITE_BUILD_ID, Buildkite", false},
    {"BUILDKITE=true BUILDKITE_RETRY_COUNT=2", "3 BUILDKITE_RETRY_COUNT, Buildkite - -", false},
    {"TF_BUILD=True SYSTEM_JOBATTEMPT=2 SYSTEM_STAGEATTEMPT=1 BUILD_BUILDID=8",
     "2 SYSTEM_JOBATTEMPT, Azure Pipelines 8 BUILD_BUILDID, Azure Pipelines", false},
    {"TF_BUILD=True SYSTEM_JOBATTEMPT=1 SYSTEM_STAGEATTEMPT=3",
     "3 SYSTEM_STAGEATTEMPT, Azure Pipelines - -", false},
    {"BITBUCKET_BUILD_NUMBER=9 BITBUCKET_STEP_RUN_NUMBER=2",
     "2 BITBUCKET_STEP_RUN_NUMBER, Bitbucket 9 BITBUCKET_BUILD_NUMBER, Bitbucket", false},
    {"CIRCLECI=true CIRCLE_WORKFLOW_ID=new CIRCLE_WORKFLOW_WORKSPACE_ID=first",
     "0 - first CIRCLE_WORKFLOW_WORKSPACE_ID, CircleCI", false},
    {"GITLAB_CI=true CI_PIPELINE_ID=12", "0 - 12 CI_PIPELINE_ID, GitLab", false},
    {"JENKINS_URL=x BUILD_TAG=jenkins-a-1", "0 - jenkins-a-1 BUILD_TAG, Jenkins", false},
    {"AWS_BATCH_JOB_ID=a-b:3 AWS_BATCH_JOB_ATTEMPT=1",
     "1 AWS_BATCH_JOB_ATTEMPT, AWS Batch a-b AWS_BATCH_JOB_ID, AWS Batch", false},
    {"CLOUD_RUN_JOB=j CLOUD_RUN_TASK_ATTEMPT=1 CLOUD_RUN_EXECUTION=j-x",
     "2 CLOUD_RUN_TASK_ATTEMPT, Cloud Run j-x CLOUD_RUN_EXECUTION, Cloud Run", false},
    {"SLURM_JOB_ID=6 SLURM_ARRAY_JOB_ID=5 SLURM_RESTART_COUNT=1",
     "2 SLURM_RESTART_COUNT, Slurm 5 SLURM_ARRAY_JOB_ID, Slurm", false},
    /* the first system that has one */
    {"GITLAB_CI=true CI_PIPELINE_ID=12 SLURM_JOB_ID=6 SLURM_RESTART_COUNT=0",
     "1 SLURM_RESTART_COUNT, Slurm 12 CI_PIPELINE_ID, GitLab", false},
};

START_TEST(run)
{
    const ShardCase *row = &runs[_i];
    g_auto(GStrv) environment = g_strsplit(row->environment, " ", -1);
    g_auto(TpsCiHere) here = {0};
    g_autoptr(GError) error = NULL;
    g_autofree char *got = NULL;
    bool done = tps_ci_here(environment, TPS_CI_RUN, &here, &error);

    ck_assert_msg(done == !row->fails, "%s", row->environment);
    if (row->fails) {
        ck_assert(g_error_matches(error, TPS_ERROR, TPS_ERROR_USAGE));
        ck_assert_msg(strstr(error->message, row->expected), "%s", error->message);
        return;
    }
    got =
        g_strdup_printf("%d %s %s %s", here.attempt, here.attempt_from ? here.attempt_from : "-",
                        here.run_id ? here.run_id : "-", here.run_id_from ? here.run_id_from : "-");
    ck_assert_str_eq(got, row->expected);
}
END_TEST

/* A shard that can't be understood is nobody's business who only asks for the attempt. */
START_TEST(only_what_is_asked)
{
    const char *environment[] = {"GITHUB_ACTIONS=true", "GITHUB_RUN_ATTEMPT=x", "CI_NODE_INDEX=x",
                                 NULL};
    g_auto(TpsCiHere) here = {0};

    ck_assert(!tps_ci_here((char *const *)environment, TPS_CI_SHARD, &here, NULL));
    ck_assert(!tps_ci_here((char *const *)environment, TPS_CI_RUN, &here, NULL));
    ck_assert(tps_ci_here((char *const *)environment, 0, &here, NULL));
}
END_TEST

START_TEST(looked_for)
{
    const char *github[] = {"GITHUB_ACTIONS=true", NULL};
    const char *buildkite[] = {"BUILDKITE=true", NULL};
    const char *nothing[] = {NULL};
    g_autofree char *of_github = tps_ci_looked_for((char *const *)github);
    g_autofree char *of_buildkite = tps_ci_looked_for((char *const *)buildkite);
    g_autofree char *of_nothing = tps_ci_looked_for((char *const *)nothing);

    ck_assert(strstr(of_github, "TPSCHED_SHARD is not set, this is GitHub Actions"));
    ck_assert(strstr(of_github, "--shard ${{ matrix.shard }}"));
    ck_assert(strstr(of_buildkite, "BUILDKITE_PARALLEL_JOB is not set"));
    for (size_t i = 0; i < tps_ci_n_systems; i++)
        ck_assert_msg(strstr(of_nothing, tps_ci_systems[i].marker), "%s", of_nothing);
}
END_TEST

/* Every shard of every system is found, and none twice: what a table of examples would miss. */
START_TEST(each_index_once)
{
    const TpsCiSystem *system = &tps_ci_systems[_i];

    for (int total = 2; system->index && total <= 9; total++)
        for (int k = 1; k <= total; k++) {
            g_auto(GStrv) environment = g_new0(char *, 1);
            g_autofree char *index = g_strdup_printf("%d", system->first + k - 1);
            g_autofree char *n = g_strdup_printf("%d", total);
            g_auto(TpsCiHere) here = {0};

            environment = g_environ_setenv(environment, system->marker, "1", TRUE);
            environment = g_environ_setenv(environment, system->index, index, TRUE);
            environment = g_environ_setenv(environment, system->total, n, TRUE);
            ck_assert(tps_ci_here(environment, TPS_CI_SHARD, &here, NULL));
            ck_assert_int_eq(here.shard, k);
            ck_assert_int_eq(here.shards, total);
        }
}
END_TEST

/* The lines of a text that begin with "| NAME"; NULL-terminated, caller frees. */
static char **rows_of(const char *text, const char *name)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autofree char *start = g_strconcat("| ", name, NULL);
    g_autoptr(GStrvBuilder) rows = g_strv_builder_new();

    for (char **line = lines; *line; line++)
        if (g_str_has_prefix(*line, start))
            g_strv_builder_add(rows, *line);
    return g_strv_builder_end(rows);
}

static void is_documented(const char *rows, const char *system, const char *variable)
{
    g_autofree char *quoted = variable ? g_strdup_printf("`%s`", variable) : NULL;

    ck_assert_msg(!quoted || strstr(rows, quoted), "docs/ci-nodes.md: %s has no %s", system,
                  quoted);
}

START_TEST(documented)
{
    const TpsCiSystem *system = &tps_ci_systems[_i];
    const char *name = strcmp(system->name, "CI_NODE_*") == 0 ? "others" : system->name;
    g_autofree char *text = NULL;
    g_auto(GStrv) rows = NULL;
    g_autofree char *all = NULL;

    ck_assert(g_file_get_contents("docs/ci-nodes.md", &text, NULL, NULL));
    rows = rows_of(text, name);
    all = g_strjoinv("\n", rows);
    is_documented(all, name, system->marker);
    is_documented(all, name, system->total);
    is_documented(all, name, system->min);
    if (g_strcmp0(system->index, system->marker) != 0)
        is_documented(all, name, system->index);
    for (size_t i = 0; i < G_N_ELEMENTS(system->attempts); i++)
        is_documented(all, name, system->attempts[i]);
    for (size_t i = 0; i < TPS_CI_RUN_IDS; i++)
        is_documented(all, name, system->run_ids[i]);
    if (system->index && !system->min) {
        g_autofree char *first = g_strdup_printf(" | %d |", system->first);

        ck_assert_msg(rows[0] && g_str_has_suffix(rows[0], first), "%s: %s", name, rows[0]);
    }
}
END_TEST

static Suite *ci_suite(void)
{
    Suite *suite = suite_create("ci");
    TCase *tcase = tcase_create("here");

    tcase_add_loop_test(tcase, shard, 0, G_N_ELEMENTS(shards));
    tcase_add_loop_test(tcase, run, 0, G_N_ELEMENTS(runs));
    tcase_add_test(tcase, only_what_is_asked);
    tcase_add_test(tcase, looked_for);
    tcase_add_loop_test(tcase, documented, 0, (int)tps_ci_n_systems);
    tcase_add_loop_test(tcase, each_index_once, 0, (int)tps_ci_n_systems);
    suite_add_tcase(suite, tcase);
    return suite;
}

int main(void)
{
    return unit_main(ci_suite());
}
