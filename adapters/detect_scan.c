/* SPDX-License-Identifier: MIT */
#include "adapters/detect_internal.h"
#include "formats/walk.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* So much of a file is searched for what it shall contain. */
#define HEAD_MAX (256 * 1024)

/* A program that holds traces of more is no test, but knows them as we do. */
#define PROGRAM_FRAMEWORKS_MAX 2

typedef struct {
    const char *root;
    const GPtrArray *frameworks;
    GPtrArray *hits;      /* of TpsHits                                          */
    GHashTable *programs; /* "device:inode" of those that were looked at         */
    GPtrArray *matches;   /* of TpsFramework: those of one program               */
    char *head;           /* owned: of the file at hand, or NULL: not read yet   */
    gssize head_length;
} Scan;

static void hit_free(TpsHit *hit)
{
    g_free(hit->file);
    g_free(hit->directory);
    g_free(hit);
}

static void hits_free(TpsHits *hits)
{
    g_ptr_array_unref(hits->hits);
    g_free(hits);
}

char *tps_detect_directory(const char *file)
{
    const char *slash = strrchr(file, '/');

    return slash ? g_strndup(file, (gsize)(slash - file)) : g_strdup("");
}

bool tps_detect_is_below(const char *path, const char *directory)
{
    size_t length = strlen(directory);

    return length == 0 ||
           (strncmp(path, directory, length) == 0 && (path[length] == '\0' || path[length] == '/'));
}

static unsigned count_slashes(const char *text)
{
    unsigned n = 0;

    for (; *text; text++)
        n += *text == '/';
    return n;
}

/* The name of a file with the last n directories above it; NULL when it has fewer. */
static const char *tail_of(const char *path, unsigned n)
{
    for (const char *at = path + strlen(path); at > path; at--)
        if (at[-1] == '/' && n-- == 0)
            return at;
    return n == 0 ? path : NULL;
}

static void add_hit(TpsHits *hits, const char *path, const char *tail, TpsMarks marks,
                    bool is_program)
{
    TpsHit *hit = g_new0(TpsHit, 1);

    hit->file = g_strdup(path);
    hit->directory = tail > path ? g_strndup(path, (gsize)(tail - path - 1)) : g_strdup("");
    hit->marks = marks;
    hit->is_program = is_program;
    g_ptr_array_add(hits->hits, hit);
}

/* Directories full of other people's files, or of copies. */
static bool is_foreign(const char *path)
{
    static const char *const names[] = {
        "vendor",        "third_party",      "target",     "dist",
        "build",         "builddir",         "out",        "site-packages",
        "dist-packages", "bower_components", "CMakeFiles", "_build",
    };

    for (const char *end; (end = strchr(path, '/')); path = end + 1) {
        size_t length = (size_t)(end - path);

        for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
            if (strlen(names[i]) == length && memcmp(names[i], path, length) == 0)
                return true;
        if (g_str_has_prefix(path, "cmake-build-") || g_str_has_prefix(path, "bazel-"))
            return true;
    }
    return false;
}

/* What can't be read contains nothing. */
static void read_head(Scan *scan, const char *path)
{
    g_autofree char *whole = g_build_filename(scan->root, path, NULL);
    int file = open(whole, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

    scan->head = g_malloc(HEAD_MAX);
    scan->head_length = 0;
    if (file < 0)
        return;
    for (gssize n; scan->head_length < HEAD_MAX; scan->head_length += n) {
        n = read(file, scan->head + scan->head_length, (size_t)(HEAD_MAX - scan->head_length));
        if (n <= 0)
            break;
    }
    close(file);
}

static bool contains(Scan *scan, const char *path, const GRegex *pattern)
{
    if (!scan->head)
        read_head(scan, path);
    return g_regex_match_full(pattern, scan->head, scan->head_length, 0, 0, NULL, NULL);
}

/* Most names are told by their ends, which is much cheaper than a glob. */
static bool may_match(const char *glob, const char *tail)
{
    char last = glob[0] ? glob[strlen(glob) - 1] : '\0';

    if (!strchr("*?[\\", glob[0]) && glob[0] != tail[0])
        return false;
    return !g_ascii_isalnum(last) || last == tail[strlen(tail) - 1];
}

static void look_at_name(Scan *scan, TpsHits *hits, const char *path, bool foreign)
{
    unsigned seen = 0;

    for (guint i = 0; i < hits->framework->traces->len; i++) {
        const TpsTrace *trace = g_ptr_array_index(hits->framework->traces, i);
        const char *tail;

        if (!trace->file || seen & 1U << trace->marks ||
            (foreign && trace->marks != TPS_MARKS_BUILD))
            continue;
        tail = tail_of(path, count_slashes(trace->file));
        if (!tail || !may_match(trace->file, tail) || !tps_glob_matches(trace->file, tail) ||
            (trace->contains && !contains(scan, path, trace->contains)))
            continue;
        add_hit(hits, path, tail, trace->marks, false);
        seen |= 1U << trace->marks;
    }
}

/* One program may have several names. */
static bool is_new(Scan *scan, const struct stat *status)
{
    char *key = g_strdup_printf("%llu:%llu", (unsigned long long)status->st_dev,
                                (unsigned long long)status->st_ino);

    return g_hash_table_add(scan->programs, key);
}

static void look_at_program(Scan *scan, const char *path)
{
    g_autofree char *whole = g_build_filename(scan->root, path, NULL);
    struct stat status;

    if (stat(whole, &status) < 0 || !S_ISREG(status.st_mode) || !(status.st_mode & 0111) ||
        !is_new(scan, &status))
        return;
    g_ptr_array_set_size(scan->matches, 0);
    tps_detect_program(whole, scan->frameworks, scan->matches);
    if (scan->matches->len > PROGRAM_FRAMEWORKS_MAX)
        return;
    for (guint i = 0; i < scan->hits->len && scan->matches->len > 0; i++) {
        TpsHits *hits = g_ptr_array_index(scan->hits, i);

        if (g_ptr_array_find(scan->matches, hits->framework, NULL))
            add_hit(hits, path, tail_of(path, 0), TPS_MARKS_TESTS, true);
    }
}

static bool visit(const char *path, void *user, GError **error)
{
    Scan *scan = user;
    bool foreign = is_foreign(path);

    (void)error;
    for (guint i = 0; i < scan->hits->len; i++)
        look_at_name(scan, g_ptr_array_index(scan->hits, i), path, foreign);
    g_clear_pointer(&scan->head, g_free);
    look_at_program(scan, path);
    return true;
}

GPtrArray *tps_detect_scan(const char *root, const GPtrArray *frameworks, GPtrArray *notes,
                           GError **error)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify)hits_free);
    g_autoptr(GHashTable) programs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GPtrArray) matches = g_ptr_array_new();
    Scan scan = {
        .root = root,
        .frameworks = frameworks,
        .hits = all,
        .programs = programs,
        .matches = matches,
    };

    for (guint i = 0; i < frameworks->len; i++) {
        TpsHits *hits = g_new0(TpsHits, 1);

        hits->framework = g_ptr_array_index(frameworks, i);
        hits->hits = g_ptr_array_new_with_free_func((GDestroyNotify)hit_free);
        g_ptr_array_add(all, hits);
    }
    if (!tps_walk_readable(root, TPS_WALK_SKIP_USUAL, visit, &scan, notes, error))
        return NULL;
    return g_steal_pointer(&all);
}
