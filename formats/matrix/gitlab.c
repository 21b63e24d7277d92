/* SPDX-License-Identifier: MIT */
#include "core/duration.h"
#include "core/error.h"
#include "formats/matrix/matrix_internal.h"
#include "formats/yaml_text.h"

/* As many as one job with `parallel` may be. More are written, and the system's limits hold. */
#define AUTO_MAX 200

/* What a configuration may be where nobody raised the limit. */
#define FILE_MAX_BYTES 1000000

static const char *const ours[] = {"extends", "needs",   "parallel", "rules",     "script",
                                   "stage",   "trigger", "when",     "artifacts", NULL};

/* An empty pipeline is an error there. */
static void append_nothing(GString *text, const TpsShards *shards, const TpsMatrixLook *look)
{
    g_string_append_printf(text, "\"%s nothing to run\":\n", shards->name);
    tps_matrix_append_template(text, look, 2);
    g_string_append(text, "  script: [\"echo 'tpsched: there is nothing to run'\"]\n");
}

/*
 * All of them carry the plan on, since a job that names what it needs gets nothing else, and it may
 * name only fifty: the last one names none and gets what all before it have.
 */
static void append_common(GString *text, const TpsShards *shards, const TpsMatrixLook *look)
{
    g_string_append_printf(text,
                           "stages: [shards, merge]\n"
                           "variables: {TPSCHED_PLAN_ID: \"%s\"}\n"
                           ".tpsched-shard:\n",
                           shards->plan_id);
    tps_matrix_append_template(text, look, 2);
    g_string_append_printf(text,
                           "  stage: shards\n"
                           "  needs: [{pipeline: $PARENT_PIPELINE_ID, job: plan}]\n"
                           "  script:\n"
                           "    - tpsched run --plan %s --shard \"$TPSCHED_SHARD\""
                           " --run-id \"$CI_PIPELINE_ID\""
                           " --report-dir \"report/$TPSCHED_NUMBER\"\n"
                           "  artifacts: {when: always, paths: [\"%s\", report/]}\n",
                           look->plan, look->plan);
}

static void append_job(GString *text, const TpsShards *shards, const TpsShard *shard)
{
    g_autofree char *expected = tps_seconds_text(shard->expected_us);

    g_string_append_printf(text,
                           "\"%s shard %d\": {extends: .tpsched-shard, variables: "
                           "{TPSCHED_SHARD: \"%d/%d\", TPSCHED_NUMBER: \"%d\", "
                           "TPSCHED_EXPECTED: \"%s\"}}\n",
                           shards->name, shard->number, shard->number, shards->size, shard->number,
                           expected);
}

/* Its cache is what past runs took, for the next plan; it has no use for another one. */
static void append_merge(GString *text, const TpsShards *shards, const TpsMatrixLook *look)
{
    g_string_append_printf(text, "\"%s merge\":\n", shards->name);
    tps_matrix_append_template_but(text, look, 2, "cache");
    g_string_append_printf(
        text,
        "  stage: merge\n"
        "  when: always\n"
        "  script:\n"
        "    - mkdir -p report\n"
        "    - tpsched merge --plan %s -o merged.xml"
        " --write html=report.html --write-runtime-data runtime-data.json report\n"
        "  cache: {key: tpsched, paths: [runtime-data.json], when: always}\n"
        "  artifacts: {when: always, paths: [\"%s\", merged.xml, report.html, "
        "runtime-data.json], reports: {junit: merged.xml}}\n",
        look->plan, look->plan);
}

static bool write_child(const TpsShards *shards, const TpsMatrixLook *look, GString *text,
                        GPtrArray *notes, GError **error)
{
    (void)notes;
    if (!tps_job_template_lacks(look->jobs, ours, error))
        return false;
    tps_matrix_append_head(text, shards);
    if (shards->shards->len == 0) {
        append_nothing(text, shards, look);
        return true;
    }
    append_common(text, shards, look);
    for (guint i = 0; i < shards->shards->len; i++)
        append_job(text, shards, tps_matrix_shard(shards, i));
    append_merge(text, shards, look);
    if (text->len <= FILE_MAX_BYTES)
        return true;
    g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE,
                "%u shards are more than the megabyte of YAML that gitlab takes; give --shards or "
                "--max-size",
                shards->shards->len);
    return false;
}

const TpsMatrix tps_matrix_gitlab = {
    .name = "gitlab",
    .auto_max = AUTO_MAX,
    .is_pipeline = true,
    .write = write_child,
};
