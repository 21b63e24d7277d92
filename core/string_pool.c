/* SPDX-License-Identifier: MIT */
#include "core/string_pool.h"

#define BLOCK_BYTES 65536

struct TpsStringPool {
    GStringChunk *chunk;
    GPtrArray *others; /* of TpsStringPool: kept alive as long as this one */
};

TpsStringPool *tps_string_pool_new(void)
{
    TpsStringPool *pool = g_rc_box_new(TpsStringPool);

    pool->chunk = g_string_chunk_new(BLOCK_BYTES);
    pool->others = g_ptr_array_new_with_free_func((GDestroyNotify)tps_string_pool_unref);
    return pool;
}

TpsStringPool *tps_string_pool_ref(TpsStringPool *pool)
{
    return g_rc_box_acquire(pool);
}

static void clear(void *data)
{
    TpsStringPool *pool = data;

    g_string_chunk_free(pool->chunk);
    g_ptr_array_unref(pool->others);
}

void tps_string_pool_unref(TpsStringPool *pool)
{
    if (pool)
        g_rc_box_release_full(pool, clear);
}

const char *tps_string_pool_add(TpsStringPool *pool, const char *text)
{
    return g_string_chunk_insert(pool->chunk, text);
}

void tps_string_pool_adopt(TpsStringPool *pool, TpsStringPool *other)
{
    if (other != pool)
        g_ptr_array_add(pool->others, tps_string_pool_ref(other));
}
