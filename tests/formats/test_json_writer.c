/* SPDX-License-Identifier: MIT */
#include "formats/json.h"
#include "formats/json_writer.h"
#include "tests/unit.h"

#include <glib.h>
#include <string.h>

#define ROUNDS 300
#define NAMES_MAX 40

/* What names may hold: all that JSON escapes, bytes above 127, and what is near them. */
static const char *const texts[] = {
    "",
    "a",
    "tests/a.py::test[1]",
    "\"",
    "\\",
    "a\"b\\c",
    "\n\r\t\b\f",
    "\x01\x1f",
    "\x7f",
    " ",
    "/",
    "</x>",
    "\xc3\xa4",
    "\xe2\x80\xa8",
    "\xf0\x9f\x98\x80",
    "'",
    "{\"a\": 1}",
    "\\u0041",
    "a\\",
    "%s%n",
};

static const double numbers[] = {0, -1, 1.5, 0.000001, 315360000, 12345.678901, 1e15, 0.1, 1.0 / 3};

static const char *draw_text(GRand *rand)
{
    return texts[g_rand_int_range(rand, 0, G_N_ELEMENTS(texts))];
}

static cJSON *draw_value(GRand *rand)
{
    switch (g_rand_int_range(rand, 0, 5)) {
    case 0:
        return cJSON_CreateNull();
    case 1:
        return cJSON_CreateBool(g_rand_int_range(rand, 0, 2));
    case 2:
        return cJSON_CreateString(draw_text(rand));
    case 3:
        return cJSON_CreateArray();
    default:
        return cJSON_CreateNumber(numbers[g_rand_int_range(rand, 0, G_N_ELEMENTS(numbers))]);
    }
}

/* Members are told apart by a number; "n3<text>". NULL where the parent is an array. */
static char *draw_name(GRand *rand, const cJSON *parent)
{
    if (cJSON_IsArray(parent))
        return NULL;
    return g_strdup_printf("n%d%s", cJSON_GetArraySize(parent), draw_text(rand));
}

/* Takes `child`. */
static void add_child(cJSON *parent, const char *name, cJSON *child)
{
    if (name)
        cJSON_AddItemToObject(parent, name, child);
    else
        cJSON_AddItemToArray(parent, child);
}

static GPtrArray *draw_strings(GRand *rand)
{
    GPtrArray *strings = g_ptr_array_new();

    for (int i = g_rand_int_range(rand, 0, NAMES_MAX); i > 0; i--)
        g_ptr_array_add(strings, (gpointer)draw_text(rand));
    return strings;
}

static cJSON *array_of(const GPtrArray *strings)
{
    cJSON *array = cJSON_CreateArray();

    for (guint i = 0; i < strings->len; i++)
        cJSON_AddItemToArray(array, cJSON_CreateString(g_ptr_array_index(strings, i)));
    return array;
}

/* The same calls to a tree and to two writers. */
typedef struct {
    GRand *rand;
    TpsJsonWriter *text;
    TpsJsonWriter *digest;
} Both;

/* What cJSON prints of them. */
static void add_times(TpsJsonWriter *writer, int64_t us, int64_t number)
{
    tps_json_writer_seconds(writer, "start", us);
    tps_json_writer_int(writer, "n", number);
}

static int64_t draw_us(GRand *rand)
{
    static const int64_t max[] = {2, 200, 2000000, INT64_C(1000000000000)};
    int64_t most = max[g_rand_int_range(rand, 0, G_N_ELEMENTS(max))];

    return (int64_t)(g_rand_double(rand) * (double)most) *
           (g_rand_int_range(rand, 0, 2) ? 1 : 1000000);
}

