/* SPDX-License-Identifier: MIT */
#include "formats/json.h"

#include "core/duration.h"
#include "core/error.h"
#include "formats/files.h"

#include <limits.h>
#include <math.h>
#include <string.h>

/*
 * cJSON turns "\u0000" into the end of the string, and two names could become one. Nobody's test
 * has a NUL in its name, so such a file is refused. Returns where it is, or NULL.
 */
static const char *find_nul_escape(const char *text, size_t length)
{
    const char *end = text + length;

    for (const char *p = memchr(text, '\\', length); p && p + 5 < end;
         p = memchr(p, '\\', (size_t)(end - p))) {
        if (strncmp(p + 1, "u0000", 5) == 0)
            return p;
        p += 2;
    }
    return NULL;
}

static void set_parse_error(GError **error, const char *text, const char *where, const char *what)
{
    int line = 1;
    const char *line_start = text;

    for (const char *p = text; p < where; p++) {
        if (*p == '\n') {
            line++;
            line_start = p + 1;
        }
    }
    g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT, "%d:%d: %s", line, (int)(where - line_start) + 1,
                what);
}

cJSON *tps_json_parse_start(const char *text, size_t length, const char **end, GError **error)
{
    const char *nul = memchr(text, '\0', length);
    const char *stop = NULL;
    cJSON *root;

    if (!nul)
        nul = find_nul_escape(text, length);
    if (nul) {
        set_parse_error(error, text, nul, "a NUL character is not allowed");
        return NULL;
    }
    root = cJSON_ParseWithLengthOpts(text, length, &stop, false);
    if (root)
        *end = stop;
    else if (!stop || stop >= text + length - 1)
        set_parse_error(error, text, text + length, "not JSON: it ends too early");
    else
        set_parse_error(error, text, stop, "not JSON");
    return root;
}

cJSON *tps_json_parse(const char *text, size_t length, GError **error)
{
    const char *end;
    cJSON *root = tps_json_parse_start(text, length, &end, error);

    while (root && end < text + length && g_ascii_isspace(*end))
        end++;
    if (!root || end == text + length)
        return root;
    cJSON_Delete(root);
    set_parse_error(error, text, end, "not JSON");
    return NULL;
}

cJSON *tps_json_load(const char *path, GError **error)
{
    g_autofree char *text = NULL;
    gsize length;
    cJSON *root;

    if (!tps_file_read(path, &text, &length, error))
        return NULL;
    root = tps_json_parse(text, length, error);
    if (!root)
        g_prefix_error(error, "cannot read '%s': ", path);
    return root;
}

char *tps_json_text(const cJSON *root)
{
    char *text = cJSON_Print(root);
    char *lines = g_strconcat(text, "\n", NULL);

    cJSON_free(text);
    return lines;
}

bool tps_json_save(const char *path, const cJSON *root, GError **error)
{
    g_autofree char *text = tps_json_text(root);

    return tps_file_write(path, text, strlen(text), error);
}

/* The member, or NULL; JSON null counts as missing. */
static const cJSON *find(const cJSON *object, const char *key)
{
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, key);

    return cJSON_IsNull(member) ? NULL : member;
}

static bool fail(GError **error, const char *key, const char *what)
{
    g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT, "'%s' must be %s", key, what);
    return false;
}

bool tps_json_get_string(const cJSON *object, const char *key, const char **value, GError **error)
{
    const cJSON *member = find(object, key);

    if (!cJSON_IsString(member))
        return fail(error, key, "a string");
    *value = member->valuestring;
    return true;
}

bool tps_json_maybe_string(const cJSON *object, const char *key, const char *fallback,
                           const char **value, GError **error)
{
    if (find(object, key))
        return tps_json_get_string(object, key, value, error);
    *value = fallback;
    return true;
}

bool tps_json_get_int(const cJSON *object, const char *key, int64_t min, int64_t max,
                      int64_t *value, GError **error)
{
    const cJSON *member = find(object, key);
    double number = cJSON_IsNumber(member) ? member->valuedouble : NAN;

    if (!(number >= (double)min && number <= (double)max) || floor(number) < number) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT,
                    "'%s' must be a whole number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT,
                    key, min, max);
        return false;
    }
    *value = (int64_t)number;
    return true;
}

bool tps_json_maybe_int(const cJSON *object, const char *key, int64_t min, int64_t max,
                        int64_t fallback, int64_t *value, GError **error)
{
    if (find(object, key))
        return tps_json_get_int(object, key, min, max, value, error);
    *value = fallback;
    return true;
}

