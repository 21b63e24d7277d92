/* SPDX-License-Identifier: MIT */
#include "formats/report/reproduce.h"

#include "formats/report/texts_internal.h"

#include <stdbool.h>
#include <string.h>

static bool is_plain_word(const char *word)
{
    static const char *const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                     "0123456789_-./:,+@%";

    return *word && strspn(word, plain) == strlen(word);
}

static bool has_unseen(const char *word)
{
    if (!g_utf8_validate(word, -1, NULL))
        return true;
    for (const char *at = word; *at; at = g_utf8_next_char(at))
        if (tps_text_is_unseen(g_utf8_get_char(at)))
            return true;
    return false;
}

/* Octal, always three digits, is what every shell that knows $'...' reads alike. */
static void append_escaped(GString *command, const char *word)
{
    g_string_append(command, "$'");
    for (const char *at = word; *at; at++) {
        guchar byte = (guchar)*at;

        if (byte == '\'' || byte == '\\')
            g_string_append_printf(command, "\\%c", byte);
        else if (byte < 0x20 || byte > 0x7e)
            g_string_append_printf(command, "\\%03o", byte);
        else
            g_string_append_c(command, (char)byte);
    }
    g_string_append_c(command, '\'');
}

void tps_shell_append_word(GString *command, const char *word)
{
    g_autofree char *quoted = NULL;

    if (is_plain_word(word)) {
        g_string_append(command, word);
    } else if (has_unseen(word)) {
        append_escaped(command, word);
    } else {
        quoted = g_shell_quote(word);
        g_string_append(command, quoted);
    }
}

char *tps_reproduce_testcase(const char *command, const char *suite, const char *id)
{
    GString *line;

    if (!command)
        return NULL;
    line = g_string_new(command);
    g_string_append(line, " --suite ");
    tps_shell_append_word(line, suite);
    g_string_append(line, " --testcase ");
    tps_shell_append_word(line, id);
    return g_string_free(line, FALSE);
}
