/* SPDX-License-Identifier: MIT */
#include "formats/xml_mend_internal.h"

#include <string.h>

#define REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD */
#define REFERENCE_MAX 32           /* no honest reference is longer */
#define ESCAPE_MAX 32              /* no honest sequence is longer */

void tps_xml_mend_hold(TpsXmlMend *mend, char byte)
{
    if (mend->n_held + 1 < sizeof(mend->held)) {
        mend->held[mend->n_held++] = byte;
        mend->held[mend->n_held] = '\0';
    }
}

/* The code point of "#65" or "#x41"; -1 when it is not a number at all. */
static gint64 parse_code_point(const char *text)
{
    bool hex = text[1] == 'x';
    const char *digit = text + (hex ? 2 : 1);
    gint64 value = *digit ? 0 : -1;

    for (; *digit; digit++) {
        int step = hex ? g_ascii_xdigit_value(*digit) : g_ascii_digit_value(*digit);

        if (step < 0)
            return -1;
        value = MIN(value * (hex ? 16 : 10) + step, 0x110000);
    }
    return value;
}

/* A '&' that starts no reference stands for itself. */
static void emit_ampersand(TpsXmlMend *mend)
{
    tps_xml_mend_emit(mend, &mend->markup_at, "&amp;", strlen("&amp;"));
    tps_xml_mend_emit(mend, &mend->markup_at, mend->held + 1, mend->n_held - 1);
    mend->moved = true;
    mend->repairs++;
}

/* Escape sequences: colours and the like, which reporters write into names and messages */

TpsXmlEvent tps_xml_mend_start_escape(TpsXmlMend *mend)
{
    mend->state = TPS_XML_ESCAPE;
    mend->n_held = 0;
    tps_xml_mend_hold(mend, TPS_XML_ESC);
    return TPS_XML_MORE;
}

static TpsXmlEvent end_escape(TpsXmlMend *mend)
{
    mend->state = mend->before;
    mend->moved = true;
    mend->repairs++;
    return TPS_XML_MORE;
}

/* "ESC [ 31 m" goes as a whole: nothing of it was meant to be read. Another ESC is U+FFFD. */
TpsXmlEvent tps_xml_mend_take_escape(TpsXmlMend *mend, char byte)
{
    if (mend->n_held > 1 && (g_ascii_isalpha(byte) || byte == '@' || byte == '~'))
        return end_escape(mend);
    if (mend->n_held == 1 ? byte == '['
                          : (g_ascii_isdigit(byte) || byte == ';' || byte == ':' || byte == '?') &&
                                mend->n_held < ESCAPE_MAX) {
        tps_xml_mend_hold(mend, byte);
        return TPS_XML_MORE;
    }
    tps_xml_mend_emit(mend, &mend->char_at, REPLACEMENT, strlen(REPLACEMENT));
    tps_xml_mend_emit(mend, &mend->char_at, mend->held + 1, mend->n_held - 1);
    end_escape(mend);
    return TPS_XML_AGAIN;
}

/* `held` is "&name" or "&#65", and a ';' came. */
static TpsXmlEvent end_reference(TpsXmlMend *mend)
{
    static const char *const names[] = {"lt", "gt", "amp", "apos", "quot", NULL};
    const char *name = mend->held + 1;
    gint64 c = *name == '#' ? parse_code_point(name) : -1;
    bool known = c >= 0 ? tps_xml_is_char((gunichar)c) : g_strv_contains(names, name);

    if (c == TPS_XML_ESC) {
        mend->char_at = mend->markup_at;
        return tps_xml_mend_start_escape(mend);
    }
    tps_xml_mend_hold(mend, ';');
    mend->state = mend->before;
    if (known)
        tps_xml_mend_emit(mend, &mend->markup_at, mend->held, mend->n_held);
    else if (c >= 0)
        tps_xml_mend_emit_instead(mend, REPLACEMENT);
    else
        emit_ampersand(mend);
    return TPS_XML_MORE;
}

TpsXmlEvent tps_xml_mend_take_reference(TpsXmlMend *mend, char byte)
{
    if (byte == ';')
        return end_reference(mend);
    if ((g_ascii_isalnum(byte) || byte == '#') && mend->n_held < REFERENCE_MAX) {
        tps_xml_mend_hold(mend, byte);
        return TPS_XML_MORE;
    }
    emit_ampersand(mend);
    mend->state = mend->before;
    return TPS_XML_AGAIN;
}
