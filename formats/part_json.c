/* SPDX-License-Identifier: MIT */
#include "formats/part_json.h"

#include "core/artifact.h"
#include "core/error.h"
#include "core/status.h"
#include "formats/json.h"
#include "formats/json_line.h"
#include "formats/pieces_json.h"
#include "formats/properties_json.h"

#include <string.h>

#define COUNT_MAX 1000000000
#define BYTES_MAX (INT64_C(1) << 52)

static void append_maybe_strings(GString *line, const char *name, const GPtrArray *strings)
{
    if (strings->len > 0)
        tps_json_line_strings(line, name, strings);
}

static void append_maybe_int(GString *line, const char *name, uint64_t value)
{
    if (value)
        tps_json_line_int(line, name, (int64_t)value);
}

/* A program that is one testcase printed what its task printed: once is enough. */
static void append_output(GString *line, const char *output, const char *of_task)
{
    if (output && of_task && strcmp(output, of_task) == 0)
        tps_json_line_true(line, "output");
    else
        tps_json_line_maybe_string(line, "output", output);
}

static void append_results(GString *line, const char *name, const GPtrArray *results,
                           const char *output)
{
    tps_json_line_open(line, name, '[');
    for (guint i = 0; i < results->len; i++) {
        const TpsResult *result = g_ptr_array_index(results, i);

        tps_json_line_open(line, NULL, '{');
        tps_json_line_maybe_string(line, "id", result->id);
        tps_json_line_string(line, "outcome", tps_outcome_name(result->outcome));
        tps_json_line_maybe_seconds(line, "time", result->time_us);
        tps_json_line_maybe_string(line, "file", result->file);
        if (result->line)
            tps_json_line_int(line, "line", result->line);
        tps_json_line_maybe_string(line, "type", result->type);
        tps_json_line_maybe_string(line, "message", result->message);
        tps_json_line_maybe_string(line, "text", result->text);
        append_output(line, result->output, output);
        append_maybe_int(line, "piece", (uint64_t)result->piece);
        tps_properties_json_append(line, result->properties);
        if (result->attempts)
            append_results(line, "attempts", result->attempts, output);
        if (result->cases && result->cases->len > 0)
            append_results(line, "cases", result->cases, output);
        tps_json_line_close(line, '}');
    }
    tps_json_line_close(line, ']');
}

static void append_maybe_true(GString *line, const char *name, bool value)
{
    if (value)
        tps_json_line_true(line, name);
}

static void append_end(GString *line, const TpsPartReport *report)
{
    tps_json_line_seconds(line, "ended", report->ended_us);
    tps_json_line_string(line, "status", tps_status_name(tps_status_of(report)));
    tps_json_line_string(line, "end", tps_end_name(report->end));
    tps_json_line_int(line, "code", report->code);
    append_maybe_true(line, "core_dumped", report->core_dumped);
    append_maybe_true(line, "oom_killed", report->oom_killed);
}

/* How much it printed, and where the whole of it is. */
static void append_whole_output(GString *line, const TpsPartReport *report)
{
    tps_json_line_maybe_string(line, "output", report->output);
    append_maybe_int(line, "output_bytes", report->output_bytes);
    tps_json_line_maybe_string(line, "output_file", report->output_file);
    append_maybe_int(line, "output_offset", report->output_offset);
}

static void append_artifacts(GString *line, const GPtrArray *artifacts)
{
    if (artifacts->len == 0)
        return;
    tps_json_line_open(line, "artifacts", '[');
    for (guint i = 0; i < artifacts->len; i++) {
        const TpsArtifact *artifact = g_ptr_array_index(artifacts, i);

        tps_json_line_open(line, NULL, '{');
        tps_json_line_string(line, "path", artifact->path);
        append_maybe_int(line, "piece", (uint64_t)artifact->number);
        tps_json_line_int(line, "size", artifact->size);
        tps_json_line_string(line, "sha256", artifact->digest);
        append_maybe_true(line, "required", artifact->required);
        tps_json_line_close(line, '}');
    }
    tps_json_line_close(line, ']');
}

