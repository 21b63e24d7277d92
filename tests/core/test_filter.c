/* SPDX-License-Identifier: MIT */
#include "core/filter.h"
#include "core/wildcard.h"
#include "tests/unit.h"

#include <glib.h>
#include <string.h>

typedef struct {
    const char *pattern;
    const char *text;
    bool matches;
} GlobCase;

static const GlobCase globs[] = {
    {"", "", true},
    {"", "a", false},
    {"*", "", true},
    {"**", "", true},
    {"?", "", false},
    {"*", "anything at all\n", true},
    {"a", "a", true},
    {"a", "A", false},
    {"a", "ab", false},
    {"b", "ab", false},
    {"a*", "abc", true},
    {"*c", "abc", true},
    {"*b", "abc", false},
    {"*b*", "abc", true},
    {"a?c", "abc", true},
    {"a?c", "ac", false},
    {"a??", "abc", true},
    {"?*?", "a", false},
    {"?*?", "ab", true},
    {"*a*b", "aabab", true},
    {"*ab", "aab", true},
    {"*a?b*", "aaxbb", true},
    {"test_x[1]", "test_x[1]", true},
    {"test_x[1]", "test_x1", false},
    {"test_x[*]", "test_x[a-b]", true},
    {"[!a]", "b", false},
    {"a\\*", "a*", false},
    {"a\\*", "a\\b", true},
    {"{a,b}", "a", false},
    {"a.c", "abc", false},
    {"$(touch x)*", "$(touch x)", true},
    {"?", "\303\274", true},
    {"??", "\303\274", false},
    {"f?r", "f\303\274r", true},
    {"f?r", "f\342\202\254r", true},
    {"f?r", "f\360\237\230\200r", true},
    {"f?r", "f\303r", true},
    {"f??r", "f\203\203r", true},
    {"*\274", "\303\274", false},
    {"\303*", "\303\274", false},
    {"\303\274*", "\303\274\303", true},
    {"*\303", "\303\274\303", true},
};

START_TEST(a_glob_matches_the_whole_text)
{
    const GlobCase *c = &globs[_i];

    ck_assert_msg(tps_wildcard_matches(c->pattern, c->text) == c->matches, "'%s' and '%s'",
                  c->pattern, c->text);
}
END_TEST

/* The definition, word by word. Only for texts of characters of one or two bytes. */
static bool oracle(const char *pattern, const char *text)
{
    size_t n = (unsigned char)*text == 0xc3 && (unsigned char)text[1] == 0xa4 ? 2 : 1;

    if (*pattern == '*')
        return oracle(pattern + 1, text) || (*text && oracle(pattern, text + n));
    if (!*pattern || !*text)
        return !*pattern && !*text;
    if (*pattern == '?')
        return oracle(pattern + 1, text + n);
    return strncmp(pattern, text, n) == 0 && oracle(pattern + n, text + n);
}

static char *draw(GRand *rand, const char *const *letters, int n_letters, int most)
{
    GString *text = g_string_new(NULL);

    for (int i = g_rand_int_range(rand, 0, most + 1); i > 0; i--)
        g_string_append(text, letters[g_rand_int_range(rand, 0, n_letters)]);
    return g_string_free(text, FALSE);
}

START_TEST(a_glob_matches_as_it_is_defined)
{
    static const char *const letters[] = {"a", "b", "\303\244", "?", "*", "*"};
    g_autoptr(GRand) rand = g_rand_new_with_seed(4711);
    int n_matches = 0;

    for (int i = 0; i < 60000; i++) {
        g_autofree char *pattern = draw(rand, letters, G_N_ELEMENTS(letters), 8);
        g_autofree char *text = draw(rand, letters, 3, 10);
        const bool matches = oracle(pattern, text);

        n_matches += matches;
        ck_assert_msg(tps_wildcard_matches(pattern, text) == matches, "'%s' and '%s'", pattern,
                      text);
    }
    ck_assert_int_gt(n_matches, 6000);
    ck_assert_int_lt(n_matches, 54000);
}
END_TEST

/* Whoever tries every way for every star is never done with it. */
START_TEST(many_stars_are_no_trouble)
{
    g_autofree char *text = g_strnfill(20000, 'a');
    g_autoptr(GString) pattern = g_string_new(NULL);

    for (int i = 0; i < 200; i++)
        g_string_append(pattern, "*a");
    ck_assert(tps_wildcard_matches(pattern->str, text));
    g_string_append(pattern, "*b");
    ck_assert(!tps_wildcard_matches(pattern->str, text));
}
END_TEST

typedef struct {
    const char *include; /* words apart by blanks */
    const char *exclude;
    const char *tags;
    const char *exclude_tags;
    const char *taken; /* of api: t_a t_b[x] t_c */
} FilterCase;

static const FilterCase filters[] = {
    {"", "", "", "", "t_a t_b[x] t_c"},
    {"t_a", "", "", "", "t_a"},
    {"api:t_a", "", "", "", "t_a"},
    {"api", "", "", "", "t_a t_b[x] t_c"},
    {"a*", "", "", "", "t_a t_b[x] t_c"},
    {"web:*", "", "", "", ""},
    {"web", "", "", "", ""},
    {"api:t_?", "", "", "", "t_a t_c"},
    {"*[x]", "", "", "", "t_b[x]"},
    {"t_a t_c", "", "", "", "t_a t_c"},
    {"api", "t_a", "", "", "t_b[x] t_c"},
    {"t_a", "api", "", "", ""},
    {"", "t_a", "", "", "t_b[x] t_c"},
    {"", "t_a nothing", "", "", "t_b[x] t_c"},
    {"", "", "slow", "", "t_a t_c"},
    {"", "", "slow db", "", "t_a t_b[x] t_c"},
    {"", "", "py", "", "t_a t_b[x] t_c"},
    {"", "", "Slow", "", ""},
    {"", "", "", "slow", "t_b[x]"},
    {"", "", "", "py", ""},
    {"", "", "slow", "db", "t_a"},
    {"t_a t_b*", "", "db", "", "t_b[x]"},
};

