/* SPDX-License-Identifier: MIT */
#include "scheduler/artifacts.h"

#include "core/error.h"
#include "core/names.h"
#include "formats/beneath.h"
#include "formats/files.h"
#include "formats/glob.h"
#include "formats/walk.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define WILD "*?[\\"

/* Whoever leaves more means something else: each is named in the journal. */
#define ARTIFACTS_MAX 10000

/* What tells one state of a file from another. */
typedef struct {
    ino_t inode;
    off_t size;
    struct timespec modified;
    struct timespec changed;
} State;

struct TpsArtifactWatch {
    const TpsSuite *suite; /* borrowed */
    char *directory;       /* owned: where they are kept */
    GHashTable *before;    /* char* -> State, both owned */
};

char *tps_artifacts_directory(const char *part_directory, int number)
{
    g_autofree char *name =
        number == 0 ? g_strdup("artifacts") : g_strdup_printf("artifacts.%d", number);

    return g_build_filename(part_directory, name, NULL);
}

/* One search. */
typedef struct {
    const char *root;
    char **steps; /* the pattern, cut at its slashes */
    GString *path;
    GPtrArray *found;
} Search;

static void search(Search *search, guint step);

static void go(Search *s, const char *name, guint step)
{
    gsize length = s->path->len;

    if (length > 0)
        g_string_append_c(s->path, '/');
    g_string_append(s->path, name);
    if (s->steps[step + 1])
        search(s, step + 1);
    else
        g_ptr_array_add(s->found, g_strdup(s->path->str));
    g_string_truncate(s->path, length);
}

static void search_names(Search *s, guint step)
{
    g_autofree char *path = g_build_filename(s->root, s->path->str, NULL);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GDir) entries = g_dir_open(path, 0, NULL);
    const char *name;

    while (entries && (name = g_dir_read_name(entries)))
        if (tps_glob_matches(s->steps[step], name))
            g_ptr_array_add(names, g_strdup(name));
    for (guint i = 0; i < names->len; i++)
        go(s, g_ptr_array_index(names, i), step);
}

/* Of a walk. */
typedef struct {
    const char *pattern;
    const char *prefix;
    GPtrArray *found;
} Tree;

static bool take_deep(const char *path, void *user, GError **error)
{
    const Tree *tree = user;
    /* With a slash in it a pattern is held against the whole path. */
    g_autofree char *whole = g_strconcat("./", path, NULL);

    (void)error;
    if (tps_glob_matches(tree->pattern, whole))
        g_ptr_array_add(tree->found, *tree->prefix ? g_build_filename(tree->prefix, path, NULL)
                                                   : g_strdup(path));
    return true;
}

static void search_tree(Search *s, guint step)
{
    g_autofree char *root = g_build_filename(s->root, s->path->str, NULL);
    g_autofree char *rest = g_strjoinv("/", s->steps + step);
    g_autofree char *pattern = g_strconcat("./", rest, NULL);
    g_autoptr(GPtrArray) unread = g_ptr_array_new_with_free_func(g_free);
    Tree tree = {pattern, s->path->str, s->found};

    tps_walk_readable(root, TPS_WALK_SKIP_USUAL, take_deep, &tree, unread, NULL);
}

static void search(Search *s, guint step)
{
    const char *name = s->steps[step];

    if (strstr(name, "**"))
        search_tree(s, step);
    else if (strpbrk(name, WILD))
        search_names(s, step);
    else
        go(s, name, step);
}

/* What is there under that name may be anything. */
static int open_regular(const char *root, const char *path, struct stat *status)
{
    int directory = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int file = directory < 0 ? -1 : tps_beneath_open(directory, path, status);
    int why = errno;

    if (directory >= 0)
        close(directory);
    errno = why;
    return file;
}

static bool is_regular(const char *root, const char *path)
{
    int file = open_regular(root, path, NULL);

    if (file >= 0)
        close(file);
    /* One that can't be read is to be complained about, not to be overlooked. */
    return file >= 0 || errno == EACCES;
}

void tps_artifacts_find(const char *root, const char *pattern, GPtrArray *found)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GString) path = g_string_new(NULL);
    g_auto(GStrv) steps = g_strsplit(pattern, "/", -1);
    Search s = {root, steps, path, names};

    search(&s, 0);
    for (guint i = 0; i < names->len; i++)
        if (is_regular(root, g_ptr_array_index(names, i)))
            g_ptr_array_add(found, g_strdup(g_ptr_array_index(names, i)));
    tps_names_sort_unique(found);
}

static GPtrArray *find_all(const TpsSuite *suite)
{
    GPtrArray *found = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < suite->artifacts->len; i++) {
        const TpsArtifactRule *rule = g_ptr_array_index(suite->artifacts, i);

        tps_artifacts_find(suite->cwd, rule->pattern, found);
    }
    return found;
}

static State state_of(const struct stat *status)
{
    return (State){status->st_ino, status->st_size, status->st_mtim, status->st_ctim};
}