static void append_process(GString *line, const TpsPartReport *report)
{
    append_end(line, report);
    tps_json_line_seconds(line, "wall_time", report->wall_us);
    tps_json_line_seconds(line, "cpu_time", report->cpu_us);
    if (report->rerun_us > 0)
        tps_json_line_seconds(line, "rerun_time", report->rerun_us);
    if (report->paused_us > 0)
        tps_json_line_seconds(line, "paused_time", report->paused_us);
    tps_json_line_int(line, "max_rss_bytes", report->max_rss_bytes);
    if (report->peak_bytes > 0)
        tps_json_line_int(line, "peak_bytes", report->peak_bytes);
    tps_json_line_int(line, "leaked", report->n_leaked);
    tps_json_line_maybe_string(line, "leaked_names", report->leaked);
    append_maybe_true(line, "held_pipe", report->held_pipe);
    append_maybe_true(line, "cut_short", report->cut_short);
    tps_json_line_maybe_string(line, "kept", report->kept);
    tps_properties_json_append(line, report->properties);
    append_artifacts(line, report->artifacts);
    tps_json_line_maybe_seconds(line, "setup_time", report->setup_us);
    tps_json_line_maybe_seconds(line, "teardown_time", report->teardown_us);
    if (report->n_pieces != 1)
        tps_json_line_int(line, "pieces", report->n_pieces);
    if (report->pieces)
        tps_pieces_json_append(line, report->pieces);
    if (report->n_processes != report->n_pieces)
        tps_json_line_int(line, "processes", report->n_processes);
    append_maybe_strings(line, "problems", report->problems);
    append_maybe_int(line, "unselected", report->n_unselected);
    tps_json_line_strings(line, "planned", report->planned);
    append_maybe_strings(line, "added", report->added);
    append_maybe_strings(line, "removed", report->removed);
    append_results(line, "results", report->results, report->output);
    append_whole_output(line, report);
}

void tps_part_json_append(GString *line, const TpsPartReport *report)
{
    tps_json_line_string(line, "plan", report->plan_id);
    tps_json_line_maybe_string(line, "run", report->run_id);
    tps_json_line_string(line, "suite", report->suite);
    tps_json_line_open(line, "part", '[');
    tps_json_line_int(line, NULL, report->part.index);
    tps_json_line_int(line, NULL, report->part.count);
    tps_json_line_close(line, ']');
    tps_json_line_int(line, "attempt", report->attempt);
    tps_json_line_string(line, "host", report->host);
    tps_json_line_int(line, "worker", report->worker);
    append_maybe_true(line, "crowded", report->crowded);
    tps_json_line_seconds(line, "started", report->started_us);
    if (report->done)
        append_process(line, report);
}

static bool fail(GError **error, const char *message)
{
    g_set_error_literal(error, TPS_ERROR, TPS_ERROR_INPUT, message);
    return false;
}

static bool is_true(const cJSON *object, const char *key)
{
    return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(object, key));
}

static bool read_tuple(const cJSON *object, TpsPart *part, GError **error)
{
    const cJSON *tuple;

    if (!tps_json_get_array(object, "part", &tuple, error))
        return false;
    return tps_json_part(tuple, part) || fail(error, "'part' must be [M, N] with 0 <= M < N");
}

static bool read_identity(const cJSON *object, TpsPartReport *report, GError **error)
{
    int64_t attempt;
    int64_t worker;

    if (!tps_json_line_get_bytes(object, "plan", &report->plan_id, error) ||
        !tps_json_line_maybe_bytes(object, "run", &report->run_id, error) ||
        !tps_json_get_int(object, "attempt", 1, COUNT_MAX, &attempt, error) ||
        !tps_json_line_get_bytes(object, "host", &report->host, error) ||
        !tps_json_get_int(object, "worker", 0, COUNT_MAX, &worker, error) ||
        !tps_json_get_instant(object, "started", &report->started_us, error))
        return false;
    report->attempt = (int)attempt;
    report->worker = (int)worker;
    report->crowded = is_true(object, "crowded");
    return true;
}

static bool read_end(const cJSON *object, TpsPartReport *report, GError **error)
{
    const char *end;
    int64_t code;

    if (!tps_json_get_string(object, "end", &end, error) ||
        !tps_json_get_int(object, "code", 0, COUNT_MAX, &code, error))
        return false;
    report->code = (int)code;
    report->core_dumped = is_true(object, "core_dumped");
    report->oom_killed = is_true(object, "oom_killed");
    return tps_end_parse(end, &report->end) ||
           fail(error, "'end' is not a word this version knows");
}

static bool read_left_behind(const cJSON *object, TpsPartReport *report, GError **error)
{
    int64_t leaked;

    if (!tps_json_get_int(object, "leaked", 0, COUNT_MAX, &leaked, error) ||
        !tps_json_line_maybe_bytes(object, "leaked_names", &report->leaked, error) ||
        !tps_json_line_maybe_bytes(object, "kept", &report->kept, error))
        return false;
    report->n_leaked = (int)leaked;
    report->held_pipe = is_true(object, "held_pipe");
    report->cut_short = is_true(object, "cut_short");
    return true;
}

