/* SPDX-License-Identifier: MIT */
#include "formats/loose/document_internal.h"

#include <stdlib.h>
#include <string.h>

/* More attempts of one test are not kept; nobody runs one so often. */
#define ATTEMPTS_MAX 1000
#define TOOL_BYTES 1024 /* of a tool's name */

/* What is neither passed nor failed nor skipped has not been shown to pass. */
static TpsOutcome outcome_of(const TpsDocumentFrame *frame)
{
    static const struct {
        const char *status;
        TpsOutcome outcome;
    } statuses[] = {{"passed", TPS_OUTCOME_PASSED},
                    {"failed", TPS_OUTCOME_FAILED},
                    {"skipped", TPS_OUTCOME_SKIPPED},
                    {"pending", TPS_OUTCOME_SKIPPED}};
    const char *status = frame->values[FIELD_STATUS];
    const char *raw = frame->values[FIELD_RAW_STATUS];

    for (size_t i = 0; status && i < G_N_ELEMENTS(statuses); i++)
        if (strcmp(status, statuses[i].status) == 0)
            return statuses[i].outcome;
    return g_strcmp0(raw, "todo") == 0 ? TPS_OUTCOME_SKIPPED : TPS_OUTCOME_ERROR;
}

static char *describe_status(const TpsDocumentFrame *frame)
{
    const char *status = frame->values[FIELD_STATUS];
    const char *raw = frame->values[FIELD_RAW_STATUS];
    g_autofree char *text = g_strdup_printf("its status is '%s'%s%s%s", status ? status : "",
                                            raw ? " (" : "", raw ? raw : "", raw ? ")" : "");

    return g_utf8_make_valid(text, -1);
}

static char *one_line(const char *text)
{
    g_autofree char *valid = tps_document_text(text);
    char *line = valid ? g_strdup(valid) : NULL;

    return line ? g_strdelimit(line, "\r\n", ' ') : NULL;
}

static TpsResult *result_of(const TpsDocumentFrame *frame)
{
    g_autofree char *id = tps_document_text(frame->values[FIELD_NAME]);
    TpsResult *result = tps_result_new(id, outcome_of(frame),
                                       tps_document_milliseconds(frame->values[FIELD_DURATION]));
    const char *message = frame->values[FIELD_MESSAGE];

    result->message = one_line(message);
    result->text = tps_document_text(frame->values[FIELD_TRACE]);
    if (!result->text && message && strpbrk(message, "\r\n"))
        result->text = tps_document_text(message);
    if (!result->message && result->outcome == TPS_OUTCOME_ERROR)
        result->message = describe_status(frame);
    return result;
}

static void end_attempt(const TpsDocument *document, const TpsDocumentFrame *frame)
{
    TpsDocumentFrame *array = tps_document_parent(document);
    TpsResult *attempt = result_of(frame);

    if (!array->results)
        array->results = tps_results_new();
    if (tps_outcome_is_bad(attempt->outcome) && array->results->len < ATTEMPTS_MAX)
        g_ptr_array_add(array->results, attempt);
    else
        tps_result_free(attempt);
}

static void set_attempts(TpsResult *result, TpsDocumentFrame *frame)
{
    bool flaky = g_strcmp0(frame->values[FIELD_FLAKY], "true") == 0;

    if (frame->results && frame->results->len > 0)
        result->attempts = g_steal_pointer(&frame->results);
    if (result->outcome == TPS_OUTCOME_PASSED && (flaky || result->attempts))
        result->outcome = TPS_OUTCOME_FLAKY;
}

/* As much of it as may be the name of a suite for each test that has none. Caller frees. */
static char *tool_name(const char *name)
{
    return name ? g_utf8_make_valid(name, (gssize)strnlen(name, TOOL_BYTES)) : NULL;
}

static const char *suite_of(TpsDocument *document, const TpsDocumentFrame *frame)
{
    const char *suite = frame->values[FIELD_SUITE];
    const char *name = suite && *suite ? suite : document->tool;

    if (!name || !*name)
        name = document->out->name;
    if (!g_hash_table_contains(document->suites, name))
        g_hash_table_add(document->suites, g_strdup(name));
    return name;
}

