/* SPDX-License-Identifier: MIT */
#include "adapters/frameworks/records_internal.h"
#include "tests/adapters/definitions.h"
#include "tests/unit.h"

#define ROUNDS 300

static const struct {
    unsigned collide;
    const char *names;
    const char *glues; /* the number of the first that each is glued to; '-' = to nobody */
} cases[] = {
    {TPS_COLLIDE_CASE, "a b A", "0-0"},
    {TPS_COLLIDE_CASE, "a* ab", "--"},
    {TPS_COLLIDE_CASE, "\xC3\xA4 \xC3\x84", "--"}, /* what they are is for ASCII only */
    {TPS_COLLIDE_WILDCARD, "a A", "--"},
    {TPS_COLLIDE_WILDCARD, "ab a* b", "00-"},
    {TPS_COLLIDE_WILDCARD, "* x y", "000"},
    {TPS_COLLIDE_WILDCARD, "a? ab abc", "00-"},
    {TPS_COLLIDE_WILDCARD, "*b a* ab", "000"}, /* over a third one */
    {TPS_COLLIDE_WILDCARD, "a[b] a[*] ab", "00-"},
    {TPS_COLLIDE_WILDCARD, "a* A", "--"},
    {TPS_COLLIDE_WILDCARD | TPS_COLLIDE_CASE, "a* AB", "00"},
    {TPS_COLLIDE_WILDCARD, "?\xF0 x\xF0 \xE2?", "00-"}, /* half a character is one */
    {TPS_COLLIDE_WILDCARD, "", ""},
};

START_TEST(glues_what_collides)
{
    g_auto(GStrv) names = g_strsplit(cases[_i].names, " ", -1);
    g_autoptr(GPtrArray) testcases = tps_testcases_new();

    for (char **name = names; *name; name++)
        g_ptr_array_add(testcases, made_testcase(*name));
    tps_collide(testcases, cases[_i].collide);
    for (guint i = 0; i < testcases->len; i++) {
        const TpsTestcase *testcase = g_ptr_array_index(testcases, i);
        char first = cases[_i].glues[i];

        if (first == '-')
            ck_assert_ptr_null(testcase->glue);
        else
            ck_assert_str_eq(testcase->glue, names[first - '0']);
    }
}
END_TEST

START_TEST(compares_what_the_framework_compares)
{
    g_autoptr(GPtrArray) testcases = tps_testcases_new();
    TpsTestcase *one = made_testcase("one");
    TpsTestcase *two = made_testcase("two");

    one->selector = g_strdup("same");
    two->selector = g_strdup("SAME");
    g_ptr_array_add(testcases, one);
    g_ptr_array_add(testcases, two);
    tps_collide(testcases, TPS_COLLIDE_CASE);
    ck_assert_str_eq(one->glue, "one");
    ck_assert_str_eq(two->glue, "one");
}
END_TEST

/* The oracle: all pairs, closed over by Warshall. '*' and '?' tried everywhere. */
static bool matches(const char *pattern, const char *text)
{
    if (!*pattern)
        return !*text;
    if (*pattern == '*')
        return matches(pattern + 1, text) || (*text && matches(pattern, text + 1));
    return *text && (*pattern == '?' || *pattern == *text) && matches(pattern + 1, text + 1);
}

START_TEST(agrees_with_all_pairs)
{
    enum { N = 12 };
    g_autoptr(GRand) rand = g_rand_new_with_seed(4711);

    for (int round = 0; round < ROUNDS; round++) {
        g_autoptr(GPtrArray) testcases = tps_testcases_new();
        bool joined[N][N];

        for (int i = 0; i < N; i++) {
            char name[6] = {0};

            for (int j = 0; j < g_rand_int_range(rand, 1, 5); j++)
                name[j] = "aabbc*?"[g_rand_int_range(rand, 0, 7)];
            g_ptr_array_add(testcases, tps_testcase_new(*name ? name : "a"));
        }
        tps_collide(testcases, TPS_COLLIDE_WILDCARD);
        for (guint i = 0; i < N; i++)
            for (guint j = 0; j < N; j++) {
                const char *a = ((TpsTestcase *)testcases->pdata[i])->id;
                const char *b = ((TpsTestcase *)testcases->pdata[j])->id;

                joined[i][j] = i == j || matches(a, b) || matches(b, a);
            }
        for (int k = 0; k < N; k++)
            for (int i = 0; i < N; i++)
                for (int j = 0; j < N; j++)
                    joined[i][j] |= joined[i][k] && joined[k][j];
        for (int i = 0; i < N; i++)
            for (int j = 0; j < i; j++) {
                const TpsTestcase *a = testcases->pdata[i];
                const TpsTestcase *b = testcases->pdata[j];
                bool together = a->glue && g_strcmp0(a->glue, b->glue) == 0;

                /* Equal glue may also be that of an equal id, which is joined anyway. */
                ck_assert_msg(together == joined[i][j], "'%s' and '%s'", a->id, b->id);
            }
    }
}
END_TEST

/* Names of a listing: each gets an id of its own, and what has one name is glued. */
static const struct {
    const char *names;
    const char *ids;
    const char *glues;
} listings[] = {
    {"a b", "a b", "- -"},
    {"a a", "a a#2", "a a"},
    {"a a a", "a a#2 a#3", "a a a"},
    {"a a a#2", "a a#2 a#2#2", "a a a#2"},
    {"a#2 a a", "a#2 a a#3", "- a a"},
    {"a b a b", "a b a#2 b#2", "a b a b"},
};

START_TEST(gives_every_name_an_id)
{
    g_autoptr(TpsFramework) framework =
        made_framework("summary: s\nlist: {command: x, reader: json-lines}\n"
                       "run: {command: [x, '{id}']}\nreport: {reader: journal}\n");
    g_auto(GStrv) names = g_strsplit(listings[_i].names, " ", -1);
    g_auto(GStrv) ids = g_strsplit(listings[_i].ids, " ", -1);
    g_auto(GStrv) glues = g_strsplit(listings[_i].glues, " ", -1);
    g_autoptr(GPtrArray) records = tps_records_new();
    g_autoptr(GPtrArray) testcases = NULL;

    for (char **name = names; *name; name++) {
        GHashTable *record = tps_record_new();

        tps_record_set(record, "id", *name);
        g_ptr_array_add(records, record);
    }
    testcases = tps_testcases_from_records(framework, records, NULL);
    for (guint i = 0; i < testcases->len; i++) {
        const TpsTestcase *testcase = g_ptr_array_index(testcases, i);

        ck_assert_str_eq(testcase->id, ids[i]);
        ck_assert_str_eq(testcase->glue ? testcase->glue : "-", glues[i]);
        ck_assert_str_eq(testcase->selector ? testcase->selector : testcase->id, names[i]);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("collide");
    TCase *tcase = tcase_create("collide");

    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, glues_what_collides, 0, G_N_ELEMENTS(cases));
    tcase_add_test(tcase, compares_what_the_framework_compares);
    tcase_add_test(tcase, agrees_with_all_pairs);
    tcase_add_loop_test(tcase, gives_every_name_an_id, 0, G_N_ELEMENTS(listings));
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
