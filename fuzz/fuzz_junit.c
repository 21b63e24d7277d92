/* SPDX-License-Identifier: MIT */
#include "fuzz/fuzz.h"

#include "core/doubles.h"
#include "formats/junit.h"
#include "formats/xml.h"

#include <expat.h>

/* What a parser said, in one string. */
static void put_start(const char *name, const char *const *attributes, void *user)
{
    g_string_append_printf(user, "<%s", name);
    for (; *attributes; attributes += 2)
        g_string_append_printf(user, " %s=%s", attributes[0], attributes[1]);
    g_string_append_c(user, '>');
}

static void put_end(const char *name, void *user)
{
    g_string_append_printf(user, "</%s>", name);
}

static void put_text(const char *text, size_t length, void *user)
{
    g_string_append_len(user, text, (gssize)length);
}

static GString *events(const char *bytes, size_t length, size_t piece)
{
    static const TpsXmlHandler handler = {put_start, put_end, put_text};
    GString *said = g_string_new(NULL);
    g_autoptr(TpsXml) xml = tps_xml_new(&handler, said);
    g_autoptr(GError) error = NULL;
    bool ok = true;

    for (size_t i = 0; ok && i < length; i += piece)
        ok = tps_xml_feed(xml, bytes + i, MIN(piece, length - i), &error);
    if (ok)
        tps_xml_finish(xml, &error);
    if (error)
        g_string_append_printf(said, " %s", error->message); /* mending may be some bytes ahead */
    else
        g_string_append_printf(said, " %zu repairs", tps_xml_repairs(xml));
    return said;
}

/* How the bytes arrive changes nothing. */
static void check_pieces(const char *bytes, size_t length)
{
    g_autoptr(GString) at_once = events(bytes, length, length + 1);
    g_autoptr(GString) by_byte = events(bytes, length, 1);

    g_assert_cmpstr(at_once->str, ==, by_byte->str);
}

/*
 * What was read without a repair, a parser reads that nobody helped. It stops behind the first
 * document, and knows fewer encodings; a declared single-byte one can hold what is no character.
 */
static void check_strictness(const char *bytes, size_t length)
{
    XML_Parser parser = XML_ParserCreate(NULL);

    if (XML_Parse(parser, bytes, (int)length, XML_TRUE) != XML_STATUS_OK) {
        enum XML_Error why = XML_GetErrorCode(parser);

        if (why != XML_ERROR_JUNK_AFTER_DOC_ELEMENT && why != XML_ERROR_UNKNOWN_ENCODING &&
            why != XML_ERROR_MISPLACED_XML_PI)
            g_error("read without a repair: %s", XML_ErrorString(why));
    }
    XML_ParserFree(parser);
}

static GString *write_suite(const TpsJunitSuite *suite)
{
    g_autoptr(GPtrArray) results = g_ptr_array_new();
    const TpsJunitOutSuite out = {.name = suite->name,
                                  .hostname = suite->hostname,
                                  .started_us = suite->started_us,
                                  .properties = suite->properties,
                                  .results = results,
                                  .output = suite->output};

    for (guint i = 0; i < suite->cases->len; i++)
        g_ptr_array_add(results, ((TpsJunitCase *)g_ptr_array_index(suite->cases, i))->result);
    return tps_junit_format("fuzz", TPS_TIME_UNKNOWN, &out, 1);
}

static guint length_of(const GPtrArray *list)
{
    return list ? list->len : 0;
}

static void check_same_case(const TpsResult *a, const TpsResult *b)
{
    g_assert_cmpuint(length_of(a->attempts), ==, length_of(b->attempts));
    g_assert_cmpuint(length_of(a->properties), ==, length_of(b->properties));

    g_assert_cmpstr(a->id, ==, b->id);
    g_assert_cmpint(a->outcome, ==, b->outcome);
    g_assert_cmpint(a->time_us, ==, b->time_us);
    g_assert_cmpstr(a->message, ==, b->message);
}

/* Whatever was read can be written, and is then read again as it is. */
static void check_round_trip(const TpsJunitSuite *suite)
{
    g_autoptr(GString) once = write_suite(suite);
    g_autoptr(TpsJunit) junit = tps_junit_parse(once->str, once->len);
    const TpsJunitSuite *again = g_ptr_array_index(junit->suites, 0);
    g_autoptr(GString) twice = NULL;

    g_assert_cmpstr(junit->problem, ==, NULL);
    g_assert_cmpuint(again->cases->len, ==, suite->cases->len);
    for (guint i = 0; i < suite->cases->len; i++) {
        const TpsJunitCase *a = g_ptr_array_index(suite->cases, i);
        const TpsJunitCase *b = g_ptr_array_index(again->cases, i);

        check_same_case(a->result, b->result);
    }
    twice = write_suite(again);
    g_assert_cmpstr(once->str, ==, twice->str);
}

/* Folding what is there several times leaves each name once, and nothing to fold. */
static void check_doubles(TpsJunitSuite *suite)
{
    g_autoptr(GPtrArray) warnings = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) results = tps_results_new();
    guint n;

    for (guint i = 0; i < suite->cases->len; i++) {
        TpsJunitCase *testcase = g_ptr_array_index(suite->cases, i);

        g_ptr_array_add(results, g_steal_pointer(&testcase->result));
    }
    tps_doubles_fold(results, suite->name, warnings);
    n = results->len;
    g_ptr_array_set_size(warnings, 0);
    tps_doubles_fold(results, suite->name, warnings);
    g_assert_cmpuint(warnings->len, ==, 0);
    g_assert_cmpuint(results->len, ==, n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *bytes = (const char *)data;
    g_autoptr(TpsJunit) junit = tps_junit_parse(bytes, size);

    check_pieces(bytes, size);
    for (guint i = 0; i < junit->suites->len; i++)
        check_round_trip(g_ptr_array_index(junit->suites, i));
    if (!junit->problem && junit->repairs == 0)
        check_strictness(bytes, size);
    for (guint i = 0; i < junit->suites->len; i++)
        check_doubles(g_ptr_array_index(junit->suites, i));
    return 0;
}
