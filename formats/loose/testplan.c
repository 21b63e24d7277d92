/* SPDX-License-Identifier: MIT */
#include "core/duration.h"
#include "formats/junit_internal.h"
#include "formats/loose/document_internal.h"

#include <string.h>

/* The testcase that stands for a multitest itself. */
#define MULTITEST_CASE "<multitest>"

/* A name is cut in the ids of what it holds, so that ids don't outgrow the report. */
#define GROUP_NAME_MAX 256
#define ID_MAX 1024

/* Of what failed assertions say. */
#define TEXT_MAX ((size_t)64 * 1024)

static TpsOutcome outcome_of(const TpsDocumentFrame *frame)
{
    static const struct {
        const char *status;
        TpsOutcome outcome;
    } statuses[] = {
        {"passed", TPS_OUTCOME_PASSED},   {"failed", TPS_OUTCOME_FAILED},
        {"skipped", TPS_OUTCOME_SKIPPED}, {"xfail", TPS_OUTCOME_SKIPPED},
        {"xpass", TPS_OUTCOME_PASSED},    {"xpass-strict", TPS_OUTCOME_FAILED},
        {"unstable", TPS_OUTCOME_PASSED},
    };
    const char *status = frame->values[FIELD_OVERRIDE];

    if (!status || !*status)
        status = frame->values[FIELD_STATUS];
    for (size_t i = 0; status && i < G_N_ELEMENTS(statuses); i++)
        if (strcmp(status, statuses[i].status) == 0)
            return statuses[i].outcome;
    return TPS_OUTCOME_ERROR;
}

static bool is_category(const TpsDocumentFrame *frame, const char *category)
{
    return g_strcmp0(frame->values[FIELD_CATEGORY], category) == 0;
}

/* ISO 8601, or seconds since the epoch in newer versions. */
static int64_t instant(const char *text)
{
    int64_t us = TPS_TIME_UNKNOWN;
    char *end;
    double seconds = text ? g_ascii_strtod(text, &end) : 0;

    if (!text)
        return us;
    if (*end == '\0' && seconds > 0 && seconds < 1e11)
        return (int64_t)(seconds * 1e6 + 0.5);
    tps_junit_timestamp_parse(text, &us);
    return us;
}

static void end_interval(const TpsDocument *document, const TpsDocumentFrame *frame)
{
    TpsDocumentFrame *around = tps_document_parent(document);
    int64_t started_us = instant(frame->values[FIELD_START]);
    int64_t ended_us = instant(frame->values[FIELD_END]);

    if (started_us == TPS_TIME_UNKNOWN || ended_us < started_us ||
        ended_us - started_us > TPS_DURATION_MAX_US)
        return;
    if (around->started_us == TPS_TIME_UNKNOWN || started_us < around->started_us)
        around->started_us = started_us;
    around->ended_us = MAX(around->ended_us, ended_us);
    around->time_us = MAX(around->time_us, 0) + (ended_us - started_us);
}

/* A timer and its intervals tell the node around them. */
static void pass_times(const TpsDocument *document, const TpsDocumentFrame *frame)
{
    TpsDocumentFrame *around = tps_document_parent(document);

    around->started_us = frame->started_us;
    around->ended_us = frame->ended_us;
    around->time_us = frame->time_us;
}

static void pass_part(const TpsDocument *document, const TpsDocumentFrame *frame)
{
    TpsDocumentFrame *around = tps_document_parent(document);

    memcpy(around->numbers, frame->numbers, sizeof around->numbers);
    around->n_numbers = frame->n_numbers;
}

/* Texts of assertions go up to their testcase. */
static void pass_text(TpsDocumentFrame *around, const char *text, size_t length)
{
    if (!around->text)
        around->text = g_string_new(NULL);
    if (around->text->len < TEXT_MAX)
        g_string_append_len(around->text, text, (gssize)MIN(length, TEXT_MAX - around->text->len));
}

static void end_assertion(TpsDocumentFrame *around, const TpsDocumentFrame *frame)
{
    const char *type = frame->values[FIELD_TYPE];
    const char *description = frame->values[FIELD_DESCRIPTION];
    g_autofree char *line = NULL;

    if (g_strcmp0(frame->values[FIELD_PASSED], "false") == 0 && !frame->text) {
        line = g_strdup_printf("%s%s%s\n", type ? type : "", type && description ? ": " : "",
                               description ? description : "");
        pass_text(around, line, strlen(line));
    }
    if (frame->text)
        pass_text(around, frame->text->str, frame->text->len);
}

