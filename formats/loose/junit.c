/* SPDX-License-Identifier: MIT */
#include "formats/junit.h"

#include "formats/loose/loose_internal.h"

#include <string.h>

typedef struct {
    TpsLooseOut *out;
    GString *bytes;
} Junit;

static void *open_junit(TpsLooseOut *out)
{
    Junit *junit = g_new0(Junit, 1);

    junit->out = out;
    junit->bytes = g_string_new(NULL);
    out->loose->kind = "JUnit";
    return junit;
}

static bool feed(void *reader, const char *bytes, size_t length, GError **error)
{
    const Junit *junit = reader;

    (void)error;
    g_string_append_len(junit->bytes, bytes, (gssize)length);
    return true;
}

/* Foreign reporters put the class into classname; ours puts the suite there, and the id into name.
 */
static void set_id(TpsResult *result, const TpsJunitCase *testcase, const char *suite)
{
    bool ours = strcmp(testcase->classname, suite) == 0 || !*testcase->classname ||
                tps_properties_find(testcase->properties, "tpsched.id");
    char *id = ours ? NULL : g_strdup_printf("%s.%s", testcase->classname, result->id);

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

static bool say_suite(const Junit *junit, const TpsJunitSuite *suite, GError **error)
{
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

    return tps_loose_say_suite(junit->out, &said, error);
}

static bool say_results(const Junit *junit, const TpsJunitSuite *suite, GError **error)
{
    for (guint i = 0; i < suite->cases->len; i++) {
        TpsJunitCase *testcase = g_ptr_array_index(suite->cases, i);

        set_id(testcase->result, testcase, suite->name);
        if (!tps_loose_say(junit->out, suite->name, g_steal_pointer(&testcase->result), error))
            return false;
    }
    return true;
}

static bool finish(void *reader, GError **error)
{
    const Junit *junit = reader;
    g_autoptr(TpsJunit) report = tps_junit_parse(junit->bytes->str, junit->bytes->len);

    if (report->problem)
        tps_loose_complain(junit->out, "%s", report->problem);
    for (guint i = 0; i < report->warnings->len; i++)
        tps_loose_warn(junit->out, "%s", (const char *)g_ptr_array_index(report->warnings, i));
    for (guint i = 0; i < report->suites->len; i++) {
        const TpsJunitSuite *suite = g_ptr_array_index(report->suites, i);

        if (!say_suite(junit, suite, error) || !say_results(junit, suite, error))
            return false;
    }
    return true;
}

static void close_junit(void *reader)
{
    Junit *junit = reader;

    g_string_free(junit->bytes, TRUE);
    g_free(junit);
}

const TpsLooseReader tps_loose_junit = {open_junit, feed, finish, close_junit};