static char **words(const char *text)
{
    return *text ? g_strsplit(text, " ", 0) : NULL;
}

static TpsFilter *filter_of(const FilterCase *c)
{
    g_auto(GStrv) include = words(c->include);
    g_auto(GStrv) exclude = words(c->exclude);
    g_auto(GStrv) tags = words(c->tags);
    g_auto(GStrv) exclude_tags = words(c->exclude_tags);

    return tps_filter_new(include, exclude, tags, exclude_tags);
}

/* Suite api, tagged py: t_a is slow, t_b[x] needs the db, t_c is both. */
static TpsSuite *api(void)
{
    TpsSuite *suite = tps_suite_new("api", "pytest");

    g_strfreev(suite->tags);
    suite->tags = words("py");
    return suite;
}

static GPtrArray *testcases_of_api(void)
{
    static const char *const ids[] = {"t_a", "t_b[x]", "t_c"};
    static const char *const tags[] = {"slow", "db", "db slow"};
    GPtrArray *testcases = tps_testcases_new();

    for (size_t i = 0; i < G_N_ELEMENTS(ids); i++) {
        TpsTestcase *testcase = tps_testcase_new(ids[i]);

        testcase->tags = words(tags[i]);
        g_ptr_array_add(testcases, testcase);
    }
    return testcases;
}

START_TEST(a_filter_takes_what_is_meant)
{
    const FilterCase *c = &filters[_i];
    g_autoptr(TpsSuite) suite = api();
    g_autoptr(GPtrArray) testcases = testcases_of_api();
    g_autoptr(TpsFilter) filter = filter_of(c);
    g_autoptr(GString) taken = g_string_new(NULL);

    for (guint i = 0; i < testcases->len; i++) {
        const TpsTestcase *testcase = g_ptr_array_index(testcases, i);

        if (tps_filter_takes(filter, suite, testcase))
            g_string_append_printf(taken, "%s%s", taken->len > 0 ? " " : "", testcase->id);
    }
    ck_assert_str_eq(taken->str, c->taken);
    if (tps_filter_drops(filter, suite))
        ck_assert_str_eq(taken->str, "");
}
END_TEST

START_TEST(a_suite_is_dropped_by_its_name_and_tags_alone)
{
    g_autoptr(TpsSuite) suite = api();
    g_autoptr(TpsFilter) name = filter_of(&(FilterCase){"", "ap?", "", "", ""});
    g_autoptr(TpsFilter) tag = filter_of(&(FilterCase){"", "", "", "py", ""});
    g_autoptr(TpsFilter) testcase = filter_of(&(FilterCase){"web", "api:*", "db", "slow", ""});

    ck_assert(tps_filter_drops(name, suite));
    ck_assert(tps_filter_drops(tag, suite));
    ck_assert(!tps_filter_drops(testcase, suite));
    ck_assert(!tps_filter_drops(NULL, suite));
}
END_TEST

START_TEST(a_suite_without_names_is_known_by_its_own)
{
    g_autoptr(TpsSuite) suite = tps_suite_new("api", "");
    g_autoptr(TpsFilter) name = filter_of(&(FilterCase){"a*", "api:*", "", "", ""});
    g_autoptr(TpsFilter) testcase = filter_of(&(FilterCase){"t_a api:t_a", "", "", "", ""});

    ck_assert(tps_filter_takes(name, suite, NULL));
    ck_assert(!tps_filter_takes(testcase, suite, NULL));
}
END_TEST

START_TEST(the_order_of_the_options_does_not_matter)
{
    g_autoptr(TpsFilter) filter = filter_of(&(FilterCase){"b a b", "z", "y x", "d d", ""});
    g_autoptr(TpsFilter) copy = tps_filter_copy(filter);
    g_autofree char *include = g_strjoinv(" ", copy->include);
    g_autofree char *tags = g_strjoinv(" ", copy->tags);
    g_autofree char *exclude_tags = g_strjoinv(" ", copy->exclude_tags);

    ck_assert_str_eq(include, "a b");
    ck_assert_str_eq(copy->exclude[0], "z");
    ck_assert_str_eq(tags, "x y");
    ck_assert_str_eq(exclude_tags, "d");
    ck_assert_ptr_null(filter_of(&(FilterCase){"", "", "", "", ""}));
    ck_assert_ptr_null(tps_filter_copy(NULL));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("filter");
    TCase *tcase = tcase_create("filter");

    tcase_add_loop_test(tcase, a_glob_matches_the_whole_text, 0, G_N_ELEMENTS(globs));
    tcase_add_test(tcase, a_glob_matches_as_it_is_defined);
    tcase_add_test(tcase, many_stars_are_no_trouble);
    tcase_add_loop_test(tcase, a_filter_takes_what_is_meant, 0, G_N_ELEMENTS(filters));
    tcase_add_test(tcase, a_suite_is_dropped_by_its_name_and_tags_alone);
    tcase_add_test(tcase, a_suite_without_names_is_known_by_its_own);
    tcase_add_test(tcase, the_order_of_the_options_does_not_matter);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
