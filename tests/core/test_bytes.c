/* SPDX-License-Identifier: MIT */
#include "core/bytes.h"
#include "tests/unit.h"

#include <glib.h>
#include <string.h>

static const struct {
    const char *text;
    int64_t bytes; /* 0 = refused */
    const char *formatted;
} cases[] = {
    {"1", 1, "1 bytes"},
    {"1023", 1023, "1023 bytes"},
    {"1K", 1024, "1K"},
    {"2g", INT64_C(2) << 30, "2G"},
    {"1.5G", INT64_C(3) << 29, "1536M"},
    {"0.5K", 512, "512 bytes"},
    {"3T", INT64_C(3) << 40, "3T"},
    {"4096T", INT64_C(1) << 52, "4096T"},
    {"", 0, NULL},
    {"G", 0, NULL},
    {"0", 0, NULL},
    {"-1G", 0, NULL},
    {"2GB", 0, NULL},
    {"2 G", 0, NULL},
    {"nan", 0, NULL},
    {"inf", 0, NULL},
    {"2e18", 0, NULL},
};

START_TEST(sizes)
{
    int64_t bytes = 7;
    bool parsed = tps_bytes_parse(cases[_i].text, &bytes);
    g_autofree char *formatted = tps_bytes_format(bytes);

    ck_assert_msg(parsed == (cases[_i].bytes > 0), "'%s'", cases[_i].text);
    ck_assert_int_eq(bytes, parsed ? cases[_i].bytes : 7);
    if (parsed)
        ck_assert_str_eq(formatted, cases[_i].formatted);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("bytes");
    TCase *tcase = tcase_create("bytes");

    tcase_add_loop_test(tcase, sizes, 0, G_N_ELEMENTS(cases));
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
