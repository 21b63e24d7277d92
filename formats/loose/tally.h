/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

/*
 * How often each name came, in at most 40 bytes a name whatever its length: of a name only a hash
 * of 64 bits is kept, so that one name in 2^64 may be taken for another. Zeroed, it is empty.
 */
typedef struct {
    struct TpsTallySlot *slots; /* owned */
    size_t n_slots;             /* a power of two */
    size_t n_used;
} TpsTally;

/* Count a name; says how often it came by now, 1 for the first time. */
uint32_t tps_tally_add(TpsTally *tally, const char *name, size_t length);

void tps_tally_clear(TpsTally *tally);
