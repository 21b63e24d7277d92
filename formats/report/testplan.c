/* SPDX-License-Identifier: MIT */
#include "core/saturate.h"
#include "formats/json_rows.h"
#include "formats/report/places_internal.h"
#include "formats/report/testplan_internal.h"
#include "formats/report/texts_internal.h"
#include "formats/report/writers_internal.h"

#include <string.h>

/*
 * Testplan's JSON report, version 1: the whole tree in one file. Suites are multitests whose parts
 * are merged; a testsuite is what follows each other and has the same first half of its id. What a
 * group counts is written behind its entries, so one testcase is held at a time, and the names of
 * one suite's testsuites.
 */

/* What Testplan calls what became of a testcase. */
typedef enum { PASSED, FAILED, ERROR, SKIPPED, N_STATUSES } Status;

static const char *const status_names[] = {"passed", "failed", "error", "skipped"};

typedef struct {
    const TpsReport *report;
    TpsPlaces *places;
    TpsJsonRows rows;
    const TpsReportSuite *suite; /* of what comes next                            */
    GHashTable *used;            /* of char*: uids of the suite's testsuites      */
    char *group;                 /* name of the testsuite under way, or NULL      */
    char *group_uid;
    guint count[N_STATUSES];       /* of the testsuite under way                  */
    guint suite_count[N_STATUSES]; /* of the suite                                */
    guint all_count[N_STATUSES];
} Writing;

size_t tps_testplan_split(const char *id, size_t *separator)
{
    static const char *const separators[] = {"::", " > ", ":", "#", "/", "."};
    size_t end = strcspn(id, "[({");

    for (size_t i = 0; i < G_N_ELEMENTS(separators); i++) {
        size_t length = strlen(separators[i]);
        const char *at = g_strrstr_len(id, (gssize)end, separators[i]);

        if (at && at > id && at[length]) {
            *separator = length;
            return (size_t)(at - id);
        }
    }
    *separator = 0;
    return 0;
}

char *tps_testplan_uid(const char *id)
{
    GString *uid = g_string_new(NULL);

    while (*id) {
        gunichar character = g_utf8_get_char_validated(id, -1);
        size_t length = (gint32)character < 0 ? 1 : (size_t)g_unichar_to_utf8(character, NULL);

        if ((gint32)character < 0 || character == '%')
            g_string_append_printf(uid, "%%%02X", (unsigned char)*id);
        else
            g_string_append_len(uid, id, (gssize)length);
        id += length;
    }
    return g_string_free(uid, FALSE);
}

/* Flaky is passed: Testplan has no word for it that its exit status would not take for worse. */
static Status status_of(const TpsReport *report, const TpsResult *result)
{
    if (result->outcome == TPS_OUTCOME_ERROR)
        return ERROR;
    if (tps_report_is_bad(report, result))
        return FAILED;
    return result->outcome == TPS_OUTCOME_SKIPPED ? SKIPPED : PASSED;
}

static Status worst(const guint *count)
{
    if (count[ERROR] > 0)
        return ERROR;
    if (count[FAILED] > 0)
        return FAILED;
    return count[PASSED] > 0 || count[SKIPPED] == 0 ? PASSED : SKIPPED;
}

static void put_valid(GString *line, const char *name, const char *text)
{
    g_autofree char *valid = tps_text_valid(text);

    tps_json_line_string(line, name, valid);
}

static void put_raw(GString *line, const char *members)
{
    g_string_append(line, members);
}

static void put_interval(GString *line, int64_t start_us, int64_t end_us)
{
    tps_json_line_open(line, "timer", '{');
    if (start_us >= 0) {
        tps_json_line_open(line, "run", '[');
        tps_json_line_open(line, NULL, '{');
        tps_json_line_seconds(line, "start", start_us);
        tps_json_line_seconds(line, "end", MAX(start_us, end_us));
        tps_json_line_close(line, '}');
        tps_json_line_close(line, ']');
    }
    tps_json_line_close(line, '}');
}

