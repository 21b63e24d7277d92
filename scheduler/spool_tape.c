/* SPDX-License-Identifier: MIT */
#include "core/error.h"
#include "scheduler/spool_internal.h"
#include "scheduler/stop.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define PEN_BYTES ((guint)256 << 10)

bool tps_spool_is_stopped(GError **error)
{
    if (tps_stop_count() == 0)
        return false;
    g_set_error(error, TPS_ERROR, TPS_ERROR_INTERRUPTED, "interrupted");
    return true;
}

static bool fail(GError **error, const char *what, int why)
{
    g_set_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR, "cannot %s a temporary file in '%s': %s",
                what, g_get_tmp_dir(), g_strerror(why));
    return false;
}

/* It has no name, or not for long: nobody has to remove it, whatever becomes of this program. */
static int open_unnamed(void)
{
    g_autofree char *path = g_build_filename(g_get_tmp_dir(), "tpsched.XXXXXX", NULL);
    int fd = open(g_get_tmp_dir(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

    if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL))
        return fd;
    fd = g_mkstemp_full(path, O_RDWR | O_CLOEXEC, 0600);
    if (fd >= 0)
        g_unlink(path);
    return fd;
}

TpsSpoolTape *tps_spool_tape_new(size_t memory_max)
{
    TpsSpoolTape *tape = g_new0(TpsSpoolTape, 1);

    tape->memory = g_byte_array_new();
    tape->memory_max = memory_max;
    tape->fd = -1;
    g_mutex_init(&tape->lock);
    return tape;
}

void tps_spool_tape_free(TpsSpoolTape *tape)
{
    if (!tape)
        return;
    g_clear_pointer(&tape->memory, g_byte_array_unref);
    if (tape->fd >= 0)
        close(tape->fd);
    g_mutex_clear(&tape->lock);
    g_free(tape);
}

static bool write_all(int fd, uint64_t offset, const char *bytes, size_t length, GError **error)
{
    while (length > 0) {
        ssize_t n = pwrite(fd, bytes, length, (off_t)offset);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return fail(error, "write", n < 0 ? errno : ENOSPC);
        bytes += n;
        offset += (uint64_t)n;
        length -= (size_t)n;
    }
    return true;
}

/* What was in memory is the file's beginning. */
static bool move_to_file(TpsSpoolTape *tape, GError **error)
{
    g_autoptr(GByteArray) memory = NULL;

    tape->fd = open_unnamed();
    if (tape->fd < 0)
        return fail(error, "make", errno);
    memory = g_steal_pointer(&tape->memory);
    return write_all(tape->fd, 0, (const char *)memory->data, memory->len, error);
}

static bool reserve(TpsSpoolTape *tape, uint64_t length, uint64_t *offset, GError **error)
{
    if (tps_spool_is_stopped(error))
        return false;
    if (tape->memory && tape->size + length > tape->memory_max && !move_to_file(tape, error))
        return false;
    *offset = tape->size;
    tape->size += length;
    if (tape->memory)
        g_byte_array_set_size(tape->memory, (guint)tape->size);
    return true;
}

bool tps_spool_tape_reserve(TpsSpoolTape *tape, uint64_t length, uint64_t *offset, GError **error)
{
    bool ok;

    g_mutex_lock(&tape->lock);
    ok = reserve(tape, length, offset, error);
    g_mutex_unlock(&tape->lock);
    return ok;
}

bool tps_spool_tape_write(TpsSpoolTape *tape, uint64_t offset, const void *bytes, size_t length,
                          GError **error)
{
    int fd;

    g_mutex_lock(&tape->lock);
    fd = tape->fd;
    if (tape->memory && length > 0)
        memcpy(tape->memory->data + offset, bytes, length);
    g_mutex_unlock(&tape->lock);
    return fd < 0 || write_all(fd, offset, bytes, length, error);
}

bool tps_spool_tape_read(TpsSpoolTape *tape, uint64_t offset, void *bytes, size_t length,
                         GError **error)
{
    char *into = bytes;

    if (tape->memory && length > 0) {
        memcpy(bytes, tape->memory->data + offset, length);
        return true;
    }
    while (length > 0) {
        ssize_t n = pread(tape->fd, into, length, (off_t)offset);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return fail(error, "read", n < 0 ? errno : EIO);
        into += n;
        offset += (uint64_t)n;
        length -= (size_t)n;
    }
    return true;
}

void tps_spool_tape_forget(TpsSpoolTape *tape, uint64_t offset, uint64_t length)
{
    if (tape->fd >= 0) /* where that can't be done, the disk is only fuller */
        (void)fallocate(tape->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)offset,
                        (off_t)length);
}

void tps_spool_pen_init(TpsSpoolPen *pen, TpsSpoolTape *tape, uint64_t offset)
{
    *pen = (TpsSpoolPen){.tape = tape, .offset = offset, .held = g_byte_array_new()};
}

static bool put(TpsSpoolPen *pen, const void *bytes, size_t length, GError **error)
{
    uint64_t offset = pen->offset;

    pen->offset += length;
    return tps_spool_tape_write(pen->tape, offset, bytes, length, error);
}

static bool put_held(TpsSpoolPen *pen, GError **error)
{
    bool ok = put(pen, pen->held->data, pen->held->len, error);

    g_byte_array_set_size(pen->held, 0);
    return ok;
}

bool tps_spool_pen_write(TpsSpoolPen *pen, const void *bytes, size_t length, GError **error)
{
    if (pen->held->len + length > PEN_BYTES && !put_held(pen, error))
        return false; /* it is closed nevertheless */
    if (length > PEN_BYTES)
        return put(pen, bytes, length, error);
    g_byte_array_append(pen->held, bytes, (guint)length);
    return true;
}

bool tps_spool_pen_close(TpsSpoolPen *pen, GError **error)
{
    bool ok = put_held(pen, error);

    g_clear_pointer(&pen->held, g_byte_array_unref);
    return ok;
}