static bool is_same_time(struct timespec a, struct timespec b)
{
    return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

static void remember(TpsArtifactWatch *watch)
{
    g_autoptr(GPtrArray) found = find_all(watch->suite);

    for (guint i = 0; i < found->len; i++) {
        const char *path = g_ptr_array_index(found, i);
        struct stat status;
        int file = open_regular(watch->suite->cwd, path, &status);
        State *before;

        if (file < 0)
            continue;
        close(file);
        before = g_new(State, 1);
        *before = state_of(&status);
        g_hash_table_insert(watch->before, g_strdup(path), before);
    }
}

TpsArtifactWatch *tps_artifact_watch_new(const TpsSuite *suite, const char *directory,
                                         GError **error)
{
    TpsArtifactWatch *watch;

    if (!tps_directory_make(directory, error))
        return NULL;
    watch = g_new0(TpsArtifactWatch, 1);
    watch->suite = suite;
    watch->directory = g_strdup(directory);
    watch->before = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    remember(watch);
    return watch;
}

void tps_artifact_watch_free(TpsArtifactWatch *watch)
{
    if (!watch)
        return;
    g_free(watch->directory);
    g_hash_table_unref(watch->before);
    g_free(watch);
}

static bool is_new(const TpsArtifactWatch *watch, const char *path, const struct stat *status)
{
    const State *before = g_hash_table_lookup(watch->before, path);
    State now = state_of(status);

    return !before || before->inode != now.inode || before->size != now.size ||
           !is_same_time(before->modified, now.modified) ||
           !is_same_time(before->changed, now.changed);
}

static void say_unkept(TpsPartReport *report, const char *path)
{
    g_ptr_array_add(report->problems, g_strdup_printf("its artifact '%s' can't be kept: %s", path,
                                                      g_strerror(errno)));
}

/* What the task itself has put there under that name is its own for sure, and stays. */
static bool copy(int kept, int from, const char *path)
{
    int to = tps_beneath_create(kept, path);
    g_autofree char *digest = NULL;
    int64_t size;
    int why;

    if (to < 0)
        return errno == EEXIST;
    digest = tps_copy_digest(from, to, &size);
    why = errno;
    if (close(to) < 0 && digest) {
        why = errno;
        g_clear_pointer(&digest, g_free);
    }
    errno = why;
    return digest != NULL;
}

static void keep_found(TpsArtifactWatch *watch, int kept, TpsPartReport *report)
{
    g_autoptr(GPtrArray) found = find_all(watch->suite);

    for (guint i = 0; i < found->len; i++) {
        const char *path = g_ptr_array_index(found, i);
        struct stat status;
        int file = open_regular(watch->suite->cwd, path, &status);

        if (file < 0 || (is_new(watch, path, &status) && !copy(kept, file, path)))
            say_unkept(report, path);
        if (file >= 0)
            close(file);
    }
}

static bool is_wanted(const TpsArtifactRule *rule, const char *path)
{
    g_autofree char *pattern = g_strconcat("./", rule->pattern, NULL);
    g_autofree char *whole = g_strconcat("./", path, NULL);

    return tps_glob_matches(pattern, whole);
}

/* Which of the required ones is it? */
static bool note_required(const TpsSuite *suite, const char *path, bool *seen)
{
    bool required = false;

    for (guint i = 0; i < suite->artifacts->len; i++) {
        const TpsArtifactRule *rule = g_ptr_array_index(suite->artifacts, i);

        if (!rule->required || !is_wanted(rule, path))
            continue;
        seen[i] = true;
        required = true;
    }
    return required;
}

static void note(const TpsArtifactWatch *watch, int kept, const char *path, int number,
                 TpsPartReport *report, bool *seen)
{
    int file = tps_beneath_open(kept, path, NULL);
    g_autofree char *digest = NULL;
    TpsArtifact *artifact;
    int64_t size;

    if (file < 0 && (errno == ELOOP || errno == EINVAL))
        return; /* a link, or no file at all */
    if (file >= 0) {
        digest = tps_copy_digest(file, -1, &size);
        close(file);
    }
    if (!digest) {
        say_unkept(report, path);
        return;
    }
    artifact = tps_artifacts_add(report->artifacts, path, size, digest);
    artifact->number = number;
    artifact->required = note_required(watch->suite, path, seen);
}

/* NULL, and a problem, when it can't be said what is there. */
static GPtrArray *list_kept(const TpsArtifactWatch *watch, TpsPartReport *report)
{
    g_autoptr(GError) why = NULL;
    g_autoptr(GPtrArray) paths = tps_walk_list(watch->directory, TPS_WALK_ALL, &why);

    if (!paths) {
        g_ptr_array_add(report->problems, g_strdup_printf("its artifacts: %s", why->message));
        return NULL;
    }
    if (paths->len > ARTIFACTS_MAX) {
        g_ptr_array_add(report->problems, g_strdup_printf("it left %u artifacts, more than %d",
                                                          paths->len, ARTIFACTS_MAX));
        return NULL;
    }
    tps_names_sort_unique(paths);
    return g_steal_pointer(&paths);
}

static void note_all(const TpsArtifactWatch *watch, int kept, int number, TpsPartReport *report)
{
    g_autoptr(GPtrArray) paths = list_kept(watch, report);
    g_autofree bool *seen = g_new0(bool, watch->suite->artifacts->len);

    for (guint i = 0; paths && i < paths->len; i++)
        note(watch, kept, g_ptr_array_index(paths, i), number, report, seen);
    for (guint i = 0; i < watch->suite->artifacts->len; i++) {
        const TpsArtifactRule *rule = g_ptr_array_index(watch->suite->artifacts, i);

        if (rule->required && !seen[i])
            g_ptr_array_add(report->problems,
                            g_strdup_printf("its artifact '%s' is missing", rule->pattern));
    }
}

void tps_artifact_watch_take(TpsArtifactWatch *watch, int number, TpsPartReport *report)
{
    int kept = open(watch->directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

    if (kept < 0) {
        say_unkept(report, watch->directory);
        return;
    }
    keep_found(watch, kept, report);
    note_all(watch, kept, number, report);
    close(kept);
    rmdir(watch->directory); /* when nothing is in it */
}