static void put_counter(GString *line, const guint *count)
{
    guint total = 0;

    tps_json_line_open(line, "counter", '{');
    for (int i = 0; i < N_STATUSES; i++) {
        if (count[i] > 0 || i <= FAILED)
            tps_json_line_int(line, status_names[i], count[i]);
        total += count[i];
    }
    tps_json_line_int(line, "total", total);
    tps_json_line_close(line, '}');
}

static void put_status(GString *line, Status status)
{
    tps_json_line_string(line, "status", status_names[status]);
    put_raw(line, "\"runtime_status\":\"finished\",\"logs\":[],\"hash\":0,");
}

static void put_identity(GString *line, const char *type, const char *category, const char *name,
                         const char *uid)
{
    tps_json_line_string(line, "type", type);
    tps_json_line_string(line, "category", category);
    put_valid(line, "name", name);
    put_valid(line, "definition_name", name);
    put_raw(line, "\"description\":null,");
    tps_json_line_string(line, "uid", uid);
}

static void put_parents(GString *line, const Writing *writing, bool in_suite, bool in_group)
{
    g_autofree char *root = tps_testplan_uid(writing->report->name);
    g_autofree char *suite = in_suite ? tps_testplan_uid(writing->suite->name) : NULL;

    tps_json_line_open(line, "parent_uids", '[');
    tps_json_line_string(line, NULL, root);
    if (in_suite)
        tps_json_line_string(line, NULL, suite);
    if (in_group)
        tps_json_line_string(line, NULL, writing->group_uid);
    tps_json_line_close(line, ']');
}

/* An assertion that didn't hold, or did. */
static void put_assertion(GString *line, bool passed, const TpsResult *result, const char *name)
{
    g_autofree char *message = tps_text_plain(result->message ? result->message : "");
    g_autofree char *text = tps_text_plain(result->text ? result->text : "");

    put_raw(line, "{\"type\":\"RawAssertion\",\"meta_type\":\"assertion\",\"timestamp\":0,");
    put_valid(line, "description",
              name       ? name
              : *message ? message
                         : tps_outcome_name(result->outcome));
    put_raw(line, passed ? "\"passed\":true," : "\"passed\":false,");
    tps_json_line_string(line, "content", *text ? text : message);
    if (result->file) {
        put_valid(line, "file_path", result->file);
        tps_json_line_int(line, "line_no", MAX(result->line, 0));
        put_raw(line, "\"code_context\":null,");
    }
    tps_json_line_close(line, '}');
}

static void put_log(GString *line, const char *description, const char *text)
{
    g_autofree char *plain = text && *text ? tps_text_plain(text) : NULL;

    if (!plain)
        return;
    put_raw(line, "{\"type\":\"Log\",\"meta_type\":\"entry\",\"timestamp\":0,");
    tps_json_line_string(line, "description", description);
    tps_json_line_string(line, "message", plain);
    tps_json_line_close(line, '}');
}

static void put_attempts(GString *line, const GPtrArray *attempts)
{
    for (guint i = 0; attempts && i < attempts->len; i++) {
        const TpsResult *attempt = g_ptr_array_index(attempts, i);
        g_autofree char *title =
            g_strdup_printf("attempt %u: %s", i + 1, tps_outcome_name(attempt->outcome));
        g_autofree char *text = g_strconcat(attempt->message ? attempt->message : "", "\n",
                                            attempt->text ? attempt->text : "", NULL);

        put_log(line, title, text);
    }
}

static void put_entries(GString *line, const TpsReport *report, const TpsResult *result)
{
    Status status = status_of(report, result);

    tps_json_line_open(line, "entries", '[');
    if (status == FAILED || status == ERROR)
        put_assertion(line, false, result, NULL);
    for (guint i = 0; result->cases && i < result->cases->len; i++) {
        const TpsResult *inner = g_ptr_array_index(result->cases, i);

        put_assertion(line, !tps_report_is_bad(report, inner), inner, inner->id);
    }
    if (status == SKIPPED)
        put_log(line, "skipped", result->message);
    put_attempts(line, result->attempts);
    put_log(line, "output", result->output);
    tps_json_line_close(line, ']');
}

