/* SPDX-License-Identifier: MIT */
#include "adapters/frameworks/known_internal.h"
#include "adapters/readers/record.h"
#include "formats/xml.h"

#include <stdlib.h>
#include <string.h>

/* The children of <test>, and of <suite>, that say something. */
enum { TITLE, PATH, FN, ID, ITERATION, DURATION, DESCRIPTION, MESSAGE, N_FIELDS };

static const char *const field_names[N_FIELDS] = {
    [TITLE] = "title",
    [PATH] = "path",
    [FN] = "fn",
    [ID] = "id",
    [ITERATION] = "iteration",
    [DURATION] = "duration",
    [MESSAGE] = "message",
    [DESCRIPTION] = "description",
};

typedef struct {
    GPtrArray *records;
    GString *text; /* of the element that is open */
    char *fields[N_FIELDS];
    const char *outcome;
    bool in_test;
} Reader;

static const char *field(const Reader *reader, int i)
{
    return reader->fields[i] ? reader->fields[i] : "";
}

static char *make_id(const Reader *reader)
{
    int64_t iteration = g_ascii_strtoll(field(reader, ITERATION), NULL, 10);
    g_autofree char *loop =
        iteration > 0 ? g_strdup_printf("[%" G_GINT64_FORMAT "]", iteration) : g_strdup("");

    return g_strconcat(field(reader, TITLE), ":", field(reader, DESCRIPTION), ":",
                       field(reader, ID), loop, NULL);
}

/* <fn> is "file:line", <path> the directory; both are empty while tests are only listed. */
static void set_place(GHashTable *record, const Reader *reader)
{
    const char *fn = field(reader, FN);
    const char *colon = strrchr(fn, ':');
    const char *dir = field(reader, PATH);
    g_autofree char *name = NULL;
    g_autofree char *file = NULL;

    if (!colon || colon == fn)
        return;
    name = g_strndup(fn, (gsize)(colon - fn));
    file = *dir && strcmp(dir, ".") != 0 ? g_build_filename(dir, name, NULL) : g_strdup(name);
    tps_record_set(record, "file", file);
    tps_record_set(record, "line", colon + 1);
}

/* The duration of a test that did not reach its end is -1. */
static void end_test(Reader *reader)
{
    GHashTable *record = tps_record_new();
    g_autofree char *id = make_id(reader);

    tps_record_set(record, "id", id);
    tps_record_set(record, "suite", field(reader, TITLE));
    tps_record_set(record, "tcase", field(reader, DESCRIPTION));
    tps_record_set(record, "outcome", reader->outcome);
    if (*field(reader, DURATION) != '-')
        tps_record_set(record, "seconds", field(reader, DURATION));
    if (strcmp(reader->outcome, "passed") != 0)
        tps_record_set(record, "message", field(reader, MESSAGE));
    set_place(record, reader);
    g_ptr_array_add(reader->records, record);
    reader->in_test = false;
}

static const char *parse_outcome(const char *const *attributes)
{
    for (; *attributes; attributes += 2) {
        if (strcmp(attributes[0], "result") != 0)
            continue;
        if (strcmp(attributes[1], "success") == 0)
            return "passed";
        return strcmp(attributes[1], "failure") == 0 ? "failed" : "error";
    }
    return "error";
}

static void on_start(const char *name, const char *const *attributes, void *user)
{
    Reader *reader = user;

    g_string_truncate(reader->text, 0);
    if (strcmp(name, "test") != 0)
        return;
    reader->in_test = true;
    reader->outcome = parse_outcome(attributes);
    for (int i = PATH; i < N_FIELDS; i++)
        g_clear_pointer(&reader->fields[i], g_free);
}

static void on_end(const char *name, void *user)
{
    Reader *reader = user;

    if (strcmp(name, "test") == 0 && reader->in_test)
        end_test(reader);
    for (int i = TITLE; i < N_FIELDS; i++) {
        if (strcmp(name, field_names[i]) == 0 && reader->in_test != (i == TITLE)) {
            g_free(reader->fields[i]);
            reader->fields[i] = g_strdup(reader->text->str);
        }
    }
    g_string_truncate(reader->text, 0);
}

static void on_text(const char *text, size_t length, void *user)
{
    Reader *reader = user;

    g_string_append_len(reader->text, text, (gssize)length);
}

GPtrArray *tps_records_from_check(const char *text, size_t length, char **problem)
{
    static const TpsXmlHandler handler = {.start = on_start, .end = on_end, .text = on_text};
    Reader reader = {.records = tps_records_new(), .text = g_string_new(NULL)};
    g_autoptr(TpsXml) xml = tps_xml_new(&handler, &reader);
    g_autoptr(GError) why = NULL;

    if (!tps_xml_feed(xml, text, length, &why) || !tps_xml_finish(xml, &why))
        *problem = g_strdup(why->message);
    for (int i = 0; i < N_FIELDS; i++)
        g_free(reader.fields[i]);
    g_string_free(reader.text, TRUE);
    return reader.records;
}
