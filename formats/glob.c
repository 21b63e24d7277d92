/* SPDX-License-Identifier: MIT */
#include "formats/glob.h"

#include <glib.h>
#include <string.h>

/* Behind all characters there are. */
#define STRAY_BYTES 0x110000

/* One character; `text` goes behind it. */
static gunichar take(const char **text)
{
    gunichar c = g_utf8_get_char_validated(*text, -1);

    if (c == (gunichar)-1 || c == (gunichar)-2) {
        c = STRAY_BYTES + (unsigned char)**text;
        (*text)++;
    } else {
        *text = g_utf8_next_char(*text);
    }
    return c;
}

static gunichar take_plain(const char **text)
{
    if (**text == '\\' && (*text)[1])
        (*text)++;
    return take(text);
}

typedef enum {
    CHARACTER,
    ANY_ONE,
    SET,
    STAR,        /* any characters but '/' */
    STARS,       /* any characters         */
    DIRECTORIES, /* whole ones, or none    */
} StepKind;

typedef struct {
    StepKind kind;
    gunichar character;
    const char *set; /* behind its '[' */
} Step;

/* Behind the ']' of a set that begins here; NULL when there is none. */
static const char *set_end(const char *set)
{
    if (*set == '!' || *set == '^')
        set++;
    if (*set == ']')
        set++;
    while (*set && *set != ']')
        take_plain(&set);
    return *set ? set + 1 : NULL;
}

static bool set_holds(const char *set, gunichar c)
{
    bool inverted = *set == '!' || *set == '^';
    bool found = false;

    if (inverted)
        set++;
    for (bool first = true; first || *set != ']'; first = false) {
        gunichar low = take_plain(&set);
        gunichar high = low;

        if (set[0] == '-' && set[1] != ']') {
            set++;
            high = take_plain(&set);
        }
        found |= low <= c && c <= high;
    }
    return found != inverted && c != '/';
}

static StepKind take_stars(const char *pattern, const char **at)
{
    bool starts = *at == pattern || (*at)[-1] == '/';
    size_t n = strspn(*at, "*");

    *at += n;
    if (n == 1)
        return STAR;
    if (!starts || **at != '/')
        return STARS;
    (*at)++;
    return DIRECTORIES;
}

static Step take_step(const char *pattern, const char **at)
{
    Step step = {.kind = CHARACTER};

    if (**at == '*') {
        step.kind = take_stars(pattern, at);
    } else if (**at == '?') {
        step.kind = ANY_ONE;
        (*at)++;
    } else if (**at == '[' && set_end(*at + 1)) {
        step.kind = SET;
        step.set = *at + 1;
        *at = set_end(step.set);
    } else {
        step.character = take_plain(at);
    }
    return step;
}

static GArray *steps_of(const char *pattern)
{
    GArray *steps = g_array_new(FALSE, FALSE, sizeof(Step));

    for (const char *at = pattern; *at;) {
        Step step = take_step(pattern, &at);

        g_array_append_val(steps, step);
    }
    return steps;
}

static bool may_stay(const Step *step, gunichar c)
{
    return step->kind == STARS || step->kind == DIRECTORIES || (step->kind == STAR && c != '/');
}

static bool may_go_on(const Step *step, gunichar c)
{
    switch (step->kind) {
    case CHARACTER:
        return c == step->character;
    case ANY_ONE:
        return c != '/';
    case SET:
        return set_holds(step->set, c);
    case STAR:
    case STARS:
    case DIRECTORIES:
        return false;
    }
    return false;
}

/* Stars may be left at any time; directories only where one ended, or none began. */
static void leave_stars(const GArray *steps, bool behind_slash, bool *at)
{
    for (guint i = 0; i < steps->len; i++) {
        StepKind kind = g_array_index(steps, Step, i).kind;

        if (at[i] && (kind == STAR || kind == STARS || (kind == DIRECTORIES && behind_slash)))
            at[i + 1] = true;
    }
}

static void advance(const GArray *steps, gunichar c, const bool *at, bool *next)
{
    for (guint i = 0; i < steps->len; i++) {
        const Step *step = &g_array_index(steps, Step, i);

        if (at[i] && may_go_on(step, c))
            next[i + 1] = true;
        if (at[i] && may_stay(step, c))
            next[i] = true;
    }
}

static bool matches(const GArray *steps, const char *text)
{
    g_autofree bool *at = g_new0(bool, steps->len + 1);
    g_autofree bool *next = g_new0(bool, steps->len + 1);

    at[0] = true;
    leave_stars(steps, true, at);
    while (*text) {
        gunichar c = take(&text);
        bool *former = at;

        memset(next, 0, sizeof *next * (steps->len + 1));
        advance(steps, c, at, next);
        leave_stars(steps, c == '/', next);
        at = next;
        next = former;
    }
    return at[steps->len];
}

bool tps_glob_matches(const char *pattern, const char *path)
{
    const char *slash = strchr(pattern, '/') ? NULL : strrchr(path, '/');
    g_autoptr(GArray) steps = steps_of(pattern);

    return matches(steps, slash ? slash + 1 : path);
}
