/* SPDX-License-Identifier: MIT */
#include "adapters/definitions/template.h"

#include "core/error.h"

#include <string.h>

/* A piece of a template: text as it is, or a name and what to say without it. */
typedef struct {
    const char *text;
    size_t length;
    bool is_name;
    bool is_open;          /* a brace that nobody closes               */
    const char *otherwise; /* NULL = nothing; up to the closing brace */
    size_t otherwise_length;
} Piece;

static void read_name(const char *start, const char *end, Piece *piece)
{
    const char *bar = memchr(start, '|', (size_t)(end - start));

    piece->is_name = true;
    piece->text = start;
    piece->length = (size_t)((bar ? bar : end) - start);
    piece->otherwise = bar ? bar + 1 : NULL;
    piece->otherwise_length = bar ? (size_t)(end - bar - 1) : 0;
}

/* The piece at `at`, and where the next one begins; NULL at the end. An unclosed brace is text. */
static const char *next_piece(const char *at, Piece *piece)
{
    const char *end;

    *piece = (Piece){.text = at};
    if (!*at)
        return NULL;
    if ((at[0] == '{' || at[0] == '}') && at[1] == at[0]) {
        piece->length = 1;
        return at + 2;
    }
    end = *at == '{' ? strchr(at, '}') : NULL;
    if (end) {
        read_name(at + 1, end, piece);
        return end + 1;
    }
    piece->is_open = *at == '{';
    piece->length = 1 + strcspn(at + 1, "{}");
    return at + piece->length;
}

char *tps_template_expand(const char *template, TpsTemplateValue value, void *user)
{
    GString *text = g_string_new(NULL);
    Piece piece;

    for (const char *at = template; (at = next_piece(at, &piece));) {
        g_autofree char *name = piece.is_name ? g_strndup(piece.text, piece.length) : NULL;
        const char *found = name ? value(name, user) : NULL;

        if (!piece.is_name)
            g_string_append_len(text, piece.text, (gssize)piece.length);
        else if (found)
            g_string_append(text, found);
        else
            g_string_append_len(text, piece.otherwise, (gssize)piece.otherwise_length);
    }
    return g_string_free(text, FALSE);
}

static char *unknown_name(const char *name, const char *const *known)
{
    const char *meant = tps_nearest_word(name, known);
    g_autofree char *all = meant ? NULL : g_strjoinv("}, {", (char **)known);

    if (meant)
        return g_strdup_printf("unknown name '{%s}'; did you mean '{%s}'?", name, meant);
    return g_strdup_printf("unknown name '{%s}'; known are {%s}; '{{' is a brace", name, all);
}

bool tps_template_check(const char *template, const char *const *known, char **problem)
{
    Piece piece;

    for (const char *at = template; (at = next_piece(at, &piece));) {
        g_autofree char *name = g_strndup(piece.text, piece.length);

        if (piece.is_open || (piece.is_name && strchr(name, '{')))
            *problem = g_strdup("'{' is not closed; '{{' is a brace");
        else if (piece.is_name && !*name)
            *problem = g_strdup("'{}' has no name in it; '{{' is a brace");
        else if (piece.is_name && known && !g_strv_contains(known, name))
            *problem = unknown_name(name, known);
        else
            continue;
        return false;
    }
    return true;
}

bool tps_template_has(const char *template, const char *name)
{
    Piece piece;

    for (const char *at = template; at && (at = next_piece(at, &piece));)
        if (piece.is_name && piece.length == strlen(name) &&
            memcmp(piece.text, name, piece.length) == 0)
            return true;
    return false;
}

void tps_template_collect(const char *template, GHashTable *names)
{
    Piece piece;

    for (const char *at = template; at && (at = next_piece(at, &piece));)
        if (piece.is_name)
            g_hash_table_add(names, g_strndup(piece.text, piece.length));
}
