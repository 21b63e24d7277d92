/* SPDX-License-Identifier: MIT */
#include "core/nearest.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define NAME_MAX_BYTES 256
#define ENOUGH 4 /* bytes in common */

/* A set of endings of the name; 0 is the one of the empty word, and no transition leads there. */
typedef struct {
    uint16_t next[256];
    uint16_t link;
    uint16_t length; /* of the longest word that ends there */
} State;

typedef struct {
    State *states;
    uint16_t n;
    uint16_t last;
} Automaton;

static unsigned char folded(char byte)
{
    return (unsigned char)g_ascii_tolower(byte);
}

/* The state `q` to which `byte` leads stands for longer words, too: take the shorter ones out. */
static uint16_t split(Automaton *automaton, uint16_t from, uint16_t q, unsigned char byte)
{
    State *states = automaton->states;
    uint16_t clone = automaton->n++;

    states[clone] = states[q];
    states[clone].length = (uint16_t)(states[from].length + 1);
    states[q].link = clone;
    for (;; from = states[from].link) {
        if (states[from].next[byte] != q)
            break;
        states[from].next[byte] = clone;
        if (from == 0)
            break;
    }
    return clone;
}

static void extend(Automaton *automaton, unsigned char byte)
{
    State *states = automaton->states;
    uint16_t added = automaton->n++;
    uint16_t p = automaton->last;
    uint16_t q;

    states[added].length = (uint16_t)(states[p].length + 1);
    automaton->last = added;
    while (states[p].next[byte] == 0) {
        states[p].next[byte] = added;
        if (p == 0)
            return; /* the link of the new state is the empty word */
        p = states[p].link;
    }
    q = states[p].next[byte];
    states[added].link =
        states[q].length == states[p].length + 1 ? q : split(automaton, p, q, byte);
}

static Automaton automaton_of(const char *name)
{
    size_t length = strlen(name);
    Automaton automaton = {.n = 1};

    if (length > NAME_MAX_BYTES)
        name += length - NAME_MAX_BYTES;
    automaton.states = g_new0(State, 2 * NAME_MAX_BYTES + 2);
    for (; *name; name++)
        extend(&automaton, folded(*name));
    return automaton;
}

/* The longest word of the automaton that is in `text`. */
static size_t longest_common(const Automaton *automaton, const char *text)
{
    const State *states = automaton->states;
    uint16_t state = 0;
    size_t length = 0;
    size_t longest = 0;

    for (; *text; text++) {
        unsigned char byte = folded(*text);

        while (state && !states[state].next[byte]) {
            state = states[state].link;
            length = states[state].length;
        }
        if (!states[state].next[byte])
            continue;
        state = states[state].next[byte];
        length++;
        longest = MAX(longest, length);
    }
    return longest;
}

typedef struct {
    const char *name;
    size_t common;
    size_t difference; /* of the lengths */
} Candidate;

static int compare(const void *a, const void *b)
{
    const Candidate *one = a, *two = b;

    if (one->common != two->common)
        return one->common > two->common ? -1 : 1;
    if (one->difference != two->difference)
        return one->difference < two->difference ? -1 : 1;
    return strcmp(one->name, two->name);
}

static bool is_like(size_t common, size_t a, size_t b)
{
    size_t shorter = MIN(MIN(a, b), NAME_MAX_BYTES);

    return shorter > 0 && common >= MIN(shorter, ENOUGH) && common * 3 >= shorter;
}

static GArray *candidates_of(const char *name, const char *const *known, size_t n)
{
    GArray *candidates = g_array_new(FALSE, FALSE, sizeof(Candidate));
    Automaton automaton = automaton_of(name);
    size_t length = strlen(name);

    for (size_t i = 0; i < n; i++) {
        size_t other = strlen(known[i]);
        Candidate candidate = {
            .name = known[i],
            .common = longest_common(&automaton, known[i]),
            .difference = other > length ? other - length : length - other,
        };

        if (is_like(candidate.common, length, other))
            g_array_append_val(candidates, candidate);
    }
    g_free(automaton.states);
    g_array_sort(candidates, compare);
    return candidates;
}

GPtrArray *tps_nearest_names(const char *name, const char *const *known, size_t n, size_t most)
{
    g_autoptr(GArray) candidates = candidates_of(name, known, n);
    GPtrArray *names = g_ptr_array_new();

    for (guint i = 0; i < candidates->len && names->len < most; i++) {
        const char *candidate = g_array_index(candidates, Candidate, i).name;

        if (names->len == 0 || strcmp(g_ptr_array_index(names, names->len - 1), candidate) != 0)
            g_ptr_array_add(names, (gpointer)candidate);
    }
    return names;
}
