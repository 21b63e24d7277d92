/* SPDX-License-Identifier: MIT */
#include "core/saturate.h"
#include "formats/report/places_internal.h"

#include <string.h>

struct TpsPlaces {
    TpsPlace *places;  /* [spans] */
    GHashTable *index; /* TpsPlace, by suite and id; borrowed from `places` */
};

static guint place_hash(gconstpointer key)
{
    const TpsPlace *place = key;

    return g_str_hash(place->span->id) * 31 + g_str_hash(place->bar->suite);
}

static gboolean place_equal(gconstpointer a, gconstpointer b)
{
    const TpsPlace *x = a;
    const TpsPlace *y = b;

    return strcmp(x->span->id, y->span->id) == 0 && strcmp(x->bar->suite, y->bar->suite) == 0;
}

static void add(TpsPlaces *places, TpsPlace *place)
{
    const TpsPlace *known = g_hash_table_lookup(places->index, place);

    if (!known || known->bar->attempt < place->bar->attempt)
        g_hash_table_replace(places->index, place, place);
}

TpsPlaces *tps_places_new(const TpsTimeline *timeline)
{
    TpsPlaces *places = g_new0(TpsPlaces, 1);
    guint n = 0;

    places->index = g_hash_table_new(place_hash, place_equal);
    if (!timeline)
        return places;
    places->places = g_new(TpsPlace, timeline->spans->len + 1);
    for (guint i = 0; i < timeline->bars->len; i++) {
        const TpsTimelineBar *bar = &g_array_index(timeline->bars, TpsTimelineBar, i);

        for (guint k = 0; k < bar->n_spans; k++) {
            places->places[n] = (TpsPlace){
                bar, &g_array_index(timeline->spans, TpsTimelineSpan, bar->first_span + k)};
            add(places, &places->places[n++]);
        }
    }
    return places;
}

void tps_places_free(TpsPlaces *places)
{
    if (!places)
        return;
    g_hash_table_unref(places->index);
    g_free(places->places);
    g_free(places);
}

bool tps_places_find(const TpsPlaces *places, const char *suite, const char *id, TpsPlace *place)
{
    const TpsTimelineBar bar = {.suite = suite};
    const TpsTimelineSpan span = {.id = id};
    const TpsPlace key = {&bar, &span};
    const TpsPlace *found = g_hash_table_lookup(places->index, &key);

    if (found)
        *place = *found;
    return found != NULL;
}

int64_t tps_places_start(const TpsTimeline *timeline, const TpsPlace *place)
{
    return tps_add_sat(MAX(timeline->started_us, 0),
                       tps_add_sat(MAX(place->bar->start_us, 0), MAX(place->span->start_us, 0)));
}