static TpsResult *result_of(const TpsDocumentFrame *frame, const char *id)
{
    TpsResult *result = tps_result_new(id, outcome_of(frame), frame->time_us);
    const char *status = frame->values[FIELD_STATUS];

    if (g_strcmp0(status, "xfail") == 0)
        result->type = g_strdup("xfail");
    if (tps_outcome_is_bad(result->outcome) && frame->text && frame->text->len > 0) {
        result->text = tps_document_text(frame->text->str);
        result->message = g_strndup(result->text, strcspn(result->text, "\n"));
    } else if (result->outcome == TPS_OUTCOME_ERROR) {
        g_autofree char *message = g_strdup_printf("its status is '%s'", status ? status : "");

        result->message = g_utf8_make_valid(message, -1);
    }
    return result;
}

static void end_testcase(TpsDocument *document, TpsDocumentFrame *around,
                         const TpsDocumentFrame *frame)
{
    g_autofree char *name = tps_document_text(frame->values[FIELD_NAME]);
    TpsResult *result;

    if (!name)
        document->n_nameless++;
    if (!name || (is_category(frame, "synthesized") && !tps_outcome_is_bad(outcome_of(frame))))
        return;
    result = result_of(frame, name);
    around->is_bad |= tps_outcome_is_bad(result->outcome);
    if (!around->results)
        around->results = tps_results_new();
    g_ptr_array_add(around->results, result);
}

/* As much of it as goes into ids, in whole characters. */
static size_t length_of_name(const char *name)
{
    size_t length = name ? MIN(strlen(name), GROUP_NAME_MAX) : 0;

    while (length > 0 && (name[length] & 0xC0) == 0x80)
        length--;
    return length;
}

/* A testsuite, or a parametrized testcase: its name goes before those of what it holds. */
static void end_group(TpsDocumentFrame *around, TpsDocumentFrame *frame)
{
    g_autofree char *name = tps_document_text(frame->values[FIELD_NAME]);
    TpsDocumentGroup *group;

    around->is_bad |= frame->is_bad;
    if (!frame->results && !frame->groups)
        return;
    group = g_new0(TpsDocumentGroup, 1);
    group->name = g_strndup(name ? name : "", length_of_name(name));
    group->results = g_steal_pointer(&frame->results);
    group->groups = g_steal_pointer(&frame->groups);
    if (!around->groups)
        around->groups = g_ptr_array_new_with_free_func(tps_document_group_free);
    g_ptr_array_add(around->groups, group);
}

/* Handing out: ids are made one by one, "Suite:case" as in Testplan's runtime data */

static char *join(const char *prefix, const char *name)
{
    if (!*prefix || strlen(prefix) + strlen(name) > ID_MAX)
        return g_strdup(name);
    return g_strconcat(prefix, ":", name, NULL);
}

static bool say_all(const TpsDocument *document, const char *suite, const char *prefix,
                    const GPtrArray *results, const GPtrArray *groups, GError **error)
{
    for (guint i = 0; results && i < results->len; i++) {
        TpsResult *result = g_steal_pointer(&results->pdata[i]);
        char *id = join(prefix, result->id);

        g_free(result->id);
        result->id = id;
        if (!tps_loose_say(document->out, suite, result, error))
            return false;
    }
    for (guint i = 0; groups && i < groups->len; i++) {
        const TpsDocumentGroup *group = g_ptr_array_index(groups, i);
        g_autofree char *inner = join(prefix, group->name);

        if (!say_all(document, suite, inner, group->results, group->groups, error))
            return false;
    }
    return true;
}

/* "api - part(0/3)" is a part of api. */
static char *suite_name(const TpsDocument *document, const TpsDocumentFrame *frame)
{
    const char *definition = frame->values[FIELD_DEFINITION];
    const char *name = definition && *definition ? definition : frame->values[FIELD_NAME];
    char *suite = tps_document_text(name);
    char *part = suite && frame->n_numbers == 2 ? g_strrstr(suite, " - part(") : NULL;

    if (part && g_str_has_suffix(part, ")"))
        *part = '\0';
    return suite ? suite : g_strdup(document->out->name);
}

