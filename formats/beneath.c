/* SPDX-License-Identifier: MIT */
#include "formats/beneath.h"

#include "core/artifact.h"
#include "formats/files.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <string.h>
#include <unistd.h>

#define BLOCK_BYTES ((size_t)256 * 1024)

static void close_kept(int file)
{
    int why = errno;

    close(file);
    errno = why;
}

static int enter(int directory, const char *name, bool make)
{
    if (make && mkdirat(directory, name, 0777) < 0 && errno != EEXIST)
        return -1;
    return openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* The directory of a path's last name, which `name` points to then. A new descriptor, or -1. */
static int walk_to(int directory, const char *path, bool make, const char **name)
{
    int here = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const char *slash;

    if (here >= 0 && !tps_path_is_inner(path)) {
        close(here);
        errno = EINVAL;
        return -1;
    }
    for (*name = path; here >= 0 && (slash = strchr(*name, '/')); *name = slash + 1) {
        g_autofree char *step = g_strndup(*name, (gsize)(slash - *name));
        int next = enter(here, step, make);

        close_kept(here);
        here = next;
    }
    return here;
}

int tps_beneath_open(int directory, const char *path, struct stat *status)
{
    const char *name;
    int above = walk_to(directory, path, false, &name);
    struct stat own;
    int file;

    if (above < 0)
        return -1;
    file = openat(above, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    close_kept(above);
    if (file < 0)
        return -1;
    if (fstat(file, &own) == 0 && S_ISREG(own.st_mode)) {
        if (status)
            *status = own;
        return file;
    }
    close(file);
    errno = EINVAL;
    return -1;
}

int tps_beneath_create(int directory, const char *path)
{
    const char *name;
    int above = walk_to(directory, path, true, &name);
    int file;

    if (above < 0)
        return -1;
    file = openat(above, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    close_kept(above);
    return file;
}

char *tps_copy_digest(int from, int to, int64_t *size)
{
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_autofree char *block = g_malloc(BLOCK_BYTES);
    char *digest = NULL;
    off_t start = lseek(from, 0, SEEK_CUR);
    struct stat status;
    bool done = start >= 0 && fstat(from, &status) == 0;
    int64_t end = done ? status.st_size - start : 0;
    ssize_t n;

    *size = 0;
    while (done && *size < end) {
        n = read(from, block, (size_t)MIN(end - *size, (int64_t)BLOCK_BYTES));
        if (n < 0 && errno == EINTR)
            continue;
        if (n == 0)
            break;
        done = n > 0 && (to < 0 || tps_write_all(to, block, (size_t)n));
        if (!done)
            break;
        g_checksum_update(sum, (const guchar *)block, n);
        *size += n;
    }
    if (done)
        digest = g_strdup(g_checksum_get_string(sum));
    g_checksum_free(sum);
    return digest;
}