/* Its path becomes one of ours: it must not lead anywhere else. */
static bool read_artifact(const cJSON *object, GPtrArray *artifacts, GError **error)
{
    g_autofree char *path = NULL;
    const char *digest;
    TpsArtifact *artifact;
    int64_t number;
    int64_t size;

    if (!tps_json_line_get_bytes(object, "path", &path, error) ||
        !tps_json_maybe_int(object, "piece", 0, COUNT_MAX, 0, &number, error) ||
        !tps_json_get_int(object, "size", 0, BYTES_MAX, &size, error) ||
        !tps_json_get_string(object, "sha256", &digest, error))
        return false;
    if (!tps_path_is_inner(path))
        return fail(error, "the 'path' of an artifact leads out of its directory");
    artifact = tps_artifacts_add(artifacts, path, size, digest);
    artifact->number = (int)number;
    artifact->required = is_true(object, "required");
    return true;
}

static bool read_artifacts(const cJSON *object, TpsPartReport *report, GError **error)
{
    const cJSON *array = cJSON_GetObjectItemCaseSensitive(object, "artifacts");
    const cJSON *element;

    if (array && !cJSON_IsArray(array))
        return fail(error, "'artifacts' must be an array");
    cJSON_ArrayForEach(element, array)
    {
        if (!read_artifact(element, report->artifacts, error))
            return false;
    }
    return true;
}

static bool read_whole_output(const cJSON *object, TpsPartReport *report, GError **error)
{
    int64_t bytes;
    int64_t offset;

    if (!tps_json_line_maybe_bytes(object, "output", &report->output, error) ||
        !tps_json_line_maybe_bytes(object, "output_file", &report->output_file, error) ||
        !tps_json_maybe_int(object, "output_bytes", 0, BYTES_MAX, 0, &bytes, error) ||
        !tps_json_maybe_int(object, "output_offset", 0, BYTES_MAX, 0, &offset, error))
        return false;
    if (report->output_file && !tps_path_is_inner(report->output_file)) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT,
                    "'output_file' leads out of the report directory");
        return false;
    }
    report->output_bytes = (uint64_t)bytes;
    report->output_offset = (uint64_t)offset;
    return true;
}

static bool read_process(const cJSON *object, TpsPartReport *report, GError **error)
{
    int64_t pieces;
    int64_t processes;
    int64_t unselected;

    if (!tps_json_get_instant(object, "ended", &report->ended_us, error) ||
        !read_end(object, report, error) ||
        !tps_json_get_seconds(object, "wall_time", &report->wall_us, error) ||
        !tps_json_get_seconds(object, "cpu_time", &report->cpu_us, error) ||
        !tps_json_get_int(object, "max_rss_bytes", 0, BYTES_MAX, &report->max_rss_bytes, error) ||
        !tps_json_maybe_seconds(object, "rerun_time", 0, &report->rerun_us, error) ||
        !tps_json_maybe_seconds(object, "paused_time", 0, &report->paused_us, error) ||
        !tps_json_maybe_int(object, "peak_bytes", 0, BYTES_MAX, 0, &report->peak_bytes, error) ||
        !read_left_behind(object, report, error) ||
        !tps_json_maybe_int(object, "pieces", 1, COUNT_MAX, 1, &pieces, error) ||
        !tps_json_maybe_int(object, "processes", 0, COUNT_MAX, pieces, &processes, error) ||
        !tps_json_maybe_int(object, "unselected", 0, COUNT_MAX, 0, &unselected, error) ||
        !tps_json_maybe_seconds(object, "setup_time", TPS_TIME_UNKNOWN, &report->setup_us, error) ||
        !tps_json_maybe_seconds(object, "teardown_time", TPS_TIME_UNKNOWN, &report->teardown_us,
                                error))
        return false;
    report->n_pieces = (int)pieces;
    report->n_processes = (int)processes;
    report->n_unselected = (guint)unselected;
    return tps_pieces_json_read(object, &report->pieces, error) &&
           tps_json_line_maybe_strings(object, "problems", report->problems, error) &&
           tps_json_line_maybe_strings(object, "planned", report->planned, error) &&
           tps_json_line_maybe_strings(object, "added", report->added, error) &&
           tps_json_line_maybe_strings(object, "removed", report->removed, error);
}

/* While the results of a report are read. */
typedef struct {
    const char *output; /* what its task printed, or NULL */
    bool whole;
} Results;

static bool read_outcome(const cJSON *object, TpsOutcome *outcome, GError **error)
{
    const char *word;

    if (!tps_json_get_string(object, "outcome", &word, error))
        return false;
    for (int i = 0; i <= TPS_OUTCOME_ERROR; i++) {
        if (strcmp(tps_outcome_name((TpsOutcome)i), word) == 0) {
            *outcome = (TpsOutcome)i;
            return true;
        }
    }
    return fail(error, "'outcome' is not a word this version knows");
}

