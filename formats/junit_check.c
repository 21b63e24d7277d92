/* SPDX-License-Identifier: MIT */
#include "formats/junit_reader_internal.h"

#include <string.h>

/*
 * What Check writes for srunner_set_xml (0.15.2): testsuites > suite > test, and what there is to
 * say in elements instead of attributes. A test is named by its tcase ("description"), itself and
 * the round of its loop; two that share all of that can't be told apart.
 */
#define NAMESPACE "http://check.sourceforge.net/ns"

bool tps_junit_is_check(const char *const *attributes)
{
    for (; *attributes; attributes += 2)
        if (g_str_has_prefix(attributes[0], "xmlns") && strcmp(attributes[1], NAMESPACE) == 0)
            return true;
    return false;
}

static void end_title(TpsJunitReader *reader, TpsJunitFrame *frame)
{
    TpsJunitFrame *parent = tps_junit_parent_of(reader);

    if (!parent->suite || *parent->group)
        return;
    g_free(parent->group);
    parent->group = tps_junit_take_text(frame);
    parent->group = parent->group ? parent->group : g_strdup("");
    g_free(parent->suite->name);
    parent->suite->name = g_strdup(parent->group);
}

static void start_test(TpsJunitReader *reader, TpsJunitFrame *frame, const char *const *attributes)
{
    const char *result = tps_junit_attribute(attributes, "result");
    TpsOutcome outcome = TPS_OUTCOME_ERROR;

    (void)reader;
    frame->testcase = tps_junit_case_new();
    if (g_strcmp0(result, "success") == 0)
        outcome = TPS_OUTCOME_PASSED;
    else if (g_strcmp0(result, "failure") == 0)
        outcome = TPS_OUTCOME_FAILED;
    frame->testcase->result->outcome = outcome;
}

static void set(char **field, TpsJunitFrame *frame)
{
    g_free(*field);
    *field = tps_junit_take_text(frame);
}

/* "tcase:test[2]", as the reader of the framework names it. */
static void name_testcase(TpsJunitFrame *frame, const char *suite)
{
    TpsJunitCase *testcase = frame->testcase;
    const char *tcase = testcase->classname ? testcase->classname : "";
    const char *test = testcase->name ? testcase->name : "";
    gint64 round = frame->value ? g_ascii_strtoll(frame->value, NULL, 10) : 0;
    g_autofree char *loop = round > 0 ? g_strdup_printf("[%" G_GINT64_FORMAT "]", round) : NULL;
    char *name = g_strconcat(tcase, ":", test, loop, NULL);

    g_free(testcase->name);
    testcase->name = name;
    testcase->result->id = g_strdup(name);
    g_free(testcase->classname);
    testcase->classname = g_strdup(suite);
}

/* <fn> is "file:line", and <path> the directory. */
static void place_testcase(TpsResult *result, const char *directory)
{
    char *colon = result->file ? strrchr(result->file, ':') : NULL;
    char *file;

    if (!colon || colon == result->file) {
        g_clear_pointer(&result->file, g_free);
        return;
    }
    *colon = '\0';
    result->line = CLAMP(g_ascii_strtoll(colon + 1, NULL, 10), 0, G_MAXINT32);
    file = directory && strcmp(directory, ".") != 0
               ? g_strconcat(directory, "/", result->file, NULL)
               : g_strdup(result->file);
    g_free(result->file);
    result->file = file;
}

static void end_test(TpsJunitReader *reader, TpsJunitFrame *frame)
{
    TpsResult *result = frame->testcase->result;

    name_testcase(frame, tps_junit_group_find(reader)->group);
    place_testcase(result, frame->name);
    if (result->outcome == TPS_OUTCOME_PASSED)
        g_clear_pointer(&result->message, g_free); /* "Passed" */
    reader->n_without_time += result->time_us == TPS_TIME_UNKNOWN;
    tps_junit_add_case(reader, g_steal_pointer(&frame->testcase));
}

/* What stands inside of a test; the same names mean something else in other places. */
static TpsJunitFrame *test_around(const TpsJunitReader *reader)
{
    TpsJunitFrame *parent = tps_junit_parent_of(reader);

    return parent->testcase ? parent : NULL;
}

static void end_path(TpsJunitReader *reader, TpsJunitFrame *frame)
{
    TpsJunitFrame *test = test_around(reader);

    if (test)
        set(&test->name, frame);
}

static void end_fn(TpsJunitReader *reader, TpsJunitFrame *frame)
{
    TpsJunitFrame *test = test_around(reader);

    if (test)
        set(&test->testcase->result->file, frame);
}

static void end_id(TpsJunitReader *reader, TpsJunitFrame *frame)
{
    TpsJunitFrame *test = test_around(reader);

    if (test)
        set(&test->testcase->name, frame);
}

static void end_iteration(TpsJunitReader *reader, TpsJunitFrame *frame)
{
    TpsJunitFrame *test = test_around(reader);

    if (test)
        set(&test->value, frame);
}

static void end_description(TpsJunitReader *reader, TpsJunitFrame *frame)
{
    TpsJunitFrame *test = test_around(reader);

    if (test)
        set(&test->testcase->classname, frame);
}

/* -1 is what it says of a test that did not reach its end. */
static void end_duration(TpsJunitReader *reader, TpsJunitFrame *frame)
{
    TpsJunitFrame *test = test_around(reader);

    if (test && *frame->text->str != '-')
        test->testcase->result->time_us = tps_junit_read_time(
            reader, frame->text->str, test->testcase->name ? test->testcase->name : "");
}

static void end_message(TpsJunitReader *reader, TpsJunitFrame *frame)
{
    TpsJunitFrame *test = test_around(reader);
    g_autofree char *text = test ? tps_junit_take_text(frame) : NULL;
    TpsResult *result = test ? test->testcase->result : NULL;

    if (!text)
        return;
    g_free(result->message);
    result->message = tps_junit_one_line(text);
    g_free(result->text);
    result->text = strpbrk(text, "\r\n") ? g_steal_pointer(&text) : NULL;
}

static const TpsJunitElement elements[] = {
    {"suite", tps_junit_start_suite, tps_junit_end_suite},
    {"title", NULL, end_title, .has_text = true},
    {"test", start_test, end_test},
    {"path", NULL, end_path, .has_text = true},
    {"fn", NULL, end_fn, .has_text = true},
    {"id", NULL, end_id, .has_text = true},
    {"iteration", NULL, end_iteration, .has_text = true},
    {"duration", NULL, end_duration, .has_text = true},
    {"description", NULL, end_description, .has_text = true},
    {"message", NULL, end_message, .has_text = true},
};

const TpsJunitElement *tps_junit_check_element_find(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(elements); i++)
        if (strcmp(elements[i].name, name) == 0)
            return &elements[i];
    return NULL;
}