static void write_row_to(TpsJsonWriter *writer, const cJSON *value, const GPtrArray *strings,
                         bool is_long, int64_t us)
{
    tps_json_writer_row_begin(writer);
    tps_json_writer_value(writer, "suite\"", cJSON_Duplicate(value, true));
    if (is_long)
        tps_json_writer_row_strings(writer, "testcases", strings);
    else
        tps_json_writer_strings(writer, "testcases", strings);
    add_times(writer, us, us - 1);
    tps_json_writer_row_end(writer);
}

static void write_row(Both *both, cJSON *parent)
{
    g_autoptr(GPtrArray) strings = draw_strings(both->rand);
    bool is_long = g_rand_int_range(both->rand, 0, 3) > 0;
    int64_t us = draw_us(both->rand) % INT64_C(1000000000000000);
    cJSON *row = cJSON_CreateObject();
    cJSON *value = draw_value(both->rand);

    write_row_to(both->text, value, strings, is_long, us);
    write_row_to(both->digest, value, strings, is_long, us);
    cJSON_AddItemToObject(row, "suite\"", value);
    cJSON_AddItemToObject(row, "testcases", array_of(strings));
    tps_json_add_seconds(row, "start", us);
    cJSON_AddNumberToObject(row, "n", (double)(us - 1));
    cJSON_AddItemToArray(parent, row);
}

static void write_children(Both *both, cJSON *parent, int depth);

static void write_nested(Both *both, cJSON *parent, const char *name, int depth)
{
    bool array = g_rand_int_range(both->rand, 0, 2);
    cJSON *child = array ? cJSON_CreateArray() : cJSON_CreateObject();

    tps_json_writer_begin(both->text, name, array ? '[' : '{');
    tps_json_writer_begin(both->digest, name, array ? '[' : '{');
    write_children(both, child, depth - 1);
    tps_json_writer_end(both->text, array ? ']' : '}');
    tps_json_writer_end(both->digest, array ? ']' : '}');
    add_child(parent, name, child);
}

static void write_strings(Both *both, cJSON *parent, const char *name)
{
    g_autoptr(GPtrArray) strings = draw_strings(both->rand);

    tps_json_writer_strings(both->text, name, strings);
    tps_json_writer_strings(both->digest, name, strings);
    add_child(parent, name, array_of(strings));
}

static void write_one(Both *both, cJSON *parent, int depth)
{
    g_autofree char *name = draw_name(both->rand, parent);
    const char *text = draw_text(both->rand);
    cJSON *value = draw_value(both->rand);
    int kind = g_rand_int_range(both->rand, depth > 0 ? 0 : 1, cJSON_IsArray(parent) ? 5 : 4);

    if (kind == 0) {
        write_nested(both, parent, name, depth);
    } else if (kind == 1) {
        tps_json_writer_value(both->text, name, cJSON_Duplicate(value, true));
        tps_json_writer_value(both->digest, name, cJSON_Duplicate(value, true));
        add_child(parent, name, cJSON_Duplicate(value, true));
    } else if (kind == 2) {
        tps_json_writer_string(both->text, name, text);
        tps_json_writer_string(both->digest, name, text);
        add_child(parent, name, cJSON_CreateString(text));
    } else if (kind == 3) {
        write_strings(both, parent, name);
    } else {
        write_row(both, parent);
    }
    cJSON_Delete(value);
}

static void write_children(Both *both, cJSON *parent, int depth)
{
    for (int i = g_rand_int_range(both->rand, 0, 6); i > 0; i--)
        write_one(both, parent, depth);
}

static char *sha256(const char *text)
{
    return g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
}

/* What a parser makes of the text is the tree, and the digest is that of the tree's own text. */
static void assert_same(TpsJsonWriter *text, TpsJsonWriter *digest, const cJSON *tree)
{
    g_autofree char *written = tps_json_writer_text(text);
    g_autofree char *digested = tps_json_writer_digest(digest);
    g_autofree char *want = NULL;
    cJSON *parsed = cJSON_Parse(written);
    char *compact = cJSON_PrintUnformatted(tree);
    char *again = parsed ? cJSON_PrintUnformatted(parsed) : NULL;

    want = sha256(compact);
    ck_assert_msg(again != NULL, "not JSON: %s", written);
    ck_assert_str_eq(again, compact);
    ck_assert_str_eq(digested, want);
    ck_assert_msg(g_str_has_suffix(written, "\n"), "%s", written);
    cJSON_Delete(parsed);
    cJSON_free(compact);
    cJSON_free(again);
}