static bool read_output(const Results *results, const cJSON *object, TpsResult *result,
                        GError **error)
{
    const cJSON *output = cJSON_GetObjectItemCaseSensitive(object, "output");

    if (!results->whole && !tps_outcome_is_bad(result->outcome))
        return true;
    if (!cJSON_IsTrue(output))
        return tps_json_line_maybe_bytes(object, "output", &result->output, error);
    result->output = g_strdup(results->output);
    return true;
}

/* Lists inside of lists: an attempt has no attempts of its own, and a case no cases. */
typedef enum { LIST_RESULTS = 0, LIST_ATTEMPTS = 1, LIST_CASES = 2 } List;

static const char *const list_names[] = {
    [LIST_RESULTS] = "results",
    [LIST_ATTEMPTS] = "attempts",
    [LIST_CASES] = "cases",
};

static bool read_results(const Results *results, const cJSON *array, List which, unsigned around,
                         GPtrArray *list, GError **error);

/* Attempts or cases, where there are any; `around`: the lists it stands in. */
static bool read_inner(const Results *results, const cJSON *object, List which, unsigned around,
                       GPtrArray **list, GError **error)
{
    const cJSON *array = cJSON_GetObjectItemCaseSensitive(object, list_names[which]);

    if (!array)
        return true;
    *list = tps_results_new();
    return read_results(results, array, which, around, *list, error);
}

/* Earlier attempts have no name of their own. */
static bool read_id(const cJSON *object, List which, TpsResult *result, GError **error)
{
    return which == LIST_ATTEMPTS ? tps_json_line_maybe_bytes(object, "id", &result->id, error)
                                  : tps_json_line_get_bytes(object, "id", &result->id, error);
}

static bool read_result(const Results *results, const cJSON *object, unsigned around,
                        TpsResult *result, GError **error)
{
    return read_outcome(object, &result->outcome, error) &&
           tps_json_maybe_seconds(object, "time", TPS_TIME_UNKNOWN, &result->time_us, error) &&
           tps_json_line_maybe_bytes(object, "file", &result->file, error) &&
           tps_json_maybe_int(object, "line", 0, BYTES_MAX, 0, &result->line, error) &&
           tps_json_line_maybe_bytes(object, "type", &result->type, error) &&
           tps_json_line_maybe_bytes(object, "message", &result->message, error) &&
           tps_json_line_maybe_bytes(object, "text", &result->text, error) &&
           read_output(results, object, result, error) &&
           tps_pieces_json_number(object, &result->piece, error) &&
           tps_properties_json_read(object, &result->properties, error) &&
           read_inner(results, object, LIST_ATTEMPTS, around, &result->attempts, error) &&
           read_inner(results, object, LIST_CASES, around, &result->cases, error);
}

static bool read_results(const Results *results, const cJSON *array, List which, unsigned around,
                         GPtrArray *list, GError **error)
{
    const cJSON *element;

    if (!cJSON_IsArray(array) || (which & around)) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT, "'%s' must be an array of results",
                    list_names[which]);
        return false;
    }
    cJSON_ArrayForEach(element, array)
    {
        TpsResult *result = tps_result_new(NULL, TPS_OUTCOME_ERROR, TPS_TIME_UNKNOWN);

        g_ptr_array_add(list, result);
        if (!read_id(element, which, result, error) ||
            !read_result(results, element, around | which, result, error))
            return false;
    }
    return true;
}

static bool read_done(const cJSON *object, TpsPartReport *report, bool whole, GError **error)
{
    const cJSON *array = cJSON_GetObjectItemCaseSensitive(object, "results");
    Results results = {.whole = whole};

    report->done = true;
    if (!read_process(object, report, error) || !read_artifacts(object, report, error) ||
        !tps_properties_json_read(object, &report->properties, error) ||
        !read_whole_output(object, report, error))
        return false;
    results.output = report->output;
    if (!read_results(&results, array, LIST_RESULTS, 0, report->results, error))
        return false;
    if (!whole && !tps_part_report_is_bad(report))
        g_clear_pointer(&report->output, g_free);
    return true;
}

TpsPartReport *tps_part_json_read(const cJSON *object, bool done, bool whole, GError **error)
{
    g_autoptr(TpsPartReport) report = NULL;
    g_autofree char *suite = NULL;
    TpsPart part;

    if (!tps_json_line_get_bytes(object, "suite", &suite, error) ||
        !read_tuple(object, &part, error))
        return NULL;
    report = tps_part_report_new(suite, part);
    if (!read_identity(object, report, error) || (done && !read_done(object, report, whole, error)))
        return NULL;
    return g_steal_pointer(&report);
}
