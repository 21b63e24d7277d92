/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

/*
 * Many small strings that live and die together: a million names of testcases as a few large blocks
 * instead of a million small ones. Counted: whoever borrows strings from a pool holds a reference.
 */
typedef struct TpsStringPool TpsStringPool;

TpsStringPool *tps_string_pool_new(void);
TpsStringPool *tps_string_pool_ref(TpsStringPool *pool);
void tps_string_pool_unref(TpsStringPool *pool);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsStringPool, tps_string_pool_unref)

/* A copy of `text` that lives as long as the pool; equal texts are not shared. */
const char *tps_string_pool_add(TpsStringPool *pool, const char *text);

/* The strings of `other` live as long as `pool`, too. Not in a circle. */
void tps_string_pool_adopt(TpsStringPool *pool, TpsStringPool *other);
