/* SPDX-License-Identifier: MIT */
#include "formats/chunks_internal.h"
#include "formats/junit_reader_internal.h"

#define WARNINGS_MAX 50 /* the rest is only counted */

static void frame_free(TpsJunitFrame *frame)
{
    g_free(frame->group);
    tps_junit_case_free(frame->testcase);
    g_clear_pointer(&frame->verdicts, g_ptr_array_unref);
    tps_result_free(frame->verdict);
    g_free(frame->name);
    g_free(frame->value);
    tps_junit_text_clear(&frame->output);
    tps_junit_text_clear(&frame->text);
    g_free(frame);
}

void tps_junit_warn(TpsJunitReader *reader, const char *format, ...)
{
    va_list arguments;

    if (++reader->n_warnings > WARNINGS_MAX)
        return;
    va_start(arguments, format);
    g_ptr_array_add(reader->junit->warnings, g_strdup_vprintf(format, arguments));
    va_end(arguments);
}

static void on_start(const char *name, const char *const *attributes, void *user)
{
    TpsJunitReader *reader = user;
    const TpsJunitElement *element =
        reader->is_check ? tps_junit_check_element_find(name) : tps_junit_element_find(name);
    TpsJunitFrame *frame;

    if (reader->frames->len == 0 && (!element || !element->may_be_root)) {
        g_autofree char *why =
            g_strdup_printf("not a JUnit report: '%s' instead of 'testsuites'", name);

        tps_xml_refuse(reader->xml, why);
        return;
    }
    frame = g_new0(TpsJunitFrame, 1);
    frame->element = element;
    if (element && element->has_text)
        frame->text = g_string_new(NULL);
    if (element && element->start)
        element->start(reader, frame, attributes);
    g_ptr_array_add(reader->frames, frame);
}

static void on_end(const char *name, void *user)
{
    TpsJunitReader *reader = user;
    TpsJunitFrame *frame = g_ptr_array_steal_index(reader->frames, reader->frames->len - 1);

    (void)name;
    if (frame->element && frame->element->end)
        frame->element->end(reader, frame);
    frame_free(frame);
    if (reader->frames->len == 0)
        reader->is_check = false; /* the next document may be somebody else's */
}

static void on_text(const char *text, size_t length, void *user)
{
    TpsJunitReader *reader = user;
    TpsJunitFrame *frame = NULL;

    if (reader->frames->len > 0)
        frame = g_ptr_array_index(reader->frames, reader->frames->len - 1);
    if (frame && frame->text)
        g_string_append_len(frame->text, text, (gssize)length);
}

/* The digest is of all bytes, whether they could be read or not. */
bool tps_junit_reader_take(const char *bytes, size_t length, void *user, GError **error)
{
    TpsJunitReader *reader = user;
    g_autoptr(GError) why = NULL;

    (void)error;
    if (reader->checksum)
        g_checksum_update(reader->checksum, (const guchar *)bytes, (gssize)length);
    if (!reader->junit->problem && !tps_xml_feed(reader->xml, bytes, length, &why))
        reader->junit->problem = g_strdup(why->message);
    return true;
}

/* What is said once for the whole report. */
static void warn_of_sums(TpsJunitReader *reader)
{
    GPtrArray *warnings = reader->junit->warnings;
    size_t repairs = tps_xml_repairs(reader->xml);

    reader->junit->repairs = repairs;
    if (reader->n_warnings > WARNINGS_MAX)
        g_ptr_array_add(warnings, g_strdup_printf("more warnings like these: %u",
                                                  reader->n_warnings - WARNINGS_MAX));
    if (reader->n_without_time > 0)
        g_ptr_array_add(warnings,
                        g_strdup_printf("testcases without a time: %u", reader->n_without_time));
    if (repairs > 0)
        g_ptr_array_add(warnings, g_strdup_printf("mended what is not XML, places: %zu", repairs));
}

void tps_junit_reader_init(TpsJunitReader *reader)
{
    static const TpsXmlHandler handler = {.start = on_start, .end = on_end, .text = on_text};

    *reader = (TpsJunitReader){.junit = tps_junit_new()};
    reader->xml = tps_xml_new(&handler, reader);
    reader->frames = g_ptr_array_new_with_free_func((GDestroyNotify)frame_free);
    reader->checksum = g_checksum_new(G_CHECKSUM_SHA256);
}

TpsJunit *tps_junit_reader_finish(TpsJunitReader *reader)
{
    TpsJunit *junit = reader->junit;
    g_autoptr(GError) why = NULL;

    if (!junit->problem && !tps_xml_finish(reader->xml, &why))
        junit->problem = g_strdup(why->message);
    if (!junit->problem && reader->n_bad == 0)
        junit->problem = g_steal_pointer(&reader->contradiction);
    g_free(reader->contradiction);
    if (reader->checksum)
        junit->digest = g_strdup(g_checksum_get_string(reader->checksum));
    while (reader->visitor && junit->suites->len > 0)
        tps_junit_stream_end(reader, g_ptr_array_index(junit->suites, 0));
    warn_of_sums(reader);
    for (guint i = 0; i < junit->suites->len; i++)
        tps_junit_gather_cases(g_ptr_array_index(junit->suites, i));
    tps_xml_free(reader->xml);
    g_ptr_array_unref(reader->frames);
    g_clear_pointer(&reader->checksum, g_checksum_free);
    return junit;
}

TpsJunit *tps_junit_parse(const char *bytes, size_t length)
{
    TpsJunitReader reader;

    tps_junit_reader_init(&reader);
    tps_junit_reader_take(bytes, length, &reader, NULL);
    return tps_junit_reader_finish(&reader);
}

TpsJunit *tps_junit_read(const char *path, GError **error)
{
    TpsJunitReader reader;
    g_autoptr(TpsJunit) junit = NULL;
    bool read;

    tps_junit_reader_init(&reader);
    read = tps_file_read_chunks(path, tps_junit_reader_take, &reader, error);
    junit = tps_junit_reader_finish(&reader);
    return read ? g_steal_pointer(&junit) : NULL;
}
