/* SPDX-License-Identifier: MIT */
#include "adapters/definitions/template.h"
#include "tests/unit.h"

#include <string.h>

/* a = "A", empty = "", braces = "{a}"; nothing else has a value. */
static const char *value(const char *name, void *user)
{
    ck_assert_str_eq(user, "user");
    if (strcmp(name, "a") == 0)
        return "A";
    if (strcmp(name, "braces") == 0)
        return "{a}";
    return strcmp(name, "empty") == 0 ? "" : NULL;
}

static const struct {
    const char *template;
    const char *expected;
} expansions[] = {
    {"", ""},
    {"plain", "plain"},
    {"{a}", "A"},
    {"-{a}{a}-", "-AA-"},
    {"{none}", ""},
    {"{none|text}", "text"},
    {"{none|}", ""},
    {"{a|text}", "A"},
    {"{empty|text}", ""},
    {"{braces}", "{a}"}, /* what a value holds is no template */
    {"{{a}}", "{a}"},
    {"{{{a}}}", "{A}"},
    {"}", "}"},
    {"a}b", "a}b"},
    {"{a", "{a"},
    {"{", "{"},
    {"{none|a|b}", "a|b"},
    {"\xC3\xA4{a}\xFF", "\xC3\xA4"
                        "A\xFF"},
};

START_TEST(fills_in_values)
{
    char user[] = "user";
    g_autofree char *text = tps_template_expand(expansions[_i].template, value, user);

    ck_assert_str_eq(text, expansions[_i].expected);
}
END_TEST

static const char *const known[] = {"report", "dir", NULL};

static const struct {
    const char *template;
    const char *problem; /* NULL = none */
} checks[] = {
    {"", NULL},
    {"{report}", NULL},
    {"{dir}/x{{y}}", NULL},
    {"{report|x}", NULL},
    {"x}", NULL},
    {"{reprot}", "unknown name '{reprot}'; did you mean '{report}'?"},
    {"{zzzzzzzz}", "unknown name '{zzzzzzzz}'; known are {report}, {dir}; '{{' is a brace"},
    {"{", "'{' is not closed; '{{' is a brace"},
    {"{r", "'{' is not closed; '{{' is a brace"},
    {"{re", "'{' is not closed; '{{' is a brace"},
    {"{dir}/{report", "'{' is not closed; '{{' is a brace"},
    {"{dir{report}", "'{' is not closed; '{{' is a brace"},
    {"{}", "'{}' has no name in it; '{{' is a brace"},
    {"{|x}", "'{}' has no name in it; '{{' is a brace"},
};

START_TEST(finds_mistakes)
{
    g_autofree char *problem = NULL;
    bool sound = tps_template_check(checks[_i].template, known, &problem);

    ck_assert(sound == (checks[_i].problem == NULL));
    ck_assert_pstr_eq(problem, checks[_i].problem);
}
END_TEST

START_TEST(takes_any_name_where_none_are_known)
{
    g_autofree char *problem = NULL;

    ck_assert(tps_template_check("{../file}:{Element/attribute}", NULL, &problem));
    ck_assert(!tps_template_check("{a", NULL, &problem));
}
END_TEST

START_TEST(knows_what_stands_in_it)
{
    g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    tps_template_collect("{a}{{b}}{c|d}{a}", names);
    tps_template_collect(NULL, names);
    ck_assert_uint_eq(g_hash_table_size(names), 2);
    ck_assert(g_hash_table_contains(names, "a") && g_hash_table_contains(names, "c"));
    ck_assert(tps_template_has("x{a}", "a"));
    ck_assert(tps_template_has("{a|x}", "a"));
    ck_assert(!tps_template_has("{{a}}", "a"));
    ck_assert(!tps_template_has("{ab}", "a"));
    ck_assert(!tps_template_has(NULL, "a"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("template");
    TCase *tcase = tcase_create("template");

    tcase_add_loop_test(tcase, fills_in_values, 0, G_N_ELEMENTS(expansions));
    tcase_add_loop_test(tcase, finds_mistakes, 0, G_N_ELEMENTS(checks));
    tcase_add_test(tcase, takes_any_name_where_none_are_known);
    tcase_add_test(tcase, knows_what_stands_in_it);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
