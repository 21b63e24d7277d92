/* SPDX-License-Identifier: MIT */
#include "formats/report/texts_internal.h"

#include <string.h>

#define REPLACEMENT "\xEF\xBF\xBD"

bool tps_report_each(const TpsReport *report, TpsResultVisitor visit, void *user, GError **error)
{
    for (guint i = 0; i < report->suites->len; i++)
        if (!tps_report_visit(report, g_ptr_array_index(report->suites, i), visit, user, error))
            return false;
    return true;
}

bool tps_report_is_bad(const TpsReport *report, const TpsResult *result)
{
    return tps_outcome_is_bad(result->outcome) ||
           (report->flaky_fails && result->outcome == TPS_OUTCOME_FLAKY);
}

guint tps_report_n_problems(const TpsReport *report)
{
    return report->problems->len + (report->n_not_run > 0 ? 1 : 0);
}

char *tps_report_problem_text(const TpsReport *report, guint i)
{
    if (i < report->problems->len)
        return g_strdup(g_ptr_array_index(report->problems, i));
    return g_strdup_printf("%u testcase%s not run, because enough had failed", report->n_not_run,
                           report->n_not_run == 1 ? " was" : "s were");
}

char *tps_report_headline(const TpsReport *report)
{
    GString *text = g_string_new(tps_report_verdict(report));

    g_string_append_printf(text, ": %u testcase%s", report->n_results,
                           report->n_results == 1 ? "" : "s");
    for (int i = TPS_OUTCOME_ERROR; i >= 0; i--)
        if (report->count[i] > 0)
            g_string_append_printf(text, ", %u %s", report->count[i],
                                   tps_outcome_name((TpsOutcome)i));
    if (report->n_not_run > 0)
        g_string_append_printf(text, ", %u not run", report->n_not_run);
    if (report->problems->len > 0)
        g_string_append_printf(text, "; %u problem%s", report->problems->len,
                               report->problems->len == 1 ? "" : "s");
    else if (!report->checked)
        g_string_append(text, "; completeness was not checked (no plan)");
    return g_string_free(text, FALSE);
}

/* How long the terminal sequence is that begins with an ESC here; at least 1. */
static size_t sequence_length(const char *text)
{
    size_t i = 2;

    if (text[1] != '[')
        return 1;
    while ((unsigned char)text[i] >= 0x20 && (unsigned char)text[i] < 0x40)
        i++;
    return (unsigned char)text[i] >= 0x40 && (unsigned char)text[i] < 0x7f ? i + 1 : 1;
}

/* What stands at `text`, which is no printable ASCII, as plain text; returns its length. */
static size_t append_plain(GString *out, const char *text)
{
    gunichar character = g_utf8_get_char_validated(text, -1);
    size_t length = 1;

    if (*text == '\x1b' && sequence_length(text) > 1)
        return sequence_length(text);
    if (*text == '\r') {
        g_string_append(out, text[1] == '\n' ? "" : "\n");
    } else if ((gint32)character < 0 || character < 0x20 ||
               (character >= 0x7f && character < 0xa0)) {
        g_string_append(out, REPLACEMENT);
        length = (gint32)character < 0 ? 1 : (size_t)g_unichar_to_utf8(character, NULL);
    } else {
        length = (size_t)g_unichar_to_utf8(character, NULL);
        g_string_append_len(out, text, (gssize)length);
    }
    return length;
}

char *tps_text_plain(const char *text)
{
    GString *out = g_string_sized_new(strlen(text) + 1);

    while (*text) {
        size_t n = 0;

        while ((text[n] >= 0x20 && text[n] < 0x7f) || text[n] == '\n' || text[n] == '\t')
            n++;
        g_string_append_len(out, text, (gssize)n);
        text += n;
        if (*text)
            text += append_plain(out, text);
    }
    return g_string_free(out, FALSE);
}

bool tps_text_is_unseen(gunichar character)
{
    return character < 0x20 || (character >= 0x7f && character < 0xa0) || character == 0xad ||
           character == 0x61c || character == 0x115f || character == 0x1160 ||
           character == 0x180e || (character >= 0x200b && character <= 0x200f) ||
           (character >= 0x2028 && character <= 0x202e) ||
           (character >= 0x2060 && character <= 0x206f) || character == 0x3164 ||
           character == 0xfeff || character == 0xffa0 ||
           (character >= 0xfff9 && character <= 0xfffb) ||
           (character >= 0x1bca0 && character <= 0x1bca3) ||
           (character >= 0x1d173 && character <= 0x1d17a) || character >= 0xe0000;
}

static void append_unseen(GString *out, gunichar character)
{
    if (character == '\n' || character == '\t' || character == '\r')
        g_string_append(out, character == '\n' ? "\\n" : character == '\t' ? "\\t" : "\\r");
    else
        g_string_append_printf(out,
                               character < 0x80      ? "\\x%02x"
                               : character < 0x10000 ? "\\u%04x"
                                                     : "\\U%06x",
                               character);
}

/* One character of a name; returns how many bytes it had. */
static size_t append_shown(GString *out, const char *name)
{
    gunichar character = g_utf8_get_char_validated(name, -1);

    if ((gint32)character < 0) {
        g_string_append_printf(out, "\\x%02x", (unsigned char)*name);
        return 1;
    }
    if (tps_text_is_unseen(character))
        append_unseen(out, character);
    else
        g_string_append_unichar(out, character);
    return (size_t)g_unichar_to_utf8(character, NULL);
}

char *tps_text_name(const char *name, size_t limit)
{
    GString *out = g_string_new(NULL);
    size_t n;

    while (*name)
        name += append_shown(out, name);
    n = (size_t)g_utf8_strlen(out->str, (gssize)out->len);
    if (n > limit) {
        const char *head = g_utf8_offset_to_pointer(out->str, (glong)(limit / 2));
        const char *tail = g_utf8_offset_to_pointer(out->str, (glong)(n - (limit - limit / 2 - 1)));
        GString *cut = g_string_new_len(out->str, head - out->str);

        g_string_append(cut, "\xE2\x80\xA6");
        g_string_append(cut, tail);
        g_string_free(out, TRUE);
        out = cut;
    }
    return g_string_free(out, FALSE);
}

char *tps_text_valid(const char *text)
{
    return g_utf8_make_valid(text, -1);
}

static bool is_continued(char byte)
{
    return ((unsigned char)byte & 0xc0) == 0x80;
}

void tps_text_cut(GString *out, const char *text, size_t limit)
{
    size_t length = strlen(text);
    size_t head = limit / 3;
    size_t tail = length - (limit - limit / 3);

    if (length <= limit) {
        g_string_append_len(out, text, (gssize)length);
        return;
    }
    while (head > 0 && is_continued(text[head]))
        head--;
    while (tail < length && is_continued(text[tail]))
        tail++;
    g_string_append_len(out, text, (gssize)head);
    if (head > 0 && text[head - 1] != '\n')
        g_string_append_c(out, '\n');
    g_string_append_printf(out, "[... %zu bytes cut ...]\n", tail - head);
    g_string_append_len(out, text + tail, (gssize)(length - tail));
}

size_t tps_text_longest_run(const char *text, char character)
{
    size_t longest = 0;

    for (size_t run = 0; *text; text++) {
        run = *text == character ? run + 1 : 0;
        longest = MAX(longest, run);
    }
    return longest;
}
