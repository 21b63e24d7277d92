/* SPDX-License-Identifier: MIT */
#include "core/error.h"
#include "scheduler/filtering.h"
#include "tests/unit.h"

#include <glib.h>
#include <string.h>

/* "ID/GROUP ID/GROUP ..."; a group after '/', or none. */
static GPtrArray *listing_from(const char *words)
{
    g_auto(GStrv) split = g_strsplit(words, " ", -1);
    GPtrArray *testcases = tps_testcases_new();

    for (char **word = split; *word; word++) {
        g_auto(GStrv) halves = g_strsplit(*word, "/", 2);
        TpsTestcase *testcase = tps_testcase_new(halves[0]);

        testcase->group = g_strdup(halves[1]);
        testcase->file = g_strdup("f");
        if (strchr(halves[0], '1'))
            testcase->tags = g_strsplit("first fast", " ", -1);
        g_ptr_array_add(testcases, testcase);
    }
    return testcases;
}

static char *ids_of(const GPtrArray *testcases)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < testcases->len; i++)
        g_string_append_printf(text, "%s%s", i ? " " : "",
                               ((TpsTestcase *)g_ptr_array_index(testcases, i))->id);
    return g_string_free(text, FALSE);
}

/* Of "-i VALUE -e VALUE ..." the values of one option; caller frees. */
static char **values_of(const char *words, const char *option)
{
    g_auto(GStrv) split = g_strsplit(words, " ", -1);
    GPtrArray *values = g_ptr_array_new();

    for (char **word = split; word[0] && word[1]; word += 2)
        if (strcmp(word[0], option) == 0)
            g_ptr_array_add(values, g_strdup(word[1]));
    g_ptr_array_add(values, NULL);
    return (char **)g_ptr_array_free(values, FALSE);
}

static TpsFilter *filter_from(const char *words)
{
    g_auto(GStrv) include = values_of(words, "-i");
    g_auto(GStrv) exclude = values_of(words, "-e");
    g_auto(GStrv) tags = values_of(words, "-t");
    g_auto(GStrv) exclude_tags = values_of(words, "-x");

    return tps_filter_new(include, exclude, tags, exclude_tags);
}

typedef struct {
    const char *framework;
    const char *filter;
    const char *left;
    guint n_along;
} Listing;

static const Listing listings[] = {
    {"pytest", "", "a1 b1 a2 c c2", 0},
    {"pytest", "-i a*", "a1 b1 a2 c c2", 0},
    {"pytest", "-i a?", "a1 a2", 0},
    {"pytest", "-e a2", "a1 b1 c c2", 0},
    {"check", "-i a1", "a1 a2", 1},
    {"check", "-i b1", "b1", 0},
    {"check", "-e a2 -e b1", "a1 a2 c c2", 1},
    {"check", "-t first -e b1", "a1 a2", 1},
    {"check", "-i c", "c", 0},
    {"check", "-i none", "", 0},
    {"check", "-e *", "", 0},
};

/* Of a framework that only selects whole classes, a class is left whole or not at all. */
START_TEST(a_class_is_not_cut)
{
    const Listing *c = &listings[_i];
    g_autoptr(TpsSuite) suite = tps_suite_new("api", c->framework);
    g_autoptr(GPtrArray) listing = listing_from("a1/A b1/B a2/A c c2");
    g_autoptr(TpsFilter) filter = filter_from(c->filter);
    guint n_along = 99;
    g_autoptr(GPtrArray) left = tps_filtering_listing(filter, suite, listing, &n_along);
    g_autofree char *ids = ids_of(left);

    ck_assert_str_eq(ids, c->left);
    ck_assert_uint_eq(n_along, c->n_along);
}
END_TEST

typedef struct {
    const char *filter;
    const char *left; /* "SUITE: IDS; ...", or NULL: nothing */
    const char *said; /* part of the notes, a line each, or of the error; "" = none */
} Case;

static const Case cases[] = {
    {"", "api: test_a1 test_b; nameless: 0 1; web: test_w1", ""},
    {"-i test_*", "api: test_a1 test_b; web: test_w1", ""},
    {"-i web", "web: test_w1", ""},
    {"-i name*", "nameless: 0 1", ""},
    {"-i 0", NULL, "no testcase matches --include '0'"},
    {"-e *:*b -t first", "api: test_a1; web: test_w1", ""},
    {"-t db", "api: test_a1 test_b", ""},
    {"-x db", "nameless: 0 1; web: test_w1", ""},
    {"-x first", "api: test_b; nameless: 0 1", ""},
    {"-i web -i test_bb", "web: test_w1",
     "warning: no testcase matches --include 'test_bb'; the nearest is 'test_b'"},
    {"-i web -i est_b", "web: test_w1",
     "warning: no testcase matches --include 'est_b'; a pattern matches a whole name, and "
     "'*est_b*' would match"},
    {"-i web -i qqqq", "web: test_w1", "warning: no testcase matches --include 'qqqq'\n"},
    {"-t frist -t db", "api: test_a1 test_b",
     "warning: no testcase has --tag 'frist'; did you mean 'first'?"},
    {"-e wbe", "api: test_a1 test_b; nameless: 0 1; web: test_w1",
     "warning: no testcase matches --exclude 'wbe'; the nearest is 'web'"},
    {"-x fast -x flaky", "api: test_b; nameless: 0 1",
     "warning: no testcase has --exclude-tag 'flaky'\n"},
    {"-i test_bb", NULL, "no testcase matches --include 'test_bb'; the nearest is 'test_b'"},
    {"-i qqqq -t frist", NULL,
     "no testcase matches --include 'qqqq'; no testcase has --tag 'frist'; did you mean 'first'?"},
    {"-i web -e web", NULL, "what one of its options takes, another one leaves out"},
    {"-e *", NULL, "what one of its options takes, another one leaves out"},
};

