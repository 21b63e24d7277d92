/* SPDX-License-Identifier: MIT */
#include "adapters/capture.h"

#include "adapters/executor.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define HEAD TPS_OUTPUT_HEAD_BYTES
#define TAIL TPS_OUTPUT_TAIL_BYTES

/* Most commands print less. */
#define SMALL_BYTES 4096
#define LARGE_BYTES TPS_CAPTURE_HELD_BYTES

#define REPLACEMENT_CHARACTER "\xEF\xBF\xBD"

void tps_capture_init(TpsCapture *capture, TpsSink *sink)
{
    *capture = (TpsCapture){.sink = sink, .held = g_malloc(SMALL_BYTES)};
}

static void free_held(TpsCapture *capture)
{
    if (capture->large)
        munmap(capture->held, LARGE_BYTES);
    else
        g_free(capture->held);
}

void tps_capture_clear(TpsCapture *capture)
{
    g_free(capture->head);
    free_held(capture);
    *capture = (TpsCapture){0};
}

/*
 * A mapping: what is not written to costs nothing, and all of it goes back in the end. An allocator
 * would keep it for every thread that once had a chatty command.
 */
static void enlarge(TpsCapture *capture)
{
    char *held =
        mmap(NULL, LARGE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (held == MAP_FAILED)
        g_error("out of memory for the output of a command");
    memcpy(held, capture->held, capture->used);
    free_held(capture);
    capture->held = held;
    capture->large = true;
}

static void hand_on(TpsCapture *capture, bool more)
{
    if (capture->sink && capture->sink->keep)
        capture->sink->keep(capture->sink, capture->held + capture->handed,
                            capture->used - capture->handed, more);
    capture->handed = capture->used;
}

/* The tail moves to the front, so that it is in one piece and the next block is large again. */
static void make_room(TpsCapture *capture)
{
    if (!capture->large) {
        enlarge(capture);
        return;
    }
    hand_on(capture, true);
    if (!capture->head)
        capture->head = g_memdup2(capture->held, HEAD);
    memmove(capture->held, capture->held + capture->used - TAIL, TAIL);
    capture->used = capture->handed = TAIL;
}

/* How many bytes can be written at held + used; more than none. */
static size_t room(TpsCapture *capture)
{
    size_t size = capture->large ? LARGE_BYTES : SMALL_BYTES;

    if (capture->used < size)
        return size - capture->used;
    make_room(capture);
    return LARGE_BYTES - capture->used;
}

static void take(TpsCapture *capture, size_t length)
{
    if (capture->sink && capture->sink->see)
        capture->sink->see(capture->sink, capture->held + capture->used, length);
    capture->used += length;
    capture->total_bytes += length;
}

void tps_capture_add(TpsCapture *capture, const char *bytes, size_t length)
{
    while (length > 0) {
        size_t now = MIN(length, room(capture));

        memcpy(capture->held + capture->used, bytes, now);
        take(capture, now);
        bytes += now;
        length -= now;
    }
}

ssize_t tps_capture_read(TpsCapture *capture, int file)
{
    size_t most = room(capture);
    ssize_t length = read(file, capture->held + capture->used, most);

    if (length > 0)
        take(capture, (size_t)length);
    return length;
}

void tps_capture_end(TpsCapture *capture)
{
    if (capture->total_bytes > 0)
        hand_on(capture, false);
}

static void append_text(GString *text, const char *bytes, size_t length)
{
    const char *end = bytes + length;

    while (bytes < end) {
        const char *nul = memchr(bytes, '\0', (size_t)(end - bytes));

        if (!nul) {
            g_string_append_len(text, bytes, end - bytes);
            return;
        }
        g_string_append_len(text, bytes, nul - bytes);
        g_string_append(text, REPLACEMENT_CHARACTER);
        bytes = nul + 1;
    }
}

static void append_cut(GString *text, uint64_t n_bytes)
{
    if (text->str[text->len - 1] != '\n')
        g_string_append_c(text, '\n');
    g_string_append_printf(text, "[... %" G_GUINT64_FORMAT " bytes cut ...]\n", n_bytes);
}

char *tps_capture_format(const TpsCapture *capture)
{
    GString *text = g_string_sized_new(MIN(capture->used, HEAD + TAIL) + 64);

    if (capture->total_bytes <= HEAD + TAIL) {
        append_text(text, capture->held, capture->used);
    } else {
        append_text(text, capture->head ? capture->head : capture->held, HEAD);
        append_cut(text, capture->total_bytes - HEAD - TAIL);
        append_text(text, capture->held + capture->used - TAIL, TAIL);
    }
    return g_string_free(text, FALSE);
}
