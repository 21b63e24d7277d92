/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* So many devices of a kind: what a machine has, or what a task of a suite wants of them. */
typedef struct {
    char *name; /* owned */
    int count;  /* >= 1  */
} TpsResource;

/* The most devices of a kind, and the most workers that one task occupies. */
#define TPS_RESOURCE_MAX 65536

/* Of TpsResource, sorted by name (bytes), none twice; g_array_unref. */
GArray *tps_resources_new(void);
GArray *tps_resources_copy(const GArray *resources);

/* False, and nothing is added, when it is there. */
bool tps_resources_add(GArray *resources, const char *name, int count);

/* How many there are; 0 = it is not there. */
int tps_resources_count(const GArray *resources, const char *name);

/*
 * What every task of a suite needs while it runs, beside a worker. It takes all of it at once when
 * it starts, and gives all of it back when it ends.
 */
typedef struct {
    int slots;            /* workers it occupies, >= 1                                */
    bool exclusive;       /* nothing else runs meanwhile                              */
    int64_t memory_bytes; /* 0 = it does not say                                      */
    char **locks;         /* owned, never NULL: names, sorted by bytes, none twice    */
    GArray *resources;    /* of TpsResource, owned                                    */
} TpsNeeds;

TpsNeeds *tps_needs_new(void);
TpsNeeds *tps_needs_copy(const TpsNeeds *needs); /* NULL of NULL */
void tps_needs_free(TpsNeeds *needs);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsNeeds, tps_needs_free)

/* One worker and nothing else; NULL is that, too. */
bool tps_needs_are_trivial(const TpsNeeds *needs);

bool tps_needs_equal(const TpsNeeds *a, const TpsNeeds *b);

/* Takes the names, sorts them, and drops what is there twice. */
void tps_needs_set_locks(TpsNeeds *needs, char **locks);

/*
 * Why a suite can't have what it needs, of what there is: "suite 'a' wants 3 of resource 'gpu', and
 * there are 2". NULL = it can. Caller frees.
 */
char *tps_needs_trouble(const TpsNeeds *needs, const char *suite, const GArray *available);

/* "slots 2, gpu 1, lock db": for people. Caller frees. */
char *tps_needs_describe(const TpsNeeds *needs);

/* The variable that names the devices of a task: "gpu" -> "TPSCHED_GPU". Caller frees. */
char *tps_resource_variable(const char *name);

/*
 * Why a resource can't have that name, beside those that have theirs: no variable could be named
 * after it, or another has its variable. NULL = it can. Caller frees.
 */
char *tps_resource_name_trouble(const char *name, const GArray *others);
