/* SPDX-License-Identifier: MIT */
#include "scheduler/output.h"

#include "core/error.h"
#include "formats/beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define COPY_BYTES ((size_t)64 * 1024)

struct TpsOutput {
    char *dir;
    _Atomic uint64_t end;  /* of the common file; whoever adds to it owns what he writes */
    pthread_mutex_t mutex; /* over what follows                                          */
    int file;              /* the common file; -1 = not opened yet                       */
    GError *error;
};

TpsOutput *tps_output_new(const char *report_dir)
{
    TpsOutput *output = g_new0(TpsOutput, 1);

    output->dir = g_strdup(report_dir);
    output->file = -1;
    pthread_mutex_init(&output->mutex, NULL);
    return output;
}

void tps_output_free(TpsOutput *output)
{
    if (!output)
        return;
    if (output->file >= 0)
        close(output->file);
    pthread_mutex_destroy(&output->mutex);
    g_clear_error(&output->error);
    g_free(output->dir);
    g_free(output);
}

bool tps_output_check(TpsOutput *output, GError **error)
{
    bool kept;

    pthread_mutex_lock(&output->mutex);
    kept = output->error == NULL;
    if (!kept)
        g_propagate_error(error, g_error_copy(output->error));
    pthread_mutex_unlock(&output->mutex);
    return kept;
}

/* The first one is told. */
static void say_lost(TpsOutput *output, const char *task, const char *path, int failure)
{
    pthread_mutex_lock(&output->mutex);
    if (!output->error)
        g_set_error(&output->error, TPS_ERROR, TPS_ERROR_EXECUTOR,
                    "%s: cannot keep all of its output in '%s/%s': %s", task, output->dir, path,
                    g_strerror(failure));
    pthread_mutex_unlock(&output->mutex);
}

static int open_below(const TpsOutput *output, const char *path, int flags)
{
    g_autofree char *name = g_build_filename(output->dir, path, NULL);
    g_autofree char *folder = g_path_get_dirname(name);

    if ((flags & O_CREAT) && g_mkdir_with_parents(folder, 0777) < 0)
        return -1;
    return open(name, flags | O_CLOEXEC, 0666);
}

/* The common file, or -1 and errno. */
static int common_file(TpsOutput *output)
{
    struct stat status;
    int file;

    pthread_mutex_lock(&output->mutex);
    if (output->file < 0) {
        output->file = open_below(output, TPS_OUTPUT_FILE, O_RDWR | O_CREAT);
        if (output->file >= 0 && fstat(output->file, &status) == 0)
            atomic_store(&output->end, (uint64_t)status.st_size);
    }
    file = output->file;
    pthread_mutex_unlock(&output->mutex);
    return file;
}

static bool write_at(int file, const char *bytes, size_t length, uint64_t at)
{
    while (length > 0) {
        ssize_t n = pwrite(file, bytes, length, (off_t)at);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        bytes += n;
        at += (uint64_t)n;
        length -= (size_t)n;
    }
    return true;
}

static bool read_at(int file, char *bytes, size_t length, uint64_t at)
{
    while (length > 0) {
        ssize_t n = pread(file, bytes, length, (off_t)at);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            errno = n < 0 ? errno : EIO; /* somebody has cut it */
            return false;
        }
        bytes += n;
        at += (uint64_t)n;
        length -= (size_t)n;
    }
    return true;
}

void tps_output_sink_clear(TpsOutputSink *sink)
{
    if (sink->output && sink->spill >= 0)
        close(sink->spill);
    g_free(sink->file);
    *sink = (TpsOutputSink){.spill = -1};
}

/* What was written goes, too: it takes the space that the reports need. */
static void lose(TpsOutputSink *sink, int failure)
{
    say_lost(sink->output, sink->task, sink->file ? sink->file : TPS_OUTPUT_FILE, failure);
    if (sink->spill >= 0) {
        g_autofree char *name = g_build_filename(sink->output->dir, sink->path, NULL);

        close(sink->spill);
        unlink(name);
        sink->spill = -1;
    }
    g_clear_pointer(&sink->file, g_free);
    sink->lost = true;
}

/* How much of it is kept so far; the rest of `bytes` is on its way. */
static uint64_t n_kept(const TpsOutputSink *sink)
{
    return sink->file ? sink->bytes : 0;
}

