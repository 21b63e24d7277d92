/* SPDX-License-Identifier: MIT */
#include "bench/replay_history.h"

#include "core/error.h"
#include "formats/json.h"

#include <gio/gio.h>
#include <string.h>

/* Names to items: how a file is read, and nothing that outlives it. */
typedef struct {
    GHashTable *index; /* id -> item + 1; borrows the ids */
    GPtrArray *ids;
} Names;

static void free_version(ReplayVersion *version)
{
    g_free(version->commit);
    g_free(version->change);
    g_free(version->gone);
}

void replay_history_free(ReplayHistory *history)
{
    if (!history)
        return;
    for (guint i = 0; i < history->n_items; i++)
        g_free(history->ids[i]);
    for (guint i = 0; i < history->n_versions; i++)
        free_version(&history->versions[i]);
    g_free(history->ids);
    g_free(history->versions);
    g_free(history->name);
    g_free(history);
}

static uint32_t item_of(Names *names, const char *id)
{
    guint item = GPOINTER_TO_UINT(g_hash_table_lookup(names->index, id));

    if (item > 0)
        return item - 1;
    g_ptr_array_add(names->ids, g_strdup(id));
    g_hash_table_insert(names->index, g_ptr_array_index(names->ids, names->ids->len - 1),
                        GUINT_TO_POINTER(names->ids->len));
    return names->ids->len - 1;
}

static bool read_changes(const cJSON *object, Names *names, ReplayVersion *version, GError **error)
{
    const cJSON *changed, *member;

    if (!tps_json_get_object(object, "changed", &changed, error))
        return false;
    version->change = g_new(ReplayTime, (gsize)cJSON_GetArraySize(changed));
    cJSON_ArrayForEach(member, changed)
    {
        ReplayTime *change = &version->change[version->n_changes];

        if (!tps_json_seconds(member, &change->us, error)) {
            g_prefix_error(error, "'%s': ", member->string);
            return false;
        }
        change->item = item_of(names, member->string);
        version->n_changes++;
    }
    return true;
}

static bool read_version(const cJSON *object, Names *names, ReplayVersion *version, GError **error)
{
    g_autoptr(GPtrArray) gone = g_ptr_array_new_with_free_func(g_free);
    const char *commit;

    if (!tps_json_maybe_string(object, "commit", "", &commit, error) ||
        !tps_json_maybe_int(object, "time", 0, G_MAXINT64, 0, &version->time, error) ||
        !tps_json_maybe_strings(object, "gone", gone, error) ||
        !read_changes(object, names, version, error))
        return false;
    version->commit = g_strdup(commit);
    version->gone = g_new(uint32_t, gone->len);
    for (guint i = 0; i < gone->len; i++)
        version->gone[version->n_gone++] = item_of(names, g_ptr_array_index(gone, i));
    return true;
}

static bool read_versions(const cJSON *root, Names *names, ReplayHistory *history, GError **error)
{
    const cJSON *versions, *object;

    if (!tps_json_get_array(root, "versions", &versions, error))
        return false;
    history->versions = g_new0(ReplayVersion, (gsize)cJSON_GetArraySize(versions));
    cJSON_ArrayForEach(object, versions)
    {
        history->n_versions++;
        if (!read_version(object, names, &history->versions[history->n_versions - 1], error)) {
            g_prefix_error(error, "version %u: ", history->n_versions - 1);
            return false;
        }
    }
    return true;
}

static bool read_history(const cJSON *root, ReplayHistory *history, GError **error)
{
    Names names = {g_hash_table_new(g_str_hash, g_str_equal), g_ptr_array_new()};
    const char *name, *level;
    bool ok = tps_json_get_string(root, "name", &name, error) &&
              tps_json_get_string(root, "level", &level, error) &&
              read_versions(root, &names, history, error);

    if (ok) {
        history->name = g_strdup(name);
        history->level = strcmp(level, "file") == 0 ? REPLAY_FILES : REPLAY_TESTCASES;
    }
    g_hash_table_unref(names.index);
    history->n_items = names.ids->len;
    history->ids = (char **)g_ptr_array_free(names.ids, FALSE);
    return ok;
}

