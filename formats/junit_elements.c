/* SPDX-License-Identifier: MIT */
#include "formats/junit_reader_internal.h"

#include <string.h>

#define INIT_CASE "<init>"
#define INSIDE_MAX 10000    /* failures, attempts or properties of one testcase or suite */
#define OUTER_NAME_MAX 1024 /* else a long name over many small suites would fill the memory */

static const char *const counters[N_COUNTERS] = {
    [COUNTER_TESTS] = "tests",     [COUNTER_FAILURES] = "failures", [COUNTER_ERRORS] = "errors",
    [COUNTER_SKIPPED] = "skipped", [COUNTER_DISABLED] = "disabled",
};

/* Small tools over attributes and text */

const char *tps_junit_attribute(const char *const *attributes, const char *name)
{
    for (; *attributes; attributes += 2)
        if (*attributes[0] == *name && strcmp(attributes[0], name) == 0)
            return attributes[1];
    return NULL;
}

static gint64 number(const char *text, gint64 fallback)
{
    gint64 value;

    return text && g_ascii_string_to_signed(text, 10, 0, G_MAXINT32, &value, NULL) ? value
                                                                                   : fallback;
}

/* Nothing and an empty string are the same in a report. */
static char *dup_nonempty(const char *text)
{
    return text && *text ? g_strdup(text) : NULL;
}

static bool is_blank(const char *text)
{
    return !text[strspn(text, " \t\r\n")];
}

/* What an element held, or NULL; white space alone is only layout. */
char *tps_junit_take_text(TpsJunitFrame *frame)
{
    char *text = g_string_free(g_steal_pointer(&frame->text), FALSE);

    if (is_blank(text))
        g_clear_pointer(&text, g_free);
    return text;
}

int64_t tps_junit_read_time(TpsJunitReader *reader, const char *text, const char *whose)
{
    int64_t us = TPS_TIME_UNKNOWN;
    const char *doubt = text ? tps_junit_time_parse(text, &us) : NULL;

    if (doubt)
        tps_junit_warn(reader, "time '%s' of '%s': %s", text, whose, doubt);
    return us;
}

static int64_t read_timestamp(TpsJunitReader *reader, const char *text, const char *whose)
{
    int64_t us = TPS_TIME_UNKNOWN;

    if (text && *text && !tps_junit_timestamp_parse(text, &us))
        tps_junit_warn(reader, "timestamp '%s' of '%s' is not a date", text, whose);
    return us;
}

/* The element around the one being ended, which is not the root. */
TpsJunitFrame *tps_junit_parent_of(const TpsJunitReader *reader)
{
    return g_ptr_array_index(reader->frames, reader->frames->len - 1);
}

/* Suites */

TpsJunitFrame *tps_junit_group_find(const TpsJunitReader *reader)
{
    for (guint i = reader->frames->len; i > 0; i--) {
        TpsJunitFrame *frame = g_ptr_array_index(reader->frames, i - 1);

        if (frame->group)
            return frame;
    }
    return NULL;
}

static TpsJunitSuite *add_suite(TpsJunitReader *reader, TpsJunitFrame *frame)
{
    frame->suite = tps_junit_suite_new(frame->group);
    g_ptr_array_add(reader->junit->suites, frame->suite);
    return frame->suite;
}

/* What stands outside of a testsuite goes to a suite named as the report. */
static TpsJunitSuite *suite_of(TpsJunitReader *reader, TpsJunitFrame *frame)
{
    return frame->suite ? frame->suite : add_suite(reader, frame);
}

static void start_testsuites(TpsJunitReader *reader, TpsJunitFrame *frame,
                             const char *const *attributes)
{
    const char *name = tps_junit_attribute(attributes, "name");

    reader->is_check |= tps_junit_is_check(attributes);
    frame->group = g_strdup(name ? name : "");
    for (size_t i = 0; i < N_COUNTERS; i++)
        frame->claims[i] = number(tps_junit_attribute(attributes, counters[i]), -1);
}

/* Only testsuites nest in the names; what the whole report is called says nothing of a suite. */
static char *name_inside(const TpsJunitFrame *outer, const char *name)
{
    const char *outer_name =
        outer && strcmp(outer->element->name, "testsuite") == 0 ? outer->group : "";

    if (!*outer_name || strnlen(outer_name, OUTER_NAME_MAX + 1) > OUTER_NAME_MAX)
        return g_strdup(name);
    return g_strjoin(*name ? "." : "", outer_name, name, NULL);
}

