/* SPDX-License-Identifier: MIT */
#include "formats/yaml_text.h"

#include <stdbool.h>
#include <string.h>

/* Words that readers of some version of YAML take for something other than a text. */
static bool is_word(const char *text)
{
    static const char *const words[] = {"null", "true", "false", "yes",  "no",  "on",
                                        "off",  "y",    "n",     ".inf", ".nan"};

    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (g_ascii_strcasecmp(text, words[i]) == 0)
            return true;
    return false;
}

/* No character that means anything, and no number, date or mark at the beginning. */
static bool is_plain(const char *text)
{
    if (!g_ascii_isalpha(*text) && !(text[0] == '.' && (text[1] == '/' || text[1] == '\0')) &&
        *text != '_')
        return false;
    for (const char *c = text; *c; c++)
        if (!g_ascii_isalnum(*c) && !strchr("._/-+", *c))
            return false;
    return !is_word(text);
}

/* Some letters end a line in YAML, and some code points are not allowed in it. */
static bool is_shown(gunichar c)
{
    return c < 0x10000 && g_unichar_isprint(c) && c != 0x85 && c != 0xa0 && c != 0x2028 &&
           c != 0x2029 && c != 0xfeff;
}

static void append_quoted(GString *yaml, const char *text)
{
    g_string_append_c(yaml, '"');
    for (; *text; text = g_utf8_next_char(text)) {
        gunichar c = g_utf8_get_char(text);

        if (c == '"' || c == '\\')
            g_string_append_printf(yaml, "\\%c", (char)c);
        else if (c == '\n')
            g_string_append(yaml, "\\n");
        else if (c == '\t')
            g_string_append(yaml, "\\t");
        else if (is_shown(c))
            g_string_append_unichar(yaml, c);
        else
            g_string_append_printf(yaml, c < 0x10000 ? "\\u%04X" : "\\U%08X", c);
    }
    g_string_append_c(yaml, '"');
}

void tps_yaml_append(GString *yaml, const char *text)
{
    if (is_plain(text))
        g_string_append(yaml, text);
    else
        append_quoted(yaml, text);
}

void tps_yaml_append_list(GString *yaml, char *const *texts)
{
    g_string_append_c(yaml, '[');
    for (char *const *text = texts; *text; text++) {
        if (text != texts)
            g_string_append(yaml, ", ");
        tps_yaml_append(yaml, *text);
    }
    g_string_append_c(yaml, ']');
}

void tps_yaml_append_remark(GString *yaml, const char *text)
{
    for (; *text; text = g_utf8_next_char(text)) {
        gunichar c = g_utf8_get_char(text);

        g_string_append_unichar(yaml, is_shown(c) ? c : 0xfffd);
    }
}
