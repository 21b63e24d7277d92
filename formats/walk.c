/* SPDX-License-Identifier: MIT */
#include "formats/walk.h"

#include "core/error.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
    const char *root; /* for messages      */
    int directory;    /* its descriptor    */
    TpsWalkFlags flags;
    TpsWalkVisit visit;
    void *user;
    GPtrArray *unread; /* of char*: what can't be read below the root; NULL = it is an error */
    GString *path;     /* where we are, relative to the root; "" there */
    unsigned depth;
} Walk;

typedef struct {
    unsigned char kind; /* DT_..., as far as the directory says */
    char name[];
} Entry;

/* Whether the walk goes on all the same. */
static bool fail(const Walk *walk, const char *what, GError **error)
{
    g_autofree char *path = g_build_filename(walk->root, walk->path->str, NULL);

    if (walk->unread && walk->depth > 0) {
        g_ptr_array_add(walk->unread,
                        g_strdup_printf("cannot read directory '%s': %s", path, what));
        return true;
    }
    g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT, "cannot read directory '%s': %s",
                walk->path->len > 0 ? path : walk->root, what);
    return false;
}

static Entry *entry_new(const struct dirent *from)
{
    size_t size = strlen(from->d_name) + 1;
    Entry *entry = g_malloc(sizeof *entry + size);

    entry->kind = from->d_type;
    memcpy(entry->name, from->d_name, size);
    return entry;
}

static int by_name(const void *a, const void *b)
{
    return strcmp((*(const Entry *const *)a)->name, (*(const Entry *const *)b)->name);
}

static bool is_dots(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* In the order of their names; NULL and errno. */
static GPtrArray *read_entries(int file)
{
    g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func(g_free);
    DIR *directory = fdopendir(file);
    int failure;

    if (!directory) {
        failure = errno;
        close(file);
        errno = failure;
        return NULL;
    }
    errno = 0;
    for (const struct dirent *entry; (entry = readdir(directory)) != NULL;)
        if (!is_dots(entry->d_name))
            g_ptr_array_add(entries, entry_new(entry));
    failure = errno;
    closedir(directory);
    errno = failure;
    if (failure)
        return NULL;
    g_ptr_array_sort(entries, by_name);
    return g_steal_pointer(&entries);
}

static unsigned char kind_of_mode(mode_t mode)
{
    return S_ISREG(mode) ? DT_REG : S_ISDIR(mode) ? DT_DIR : DT_UNKNOWN;
}

/* DT_REG, DT_DIR, or another that is of no use. What can't be looked at is given as a file: who
 * wants it will see why. */
static unsigned char kind_of(const Walk *walk, const Entry *entry)
{
    bool is_link = entry->kind == DT_LNK;
    struct stat status;

    if (!is_link && entry->kind != DT_UNKNOWN)
        return entry->kind;
    if (!is_link && fstatat(walk->directory, walk->path->str, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
        !S_ISLNK(status.st_mode))
        return kind_of_mode(status.st_mode);
    if (fstatat(walk->directory, walk->path->str, &status, 0) < 0)
        return errno == ENOENT || errno == ELOOP || errno == ENOTDIR ? DT_LNK : DT_REG;
    return S_ISDIR(status.st_mode) ? DT_LNK : kind_of_mode(status.st_mode);
}

static const Entry *find_entry(const GPtrArray *entries, const char *name)
{
    for (guint i = 0; i < entries->len; i++) {
        const Entry *entry = g_ptr_array_index(entries, i);

        if (strcmp(entry->name, name) == 0)
            return entry;
    }
    return NULL;
}

/* A directory that a run of ours wrote, whatever it is called. */
static bool is_report_directory(const Walk *walk, const GPtrArray *entries)
{
    static const char mark[] = "\"schema\":\"tpsched.journal/";
    g_autofree char *path = g_build_filename(walk->path->str, "journal.jsonl", NULL);
    char head[256] = "";
    int file;

    if (!find_entry(entries, "journal.jsonl"))
        return false;
    file = openat(walk->directory, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (file < 0)
        return false;
    if (read(file, head, sizeof head - 1) < 0)
        head[0] = '\0';
    close(file);
    return strstr(head, mark) != NULL;
}

static bool is_unusual(const Walk *walk, const char *name)
{
    return !(walk->flags & TPS_WALK_SKIP_USUAL) ||
           (name[0] != '.' && strcmp(name, "node_modules") != 0 &&
            strcmp(name, "__pycache__") != 0);
}

static bool visit_directory(Walk *walk, GError **error);

static bool visit_entry(Walk *walk, const Entry *entry, GError **error)
{
    size_t length = walk->path->len;
    unsigned char kind;
    bool ok = true;

    if (length > 0)
        g_string_append_c(walk->path, '/');
    g_string_append(walk->path, entry->name);
    kind = kind_of(walk, entry);
    if (kind == DT_REG)
        ok = walk->visit(walk->path->str, walk->user, error);
    else if (kind == DT_DIR && is_unusual(walk, entry->name))
        ok = visit_directory(walk, error);
    g_string_truncate(walk->path, length);
    return ok;
}

static bool visit_entries(Walk *walk, const GPtrArray *entries, GError **error)
{
    if (walk->depth > 0 && walk->flags & TPS_WALK_SKIP_USUAL && is_report_directory(walk, entries))
        return true;
    walk->depth++;
    for (guint i = 0; i < entries->len; i++)
        if (!visit_entry(walk, g_ptr_array_index(entries, i), error))
            return false;
    walk->depth--;
    return true;
}

static bool visit_directory(Walk *walk, GError **error)
{
    /* By its whole path: a descriptor for each level would be too many. */
    int file = openat(walk->directory, walk->path->len > 0 ? walk->path->str : ".",
                      O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    g_autoptr(GPtrArray) entries = NULL;

    if (file < 0 && walk->depth > 0 && (errno == ENOENT || errno == ENOTDIR || errno == ELOOP))
        return true; /* it was removed or replaced meanwhile */
    if (file < 0)
        return fail(walk, g_strerror(errno), error);
    if (walk->depth > TPS_WALK_DEPTH_MAX) {
        close(file);
        return fail(walk, "nested too deeply", error);
    }
    entries = read_entries(file);
    if (!entries)
        return fail(walk, g_strerror(errno), error);
    return visit_entries(walk, entries, error);
}

bool tps_walk_readable(const char *root, TpsWalkFlags flags, TpsWalkVisit visit, void *user,
                       GPtrArray *unread, GError **error)
{
    g_autoptr(GString) path = g_string_new(NULL);
    Walk walk = {
        .root = root,
        .flags = flags,
        .visit = visit,
        .user = user,
        .unread = unread,
        .path = path,
    };
    bool ok;

    walk.directory = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (walk.directory < 0)
        return fail(&walk, g_strerror(errno), error);
    ok = visit_directory(&walk, error);
    close(walk.directory);
    return ok;
}

bool tps_walk(const char *root, TpsWalkFlags flags, TpsWalkVisit visit, void *user, GError **error)
{
    return tps_walk_readable(root, flags, visit, user, NULL, error);
}

static bool add_path(const char *path, void *paths, GError **error)
{
    (void)error;
    g_ptr_array_add(paths, g_strdup(path));
    return true;
}

GPtrArray *tps_walk_list(const char *root, TpsWalkFlags flags, GError **error)
{
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);

    if (!tps_walk(root, flags, add_path, paths, error))
        return NULL;
    return g_steal_pointer(&paths);
}
