/* SPDX-License-Identifier: MIT */
#include "formats/loose/tally.h"

#define SLOTS_MIN 64

struct TpsTallySlot {
    uint64_t hash;
    uint32_t count; /* 0: free */
};

/* FNV-1a, then the finaliser of splitmix64, so that the low bits depend on all of it. */
static uint64_t hash_of(const char *name, size_t length)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)name[i]) * UINT64_C(0x100000001b3);
    hash = (hash ^ hash >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    hash = (hash ^ hash >> 27) * UINT64_C(0x94d049bb133111eb);
    return hash ^ hash >> 31;
}

static struct TpsTallySlot *find(struct TpsTallySlot *slots, size_t n_slots, uint64_t hash)
{
    size_t place = hash & (n_slots - 1);

    while (slots[place].count > 0 && slots[place].hash != hash)
        place = (place + 1) & (n_slots - 1);
    return &slots[place];
}

static void grow(TpsTally *tally)
{
    size_t n_slots = tally->n_slots > 0 ? 2 * tally->n_slots : SLOTS_MIN;
    struct TpsTallySlot *slots = g_new0(struct TpsTallySlot, n_slots);

    for (size_t i = 0; i < tally->n_slots; i++)
        if (tally->slots[i].count > 0)
            *find(slots, n_slots, tally->slots[i].hash) = tally->slots[i];
    g_free(tally->slots);
    tally->slots = slots;
    tally->n_slots = n_slots;
}

uint32_t tps_tally_add(TpsTally *tally, const char *name, size_t length)
{
    uint64_t hash = hash_of(name, length);
    struct TpsTallySlot *slot;

    if (tally->n_used >= tally->n_slots - tally->n_slots / 5)
        grow(tally);
    slot = find(tally->slots, tally->n_slots, hash);
    if (slot->count == 0)
        tally->n_used++;
    slot->hash = hash;
    if (slot->count < UINT32_MAX)
        slot->count++;
    return slot->count;
}

void tps_tally_clear(TpsTally *tally)
{
    g_free(tally->slots);
    *tally = (TpsTally){0};
}