START_TEST(writes_what_a_parser_reads)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(7100);

    for (int round = 0; round < ROUNDS; round++) {
        TpsJsonWriter text = tps_json_writer_new();
        TpsJsonWriter digest = tps_json_writer_new_digest();
        Both both = {.rand = rand, .text = &text, .digest = &digest};
        cJSON *root = cJSON_CreateObject();

        tps_json_writer_begin(&text, NULL, '{');
        tps_json_writer_begin(&digest, NULL, '{');
        write_children(&both, root, 4);
        tps_json_writer_end(&text, '}');
        tps_json_writer_end(&digest, '}');
        assert_same(&text, &digest, root);
        cJSON_Delete(root);
    }
}
END_TEST

static GPtrArray *many_names(guint n)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < n; i++)
        g_ptr_array_add(names, g_strdup_printf("%s%u", texts[i % G_N_ELEMENTS(texts)], i));
    return names;
}

/* More than is gathered before it goes into the digest. */
START_TEST(digests_what_is_long)
{
    g_autoptr(GPtrArray) names = many_names(60000);
    TpsJsonWriter text = tps_json_writer_new();
    TpsJsonWriter digest = tps_json_writer_new_digest();
    cJSON *root = cJSON_CreateObject();

    tps_json_writer_begin(&text, NULL, '{');
    tps_json_writer_begin(&digest, NULL, '{');
    tps_json_writer_strings(&text, "names", names);
    tps_json_writer_strings(&digest, "names", names);
    tps_json_writer_end(&text, '}');
    tps_json_writer_end(&digest, '}');
    cJSON_AddItemToObject(root, "names", array_of(names));
    assert_same(&text, &digest, root);
    cJSON_Delete(root);
}
END_TEST

START_TEST(puts_each_member_on_a_line)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    TpsJsonWriter writer = tps_json_writer_new();
    g_autofree char *text = NULL;

    g_ptr_array_add(names, (gpointer) "x");
    g_ptr_array_add(names, (gpointer) "\"y\"");
    tps_json_writer_begin(&writer, NULL, '{');
    tps_json_writer_string(&writer, "schema", "a/1");
    tps_json_writer_begin(&writer, "none", '[');
    tps_json_writer_end(&writer, ']');
    tps_json_writer_begin(&writer, "tasks", '[');
    tps_json_writer_row_begin(&writer);
    tps_json_writer_int(&writer, "suite", 1);
    tps_json_writer_row_strings(&writer, "testcases", names);
    tps_json_writer_strings(&writer, "again", names);
    tps_json_writer_int(&writer, "worker", -1);
    tps_json_writer_seconds(&writer, "start", 1020000);
    tps_json_writer_row_end(&writer);
    tps_json_writer_end(&writer, ']');
    tps_json_writer_end(&writer, '}');
    text = tps_json_writer_text(&writer);
    ck_assert_str_eq(text,
                     "{\n \"schema\": \"a/1\",\n \"none\": [],\n \"tasks\": [\n"
                     "  {\"suite\":1,\n   \"testcases\": [\n    \"x\",\n    \"\\\"y\\\"\"\n"
                     "   ],\"again\":[\"x\",\"\\\"y\\\"\"],\"worker\":-1,\"start\":1.02}\n ]\n}\n");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("json_writer");
    TCase *tcase = tcase_create("json_writer");

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, writes_what_a_parser_reads);
    tcase_add_test(tcase, digests_what_is_long);
    tcase_add_test(tcase, puts_each_member_on_a_line);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
