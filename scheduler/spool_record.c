/* SPDX-License-Identifier: MIT */
#include "scheduler/spool_internal.h"

#include <string.h>

/* What a result has. */
enum {
    HAS_FILE = 1 << 0,
    HAS_TYPE = 1 << 1,
    HAS_MESSAGE = 1 << 2,
    HAS_TEXT = 1 << 3,
    HAS_OUTPUT = 1 << 4,
    HAS_ATTEMPTS = 1 << 5,
    HAS_CASES = 1 << 6,
    HAS_PROPERTIES = 1 << 7,
    HAS_ID = 1 << 8, /* of an attempt or case */
};

typedef struct {
    int64_t time_us;
    int64_t line;
    uint32_t marks;
    uint32_t outcome;
} Body;

static void append(GByteArray *bytes, const void *more, size_t length)
{
    g_byte_array_append(bytes, more, (guint)length);
}

static void append_text(GByteArray *bytes, const char *text)
{
    if (text)
        append(bytes, text, strlen(text) + 1);
}

static void append_number(GByteArray *bytes, uint32_t number)
{
    append(bytes, &number, sizeof(number));
}

static uint32_t marks_of(const TpsResult *result)
{
    return (result->file ? HAS_FILE : 0U) | (result->type ? HAS_TYPE : 0U) |
           (result->message ? HAS_MESSAGE : 0U) | (result->text ? HAS_TEXT : 0U) |
           (result->output ? HAS_OUTPUT : 0U) | (result->attempts ? HAS_ATTEMPTS : 0U) |
           (result->cases ? HAS_CASES : 0U) | (result->properties ? HAS_PROPERTIES : 0U) |
           (result->id ? HAS_ID : 0U);
}

static void append_properties(GByteArray *bytes, const GPtrArray *properties)
{
    if (!properties)
        return;
    append_number(bytes, properties->len);
    for (guint i = 0; i < properties->len; i++) {
        const TpsProperty *property = g_ptr_array_index(properties, i);

        append_text(bytes, property->name);
        append_text(bytes, property->value);
    }
}

static void append_list(GByteArray *bytes, const GPtrArray *results);

/* All but the id. */
static void append_body(GByteArray *bytes, const TpsResult *result)
{
    const Body body = {.time_us = result->time_us,
                       .line = result->line,
                       .marks = marks_of(result),
                       .outcome = (uint32_t)result->outcome};

    append(bytes, &body, sizeof(body));
    append_text(bytes, result->file);
    append_text(bytes, result->type);
    append_text(bytes, result->message);
    append_text(bytes, result->text);
    append_text(bytes, result->output);
    append_list(bytes, result->attempts);
    append_list(bytes, result->cases);
    append_properties(bytes, result->properties);
}

static void append_list(GByteArray *bytes, const GPtrArray *results)
{
    if (!results)
        return;
    append_number(bytes, results->len);
    for (guint i = 0; i < results->len; i++) {
        const TpsResult *result = g_ptr_array_index(results, i);

        append_body(bytes, result);
        append_text(bytes, result->id);
    }
}

void tps_spool_record_append(GByteArray *bytes, TpsSpoolHead head, const char *id,
                             const TpsResult *result)
{
    guint start = bytes->len;

    head.id_length = (uint32_t)strlen(id);
    append(bytes, &head, sizeof(head));
    append(bytes, id, head.id_length + 1);
    append_body(bytes, result);
    head.length = bytes->len - start;
    memcpy(bytes->data + start, &head, sizeof(head));
}

int tps_spool_record_compare(const char *a, const char *b)
{
    TpsSpoolHead x = tps_spool_head(a);
    TpsSpoolHead y = tps_spool_head(b);
    int order = (x.suite > y.suite) - (x.suite < y.suite);

    if (!order)
        order = strcmp(tps_spool_id(a), tps_spool_id(b));
    if (!order)
        order = x.apart - y.apart;
    if (!order)
        order = (x.report > y.report) - (x.report < y.report);
    return order ? order : (x.position > y.position) - (x.position < y.position);
}

/* Reading */

static void take(const char **at, void *into, size_t length)
{
    memcpy(into, *at, length);
    *at += length;
}

static uint32_t take_number(const char **at)
{
    uint32_t number;

    take(at, &number, sizeof(number));
    return number;
}

/* Borrowed from the record. */
static char *take_text(const char **at, bool has)
{
    const char *text = *at;

    if (!has)
        return NULL;
    *at += strlen(text) + 1;
    return (char *)text;
}

static GPtrArray *take_properties(const char **at)
{
    GPtrArray *properties = tps_properties_new();

    for (uint32_t n = take_number(at); n > 0; n--) {
        const char *name = take_text(at, true);

        tps_properties_add(properties, name, take_text(at, true));
    }
    return properties;
}

static GPtrArray *take_list(const char **at);

static uint32_t take_body(const char **at, TpsResult *view)
{
    Body body;

    take(at, &body, sizeof(body));
    *view = (TpsResult){
        .outcome = (TpsOutcome)body.outcome, .time_us = body.time_us, .line = body.line};
    view->file = take_text(at, body.marks & HAS_FILE);
    view->type = take_text(at, body.marks & HAS_TYPE);
    view->message = take_text(at, body.marks & HAS_MESSAGE);
    view->text = take_text(at, body.marks & HAS_TEXT);
    view->output = take_text(at, body.marks & HAS_OUTPUT);
    view->attempts = body.marks & HAS_ATTEMPTS ? take_list(at) : NULL;
    view->cases = body.marks & HAS_CASES ? take_list(at) : NULL;
    view->properties = body.marks & HAS_PROPERTIES ? take_properties(at) : NULL;
    return body.marks;
}

/* What was borrowed becomes its own. */
static TpsResult *own(const TpsResult *view)
{
    TpsResult *result = g_new(TpsResult, 1);

    *result = *view;
    result->id = g_strdup(view->id);
    result->file = g_strdup(view->file);
    result->type = g_strdup(view->type);
    result->message = g_strdup(view->message);
    result->text = g_strdup(view->text);
    result->output = g_strdup(view->output);
    return result;
}

static GPtrArray *take_list(const char **at)
{
    GPtrArray *results = tps_results_new();

    for (uint32_t n = take_number(at); n > 0; n--) {
        TpsResult view;
        uint32_t marks = take_body(at, &view);

        view.id = take_text(at, marks & HAS_ID);
        g_ptr_array_add(results, own(&view));
    }
    return results;
}

void tps_spool_view_init(TpsResult *view, const char *record)
{
    const char *at = tps_spool_id(record) + tps_spool_head(record).id_length + 1;

    take_body(&at, view);
    view->id = (char *)tps_spool_id(record);
}

void tps_spool_view_clear(TpsResult *view)
{
    g_clear_pointer(&view->attempts, g_ptr_array_unref);
    g_clear_pointer(&view->cases, g_ptr_array_unref);
    g_clear_pointer(&view->properties, g_ptr_array_unref);
}

TpsResult *tps_spool_record_result(const char *record)
{
    TpsResult view;

    tps_spool_view_init(&view, record);
    return own(&view);
}
