/* SPDX-License-Identifier: MIT */
#include "core/duration.h"
#include "formats/matrix/matrix_internal.h"

/* 500 jobs of one upload, without the one that waits and the one that merges. */
#define SHARDS_MAX 498

static const char *const ours[] = {"label",       "name",     "key",    "id",   "identifier",
                                   "command",     "commands", "script", "wait", "artifact_paths",
                                   "parallelism", "matrix",   NULL};

static void append_step(GString *text, const TpsShards *shards, const char *what,
                        const TpsMatrixLook *look)
{
    g_autofree char *key = g_strdelimit(g_strdup_printf("%s-%s", shards->name, what), " ", '-');

    g_string_append_printf(text, "  - label: \"%s %s\"\n    key: \"%s\"\n", shards->name, what,
                           key);
    tps_matrix_append_template(text, look, 4);
}

/*
 * What has one dollar is replaced when the file is uploaded, by what is the same for all jobs and
 * may not be known in their containers; a variable of the job itself has two. Each attempt has a
 * directory of its own, or the last one's artifacts would stand for all of them.
 */
static void append_shard(GString *text, const TpsShards *shards, const TpsShard *shard,
                         const TpsMatrixLook *look)
{
    g_autofree char *what = g_strdup_printf("shard %d", shard->number);
    g_autofree char *expected = tps_seconds_text(shard->expected_us);

    g_string_append_printf(text, "  # %s seconds expected, testcases: %" G_GUINT64_FORMAT "\n",
                           expected, shard->n_testcases);
    append_step(text, shards, what, look);
    g_string_append_printf(
        text,
        "    command: 'buildkite-agent artifact download \"%s\" . && tpsched run --plan \"%s\""
        " --shard %d/%d --run-id \"$BUILDKITE_BUILD_ID\""
        " --attempt \"$$((BUILDKITE_RETRY_COUNT + 1))\""
        " --report-dir \"report/%d-$$BUILDKITE_RETRY_COUNT\"'\n"
        "    artifact_paths: \"report/%d-*/**/*\"\n",
        look->plan, look->plan, shard->number, shards->size, shard->number, shard->number);
}

/* Without any report the merge says what is missing, and the first build has no past. */
static void append_merge(GString *text, const TpsShards *shards, const TpsMatrixLook *look)
{
    g_string_append(text, "  - wait: ~\n    continue_on_failure: true\n");
    append_step(text, shards, "merge", look);
    g_string_append_printf(
        text,
        "    command: 'mkdir -p report && buildkite-agent artifact download \"%s\" . &&"
        " { buildkite-agent artifact download --include-retried-jobs \"report/**/*\" . || true; } "
        "&&"
        " { buildkite-agent artifact download past/runtime-data.json . &&"
        " cp past/runtime-data.json . || true; } &&"
        " tpsched merge --plan \"%s\" -o merged.xml --write html=report.html"
        " --write-runtime-data runtime-data.json "
        "report'\n"
        "    artifact_paths: \"merged.xml;report.html;runtime-data.json\"\n",
        look->plan, look->plan);
}

static bool write_steps(const TpsShards *shards, const TpsMatrixLook *look, GString *text,
                        GPtrArray *notes, GError **error)
{
    (void)notes;
    if (!tps_job_template_lacks(look->jobs, ours, error))
        return false;
    tps_matrix_append_head(text, shards);
    if (shards->shards->len == 0) {
        g_string_append(text, "steps:\n");
        append_step(text, shards, "nothing to run", look);
        g_string_append(text, "    command: \"echo 'tpsched: there is nothing to run'\"\n");
        return true;
    }
    g_string_append_printf(text, "env: {TPSCHED_PLAN_ID: \"%s\"}\nsteps:\n", shards->plan_id);
    for (guint i = 0; i < shards->shards->len; i++)
        append_shard(text, shards, tps_matrix_shard(shards, i), look);
    append_merge(text, shards, look);
    return true;
}

const TpsMatrix tps_matrix_buildkite = {
    .name = "buildkite",
    .auto_max = SHARDS_MAX,
    .max = SHARDS_MAX,
    .is_pipeline = true,
    .write = write_steps,
};
