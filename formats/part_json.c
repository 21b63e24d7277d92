/* SPDX-License-Identifier: MIT */
#include "formats/part_json.h"

#include "core/error.h"
#include "formats/files.h"
#include "formats/json.h"
#include "formats/junit.h"

#include <string.h>

#define COUNT_MAX 1000000000
#define BYTES_MAX (INT64_C(1) << 52)

static void add_process(cJSON *root, const TpsPartReport *report)
{
    tps_json_add_seconds(root, "ended", report->ended_us);
    cJSON_AddStringToObject(root, "end", tps_end_name(report->end));
    cJSON_AddNumberToObject(root, "code", report->code);
    tps_json_add_seconds(root, "wall_time", report->wall_us);
    tps_json_add_seconds(root, "cpu_time", report->cpu_us);
    if (report->rerun_us > 0)
        tps_json_add_seconds(root, "rerun_time", report->rerun_us);
    cJSON_AddNumberToObject(root, "max_rss_bytes", (double)report->max_rss_bytes);
    cJSON_AddNumberToObject(root, "leaked", report->n_leaked);
    if (report->setup_us != TPS_TIME_UNKNOWN)
        tps_json_add_seconds(root, "setup_time", report->setup_us);
    if (report->teardown_us != TPS_TIME_UNKNOWN)
        tps_json_add_seconds(root, "teardown_time", report->teardown_us);
    tps_json_add_strings(root, "problems", report->problems);
}

static cJSON *report_to_json(const TpsPartReport *report, const char *report_digest)
{
    cJSON *root = cJSON_CreateObject();
    int tuple[] = {report->part.index, report->part.count};

    cJSON_AddStringToObject(root, "schema", TPS_PART_SCHEMA);
    cJSON_AddStringToObject(root, "plan", report->plan_id);
    if (report->run_id)
        cJSON_AddStringToObject(root, "run", report->run_id);
    cJSON_AddStringToObject(root, "suite", report->suite);
    cJSON_AddItemToObject(root, "part", cJSON_CreateIntArray(tuple, 2));
    cJSON_AddNumberToObject(root, "attempt", report->attempt);
    cJSON_AddStringToObject(root, "state", report->done ? "done" : "running");
    cJSON_AddStringToObject(root, "host", report->host);
    cJSON_AddNumberToObject(root, "worker", report->worker);
    tps_json_add_seconds(root, "started", report->started_us);
    if (report->crowded)
        cJSON_AddTrueToObject(root, "crowded");
    if (report->n_pieces != 1)
        cJSON_AddNumberToObject(root, "pieces", report->n_pieces);
    if (report->done)
        add_process(root, report);
    tps_json_add_strings(root, "planned", report->planned);
    tps_json_add_strings(root, "added", report->added);
    tps_json_add_strings(root, "removed", report->removed);
    if (report_digest)
        cJSON_AddStringToObject(root, "report_sha256", report_digest);
    return root;
}

static bool save_results(const TpsPartReport *report, const char *directory, char **digest,
                         GError **error)
{
    g_autofree char *path = g_build_filename(directory, TPS_PART_REPORT_FILE, NULL);
    TpsJunitOutSuite suite = {
        .name = report->suite,
        .hostname = report->host,
        .started_us = report->started_us,
        .results = report->results,
        .output = report->output,
    };
    GString *text = tps_junit_format(report->suite, report->wall_us, &suite, 1);
    bool saved = tps_file_write(path, text->str, text->len, error);

    *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text->str, (gssize)text->len);
    g_string_free(text, TRUE);
    return saved;
}

bool tps_part_report_save(const TpsPartReport *report, const char *directory, GError **error)
{
    g_autofree char *path = g_build_filename(directory, TPS_PART_FILE, NULL);
    g_autofree char *digest = NULL;
    g_autoptr(cJSON) root = NULL;

    if (report->done && !save_results(report, directory, &digest, error))
        return false;
    root = report_to_json(report, digest);
    return tps_json_save(path, root, error);
}

static bool read_tuple(const cJSON *root, TpsPart *part, GError **error)
{
    const cJSON *tuple;

    if (!tps_json_get_array(root, "part", &tuple, error))
        return false;
    if (tps_json_part(tuple, part))
        return true;
    g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT, "'part' must be [M, N] with 0 <= M < N");
    return false;
}

static bool read_identity(const cJSON *root, TpsPartReport *report, GError **error)
{
    const char *plan_id;
    const char *run_id;
    const char *state;
    const char *host;
    int64_t attempt;
    int64_t worker;
    int64_t pieces;

    if (!tps_json_get_string(root, "plan", &plan_id, error) ||
        !tps_json_maybe_string(root, "run", NULL, &run_id, error) ||
        !tps_json_get_int(root, "attempt", 1, COUNT_MAX, &attempt, error) ||
        !tps_json_get_string(root, "state", &state, error) ||
        !tps_json_get_string(root, "host", &host, error) ||
        !tps_json_get_int(root, "worker", 0, COUNT_MAX, &worker, error) ||
        !tps_json_maybe_int(root, "pieces", 1, COUNT_MAX, 1, &pieces, error) ||
        !tps_json_maybe_strings(root, "planned", report->planned, error) ||
        !tps_json_maybe_strings(root, "added", report->added, error) ||
        !tps_json_maybe_strings(root, "removed", report->removed, error))
        return false;
    if (strcmp(state, "running") != 0 && strcmp(state, "done") != 0) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT, "'state' must be 'running' or 'done'");
        return false;
    }
    report->plan_id = g_strdup(plan_id);
    report->run_id = g_strdup(run_id);
    report->attempt = (int)attempt;
    report->done = strcmp(state, "done") == 0;
    report->host = g_strdup(host);
    report->worker = (int)worker;
    report->n_pieces = (int)pieces;
    report->crowded = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(root, "crowded"));
    return true;
}

