/* SPDX-License-Identifier: MIT */
#include "core/error.h"
#include "formats/chunks_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#define CHUNK_BYTES (64 * 1024)

static bool fail(GError **error, const char *path)
{
    int why = errno;

    g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT, "cannot read '%s': %s", path, g_strerror(why));
    return false;
}

static ssize_t read_some(int fd, char *bytes, size_t length)
{
    ssize_t n;

    do
        n = read(fd, bytes, length);
    while (n < 0 && errno == EINTR);
    return n;
}

bool tps_file_read_chunks(const char *path,
                          bool (*take)(const char *bytes, size_t length, void *user,
                                       GError **error),
                          void *user, GError **error)
{
    g_autofree char *chunk = g_malloc(CHUNK_BYTES);
    int fd = g_open(path, O_RDONLY | O_CLOEXEC, 0);
    bool ok = fd >= 0 || fail(error, path);

    while (ok) {
        ssize_t length = read_some(fd, chunk, CHUNK_BYTES);

        if (length == 0)
            break;
        ok = length < 0 ? fail(error, path) : take(chunk, (size_t)length, user, error);
    }
    if (fd >= 0)
        close(fd);
    return ok;
}
