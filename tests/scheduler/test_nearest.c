/* SPDX-License-Identifier: MIT */
#include "scheduler/nearest.h"
#include "tests/unit.h"

#include <stdbool.h>
#include <string.h>

/* Names divided by blanks; what is found likewise. */
typedef struct {
    const char *word;
    const char *names;
    const char *found;
    guint max;
} Case;

static const Case cases[] = {
    {"login", "login logout", "login", 1},
    {"logn", "logout login", "login", 3},
    {"lgoin", "login", "login", 3},
    {"login", "zebra", "", 3},
    {"login", "", "", 3},
    {"", "abc", "", 3},
    {"abcdef", "abcdeX abcdYX", "abcdeX abcdYX", 3},
    {"abcdef", "abcdYX abcdeX", "abcdeX", 1},
    /* What holds the word comes before what is a slip away from it. */
    {"test_a", "test_b tests/x.py::test_a", "tests/x.py::test_a test_b", 3},
    /* The name itself in a class or file comes before one that goes on. */
    {"test_a", "A::test_all B::test_a", "B::test_a A::test_all", 3},
    /* A file that was moved. */
    {"old/dir/test_shop.py::test_pay", "new/place/deeper/test_shop.py::test_pay x",
     "new/place/deeper/test_shop.py::test_pay", 3},
    {"a/long/name/of/x::t", "some/other/kind/of/y::t", "", 3},
    /* Ties by bytes, and none twice. */
    {"ab1", "ab3 ab2 ab4 ab2", "ab2 ab3 ab4", 9},
    {"ab1", "ab3 ab2 ab4 ab2", "ab2 ab3", 2},
};

static GPtrArray *words_of(char **words)
{
    GPtrArray *names = g_ptr_array_new();

    for (; *words; words++)
        if (**words)
            g_ptr_array_add(names, *words);
    return names;
}

START_TEST(finds_what_was_meant)
{
    const Case *c = &cases[_i];
    g_auto(GStrv) words = g_strsplit(c->names, " ", -1);
    g_autoptr(GPtrArray) names = words_of(words);
    g_autoptr(GPtrArray) nearest = tps_nearest_names(c->word, names, c->max);
    g_autofree char *found = NULL;

    g_ptr_array_add(nearest, NULL);
    found = g_strjoinv(" ", (char **)nearest->pdata);
    ck_assert_str_eq(found, c->found);
}
END_TEST

/* The textbook's table. */
static guint distance(const char *a, const char *b)
{
    guint table[16][16];

    for (guint i = 0; i <= strlen(a); i++) {
        for (guint j = 0; j <= strlen(b); j++) {
            if (i == 0 || j == 0) {
                table[i][j] = i + j;
                continue;
            }
            table[i][j] = table[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
            table[i][j] = MIN(table[i][j], MIN(table[i - 1][j], table[i][j - 1]) + 1);
        }
    }
    return table[strlen(a)][strlen(b)];
}

static void random_word(GRand *rand, char *word)
{
    int n = g_rand_int_range(rand, 1, 13);

    for (int i = 0; i < n; i++)
        word[i] = (char)g_rand_int_range(rand, 'a', 'd');
    word[n] = '\0';
}

/* Words of three letters, too short for a common end: found exactly when few slips lead there. */
START_TEST(counts_slips_as_the_textbook_does)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(2);
    int n_found = 0;

    for (int i = 0; i < 50000; i++) {
        char word[16], name[16];
        g_autoptr(GPtrArray) names = g_ptr_array_new();
        g_autoptr(GPtrArray) nearest = NULL;
        bool near;

        random_word(rand, word);
        random_word(rand, name);
        if (strstr(name, word) || (strlen(word) > 5 && strlen(name) > 5 &&
                                   strcmp(word + strlen(word) - 6, name + strlen(name) - 6) == 0))
            continue;
        g_ptr_array_add(names, name);
        nearest = tps_nearest_names(word, names, 1);
        near = distance(word, name) <= strlen(word) / 3 + 1;
        ck_assert_msg((nearest->len == 1) == near, "'%s' and '%s'", word, name);
        n_found += near;
    }
    ck_assert_int_gt(n_found, 1000);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("nearest");
    TCase *tcase = tcase_create("nearest");

    tcase_add_loop_test(tcase, finds_what_was_meant, 0, (int)G_N_ELEMENTS(cases));
    tcase_add_test(tcase, counts_slips_as_the_textbook_does);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
