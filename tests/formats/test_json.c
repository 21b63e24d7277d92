/* SPDX-License-Identifier: MIT */
#include "core/error.h"
#include "formats/json.h"
#include "formats/json_writer.h"
#include "tests/scratch.h"
#include "tests/unit.h"

#include <glib.h>
#include <string.h>

static const char *const broken[][2] = {
    {"", "1:1: not JSON: it ends too early"},
    {"{", "1:2: not JSON: it ends too early"},
    {"{\n\"a\": 1", "2:7: not JSON: it ends too early"},
    {"{} {}", "1:4: not JSON"},
    {"{}x", "1:3: not JSON"},
    {"\n\n  [1,,2]", "3:6: not JSON"},
    {"{'a': 1}", "1:3: not JSON"},
    {"nul", "not JSON"},
    {"\"\\u0000\"", "1:2: a NUL character is not allowed"},
    {"[\"ab\",\n \"\\\\\\u0000\"]", "2:5: a NUL character is not allowed"},
};

START_TEST(refuses)
{
    g_autoptr(GError) error = NULL;

    ck_assert_ptr_null(tps_json_parse(broken[_i][0], strlen(broken[_i][0]), &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, broken[_i][1]);
}
END_TEST

START_TEST(deep_nesting_is_refused)
{
    g_autofree char *text = g_strnfill(100000, '[');
    g_autoptr(GError) error = NULL;

    ck_assert_ptr_null(tps_json_parse(text, strlen(text), &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "not JSON");
    ck_assert_ptr_null(tps_json_parse("[1\0]", 4, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "1:3: a NUL character is not allowed");
}
END_TEST

/* An escaped backslash before "u0000" is no NUL. */
START_TEST(backslashes_are_counted)
{
    const char *text = "[\"\\\\u0000\"] \n\t\r\n";
    g_autoptr(cJSON) root = tps_json_parse(text, strlen(text), NULL);

    ck_assert_ptr_nonnull(root);
    ck_assert_str_eq(cJSON_GetArrayItem(root, 0)->valuestring, "\\u0000");
}
END_TEST

static cJSON *example(void)
{
    const char *text =
        "{\"s\": \"x\", \"i\": 5, \"f\": 1.5, \"n\": null, \"b\": true, \"a\": [\"p\", "
        "\"q\"], \"m\": [1], \"o\": {}, \"neg\": -1}";

    return tps_json_parse(text, strlen(text), NULL);
}

START_TEST(members_have_types)
{
    g_autoptr(cJSON) root = example();
    g_autoptr(GPtrArray) strings = g_ptr_array_new_with_free_func(g_free);
    const char *text = NULL;
    const cJSON *child = NULL;
    int64_t number = 0;
    bool flag = false;

    ck_assert(tps_json_get_string(root, "s", &text, NULL));
    ck_assert_str_eq(text, "x");
    ck_assert(tps_json_get_int(root, "i", 5, 5, &number, NULL));
    ck_assert_int_eq(number, 5);
    ck_assert(tps_json_get_seconds(root, "f", &number, NULL));
    ck_assert_int_eq(number, 1500000);
    ck_assert(tps_json_get_bool(root, "b", &flag, NULL) && flag);
    ck_assert(tps_json_get_array(root, "a", &child, NULL) && cJSON_IsArray(child));
    ck_assert(tps_json_get_object(root, "o", &child, NULL) && cJSON_IsObject(child));
    ck_assert(tps_json_maybe_strings(root, "a", strings, NULL));
    ck_assert_uint_eq(strings->len, 2);
    ck_assert_str_eq(g_ptr_array_index(strings, 1), "q");
    ck_assert(tps_json_maybe_strings(root, "none", strings, NULL));
    ck_assert_uint_eq(strings->len, 2);
}
END_TEST

/* Missing and null are the same, and have a fallback. */
START_TEST(missing_members_fall_back)
{
    static const char *const keys[] = {"none", "n"};
    g_autoptr(cJSON) root = example();
    const char *text = NULL;
    int64_t number = 0;
    int64_t us = 0;

    ck_assert(tps_json_maybe_string(root, keys[_i], "fallback", &text, NULL));
    ck_assert(tps_json_maybe_int(root, keys[_i], 0, 9, -7, &number, NULL));
    ck_assert(tps_json_maybe_seconds(root, keys[_i], -8, &us, NULL));
    ck_assert_str_eq(text, "fallback");
    ck_assert_int_eq(number, -7);
    ck_assert_int_eq(us, -8);
}
END_TEST

START_TEST(wrong_members_are_named)
{
    g_autoptr(cJSON) root = example();
    g_autoptr(GPtrArray) strings = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GError) error = NULL;
    const char *text = NULL;
    const cJSON *child = NULL;
    int64_t number = -5;
    bool flag = false;

    ck_assert(!tps_json_get_string(root, "i", &text, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "'i' must be a string");
    ck_assert(!tps_json_get_string(root, "S", &text, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "'S' must be a string");
    ck_assert(!tps_json_maybe_string(root, "a", "x", &text, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "'a' must be a string");
    ck_assert(!tps_json_get_int(root, "f", 0, 9, &number, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "'f' must be a whole number from 0 to 9");
    ck_assert(!tps_json_get_int(root, "i", 6, 9, &number, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "'i' must be a whole number from 6 to 9");
    ck_assert(!tps_json_maybe_int(root, "s", 0, 9, 3, &number, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "'s' must be a whole number");
    ck_assert(!tps_json_get_seconds(root, "neg", &number, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "'neg': not a time");
    ck_assert(!tps_json_get_seconds(root, "none", &number, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "'none': not a time");
    ck_assert(!tps_json_get_bool(root, "i", &flag, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "'i' must be true or false");
    ck_assert(!tps_json_get_array(root, "o", &child, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "'o' must be an array");
    ck_assert(!tps_json_get_object(root, "a", &child, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "'a' must be an object");
    ck_assert(!tps_json_maybe_strings(root, "m", strings, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "'m' must be an array of strings");
    ck_assert(!tps_json_maybe_strings(root, "s", strings, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "'s' must be an array of strings");
    ck_assert_int_eq(number, -5);
}
END_TEST

START_TEST(files_go_both_ways)
{
    g_autoptr(cJSON) root = example();
    g_autofree char *path = scratch_path("f.json");
    g_autofree char *text = tps_json_text(root);
    g_autofree char *written = NULL;
    g_autoptr(cJSON) read = NULL;
    g_autoptr(GError) error = NULL;

    ck_assert(tps_json_save(path, root, NULL));
    written = scratch_read(path);
    ck_assert_str_eq(written, text);
    ck_assert(g_str_has_suffix(text, "}\n"));
    read = tps_json_load(path, NULL);
    ck_assert(cJSON_Compare(read, root, true));
    scratch_put("f.json", "{");
    ck_assert_ptr_null(tps_json_load(path, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "f.json': 1:2: not JSON: it ends too early");
}
END_TEST

START_TEST(names_are_written_as_cjson_writes_them)
{
    char name[20];

    for (int byte = 1; byte < 256; byte++)
        for (size_t at = 0; at + 1 < sizeof name; at++) {
            TpsJsonWriter writer = tps_json_writer_new();
            cJSON *expected;
            g_autofree char *text = NULL;
            g_autofree char *printed = NULL;

            memset(name, 0x7f + (int)at % 3, sizeof name);
            name[at] = (char)byte;
            name[at + 1 + (size_t)byte % (sizeof name - at - 1)] = '\0';
            expected = cJSON_CreateString(name);
            printed = cJSON_PrintUnformatted(expected);
            tps_json_writer_string(&writer, NULL, name);
            text = tps_json_writer_text(&writer);
            ck_assert_uint_eq(strlen(text), strlen(printed) + 1);
            ck_assert(g_str_has_prefix(text, printed));
            cJSON_Delete(expected);
        }
}
END_TEST

/* What is written for a time, and what cJSON would have written. */
static void check_seconds(int64_t us)
{
    g_autoptr(cJSON) ours = cJSON_CreateObject();
    g_autoptr(cJSON) theirs = cJSON_CreateObject();
    g_autoptr(cJSON) again = NULL;
    g_autofree char *written = NULL;
    g_autofree char *expected = NULL;
    int64_t read_us;

    tps_json_add_seconds(ours, "t", us);
    cJSON_AddNumberToObject(theirs, "t", (double)us / 1e6);
    written = cJSON_PrintUnformatted(ours);
    expected = cJSON_PrintUnformatted(theirs);
    ck_assert_str_eq(written, expected);
    again = cJSON_Parse(written);
    ck_assert(tps_json_get_seconds(again, "t", &read_us, NULL));
    ck_assert_int_eq(read_us, us);
}

START_TEST(times_are_written_as_cjson_writes_them)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(1);
    int64_t power = 1;

    for (int digits = 0; digits < 15; digits++, power *= 10) {
        check_seconds(power - 1);
        check_seconds(power);
        check_seconds(power + 1);
        for (int i = 0; i < 500; i++)
            check_seconds((int64_t)(g_rand_double(rand) * (double)power));
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("json");
    TCase *tcase = tcase_create("json");

    tcase_add_checked_fixture(tcase, scratch_make, scratch_remove);
    tcase_add_loop_test(tcase, refuses, 0, G_N_ELEMENTS(broken));
    tcase_add_test(tcase, deep_nesting_is_refused);
    tcase_add_test(tcase, backslashes_are_counted);
    tcase_add_test(tcase, members_have_types);
    tcase_add_loop_test(tcase, missing_members_fall_back, 0, 2);
    tcase_add_test(tcase, wrong_members_are_named);
    tcase_add_test(tcase, files_go_both_ways);
    tcase_add_test(tcase, names_are_written_as_cjson_writes_them);
    tcase_add_test(tcase, times_are_written_as_cjson_writes_them);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
