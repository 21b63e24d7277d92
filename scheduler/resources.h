/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/needs.h"

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* So much of one resource of a stock. */
typedef struct {
    size_t resource;
    int count;
} TpsDemand;

/* What a task needs, in terms of a stock. A claim that is NULL is one worker and nothing else. */
typedef struct {
    int slots;
    bool exclusive; /* also where it alone wants more memory than there is */
    int64_t memory_bytes;
    TpsDemand *demands; /* [n_demands] owned */
    size_t n_demands;
} TpsClaim;

/* What one machine has for its tasks; a lock is a resource of which there is one. */
typedef struct {
    int64_t memory_bytes; /* 0 = no limit is known                  */
    GPtrArray *names;     /* of char*, owned                        */
    GArray *capacity;     /* of int, of each                        */
    size_t n_devices;     /* the first so many are declared: their devices have ids */
    GPtrArray *claims;    /* of TpsClaim, owned                     */
} TpsStock;

TpsStock *tps_stock_new(const GArray *resources, int64_t memory_bytes);
void tps_stock_free(TpsStock *stock);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsStock, tps_stock_free)

/*
 * The needs as a claim, borrowed from the stock; NULL where they are trivial. All claims are made
 * before the first TpsUse. What is wanted is there: tps_needs_trouble was asked.
 */
const TpsClaim *tps_stock_claim(TpsStock *stock, const TpsNeeds *needs);

/*
 * What of a stock and of a pool's workers is in use. A task takes all it claims at once, and holds
 * it until it ends: whoever holds something never waits, so that no circle of waiting can arise.
 * A claim of more workers than there are is one of all of them.
 */
typedef struct {
    const TpsStock *stock; /* borrowed */
    int n_workers;
    int n_running; /* tasks                                       */
    int n_taken;   /* workers, and more when one claims too many  */
    bool exclusive;
    int64_t memory_bytes;
    int *count; /* [stock->names->len] owned */
} TpsUse;

TpsUse tps_use_new(const TpsStock *stock, int n_workers);
TpsUse tps_use_copy(const TpsUse *use);
void tps_use_clear(TpsUse *use);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TpsUse, tps_use_clear)

/* Is all of it free now? Always, when nothing is in use. */
bool tps_use_fits(const TpsUse *use, const TpsClaim *claim);

/* The same, and of what it takes, as much as `other` wants stays free beside. */
bool tps_use_leaves(const TpsUse *use, const TpsClaim *claim, const TpsClaim *other);

void tps_use_take(TpsUse *use, const TpsClaim *claim);
void tps_use_give(TpsUse *use, const TpsClaim *claim);

/* Workers that could take something. */
int tps_use_idle(const TpsUse *use);

/* Which devices of each resource are in use. */
typedef struct TpsDevices TpsDevices;

TpsDevices *tps_devices_new(const TpsStock *stock);
void tps_devices_free(TpsDevices *devices);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsDevices, tps_devices_free)

/* The lowest that are free, by demand; they were found to fit. Caller frees. */
int *tps_devices_take(TpsDevices *devices, const TpsClaim *claim);
void tps_devices_give(TpsDevices *devices, const TpsClaim *claim, const int *ids);

/* What a task that runs holds. */
typedef struct {
    int *ids;         /* owned: of its devices, by demand                      */
    char **variables; /* owned: "TPSCHED_GPU=0,3"; NULL = it holds nothing     */
} TpsGrant;

void tps_grant_clear(TpsGrant *grant);

/* "TPSCHED_GPU=0,3" for each resource that is not a lock. Caller frees. */
char **tps_devices_environment(const TpsStock *stock, const TpsClaim *claim, const int *ids);
