/* SPDX-License-Identifier: MIT */
#include "cli/listed.h"

#include "adapters/framework.h"
#include "cli/terminal.h"
#include "scheduler/filtering.h"
#include "scheduler/listing.h"
#include "scheduler/planner.h"

#include <stdio.h>

void tps_listed_clear(TpsListed *listed)
{
    g_clear_pointer(&listed->inputs, g_array_unref);
    g_clear_pointer(&listed->lists, g_ptr_array_unref);
    g_clear_pointer(&listed->listings, g_hash_table_unref);
}

/* Those that somebody may want something of, as a set of borrowed names. */
static GHashTable *wanted_of(const TpsPlanFile *file, const TpsFilter *filter)
{
    GHashTable *wanted = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < file->suites->len; i++) {
        const TpsSuite *suite = g_ptr_array_index(file->suites, i);

        if (!tps_filter_drops(filter, suite))
            g_hash_table_add(wanted, suite->name);
    }
    return wanted;
}

/* Also those that were not listed: the options that drop them do match something. */
static GArray *inputs_of(const TpsPlanFile *file, GHashTable *listings)
{
    GArray *inputs = g_array_new(FALSE, TRUE, sizeof(TpsPlanInput));

    for (guint i = 0; i < file->suites->len; i++) {
        const TpsSuite *suite = g_ptr_array_index(file->suites, i);
        TpsPlanInput input = {
            .name = suite->name,
            .declared = suite,
            .testcases = g_hash_table_lookup(listings, suite->name),
            .unit = tps_framework_unit(suite),
            .start_up_us = tps_framework_start_up_us(suite),
        };

        input.ids_known = input.testcases != NULL;
        g_array_append_val(inputs, input);
    }
    return inputs;
}

bool tps_listed_filter(const TpsFilter *filter, GArray *inputs, GPtrArray *lists, GError **error)
{
    g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
    bool any = tps_filtering_inputs(filter, inputs, lists, notes, error);

    for (guint i = 0; any && i < notes->len; i++) {
        g_autofree char *note = tps_printable(g_ptr_array_index(notes, i), 0);

        fprintf(stderr, "tpsched: %s\n", note);
    }
    return any;
}

bool tps_listed_make(TpsListed *listed, const TpsPlanFile *file, const TpsFilter *filter,
                     GError **error)
{
    g_autoptr(GHashTable) wanted = wanted_of(file, filter);

    listed->listings = tps_list_suites(file, wanted, error);
    if (!listed->listings)
        return false;
    listed->inputs = inputs_of(file, listed->listings);
    listed->lists = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    return tps_listed_filter(filter, listed->inputs, listed->lists, error);
}
