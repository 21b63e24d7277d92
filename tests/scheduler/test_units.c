/* SPDX-License-Identifier: MIT */
#include "scheduler/units.h"
#include "tests/scheduler/project.h"
#include "tests/unit.h"

#define N_MAX 30
#define ROUNDS 1000

/* Each testcase and its unit: "f.py::C::a f.py::C::b" with "0 0". */
typedef struct {
    const char *name;
    const char *ids;
    TpsUnit unit;
    const char *group; /* words, or NULL */
    const char *units;
} Case;

static const Case cases[] = {
    {"testcases", "b a c", TPS_UNIT_TESTCASE, NULL, "0 1 2"},
    {"the same name twice", "a b a", TPS_UNIT_TESTCASE, NULL, "0 1 0"},
    {"files", "f::C::a g::C::a f::D::b", TPS_UNIT_FILE, NULL, "0 1 0"},
    {"classes", "f::C::a f::D::a f::C::b g::C::a", TPS_UNIT_CLASS, NULL, "0 1 0 2"},
    {"without a file each is its own", "a b", TPS_UNIT_FILE, NULL, "0 1"},
    {"a pattern", "a1 b1 a2", TPS_UNIT_TESTCASE, "^a", "0 1 0"},
    {"two patterns that share nothing", "a1 b1 a2 b2", TPS_UNIT_TESTCASE, "^a ^b", "0 1 0 1"},
    {"two that share one", "a1 b2 a2 b1 c", TPS_UNIT_TESTCASE, "^a 2$", "0 0 0 1 2"},
    {"a chain", "ab bc cd de x", TPS_UNIT_TESTCASE, "b c d", "0 0 0 0 1"},
    {"a chain, the last first", "de cd bc ab x", TPS_UNIT_TESTCASE, "b c d", "0 0 0 0 1"},
    {"a pattern joins whole files", "f::a g::a f::b g::b h::b", TPS_UNIT_FILE, "::a$", "0 0 0 0 1"},
    {"what is captured", "a1 b1 a2 b2", TPS_UNIT_TESTCASE, "(\\d)", "0 0 1 1"},
    {"two captures are not one text", "a_bc ab_c a_bc2", TPS_UNIT_TESTCASE, "^(.*)_(..?)", "0 1 0"},
    {"what is not captured is not nothing", "ab a", TPS_UNIT_TESTCASE, "^(a)(b)?", "0 1"},
    {"a capture of nothing", "xa xb", TPS_UNIT_TESTCASE, "x()", "0 0"},
    {"bytes that are no UTF-8", "\xff\x31 \xff\x32 b", TPS_UNIT_TESTCASE, "^\xff", "0 0 1"},
    {"nothing", "", TPS_UNIT_TESTCASE, "nothing", "0"},
};

static GPtrArray *listing_of(const char *ids)
{
    GPtrArray *testcases = tps_testcases_new();
    g_auto(GStrv) words = *ids ? g_strsplit(ids, " ", -1) : g_strsplit("one", " ", -1);

    for (char **word = words; *word; word++)
        g_ptr_array_add(testcases, project_testcase(*word));
    return testcases;
}

START_TEST(numbers_units)
{
    const Case *c = &cases[_i];
    g_autoptr(GPtrArray) testcases = listing_of(c->ids);
    g_auto(GStrv) group = c->group ? g_strsplit(c->group, " ", -1) : NULL;
    g_autoptr(GString) text = g_string_new(NULL);
    int of[N_MAX];
    int most = -1;
    size_t n = tps_units_number(testcases, c->unit, group, of);

    for (guint i = 0; i < testcases->len; i++) {
        g_string_append_printf(text, "%s%d", i ? " " : "", of[i]);
        most = MAX(most, of[i]);
    }
    ck_assert_msg(strcmp(text->str, c->units) == 0, "%s: %s", c->name, text->str);
    ck_assert_int_eq((int)n, most + 1);
}
END_TEST

/* What a framework can't tell apart stays together, across the units it is of. */
static const struct {
    TpsUnit unit;
    const char *units;
} glued[] = {
    {TPS_UNIT_TESTCASE, "0 1 1 2 0"},
    {TPS_UNIT_FILE, "0 0 0 1 0"},
};

static GPtrArray *glued_listing(void)
{
    GPtrArray *testcases = listing_of("f::a f::b g::b#2 h::c g::a");

    ((TpsTestcase *)g_ptr_array_index(testcases, 2))->glue = g_strdup("f::b");
    ((TpsTestcase *)g_ptr_array_index(testcases, 0))->glue = g_strdup("f::a");
    ((TpsTestcase *)g_ptr_array_index(testcases, 4))->glue = g_strdup("f::a");
    return testcases;
}

START_TEST(glued_ones_are_together)
{
    g_autoptr(GPtrArray) plain = listing_of("f::a f::b g::b#2 h::c g::a");
    g_autoptr(GPtrArray) testcases = glued_listing();
    int of[5];
    g_autoptr(GString) text = g_string_new(NULL);

    ck_assert(tps_units_are_testcases(plain, TPS_UNIT_TESTCASE, NULL));
    ck_assert(!tps_units_are_testcases(testcases, TPS_UNIT_TESTCASE, NULL));
    tps_units_number(testcases, glued[_i].unit, NULL, of);
    for (guint i = 0; i < testcases->len; i++)
        g_string_append_printf(text, "%s%d", i ? " " : "", of[i]);
    ck_assert_str_eq(text->str, glued[_i].units);
}
END_TEST

