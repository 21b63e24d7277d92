/* SPDX-License-Identifier: MIT */
#include "scheduler/mismatch.h"

#include "core/nearest.h"
#include "core/notes.h"

#include <string.h>

/* Whatever the plan calls by a name: suites, testcases, their files. Borrowed. */
static GPtrArray *planned_names(const TpsPlanRequest *request)
{
    GPtrArray *names = g_ptr_array_new();

    for (size_t i = 0; i < request->n_suites; i++) {
        const TpsPlanInput *input = &request->suites[i];

        g_ptr_array_add(names, (gpointer)input->name);
        for (guint j = 0; input->ids_known && j < input->testcases->len; j++) {
            const TpsTestcase *testcase = g_ptr_array_index(input->testcases, j);

            g_ptr_array_add(names, testcase->id);
            if (testcase->file)
                g_ptr_array_add(names, testcase->file);
        }
    }
    return names;
}

/* Most files fit at the first names. */
static bool fits(const TpsRuntimeSource *source, const GPtrArray *planned)
{
    g_autoptr(GHashTable) has = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < source->names->len; i++)
        g_hash_table_add(has, g_ptr_array_index(source->names, i));
    for (guint i = 0; i < planned->len; i++)
        if (g_hash_table_contains(has, g_ptr_array_index(planned, i)))
            return true;
    return source->names->len == 0;
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
    g_autoptr(GPtrArray) names = NULL;

    if (request->filter) /* it may be of what is left out */
        return;
    for (guint i = 0; i < sources->len; i++) {
        const TpsRuntimeSource *source = g_ptr_array_index(sources, i);

        if (!names)
            names = planned_names(request);
        if (!fits(source, names))
            say(source, names, notes);
    }
}