static void put_case_timer(GString *line, const Writing *writing, const TpsResult *result)
{
    int64_t start = writing->suite->started_us;
    TpsPlace place;

    if (writing->places &&
        tps_places_find(writing->places, writing->suite->name, result->id, &place))
        start = tps_places_start(writing->report->timeline, &place);
    put_interval(line, result->time_us >= 0 ? start : TPS_TIME_UNKNOWN,
                 tps_add_sat(MAX(start, 0), MAX(result->time_us, 0)));
}

/* `name` is that of the testcase within its testsuite. */
static void put_case(Writing *writing, const TpsResult *result, const char *name)
{
    GString *line = writing->rows.line;
    Status status = status_of(writing->report, result);
    guint count[N_STATUSES] = {0};
    g_autofree char *uid = tps_testplan_uid(result->id);

    count[status] = 1;
    writing->count[status]++;
    tps_json_line_open(line, NULL, '{');
    put_identity(line, "TestCaseReport", "testcase", name, uid);
    put_parents(line, writing, true, true);
    put_entries(line, writing->report, result);
    put_counter(line, count);
    /* Of a testcase with entries Testplan works out anew whether it passed. */
    if (status == ERROR || status == SKIPPED)
        tps_json_line_string(line, "status_override", status_names[status]);
    put_status(line, status);
    put_case_timer(line, writing, result);
    put_raw(line, "\"tags\":{},");
    tps_json_line_close(line, '}');
    tps_json_rows_put(&writing->rows);
}

static void end_group(Writing *writing)
{
    GString *line = writing->rows.line;

    if (!writing->group)
        return;
    put_counter(line, writing->count);
    put_status(line, worst(writing->count));
    tps_json_rows_end(&writing->rows, "]}");
    for (int i = 0; i < N_STATUSES; i++)
        writing->suite_count[i] += writing->count[i];
    memset(writing->count, 0, sizeof writing->count);
    g_clear_pointer(&writing->group, g_free);
    g_clear_pointer(&writing->group_uid, g_free);
}

/* The same testsuite may come again later; two of one uid would be refused. */
static char *unused_uid(Writing *writing, const char *name)
{
    char *uid = tps_testplan_uid(name);

    for (guint n = 2; !g_hash_table_add(writing->used, g_strdup(uid)); n++) {
        g_autofree char *plain = tps_testplan_uid(name);

        g_free(uid);
        uid = g_strdup_printf("%s [%u]", plain, n);
    }
    return uid;
}

static void begin_group(Writing *writing, const char *name)
{
    GString *line = writing->rows.line;

    end_group(writing);
    writing->group = g_strdup(name);
    writing->group_uid = unused_uid(writing, name);
    tps_json_line_open(line, NULL, '{');
    put_identity(line, "TestGroupReport", "testsuite", name, writing->group_uid);
    put_parents(line, writing, true, false);
    put_raw(line, "\"strict_order\":false,\"tags\":{},\"timer\":{},\"children\":[],");
    tps_json_rows_begin(&writing->rows, "entries", '[');
}

static bool put_result(const TpsReportSuite *suite, const TpsResult *result, void *user,
                       GError **error)
{
    Writing *writing = user;
    size_t separator;
    size_t length = tps_testplan_split(result->id, &separator);
    g_autofree char *group = length ? g_strndup(result->id, length) : g_strdup(suite->name);

    (void)error;
    if (!writing->group || strcmp(writing->group, group) != 0)
        begin_group(writing, group);
    put_case(writing, result, result->id + length + separator);
    return true;
}

static void begin_suite(Writing *writing, const TpsReportSuite *suite)
{
    GString *line = writing->rows.line;
    g_autofree char *uid = tps_testplan_uid(suite->name);

    writing->suite = suite;
    g_hash_table_remove_all(writing->used);
    memset(writing->suite_count, 0, sizeof writing->suite_count);
    tps_json_line_open(line, NULL, '{');
    put_identity(line, "TestGroupReport", "multitest", suite->name, uid);
    put_parents(line, writing, false, false);
    put_raw(line, "\"part\":null,\"env_status\":null,\"timezone\":\"Etc/UTC\",\"tags\":{},"
                  "\"children\":[],");
    if (suite->hostname)
        put_valid(line, "host", suite->hostname);
    else
        put_raw(line, "\"host\":null,");
    put_interval(line, suite->started_us, suite->ended_us);
    tps_json_rows_begin(&writing->rows, "entries", '[');
}

