/* SPDX-License-Identifier: MIT */
#include "core/nearest.h"
#include "tests/unit.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* The names of known, in words; what is expected of the two nearest. */
static const char *const cases[][3] = {
    {"tests/test_a.py::test_x", "shop/tests/test_a.py::test_x tests/test_b.py::test_y",
     "shop/tests/test_a.py::test_x tests/test_b.py::test_y"},
    {"tests/test_cart.py::test_x", "tests.test_cart.test_x checkout.flow",
     "tests.test_cart.test_x"},
    {"api", "API web apis", "API apis"},
    {"api", "web", ""},
    {"api", "", ""},
    {"", "api", ""},
    {"a", "b a", "a"},
    {"checkout", "check checked", "checked check"},
    {"same", "same same same", "same"},
    {"abcdefgh", "abcdefgx xabcdefg yabcdefg", "abcdefgx xabcdefg"},
    {"cart::pays", "a_test_with_a_long_name_in_which_only_cart_is_the_same",
     "a_test_with_a_long_name_in_which_only_cart_is_the_same"},
    {"shopping_cart::pays", "a_test_with_a_long_name_in_which_only_cart_is_the_same", ""},
};

/* Caller frees. */
static char *nearest(const char *name, const char *words, size_t most)
{
    g_auto(GStrv) known = g_strsplit(words, " ", -1);
    g_autoptr(GPtrArray) names = tps_nearest_names(name, (const char *const *)known,
                                                   *words ? g_strv_length(known) : 0, most);

    g_ptr_array_add(names, NULL);
    return g_strjoinv(" ", (char **)names->pdata);
}

START_TEST(finds)
{
    g_autofree char *got = nearest(cases[_i][0], cases[_i][1], 2);

    ck_assert_msg(strcmp(got, cases[_i][2]) == 0, "%s: '%s', not '%s'", cases[_i][0], got,
                  cases[_i][2]);
}
END_TEST

static size_t longest_common(const char *a, const char *b)
{
    size_t longest = 0;

    for (const char *i = a; *i; i++)
        for (const char *j = b; *j; j++) {
            size_t length = 0;

            while (i[length] && i[length] == j[length])
                length++;
            longest = MAX(longest, length);
        }
    return longest;
}

static void random_word(GRand *rand, char *word, int letters)
{
    int length = g_rand_int_range(rand, 6, 14);

    for (int i = 0; i < length; i++)
        word[i] = (char)('a' + g_rand_int_range(rand, 0, letters));
    word[length] = '\0';
}

/* The first is one with the longest stretch in common, as trying all of them finds it. */
START_TEST(as_brute_force_finds)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed((guint32)_i);
    const int letters = 1 + _i % 5;
    char words[20][16];
    const char *known[20];
    char name[16];
    g_autoptr(GPtrArray) names = NULL;
    size_t best = 0;

    random_word(rand, name, letters);
    for (int i = 0; i < 20; i++) {
        random_word(rand, words[i], letters);
        known[i] = words[i];
        best = MAX(best, longest_common(name, known[i]));
    }
    names = tps_nearest_names(name, known, 20, 20);
    if (names->len > 0)
        ck_assert_uint_eq(longest_common(name, g_ptr_array_index(names, 0)), best);
    else
        ck_assert_uint_lt(best, 5);
    for (guint i = 1; i < names->len; i++)
        ck_assert_uint_ge(longest_common(name, g_ptr_array_index(names, i - 1)),
                          longest_common(name, g_ptr_array_index(names, i)));
}
END_TEST

/* Of long names the ends count; all bytes are names. */
START_TEST(long_and_odd_names)
{
    g_autofree char *folder = g_strnfill(10000, 'd');
    g_autofree char *name = g_strconcat(folder, "/test_\xc3\xa4\xff.py", NULL);
    const char *const known[] = {folder, name, "test_\xc3\xa4\xff.py"};
    g_autoptr(GPtrArray) names = tps_nearest_names(name, known, G_N_ELEMENTS(known), 3);

    ck_assert_uint_eq(names->len, 3);
    ck_assert_str_eq(g_ptr_array_index(names, 0), name);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("nearest");
    TCase *tcase = tcase_create("nearest");

    tcase_add_loop_test(tcase, finds, 0, G_N_ELEMENTS(cases));
    tcase_add_loop_test(tcase, as_brute_force_finds, 0, 200);
    tcase_add_test(tcase, long_and_odd_names);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