static char *read_gzip(const char *path, gsize *length, GError **error)
{
    g_autoptr(GFile) file = g_file_new_for_path(path);
    g_autoptr(GFileInputStream) packed = g_file_read(file, NULL, error);
    g_autoptr(GZlibDecompressor) gzip = g_zlib_decompressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP);
    g_autoptr(GOutputStream) text = g_memory_output_stream_new_resizable();
    g_autoptr(GInputStream) stream = NULL;

    if (!packed)
        return NULL;
    stream = g_converter_input_stream_new(G_INPUT_STREAM(packed), G_CONVERTER(gzip));
    if (g_output_stream_splice(text, stream, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, error) < 0)
        return NULL;
    *length = g_memory_output_stream_get_data_size(G_MEMORY_OUTPUT_STREAM(text));
    return g_memory_output_stream_steal_data(G_MEMORY_OUTPUT_STREAM(text));
}

static cJSON *load_json(const char *path, GError **error)
{
    g_autofree char *text = NULL;
    gsize length;

    if (!g_str_has_suffix(path, ".gz"))
        return tps_json_load(path, error);
    text = read_gzip(path, &length, error);
    return text ? tps_json_parse(text, length, error) : NULL;
}

ReplayHistory *replay_history_load(const char *path, GError **error)
{
    g_autoptr(ReplayHistory) history = g_new0(ReplayHistory, 1);
    g_autoptr(cJSON) root = load_json(path, error);

    if (!root || !read_history(root, history, error)) {
        g_prefix_error(error, "%s: ", path);
        return NULL;
    }
    return g_steal_pointer(&history);
}

void replay_walk_free(ReplayWalk *walk)
{
    if (!walk)
        return;
    g_free(walk->real_us);
    g_free(walk->measured);
    g_free(walk->past);
    g_free(walk->listing);
    g_free(walk);
}

/* What this version measured is the past of the next. */
static void remember(ReplayWalk *walk)
{
    for (guint i = 0; i < walk->n_listing; i++) {
        const uint32_t item = walk->listing[i];
        ReplayPast *past = &walk->past[item];

        if (!walk->measured[item])
            continue;
        if (past->n == REPLAY_MAX_SAMPLES)
            memmove(past->sample, past->sample + 1, --past->n * sizeof *past->sample);
        past->sample[past->n++] = (TpsSample){.run = walk->version, .us = walk->real_us[item]};
        walk->measured[item] = false;
    }
}

static void arrive(ReplayWalk *walk)
{
    const ReplayVersion *version = &walk->history->versions[walk->version];

    for (guint i = 0; i < version->n_gone; i++)
        walk->real_us[version->gone[i]] = -1;
    for (guint i = 0; i < version->n_changes; i++) {
        const ReplayTime *change = &version->change[i];

        walk->measured[change->item] = walk->real_us[change->item] != change->us;
        walk->real_us[change->item] = change->us;
    }
    walk->n_listing = 0;
    for (uint32_t item = 0; item < walk->history->n_items; item++)
        if (walk->real_us[item] >= 0)
            walk->listing[walk->n_listing++] = item;
}

ReplayWalk *replay_walk_new(const ReplayHistory *history)
{
    ReplayWalk *walk = g_new0(ReplayWalk, 1);

    if (history->n_versions == 0) {
        g_free(walk);
        return NULL;
    }
    walk->history = history;
    walk->real_us = g_new(int64_t, history->n_items);
    walk->measured = g_new0(bool, history->n_items);
    walk->past = g_new0(ReplayPast, history->n_items);
    walk->listing = g_new(uint32_t, history->n_items);
    for (guint i = 0; i < history->n_items; i++)
        walk->real_us[i] = -1;
    arrive(walk);
    return replay_walk_next(walk);
}

ReplayWalk *replay_walk_next(ReplayWalk *walk)
{
    remember(walk);
    walk->version++;
    if (walk->version == walk->history->n_versions) {
        replay_walk_free(walk);
        return NULL;
    }
    arrive(walk);
    return walk;
}
