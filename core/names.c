/* SPDX-License-Identifier: MIT */
#include "core/names.h"

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
