/* SPDX-License-Identifier: MIT */
#include "adapters/readers/record.h"

#include "adapters/readers/readers_internal.h"

#include <string.h>

static void release(gpointer value)
{
    g_ref_string_release(value);
}

GHashTable *tps_record_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, release);
}

GRefString *tps_value_new(const char *bytes, size_t length)
{
    const char *end = bytes + length;
    const char *nul = length > 0 ? memchr(bytes, '\0', length) : NULL;
    g_autoptr(GString) clean = NULL;

    if (!nul)
        return g_ref_string_new_len(length > 0 ? bytes : "", (gssize)length);
    clean = g_string_sized_new(length);
    for (; nul; nul = memchr(bytes, '\0', (size_t)(end - bytes))) {
        g_string_append_len(clean, bytes, nul - bytes);
        g_string_append(clean, TPS_REPLACEMENT);
        bytes = nul + 1;
    }
    g_string_append_len(clean, bytes, end - bytes);
    return g_ref_string_new_len(clean->str, (gssize)clean->len);
}

void tps_record_set(GHashTable *record, const char *name, const char *value)
{
    g_hash_table_replace(record, g_strdup(name), g_ref_string_new(value));
}

void tps_record_set_bytes(GHashTable *record, const char *name, const char *bytes, size_t length)
{
    g_hash_table_replace(record, g_strdup(name), tps_value_new(bytes, length));
}

void tps_record_share(GHashTable *record, const char *name, GRefString *value)
{
    g_hash_table_replace(record, g_strdup(name), g_ref_string_acquire(value));
}

const char *tps_record_get(GHashTable *record, const char *name)
{
    return g_hash_table_lookup(record, name);
}

static void free_record(gpointer record)
{
    g_hash_table_unref(record);
}

GPtrArray *tps_records_new(void)
{
    return g_ptr_array_new_with_free_func(free_record);
}
