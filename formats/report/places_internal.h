/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/timeline.h"

/* Where on the timeline a testcase is: when and by whom it was executed. */
typedef struct TpsPlaces TpsPlaces;

typedef struct {
    const TpsTimelineBar *bar;
    const TpsTimelineSpan *span;
} TpsPlace;

/* `timeline` may be NULL, which knows nobody; it must outlive the places. */
TpsPlaces *tps_places_new(const TpsTimeline *timeline);
void tps_places_free(TpsPlaces *places);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsPlaces, tps_places_free)

/* Its latest attempt, and of that the first place; false when it is nowhere. */
bool tps_places_find(const TpsPlaces *places, const char *suite, const char *id, TpsPlace *place);

/* When it began, since the epoch. */
int64_t tps_places_start(const TpsTimeline *timeline, const TpsPlace *place);
