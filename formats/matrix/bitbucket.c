/* SPDX-License-Identifier: MIT */
#include "core/duration.h"
#include "formats/matrix/matrix_internal.h"
#include "formats/yaml_text.h"

/* 100 steps of a pipeline, without the one that plans and the one that merges. */
#define SHARDS_MAX 98

/* What past runs took. Its folder is a cache, which the system keeps for a week. */
#define PAST "past/runtime-data.json"

static const char *const ours[] = {"name",    "script", "artifacts", "parallel",
                                   "trigger", "stage",  NULL};

/* The keys of a step stand `indent` deep. */
static void append_name(GString *text, const TpsShards *shards, const char *what, int indent)
{
    g_string_append_printf(text, "%*s- step:\n%*sname: \"%s %s\"\n", indent - 4, "", indent, "",
                           shards->name, what);
}

/* The first and the last step: their cache is what past runs took, and no other one. */
static void append_outer_step(GString *text, const TpsShards *shards, const char *what,
                              const TpsMatrixLook *look)
{
    append_name(text, shards, what, 8);
    tps_matrix_append_template_but(text, look, 8, "caches");
    g_string_append(text, "        caches: [tpsched]\n");
}

static void append_script(GString *text, const char *const *commands, int indent)
{
    g_string_append_printf(text, "%*sscript:\n", indent, "");
    for (; *commands; commands++) {
        g_string_append_printf(text, "%*s- ", indent + 2, "");
        tps_yaml_append(text, *commands);
        g_string_append_c(text, '\n');
    }
}

/* Only a step that failed is run again, so a later attempt has no plan to keep. */
static void append_plan(GString *text, const TpsShards *shards, const TpsMatrixLook *look)
{
    g_autofree char *command =
        g_strdup_printf("%s $(test ! -f " PAST " || echo -d " PAST ") --replan --shards %d -o %s",
                        look->plan_command, shards->size, look->plan);

    append_outer_step(text, shards, "plan", look);
    append_script(text, (const char *[]){command, NULL}, 8);
    g_string_append_printf(text, "        artifacts: [\"%s\"]\n", look->plan);
}

/*
 * Tests that fail are the merge's to tell: it would not be run behind a step that failed. What
 * else goes wrong ends the pipeline here.
 */
static void append_shard(GString *text, const TpsShards *shards, int number,
                         const TpsMatrixLook *look, int indent)
{
    g_autofree char *what = g_strdup_printf("shard %d", number);
    g_autofree char *command =
        g_strdup_printf("tpsched run --plan %s --shard %d/%d --run-id \"$BITBUCKET_PIPELINE_UUID\""
                        " --report-dir report/%d || [ $? -eq 1 ]",
                        look->plan, number, shards->size, number);

    append_name(text, shards, what, indent);
    tps_matrix_append_template(text, look, indent);
    append_script(text, (const char *[]){command, NULL}, indent);
    g_string_append_printf(text, "%*sartifacts: [\"report/%d/**\"]\n", indent, "", number);
}

/* A group of one is refused there. */
static void append_shards(GString *text, const TpsShards *shards, const TpsMatrixLook *look)
{
    const bool is_group = shards->size > 1;

    if (is_group)
        g_string_append(text, "    - parallel:\n");
    for (int number = 1; number <= shards->size; number++)
        append_shard(text, shards, number, look, is_group ? 12 : 8);
}

/* Like all of the step, the cache is made anew only when nothing has failed. */
static void append_merge(GString *text, const TpsShards *shards, const TpsMatrixLook *look)
{
    g_autofree char *command =
        g_strdup_printf("tpsched merge --plan %s -o test-results/merged.xml"
                        " --write html=report.html --write-runtime-data " PAST " report",
                        look->plan);

    append_outer_step(text, shards, "merge", look);
    append_script(text, (const char *[]){"mkdir -p report test-results past", command, NULL}, 8);
    g_string_append(text, "        artifacts: [\"test-results/**\", report.html, \"past/**\"]\n");
}

/* It stands in the repository: the plan changes, the number of its shards does not. */
static bool write_file(const TpsShards *shards, const TpsMatrixLook *look, GString *text,
                       GPtrArray *notes, GError **error)
{
    g_autofree char *expected = tps_duration_format(shards->expected_us);

    (void)notes;
    if (!tps_job_template_lacks(look->jobs, ours, error))
        return false;
    g_string_append_printf(
        text,
        "# Written by tpsched plan: shards: %d, expected when it was written: %s\n"
        "definitions:\n  caches:\n    tpsched: past\n"
        "pipelines:\n  default:\n",
        shards->size, expected);
    append_plan(text, shards, look);
    append_shards(text, shards, look);
    append_merge(text, shards, look);
    return true;
}

const TpsMatrix tps_matrix_bitbucket = {
    .name = "bitbucket",
    .auto_max = SHARDS_MAX,
    .max = SHARDS_MAX,
    .is_pipeline = true,
    .needs_static = true,
    .write = write_file,
};
