/* SPDX-License-Identifier: MIT */
#include "formats/json_writer.h"

#include "core/duration.h"
#include "formats/digits.h"

#include <stdint.h>
#include <string.h>

/* So much is gathered before it goes into the digest. */
#define FLUSH_BYTES 65536

/* So many names ahead is when memory has to be asked. */
#define PREFETCH 12

TpsJsonWriter tps_json_writer_new(void)
{
    return (TpsJsonWriter){.text = g_string_new(NULL), .first = true};
}

TpsJsonWriter tps_json_writer_new_digest(void)
{
    TpsJsonWriter writer = tps_json_writer_new();

    writer.digest = g_checksum_new(G_CHECKSUM_SHA256);
    return writer;
}

static void flush(TpsJsonWriter *writer)
{
    g_checksum_update(writer->digest, (const guchar *)writer->text->str, (gssize)writer->text->len);
    g_string_truncate(writer->text, 0);
}

static void break_line(TpsJsonWriter *writer)
{
    if (writer->digest || writer->row)
        return;
    g_string_append_c(writer->text, '\n');
    for (int i = 0; i < writer->depth; i++)
        g_string_append_c(writer->text, ' ');
}

static void begin_next(TpsJsonWriter *writer)
{
    if (writer->digest && writer->text->len >= FLUSH_BYTES)
        flush(writer);
    if (!writer->first)
        g_string_append_c(writer->text, ',');
    if (writer->depth > 0)
        break_line(writer);
    writer->first = false;
}

static void append_printed(GString *text, cJSON *value)
{
    char *printed = cJSON_PrintUnformatted(value);

    g_string_append(text, printed);
    cJSON_free(printed);
    cJSON_Delete(value);
}

/* Is there one of the eight bytes that JSON escapes? Not 0: yes. */
static uint64_t escaped_bytes(uint64_t bytes)
{
    const uint64_t ones = UINT64_MAX / 0xff, highs = ones * 0x80;
    const uint64_t quote = bytes ^ (ones * '"'), backslash = bytes ^ (ones * '\\');

    /* A byte less than m, of those below 0x80, borrows from its highest bit when m is taken away.
     */
    return (((bytes - ones * 0x20) & ~bytes) | ((quote - ones) & ~quote) |
            ((backslash - ones) & ~backslash)) &
           highs;
}

/* Most names have nothing to be escaped; eight bytes at a time, for there may be a million. */
static bool is_plain(const char *text, size_t length)
{
    uint64_t bytes;

    for (; length >= sizeof bytes; text += sizeof bytes, length -= sizeof bytes) {
        memcpy(&bytes, text, sizeof bytes);
        if (escaped_bytes(bytes))
            return false;
    }
    memset(&bytes, ' ', sizeof bytes);
    memcpy(&bytes, text, length);
    return !escaped_bytes(bytes);
}

static void append_string(GString *text, const char *value)
{
    const size_t length = strlen(value);

    if (!is_plain(value, length)) {
        append_printed(text, cJSON_CreateStringReference(value));
        return;
    }
    g_string_append_c(text, '"');
    g_string_append_len(text, value, (gssize)length);
    g_string_append_c(text, '"');
}

static void begin_member(TpsJsonWriter *writer, const char *name)
{
    begin_next(writer);
    if (!name)
        return;
    append_string(writer->text, name);
    g_string_append(writer->text, writer->digest || writer->row ? ":" : ": ");
}

void tps_json_writer_begin(TpsJsonWriter *writer, const char *name, char bracket)
{
    begin_member(writer, name);
    g_string_append_c(writer->text, bracket);
    writer->depth++;
    writer->first = true;
}

void tps_json_writer_end(TpsJsonWriter *writer, char bracket)
{
    writer->depth--;
    if (!writer->first)
        break_line(writer);
    g_string_append_c(writer->text, bracket);
    writer->first = false;
}

void tps_json_writer_value(TpsJsonWriter *writer, const char *name, cJSON *value)
{
    begin_member(writer, name);
    append_printed(writer->text, value);
}

void tps_json_writer_string(TpsJsonWriter *writer, const char *name, const char *value)
{
    begin_member(writer, name);
    append_string(writer->text, value);
}

void tps_json_writer_int(TpsJsonWriter *writer, const char *name, int64_t value)
{
    begin_member(writer, name);
    if (value < 0)
        g_string_append_c(writer->text, '-');
    tps_digits_append(writer->text, value < 0 ? -(uint64_t)value : (uint64_t)value, 1);
}

static void append_fraction(GString *text, uint64_t us)
{
    int width = 6;

    for (; us % 10 == 0; us /= 10)
        width--;
    g_string_append_c(text, '.');
    tps_digits_append(text, us, width);
}

/* cJSON has exponents below 0.0001. */
void tps_json_writer_seconds(TpsJsonWriter *writer, const char *name, int64_t us)
{
    if (us != 0 && us < 100) {
        tps_json_writer_value(writer, name, cJSON_CreateNumber(tps_us_to_seconds(us)));
        return;
    }
    begin_member(writer, name);
    tps_digits_append(writer->text, (uint64_t)(us / TPS_SECOND_US), 1);
    if (us % TPS_SECOND_US)
        append_fraction(writer->text, (uint64_t)(us % TPS_SECOND_US));
}

/* The lines of the cache that a usual name is in. */
static void prefetch(const char *name)
{
    __builtin_prefetch(name);
    __builtin_prefetch(name + 64);
}

void tps_json_writer_strings(TpsJsonWriter *writer, const char *name, const GPtrArray *strings)
{
    tps_json_writer_begin(writer, name, '[');
    for (guint i = 0; i < strings->len; i++) {
        /* A part's names lie far apart in memory, and few of them in the cache. */
        if (i + PREFETCH < strings->len)
            prefetch(g_ptr_array_index(strings, i + PREFETCH));
        tps_json_writer_string(writer, NULL, g_ptr_array_index(strings, i));
    }
    tps_json_writer_end(writer, ']');
}

void tps_json_writer_row_begin(TpsJsonWriter *writer)
{
    tps_json_writer_begin(writer, NULL, '{');
    writer->row = true;
}

void tps_json_writer_row_strings(TpsJsonWriter *writer, const char *name, const GPtrArray *strings)
{
    writer->row = false;
    tps_json_writer_strings(writer, name, strings);
    writer->row = true;
}

void tps_json_writer_row_end(TpsJsonWriter *writer)
{
    tps_json_writer_end(writer, '}');
    writer->row = false;
}

char *tps_json_writer_text(TpsJsonWriter *writer)
{
    g_string_append_c(writer->text, '\n');
    return g_string_free(g_steal_pointer(&writer->text), FALSE);
}

char *tps_json_writer_digest(TpsJsonWriter *writer)
{
    char *digest;

    flush(writer);
    digest = g_strdup(g_checksum_get_string(writer->digest));
    g_checksum_free(writer->digest);
    g_string_free(writer->text, TRUE);
    return digest;
}
