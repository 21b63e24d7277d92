/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

/* What somebody said of a testcase, a suite or a run: a name and a value, in the order given. */
typedef struct {
    char *name;  /* owned */
    char *value; /* owned */
} TpsProperty;

/* A list that owns its TpsProperty, and one more for it; both texts are copied. */
GPtrArray *tps_properties_new(void);
void tps_properties_add(GPtrArray *properties, const char *name, const char *value);

/* The value of the first of that name, borrowed, or NULL. `properties` may be NULL. */
const char *tps_properties_find(const GPtrArray *properties, const char *name);

/* Copies of `more` (may be NULL) behind the others; a list is made where there is none yet. */
void tps_properties_append(GPtrArray **properties, const GPtrArray *more);

/* By name, then value (bytes), without doubles: the union of two lists is the same in any order. */
void tps_properties_settle(GPtrArray *properties);
