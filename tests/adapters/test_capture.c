/* SPDX-License-Identifier: MIT */
#include "adapters/capture.h"
#include "adapters/executor.h"
#include "tests/unit.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define KEPT (TPS_OUTPUT_HEAD_BYTES + TPS_OUTPUT_TAIL_BYTES)

/* Byte i of the output of these tests; no two nearby stretches of it are alike. */
static char byte_at(size_t i)
{
    return (char)('a' + (i * i / 7 + i) % 26);
}

static char *make_output(size_t length)
{
    char *bytes = g_malloc(length + 1);

    for (size_t i = 0; i < length; i++)
        bytes[i] = byte_at(i);
    bytes[length] = '\0';
    return bytes;
}

/* The oracle: what is kept of `bytes`, from its definition. */
static char *expect(const char *bytes, size_t length)
{
    g_autoptr(GString) text = g_string_new(NULL);

    if (length <= KEPT)
        return g_strdup(bytes);
    g_string_append_len(text, bytes, TPS_OUTPUT_HEAD_BYTES);
    g_string_append_printf(text, "\n[... %zu bytes cut ...]\n", length - KEPT);
    g_string_append(text, bytes + length - TPS_OUTPUT_TAIL_BYTES);
    return g_strdup(text->str);
}

static const struct {
    size_t length;
    size_t chunk;
} cases[] = {
    {0, 1},
    {1, 1},
    {TPS_OUTPUT_HEAD_BYTES - 1, 1000},
    {TPS_OUTPUT_HEAD_BYTES, 4096},
    {TPS_OUTPUT_HEAD_BYTES + 1, 3},
    {KEPT - 1, 4096},
    {KEPT, 777},
    {KEPT, KEPT},
    {KEPT + 1, 1},
    {KEPT + 1, KEPT + 1},
    {KEPT + TPS_OUTPUT_TAIL_BYTES, TPS_OUTPUT_TAIL_BYTES},
    {3 * KEPT + 12345, 65537},
    {3 * KEPT + 12345, 3 * KEPT + 12345},
    {5 * KEPT, 4096},
    {TPS_CAPTURE_HELD_BYTES - 1, 65536},
    {TPS_CAPTURE_HELD_BYTES, 65536},
    {TPS_CAPTURE_HELD_BYTES + 1, 65536},
    {3 * TPS_CAPTURE_HELD_BYTES + 1, 70001},
    {3 * TPS_CAPTURE_HELD_BYTES + 1, 3 * TPS_CAPTURE_HELD_BYTES + 1},
};

/* Somebody who wants all of it. */
typedef struct {
    TpsSink base;
    GString *seen;
    GString *kept;
    int n_blocks;
    bool ended;
} Witness;

static void see(TpsSink *self, const char *bytes, size_t length)
{
    g_string_append_len(((Witness *)self)->seen, bytes, (gssize)length);
}

static void keep(TpsSink *self, const char *bytes, size_t length, bool more)
{
    Witness *witness = (Witness *)self;

    ck_assert(!witness->ended);
    if (more)
        ck_assert_uint_ge(length, TPS_CAPTURE_HELD_BYTES - TPS_OUTPUT_TAIL_BYTES);
    ck_assert(length > 0 || (!more && witness->n_blocks > 0));
    g_string_append_len(witness->kept, bytes, (gssize)length);
    witness->n_blocks++;
    witness->ended = !more;
}

static Witness witness_new(void)
{
    return (Witness){
        .base = {.see = see, .keep = keep}, .seen = g_string_new(NULL), .kept = g_string_new(NULL)};
}

static void expect_witnessed(Witness *witness, const char *bytes, size_t length)
{
    ck_assert_uint_eq(witness->seen->len, length);
    ck_assert_uint_eq(witness->kept->len, length);
    ck_assert(memcmp(witness->seen->str, bytes, length) == 0);
    ck_assert(memcmp(witness->kept->str, bytes, length) == 0);
    ck_assert(witness->ended == (length > 0));
    if (length > 0 && length < TPS_CAPTURE_HELD_BYTES)
        ck_assert_int_eq(witness->n_blocks, 1);
    g_string_free(witness->seen, TRUE);
    g_string_free(witness->kept, TRUE);
}

