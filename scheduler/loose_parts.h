/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/plan.h"

#include <glib.h>

/*
 * Some reports say that they are part M of N of a suite. Then it is known what has to be there,
 * also without a plan.
 */
typedef struct TpsLooseParts TpsLooseParts;

TpsLooseParts *tps_loose_parts_new(void);
void tps_loose_parts_free(TpsLooseParts *parts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsLooseParts, tps_loose_parts_free)

/* There is a report of that part; a count of 0 says nothing. */
void tps_loose_parts_add(TpsLooseParts *parts, const char *suite, TpsPart part);

/* Append (char*) which parts are missing, and which suites were split in two ways; by suite. */
void tps_loose_parts_check(const TpsLooseParts *parts, GPtrArray *problems);