static bool end_test(TpsDocument *document, TpsDocumentFrame *frame, GError **error)
{
    TpsResult *result;

    document->n_tests++;
    if (!frame->values[FIELD_NAME] || !*frame->values[FIELD_NAME]) {
        g_free(frame->values[FIELD_NAME]);
        frame->values[FIELD_NAME] = g_strdup_printf("test %" G_GUINT64_FORMAT, document->n_tests);
    }
    result = result_of(frame);
    document->n_bad += tps_outcome_is_bad(result->outcome);
    result->file = tps_document_text(frame->values[FIELD_FILE]);
    if (frame->values[FIELD_LINE])
        result->line = CLAMP(g_ascii_strtoll(frame->values[FIELD_LINE], NULL, 10), 0, G_MAXINT32);
    if (frame->text)
        result->output = tps_document_text(frame->text->str);
    set_attempts(result, frame);
    return tps_loose_say(document->out, suite_of(document, frame), result, error);
}

static void end_summary(TpsDocument *document, const TpsDocumentFrame *frame)
{
    const char *tests = frame->values[FIELD_TESTS];
    const char *failed = frame->values[FIELD_FAILED];

    if (failed)
        document->claims_bad = g_ascii_strtoll(failed, NULL, 10);
    if (tests)
        document->n_claimed = g_ascii_strtoll(tests, NULL, 10);
    document->started_us = tps_document_milliseconds(frame->values[FIELD_START]);
    document->ended_us = tps_document_milliseconds(frame->values[FIELD_STOP]);
}

/* Texts of an array belong to the test around it. */
static void end_array(const TpsDocument *document, TpsDocumentFrame *frame)
{
    TpsDocumentFrame *test = tps_document_parent(document);

    if (frame->role == ROLE_ATTEMPTS && !test->results)
        test->results = g_steal_pointer(&frame->results);
    if (!frame->text)
        return;
    if (frame->role == ROLE_SUITES) {
        g_free(test->values[FIELD_SUITE]);
        test->values[FIELD_SUITE] = g_strdup(frame->text->str);
    } else if (!test->text) {
        test->text = g_steal_pointer(&frame->text);
    } else {
        g_string_append_c(test->text, '\n');
        g_string_append_len(test->text, frame->text->str, (gssize)frame->text->len);
    }
}

bool tps_ctrf_end(TpsDocument *document, TpsDocumentFrame *frame, GError **error)
{
    if (frame->role == ROLE_TEST)
        return end_test(document, frame, error);
    if (frame->role == ROLE_ATTEMPT)
        end_attempt(document, frame);
    else if (frame->role == ROLE_SUMMARY)
        end_summary(document, frame);
    else if (frame->role == ROLE_TOOL && !document->tool)
        document->tool = tool_name(frame->values[FIELD_NAME]);
    else if (frame->role == ROLE_ATTEMPTS || frame->role == ROLE_OUTPUTS ||
             frame->role == ROLE_SUITES)
        end_array(document, frame);
    return true;
}

static gint compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Times are those of the whole run. */
static bool say_suites(TpsDocument *document, GError **error)
{
    guint n;
    g_autofree gpointer *names = g_hash_table_get_keys_as_array(document->suites, &n);

    qsort(names, n, sizeof *names, compare_names);
    for (guint i = 0; i < n; i++) {
        const TpsLooseSuite suite = {
            .name = names[i], .started_us = document->started_us, .ended_us = document->ended_us};

        if (!tps_loose_say_suite(document->out, &suite, error))
            return false;
    }
    return true;
}

bool tps_ctrf_finish(TpsDocument *document, GError **error)
{
    if (document->n_claimed >= 0 && (guint64)document->n_claimed != document->n_tests)
        tps_loose_warn(document->out,
                       "the summary says tests=%" G_GINT64_FORMAT
                       ", but there are %" G_GUINT64_FORMAT,
                       document->n_claimed, document->n_tests);
    if (document->claims_bad > 0 && document->n_bad == 0)
        tps_loose_complain(document->out,
                           "the summary tells of %" G_GINT64_FORMAT
                           " failures, and no testcase failed",
                           document->claims_bad);
    return say_suites(document, error);
}