/* As one piece in the common file, with the short one before it. */
static bool add_short(TpsOutputSink *sink, const char *bytes, size_t length)
{
    size_t before = (size_t)n_kept(sink);
    int file = common_file(sink->output);
    g_autofree char *joined = NULL;
    uint64_t at;

    if (file < 0)
        return false;
    if (before > 0) {
        joined = g_malloc(before + length);
        if (!read_at(file, joined, before, sink->offset))
            return false;
        memcpy(joined + before, bytes, length);
        bytes = joined;
    }
    at = atomic_fetch_add(&sink->output->end, before + length);
    if (!write_at(file, bytes, before + length, at))
        return false;
    sink->offset = at;
    if (!sink->file)
        sink->file = g_strdup(TPS_OUTPUT_FILE);
    return true;
}

static bool copy(int from, uint64_t at, uint64_t length, int to, uint64_t to_at)
{
    g_autofree char *buffer = g_malloc(COPY_BYTES);

    for (uint64_t done = 0; done < length;) {
        size_t now = (size_t)MIN(COPY_BYTES, length - done);

        if (!read_at(from, buffer, now, at + done) || !write_at(to, buffer, now, to_at + done))
            return false;
        done += now;
    }
    return true;
}

/* From now on it is a long one; what it has moves, unless it is one already. */
static bool open_spill(TpsOutputSink *sink)
{
    bool is_there = g_strcmp0(sink->file, sink->path) == 0;
    uint64_t before = is_there ? 0 : n_kept(sink);
    uint64_t from = sink->offset;

    sink->spill = open_below(sink->output, sink->path, O_RDWR | O_CREAT | (is_there ? 0 : O_TRUNC));
    g_free(sink->file);
    sink->file = g_strdup(sink->path);
    sink->offset = 0;
    if (sink->spill < 0)
        return false;
    return before == 0 || copy(common_file(sink->output), from, before, sink->spill, 0);
}

static bool add_long(TpsOutputSink *sink, const char *bytes, size_t length)
{
    if (sink->spill < 0 && !open_spill(sink))
        return false;
    return write_at(sink->spill, bytes, length, sink->bytes);
}

static void add(TpsOutputSink *sink, const char *bytes, size_t length, bool is_long)
{
    is_long |= sink->spill >= 0 || sink->bytes + length > TPS_CAPTURE_HELD_BYTES;
    if (!sink->lost && length > 0 &&
        !(is_long ? add_long(sink, bytes, length) : add_short(sink, bytes, length)))
        lose(sink, errno);
    sink->bytes += length;
}

static void keep(TpsSink *base, const char *bytes, size_t length, bool more)
{
    add((TpsOutputSink *)base, bytes, length, more);
}

void tps_output_sink_init(TpsOutputSink *sink, TpsOutput *output, const char *task,
                          const char *path)
{
    *sink = (TpsOutputSink){
        .base.keep = keep,
        .output = output,
        .task = task,
        .path = path,
        .spill = -1,
        .lost = !output,
    };
}

void tps_output_sink_place(TpsOutputSink *sink, TpsPartReport *report)
{
    g_free(report->output_file);
    report->output_file = g_strdup(sink->file);
    report->output_offset = sink->file ? sink->offset : 0;
    report->output_bytes = sink->bytes;
}

/* A file that is ours alone is not copied when there is nothing before it. */
static bool adopt(TpsOutputSink *sink, const TpsPartReport *report)
{
    if (sink->bytes > 0 || sink->lost || !report->output_file ||
        (strcmp(report->output_file, TPS_OUTPUT_FILE) != 0 &&
         strcmp(report->output_file, sink->path) != 0))
        return false;
    sink->file = g_strdup(report->output_file);
    sink->offset = report->output_offset;
    sink->bytes = report->output_bytes;
    return true;
}

static void append_file(TpsOutputSink *sink, const TpsPartReport *report, int from)
{
    bool is_long = sink->bytes + report->output_bytes > TPS_CAPTURE_HELD_BYTES;
    g_autofree char *buffer = g_malloc(TPS_CAPTURE_HELD_BYTES);
    uint64_t now;

    for (uint64_t at = 0; at < report->output_bytes && !sink->lost; at += now) {
        now = MIN(TPS_CAPTURE_HELD_BYTES, report->output_bytes - at);
        if (read_at(from, buffer, (size_t)now, report->output_offset + at))
            add(sink, buffer, (size_t)now, is_long);
        else
            lose(sink, errno);
    }
}

