/* SPDX-License-Identifier: MIT */
#include "scheduler/mismatch.h"

#include "core/names.h"
#include "core/nearest.h"
#include "core/notes.h"

#include <string.h>

/* Whatever the plan calls by a name: suites, testcases, their files. */
static GHashTable *planned_names(const TpsPlanRequest *request)
{
    GHashTable *names = g_hash_table_new(g_str_hash, g_str_equal);

    for (size_t i = 0; i < request->n_suites; i++) {
        const TpsPlanInput *input = &request->suites[i];

        g_hash_table_add(names, (gpointer)input->name);
        for (guint j = 0; input->ids_known && j < input->testcases->len; j++) {
            const TpsTestcase *testcase = g_ptr_array_index(input->testcases, j);

            g_hash_table_add(names, testcase->id);
            if (testcase->file)
                g_hash_table_add(names, testcase->file);
        }
    }
    return names;
}

static bool fits(const TpsRuntimeSource *source, GHashTable *planned)
{
    for (guint i = 0; i < source->names->len; i++)
        if (g_hash_table_contains(planned, g_ptr_array_index(source->names, i)))
            return true;
    return source->names->len == 0;
}

static GPtrArray *sorted_keys(GHashTable *table)
{
    GPtrArray *names = g_ptr_array_new();
    GHashTableIter iter;
    gpointer name;

    g_hash_table_iter_init(&iter, table);
    while (g_hash_table_iter_next(&iter, &name, NULL))
        g_ptr_array_add(names, name);
    tps_names_sort(names);
    return names;
}

static void say(const TpsRuntimeSource *source, const GPtrArray *planned, GPtrArray *notes)
{
    for (guint i = 0; i < source->names->len; i++) {
        const char *name = g_ptr_array_index(source->names, i);
        g_autoptr(GPtrArray) nearest =
            tps_nearest_names(name, (const char *const *)planned->pdata, planned->len, 1);

        if (nearest->len == 0)
            continue;
        tps_note(notes, "warning: nothing in %s fits this plan: it has '%s', the plan has '%s'",
                 source->file, name, (const char *)g_ptr_array_index(nearest, 0));
        return;
    }
    tps_note(notes, "warning: nothing in %s fits this plan, not even nearly: it has '%s'",
             source->file, (const char *)g_ptr_array_index(source->names, 0));
}

void tps_mismatch_say(const TpsPlanRequest *request, GPtrArray *notes)
{
    const GPtrArray *sources = tps_runtime_data_probes(request->data);
    g_autoptr(GHashTable) planned = NULL;
    g_autoptr(GPtrArray) names = NULL;

    if (sources->len == 0)
        return;
    planned = planned_names(request);
    for (guint i = 0; i < sources->len; i++) {
        const TpsRuntimeSource *source = g_ptr_array_index(sources, i);

        if (fits(source, planned))
            continue;
        if (!names)
            names = sorted_keys(planned);
        say(source, names, notes);
    }
}
