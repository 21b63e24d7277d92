/* SPDX-License-Identifier: MIT */
#include "adapters/detect.h"

#include "adapters/detect_internal.h"

#include <string.h>

typedef struct {
    const char *root;
    const TpsHits *hits;
    GPtrArray *found; /* of TpsDetected: all frameworks so far */
    GPtrArray *notes;
    GPtrArray *files; /* of TpsHit: files of tests, borrowed   */
    GPtrArray *roots; /* of Root: projects and packages, those above first */
} Detector;

/* A project or package. */
typedef struct {
    const TpsHit *hit;
    GPtrArray *files; /* of TpsHit: those it is the nearest of */
} Root;

static void detected_free(TpsDetected *detected)
{
    g_free(detected->cwd);
    g_free(detected->path);
    g_free(detected->place);
    g_free(detected->trace);
    g_free(detected);
}

static void root_free(Root *root)
{
    g_ptr_array_unref(root->files);
    g_free(root);
}

static const char *shown(const char *directory)
{
    return *directory ? directory : ".";
}

static void note(Detector *detector, const char *place, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

static void note(Detector *detector, const char *place, const char *format, ...)
{
    va_list arguments;
    g_autofree char *text = NULL;

    va_start(arguments, format);
    text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_ptr_array_add(
        detector->notes,
        g_strdup_printf("%s in %s: %s", detector->hits->framework->name, shown(place), text));
}

/* `place` is at or below `cwd`. */
static TpsDetected *add(Detector *detector, const char *cwd, const char *place, const char *trace)
{
    TpsDetected *detected = g_new0(TpsDetected, 1);
    size_t length = strlen(cwd);

    detected->framework = detector->hits->framework;
    detected->cwd = g_strdup(cwd);
    detected->place = g_strdup(place);
    if (strcmp(place, cwd) != 0)
        detected->path = g_strdup(place + (length > 0 ? length + 1 : 0));
    detected->trace = g_strdup(trace);
    g_ptr_array_add(detector->found, detected);
    return detected;
}

static void count_files(TpsDetected *detected, const GPtrArray *files)
{
    for (guint i = 0; i < files->len; i++) {
        const TpsHit *hit = g_ptr_array_index(files, i);
        g_autofree char *directory = tps_detect_directory(hit->file);
        g_autofree char *of_trace = tps_detect_directory(detected->trace);

        detected->n_files++;
        if (strcmp(directory, detected->place) != 0 && strcmp(directory, of_trace) != 0 &&
            strcmp(hit->file, detected->place) != 0)
            detected->is_deep = true;
    }
}

/* How long the nearest directory is that holds all of them. */
static size_t common_length(const GPtrArray *files)
{
    g_autofree char *common = tps_detect_directory(((TpsHit *)g_ptr_array_index(files, 0))->file);

    for (guint i = 1; i < files->len; i++) {
        const TpsHit *hit = g_ptr_array_index(files, i);

        while (!tps_detect_is_below(hit->file, common)) {
            char *slash = strrchr(common, '/');

            *(slash ? slash : common) = '\0';
        }
    }
    return strlen(common);
}

/* Does another suite's or project's directory lie there? */
static bool holds_others(const Detector *detector, const char *directory, const char *cwd)
{
    for (guint i = 0; i < detector->roots->len; i++) {
        const Root *root = g_ptr_array_index(detector->roots, i);

        if (strcmp(root->hit->directory, cwd) != 0 &&
            tps_detect_is_below(root->hit->directory, directory))
            return true;
    }
    for (guint i = 0; i < detector->found->len; i++) {
        const TpsDetected *other = g_ptr_array_index(detector->found, i);
        char **covers = other->framework->init.covers;

        if (covers &&
            g_strv_contains((const char *const *)covers, detector->hits->framework->name) &&
            tps_detect_is_below(other->place, directory))
            return true;
    }
    return false;
}

/* Does a directory say that it belongs to the one above it? */
static bool is_package(const Detector *detector, const char *directory)
{
    const char *mark = detector->hits->framework->init.package;
    g_autofree char *path = mark ? g_build_filename(detector->root, directory, mark, NULL) : NULL;

    return path && *directory && g_file_test(path, G_FILE_TEST_EXISTS);
}

/* The nearest directory at or above one that is no package, but not above `top`. Caller frees. */
static char *above_packages(const Detector *detector, const char *directory, const char *top)
{
    char *above = g_strdup(directory);

    while (strcmp(above, top) != 0 && is_package(detector, above)) {
        char *next = tps_detect_directory(above);

        g_free(above);
        above = next;
    }
    return above;
}

static bool is_reached(const Detector *detector, const char *top, const char *file)
{
    g_autofree char *directory = tps_detect_directory(file);
    g_autofree char *above = above_packages(detector, directory, top);

    return strcmp(above, top) == 0;
}

/* Would the framework find all of them if it were pointed at that directory? */
static bool are_reached(const Detector *detector, const char *top, const GPtrArray *files)
{
    if (!detector->hits->framework->init.package)
        return true;
    for (guint i = 0; i < files->len; i++)
        if (!is_reached(detector, top, ((TpsHit *)g_ptr_array_index(files, i))->file))
            return false;
    return true;
}

/* The part of a path up to the end of the first name behind `length` bytes. */
static char *child_of(const char *path, size_t length)
{
    const char *name = path + length + (length > 0 ? 1 : 0);
    const char *end = strchr(name, '/');

    return end ? g_strndup(path, (gsize)(end - path)) : g_strdup(path);
}

/*
 * Suites of test files, given in the order of the walk: one at the directory that holds them all,
 * or, where that holds others' too, some further down.
 */
static void group(Detector *detector, const GPtrArray *files, const char *cwd)
{
    const TpsHit *first = g_ptr_array_index(files, 0);
    g_autofree char *nearest = g_strndup(first->file, common_length(files));
    g_autofree char *common = above_packages(detector, nearest, cwd);
    size_t length = strlen(common);
    guint i = 0;

    if (!holds_others(detector, common, cwd) && are_reached(detector, common, files)) {
        count_files(add(detector, cwd, common, first->file), files);
        return;
    }
    while (i < files->len) {
        g_autoptr(GPtrArray) some = g_ptr_array_new();
        const TpsHit *hit = g_ptr_array_index(files, i);
        g_autofree char *child = child_of(hit->file, length);

        for (; i < files->len; i++) {
            hit = g_ptr_array_index(files, i);
            if (!tps_detect_is_below(hit->file, child))
                break;
            g_ptr_array_add(some, (gpointer)hit);
        }
        if (strcmp(((TpsHit *)g_ptr_array_index(some, 0))->file, child) == 0)
            count_files(add(detector, cwd, child, child), some);
        else
            group(detector, some, cwd);
    }
}

/* Is it left to another framework that was found there? */
static bool is_covered(Detector *detector, const TpsHit *hit)
{
    bool is_root = hit->marks == TPS_MARKS_PROJECT || hit->marks == TPS_MARKS_PACKAGE;

    for (guint i = 0; i < detector->found->len; i++) {
        const TpsDetected *other = g_ptr_array_index(detector->found, i);
        char **covers = other->framework->init.covers;

        if (!covers ||
            !g_strv_contains((const char *const *)covers, detector->hits->framework->name) ||
            !(is_root ? strcmp(hit->directory, other->place) == 0
                      : tps_detect_is_below(hit->file, other->place)))
            continue;
        if (hit->is_program || is_root)
            note(detector, is_root ? hit->directory : hit->file, "left to %s, which is in %s",
                 other->framework->name, shown(other->place));
        return true;
    }
    return false;
}

/* Directories that are marked so, each once, those above before those below. */
static int compare_hits(const void *a, const void *b)
{
    const TpsHit *left = *(const TpsHit *const *)a;
    const TpsHit *right = *(const TpsHit *const *)b;

    return strcmp(left->directory, right->directory);
}

static GPtrArray *marked(Detector *detector, unsigned marks)
{
    GPtrArray *hits = g_ptr_array_new();
    guint n = 0;

    for (guint i = 0; i < detector->hits->hits->len; i++) {
        TpsHit *hit = g_ptr_array_index(detector->hits->hits, i);

        if (marks & 1U << hit->marks && !hit->is_program)
            g_ptr_array_add(hits, hit);
    }
    g_ptr_array_sort(hits, compare_hits);
    for (guint i = 0; i < hits->len; i++)
        if (n == 0 || compare_hits(&hits->pdata[n - 1], &hits->pdata[i]) != 0)
            hits->pdata[n++] = hits->pdata[i];
    g_ptr_array_set_size(hits, (gint)n);
    return hits;
}

/* Of hits, those that are not below another one of them. */
static GPtrArray *outermost(const GPtrArray *hits)
{
    GPtrArray *outer = g_ptr_array_new();

    for (guint i = 0; i < hits->len; i++) {
        TpsHit *hit = g_ptr_array_index(hits, i);
        bool is_inner = false;

        for (guint j = 0; j < outer->len && !is_inner; j++)
            is_inner = tps_detect_is_below(hit->directory,
                                           ((TpsHit *)g_ptr_array_index(outer, j))->directory);
        if (!is_inner)
            g_ptr_array_add(outer, hit);
    }
    return outer;
}

static void add_builds(Detector *detector)
{
    g_autoptr(GPtrArray) hits = marked(detector, 1U << TPS_MARKS_BUILD);
    g_autoptr(GPtrArray) builds = outermost(hits);

    for (guint i = 0; i < builds->len; i++) {
        const TpsHit *hit = g_ptr_array_index(builds, i);

        add(detector, "", hit->directory, hit->file);
    }
}

/* A source is of use for what was built of it. */
static void note_sources(Detector *detector)
{
    g_autoptr(GPtrArray) hits = marked(detector, 1U << TPS_MARKS_SOURCE);
    g_autoptr(GPtrArray) sources = outermost(hits);

    for (guint i = 0; i < sources->len; i++) {
        const TpsHit *hit = g_ptr_array_index(sources, i);
        bool is_built = false;

        for (guint j = 0; j < detector->found->len; j++) {
            const TpsDetected *other = g_ptr_array_index(detector->found, j);

            is_built = is_built || (other->framework == detector->hits->framework &&
                                    tps_detect_is_below(other->place, hit->directory));
        }
        if (!is_built)
            note(detector, hit->directory, "no build of %s is there%s%s", hit->file,
                 detector->hits->framework->init.hint ? "; " : "",
                 detector->hits->framework->init.hint ? detector->hits->framework->init.hint : "");
    }
}

static void find_roots(Detector *detector)
{
    g_autoptr(GPtrArray) hits = marked(detector, 1U << TPS_MARKS_PROJECT | 1U << TPS_MARKS_PACKAGE);

    for (guint i = 0; i < hits->len; i++) {
        Root *root;

        if (is_covered(detector, g_ptr_array_index(hits, i)))
            continue;
        root = g_new0(Root, 1);
        root->hit = g_ptr_array_index(hits, i);
        root->files = g_ptr_array_new();
        g_ptr_array_add(detector->roots, root);
    }
}

/* The last one that it is below; those above come first. */
static Root *nearest_root(const Detector *detector, const char *file)
{
    for (guint i = detector->roots->len; i > 0; i--) {
        Root *root = g_ptr_array_index(detector->roots, i - 1);

        if (tps_detect_is_below(file, root->hit->directory))
            return root;
    }
    return NULL;
}

/* To their projects; into `files` what has none. A file may have two traces. */
static void deal_files(Detector *detector)
{
    const char *last = "";

    for (guint i = 0; i < detector->hits->hits->len; i++) {
        TpsHit *hit = g_ptr_array_index(detector->hits->hits, i);
        Root *root;

        if ((hit->marks != TPS_MARKS_TESTS && hit->marks != TPS_MARKS_MAYBE) || hit->is_program ||
            is_covered(detector, hit))
            continue;
        root = nearest_root(detector, hit->file);
        if (root && strcmp(last, hit->file) != 0)
            g_ptr_array_add(root->files, hit);
        else if (!root && hit->marks == TPS_MARKS_TESTS)
            g_ptr_array_add(detector->files, hit);
        last = hit->file;
    }
}

static bool knows_files(const TpsFramework *framework)
{
    for (guint i = 0; i < framework->traces->len; i++) {
        const TpsTrace *trace = g_ptr_array_index(framework->traces, i);

        if (trace->file && (trace->marks == TPS_MARKS_TESTS || trace->marks == TPS_MARKS_MAYBE))
            return true;
    }
    return false;
}

static bool has_inner_roots(const Detector *detector, const Root *root)
{
    for (guint i = 0; i < detector->roots->len; i++) {
        const Root *other = g_ptr_array_index(detector->roots, i);

        if (other != root && tps_detect_is_below(other->hit->directory, root->hit->directory))
            return true;
    }
    return false;
}

static void add_root(Detector *detector, const Root *root)
{
    const char *directory = root->hit->directory;
    bool is_package = root->hit->marks == TPS_MARKS_PACKAGE;

    if (is_package ? root->files->len > 0 || !knows_files(detector->hits->framework)
                   : !has_inner_roots(detector, root))
        count_files(add(detector, directory, directory, root->hit->file), root->files);
    else if (root->files->len > 0)
        group(detector, root->files, directory);
    else
        note(detector, directory, "%s is there, and no tests but those of projects below it",
             root->hit->file);
}

static void add_programs(Detector *detector)
{
    for (guint i = 0; i < detector->hits->hits->len; i++) {
        const TpsHit *hit = g_ptr_array_index(detector->hits->hits, i);

        if (hit->is_program && !is_covered(detector, hit))
            add(detector, "", hit->file, hit->file);
    }
}

/* No project says where its tests are: the path must. */
static void add_files(Detector *detector)
{
    guint first = detector->found->len;

    if (detector->files->len > 0)
        group(detector, detector->files, "");
    for (guint i = first; i < detector->found->len; i++) {
        TpsDetected *detected = g_ptr_array_index(detector->found, i);

        if (!detected->path)
            detected->path = g_strdup(".");
    }
}

static void detect_framework(Detector *detector)
{
    add_builds(detector);
    note_sources(detector);
    find_roots(detector);
    deal_files(detector);
    for (guint i = 0; i < detector->roots->len; i++)
        add_root(detector, g_ptr_array_index(detector->roots, i));
    add_files(detector);
    add_programs(detector);
}

static void run_detector(const char *root, const TpsHits *hits, GPtrArray *found, GPtrArray *notes)
{
    g_autoptr(GPtrArray) files = g_ptr_array_new();
    g_autoptr(GPtrArray) roots = g_ptr_array_new_with_free_func((GDestroyNotify)root_free);
    Detector detector = {root, hits, found, notes, files, roots};

    detect_framework(&detector);
}

static bool waits_for(const TpsHits *hits, const TpsHits *other)
{
    char **covers = other->framework->init.covers;

    return covers && hits != other &&
           g_strv_contains((const char *const *)covers, hits->framework->name);
}

/* The first that no other one covers; in a circle, the first. */
static guint next_of(const GPtrArray *pending)
{
    for (guint i = 0; i < pending->len; i++) {
        bool waits = false;

        for (guint j = 0; j < pending->len && !waits; j++)
            waits = waits_for(g_ptr_array_index(pending, i), g_ptr_array_index(pending, j));
        if (!waits)
            return i;
    }
    return 0;
}

static int compare_detected(const void *a, const void *b)
{
    const TpsDetected *left = *(const TpsDetected *const *)a;
    const TpsDetected *right = *(const TpsDetected *const *)b;
    int order = strcmp(left->place, right->place);

    return order != 0 ? order : strcmp(left->framework->name, right->framework->name);
}

GPtrArray *tps_detect(const char *root, const GPtrArray *frameworks, GPtrArray *notes,
                      GError **error)
{
    g_autoptr(GPtrArray) all = tps_detect_scan(root, frameworks, notes, error);
    g_autoptr(GPtrArray) pending = g_ptr_array_new();
    GPtrArray *found;

    if (!all)
        return NULL;
    found = g_ptr_array_new_with_free_func((GDestroyNotify)detected_free);
    for (guint i = 0; i < all->len; i++)
        g_ptr_array_add(pending, g_ptr_array_index(all, i));
    while (pending->len > 0)
        run_detector(root, g_ptr_array_steal_index(pending, next_of(pending)), found, notes);
    g_ptr_array_sort(found, compare_detected);
    return found;
}
