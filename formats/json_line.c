/* SPDX-License-Identifier: MIT */
#include "formats/json_line.h"

#include "core/duration.h"
#include "core/error.h"
#include "formats/digits.h"

#include <string.h>

#define LATIN1 "latin1"

/* The names are ours: nothing in them needs to be escaped. */
static void append_name(GString *line, const char *name)
{
    if (!name)
        return;
    g_string_append_c(line, '"');
    g_string_append(line, name);
    g_string_append_len(line, "\":", 2);
}

void tps_json_line_open(GString *line, const char *name, char bracket)
{
    append_name(line, name);
    g_string_append_c(line, bracket);
}

void tps_json_line_close(GString *line, char bracket)
{
    if (line->len > 0 && line->str[line->len - 1] == ',')
        line->str[line->len - 1] = bracket;
    else
        g_string_append_c(line, bracket);
    g_string_append_c(line, ',');
}

void tps_json_line_int(GString *line, const char *name, int64_t value)
{
    append_name(line, name);
    if (value < 0)
        g_string_append_c(line, '-');
    tps_digits_append(line, value < 0 ? -(uint64_t)value : (uint64_t)value, 1);
    g_string_append_c(line, ',');
}

void tps_json_line_true(GString *line, const char *name)
{
    append_name(line, name);
    g_string_append_len(line, "true,", 5);
}

void tps_json_line_seconds(GString *line, const char *name, int64_t us)
{
    append_name(line, name);
    tps_digits_append(line, (uint64_t)(us / TPS_SECOND_US), 1);
    if (us % TPS_SECOND_US) {
        g_string_append_c(line, '.');
        tps_digits_append(line, (uint64_t)(us % TPS_SECOND_US), 6);
    }
    g_string_append_c(line, ',');
}

void tps_json_line_maybe_seconds(GString *line, const char *name, int64_t us)
{
    if (us >= 0)
        tps_json_line_seconds(line, name, us);
}

/* How many bytes at the beginning can stand in a string as they are. */
static size_t plain_bytes(const char *text, size_t length)
{
    size_t i = 0;

    while (i < length && (unsigned char)text[i] >= 0x20 && text[i] != '"' && text[i] != '\\')
        i++;
    return i;
}

static void append_escaped(GString *line, char character)
{
    static const char hex[] = "0123456789abcdef";
    static const char letters[] = {['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f',
                                   ['\r'] = 'r', ['"'] = '"',  ['\\'] = '\\'};
    unsigned char byte = (unsigned char)character;
    char letter = byte < sizeof letters ? letters[byte] : 0;
    char escape[6] = {'\\', letter, 0};

    if (!letter)
        memcpy(escape, (char[]){'\\', 'u', '0', '0', hex[byte >> 4], hex[byte & 15]}, 6);
    g_string_append_len(line, escape, letter ? 2 : 6);
}

static void append_quoted(GString *line, const char *text, size_t length)
{
    g_string_append_c(line, '"');
    while (length > 0) {
        size_t n = plain_bytes(text, length);

        g_string_append_len(line, text, (gssize)n);
        if (n < length)
            append_escaped(line, text[n++]);
        text += n;
        length -= n;
    }
    g_string_append_c(line, '"');
}

static void append_latin1(GString *line, const char *text)
{
    g_autoptr(GString) wide = g_string_new(NULL);

    for (; *text; text++)
        g_string_append_unichar(wide, (unsigned char)*text);
    g_string_append(line, "{\"" LATIN1 "\":");
    append_quoted(line, wide->str, wide->len);
    g_string_append_c(line, '}');
}

void tps_json_line_string(GString *line, const char *name, const char *value)
{
    size_t length = strlen(value);

    append_name(line, name);
    if (g_utf8_validate_len(value, length, NULL))
        append_quoted(line, value, length);
    else
        append_latin1(line, value);
    g_string_append_c(line, ',');
}

void tps_json_line_maybe_string(GString *line, const char *name, const char *value)
{
    if (value)
        tps_json_line_string(line, name, value);
}

void tps_json_line_strings(GString *line, const char *name, const GPtrArray *strings)
{
    tps_json_line_open(line, name, '[');
    for (guint i = 0; i < strings->len; i++)
        tps_json_line_string(line, NULL, g_ptr_array_index(strings, i));
    tps_json_line_close(line, ']');
}

/* NULL where a character is no byte. */
static char *bytes_of_latin1(const char *text)
{
    g_autoptr(GString) bytes = g_string_new(NULL);

    if (!g_utf8_validate(text, -1, NULL))
        return NULL;
    for (; *text; text = g_utf8_next_char(text)) {
        gunichar character = g_utf8_get_char(text);

        if (character > 0xff)
            return NULL;
        g_string_append_c(bytes, (char)character);
    }
    return g_strdup(bytes->str);
}

char *tps_json_line_bytes(const cJSON *value)
{
    const cJSON *latin1 = cJSON_GetObjectItemCaseSensitive(value, LATIN1);

    if (cJSON_IsString(value))
        return g_strdup(value->valuestring);
    return cJSON_IsString(latin1) ? bytes_of_latin1(latin1->valuestring) : NULL;
}

static bool fail(GError **error, const char *key, const char *what)
{
    g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT, "'%s' must be %s", key, what);
    return false;
}

bool tps_json_line_maybe_bytes(const cJSON *object, const char *key, char **bytes, GError **error)
{
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, key);
    char *value;

    if (!member || cJSON_IsNull(member))
        return true;
    value = tps_json_line_bytes(member);
    if (!value)
        return fail(error, key, "a string");
    g_free(*bytes);
    *bytes = value;
    return true;
}

bool tps_json_line_get_bytes(const cJSON *object, const char *key, char **bytes, GError **error)
{
    return tps_json_line_maybe_bytes(object, key, bytes, error) &&
           (*bytes || fail(error, key, "a string"));
}

bool tps_json_line_maybe_strings(const cJSON *object, const char *key, GPtrArray *strings,
                                 GError **error)
{
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, key);
    const cJSON *element;

    if (!member)
        return true;
    if (!cJSON_IsArray(member))
        return fail(error, key, "an array of strings");
    cJSON_ArrayForEach(element, member)
    {
        char *value = tps_json_line_bytes(element);

        if (!value)
            return fail(error, key, "an array of strings");
        g_ptr_array_add(strings, value);
    }
    return true;
}
