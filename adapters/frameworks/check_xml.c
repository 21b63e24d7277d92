/* SPDX-License-Identifier: MIT */
#include "adapters/frameworks/check_internal.h"
#include "core/duration.h"
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
    GPtrArray *tests; /* of TpsCheckTest                          */
    GHashTable *used; /* id -> how often                          */
    GString *text;    /* of the element that is open              */
    char *fields[N_FIELDS];
    TpsOutcome outcome;
    bool in_test;
} Reader;

static void test_free(TpsCheckTest *test)
{
    g_free(test->suite);
    g_free(test->tcase);
    tps_result_free(test->result);
    g_free(test);
}

static const char *field(const Reader *reader, int i)
{
    return reader->fields[i] ? reader->fields[i] : "";
}

static char *make_id(Reader *reader)
{
    int64_t iteration = g_ascii_strtoll(field(reader, ITERATION), NULL, 10);
    g_autofree char *loop =
        iteration > 0 ? g_strdup_printf("[%" G_GINT64_FORMAT "]", iteration) : g_strdup("");
    char *id = g_strconcat(field(reader, TITLE), ":", field(reader, DESCRIPTION), ":",
                           field(reader, ID), loop, NULL);
    guint times = GPOINTER_TO_UINT(g_hash_table_lookup(reader->used, id)) + 1;
    char *numbered = times > 1 ? g_strdup_printf("%s#%u", id, times) : g_strdup(id);

    g_hash_table_replace(reader->used, id, GUINT_TO_POINTER(times));
    return numbered;
}

/* <fn> is "file:line", <path> the directory; both are empty while tests are only listed. */
static void set_place(TpsResult *result, const Reader *reader)
{
    const char *fn = field(reader, FN);
    const char *colon = strrchr(fn, ':');
    const char *dir = field(reader, PATH);

    if (!colon || colon == fn)
        return;
    g_autofree char *name = g_strndup(fn, (gsize)(colon - fn));

    result->file =
        *dir && strcmp(dir, ".") != 0 ? g_build_filename(dir, name, NULL) : g_steal_pointer(&name);
    result->line = MAX(0, g_ascii_strtoll(colon + 1, NULL, 10));
}

/* The duration of a test that did not reach its end is -1. */
static TpsResult *make_result(Reader *reader)
{
    g_autofree char *id = make_id(reader);
    TpsResult *result = tps_result_new(id, reader->outcome, TPS_TIME_UNKNOWN);

    tps_us_from_seconds(g_ascii_strtod(field(reader, DURATION), NULL), &result->time_us);
    if (tps_outcome_is_bad(reader->outcome))
        result->message = g_strdup(field(reader, MESSAGE));
    set_place(result, reader);
    return result;
}

static void end_test(Reader *reader)
{
    TpsCheckTest *test = g_new0(TpsCheckTest, 1);

    test->suite = g_strdup(field(reader, TITLE));
    test->tcase = g_strdup(field(reader, DESCRIPTION));
    test->result = make_result(reader);
    g_ptr_array_add(reader->tests, test);
    reader->in_test = false;
}

static TpsOutcome parse_outcome(const char *const *attributes)
{
    for (; *attributes; attributes += 2) {
        if (strcmp(attributes[0], "result") != 0)
            continue;
        if (strcmp(attributes[1], "success") == 0)
            return TPS_OUTCOME_PASSED;
        return strcmp(attributes[1], "failure") == 0 ? TPS_OUTCOME_FAILED : TPS_OUTCOME_ERROR;
    }
    return TPS_OUTCOME_ERROR;
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

/* tps_xml_parse_file() would put a path into the message that nobody can look at any more. */
static char *parse_file(const char *path, Reader *reader)
{
    static const TpsXmlHandler handler = {.start = on_start, .end = on_end, .text = on_text};
    g_autoptr(TpsXml) xml = tps_xml_new(&handler, reader);
    g_autoptr(GError) why = NULL;
    g_autofree char *text = NULL;
    gsize length;

    if (!g_file_get_contents(path, &text, &length, NULL))
        return g_strdup("it can't be read");
    if (!tps_xml_feed(xml, text, length, &why) || !tps_xml_finish(xml, &why))
        return g_strdup(why->message);
    return NULL;
}

GPtrArray *tps_check_xml_read(const char *path, char **problem)
{
    Reader reader = {
        .tests = g_ptr_array_new_with_free_func((GDestroyNotify)test_free),
        .used = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
        .text = g_string_new(NULL),
    };

    *problem = parse_file(path, &reader);
    for (int i = 0; i < N_FIELDS; i++)
        g_free(reader.fields[i]);
    g_hash_table_unref(reader.used);
    g_string_free(reader.text, TRUE);
    return reader.tests;
}
