/* SPDX-License-Identifier: MIT */
#include "formats/junit_stream.h"
#include "formats/loose/loose_internal.h"

#include <string.h>

typedef struct {
    TpsLooseOut *out;
    TpsJunitStream *stream;
    GError *failure; /* of who is told; nothing more is */
} Junit;

/* Foreign reporters put the class into classname; ours puts the suite there, and the id into name.
 */
static void set_id(TpsResult *result, const TpsJunitCase *testcase, const char *suite)
{
    bool ours = strcmp(testcase->classname, suite) == 0 || !*testcase->classname ||
                tps_properties_find(testcase->properties, "tpsched.id");
    char *id = ours ? NULL : g_strconcat(testcase->classname, ".", result->id, NULL);

    if (!id)
        return;
    g_free(result->id);
    result->id = id;
}

static int64_t instant(const TpsJunitSuite *suite, const char *name, int64_t fallback_us)
{
    const char *text = tps_properties_find(suite->properties, name);
    double seconds = text ? g_ascii_strtod(text, NULL) : 0;

    return seconds > 0 && seconds < 1e11 ? (int64_t)(seconds * 1e6 + 0.5) : fallback_us;
}

static void say_suite(const TpsJunitSuite *suite, void *user)
{
    Junit *junit = user;
    int64_t ended_us = suite->started_us == TPS_TIME_UNKNOWN
                           ? TPS_TIME_UNKNOWN
                           : suite->started_us + MAX(suite->time_us, 0);
    const TpsLooseSuite said = {
        .name = suite->name,
        .hostname = suite->hostname,
        .started_us = instant(suite, "tpsched.started", suite->started_us),
        .ended_us = instant(suite, "tpsched.ended", ended_us),
        .properties = suite->properties,
        .output = suite->output,
    };

    if (!junit->failure)
        tps_loose_say_suite(junit->out, &said, &junit->failure);
}

static void say_result(const TpsJunitSuite *suite, TpsJunitCase *testcase, void *user)
{
    Junit *junit = user;

    if (junit->failure)
        return;
    g_clear_pointer(&testcase->name, g_free); /* the id is a copy, and names can be long */
    set_id(testcase->result, testcase, suite->name);
    tps_loose_say(junit->out, suite->name, g_steal_pointer(&testcase->result), &junit->failure);
}

static void *open_junit(TpsLooseOut *out)
{
    static const TpsJunitVisitor visitor = {say_result, say_suite};
    Junit *junit = g_new0(Junit, 1);

    junit->out = out;
    junit->stream = tps_junit_stream_new(&visitor, junit);
    out->loose->kind = "JUnit";
    return junit;
}

static bool tell_failure(Junit *junit, GError **error)
{
    if (!junit->failure)
        return true;
    g_propagate_error(error, g_steal_pointer(&junit->failure));
    return false;
}

static bool feed(void *reader, const char *bytes, size_t length, GError **error)
{
    Junit *junit = reader;

    tps_junit_stream_feed(junit->stream, bytes, length);
    return tell_failure(junit, error);
}

static bool finish(void *reader, GError **error)
{
    Junit *junit = reader;
    const TpsJunit *report = tps_junit_stream_finish(junit->stream);

    if (report->problem)
        tps_loose_complain(junit->out, "%s", report->problem);
    for (guint i = 0; i < report->warnings->len; i++)
        tps_loose_warn(junit->out, "%s", (const char *)g_ptr_array_index(report->warnings, i));
    return tell_failure(junit, error);
}

static void close_junit(void *reader)
{
    Junit *junit = reader;

    tps_junit_stream_free(junit->stream);
    g_clear_error(&junit->failure);
    g_free(junit);
}

const TpsLooseReader tps_loose_junit = {open_junit, feed, finish, close_junit};
