/* SPDX-License-Identifier: MIT */
#include "tests/adapters/records.h"

#define MAX_FIELDS 8

static const struct {
    const char *text;
    size_t length;
    const char *path;
    const char *fields[MAX_FIELDS];
    const char *expected;
} documents[] = {
    {BYTES("[]"), "*", {"a"}, ""},
    {BYTES("{}"), "", {"a"}, "\n"},
    {BYTES("[{\"a\":1},{\"b\":\"x\"},null,{\"a\":\"\"}]"), "*", {"a", "b"}, "a=1\nb=x\na=\n"},
    {BYTES("{\"tests\":[{\"a\":true,\"b\":false,\"c\":null,\"d\":{},\"e\":[1,\"x\",true],\"f\":[[]]"
           "}]}"),
     "tests/*",
     {"a", "b", "c", "d", "e", "f"},
     "a=true b=false e=1 x true\n"},
    {BYTES("[\"a\",2,[3,4],null]"), "*", {"value", "x"}, "value=a\nvalue=2\nvalue=3 4\n"},
    {BYTES("{\"x\":{\"n\":1},\"y\":{\"n\":2,\"key\":3}}"),
     "*",
     {"key", "n"},
     "key=x n=1\nkey=y n=2\n"},
    {BYTES("{\"key\":3}"), "", {"key"}, "key=3\n"},
    /* a member of a member; a name with a dot; the longest name first */
    {BYTES("{\"a\":{\"b\":{\"c\":1},\"b.d\":2},\"a.b\":3,\"a.b.e\":4,\"s\":\"t\"}"),
     "",
     {"a.b.c", "a.b.d", "a.b", "a.b.e", "a.x", "s.t"},
     "a.b=3 a.b.c=1 a.b.d=2 a.b.e=4\n"},
    /* upwards: arrays don't count */
    {BYTES("{\"version\":1,\"files\":[{\"name\":\"f\",\"tests\":[{\"id\":1},{\"id\":2}]},"
           "{\"name\":\"g\",\"tests\":[{\"id\":3}]},{\"name\":\"h\"}]}"),
     "files/*/tests/*",
     {"id", "../name", "../../version", "../../../x", "../none"},
     "../../version=1 ../name=f id=1\n../../version=1 ../name=f id=2\n"
     "../../version=1 ../name=g id=3\n"},
    {BYTES("{\"f\":{\"t\":{\"x\":{\"id\":1}}}}"),
     "*/t/*",
     {"key", "../key", "../../key", "id"},
     "../../key=f id=1 key=x\n"},
    {BYTES("[[{\"a\":1}],[],[{\"a\":2}]]"), "*/*", {"a", "../a"}, "a=1\na=2\n"},
    /* an object may have a name twice */
    {BYTES("{\"t\":{\"a\":1,\"a\":2}}"), "t/*", {"key", "value"}, "key=a value=1\nkey=a value=2\n"},
    /* numbers */
    {BYTES(
         "[0,-0.0,1.0,1e3,0.1,0.30000000000000004,12345.678901,1e-7,9007199254740993,1e18,1e300]"),
     "*",
     {"value"},
     "value=0\nvalue=-0\nvalue=1\nvalue=1000\nvalue=0.1\nvalue=0.30000000000000004\n"
     "value=12345.678901\nvalue=1e-07\nvalue=9007199254740992\nvalue=1e+18\nvalue=1e+300\n"},
    /* what JSON can say and a string of ours can't */
    {BYTES("[\"a\\u0000b\",\"\\\\u0000\",\"\\uD83D\",\"\\uDE00x\",\"\\uD83D\\uDE00\","
           "\"\\uD83D\\uD83D\"]"),
     "*",
     {"value"},
     "value=a\\357\\277\\275b\nvalue=\\\\u0000\nvalue=\\357\\277\\275\nvalue=\\357\\277\\275x\n"
     "value=\\360\\237\\230\\200\nvalue=\\357\\277\\275\\357\\277\\275\n"},
    {BYTES("[\"\xFF\"]"), "*", {"value"}, "value=\\377\n"},
    /* banners */
    {BYTES("[INFO] 3 tests\n[100%] Built\n[12:30:01] go\n[1/3] x\n[  OK  ] y\n[=====]\n{ x "
           "}\n\n\0\n[1]\n"
           "[INFO] done\nbye\n"),
     "*",
     {"value"},
     "value=1\n"},
    {BYTES("hello\r\n{\r\n\"a\":1}\r\n"), "", {"a"}, "a=1\n"},
    {BYTES("[ \"x\" ]"), "*", {"value"}, "value=x\n"},
    {BYTES("[ -1.5e3 ]"), "*", {"value"}, "value=-1500\n"},
    {BYTES("[true]"), "*", {"value"}, "value=true\n"},
};

START_TEST(reads_documents)
{
    GError *error = NULL;
    GPtrArray *records = tps_records_from_json(documents[_i].text, documents[_i].length,
                                               documents[_i].path, documents[_i].fields, &error);

    ck_assert_msg(records != NULL, "%s", error ? error->message : "");
    assert_records(records, documents[_i].expected);
}
END_TEST

