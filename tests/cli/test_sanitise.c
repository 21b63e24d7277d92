/* SPDX-License-Identifier: MIT */
#include "cli/sanitise.h"
#include "tests/unit.h"

#include <string.h>

#define R "\xEF\xBF\xBD"

static const struct {
    const char *from;
    const char *to;
} cases[] = {
    {"", ""},
    {"plain\n", "plain\n"},
    {"no end", "no end\n"},
    {"tab\there\n", "tab\there\n"},
    {"\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80\n", "\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80\n"},
    /* colours pass, and end with the output */
    {"\033[31mred\033[0m\n", "\033[31mred\033[0m\n"},
    {"\033[1;38;5;200mred\n", "\033[1;38;5;200mred\n\033[0m"},
    {"\033[38:2:1:2:3mx\033[m\n", "\033[38:2:1:2:3mx\033[m\n\033[0m"},
    /* nothing else does */
    {"\033[2J\n", "^[[2J\n"},
    {"\033[1;1H\n", "^[[1;1H\n"},
    {"\033[?25l\n", "^[[?25l\n"},
    {"\033]0;title\007\n", "^[]0;title^G\n"},
    {"\033c\n", "^[c\n"},
    {"\033\033[2K\n", "^[^[[2K\n"},
    {"\033P+q\033\\\n", "^[P+q^[\\\n"},
    {"\033[3333333333333333333333333333333333333333333m\n",
     "^[[3333333333333333333333333333333333333333333m\n"},
    {"a\bb\177c\001\n", "a^Hb^?c^A\n"},
    {"\xC2\x9B"
     "2J\n",
     "M-^[2J\n"},
    {"\xC2\x85\xC2\xA0\n", "M-^E\xC2\xA0\n"},
    /* 8-bit control characters are no UTF-8 */
    {"\x9B"
     "2J\n",
     R "2J\n"},
    {"\xFF\xFE\n", R R "\n"},
    {"\xE2\x82\n", R R "\n"},
    {"\xED\xA0\x80\n", R R R "\n"},
    {"\xE2\x82", R R "\n"},
    /* line ends */
    {"dos\r\nunix\n", "dos\nunix\n"},
    {"50%\r100%\r\n", "50%^M100%\n"},
    {"end\r", "end\n"},
    /* incomplete at the end */
    {"x\033", "x^[\n"},
    {"x\033[", "x^[[\n"},
    {"x\033[31", "x^[[31\n"},
};

/* Whatever the pieces are, the result is the same. */
START_TEST(is_harmless)
{
    size_t length = strlen(cases[_i].from);

    for (size_t piece = 1; piece <= MAX(length, 1); piece++) {
        g_autoptr(GString) out = g_string_new(NULL);
        TpsSanitiser state = {0};

        for (size_t at = 0; at < length; at += piece)
            tps_sanitise(&state, cases[_i].from + at, MIN(piece, length - at), out);
        tps_sanitise_end(&state, out);
        ck_assert_str_eq(out->str, cases[_i].to);
    }
}
END_TEST

START_TEST(shows_nul)
{
    g_autoptr(GString) out = g_string_new(NULL);
    TpsSanitiser state = {0};

    tps_sanitise(&state, "a\0b\n", 4, out);
    tps_sanitise_end(&state, out);
    ck_assert_str_eq(out->str, "a^@b\n");
}
END_TEST

/* Random bytes, rich in what matters: in the end there is UTF-8 without control characters. */
START_TEST(nothing_slips_through)
{
    static const char alphabet[] = "\033\033\033[[[mm;0123\r\n\xC2\x9B\xE2\x82\xAC\xFF?Jab\007";
    g_autoptr(GRand) random = g_rand_new_with_seed((guint32)_i);

    for (int round = 0; round < 200; round++) {
        g_autoptr(GString) out = g_string_new(NULL);
        TpsSanitiser state = {0};

        for (int n = g_rand_int_range(random, 0, 12); n > 0; n--) {
            char bytes[100];
            size_t length = (size_t)g_rand_int_range(random, 0, sizeof bytes);

            for (size_t i = 0; i < length; i++)
                bytes[i] = alphabet[g_rand_int_range(random, 0, sizeof alphabet - 1)];
            tps_sanitise(&state, bytes, length, out);
        }
        tps_sanitise_end(&state, out);
        ck_assert(g_utf8_validate(out->str, (gssize)out->len, NULL));
        for (const char *p = out->str; *p; p = g_utf8_next_char(p)) {
            gunichar c = g_utf8_get_char(p);

            if (c == '\033') {
                size_t n = 2 + strspn(p + 2, "0123456789;:");

                ck_assert_int_eq(p[1], '[');
                ck_assert_int_eq(p[n], 'm');
            } else {
                ck_assert(!g_unichar_iscntrl(c) || c == '\n');
            }
        }
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sanitise");
    TCase *tests = tcase_create("sanitise");

    tcase_add_loop_test(tests, is_harmless, 0, (int)G_N_ELEMENTS(cases));
    tcase_add_test(tests, shows_nul);
    tcase_add_loop_test(tests, nothing_slips_through, 1, 6);
    suite_add_tcase(suite, tests);
    return unit_main(suite);
}