void tps_junit_start_suite(TpsJunitReader *reader, TpsJunitFrame *frame,
                           const char *const *attributes)
{
    const TpsJunitFrame *outer = tps_junit_group_find(reader);
    g_autofree char *name = NULL;
    TpsJunitSuite *suite;

    start_testsuites(reader, frame, attributes);
    name = g_steal_pointer(&frame->group);
    frame->group = name_inside(outer, name);
    suite = add_suite(reader, frame);
    suite->hostname = dup_nonempty(tps_junit_attribute(attributes, "hostname"));
    suite->time_us =
        tps_junit_read_time(reader, tps_junit_attribute(attributes, "time"), suite->name);
    suite->started_us =
        read_timestamp(reader, tps_junit_attribute(attributes, "timestamp"), suite->name);
}

static void add_case(TpsJunitReader *reader, TpsJunitFrame *group, TpsJunitSuite *suite,
                     TpsJunitCase *testcase)
{
    group->counted[testcase->result->outcome]++;
    reader->n_bad += testcase->result->outcome > TPS_OUTCOME_PASSED;
    if (reader->visitor)
        tps_junit_stream_add(reader, suite, testcase);
    else
        g_ptr_array_add(suite->cases, testcase);
}

/* A suite that could not start has no testcase to tell it. */
static void add_init_case(TpsJunitReader *reader, TpsJunitFrame *frame)
{
    TpsJunitSuite *suite = suite_of(reader, frame);
    TpsJunitCase *testcase = tps_junit_case_new();

    testcase->classname = g_strdup(suite->name);
    testcase->name = g_strdup(INIT_CASE);
    testcase->result->id = g_strdup(INIT_CASE);
    tps_junit_settle(testcase, frame->verdicts);
    add_case(reader, frame, suite, testcase);
}

/* Some reporters count what befell a suite itself, `n_own`, as if it were a testcase. */
static void check_claim(TpsJunitReader *reader, const TpsJunitFrame *frame, size_t counter,
                        guint counted, guint n_own)
{
    gint64 claimed = frame->claims[counter];

    if (counter == COUNTER_SKIPPED && claimed >= 0)
        claimed += MAX(frame->claims[COUNTER_DISABLED], 0); /* no difference to us */
    if (claimed >= 0 && (claimed < counted || claimed > (gint64)counted + n_own))
        tps_junit_warn(reader, "'%s': the header says %s=%" G_GINT64_FORMAT ", but there are %u",
                       frame->group, counters[counter], claimed, counted);
}

/*
 * Headers lie, but none is known that tells of failures where nothing failed: what failed is said
 * in a way that we don't know, or is gone. A failure may have been counted as skipped (a "todo").
 */
static void check_bad(TpsJunitReader *reader, const TpsJunitFrame *frame)
{
    const guint *counted = frame->counted;
    gint64 claimed = MAX(frame->claims[COUNTER_FAILURES], frame->claims[COUNTER_ERRORS]);

    if (reader->contradiction || claimed <= (gint64)counted[TPS_OUTCOME_SKIPPED])
        return;
    reader->contradiction = g_strdup_printf("'%s': the header tells of %" G_GINT64_FORMAT
                                            " failures or errors, and no testcase failed",
                                            frame->group, claimed);
}

/* The header is checked first: a synthetic testcase is none of those it counts. */
void tps_junit_end_suite(TpsJunitReader *reader, TpsJunitFrame *frame)
{
    const guint *counted = frame->counted;
    TpsJunitFrame *outer = tps_junit_group_find(reader);
    guint n_own = frame->verdicts ? frame->verdicts->len : 0;
    guint sum = 0;

    for (size_t i = 0; i < G_N_ELEMENTS(frame->counted); i++) {
        sum += counted[i];
        if (outer)
            outer->counted[i] += counted[i];
    }
    check_claim(reader, frame, COUNTER_TESTS, sum, n_own);
    check_claim(reader, frame, COUNTER_FAILURES, counted[TPS_OUTCOME_FAILED], n_own);
    check_claim(reader, frame, COUNTER_ERRORS, counted[TPS_OUTCOME_ERROR], n_own);
    check_claim(reader, frame, COUNTER_SKIPPED, counted[TPS_OUTCOME_SKIPPED], 0);
    check_bad(reader, frame);
    if (frame->verdicts)
        add_init_case(reader, frame);
    if (frame->output)
        suite_of(reader, frame)->output = tps_junit_text_take(&frame->output);
    if (reader->visitor && frame->suite)
        tps_junit_stream_end(reader, g_steal_pointer(&frame->suite));
}

