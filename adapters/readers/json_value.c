/* SPDX-License-Identifier: MIT */
#include "adapters/readers/readers_internal.h"
#include "core/error.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What a double holds of a whole number without gaps, and some digits more. */
#define WHOLE_MAX 1e18

/* The code unit of a "\uXXXX" at `at`; -1 when there is none. */
static int read_escape(const char *at, const char *end)
{
    int unit = 0;

    if (end - at < 6 || at[0] != '\\' || at[1] != 'u')
        return -1;
    for (int i = 2; i < 6; i++) {
        int digit = g_ascii_xdigit_value(at[i]);

        if (digit < 0)
            return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

static bool is_high(int unit)
{
    return unit >= 0xD800 && unit <= 0xDBFF;
}

static bool is_low(int unit)
{
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

/* How many bytes of the escape at `at` are done; JavaScript writes halves of pairs. */
static size_t mend_escape(char *at, const char *end)
{
    int unit = read_escape(at, end);

    if (unit < 0)
        return 2;
    if (is_high(unit) && is_low(read_escape(at + 6, end)))
        return 12;
    if (unit == 0 || is_high(unit) || is_low(unit))
        memcpy(at + 2, "fffd", 4);
    return 6;
}

void tps_json_mend(char *text, size_t length)
{
    const char *end = text + length;
    char *at = text;

    while (at < end && (at = memchr(at, '\\', (size_t)(end - at))))
        at += mend_escape(at, end);
}

/* `number` is that of the line, for the message. */
static cJSON *read_line(const TpsLine *line, guint number, GError **error)
{
    g_autofree char *text = g_memdup2(line->start, line->length);
    g_autoptr(GError) why = NULL;
    cJSON *object;

    tps_json_mend(text, line->length);
    object = tps_json_parse(text, line->length, &why);
    if (!object) /* its own line number is always 1 */
        g_set_error(error, TPS_ERROR, TPS_ERROR_FRAMEWORK, "%u:%s", number,
                    strchr(why->message, ':') + 1);
    return object;
}

bool tps_json_read_lines(const char *text, size_t length, TpsJsonLineVisit visit, void *user,
                         bool *torn, GError **error)
{
    TpsLine line = {.next = text};

    *torn = false;
    for (guint number = 1; tps_line_read(line.next, text + length, &line); number++) {
        g_autoptr(GError) why = NULL;
        g_autoptr(cJSON) object = NULL;

        if (!tps_line_starts_with(&line, "{"))
            continue;
        object = read_line(&line, number, &why);
        if (object) {
            visit(object, user);
        } else if (line.ended) {
            g_propagate_error(error, g_steal_pointer(&why));
            return false;
        }
        *torn = !object;
    }
    return true;
}

static void append_number(GString *out, double number)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];

    if (fabs(number) < WHOLE_MAX && floor(number) >= number)
        g_ascii_formatd(text, sizeof text, "%.0f", number);
    else
        g_ascii_formatd(text, sizeof text, "%.15g", number);
    if (g_ascii_strtod(text, NULL) < number || g_ascii_strtod(text, NULL) > number)
        g_ascii_dtostr(text, sizeof text, number);
    g_string_append(out, text);
}

static bool append_scalar(GString *out, const cJSON *value)
{
    if (cJSON_IsString(value))
        g_string_append(out, value->valuestring);
    else if (cJSON_IsNumber(value))
        append_number(out, value->valuedouble);
    else if (cJSON_IsBool(value))
        g_string_append(out, cJSON_IsTrue(value) ? "true" : "false");
    else
        return false;
    return true;
}

static bool append_array(GString *out, const cJSON *array)
{
    const cJSON *element;

    cJSON_ArrayForEach(element, array)
    {
        if (element != array->child)
            g_string_append_c(out, ' ');
        if (!append_scalar(out, element))
            return false;
    }
    return true;
}

GRefString *tps_json_value(const cJSON *value)
{
    g_autoptr(GString) out = g_string_new(NULL);

    if (cJSON_IsArray(value) ? append_array(out, value) : append_scalar(out, value))
        return g_ref_string_new_len(out->str, (gssize)out->len);
    return NULL;
}

const cJSON *tps_json_find(const cJSON *object, const char *name)
{
    const cJSON *found =
        cJSON_IsObject(object) ? cJSON_GetObjectItemCaseSensitive(object, name) : NULL;

    for (const char *dot = strchr(name, '.'); cJSON_IsObject(object) && !found && dot;
         dot = strchr(dot + 1, '.')) {
        g_autofree char *head = g_strndup(name, (gsize)(dot - name));
        const cJSON *inner = cJSON_GetObjectItemCaseSensitive(object, head);

        found = cJSON_IsObject(inner) ? tps_json_find(inner, dot + 1) : NULL;
    }
    return found;
}
