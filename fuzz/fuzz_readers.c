/* SPDX-License-Identifier: MIT */
#include "fuzz/fuzz.h"

#include "adapters/readers/readers.h"

#include <string.h>

/*
 * One target for all readers: the first line of an input names one, the rest is what it reads.
 */
static const char *const fields[] = {"a",   "a.b",  "../a",   "../../a", "key", "value",
                                     "t/a", "text", "f/text", "f/a",     NULL};

/* Read from a copy that is as long as it has to be: the sanitizer sees a byte too many. */
typedef struct {
    char *bytes;
    size_t length;
} Input;

/* `error` is looked at when it has been set. */
static void check(GPtrArray *records, GError *const *error, size_t length)
{
    g_assert_true((records == NULL) == (error && *error));
    g_assert_cmpuint(records ? records->len : 0, <=, length);
    for (guint i = 0; records && i < records->len; i++)
        g_assert_nonnull(g_ptr_array_index(records, i));
    if (records)
        g_ptr_array_unref(records);
}

/* Patterns are ours: those of users are as trusted as their programs. */
static GRegex *pattern(const char *text)
{
    GRegex *regex = tps_pattern_compile(text, NULL);

    g_assert_nonnull(regex);
    return regex;
}

static void read_lines(Input input)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GError) plain_error = NULL;
    g_autoptr(GRegex) regex = pattern("^(?:test (?<id>.*?)|(?<id>\\S+) (?<w>ok|no))$");

    check(tps_records_from_lines(input.bytes, input.length, NULL, &plain_error), &plain_error,
          input.length);
    check(tps_records_from_lines(input.bytes, input.length, regex, &error), &error, input.length);
}

static void read_progress(Input input)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GRegex) start = pattern("^> (?<id>.*)$");
    g_autoptr(GRegex) end = pattern("< (?:(?<id>\\S+) )?(?<w>\\w+)$");
    g_autofree char *running = NULL;

    check(tps_records_from_progress(input.bytes, input.length, start, end, &running, &error),
          &error, input.length);
}

static void read_json(Input input)
{
    static const char *const paths[] = {"", "*", "*/*", "t/*", "t/*/t/*"};

    for (size_t i = 0; i < G_N_ELEMENTS(paths); i++) {
        g_autoptr(GError) error = NULL;

        check(tps_records_from_json(input.bytes, input.length, paths[i], fields, &error), &error,
              input.length);
    }
}

static void read_json_lines(Input input)
{
    g_autoptr(GError) error = NULL;
    bool torn;

    check(tps_records_from_json_lines(input.bytes, input.length, fields, &torn, &error), &error,
          input.length);
}

static void read_xml(Input input)
{
    g_autofree char *problem = NULL;

    check(tps_records_from_xml(input.bytes, input.length, "t", fields, &problem), NULL,
          input.length);
}

static void read_tap(Input input)
{
    g_autofree char *problem = NULL;

    check(tps_records_from_tap(input.bytes, input.length, &problem), NULL, input.length);
}

static void read_go(Input input)
{
    g_autoptr(GError) error = NULL;

    check(tps_records_from_go(input.bytes, input.length, &error), &error, input.length);
}

static const struct {
    const char *name;
    void (*read)(Input input);
} readers[] = {
    {"go", read_go},       {"json", read_json},         {"json-lines", read_json_lines},
    {"lines", read_lines}, {"progress", read_progress}, {"tap", read_tap},
    {"xml", read_xml},
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *feed = size > 0 ? memchr(data, '\n', size) : NULL;
    size_t name = feed ? (size_t)(feed - data) : 0;
    Input input = {NULL, feed ? size - name - 1 : 0};

    if (!feed)
        return 0;
    input.bytes = g_memdup2(feed + 1, input.length);
    for (size_t i = 0; i < G_N_ELEMENTS(readers); i++)
        if (strlen(readers[i].name) == name && memcmp(readers[i].name, data, name) == 0)
            readers[i].read(input);
    g_free(input.bytes);
    return 0;
}