static const struct {
    TpsUnit unit;
    const char *is_taken; /* "01": the second one */
    const char *with_along;
} along[] = {
    {TPS_UNIT_TESTCASE, "00000", "00000"}, {TPS_UNIT_TESTCASE, "00010", "00010"},
    {TPS_UNIT_TESTCASE, "00001", "10001"}, {TPS_UNIT_TESTCASE, "01010", "01110"},
    {TPS_UNIT_FILE, "00010", "00010"},     {TPS_UNIT_FILE, "00001", "11101"},
    {TPS_UNIT_FILE, "11111", "11111"},
};

START_TEST(what_can_only_be_selected_together_comes_along)
{
    g_autoptr(GPtrArray) testcases = glued_listing();
    bool is_taken[5];
    guint n = 0;

    for (int i = 0; i < 5; i++) {
        is_taken[i] = along[_i].is_taken[i] == '1';
        n += along[_i].is_taken[i] != along[_i].with_along[i];
    }
    ck_assert_uint_eq(tps_units_take_along(testcases, along[_i].unit, is_taken), n);
    for (int i = 0; i < 5; i++)
        ck_assert_int_eq(is_taken[i], along[_i].with_along[i] == '1');
}
END_TEST

/* "xyz" of a few letters, so that patterns of one letter join many of them. */
static GPtrArray *draw_listing(GRand *rand)
{
    GPtrArray *testcases = tps_testcases_new();

    for (int i = g_rand_int_range(rand, 1, N_MAX + 1); i > 0; i--) {
        g_autofree char *id = g_strdup_printf(
            "f%d::%c%c%d", g_rand_int_range(rand, 0, 12), 'a' + g_rand_int_range(rand, 0, 9),
            'a' + g_rand_int_range(rand, 0, 9), g_rand_int_range(rand, 0, 4));

        g_ptr_array_add(testcases, project_testcase(id));
    }
    return testcases;
}

static const char *id_at(const GPtrArray *testcases, guint i)
{
    return ((const TpsTestcase *)g_ptr_array_index(testcases, i))->id;
}

/* Joined directly: the same file, or a letter that is a pattern in both names. */
static bool direct(const GPtrArray *testcases, guint a, guint b, const char *letters)
{
    const char *one = id_at(testcases, a), *two = id_at(testcases, b);
    const TpsTestcase *x = g_ptr_array_index(testcases, a), *y = g_ptr_array_index(testcases, b);

    if (strcmp(x->file, y->file) == 0)
        return true;
    for (; *letters; letters++)
        if (strchr(strstr(one, "::"), *letters) && strchr(strstr(two, "::"), *letters))
            return true;
    return false;
}

/* All that are joined over others, by Warshall's closure. */
static void close_over(bool joined[N_MAX][N_MAX], guint n)
{
    for (guint k = 0; k < n; k++)
        for (guint a = 0; a < n; a++)
            for (guint b = 0; b < n; b++)
                joined[a][b] |= joined[a][k] && joined[k][b];
}

START_TEST(joins_what_is_joined_over_others)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(9500);
    static const char *const letters[] = {"", "a", "ab", "ceg"};

    for (int round = 0; round < ROUNDS; round++) {
        const char *used = letters[g_rand_int_range(rand, 0, G_N_ELEMENTS(letters))];
        g_autoptr(GPtrArray) testcases = draw_listing(rand);
        char *group[4] = {NULL};
        char patterns[3][2] = {{0}};
        bool joined[N_MAX][N_MAX];
        int of[N_MAX];
        int next = 0;

        for (int i = 0; used[i]; i++) {
            patterns[i][0] = used[i];
            group[i] = patterns[i];
        }
        tps_units_number(testcases, TPS_UNIT_FILE, group, of);
        for (guint a = 0; a < testcases->len; a++)
            for (guint b = 0; b < testcases->len; b++)
                joined[a][b] = direct(testcases, a, b, used);
        close_over(joined, testcases->len);
        for (guint a = 0; a < testcases->len; a++) {
            for (guint b = 0; b < a; b++)
                if ((of[a] == of[b]) != joined[a][b])
                    ck_abort_msg("'%s' and '%s' with %s", id_at(testcases, a), id_at(testcases, b),
                                 used);
            ck_assert_int_le(of[a], next); /* in the order of their first appearance */
            next += of[a] == next;
        }
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("units");
    TCase *tcase = tcase_create("units");

    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, numbers_units, 0, G_N_ELEMENTS(cases));
    tcase_add_loop_test(tcase, glued_ones_are_together, 0, G_N_ELEMENTS(glued));
    tcase_add_loop_test(tcase, what_can_only_be_selected_together_comes_along, 0,
                        G_N_ELEMENTS(along));
    tcase_add_test(tcase, joins_what_is_joined_over_others);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
