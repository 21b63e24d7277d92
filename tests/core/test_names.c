/* SPDX-License-Identifier: MIT */
#include "core/names.h"
#include "tests/unit.h"

#include <glib.h>
#include <string.h>

#define ROUNDS 400

/* How random names look: what they share is what the sort has to look past. */
typedef struct {
    const char *name;
    int n_max;
    int prefix_max; /* how much all of them share               */
    int length_max; /* of what follows                          */
    int letters;    /* from how many different bytes it is made */
    int first_byte;
} Shape;

static const Shape shapes[] = {
    {"short ones, mostly equal", 200, 0, 2, 2, 'a'},
    {"empty or one byte", 100, 0, 1, 3, 'a'},
    {"the same prefix", 300, 300, 6, 4, '0'},
    {"all bytes", 300, 0, 12, 255, 1},
    {"bytes above 127", 200, 2, 5, 3, 0xfe},
    {"few of them", 17, 3, 3, 2, 'x'},
    {"long ones that differ late", 60, 5000, 3, 3, 'a'},
    {"all equal", 500, 4, 0, 1, 'a'},
    {"none or one", 1, 3, 3, 2, 'a'},
};

static char *draw_name(GRand *rand, const Shape *shape, const char *prefix)
{
    GString *name = g_string_new(NULL);
    int length = g_rand_int_range(rand, 0, shape->length_max + 1);

    /* Some names are the beginning of others. */
    g_string_append_len(name, prefix,
                        g_rand_int_range(rand, 0, 8) ? (gssize)strlen(prefix)
                                                     : (gssize)strlen(prefix) / 2);
    for (int i = 0; i < length; i++) {
        int byte = shape->first_byte + g_rand_int_range(rand, 0, shape->letters);

        g_string_append_c(name, (char)MIN(byte, 255));
    }
    return g_string_free(name, FALSE);
}

static GPtrArray *draw_names(GRand *rand, const Shape *shape)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *prefix = g_strnfill((gsize)shape->prefix_max, 'p');
    int n = g_rand_int_range(rand, 0, shape->n_max + 1);

    for (int i = 0; i < n; i++)
        g_ptr_array_add(names, draw_name(rand, shape, prefix));
    return names;
}

/* The plain way: each goes behind all that are not greater. */
static void insertion_order(const char *const *names, size_t n, uint32_t *order)
{
    for (size_t i = 0; i < n; i++) {
        size_t at = i;

        for (; at > 0 && strcmp(names[order[at - 1]], names[i]) > 0; at--)
            order[at] = order[at - 1];
        order[at] = (uint32_t)i;
    }
}

static void assert_ordered(const char *const *names, size_t n, const char *what)
{
    g_autofree uint32_t *order = g_new(uint32_t, n + 1);
    g_autofree uint32_t *want = g_new(uint32_t, n + 1);

    order[n] = 4711;
    tps_names_order(names, n, order);
    insertion_order(names, n, want);
    for (size_t i = 0; i < n; i++)
        ck_assert_msg(order[i] == want[i], "%s: at %zu of %zu stands '%s' (%u), not '%s' (%u)",
                      what, i, n, names[order[i]], order[i], names[want[i]], want[i]);
    ck_assert_uint_eq(order[n], 4711);
}

START_TEST(orders_like_a_plain_sort)
{
    const Shape *shape = &shapes[_i];
    g_autoptr(GRand) rand = g_rand_new_with_seed(4000 + (guint32)_i);

    for (int round = 0; round < ROUNDS; round++) {
        g_autoptr(GPtrArray) names = draw_names(rand, shape);

        assert_ordered((const char *const *)names->pdata, names->len, shape->name);
        tps_names_sort(names);
        assert_ordered((const char *const *)names->pdata, names->len, shape->name);
    }
}
END_TEST

START_TEST(each_once)
{
    const Shape *shape = &shapes[_i];
    g_autoptr(GRand) rand = g_rand_new_with_seed(5000 + (guint32)_i);
    g_autoptr(GPtrArray) names = draw_names(rand, shape);
    g_autoptr(GHashTable) set = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; i < names->len; i++)
        g_hash_table_add(set, g_strdup(g_ptr_array_index(names, i)));
    tps_names_sort_unique(names);
    ck_assert_uint_eq(names->len, g_hash_table_size(set));
    for (guint i = 0; i < names->len; i++) {
        ck_assert(g_hash_table_contains(set, g_ptr_array_index(names, i)));
        ck_assert(i == 0 ||
                  strcmp(g_ptr_array_index(names, i - 1), g_ptr_array_index(names, i)) < 0);
    }
}
END_TEST

START_TEST(orders_what_is_in_reverse_order)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

    for (int i = 2000; i > 0; i--)
        g_ptr_array_add(names, g_strdup_printf("tests/a.py::test[%05d]", i));
    assert_ordered((const char *const *)names->pdata, names->len, "reverse");
}
END_TEST

/* Names that are beginnings of each other go as deep as they are long, one byte at a time. */
START_TEST(orders_a_ladder)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

    for (int i = 1500; i >= 0; i--)
        g_ptr_array_add(names, g_strnfill((gsize)i, 'a'));
    assert_ordered((const char *const *)names->pdata, names->len, "ladder");
}
END_TEST

START_TEST(names_some)
{
    static const char *const words[] = {"a", "b b", "'", "d", "e"};
    static const char *const texts[] = {"",
                                        "'a'",
                                        "'a', 'b b'",
                                        "'a', 'b b', '''",
                                        "'a', 'b b', ''' and 1 more",
                                        "'a', 'b b', ''' and 2 more"};
    g_autoptr(GPtrArray) names = g_ptr_array_new();

    for (size_t n = 0; n < G_N_ELEMENTS(texts); n++) {
        g_autofree char *text = tps_names_some(names);

        ck_assert_str_eq(text, texts[n]);
        if (n < G_N_ELEMENTS(words))
            g_ptr_array_add(names, (gpointer)words[n]);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("names");
    TCase *tcase = tcase_create("names");

    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, orders_like_a_plain_sort, 0, G_N_ELEMENTS(shapes));
    tcase_add_loop_test(tcase, each_once, 0, G_N_ELEMENTS(shapes));
    tcase_add_test(tcase, orders_what_is_in_reverse_order);
    tcase_add_test(tcase, orders_a_ladder);
    tcase_add_test(tcase, names_some);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