/* Testcases */

static void start_testcase(TpsJunitReader *reader, TpsJunitFrame *frame,
                           const char *const *attributes)
{
    TpsJunitCase *testcase = tps_junit_case_new();
    TpsResult *result = testcase->result;
    const char *name = tps_junit_attribute(attributes, "name");
    const char *classname = tps_junit_attribute(attributes, "classname");
    const char *time = tps_junit_attribute(attributes, "time");
    const char *verdict = tps_junit_attribute(attributes, "result");

    testcase->name = g_strdup(name ? name : "");
    testcase->classname = g_strdup(classname ? classname : "");
    testcase->status = g_strdup(tps_junit_attribute(attributes, "status"));
    if (verdict && tps_junit_status_decides(verdict)) {
        g_free(testcase->status);
        testcase->status = g_strdup(verdict);
    }
    result->file = dup_nonempty(tps_junit_attribute(attributes, "file"));
    result->line = number(tps_junit_attribute(attributes, "line"), 0);
    result->time_us = tps_junit_read_time(reader, time, testcase->name);
    reader->n_without_time += !time;
    frame->testcase = testcase;
}

/* Properties of ours say how a report is read, and are no news to anybody else. */
static void keep_properties(TpsJunitCase *testcase)
{
    for (guint i = 0; i < testcase->properties->len; i++) {
        const TpsProperty *property = g_ptr_array_index(testcase->properties, i);

        if (g_str_has_prefix(property->name, TPS_JUNIT_PROPERTY_PREFIX))
            continue;
        if (!testcase->result->properties)
            testcase->result->properties = tps_properties_new();
        tps_properties_add(testcase->result->properties, property->name, property->value);
    }
}

void tps_junit_add_case(TpsJunitReader *reader, TpsJunitCase *testcase)
{
    TpsJunitFrame *group = tps_junit_group_find(reader);

    add_case(reader, group, suite_of(reader, group), testcase);
}

static void end_testcase(TpsJunitReader *reader, TpsJunitFrame *frame)
{
    TpsJunitCase *testcase = frame->testcase;
    const char *id = tps_properties_find(testcase->properties, TPS_JUNIT_PROPERTY_ID);

    testcase->result->id = id ? tps_junit_id_parse(id) : g_strdup(testcase->name);
    testcase->result->output = tps_junit_text_take(&frame->output);
    tps_junit_settle(testcase, frame->verdicts);
    if (frame->rerun)
        tps_junit_settle_reruns(testcase->result);
    keep_properties(testcase);
    tps_junit_add_case(reader, g_steal_pointer(&frame->testcase));
}

static void start_property(TpsJunitReader *reader, TpsJunitFrame *frame,
                           const char *const *attributes)
{
    (void)reader;
    frame->name = g_strdup(tps_junit_attribute(attributes, "name"));
    frame->value = g_strdup(tps_junit_attribute(attributes, "value"));
}

/* Each costs more memory than it has bytes. */
static bool has_room(TpsJunitReader *reader, const GPtrArray *list)
{
    if (list->len < INSIDE_MAX)
        return true;
    tps_xml_refuse(reader->xml, "more than " G_STRINGIFY(
                                    INSIDE_MAX) " failures, attempts or properties in one element");
    return false;
}

/* The innermost testcase or testsuite around the element being ended. */
static GPtrArray *find_properties(const TpsJunitReader *reader)
{
    for (guint i = reader->frames->len; i > 0; i--) {
        const TpsJunitFrame *frame = g_ptr_array_index(reader->frames, i - 1);

        if (frame->testcase)
            return frame->testcase->properties;
        if (frame->suite)
            return frame->suite->properties;
    }
    return NULL;
}

static void end_property(TpsJunitReader *reader, TpsJunitFrame *frame)
{
    GPtrArray *properties = find_properties(reader);

    if (properties && frame->name && has_room(reader, properties))
        tps_properties_add(properties, frame->name, frame->value ? frame->value : frame->text->str);
}

/* Verdicts: what is said of a testcase, or of the suite around it */

