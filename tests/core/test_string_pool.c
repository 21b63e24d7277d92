/* SPDX-License-Identifier: MIT */
#include "core/string_pool.h"
#include "tests/unit.h"

#include <glib.h>
#include <string.h>

#define BLOCK_BYTES 65536

/* Around the size of a block, where a new one begins. */
static const size_t lengths[] = {
    0, 1, 7, 8, 300, BLOCK_BYTES - 2, BLOCK_BYTES - 1, BLOCK_BYTES, BLOCK_BYTES + 1, 200000,
};

static char letter(size_t i)
{
    return (char)('a' + i % 26);
}

START_TEST(copies_live_as_long_as_the_pool)
{
    g_autoptr(TpsStringPool) pool = tps_string_pool_new();
    const char *kept[200 * G_N_ELEMENTS(lengths)];
    size_t n = 0;

    for (size_t round = 0; round < 20; round++)
        for (size_t i = 0; i < G_N_ELEMENTS(lengths); i++) {
            g_autofree char *text = g_strnfill(lengths[i], letter(n));

            kept[n++] = tps_string_pool_add(pool, text);
            memset(text, '#', lengths[i]);
        }
    for (size_t i = 0; i < n; i++) {
        size_t length = lengths[i % G_N_ELEMENTS(lengths)];

        ck_assert_uint_eq(strlen(kept[i]), length);
        ck_assert_uint_eq(strspn(kept[i], (const char[]){letter(i), '\0'}), length);
    }
}
END_TEST

START_TEST(equal_texts_are_not_shared)
{
    g_autoptr(TpsStringPool) pool = tps_string_pool_new();
    const char *one = tps_string_pool_add(pool, "same");
    const char *two = tps_string_pool_add(pool, "same");

    ck_assert_ptr_ne(one, two);
    ck_assert_str_eq(one, two);
}
END_TEST

START_TEST(a_reference_keeps_it)
{
    TpsStringPool *pool = tps_string_pool_new();
    const char *text = tps_string_pool_add(pool, "kept");

    ck_assert_ptr_eq(tps_string_pool_ref(pool), pool);
    tps_string_pool_unref(pool);
    ck_assert_str_eq(text, "kept");
    tps_string_pool_unref(pool);
    tps_string_pool_unref(NULL);
}
END_TEST

/* As a plan keeps the names of the data it was made from, and they those of what they merged. */
START_TEST(an_adopted_pool_lives_on)
{
    TpsStringPool *plan = tps_string_pool_new();
    TpsStringPool *data = tps_string_pool_new();
    TpsStringPool *merged = tps_string_pool_new();
    const char *text = tps_string_pool_add(merged, "of the last");

    tps_string_pool_adopt(data, merged);
    tps_string_pool_unref(merged);
    tps_string_pool_adopt(plan, data);
    tps_string_pool_adopt(plan, data); /* twice does no harm: two suites of one plan */
    tps_string_pool_unref(data);
    ck_assert_str_eq(text, "of the last");
    tps_string_pool_unref(plan);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("string_pool");
    TCase *tcase = tcase_create("string_pool");

    tcase_add_test(tcase, copies_live_as_long_as_the_pool);
    tcase_add_test(tcase, equal_texts_are_not_shared);
    tcase_add_test(tcase, a_reference_keeps_it);
    tcase_add_test(tcase, an_adopted_pool_lives_on);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
