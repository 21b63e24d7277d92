/* SPDX-License-Identifier: MIT */
#include "scheduler/copies.h"

#include "formats/files.h"
#include "formats/loose/loose.h"
#include "scheduler/collect.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SAMPLE_BYTES 512
#define N_SAMPLES 3

/* Files that may be equal. */
typedef struct {
    guint file;
    int64_t size;
    char *digest; /* owned or NULL: of what was looked at so far; "": can't be read */
} Candidate;

static void candidate_clear(Candidate *candidate)
{
    g_free(candidate->digest);
}

static const char *path_of(const GPtrArray *files, guint i)
{
    return ((const TpsLooseFile *)g_ptr_array_index(files, i))->path;
}

static int compare(const void *a, const void *b)
{
    const Candidate *x = a;
    const Candidate *y = b;
    int order = (x->size > y->size) - (x->size < y->size);

    if (!order)
        order = g_strcmp0(x->digest, y->digest);
    return order ? order : (x->file > y->file) - (x->file < y->file);
}

static bool may_be_equal(const Candidate *a, const Candidate *b)
{
    return a->size == b->size && g_strcmp0(a->digest, b->digest) == 0;
}

/* Reports without names in them, such as TAP, are called as their file: two of them are no copies.
 */
static char *with_name(const char *digest, const char *path, char first)
{
    g_autofree char *name = first == '<' ? g_strdup("") : tps_loose_name(path);

    return g_strconcat(digest, " ", name, NULL);
}

/* Of the beginning, the middle and the end; caller frees. */
static char *digest_samples(const char *path, int64_t size)
{
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
    int fd = g_open(path, O_RDONLY | O_CLOEXEC, 0);
    int64_t last = MAX(size - SAMPLE_BYTES, 0);
    bool ok = fd >= 0;
    char first = '\0';

    for (int i = 0; ok && i < N_SAMPLES; i++) {
        guchar sample[SAMPLE_BYTES];
        ssize_t n = pread(fd, sample, sizeof(sample), (off_t)(last / (N_SAMPLES - 1) * i));

        ok = n > 0;
        if (ok && i == 0)
            first = (char)sample[0];
        if (ok)
            g_checksum_update(checksum, sample, n);
    }
    if (fd >= 0)
        close(fd);
    return ok ? with_name(g_checksum_get_string(checksum), path, first) : g_strdup("");
}

static char first_byte(const char *path)
{
    FILE *stream = g_fopen(path, "re");
    int first = stream ? getc(stream) : EOF;

    if (stream)
        fclose(stream);
    return first == EOF ? '\0' : (char)first;
}

static char *digest_all(const char *path, int64_t size)
{
    g_autofree char *digest = tps_file_digest(path, NULL);

    (void)size;
    return digest ? with_name(digest, path, first_byte(path)) : g_strdup("");
}

/* Keep those that another one may be equal to, and look closer at them. */
static void sift(GArray *candidates, const GPtrArray *files,
                 char *(*look)(const char *path, int64_t size))
{
    g_autoptr(GArray) kept = g_array_new(FALSE, FALSE, sizeof(Candidate));
    g_autoptr(GArray) dropped = g_array_new(FALSE, FALSE, sizeof(Candidate));

    g_array_sort(candidates, compare);
    for (guint i = 0; i < candidates->len; i++) {
        Candidate *candidate = &g_array_index(candidates, Candidate, i);

        if ((i > 0 && may_be_equal(candidate - 1, candidate)) ||
            (i + 1 < candidates->len && may_be_equal(candidate, candidate + 1)))
            g_array_append_val(kept, *candidate);
        else
            g_array_append_val(dropped, *candidate);
    }
    for (guint i = 0; i < dropped->len; i++)
        candidate_clear(&g_array_index(dropped, Candidate, i));
    g_array_set_size(candidates, 0);
    for (guint i = 0; i < kept->len; i++) {
        Candidate candidate = g_array_index(kept, Candidate, i);

        g_free(candidate.digest);
        candidate.digest = look(path_of(files, candidate.file), candidate.size);
        g_array_append_val(candidates, candidate);
    }
    g_array_sort(candidates, compare);
}

static GArray *find_candidates(const GPtrArray *files, uint64_t *bytes)
{
    GArray *candidates = g_array_new(FALSE, TRUE, sizeof(Candidate));

    for (guint i = 0; i < files->len; i++) {
        Candidate candidate = {.file = i};
        GStatBuf info;

        if (g_stat(path_of(files, i), &info) < 0 || !S_ISREG(info.st_mode) || info.st_size <= 0)
            continue;
        candidate.size = info.st_size;
        *bytes += (uint64_t)info.st_size;
        g_array_append_val(candidates, candidate);
    }
    return candidates;
}

TpsCopies tps_copies_find(const GPtrArray *files)
{
    TpsCopies copies = {.is_copy = g_new0(bool, files->len + 1),
                        .has_copy = g_new0(bool, files->len + 1)};
    g_autoptr(GArray) candidates = find_candidates(files, &copies.bytes);

    sift(candidates, files, digest_samples);
    sift(candidates, files, digest_all);
    for (guint i = 0, first = 0; i < candidates->len; i++) {
        const Candidate *candidate = &g_array_index(candidates, Candidate, i);
        const Candidate *original = &g_array_index(candidates, Candidate, first);

        if (i == first || !*candidate->digest || !may_be_equal(original, candidate)) {
            first = i;
            continue;
        }
        copies.is_copy[candidate->file] = true;
        copies.has_copy[original->file] = true;
        copies.bytes -= (uint64_t)candidate->size;
    }
    g_array_set_clear_func(candidates, (GDestroyNotify)candidate_clear);
    return copies;
}

void tps_copies_clear(TpsCopies *copies)
{
    g_free(copies->is_copy);
    g_free(copies->has_copy);
}
