/* SPDX-License-Identifier: MIT */
#include "scheduler/artifacts_proof.h"

#include "core/error.h"
#include "core/result.h"
#include "formats/beneath.h"
#include "formats/files.h"
#include "scheduler/artifacts.h"
#include "scheduler/report_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* Below the report directory, where its journal lies. */
static char *kept_path(const TpsPartReport *part, const TpsArtifact *artifact)
{
    g_autoptr(TpsTask) task = tps_task_new(part->suite, part->part);
    g_autofree char *directory = tps_report_dir_part("", task, part->attempt);
    g_autofree char *artifacts = tps_artifacts_directory(directory, artifact->number);

    return g_build_filename(artifacts, artifact->path, NULL);
}

static int open_kept(const TpsPartReport *part, const TpsArtifact *artifact, struct stat *status)
{
    g_autofree char *root = g_path_get_dirname(part->origin);
    g_autofree char *path = kept_path(part, artifact);
    int directory = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int file = directory < 0 ? -1 : tps_beneath_open(directory, path, status);

    if (directory >= 0)
        close(directory);
    return file;
}

static bool is_of(int file, const TpsArtifact *artifact)
{
    int64_t size;
    g_autofree char *digest = tps_copy_digest(file, -1, &size);

    return size == artifact->size && g_strcmp0(digest, artifact->digest) == 0;
}

/* NULL = it is there as it was. */
static const char *what_is_wrong(const TpsPartReport *part, const TpsArtifact *artifact)
{
    struct stat status;
    int file = open_kept(part, artifact, &status);
    bool same = file >= 0 && status.st_size == artifact->size && is_of(file, artifact);

    if (file < 0)
        return "is missing";
    close(file);
    return same ? NULL : "has changed";
}

void tps_artifacts_prove(const GPtrArray *parts)
{
    for (guint i = 0; i < parts->len; i++) {
        TpsPartReport *part = g_ptr_array_index(parts, i);

        for (guint j = 0; j < part->artifacts->len; j++) {
            const TpsArtifact *artifact = g_ptr_array_index(part->artifacts, j);
            const char *wrong = what_is_wrong(part, artifact);

            if (wrong)
                g_ptr_array_add(part->problems,
                                g_strdup_printf("its artifact '%s' %s", artifact->path, wrong));
        }
    }
}

static bool fail(const char *path, const char *why, GError **error)
{
    g_set_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR, "cannot write '%s': %s", path, why);
    return false;
}

/* What stands there already may be the same: gathered twice is gathered once. */
static bool check_there(int target, const char *path, const TpsArtifact *artifact, GError **error)
{
    int file = tps_beneath_open(target, path, NULL);
    bool same = file >= 0 && is_of(file, artifact);

    if (file >= 0)
        close(file);
    return same || fail(path, "something else is there already", error);
}

static bool copy(int from, int target, const char *path, const TpsArtifact *artifact,
                 GError **error)
{
    int to = tps_beneath_create(target, path);
    g_autofree char *digest = NULL;
    int64_t size;
    int why = errno;

    if (to < 0)
        return why == EEXIST ? check_there(target, path, artifact, error)
                             : fail(path, g_strerror(why), error);
    digest = tps_copy_digest(from, to, &size);
    why = errno;
    if (close(to) < 0 || !digest)
        return fail(path, g_strerror(digest ? errno : why), error);
    return true;
}

static char *gathered_path(const TpsPartReport *part, const TpsArtifact *artifact)
{
    g_autoptr(TpsTask) task = tps_task_new(part->suite, part->part);
    g_autofree char *name = tps_report_dir_part_name(task);
    g_autofree char *directory = artifact->number == 0
                                     ? g_strdup(name)
                                     : g_strdup_printf("%s.piece-%d", name, artifact->number);

    return g_build_filename(directory, artifact->path, NULL);
}

static bool gather_part(const TpsPartReport *part, int target, GError **error)
{
    for (guint i = 0; i < part->artifacts->len; i++) {
        const TpsArtifact *artifact = g_ptr_array_index(part->artifacts, i);
        g_autofree char *path = gathered_path(part, artifact);
        int from = what_is_wrong(part, artifact) ? -1 : open_kept(part, artifact, NULL);
        bool done = from < 0 || copy(from, target, path, artifact, error);

        if (from >= 0)
            close(from);
        if (!done)
            return false;
    }
    return true;
}

/* Of two reports of one attempt, copies mostly, the first one counts that has all it names. */
static bool is_better(const TpsPartReport *part, const TpsPartReport *than)
{
    if (!than || part->attempt != than->attempt)
        return !than || part->attempt > than->attempt;
    return part->problems->len < than->problems->len;
}

/* Key ("0,3,api") -> TpsPartReport, borrowed. */
static GHashTable *newest_of(const GPtrArray *parts, const char *plan_id)
{
    GHashTable *newest = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; i < parts->len; i++) {
        TpsPartReport *part = g_ptr_array_index(parts, i);
        g_autofree char *key =
            g_strdup_printf("%d,%d,%s", part->part.index, part->part.count, part->suite);

        if (part->done && (!plan_id || strcmp(part->plan_id, plan_id) == 0) &&
            is_better(part, g_hash_table_lookup(newest, key)))
            g_hash_table_replace(newest, g_steal_pointer(&key), part);
    }
    return newest;
}

bool tps_artifacts_gather(const GPtrArray *parts, const char *plan_id, const char *directory,
                          GError **error)
{
    g_autoptr(GHashTable) newest = newest_of(parts, plan_id);
    GHashTableIter iter;
    gpointer part;
    bool done = true;
    int target;

    if (!tps_directory_make(directory, error))
        return false;
    target = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (target < 0)
        return fail(directory, g_strerror(errno), error);
    g_hash_table_iter_init(&iter, newest); /* any order: no two have the same paths */
    while (done && g_hash_table_iter_next(&iter, NULL, &part))
        done = gather_part(part, target, error);
    close(target);
    return done;
}
