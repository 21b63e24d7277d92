/* SPDX-License-Identifier: MIT */
#include "bench/replay_load.h"

#include "bench/replay_halves.h"

#include <string.h>

static bool is_history(const char *path)
{
    return g_str_has_suffix(path, ".json") || g_str_has_suffix(path, ".json.gz");
}

static bool load_one(const char *path, GPtrArray *histories, GPtrArray *paths, GError **error)
{
    ReplayHistory *history = replay_history_load(path, error);

    if (!history)
        return false;
    g_ptr_array_add(histories, history);
    g_ptr_array_add(paths, g_strdup(path));
    return true;
}

static bool load(const char *path, GPtrArray *histories, GPtrArray *paths, GError **error)
{
    g_autoptr(GDir) dir = NULL;
    const char *name;

    if (!g_file_test(path, G_FILE_TEST_IS_DIR))
        return load_one(path, histories, paths, error);
    dir = g_dir_open(path, 0, error);
    if (!dir)
        return false;
    while ((name = g_dir_read_name(dir))) {
        g_autofree char *file = g_build_filename(path, name, NULL);

        if (is_history(file) && !load_one(file, histories, paths, error))
            return false;
    }
    return true;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp((*(ReplayHistory *const *)a)->name, (*(ReplayHistory *const *)b)->name);
}

static void keep_level(GPtrArray *histories, const char *level)
{
    for (guint i = histories->len; i-- > 0;) {
        const ReplayHistory *history = g_ptr_array_index(histories, i);
        const char *is = history->level == REPLAY_FILES ? "file" : "testcase";

        if (level && strcmp(level, "all") != 0 && strcmp(level, is) != 0)
            g_ptr_array_remove_index(histories, i);
    }
}

static bool one_of(const char *value, const char *const *allowed)
{
    return !value || g_strv_contains(allowed, value);
}

static bool check(const char *half, const char *level, GError **error)
{
    const char *const halves[] = {"tune", "report", "all", NULL};
    const char *const levels[] = {"testcase", "file", "all", NULL};

    if (one_of(half, halves) && one_of(level, levels))
        return true;
    g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "no such half or level");
    return false;
}

static GPtrArray *check_some(GPtrArray *histories, GError **error)
{
    if (histories->len > 0)
        return histories;
    g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "no such history");
    g_ptr_array_unref(histories);
    return NULL;
}

GPtrArray *replay_load(char *const *paths, const char *half, const char *level, GError **error)
{
    GPtrArray *histories;
    g_autoptr(GPtrArray) origins = g_ptr_array_new_with_free_func(g_free);

    if (!check(half, level, error))
        return NULL;
    histories = g_ptr_array_new_with_free_func((GDestroyNotify)(void (*)(void))replay_history_free);
    for (; *paths; paths++)
        if (!load(*paths, histories, origins, error)) {
            g_ptr_array_unref(histories);
            return NULL;
        }
    if (half && strcmp(half, "all") != 0)
        replay_keep_half(histories, origins, strcmp(half, "tune") == 0);
    keep_level(histories, level);
    g_ptr_array_sort(histories, compare_names);
    return check_some(histories, error);
}
