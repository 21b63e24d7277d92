/* SPDX-License-Identifier: MIT */
#include "adapters/readers/readers.h"
#include "adapters/readers/readers_internal.h"
#include "core/error.h"

#include <string.h>

/* More than any sensible pattern takes for a line, and some milliseconds. */
#define LIMIT "(*LIMIT_MATCH=1000000)"

/* GLib's default takes the byte 0x85 for a line end, of which UTF-8 letters are made, too. */
#define FLAGS (G_REGEX_RAW | G_REGEX_OPTIMIZE | G_REGEX_DUPNAMES | G_REGEX_NEWLINE_LF)

GRegex *tps_pattern_compile(const char *pattern, GError **error)
{
    g_autofree char *limited = g_strconcat(LIMIT, pattern, NULL);
    g_autoptr(GError) why = NULL;
    g_autoptr(GRegex) plain = NULL;
    GRegex *regex;

    /* (*UTF) would let PCRE believe that what it reads is valid. */
    if (pattern[0] == '(' && pattern[1] == '*' && g_ascii_isupper(pattern[2])) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_FRAMEWORK,
                    "a pattern can't begin with an option: '%s'", pattern);
        return NULL;
    }
    regex = g_regex_new(limited, FLAGS, 0, NULL);
    if (regex)
        return regex;
    plain = g_regex_new(pattern, FLAGS, 0, &why); /* for a message that shows what was written */
    g_set_error_literal(error, TPS_ERROR, TPS_ERROR_FRAMEWORK,
                        why ? why->message : "a pattern can't be compiled");
    return NULL;
}

/* The name in "(?<name>", "(?P<name>" or "(?'name'", what follows "(?"; or NULL. Caller frees. */
static char *parse_group(const char *at)
{
    const char *start = at + (at[0] == 'P' ? 2 : 1);
    size_t length;

    if (at[0] != '<' && at[0] != '\'' && !(at[0] == 'P' && at[1] == '<'))
        return NULL;
    length = strspn(start, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_");
    if (length == 0 || start[length] != (at[0] == '\'' ? '\'' : '>'))
        return NULL;
    return g_strndup(start, length);
}

/* GLib can't list them. What only looks like a group, as in "\Q(?<a>\E", PCRE does not know. */
char **tps_pattern_groups(const GRegex *pattern)
{
    GPtrArray *names = g_ptr_array_new();

    for (const char *at = strstr(g_regex_get_pattern(pattern), "(?"); at; at = strstr(at, "(?")) {
        char *name = parse_group(at += 2);

        if (name && g_regex_get_string_number(pattern, name) != -1 &&
            !g_ptr_array_find_with_equal_func(names, name, g_str_equal, NULL))
            g_ptr_array_add(names, name);
        else
            g_free(name);
    }
    g_ptr_array_add(names, NULL);
    return (char **)g_ptr_array_free(names, FALSE);
}

static GHashTable *take_groups(const GMatchInfo *match, char *const *groups, const TpsLine *line)
{
    GHashTable *record = tps_record_new();
    int start;
    int end;

    for (; *groups; groups++) {
        if (g_match_info_fetch_named_pos(match, *groups, &start, &end) && start >= 0)
            tps_record_set_bytes(record, *groups, line->start + start, (size_t)(end - start));
    }
    return record;
}

GHashTable *tps_pattern_match(const GRegex *pattern, char *const *groups, const TpsLine *line,
                              size_t from, int *found, GError **error)
{
    g_autoptr(GMatchInfo) match = NULL;
    g_autoptr(GError) why = NULL;
    bool matched =
        g_regex_match_full(pattern, line->start, (gssize)line->length, (int)from, 0, &match, &why);
    int end;

    if (why)
        g_set_error_literal(error, TPS_ERROR, TPS_ERROR_FRAMEWORK,
                            "the pattern takes too many steps");
    if (!matched || why)
        return NULL;
    if (found)
        g_match_info_fetch_pos(match, 0, found, &end);
    return take_groups(match, groups, line);
}
