/* SPDX-License-Identifier: MIT */
#include "formats/yaml_file.h"
#include "formats/yaml_text.h"
#include "tests/unit.h"

#include <string.h>

static const char *const texts[] = {
    "",
    "a",
    "a b",
    "tests/api",
    "./x",
    ".",
    "..",
    "null",
    "True",
    "yes",
    "1",
    "1e3",
    "0x1f",
    "2026-11-21",
    "-",
    "- a",
    "-r",
    "--x=y",
    "a: b",
    "a:",
    ":a",
    "a #b",
    "#",
    "[",
    "]",
    "{a}",
    "a, b",
    "'",
    "it's",
    "\"",
    "\\",
    "\\n",
    "a\nb",
    "\n",
    " a ",
    "a\t",
    "$(touch x)",
    "*",
    "&a",
    "!a",
    "%a",
    "@a",
    "`a`",
    "|",
    ">",
    "?",
    "? a",
    "~",
    "---",
    "...",
    "\x01\x1b\x7f",
    "\xc3\xa4\xe6\x95\xb8",
    "\xc2\x85",
    "\xe2\x80\xa8",
    "\xef\xbb\xbf",
    "\xef\xbf\xbe",
    "\xf0\x9f\x98\x80",
    "\xc2\xa0",
    "a\rb",
    "<<",
    "=",
    "y",
};

static bool read_first(TpsYaml *yaml, const yaml_node_t *node, void *target, GError **error)
{
    return tps_yaml_read_texts(yaml, node, target, error);
}

static void assert_reads(const GString *yaml, const char *text, guint n)
{
    g_auto(GStrv) got = NULL;
    GError *error = NULL;

    ck_assert_msg(tps_yaml_parse("x", yaml->str, yaml->len, read_first, &got, &error), "%s: %s",
                  yaml->str, error ? error->message : "");
    ck_assert_uint_eq(g_strv_length(got), n);
    for (guint i = 0; i < n; i++)
        ck_assert_str_eq(got[i], text);
}

START_TEST(a_text_is_read_as_it_was)
{
    const char *text = texts[_i];
    const char *twice[] = {text, text, NULL};
    g_autoptr(GString) yaml = g_string_new("- ");

    tps_yaml_append(yaml, text);
    g_string_append(yaml, "\n- ");
    tps_yaml_append(yaml, text);
    g_string_append(yaml, "\n");
    assert_reads(yaml, text, 2);
    g_string_truncate(yaml, 0);
    tps_yaml_append_list(yaml, (char *const *)twice);
    assert_reads(yaml, text, 2);
}
END_TEST

START_TEST(a_remark_stays_on_its_line)
{
    g_autoptr(GString) yaml = g_string_new("# ");

    tps_yaml_append_remark(yaml, texts[_i]);
    g_string_append(yaml, "\n[a]\n");
    assert_reads(yaml, "a", 1);
}
END_TEST

START_TEST(words_stay_words)
{
    g_autoptr(GString) yaml = g_string_new(NULL);

    tps_yaml_append(yaml, "tests/api-2.x");
    tps_yaml_append(yaml, "no");
    ck_assert_str_eq(yaml->str, "tests/api-2.x\"no\"");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("yaml_text");
    TCase *tcase = tcase_create("yaml_text");

    tcase_add_loop_test(tcase, a_text_is_read_as_it_was, 0, G_N_ELEMENTS(texts));
    tcase_add_loop_test(tcase, a_remark_stays_on_its_line, 0, G_N_ELEMENTS(texts));
    tcase_add_test(tcase, words_stay_words);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
