/* SPDX-License-Identifier: MIT */
#pragma once

#include "adapters/readers/readers.h"
#include "core/error.h"
#include "tests/unit.h"

#include <string.h>

/* A text of any bytes, as two arguments; sizeof a literal counts its end, too. */
#define BYTES(literal) (literal), sizeof(literal) - 1

static inline gint compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(a, b);
}

/* "name=value name=value" in the order of the names, a line a record; values escaped. */
static inline char *records_text(const GPtrArray *records)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < records->len; i++) {
        GHashTable *record = g_ptr_array_index(records, i);
        g_autoptr(GList) names =
            g_list_sort(g_hash_table_get_keys(record), (GCompareFunc)compare_names);

        for (const GList *name = names; name; name = name->next) {
            g_autofree char *value = g_strescape(tps_record_get(record, name->data), "\"");

            g_string_append_printf(text, "%s%s=%s", name == names ? "" : " ",
                                   (const char *)name->data, value);
        }
        g_string_append_c(text, '\n');
    }
    return g_string_free(text, FALSE);
}

/* And gives them up. */
static inline void assert_records(GPtrArray *records, const char *expected)
{
    g_autofree char *text = NULL;

    ck_assert_ptr_nonnull(records);
    text = records_text(records);
    ck_assert_str_eq(text, expected);
    g_ptr_array_unref(records);
}

/* A text that is `piece` again and again. */
static inline char *repeat(const char *piece, size_t n)
{
    size_t length = strlen(piece);
    char *text = g_malloc(n * length + 1);

    for (size_t i = 0; i < n; i++)
        memcpy(text + i * length, piece, length);
    text[n * length] = '\0';
    return text;
}