static const struct {
    const char *text;
    size_t length;
    const char *path;
    const char *error;
} broken[] = {
    {BYTES(""), "*", "there is no JSON document"},
    {BYTES("\0\0"), "*", "there is no JSON document"},
    {BYTES("no tests\n"), "*", "there is no JSON document"},
    {BYTES("  [1]"), "*", "there is no JSON document"},
    {BYTES("x\n[1,\n{\"a\":\n"), "*", "4:1: not JSON: it ends too early"},
    {BYTES("x\n[1,\n{\"a\":x}]"), "*", "3:6: not JSON"},
    {BYTES("[\n{},\n{}\n"), "*", "not JSON"}, /* what is left of an array is no document */
    {BYTES("[1]\n[2]\n"), "*", "something stands behind the JSON document"},
    {BYTES("[1]\nbye\n{\"a\":1}\n"), "*", "something stands behind the JSON document"},
    {BYTES("[1] x\n"), "*", "something stands behind the JSON document"},
    {BYTES("[\"a\0b\"]"), "*", "1:4: a NUL character is not allowed"},
    {BYTES("{\"a\":1}"), "tests/*", "'tests' is missing"},
    {BYTES("[1]"), "tests/*", "'tests' is missing"},
    {BYTES("{\"tests\":3}"), "tests/*", "'*' stands for the elements of what is no array"},
    {BYTES("{\"tests\":[\"x\"]}"), "tests/*/*", "'*' stands for the elements of what is no array"},
};

START_TEST(refuses_documents)
{
    static const char *const fields[] = {"a", NULL};
    GError *error = NULL;

    ck_assert_ptr_null(
        tps_records_from_json(broken[_i].text, broken[_i].length, broken[_i].path, fields, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_FRAMEWORK, broken[_i].error);
}
END_TEST

/* A null is like nothing, also at the end of a path. */
START_TEST(null_is_no_record)
{
    static const char *const fields[] = {"a", NULL};
    GError *error = NULL;

    assert_records(tps_records_from_json(BYTES("{\"t\":null}"), "t/*", fields, &error), "");
    assert_records(tps_records_from_json(BYTES("[null,{\"t\":null},{}]"), "*/t/*", fields, &error),
                   "");
}
END_TEST

START_TEST(shares_values_of_enclosing_objects)
{
    static const char *const fields[] = {"../text", NULL};
    g_autofree char *million = repeat("x", 1000000);
    g_autofree char *numbers = repeat("0,", 10000);
    g_autofree char *text = g_strdup_printf("{\"text\":\"%s\",\"t\":[%s0]}", million, numbers);
    GError *error = NULL;
    g_autoptr(GPtrArray) records = tps_records_from_json(text, strlen(text), "t/*", fields, &error);

    ck_assert_uint_eq(records->len, 10001);
    ck_assert_ptr_eq(tps_record_get(g_ptr_array_index(records, 0), "../text"),
                     tps_record_get(g_ptr_array_index(records, 10000), "../text"));
}
END_TEST

static const char *const deep[] = {"[", "{\"a\":", "[\n"};

START_TEST(refuses_depth)
{
    static const char *const fields[] = {"a", NULL};
    g_autofree char *text = repeat(deep[_i], 1000000);
    GError *error = NULL;

    ck_assert_ptr_null(tps_records_from_json(text, strlen(text), "*", fields, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_FRAMEWORK, "not JSON");
}
END_TEST

static const struct {
    const char *text;
    size_t length;
    const char *expected;
    bool torn;
} lines[] = {
    {BYTES(""), "", false},
    {BYTES("{\"a\":1}\n{\"b\":{\"c\":\"x\"}}\r\n\n{}\n"), "a=1\nb.c=x\n\n", false},
    {BYTES("go: downloading\n{\"a\":1}\n[1]\nok\n"), "a=1\n", false},
    {BYTES("{\"a\":1}\n{\"a\":2"), "a=1\n", true},
    {BYTES("{\"a\":1}\n{\"a\":2}"), "a=1\na=2\n", false},
    {BYTES("{\"a\":1}\n{\"a\":\"\\u00"), "a=1\n", true},
    {BYTES("{"), "", true},
    {BYTES("{\"a\":1}\nbye"), "a=1\n", false},
    {BYTES("{\"a\":\"\\u0000\"}\n"), "a=\\357\\277\\275\n", false},
};

START_TEST(reads_json_lines)
{
    static const char *const fields[] = {"a", "b.c", NULL};
    GError *error = NULL;
    bool torn = !lines[_i].torn;

    assert_records(
        tps_records_from_json_lines(lines[_i].text, lines[_i].length, fields, &torn, &error),
        lines[_i].expected);
    ck_assert(torn == lines[_i].torn);
}
END_TEST

static const struct {
    const char *text;
    size_t length;
    const char *error;
} broken_lines[] = {
    {BYTES("{}\n{\"a\":\n{}\n"), "2:6: not JSON"},
    {BYTES("{}\n{} {}\n"), "2:4: not JSON"},
    {BYTES("{\"a\":\"\0\"}\n"), "1:7: a NUL character is not allowed"},
};

START_TEST(refuses_json_lines)
{
    static const char *const fields[] = {"a", NULL};
    GError *error = NULL;
    bool torn = false;

    ck_assert_ptr_null(tps_records_from_json_lines(broken_lines[_i].text, broken_lines[_i].length,
                                                   fields, &torn, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_FRAMEWORK, broken_lines[_i].error);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("readers_json");
    TCase *tcase = tcase_create("readers_json");

    tcase_add_loop_test(tcase, reads_documents, 0, G_N_ELEMENTS(documents));
    tcase_add_loop_test(tcase, refuses_documents, 0, G_N_ELEMENTS(broken));
    tcase_add_test(tcase, null_is_no_record);
    tcase_add_test(tcase, shares_values_of_enclosing_objects);
    tcase_add_loop_test(tcase, refuses_depth, 0, G_N_ELEMENTS(deep));
    tcase_add_loop_test(tcase, reads_json_lines, 0, G_N_ELEMENTS(lines));
    tcase_add_loop_test(tcase, refuses_json_lines, 0, G_N_ELEMENTS(broken_lines));
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
