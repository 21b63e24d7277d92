/* SPDX-License-Identifier: MIT */
#include "core/names.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Of a long list of names, a message holds so many. */
#define SHOWN 3

static int compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void tps_names_sort(GPtrArray *strings)
{
    g_ptr_array_sort(strings, compare);
}

void tps_names_sort_unique(GPtrArray *strings)
{
    guint n = 0;

    tps_names_sort(strings);
    for (guint i = 0; i < strings->len; i++) {
        gpointer it = strings->pdata[i];

        if (n > 0 && strcmp(strings->pdata[n - 1], it) == 0)
            continue;
        strings->pdata[i] = strings->pdata[n];
        strings->pdata[n++] = it;
    }
    g_ptr_array_set_size(strings, (gint)n);
}

/* A name on its way, with the place it came from. */
typedef struct {
    const char *name;
    uint32_t index;
} Entry;

/* Below this many names, comparing whole names costs less than splitting by bytes. */
#define FEW 16

static unsigned char byte_at(const Entry *entry, size_t depth)
{
    return (unsigned char)entry->name[depth];
}

static void swap(Entry *a, Entry *b)
{
    Entry kept = *a;

    *a = *b;
    *b = kept;
}

static bool before(const Entry *a, const Entry *b, size_t depth)
{
    int order = strcmp(a->name + depth, b->name + depth);

    return order ? order < 0 : a->index < b->index;
}

static void sort_few(Entry *entries, size_t n, size_t depth)
{
    for (size_t i = 1; i < n; i++)
        for (size_t j = i; j > 0 && before(&entries[j], &entries[j - 1], depth); j--)
            swap(&entries[j], &entries[j - 1]);
}

/* Equal names, by their place. */
static int compare_places(const void *a, const void *b)
{
    uint32_t one = ((const Entry *)a)->index, two = ((const Entry *)b)->index;

    return (one > two) - (one < two);
}

/* How far all of them are the same, from `depth` on; each name is read in one go. */
static size_t shared_depth(const Entry *entries, size_t n, size_t depth)
{
    const char *first = entries[0].name;
    size_t end = depth + strlen(first + depth);

    for (size_t i = 1; i < n && end > depth; i++) {
        size_t same = depth;

        while (same < end && entries[i].name[same] == first[same])
            same++;
        end = same;
    }
    return end;
}

static unsigned char median_byte(const Entry *entries, size_t n, size_t depth)
{
    unsigned char a = byte_at(&entries[0], depth), b = byte_at(&entries[n / 2], depth),
                  c = byte_at(&entries[n - 1], depth);

    return MAX(MIN(a, b), MIN(MAX(a, b), c));
}

/* By the byte at `depth` into less, equal and more; all have the same bytes before it. */
static void sort_entries(Entry *entries, size_t n, size_t depth)
{
    while (n > FEW) {
        size_t less = 0, more = n;
        unsigned char pivot;

        depth = shared_depth(entries, n, depth);
        pivot = median_byte(entries, n, depth);
        for (size_t i = 0; i < more;) {
            unsigned char byte = byte_at(&entries[i], depth);

            if (byte < pivot)
                swap(&entries[less++], &entries[i++]);
            else if (byte > pivot)
                swap(&entries[i], &entries[--more]);
            else
                i++;
        }
        sort_entries(entries, less, depth);
        sort_entries(entries + more, n - more, depth);
        if (pivot == 0) {
            qsort(entries + less, more - less, sizeof *entries, compare_places);
            return;
        }
        entries += less;
        n = more - less;
        depth++;
    }
    sort_few(entries, n, depth);
}

static bool in_order(const char *const *names, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (strcmp(names[i - 1], names[i]) > 0)
            return false;
    return true;
}

void tps_names_order(const char *const *names, size_t n, uint32_t *order)
{
    g_autofree Entry *entries = NULL;

    for (size_t i = 0; i < n; i++)
        order[i] = (uint32_t)i;
    if (in_order(names, n))
        return;
    entries = g_new(Entry, n);
    for (size_t i = 0; i < n; i++)
        entries[i] = (Entry){.name = names[i], .index = (uint32_t)i};
    sort_entries(entries, n, 0);
    for (size_t i = 0; i < n; i++)
        order[i] = entries[i].index;
}

char *tps_names_some(const GPtrArray *strings)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < strings->len && i < SHOWN; i++)
        g_string_append_printf(text, "%s'%s'", i ? ", " : "",
                               (const char *)g_ptr_array_index(strings, i));
    if (strings->len > SHOWN)
        g_string_append_printf(text, " and %u more", strings->len - SHOWN);
    return g_string_free(text, FALSE);
}
