/* SPDX-License-Identifier: MIT */
#include "runtime/case_name.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

/* The longest name of a file's kind, "java": what follows the last dot and is longer is a method.
 */
#define MAX_SUFFIX 4

/* Where the parameters begin: "[" of a closing "]", behind the file; or the end. */
static size_t find_parameters(const char *id)
{
    const size_t length = strlen(id);
    const char *name = strstr(id, "::");
    const char *bracket = strchr(name ? name : id, '[');

    return bracket && id[length - 1] == ']' ? (size_t)(bracket - id) : length;
}

/* Where that byte is for the last time before `end`; `end` when it is not there. */
static size_t last_of(const char *id, size_t end, char byte)
{
    for (size_t i = end; i > 0; i--)
        if (id[i - 1] == byte)
            return i - 1;
    return end;
}

/* The "/" of "Suite.Case/0": the last, the piece before it has a dot, and none comes after. */
static size_t find_index(const char *id, size_t end)
{
    const size_t slash = last_of(id, end, '/');
    const size_t dot = last_of(id, slash, '.');
    const size_t piece = last_of(id, slash, '/');

    if (slash == end || dot == slash || dot + 1 == slash || (piece != slash && dot < piece) ||
        last_of(id + slash, end - slash, '.') != end - slash)
        return end;
    return slash;
}

int tps_case_cuts(const char *id, TpsCaseCut cuts[static TPS_CASE_MAX_CUTS])
{
    const size_t parameters = find_parameters(id);
    const size_t index = strstr(id, "::") ? parameters : find_index(id, parameters);
    bool in_name = false;
    int n = 0;

    for (size_t i = 0; i <= parameters && id[i] && n < TPS_CASE_MAX_CUTS; i++) {
        if (i == parameters || i == index) {
            cuts[n++] = (TpsCaseCut){i + 1, TPS_PREDICT_SIBLINGS};
        } else if (id[i] == ':' && id[i + 1] == ':') {
            i++;
            cuts[n++] = (TpsCaseCut){i + 1, in_name ? TPS_PREDICT_CLASS : TPS_PREDICT_FILE};
            in_name = true;
        } else if (id[i] == '/' && !in_name) {
            cuts[n++] = (TpsCaseCut){i + 1, TPS_PREDICT_DIRECTORY};
        } else if (id[i] == '.' && !in_name) {
            cuts[n++] = (TpsCaseCut){i + 1, TPS_PREDICT_CLASS};
        }
    }
    return n;
}

/* The last "::" before the parameters; NULL when there is none. */
static const char *last_scope(const char *id, size_t end)
{
    for (size_t i = end; i >= 2; i--)
        if (id[i - 1] == ':' && id[i - 2] == ':')
            return id + i - 2;
    return NULL;
}

/* Without "::" a dot may stand before a method or before the kind of a file. */
static size_t dotted_leaf(const char *id, size_t base, size_t end)
{
    const size_t index = find_index(id, end);
    const char *dot = memrchr(id, '.', index);
    const size_t leaf = dot ? (size_t)(dot - id) + 1 : 0;

    if (leaf <= base || strcmp(id + leaf, "feature") == 0)
        return base;
    return end > index || end - leaf > MAX_SUFFIX ? leaf : base;
}

static size_t after_last_slash(const char *id, size_t end)
{
    const char *slash = memrchr(id, '/', end);

    return slash ? (size_t)(slash - id) + 1 : 0;
}

TpsCasePieces tps_case_pieces(const char *id)
{
    const size_t parameters = find_parameters(id);
    const char *name = strstr(id, "::");
    const char *scope = last_scope(id, parameters);
    TpsCasePieces pieces;

    if (name && scope) {
        pieces.base = after_last_slash(id, (size_t)(name - id));
        pieces.rest = (size_t)(name - id);
        pieces.leaf = (size_t)(scope - id) + 2;
    } else {
        pieces.base = after_last_slash(id, find_index(id, parameters));
        pieces.leaf = dotted_leaf(id, pieces.base, parameters);
        pieces.rest = pieces.leaf;
    }
    return pieces;
}