static void start_verdict(TpsJunitReader *reader, TpsJunitFrame *frame,
                          const char *const *attributes)
{
    const char *message = tps_junit_attribute(attributes, "message");
    TpsResult *verdict = tps_result_new(NULL, frame->element->outcome, TPS_TIME_UNKNOWN);

    verdict->type = dup_nonempty(tps_junit_attribute(attributes, "type"));
    if (message && *message)
        verdict->message = tps_junit_one_line(message);
    if (message && strpbrk(message, "\r\n"))
        verdict->text = g_strdup(message); /* unless there is a better one */
    verdict->time_us =
        tps_junit_read_time(reader, tps_junit_attribute(attributes, "time"), frame->element->name);
    frame->verdict = verdict;
}

static void finish_verdict(TpsJunitFrame *frame)
{
    TpsResult *verdict = frame->verdict;
    g_autofree char *around = tps_junit_take_text(frame);
    char **text = frame->value ? &frame->value : &around; /* around a stack trace is layout */

    if (*text) {
        g_free(verdict->text);
        verdict->text = g_steal_pointer(text);
    }
    if (g_strcmp0(verdict->text, verdict->message) == 0)
        g_clear_pointer(&verdict->text, g_free); /* said twice for readers that know only one */
    verdict->output = tps_junit_text_take(&frame->output);
}

static void end_verdict(TpsJunitReader *reader, TpsJunitFrame *frame)
{
    TpsJunitFrame *parent = tps_junit_parent_of(reader);

    finish_verdict(frame);
    if (!parent->testcase && !(parent->group && tps_outcome_is_bad(frame->element->outcome)))
        return;
    if (!parent->verdicts)
        parent->verdicts = tps_results_new();
    if (has_room(reader, parent->verdicts))
        g_ptr_array_add(parent->verdicts, g_steal_pointer(&frame->verdict));
}

static void end_attempt(TpsJunitReader *reader, TpsJunitFrame *frame)
{
    TpsJunitFrame *parent = tps_junit_parent_of(reader);
    TpsResult *result;

    finish_verdict(frame);
    if (!parent->testcase)
        return;
    parent->rerun |= g_str_has_prefix(frame->element->name, "rerun");
    result = parent->testcase->result;
    if (!result->attempts)
        result->attempts = tps_results_new();
    if (has_room(reader, result->attempts))
        g_ptr_array_add(result->attempts, g_steal_pointer(&frame->verdict));
}

static void end_stack_trace(TpsJunitReader *reader, TpsJunitFrame *frame)
{
    TpsJunitFrame *parent = tps_junit_parent_of(reader);

    if (parent->verdict && !parent->value)
        parent->value = tps_junit_take_text(frame);
}

/* system-out or system-err of a suite, a testcase or an attempt, in the file's order */
static void end_output(TpsJunitReader *reader, TpsJunitFrame *frame)
{
    g_autofree char *text = tps_junit_take_text(frame);

    tps_junit_text_append(&tps_junit_parent_of(reader)->output, text);
}

static const TpsJunitElement elements[] = {
    {"testsuites", start_testsuites, tps_junit_end_suite, .may_be_root = true},
    {"testsuite", tps_junit_start_suite, tps_junit_end_suite, .may_be_root = true},
    {"testcase", start_testcase, end_testcase},
    {"property", start_property, end_property, .has_text = true},
    {"error", start_verdict, end_verdict, .has_text = true, .outcome = TPS_OUTCOME_ERROR},
    {"failure", start_verdict, end_verdict, .has_text = true, .outcome = TPS_OUTCOME_FAILED},
    {"skipped", start_verdict, end_verdict, .has_text = true, .outcome = TPS_OUTCOME_SKIPPED},
    {"disabled", start_verdict, end_verdict, .has_text = true, .outcome = TPS_OUTCOME_SKIPPED},
    {"flakyError", start_verdict, end_attempt, .has_text = true, .outcome = TPS_OUTCOME_ERROR},
    {"flakyFailure", start_verdict, end_attempt, .has_text = true, .outcome = TPS_OUTCOME_FAILED},
    {"rerunError", start_verdict, end_attempt, .has_text = true, .outcome = TPS_OUTCOME_ERROR},
    {"rerunFailure", start_verdict, end_attempt, .has_text = true, .outcome = TPS_OUTCOME_FAILED},
    {"stackTrace", NULL, end_stack_trace, .has_text = true},
    {"system-out", NULL, end_output, .has_text = true},
    {"system-err", NULL, end_output, .has_text = true},
};

const TpsJunitElement *tps_junit_element_find(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(elements); i++)
        if (*elements[i].name == *name && strcmp(elements[i].name, name) == 0)
            return &elements[i];
    return NULL;
}
