/* SPDX-License-Identifier: MIT */
#include "cli/outputs.h"

#include "core/error.h"
#include "formats/files.h"
#include "scheduler/report_dir.h"

#include <stdlib.h>
#include <string.h>

struct TpsOutputs {
    GHashTable *taken; /* char*, owned: what will be written */
    GHashTable *kept;  /* char*, owned: what must stay       */
};

static const char *const proof[] = {TPS_RUN_PLAN_FILE, TPS_JOURNAL_FILE, TPS_RUN_EXECUTED_FILE,
                                    TPS_RUN_OUTPUT_FILE, "lock"};

TpsOutputs *tps_outputs_new(void)
{
    TpsOutputs *outputs = g_new0(TpsOutputs, 1);

    outputs->taken = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    outputs->kept = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return outputs;
}

void tps_outputs_free(TpsOutputs *outputs)
{
    if (!outputs)
        return;
    g_hash_table_unref(outputs->taken);
    g_hash_table_unref(outputs->kept);
    g_free(outputs);
}

/* Links in its directory's path are followed; the file itself is replaced, even when it is one. */
static char *place_of(const char *path)
{
    g_autofree char *directory = g_path_get_dirname(path);
    g_autofree char *name = g_path_get_basename(path);
    char *real = realpath(directory, NULL);
    char *place = real ? g_build_filename(real, name, NULL) : g_canonicalize_filename(path, NULL);

    free(real);
    return place;
}

void tps_outputs_keep(TpsOutputs *outputs, const char *path)
{
    if (path)
        g_hash_table_add(outputs->kept, place_of(path));
}

void tps_outputs_keep_run(TpsOutputs *outputs, const char *directory)
{
    for (size_t i = 0; i < G_N_ELEMENTS(proof); i++) {
        g_autofree char *path = g_build_filename(directory, proof[i], NULL);

        tps_outputs_keep(outputs, path);
    }
}

/* Part of a report directory, wherever that is? */
static bool is_proof(const char *place)
{
    g_autofree char *directory = g_path_get_dirname(place);
    g_autofree char *name = g_path_get_basename(place);
    g_autofree char *journal = g_build_filename(directory, TPS_JOURNAL_FILE, NULL);

    if (!tps_file_is_plain(journal))
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(proof); i++)
        if (strcmp(proof[i], name) == 0)
            return true;
    return false;
}

bool tps_outputs_add(TpsOutputs *outputs, const char *path, GError **error)
{
    g_autofree char *place = NULL;
    const char *why = NULL;

    if (!path || tps_file_is_device(path))
        return true;
    place = place_of(path);
    if (g_hash_table_contains(outputs->kept, place) || is_proof(place))
        why = "must not be written over: it is a plan, a key, or what a run is proven by";
    else if (!g_hash_table_add(outputs->taken, g_steal_pointer(&place)))
        why = "would be written twice";
    if (why)
        g_set_error(error, TPS_ERROR, TPS_ERROR_USAGE, "'%s' %s", path, why);
    return !why;
}
