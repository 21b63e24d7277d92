/* SPDX-License-Identifier: MIT */
#include "adapters/ci/systems.h"

#include <glib.h>

/*
 * In the order in which they are asked: who started the others comes last. Several call their
 * variables CI_NODE_INDEX and count differently; the first one whose marker is set has read it.
 *
 * Source: each system's documentation of its predefined variables.
 */
const TpsCiSystem tps_ci_systems[] = {
    {
        .name = "Bazel",
        .marker = "TEST_TOTAL_SHARDS",
        .index = "TEST_SHARD_INDEX",
        .total = "TEST_TOTAL_SHARDS",
        .alone = 1,
    },
    {
        .name = "googletest's protocol",
        .marker = "GTEST_TOTAL_SHARDS",
        .index = "GTEST_SHARD_INDEX",
        .total = "GTEST_TOTAL_SHARDS",
        .alone = 1,
    },
    {
        .name = "GitLab",
        .marker = "GITLAB_CI",
        .index = "CI_NODE_INDEX", /* only with `parallel:` ...                       */
        .total = "CI_NODE_TOTAL", /* ... while this is 1 without it                  */
        .first = 1,
        .alone = 1,
        .run_ids = {"CI_PIPELINE_ID"},
        .hint = "give the job 'parallel: N'",
    },
    {
        .name = "CircleCI",
        .marker = "CIRCLECI",
        .index = "CIRCLE_NODE_INDEX",
        .total = "CIRCLE_NODE_TOTAL",
        .alone = -1,
        /* A re-run is a workflow of its own, with the workspace of the first one. */
        .run_ids = {"CIRCLE_WORKFLOW_WORKSPACE_ID", "CIRCLE_WORKFLOW_ID"},
        .hint = "give the job 'parallelism: N'",
    },
    {
        .name = "Buildkite",
        .marker = "BUILDKITE",
        .index = "BUILDKITE_PARALLEL_JOB",
        .total = "BUILDKITE_PARALLEL_JOB_COUNT",
        .alone = -1,
        .attempts = {"BUILDKITE_RETRY_COUNT"},
        .first_attempt = 0,
        .run_ids = {"BUILDKITE_BUILD_ID"},
        .hint = "give the step 'parallelism: N'",
    },
    {
        .name = "Azure Pipelines",
        .marker = "TF_BUILD",
        .index = "SYSTEM_JOBPOSITIONINPHASE",
        .total = "SYSTEM_TOTALJOBSINPHASE",
        .first = 1,
        .alone = 1,
        /* Run again is a job, or the whole stage; then the job's own count may begin anew. */
        .attempts = {"SYSTEM_JOBATTEMPT", "SYSTEM_STAGEATTEMPT"},
        .first_attempt = 1,
        .run_ids = {"BUILD_BUILDID"},
        .hint = "give the job 'strategy: {parallel: N}'",
    },
    {
        .name = "Bitbucket",
        .marker = "BITBUCKET_BUILD_NUMBER",
        .index = "BITBUCKET_PARALLEL_STEP",
        .total = "BITBUCKET_PARALLEL_STEP_COUNT",
        .alone = -1,
        .attempts = {"BITBUCKET_STEP_RUN_NUMBER"},
        .first_attempt = 1,
        .run_ids = {"BITBUCKET_PIPELINE_UUID", "BITBUCKET_BUILD_NUMBER"},
        .hint = "put the step into 'parallel:'",
    },
    {
        .name = "Semaphore",
        .marker = "SEMAPHORE",
        .index = "SEMAPHORE_JOB_INDEX",
        .total = "SEMAPHORE_JOB_COUNT",
        .first = 1,
        .alone = -1,
        .run_ids = {"SEMAPHORE_PIPELINE_ID", "SEMAPHORE_WORKFLOW_ID"},
        .hint = "give the job 'parallelism: N'",
    },
    {
        .name = "GitHub Actions",
        .marker = "GITHUB_ACTIONS",
        .alone = -1,
        .attempts = {"GITHUB_RUN_ATTEMPT"},
        .first_attempt = 1,
        .run_ids = {"GITHUB_RUN_ID"},
        .hint = "it tells its jobs no index; give it on: --shard ${{ matrix.shard }}",
    },
    {
        .name = "Jenkins",
        .marker = "JENKINS_URL",
        .alone = -1,
        .run_ids = {"BUILD_TAG"},
        .hint = "it tells its branches no index; give it on: withEnv([\"TPSCHED_SHARD=K/N\"])",
    },
    {
        .name = "TeamCity",
        .marker = "TEAMCITY_VERSION",
        .alone = -1,
        .hint = "set env.TPSCHED_SHARD to %teamcity.build.parallelTests.currentBatch%/"
                "%teamcity.build.parallelTests.totalBatches%",
    },
    {
        .name = "Heroku CI",
        .marker = "HEROKU_TEST_RUN_ID",
        .index = "CI_NODE_INDEX",
        .total = "CI_NODE_TOTAL",
        .alone = 1,
        .run_ids = {"HEROKU_TEST_RUN_ID"},
    },
    {
        .name = "Cirrus CI",
        .marker = "CIRRUS_CI",
        .index = "CI_NODE_INDEX",
        .total = "CI_NODE_TOTAL",
        .alone = 1,
        .run_ids = {"CIRRUS_BUILD_ID"},
    },
    {
        .name = "AWS Batch",
        .marker = "AWS_BATCH_JOB_ID",
        .index = "AWS_BATCH_JOB_ARRAY_INDEX",
        .total = "AWS_BATCH_JOB_ARRAY_SIZE",
        .alone = -1,
        .attempts = {"AWS_BATCH_JOB_ATTEMPT"},
        .first_attempt = 1,
        .run_ids = {"AWS_BATCH_JOB_ID"},
        .run_id_end = ':', /* "ID:INDEX" */
        .hint = "submit an array job",
    },
    {
        .name = "Cloud Run",
        .marker = "CLOUD_RUN_JOB",
        .index = "CLOUD_RUN_TASK_INDEX",
        .total = "CLOUD_RUN_TASK_COUNT",
        .alone = -1,
        .attempts = {"CLOUD_RUN_TASK_ATTEMPT"},
        .first_attempt = 0,
        .run_ids = {"CLOUD_RUN_EXECUTION"},
    },
    {
        .name = "Kubernetes",
        .marker = "JOB_COMPLETION_INDEX",
        .index = "JOB_COMPLETION_INDEX",
        .total = "TPSCHED_SHARDS", /* it tells its pods no number of completions */
        .alone = -1,
    },
    {
        .name = "Slurm",
        .marker = "SLURM_JOB_ID",
        .index = "SLURM_ARRAY_TASK_ID",
        .total = "SLURM_ARRAY_TASK_COUNT",
        .min = "SLURM_ARRAY_TASK_MIN",
        .max = "SLURM_ARRAY_TASK_MAX",
        .step = "SLURM_ARRAY_TASK_STEP",
        .alone = -1,
        .attempts = {"SLURM_RESTART_COUNT"},
        .first_attempt = 0,
        .run_ids = {"SLURM_ARRAY_JOB_ID", "SLURM_JOB_ID"},
        .hint = "submit an array: --array=0-N",
    },
    {
        .name = "CI_NODE_*",
        .marker = "CI_NODE_INDEX",
        .index = "CI_NODE_INDEX",
        .total = "CI_NODE_TOTAL",
        .alone = 1,
    },
};

const size_t tps_ci_n_systems = G_N_ELEMENTS(tps_ci_systems);