bool tps_json_get_bool(const cJSON *object, const char *key, bool *value, GError **error)
{
    const cJSON *member = find(object, key);

    if (!cJSON_IsBool(member))
        return fail(error, key, "true or false");
    *value = cJSON_IsTrue(member);
    return true;
}

bool tps_json_seconds(const cJSON *value, int64_t *us, GError **error)
{
    if (cJSON_IsNumber(value) && tps_us_from_seconds(value->valuedouble, us))
        return true;
    g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT,
                "not a time: a number of seconds from 0 to ten years is expected");
    return false;
}

bool tps_json_get_seconds(const cJSON *object, const char *key, int64_t *us, GError **error)
{
    if (tps_json_seconds(find(object, key), us, error))
        return true;
    g_prefix_error(error, "'%s': ", key);
    return false;
}

bool tps_json_maybe_seconds(const cJSON *object, const char *key, int64_t fallback_us, int64_t *us,
                            GError **error)
{
    if (find(object, key))
        return tps_json_get_seconds(object, key, us, error);
    *us = fallback_us;
    return true;
}

bool tps_json_get_instant(const cJSON *object, const char *key, int64_t *us, GError **error)
{
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, key);

    if (!cJSON_IsNumber(member) || !(member->valuedouble >= 0 && member->valuedouble < 1e11)) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT, "'%s' must be seconds since the epoch", key);
        return false;
    }
    *us = (int64_t)(member->valuedouble * 1e6 + 0.5);
    return true;
}

bool tps_json_get_array(const cJSON *object, const char *key, const cJSON **value, GError **error)
{
    const cJSON *member = find(object, key);

    if (!cJSON_IsArray(member))
        return fail(error, key, "an array");
    *value = member;
    return true;
}

bool tps_json_get_object(const cJSON *object, const char *key, const cJSON **value, GError **error)
{
    const cJSON *member = find(object, key);

    if (!cJSON_IsObject(member))
        return fail(error, key, "an object");
    *value = member;
    return true;
}

bool tps_json_maybe_strings(const cJSON *object, const char *key, GPtrArray *strings,
                            GError **error)
{
    const cJSON *member = find(object, key);
    const cJSON *element;

    if (!member)
        return true;
    if (!cJSON_IsArray(member))
        return fail(error, key, "an array of strings");
    cJSON_ArrayForEach(element, member)
    {
        if (!cJSON_IsString(element))
            return fail(error, key, "an array of strings");
        g_ptr_array_add(strings, g_strdup(element->valuestring));
    }
    return true;
}

static bool is_whole(const cJSON *number)
{
    return cJSON_IsNumber(number) && number->valuedouble >= 0 && number->valuedouble <= INT_MAX &&
           floor(number->valuedouble) >= number->valuedouble;
}

bool tps_json_part(const cJSON *tuple, TpsPart *part)
{
    const cJSON *index = cJSON_GetArrayItem(tuple, 0);
    const cJSON *count = cJSON_GetArrayItem(tuple, 1);

    if (!cJSON_IsArray(tuple) || cJSON_GetArraySize(tuple) != 2 || !is_whole(index) ||
        !is_whole(count) || index->valueint >= count->valueint)
        return false;
    *part = (TpsPart){.index = index->valueint, .count = count->valueint};
    return true;
}

/*
 * As cJSON would print it, which tries with 15 digits, reads that back, and tries with 17: most of
 * what a report of one task costs. Below 0.0001 it takes exponents.
 */
void tps_json_add_seconds(cJSON *object, const char *key, int64_t us)
{
    g_autofree char *text = us < 100 ? NULL : tps_seconds_text(us);
    size_t length;

    if (!text) {
        cJSON_AddNumberToObject(object, key, tps_us_to_seconds(us));
        return;
    }
    length = strlen(text);
    while (text[length - 1] == '0')
        length--;
    text[text[length - 1] == '.' ? length - 1 : length] = '\0';
    cJSON_AddRawToObject(object, key, text);
}

void tps_json_add_strings(cJSON *object, const char *key, const GPtrArray *strings)
{
    cJSON *array = cJSON_AddArrayToObject(object, key);

    for (guint i = 0; i < strings->len; i++)
        cJSON_AddItemToArray(array, cJSON_CreateString(g_ptr_array_index(strings, i)));
}

void tps_json_add_strv(cJSON *object, const char *key, char *const *strings)
{
    cJSON *array = cJSON_AddArrayToObject(object, key);

    for (; *strings; strings++)
        cJSON_AddItemToArray(array, cJSON_CreateString(*strings));
}
