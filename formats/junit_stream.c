/* SPDX-License-Identifier: MIT */
#include "formats/junit_stream.h"

#include "formats/junit_reader_internal.h"

#include <string.h>

struct TpsJunitStream {
    TpsJunitReader reader;
    TpsJunit *junit; /* owned, after the end */
};

static bool is_piece(const TpsJunitCase *testcase)
{
    return tps_properties_find(testcase->properties, TPS_JUNIT_PROPERTY_CASE) ||
           tps_properties_find(testcase->properties, TPS_JUNIT_PROPERTY_CASES);
}

/* What is in the suite is the elements of one testcase, if any. */
static void tell_cases(const TpsJunitReader *reader, TpsJunitSuite *suite)
{
    tps_junit_gather_cases(suite);
    for (guint i = 0; i < suite->cases->len; i++)
        reader->visitor->testcase(suite, g_ptr_array_index(suite->cases, i), reader->user);
    g_ptr_array_set_size(suite->cases, 0);
}

static bool is_of_last(const TpsJunitSuite *suite, const TpsJunitCase *testcase)
{
    const TpsJunitCase *last = suite->cases->len > 0 ? g_ptr_array_index(suite->cases, 0) : NULL;

    return last && strcmp(last->result->id, testcase->result->id) == 0;
}

/* We write the elements of a testcase one behind the other: only these wait for each other. */
void tps_junit_stream_add(const TpsJunitReader *reader, TpsJunitSuite *suite,
                          TpsJunitCase *testcase)
{
    bool piece = is_piece(testcase);

    if (suite->cases->len > 0 && !(piece && is_of_last(suite, testcase)))
        tell_cases(reader, suite);
    g_ptr_array_add(suite->cases, testcase);
    if (!piece)
        tell_cases(reader, suite);
}

void tps_junit_stream_end(const TpsJunitReader *reader, TpsJunitSuite *suite)
{
    tell_cases(reader, suite);
    reader->visitor->suite(suite, reader->user);
    g_ptr_array_remove(reader->junit->suites, suite);
}

TpsJunitStream *tps_junit_stream_new(const TpsJunitVisitor *visitor, void *user)
{
    TpsJunitStream *stream = g_new0(TpsJunitStream, 1);

    tps_junit_reader_init(&stream->reader);
    g_clear_pointer(&stream->reader.checksum, g_checksum_free);
    stream->reader.visitor = visitor;
    stream->reader.user = user;
    return stream;
}

static void ignore_case(const TpsJunitSuite *suite, TpsJunitCase *testcase, void *user)
{
    (void)suite;
    (void)testcase;
    (void)user;
}

static void ignore_suite(const TpsJunitSuite *suite, void *user)
{
    (void)suite;
    (void)user;
}

/* Nobody is told of what was open. */
void tps_junit_stream_free(TpsJunitStream *stream)
{
    static const TpsJunitVisitor nobody = {ignore_case, ignore_suite};

    if (!stream)
        return;
    stream->reader.visitor = &nobody;
    if (!stream->junit)
        stream->junit = tps_junit_reader_finish(&stream->reader);
    tps_junit_free(stream->junit);
    g_free(stream);
}

void tps_junit_stream_feed(TpsJunitStream *stream, const char *bytes, size_t length)
{
    tps_junit_reader_take(bytes, length, &stream->reader, NULL);
}

const TpsJunit *tps_junit_stream_finish(TpsJunitStream *stream)
{
    stream->junit = tps_junit_reader_finish(&stream->reader);
    return stream->junit;
}
