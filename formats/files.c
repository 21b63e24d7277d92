/* SPDX-License-Identifier: MIT */
#include "formats/files.h"

#include "core/error.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glib/gstdio.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* nftw keeps so many directories open while it walks. */
#define WALK_FDS 16

bool tps_file_check(const char *path, GError **error)
{
    GStatBuf info;
    const char *why = NULL;

    if (g_stat(path, &info) < 0)
        why = g_strerror(errno);
    else if (!S_ISREG(info.st_mode) && !S_ISFIFO(info.st_mode))
        why = S_ISDIR(info.st_mode) ? g_strerror(EISDIR) : "it is not a file";
    if (why)
        g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT, "cannot read '%s': %s", path, why);
    return !why;
}

bool tps_file_is_plain(const char *path)
{
    GStatBuf info;

    return g_lstat(path, &info) == 0 && S_ISREG(info.st_mode);
}

bool tps_file_read(const char *path, char **text, gsize *length, GError **error)
{
    g_autoptr(GError) why = NULL;

    if (!tps_file_check(path, error))
        return false;
    if (g_file_get_contents(path, text, length, &why))
        return true;
    g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT, "%s", why->message);
    return false;
}

/* Why what is open there is not read; NULL = it is. */
static const char *refusal(int fd, struct stat *info)
{
    if (fd < 0 || fstat(fd, info) != 0)
        return g_strerror(errno);
    if (S_ISDIR(info->st_mode))
        return g_strerror(EISDIR);
    if (!S_ISREG(info->st_mode))
        return "it is not a regular file";
    return info->st_size > (off_t)TPS_FILE_REGULAR_BYTES ? "it is larger than 1 GiB" : NULL;
}

/* Up to its end, or to where it ended when it was opened: somebody may be writing still. */
static char *read_bytes(int fd, size_t size, gsize *length)
{
    g_autofree char *text = g_try_malloc(size + 1);
    size_t n = 0;

    while (text && n < size) {
        ssize_t got = read(fd, text + n, size - n);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return NULL;
        if (got == 0)
            break;
        n += (size_t)got;
    }
    if (!text)
        return NULL;
    text[n] = '\0';
    *length = n;
    return g_steal_pointer(&text);
}

bool tps_file_read_regular(const char *path, char **text, gsize *length, GError **error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct stat info;
    const char *why = refusal(fd, &info);
    gsize n = 0;

    *text = why ? NULL : read_bytes(fd, (size_t)info.st_size, &n);
    if (!why && !*text)
        why = g_strerror(errno);
    if (fd >= 0)
        close(fd);
    if (why)
        g_set_error(error, TPS_ERROR, TPS_ERROR_INPUT, "cannot read '%s': %s", path, why);
    else if (length)
        *length = n;
    return !why;
}

/* /dev/null, a pipe; and /dev/stdout, which leads to a file that others write to, too. */
bool tps_file_is_device(const char *path)
{
    GStatBuf info;

    if (g_str_has_prefix(path, "/dev/") || g_str_has_prefix(path, "/proc/"))
        return true;
    return g_stat(path, &info) == 0 && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode);
}

/* Which of our own files that names, say "/dev/stdout"; -1: none. */
static int own_fd(const char *path)
{
    static const char *const prefixes[] = {"/dev/fd/", "/proc/self/fd/"};
    guint64 fd;

    if (strcmp(path, "/dev/stdout") == 0)
        return STDOUT_FILENO;
    if (strcmp(path, "/dev/stderr") == 0)
        return STDERR_FILENO;
    for (size_t i = 0; i < G_N_ELEMENTS(prefixes); i++)
        if (g_str_has_prefix(path, prefixes[i]) &&
            g_ascii_string_to_unsigned(path + strlen(prefixes[i]), 10, 0, INT_MAX, &fd, NULL))
            return (int)fd;
    return -1;
}

int tps_file_open_device(const char *path)
{
    int own = own_fd(path);

    if (own < 0)
        return g_open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY, 0);
    fflush(own == STDERR_FILENO ? stderr : stdout);
    return fcntl(own, F_DUPFD_CLOEXEC, 0);
}

static bool write_device(const char *path, const char *text, size_t length, GError **error)
{
    int fd = tps_file_open_device(path);
    FILE *stream = fd < 0 ? NULL : fdopen(fd, "w");
    bool written = stream && fwrite(text, 1, length, stream) == length;
    int why = errno;

    if (stream && fclose(stream) != 0) {
        why = written ? errno : why;
        written = false;
    }
    if (!written)
        g_set_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR, "cannot write '%s': %s", path,
                    g_strerror(why));
    return written;
}

bool tps_file_write(const char *path, const char *text, size_t length, GError **error)
{
    g_autoptr(GError) why = NULL;

    if (tps_file_is_device(path))
        return write_device(path, text, length, error);
    if (g_file_set_contents_full(path, text, (gssize)length, G_FILE_SET_CONTENTS_CONSISTENT, 0666,
                                 &why))
        return true;
    g_set_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR, "cannot write '%s': %s", path, why->message);
    return false;
}

bool tps_write_all(int fd, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t n = write(fd, bytes, length);

        if (n < 0 && errno != EINTR)
            return false;
        if (n > 0) {
            bytes += n;
            length -= (size_t)n;
        }
    }
    return true;
}

char *tps_file_digest(const char *path, GError **error)
{
    g_autofree char *text = NULL;
    gsize length;

    if (!tps_file_read(path, &text, &length, error))
        return NULL;
    return g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)text, length);
}

bool tps_directory_make(const char *path, GError **error)
{
    if (g_mkdir_with_parents(path, 0777) == 0)
        return true;
    g_set_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR, "cannot make directory '%s': %s", path,
                g_strerror(errno));
    return false;
}

static int remove_one(const char *path, const struct stat *info, int type, struct FTW *ftw)
{
    (void)info;
    (void)type;
    (void)ftw;
    return remove(path);
}

bool tps_directory_remove(const char *path, GError **error)
{
    if (nftw(path, remove_one, WALK_FDS, FTW_DEPTH | FTW_PHYS | FTW_MOUNT) == 0 || errno == ENOENT)
        return true;
    g_set_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR, "cannot remove '%s': %s", path,
                g_strerror(errno));
    return false;
}
