/* SPDX-License-Identifier: MIT */
#include "scheduler/attachments.h"

#include "core/artifact.h"
#include "formats/beneath.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define MARK "[[ATTACHMENT|"
#define MARK_END "]]"
#define DIRECTORY "attachments"

#define DIGEST_CHARS 12
#define NAME_MAX_BYTES 60

/* Of one task; whoever names more prints something else. */
#define ATTACHMENTS_MAX 1000

/* What a path becomes, caller frees; NULL = it stays. */
typedef char *(*Replace)(const char *path, void *user);

/* NULL when nothing changes. */
static char *rewrite(const char *text, Replace replace, void *user)
{
    g_autoptr(GString) out = g_string_new(NULL);
    const char *done = text;
    const char *mark;

    for (const char *at = text; (mark = strstr(at, MARK));) {
        const char *path = mark + strlen(MARK);
        size_t length = strcspn(path, "\n");
        const char *end = g_strstr_len(path, (gssize)length, MARK_END);
        g_autofree char *old = end ? g_strndup(path, (gsize)(end - path)) : NULL;
        g_autofree char *new = old ? replace(old, user) : NULL;

        at = path;
        if (!new)
            continue;
        g_string_append_len(out, done, path - done);
        g_string_append(out, new);
        done = at = end;
    }
    if (done == text)
        return NULL;
    g_string_append(out, done);
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static void rewrite_text(char **text, Replace replace, void *user)
{
    char *rewritten = *text ? rewrite(*text, replace, user) : NULL;

    if (!rewritten)
        return;
    g_free(*text);
    *text = rewritten;
}

static void rewrite_results(const GPtrArray *results, Replace replace, void *user);

static void rewrite_result(TpsResult *result, Replace replace, void *user)
{
    rewrite_text(&result->output, replace, user);
    rewrite_text(&result->text, replace, user);
    rewrite_results(result->attempts, replace, user);
    rewrite_results(result->cases, replace, user);
}

static void rewrite_results(const GPtrArray *results, Replace replace, void *user)
{
    for (guint i = 0; results && i < results->len; i++)
        rewrite_result(g_ptr_array_index(results, i), replace, user);
}

/* While those of one task are kept. */
typedef struct {
    const TpsAttachmentPlace *place;
    int n;
} Keeper;

/* Below a directory; NULL when it is not. Borrowed from the path. */
static const char *below(const char *path, const char *directory)
{
    size_t length = strlen(directory);

    return strncmp(path, directory, length) == 0 && path[length] == '/' && path[length + 1]
               ? path + length + 1
               : NULL;
}

static int open_below(const char *root, const char *path)
{
    g_autofree char *canonical = g_canonicalize_filename(root, NULL);
    const char *inner = below(path, canonical);
    int directory = inner ? open(canonical, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    int file = directory < 0 ? -1 : tps_beneath_open(directory, inner, NULL);

    if (directory >= 0)
        close(directory);
    return file;
}

static int open_named(const TpsAttachmentPlace *place, const char *name)
{
    g_autofree char *first = g_canonicalize_filename(place->roots[0], NULL);
    g_autofree char *path = g_canonicalize_filename(name, first);
    int file = -1;

    for (const char *const *root = place->roots; *root && file < 0; root++)
        file = open_below(*root, path);
    return file;
}

static char *kept_name(const TpsAttachmentPlace *place, const char *path, const char *digest)
{
    g_autofree char *base = g_path_get_basename(path);
    size_t length = strlen(base);
    char *tail = length > NAME_MAX_BYTES ? base + length - NAME_MAX_BYTES : base;

    g_strcanon(tail, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "._-", '_');
    return g_strdup_printf("%s/" DIRECTORY "/%.*s-%s", place->part, DIGEST_CHARS, digest, tail);
}

/* What is there already under that name has the same bytes. */
static bool copy(int from, int directory, const char *name)
{
    int to = tps_beneath_create(directory, name);
    g_autofree char *digest = NULL;
    int64_t size;

    if (to < 0)
        return faccessat(directory, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
    digest = lseek(from, 0, SEEK_SET) == 0 ? tps_copy_digest(from, to, &size) : NULL;
    if (close(to) == 0 && digest)
        return true;
    unlinkat(directory, name, 0);
    return false;
}

static char *keep(const char *path, void *user)
{
    Keeper *keeper = user;
    const TpsAttachmentPlace *place = keeper->place;
    int file = keeper->n++ < ATTACHMENTS_MAX ? open_named(place, path) : -1;
    int directory = file < 0 ? -1 : open(place->report_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int64_t size;
    g_autofree char *digest = file < 0 ? NULL : tps_copy_digest(file, -1, &size);
    g_autofree char *name = digest ? kept_name(place, path, digest) : NULL;

    if (name && (directory < 0 || !copy(file, directory, name)))
        g_clear_pointer(&name, g_free);
    if (directory >= 0)
        close(directory);
    if (file >= 0)
        close(file);
    return g_steal_pointer(&name);
}

static const TpsResult *find_whole(const TpsPartReport *report)
{
    for (guint i = 0; report->output && i < report->results->len; i++) {
        const TpsResult *result = g_ptr_array_index(report->results, i);

        if (g_strcmp0(result->output, report->output) == 0)
            return result;
    }
    return NULL;
}

void tps_attachments_keep(TpsPartReport *report, const TpsAttachmentPlace *place)
{
    Keeper keeper = {place, 0};
    const TpsResult *whole = find_whole(report);

    rewrite_results(report->results, keep, &keeper);
    if (whole && strcmp(whole->output, report->output) != 0) {
        g_free(report->output);
        report->output = g_strdup(whole->output);
    }
}

char *tps_path_from(const char *directory, const char *path)
{
    g_auto(GStrv) from = g_strsplit(directory, "/", -1);
    g_auto(GStrv) to = g_strsplit(path, "/", -1);
    g_autoptr(GString) way = g_string_new(NULL);
    guint same = 0;

    while (from[same] && to[same] && strcmp(from[same], to[same]) == 0)
        same++;
    for (guint i = same; from[i]; i++)
        if (*from[i])
            g_string_append(way, "../");
    for (guint i = same; to[i]; i++)
        g_string_append_printf(way, "%s%s", to[i], to[i + 1] ? "/" : "");
    return g_string_free(g_steal_pointer(&way), FALSE);
}

/* While those of one part are moved. */
typedef struct {
    char *label;
    char *root;            /* where its journal lies */
    const char *directory; /* of the merged report */
    GHashTable *said;
    GPtrArray *notes;
} Mover;

static void say_missing(Mover *mover, const char *path)
{
    if (g_hash_table_add(mover->said, g_strdup(path)))
        g_ptr_array_add(mover->notes,
                        g_strdup_printf("%s: the attachment '%s' is missing", mover->label, path));
}

static char *move(const char *path, void *user)
{
    Mover *mover = user;
    g_autofree char *whole = g_build_filename(mover->root, path, NULL);
    bool is_kept = tps_path_is_inner(path) && g_str_has_prefix(path, "parts/");
    int file = is_kept ? open_below(mover->root, whole) : -1;

    if (file < 0) {
        say_missing(mover, path);
        return NULL;
    }
    close(file);
    return tps_path_from(mover->directory, whole);
}

static void move_part(TpsPartReport *part, const char *directory, GPtrArray *notes)
{
    Mover mover = {
        .label = tps_part_label(part->suite, part->part),
        .root = g_path_get_dirname(part->origin),
        .directory = directory,
        .said = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
        .notes = notes,
    };

    rewrite_results(part->results, move, &mover);
    rewrite_text(&part->output, move, &mover);
    g_free(mover.label);
    g_free(mover.root);
    g_hash_table_unref(mover.said);
}

void tps_attachments_move(const GPtrArray *parts, const char *directory, GPtrArray *notes)
{
    g_autofree char *canonical = g_canonicalize_filename(directory, NULL);

    for (guint i = 0; i < parts->len; i++)
        move_part(g_ptr_array_index(parts, i), canonical, notes);
}

typedef struct {
    const char *from;
    const char *to;
} Base;

static char *rebase(const char *path, void *user)
{
    const Base *base = user;
    g_autofree char *whole = NULL;

    if (!*path || g_path_is_absolute(path))
        return NULL;
    whole = g_canonicalize_filename(path, base->from);
    return tps_path_from(base->to, whole);
}

void tps_attachments_rebase(TpsResult *result, const char *from, const char *to)
{
    Base base = {from, to};

    if (strcmp(from, to) != 0)
        rewrite_result(result, rebase, &base);
}
