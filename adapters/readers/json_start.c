/* SPDX-License-Identifier: MIT */
#include "adapters/readers/json_internal.h"

#include <string.h>

#define BLANKS " \t\r"

/* What of a line is looked at: a number longer than this is none. */
#define LOOK_BYTES 64

static const char *skip_blanks(const char *at)
{
    return at + strspn(at, BLANKS);
}

/* Of an array's first element: a number or word and then ',' or ']'. "[12:30:01] go" has a colon.
 */
static bool is_scalar(const char *at)
{
    size_t length = strspn(at, G_CSET_DIGITS "+-.eE");

    if (length == 0 || !strchr("-0123456789", at[0])) {
        static const char *const words[] = {"true", "false", "null"};

        length = 0;
        for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
            if (g_str_has_prefix(at, words[i]))
                length = strlen(words[i]);
    }
    at = skip_blanks(at + length);
    return length > 0 && (*at == '\0' || *at == ',' || *at == ']');
}

bool tps_json_line_may_begin(const TpsLine *line)
{
    char look[LOOK_BYTES + 1];
    size_t length = MIN(line->length, LOOK_BYTES);
    const char *next;

    if (length == 0)
        return false;
    memcpy(look, line->start, length);
    look[length] = '\0';
    next = skip_blanks(look + 1);
    if (look[0] == '{')
        return *next == '\0' || *next == '"' || *next == '}';
    return look[0] == '[' && (*next == '\0' || strchr("[{\"]", *next) || is_scalar(next));
}