static TpsPart part_of(TpsDocument *document, const TpsDocumentFrame *frame, const char *suite)
{
    const int64_t *numbers = frame->numbers;

    if (frame->n_numbers == 0)
        return (TpsPart){0, 0};
    if (frame->n_numbers == 2 && numbers[0] >= 0 && numbers[0] < numbers[1] &&
        numbers[1] <= G_MAXINT)
        return (TpsPart){.index = (int)numbers[0], .count = (int)numbers[1]};
    tps_loose_complain(document->out, "%s: its part is no part", suite);
    return (TpsPart){0, 0};
}

/* A multitest that failed though none of its testcases did: a driver did not start, for example. */
static bool say_failed(const TpsDocument *document, const TpsDocumentFrame *frame,
                       const char *suite, GError **error)
{
    TpsResult *result;

    if (frame->is_bad || !tps_outcome_is_bad(outcome_of(frame)))
        return true;
    result = result_of(frame, MULTITEST_CASE);
    result->outcome = TPS_OUTCOME_ERROR;
    result->type = g_strdup("tpsched.multitest");
    return tps_loose_say(document->out, suite, result, error);
}

static bool end_multitest(TpsDocument *document, TpsDocumentFrame *frame, GError **error)
{
    g_autofree char *name = suite_name(document, frame);
    const TpsLooseSuite suite = {.name = name,
                                 .part = part_of(document, frame, name),
                                 .started_us = frame->started_us,
                                 .ended_us = frame->ended_us};

    return say_all(document, name, "", frame->results, frame->groups, error) &&
           say_failed(document, frame, name, error) &&
           tps_loose_say_suite(document->out, &suite, error);
}

static bool is_testcase(const TpsDocumentFrame *frame)
{
    return is_category(frame, "testcase") ||
           (is_category(frame, "synthesized") && !frame->results && !frame->groups);
}

/* What else holds others, or would: assertions have other categories. */
static bool is_group(const TpsDocumentFrame *frame)
{
    static const char *const categories[] = {
        "testgroup",
        "multitest",
        "task_rerun",
        "testsuite",
        "parametrization",
        "gtest",
        "gtest-suite",
        "cppunit",
        "cppunit-suite",
        "boost-test",
        "boost-suite",
        "hobbestest",
        "hobbestest-suite",
        "pytest",
        "pyunit",
        "unittest",
        "qunit",
        "junit",
        "error",
        "synthesized",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(categories); i++)
        if (is_category(frame, categories[i]))
            return true;
    return frame->results || frame->groups;
}

/* Is it below the document itself? Its array of entries is between them. */
static bool is_multitest(const TpsDocument *document)
{
    return document->frames->len == 3;
}

static bool end_node(TpsDocument *document, TpsDocumentFrame *frame, GError **error)
{
    TpsDocumentFrame *around = tps_document_parent(document);

    if (is_testcase(frame) || is_group(frame))
        document->out->loose->kind = "Testplan";
    if (is_multitest(document))
        return !document->out->loose->kind || end_multitest(document, frame, error);
    if (is_testcase(frame))
        end_testcase(document, around, frame);
    else if (is_group(frame))
        end_group(around, frame);
    else
        end_assertion(around, frame);
    return true;
}

/* A member may come twice. */
static void take_over(GPtrArray **to, GPtrArray **from)
{
    if (!*to)
        *to = g_steal_pointer(from);
    else if (*from)
        g_ptr_array_extend_and_steal(*to, g_steal_pointer(from));
}

/* What an array of entries gathered is its node's. */
static void end_nodes(const TpsDocument *document, TpsDocumentFrame *frame)
{
    TpsDocumentFrame *around = tps_document_parent(document);

    if (around->role != ROLE_NODE)
        return;
    around->is_bad |= frame->is_bad;
    take_over(&around->results, &frame->results);
    take_over(&around->groups, &frame->groups);
    if (frame->text)
        pass_text(around, frame->text->str, frame->text->len);
}

bool tps_testplan_end(TpsDocument *document, TpsDocumentFrame *frame, GError **error)
{
    if (frame->role == ROLE_NODE)
        return end_node(document, frame, error);
    if (frame->role == ROLE_NODES)
        end_nodes(document, frame);
    else if (frame->role == ROLE_INTERVAL)
        end_interval(document, frame);
    else if (frame->role == ROLE_INTERVALS || frame->role == ROLE_TIMER)
        pass_times(document, frame);
    else if (frame->role == ROLE_PART)
        pass_part(document, frame);
    return true;
}