static GArray *inputs_new(TpsSuite *api, const GPtrArray *const *lists)
{
    static const char *const names[] = {"api", "nameless", "web"};
    GArray *inputs = g_array_new(FALSE, TRUE, sizeof(TpsPlanInput));

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        TpsPlanInput input = {.name = names[i],
                              .declared = i == 0 ? api : NULL,
                              .testcases = lists[i],
                              .ids_known = i != 1,
                              .unit = TPS_UNIT_TESTCASE};

        g_array_append_val(inputs, input);
    }
    return inputs;
}

static char *describe(const GArray *inputs)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < inputs->len; i++) {
        const TpsPlanInput *input = &g_array_index(inputs, TpsPlanInput, i);
        g_autofree char *ids = ids_of(input->testcases);

        g_string_append_printf(text, "%s%s: %s", i ? "; " : "", input->name, ids);
    }
    return g_string_free(text, FALSE);
}

static void assert_notes(const GPtrArray *notes, const char *said)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; i < notes->len; i++)
        g_string_append_printf(text, "%s\n", (char *)g_ptr_array_index(notes, i));
    ck_assert_msg(strstr(text->str, said) && (*said || text->len == 0), "'%s' and not '%s'",
                  text->str, said);
}

START_TEST(filters_what_is_to_be_planned)
{
    const Case *c = &cases[_i];
    g_autoptr(TpsSuite) api = tps_suite_new("api", "pytest");
    g_autoptr(GPtrArray) of_api = listing_from("test_a1 test_b");
    g_autoptr(GPtrArray) of_nameless = listing_from("0 1");
    g_autoptr(GPtrArray) of_web = listing_from("test_w1");
    const GPtrArray *const testcases[] = {of_api, of_nameless, of_web};
    g_autoptr(GArray) inputs = inputs_new(api, testcases);
    g_autoptr(GPtrArray) lists = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(TpsFilter) filter = filter_from(c->filter);
    g_autoptr(GError) error = NULL;
    g_autofree char *left = NULL;

    g_strfreev(api->tags);
    api->tags = g_strsplit("db", " ", -1);
    if (!tps_filtering_inputs(filter, inputs, lists, notes, &error)) {
        ck_assert_ptr_null(c->left);
        assert_error(error, TPS_ERROR, TPS_ERROR_EMPTY, c->said);
        return;
    }
    left = describe(inputs);
    ck_assert_str_eq(left, c->left);
    assert_notes(notes, c->said);
}
END_TEST

START_TEST(says_what_is_taken_along)
{
    g_autoptr(TpsSuite) api = tps_suite_new("api", "check");
    g_autoptr(GPtrArray) of_api = listing_from("a1/A a2/A");
    g_autoptr(GPtrArray) none = tps_testcases_new();
    const GPtrArray *const testcases[] = {of_api, none, none};
    g_autoptr(GArray) inputs = inputs_new(api, testcases);
    g_autoptr(GPtrArray) lists = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(TpsFilter) filter = filter_from("-i a1");

    ck_assert(tps_filtering_inputs(filter, inputs, lists, notes, NULL));
    assert_notes(notes, "suite 'api': 1 testcase more than chosen: check can't select less\n");
}
END_TEST

/* Nobody asked it for its testcases; its name is matched all the same. */
START_TEST(a_suite_that_was_not_listed_goes)
{
    g_autoptr(TpsSuite) api = tps_suite_new("api", "pytest");
    g_autoptr(GPtrArray) of_web = listing_from("test_w1");
    const GPtrArray *const testcases[] = {NULL, of_web, of_web};
    g_autoptr(GArray) inputs = inputs_new(api, testcases);
    g_autoptr(GPtrArray) lists = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(TpsFilter) filter = filter_from("-e api -e nameless -x nope");
    g_autofree char *left = NULL;

    g_array_index(inputs, TpsPlanInput, 0).ids_known = false;
    ck_assert(tps_filtering_inputs(filter, inputs, lists, notes, NULL));
    left = describe(inputs);
    ck_assert_str_eq(left, "web: test_w1");
    assert_notes(notes, "warning: no testcase has --exclude-tag 'nope'\n");
    ck_assert_uint_eq(notes->len, 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("filtering");
    TCase *tcase = tcase_create("filtering");

    tcase_add_loop_test(tcase, a_class_is_not_cut, 0, G_N_ELEMENTS(listings));
    tcase_add_loop_test(tcase, filters_what_is_to_be_planned, 0, G_N_ELEMENTS(cases));
    tcase_add_test(tcase, says_what_is_taken_along);
    tcase_add_test(tcase, a_suite_that_was_not_listed_goes);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