/* Points in time are seconds since the epoch and as such too large for tps_json_get_seconds. */
static bool read_instant(const cJSON *root, const char *key, int64_t *us, GError **error)
{
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(root, key);

    if (!cJSON_IsNumber(member) || !(member->valuedouble >= 0 && member->valuedouble < 1e11)) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT, "'%s' must be seconds since the epoch", key);
        return false;
    }
    *us = (int64_t)(member->valuedouble * 1e6 + 0.5);
    return true;
}

static bool read_process(const cJSON *root, TpsPartReport *report, GError **error)
{
    const char *end;
    int64_t code;
    int64_t leaked;

    if (!read_instant(root, "ended", &report->ended_us, error) ||
        !tps_json_get_string(root, "end", &end, error) ||
        !tps_json_get_int(root, "code", 0, COUNT_MAX, &code, error) ||
        !tps_json_get_seconds(root, "wall_time", &report->wall_us, error) ||
        !tps_json_get_seconds(root, "cpu_time", &report->cpu_us, error) ||
        !tps_json_maybe_seconds(root, "rerun_time", 0, &report->rerun_us, error) ||
        !tps_json_get_int(root, "max_rss_bytes", 0, BYTES_MAX, &report->max_rss_bytes, error) ||
        !tps_json_get_int(root, "leaked", 0, COUNT_MAX, &leaked, error) ||
        !tps_json_maybe_seconds(root, "setup_time", TPS_TIME_UNKNOWN, &report->setup_us, error) ||
        !tps_json_maybe_seconds(root, "teardown_time", TPS_TIME_UNKNOWN, &report->teardown_us,
                                error) ||
        !tps_json_maybe_strings(root, "problems", report->problems, error))
        return false;
    if (!tps_end_parse(end, &report->end)) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT, "'end' is not a word this version knows");
        return false;
    }
    report->code = (int)code;
    report->n_leaked = (int)leaked;
    return true;
}

static void take_results(TpsPartReport *report, TpsJunit *junit)
{
    for (guint i = 0; i < junit->suites->len; i++) {
        TpsJunitSuite *suite = g_ptr_array_index(junit->suites, i);

        if (!report->output)
            report->output = g_steal_pointer(&suite->output);
        for (guint j = 0; j < suite->cases->len; j++) {
            TpsJunitCase *testcase = g_ptr_array_index(suite->cases, j);

            g_ptr_array_add(report->results, g_steal_pointer(&testcase->result));
        }
    }
}

static void read_results(TpsPartReport *report, const char *directory, const char *expected_digest)
{
    g_autofree char *path = g_build_filename(directory, TPS_PART_REPORT_FILE, NULL);
    g_autoptr(GError) why = NULL;
    g_autoptr(TpsJunit) junit = tps_file_is_plain(path) ? tps_junit_read(path, &why) : NULL;

    if (!junit) {
        g_ptr_array_add(report->problems, g_strdup("its report is missing"));
        return;
    }
    if (junit->problem)
        g_ptr_array_add(report->problems,
                        g_strdup_printf("its report is truncated or damaged: %s", junit->problem));
    else if (strcmp(junit->digest, expected_digest) != 0)
        g_ptr_array_add(report->problems,
                        g_strdup("its report is not the one that was written (SHA-256 differs)"));
    take_results(report, junit);
}

static TpsPartReport *report_from_json(const cJSON *root, const char *directory, GError **error)
{
    g_autoptr(TpsPartReport) report = NULL;
    const char *schema;
    const char *suite;
    const char *digest = NULL;
    TpsPart part;

    if (!tps_json_get_string(root, "schema", &schema, error) ||
        !tps_json_get_string(root, "suite", &suite, error) || !read_tuple(root, &part, error))
        return NULL;
    if (strcmp(schema, TPS_PART_SCHEMA) != 0) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT, "schema '%s' is not '" TPS_PART_SCHEMA "'",
                    schema);
        return NULL;
    }
    report = tps_part_report_new(suite, part);
    if (!read_identity(root, report, error) ||
        !read_instant(root, "started", &report->started_us, error))
        return NULL;
    if (report->done && (!read_process(root, report, error) ||
                         !tps_json_get_string(root, "report_sha256", &digest, error)))
        return NULL;
    if (digest)
        read_results(report, directory, digest);
    return g_steal_pointer(&report);
}

TpsPartReport *tps_part_report_load(const char *directory, GError **error)
{
    g_autofree char *path = g_build_filename(directory, TPS_PART_FILE, NULL);
    g_autoptr(cJSON) root = tps_json_load(path, error);
    TpsPartReport *report;

    if (!root)
        return NULL;
    report = report_from_json(root, directory, error);
    if (!report) {
        g_prefix_error(error, "cannot read '%s': ", path);
        return NULL;
    }
    report->origin = g_strdup(path);
    /* part.json holds the digest of report.xml, so its own digest covers both. */
    report->digest = tps_file_digest(path, NULL);
    return report;
}
