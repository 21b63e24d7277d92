/* SPDX-License-Identifier: MIT */
#include "runtime/data.h"
#include "tests/runtime/random_data.h"
#include "tests/scratch.h"
#include "tests/unit.h"

#include <glib.h>
#include <string.h>

/* To unite runtime data is to unite sets: how it is done does not matter, as the text shows. */

#define N_SEEDS 150
#define N_FILES 4

static void load(TpsRuntimeData *data, const char *text)
{
    g_autofree char *path = scratch_text("f.json", text);
    g_autoptr(GError) error = NULL;

    ck_assert_msg(tps_runtime_data_load(data, path, &error), "%s: %s", error ? error->message : "",
                  text);
}

static TpsRuntimeData *data_of(const char *text)
{
    TpsRuntimeData *data = tps_runtime_data_new();

    load(data, text);
    return data;
}

/* Takes both; caller frees. */
static TpsRuntimeData *unite(TpsRuntimeData *a, TpsRuntimeData *b)
{
    tps_runtime_data_merge(a, b);
    tps_runtime_data_free(b);
    return a;
}

/* Takes `data`; caller frees. */
static char *text_of(TpsRuntimeData *data)
{
    char *text = tps_runtime_data_text(data);

    tps_runtime_data_free(data);
    return text;
}

/* Takes `got`. */
static void assert_same(char *got, const char *expected, const char *what)
{
    g_autofree char *text = got;

    ck_assert_msg(strcmp(text, expected) == 0, "seed %s:\n%s\nnot\n%s", what, text, expected);
}

START_TEST(a_text_is_what_it_was_read_from)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed((guint32)_i);
    g_autofree char *file = random_data(rand);
    g_autofree char *text = text_of(data_of(file));

    assert_same(text_of(data_of(text)), text, "text");
}
END_TEST

START_TEST(twice_is_once)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed((guint32)_i);
    g_autofree char *file = random_data(rand);
    g_autofree char *text = text_of(data_of(file));

    assert_same(text_of(unite(data_of(file), data_of(file))), text, "merge(A, A) = A");
    assert_same(text_of(unite(data_of(file), data_of(text))), text, "merge(A, text of A) = A");
}
END_TEST

START_TEST(either_may_come_first)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed((guint32)_i);
    g_autofree char *a = random_data(rand);
    g_autofree char *b = random_data(rand);
    g_autofree char *text = text_of(unite(data_of(a), data_of(b)));
    g_autofree char *text_a = text_of(data_of(a));
    g_autofree char *text_b = text_of(data_of(b));

    assert_same(text_of(unite(data_of(b), data_of(a))), text, "merge(B, A) = merge(A, B)");
    assert_same(text_of(unite(data_of(text_a), data_of(text_b))), text, "by way of files");
    assert_same(text_of(unite(data_of(text), data_of(a))), text, "it holds A");
}
END_TEST

START_TEST(in_any_pieces)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed((guint32)_i);
    g_autofree char *a = random_data(rand);
    g_autofree char *b = random_data(rand);
    g_autofree char *c = random_data(rand);
    g_autofree char *text = text_of(unite(unite(data_of(a), data_of(b)), data_of(c)));

    assert_same(text_of(unite(data_of(a), unite(data_of(b), data_of(c)))), text, "A, (B, C)");
    assert_same(text_of(unite(unite(data_of(c), data_of(a)), data_of(b))), text, "(C, A), B");
}
END_TEST

START_TEST(files_in_any_order)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed((guint32)_i);
    char *files[N_FILES];
    g_autofree char *expected = NULL;

    for (int i = 0; i < N_FILES; i++)
        files[i] = random_data(rand);
    for (int round = 0; round < 6; round++) {
        g_autoptr(TpsRuntimeData) data = tps_runtime_data_new();
        g_autofree char *text = NULL;

        for (int i = 0; i < N_FILES; i++)
            load(data, files[i]);
        text = tps_runtime_data_text(data);
        if (round == 0)
            expected = g_strdup(text);
        ck_assert_str_eq(text, expected);
        for (size_t i = N_FILES - 1; i > 0; i--) {
            size_t j = draw(rand, i + 1);
            char *swap = files[i];

            files[i] = files[j];
            files[j] = swap;
        }
    }
    for (int i = 0; i < N_FILES; i++)
        g_free(files[i]);
}
END_TEST

/* Half of fifty runs, so that the oldest are forgotten; caller frees. */
static char *random_half(GRand *rand)
{
    g_autoptr(GString) runs = g_string_new("{");
    g_autoptr(GString) last = g_string_new("{");

    for (guint run = 0; run < 50; run++) {
        g_autofree char *key = g_strdup_printf("20261121T1000%02u-%08x", run, run);

        if (draw(rand, 2) == 0)
            add_format(runs, "\"%s\": {\"execution_time\": %g}", key, random_seconds(rand));
        if (draw(rand, 2) == 0)
            add_format(last, "\"%s\": %g", key, random_seconds(rand));
    }
    add_format(last, "\"20261121T100059-000000aa\": 1");
    return g_strdup_printf("{\"A\": {\"runs\": %s}, \"testcases\": {\"x\": {\"last\": %s}}}}}",
                           runs->str, last->str);
}

START_TEST(what_is_forgotten_does_not_depend_on_the_order)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed((guint32)_i);
    g_autofree char *a = random_half(rand);
    g_autofree char *b = random_half(rand);
    g_autofree char *c = random_half(rand);
    g_autofree char *text = text_of(unite(unite(data_of(a), data_of(b)), data_of(c)));

    assert_same(text_of(unite(data_of(a), unite(data_of(b), data_of(c)))), text, "A, (B, C)");
    assert_same(text_of(unite(data_of(c), unite(data_of(b), data_of(a)))), text, "C, (B, A)");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("data_merge");
    TCase *tcase = tcase_create("data_merge");

    tcase_add_checked_fixture(tcase, scratch_make, scratch_remove);
    tcase_add_loop_test(tcase, a_text_is_what_it_was_read_from, 0, N_SEEDS);
    tcase_add_loop_test(tcase, twice_is_once, 0, N_SEEDS);
    tcase_add_loop_test(tcase, either_may_come_first, 0, N_SEEDS);
    tcase_add_loop_test(tcase, in_any_pieces, 0, N_SEEDS);
    tcase_add_loop_test(tcase, files_in_any_order, 0, N_SEEDS / 3);
    tcase_add_loop_test(tcase, what_is_forgotten_does_not_depend_on_the_order, 0, 10);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
