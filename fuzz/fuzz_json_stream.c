/* SPDX-License-Identifier: MIT */
#include "fuzz/fuzz.h"

#include "formats/json.h"
#include "formats/json_stream.h"

#include <string.h>

static bool visit(TpsJsonToken token, const char *text, size_t length, void *user, GError **error)
{
    (void)error;
    g_assert_cmpuint(strlen(text), ==, length);
    if (token == TPS_JSON_NUMBER)
        g_string_append_printf(user, "%d:%.17g ", token, g_ascii_strtod(text, NULL));
    else
        g_string_append_printf(user, "%d:%s ", token, text);
    return true;
}

/* NULL when it is no JSON; `why`: with its place. */
static char *read_stream(const char *bytes, size_t length, size_t piece, char **why)
{
    g_autoptr(GString) said = g_string_new(NULL);
    g_autoptr(TpsJsonStream) stream = tps_json_stream_new(visit, said);
    g_autoptr(GError) error = NULL;
    bool ok = true;

    for (size_t i = 0; ok && i < length; i += piece)
        ok = tps_json_stream_feed(stream, bytes + i, MIN(piece, length - i), &error);
    ok = ok && tps_json_stream_finish(stream, &error);
    *why = ok ? NULL : g_strdup(error->message);
    return ok ? g_string_free(g_steal_pointer(&said), FALSE) : NULL;
}

static void say_tree(GString *said, const cJSON *value)
{
    bool is_object = cJSON_IsObject(value);
    const cJSON *child;

    if (cJSON_IsString(value))
        visit(TPS_JSON_STRING, value->valuestring, strlen(value->valuestring), said, NULL);
    else if (cJSON_IsNumber(value))
        g_string_append_printf(said, "%d:%.17g ", TPS_JSON_NUMBER, value->valuedouble);
    else if (!is_object && !cJSON_IsArray(value))
        visit(cJSON_IsTrue(value)    ? TPS_JSON_TRUE
              : cJSON_IsFalse(value) ? TPS_JSON_FALSE
                                     : TPS_JSON_NULL,
              "", 0, said, NULL);
    else {
        visit(is_object ? TPS_JSON_OBJECT : TPS_JSON_ARRAY, "", 0, said, NULL);
        cJSON_ArrayForEach(child, value)
        {
            if (is_object)
                visit(TPS_JSON_KEY, child->string, strlen(child->string), said, NULL);
            say_tree(said, child);
        }
        visit(is_object ? TPS_JSON_OBJECT_END : TPS_JSON_ARRAY_END, "", 0, said, NULL);
    }
}

/* What both parsers take, they understand alike. */
static void check_tree(const char *bytes, size_t length, const char *said)
{
    g_autoptr(cJSON) tree = tps_json_parse(bytes, length, NULL);
    g_autoptr(GString) expected = g_string_new(NULL);

    if (!tree || !said)
        return;
    say_tree(expected, tree);
    g_assert_cmpstr(expected->str, ==, said);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *bytes = (const char *)data;
    g_autofree char *why_at_once = NULL;
    g_autofree char *why_by_byte = NULL;
    g_autofree char *at_once = read_stream(bytes, size, size + 1, &why_at_once);
    g_autofree char *by_byte = read_stream(bytes, size, 1, &why_by_byte);

    g_assert_cmpstr(at_once, ==, by_byte);
    g_assert_cmpstr(why_at_once, ==, why_by_byte);
    check_tree(bytes, size, at_once);
    return 0;
}