static void end_suite(Writing *writing)
{
    GString *line = writing->rows.line;

    end_group(writing);
    put_counter(line, writing->suite_count);
    put_status(line, worst(writing->suite_count));
    tps_json_rows_end(&writing->rows, "]}");
    for (int i = 0; i < N_STATUSES; i++)
        writing->all_count[i] += writing->suite_count[i];
}

static void put_problems(Writing *writing)
{
    guint n = tps_report_n_problems(writing->report);
    TpsReportSuite suite = {
        .name = (char *)TPS_REPORT_PROBLEMS,
        .started_us = TPS_TIME_UNKNOWN,
    };

    if (n == 0)
        return;
    begin_suite(writing, &suite);
    begin_group(writing, "problems");
    for (guint i = 0; i < n; i++) {
        g_autofree char *id = g_strdup_printf("problem %u", i + 1);
        g_autoptr(TpsResult) result = tps_result_new(id, TPS_OUTCOME_ERROR, TPS_TIME_UNKNOWN);

        result->message = tps_report_problem_text(writing->report, i);
        put_case(writing, result, id);
    }
    end_suite(writing);
}

static void put_head(Writing *writing)
{
    const TpsReport *report = writing->report;
    GString *line = writing->rows.line;
    g_autofree char *uid = tps_testplan_uid(report->name);
    g_autofree char *headline = tps_report_headline(report);

    tps_json_line_int(line, "version", 1);
    put_identity(line, "TestReport", "testplan", report->name, uid);
    put_raw(line, "\"parent_uids\":[],\"meta\":{},\"label\":null,\"tags_index\":{},\"children\":[],"
                  "\"timezone\":\"Etc/UTC\",\"attachments\":{},\"timeout\":null,");
    tps_json_line_open(line, "information", '[');
    tps_json_line_open(line, NULL, '[');
    tps_json_line_string(line, NULL, "tpsched");
    tps_json_line_string(line, NULL, headline);
    tps_json_line_close(line, ']');
    tps_json_line_close(line, ']');
    put_interval(line, report->started_us, report->ended_us);
    tps_json_rows_begin(&writing->rows, "entries", '[');
}

static void put_foot(Writing *writing)
{
    GString *line = writing->rows.line;

    put_counter(line, writing->all_count);
    put_status(line, worst(writing->all_count));
    tps_json_rows_end(&writing->rows, "]}");
}

static bool put_suites(Writing *writing, GError **error)
{
    const TpsReport *report = writing->report;

    for (guint i = 0; i < report->suites->len; i++) {
        const TpsReportSuite *suite = g_ptr_array_index(report->suites, i);

        begin_suite(writing, suite);
        if (!tps_report_visit(report, suite, put_result, writing, error))
            return false;
        end_suite(writing);
    }
    return true;
}

static bool write_testplan(const TpsReport *report, const TpsReportLook *look, TpsSink *sink,
                           GError **error)
{
    g_autoptr(TpsPlaces) places = report->timeline ? tps_places_new(report->timeline) : NULL;
    g_autoptr(GHashTable) used = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    Writing writing = {report, places, tps_json_rows_new(sink), .used = used};
    bool written;

    (void)look;
    tps_json_rows_begin(&writing.rows, NULL, '{');
    put_head(&writing);
    put_problems(&writing);
    written = put_suites(&writing, error);
    if (written)
        put_foot(&writing);
    tps_sink_text(sink, "\n");
    g_free(writing.group);
    g_free(writing.group_uid);
    tps_json_rows_clear(&writing.rows);
    return written;
}

const TpsReportWriter tps_report_writer_testplan = {
    .name = "testplan",
    .suffix = ".json",
    .about = "Testplan's JSON report, with merged parts",
    .write = write_testplan,
};