static void append(TpsOutputSink *sink, const TpsPartReport *report)
{
    uint64_t before = sink->bytes;
    int from = -1;

    if (report->output_file)
        from = open_below(sink->output, report->output_file, O_RDONLY);
    if (from >= 0) {
        append_file(sink, report, from);
        close(from);
    } else {
        lose(sink, report->output_file ? errno : ENOSPC);
    }
    sink->bytes = before + report->output_bytes;
}

static void drop_copied(const TpsOutputSink *sink, const TpsPartReport *report)
{
    g_autofree char *name = NULL;

    if (!report->output_file || strcmp(report->output_file, TPS_OUTPUT_FILE) == 0)
        return;
    name = g_build_filename(sink->output->dir, report->output_file, NULL);
    unlink(name);
}

void tps_output_sink_append(TpsOutputSink *sink, const TpsPartReport *report)
{
    if (report->output_bytes == 0 || adopt(sink, report))
        return;
    if (sink->lost)
        sink->bytes += report->output_bytes;
    else
        append(sink, report);
    if (sink->output)
        drop_copied(sink, report);
}

void tps_output_join(TpsOutput *output, const char *task, const char *path, TpsPartReport *report,
                     const GPtrArray *pieces)
{
    g_auto(TpsOutputSink) sink;

    tps_output_sink_init(&sink, output, task, path);
    for (guint i = 0; i < pieces->len; i++)
        tps_output_sink_append(&sink, g_ptr_array_index(pieces, i));
    tps_output_sink_place(&sink, report);
}

int tps_output_open(const char *report_dir, const TpsPartReport *report)
{
    int directory = open(report_dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
    int file = directory >= 0 && report->output_file
                   ? tps_beneath_open(directory, report->output_file, NULL)
                   : -1;

    if (directory >= 0)
        close(directory);
    if (file >= 0 && lseek(file, (off_t)report->output_offset, SEEK_SET) < 0) {
        close(file);
        return -1;
    }
    return file;
}

/* A character is not torn apart, if it is one. */
static const char *character_start(const char *text, const char *at)
{
    for (int i = 0; i < 3 && at > text && (*at & 0xC0) == 0x80; i++)
        at--;
    return at;
}

char *tps_output_cut(const char *text, size_t head, size_t tail, uint64_t total, bool kept)
{
    size_t length = strlen(text);
    const char *head_end = character_start(text, text + head);
    const char *tail_start = character_start(text, text + length - tail);
    uint64_t shown = (uint64_t)(head_end - text) + (uint64_t)(text + length - tail_start);

    return g_strdup_printf("%.*s%s[... %" G_GUINT64_FORMAT " bytes cut%s ...]\n%s",
                           (int)(head_end - text), text, head_end[-1] == '\n' ? "" : "\n",
                           total - MIN(shown, total), kept ? "" : " and not kept", tail_start);
}

/* A testcase that is its whole task has the same text. */
static void replace(TpsPartReport *report, char *shorter)
{
    for (guint i = 0; i < report->results->len; i++) {
        TpsResult *result = g_ptr_array_index(report->results, i);

        if (g_strcmp0(result->output, report->output) == 0) {
            g_free(result->output);
            result->output = g_strdup(shorter);
        }
    }
    g_free(report->output);
    report->output = shorter;
}

void tps_output_trim(TpsPartReport *report)
{
    bool bad = tps_part_report_is_bad(report);
    size_t head = bad ? TPS_OUTPUT_BAD_HEAD_BYTES : TPS_OUTPUT_GOOD_HEAD_BYTES;
    size_t tail = bad ? TPS_OUTPUT_BAD_TAIL_BYTES : TPS_OUTPUT_GOOD_TAIL_BYTES;
    size_t length = report->output ? strlen(report->output) : 0;

    if (length > head + tail)
        replace(report, tps_output_cut(report->output, head, tail,
                                       MAX(report->output_bytes, length), report->output_file));
}
