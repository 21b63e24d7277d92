/* SPDX-License-Identifier: MIT */
#include "formats/sink.h"

#include "core/error.h"
#include "formats/files.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

struct TpsSink {
    FILE *stream;    /* borrowed, or NULL              */
    int fd;          /* -1 = `stream`                  */
    char *path;      /* owned or NULL, for messages    */
    char *temporary; /* owned or NULL: what becomes it */
    GString *held;
    uint64_t written;
    int why; /* errno of what went wrong first, or 0 */
};

static TpsSink *sink_new(FILE *stream, int fd, const char *path)
{
    TpsSink *sink = g_new0(TpsSink, 1);

    sink->stream = stream;
    sink->fd = fd;
    sink->path = g_strdup(path);
    sink->held = g_string_sized_new(TPS_SINK_BYTES + 4096);
    return sink;
}

TpsSink *tps_sink_open(const char *path, GError **error)
{
    bool device = tps_file_is_device(path);
    g_autofree char *temporary = device ? NULL : g_strconcat(path, ".XXXXXX", NULL);
    int fd =
        device ? tps_file_open_device(path) : g_mkstemp_full(temporary, O_WRONLY | O_CLOEXEC, 0666);
    TpsSink *sink;

    if (fd < 0) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR, "cannot write '%s': %s", path,
                    g_strerror(errno));
        return NULL;
    }
    sink = sink_new(NULL, fd, path);
    sink->temporary = g_steal_pointer(&temporary);
    return sink;
}

TpsSink *tps_sink_of(FILE *stream)
{
    return sink_new(stream, -1, NULL);
}

static void put(TpsSink *sink, const char *bytes, size_t length)
{
    bool written = sink->fd >= 0 ? tps_write_all(sink->fd, bytes, length)
                                 : fwrite(bytes, 1, length, sink->stream) == length;

    if (!written)
        sink->why = errno ? errno : EIO;
}

static void flush(TpsSink *sink)
{
    if (!sink->why && sink->held->len > 0)
        put(sink, sink->held->str, sink->held->len);
    g_string_truncate(sink->held, 0);
}

void tps_sink_write(TpsSink *sink, const char *bytes, size_t length)
{
    sink->written += length;
    if (sink->held->len + length > TPS_SINK_BYTES)
        flush(sink);
    if (length > TPS_SINK_BYTES) {
        if (!sink->why)
            put(sink, bytes, length);
    } else {
        g_string_append_len(sink->held, bytes, (gssize)length);
    }
}

void tps_sink_text(TpsSink *sink, const char *text)
{
    tps_sink_write(sink, text, strlen(text));
}

void tps_sink_printf(TpsSink *sink, const char *format, ...)
{
    g_autofree char *text = NULL;
    va_list arguments;

    va_start(arguments, format);
    text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    tps_sink_text(sink, text);
}

uint64_t tps_sink_bytes(const TpsSink *sink)
{
    return sink->written;
}

/* The file in its place, with its bytes on the disk: its reader may be another machine. */
static void settle(TpsSink *sink)
{
    if (!sink->why && sink->temporary && fsync(sink->fd) < 0)
        sink->why = errno;
    if (close(sink->fd) < 0 && !sink->why)
        sink->why = errno;
    sink->fd = -1;
    if (!sink->why && sink->temporary && rename(sink->temporary, sink->path) < 0)
        sink->why = errno;
}

bool tps_sink_close(TpsSink *sink, GError **error)
{
    int why;

    flush(sink);
    if (sink->fd >= 0)
        settle(sink);
    else if (fflush(sink->stream) != 0 && !sink->why)
        sink->why = errno;
    why = sink->why;
    if (why)
        g_set_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR, "cannot write '%s': %s",
                    sink->path ? sink->path : "standard output", g_strerror(why));
    else
        g_clear_pointer(&sink->temporary, g_free);
    tps_sink_drop(sink);
    return why == 0;
}

void tps_sink_drop(TpsSink *sink)
{
    if (!sink)
        return;
    if (sink->fd >= 0)
        close(sink->fd);
    if (sink->temporary)
        g_unlink(sink->temporary);
    g_free(sink->temporary);
    g_free(sink->path);
    g_string_free(sink->held, TRUE);
    g_free(sink);
}