START_TEST(keeps_head_and_tail)
{
    size_t length = cases[_i].length;
    g_autofree char *bytes = make_output(length);
    g_autofree char *expected = expect(bytes, length);
    g_autofree char *text = NULL;
    g_auto(TpsCapture) capture = {0};
    Witness witness = witness_new();

    tps_capture_init(&capture, &witness.base);
    for (size_t at = 0; at < length; at += cases[_i].chunk)
        tps_capture_add(&capture, bytes + at, MIN(cases[_i].chunk, length - at));
    tps_capture_end(&capture);
    expect_witnessed(&witness, bytes, length);
    text = tps_capture_format(&capture);
    ck_assert_uint_eq(capture.total_bytes, length);
    ck_assert_uint_eq(strlen(text), strlen(expected));
    ck_assert(strcmp(text, expected) == 0);
}
END_TEST

/* From a file, in whatever pieces the buffer has room for. */
START_TEST(reads)
{
    size_t length = cases[_i].length;
    g_autofree char *bytes = make_output(length);
    g_autofree char *expected = expect(bytes, length);
    g_autofree char *text = NULL;
    g_auto(TpsCapture) capture = {0};
    Witness witness = witness_new();
    int file = memfd_create("output", MFD_CLOEXEC);

    ck_assert_int_eq(write(file, bytes, length), (ssize_t)length);
    ck_assert_int_eq(lseek(file, 0, SEEK_SET), 0);
    tps_capture_init(&capture, &witness.base);
    while (tps_capture_read(&capture, file) > 0)
        ;
    tps_capture_end(&capture);
    expect_witnessed(&witness, bytes, length);
    text = tps_capture_format(&capture);
    ck_assert_str_eq(text, expected);
    close(file);
    ck_assert_int_eq(tps_capture_read(&capture, file), -1);
    ck_assert_uint_eq(capture.total_bytes, length);
}
END_TEST

START_TEST(replaces_nul_bytes)
{
    g_autofree char *text = NULL;
    g_auto(TpsCapture) capture = {0};

    tps_capture_init(&capture, NULL);
    tps_capture_add(&capture, "\0a\0\0b\xff\0", 7);
    text = tps_capture_format(&capture);
    ck_assert_str_eq(text, "\xEF\xBF\xBD"
                           "a\xEF\xBF\xBD\xEF\xBF\xBD"
                           "b\xff\xEF\xBF\xBD");
    ck_assert_uint_eq(capture.total_bytes, 7);
}
END_TEST

START_TEST(cuts_on_a_line_of_its_own)
{
    g_autofree char *lines = g_malloc(KEPT * 2);
    g_autofree char *text = NULL;
    g_auto(TpsCapture) capture = {0};

    tps_capture_init(&capture, NULL);
    memset(lines, '\n', KEPT * 2);
    tps_capture_add(&capture, lines, KEPT * 2);
    text = tps_capture_format(&capture);
    ck_assert_ptr_nonnull(strstr(text, "\n[... 65536 bytes cut ...]\n"));
    ck_assert_uint_eq(strlen(text), KEPT + strlen("[... 65536 bytes cut ...]\n"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("capture");
    TCase *tests = tcase_create("capture");

    tcase_add_loop_test(tests, keeps_head_and_tail, 0, (int)G_N_ELEMENTS(cases));
    tcase_add_loop_test(tests, reads, 0, (int)G_N_ELEMENTS(cases));
    tcase_add_test(tests, replaces_nul_bytes);
    tcase_add_test(tests, cuts_on_a_line_of_its_own);
    suite_add_tcase(suite, tests);
    return unit_main(suite);
}
