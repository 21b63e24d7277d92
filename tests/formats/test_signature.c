/* SPDX-License-Identifier: MIT */
#include "core/error.h"
#include "formats/files.h"
#include "formats/signature.h"
#include "tests/scratch.h"
#include "tests/unit.h"

#include <glib.h>
#include <string.h>

/* RFC 4231, test cases 1, 3 and 6: those whose keys are long enough. */
static const struct {
    char key_byte;
    size_t key_length;
    const char *data;
    char data_byte; /* instead of `data`: 50 of them */
    const char *digest;
} vectors[] = {
    {0x0b, 20, "Hi There", 0, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
    {(char)0xaa, 20, NULL, (char)0xdd,
     "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
    {(char)0xaa, 131, "Test Using Larger Than Block-Size Key - Hash Key First", 0,
     "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
};

START_TEST(is_that_of_the_rfc)
{
    char key_bytes[200];
    char data[50];
    g_autofree char *key_path = NULL;
    g_autofree char *path = NULL;
    g_autofree char *signature = scratch_path("f.hmac");
    g_autofree char *text = NULL;
    g_autofree char *expected = g_strconcat("hmac-sha256 ", vectors[_i].digest, "\n", NULL);
    g_autoptr(GBytes) key = NULL;

    memset(key_bytes, vectors[_i].key_byte, sizeof key_bytes);
    memset(data, vectors[_i].data_byte, sizeof data);
    key_path = scratch_write("key", key_bytes, vectors[_i].key_length);
    path = vectors[_i].data ? scratch_write("f", vectors[_i].data, strlen(vectors[_i].data))
                            : scratch_write("f", data, sizeof data);
    key = tps_key_load(key_path, NULL);
    ck_assert(tps_signature_write(path, key, NULL));
    ck_assert(g_file_get_contents(signature, &text, NULL, NULL));
    ck_assert_str_eq(text, expected);
    ck_assert(tps_signature_check(path, key, NULL));
}
END_TEST

/* Each byte of the file, of its signature and of the key decides. */
START_TEST(every_byte_counts)
{
    static const char *const names[] = {"f", "f.hmac", "key"};
    g_autofree char *key_path = scratch_text("key", "0123456789abcdef");
    g_autofree char *path = scratch_text("f", "{\"a\": 1}\n");
    g_autofree char *changed = scratch_path(names[_i]);
    g_autofree char *text = NULL;
    g_autoptr(GBytes) key = tps_key_load(key_path, NULL);
    gsize length;

    ck_assert(tps_signature_write(path, key, NULL));
    ck_assert(g_file_get_contents(changed, &text, &length, NULL));
    for (gsize i = 0; i < length; i++) {
        g_autoptr(GBytes) other = NULL;
        GError *error = NULL;

        if (_i == 1 && i == length - 1)
            continue; /* the line end is no part of it */
        text[i] ^= 1;
        g_free(scratch_write(names[_i], text, length));
        text[i] ^= 1;
        other = tps_key_load(key_path, NULL);
        ck_assert_msg(!tps_signature_check(path, other, &error), "%s: %zu", names[_i], (size_t)i);
        assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "f' is not what was signed");
    }
    g_free(scratch_write(names[_i], text, length));
    ck_assert(tps_signature_check(path, key, NULL));
}
END_TEST

static const struct {
    const char *text;
    int length; /* of the key; -1 = refused */
} keys[] = {
    {"0123456789abcdef", 16},
    {"0123456789abcdef\n", 16},
    {"0123456789abcdef\r\n", 16},
    {"0123456789abcdef\n\n", 17},
    {" 0123456789abcdef \n", 18},
    {"0123456789abcde\n", -1},
    {"0123456789abcde\r\n", -1},
    {"", -1},
    {"\n", -1},
};

START_TEST(a_key_is_its_bytes)
{
    g_autofree char *path = scratch_text("key", keys[_i].text);
    GError *error = NULL;
    g_autoptr(GBytes) key = tps_key_load(path, &error);

    if (keys[_i].length < 0) {
        ck_assert_ptr_null(key);
        assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "is no key");
    } else {
        ck_assert_uint_eq(g_bytes_get_size(key), (gsize)keys[_i].length);
    }
}
END_TEST

START_TEST(missing)
{
    g_autofree char *path = scratch_text("f", "x");
    g_autofree char *nowhere = scratch_path("nowhere");
    g_autofree char *key_path = scratch_text("key", "0123456789abcdef");
    g_autoptr(GBytes) key = tps_key_load(key_path, NULL);
    GError *error = NULL;

    ck_assert(!tps_signature_check(path, key, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "is not signed");
    ck_assert(!tps_signature_write(nowhere, key, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "nowhere");
    ck_assert_ptr_null(tps_key_load(nowhere, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "nowhere");
}
END_TEST

static Suite *signature_suite(void)
{
    Suite *suite = suite_create("signature");
    TCase *tcase = tcase_create("signature");

    tcase_add_checked_fixture(tcase, scratch_make, scratch_remove);
    tcase_add_loop_test(tcase, is_that_of_the_rfc, 0, G_N_ELEMENTS(vectors));
    tcase_add_loop_test(tcase, every_byte_counts, 0, 3);
    tcase_add_loop_test(tcase, a_key_is_its_bytes, 0, G_N_ELEMENTS(keys));
    tcase_add_test(tcase, missing);
    suite_add_tcase(suite, tcase);
    return suite;
}

int main(void)
{
    return unit_main(signature_suite());
}
