/* SPDX-License-Identifier: MIT */
#include "bench/replay_halves.h"

#include "bench/replay_history.h"

#include <string.h>

typedef enum {
    UNNAMED,
    TUNING,
    REPORTING,
} Half;

typedef struct {
    ReplayHistory *history; /* owned */
    Half half;
    char *digest; /* owned */
} Member;

static Half half_of_row(const char *readme, const char *name)
{
    g_autofree char *tuning = g_strdup_printf("| `%s` | tuning |", name);
    g_autofree char *reporting = g_strdup_printf("| `%s` | reporting |", name);

    if (readme && strstr(readme, tuning))
        return TUNING;
    return readme && strstr(readme, reporting) ? REPORTING : UNNAMED;
}

static char *load_readme(const char *path)
{
    g_autofree char *dir = g_path_get_dirname(path);
    g_autofree char *readme = g_build_filename(dir, "README.md", NULL);
    char *text = NULL;

    g_file_get_contents(readme, &text, NULL, NULL);
    return text;
}

static int compare_members(const void *a, const void *b)
{
    return strcmp(((const Member *)a)->digest, ((const Member *)b)->digest);
}

/* The turns of one level; those that a row names have had theirs. */
static void take_turns(Member *member, guint n, ReplayLevel level)
{
    guint turn = 0;

    for (guint i = 0; i < n; i++)
        turn += member[i].history->level == level && member[i].half != UNNAMED;
    for (guint i = 0; i < n; i++)
        if (member[i].history->level == level && member[i].half == UNNAMED)
            member[i].half = turn++ % 2 ? REPORTING : TUNING;
}

static void fill_member(Member *member, ReplayHistory *history, const char *path)
{
    g_autofree char *readme = load_readme(path);

    member->history = history;
    member->digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, history->name, -1);
    member->half = half_of_row(readme, history->name);
}

void replay_keep_half(GPtrArray *histories, const GPtrArray *paths, bool tuning)
{
    const guint n = histories->len;
    g_autofree Member *member = g_new0(Member, n);

    for (guint i = 0; i < n; i++)
        fill_member(&member[i], g_ptr_array_index(histories, i), g_ptr_array_index(paths, i));
    while (histories->len > 0)
        g_ptr_array_steal_index(histories, histories->len - 1);
    qsort(member, n, sizeof *member, compare_members);
    take_turns(member, n, REPLAY_TESTCASES);
    take_turns(member, n, REPLAY_FILES);
    for (guint i = 0; i < n; i++) {
        if ((member[i].half == TUNING) == tuning)
            g_ptr_array_add(histories, member[i].history);
        else
            replay_history_free(member[i].history);
        g_free(member[i].digest);
    }
}
