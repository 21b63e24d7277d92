/* SPDX-License-Identifier: MIT */
#include "adapters/capture.h"

#include "adapters/executor.h"

#include <string.h>

#define HEAD TPS_OUTPUT_HEAD_BYTES
#define TAIL TPS_OUTPUT_TAIL_BYTES

#define REPLACEMENT_CHARACTER "\xEF\xBF\xBD"

void tps_capture_init(TpsCapture *capture)
{
    *capture = (TpsCapture){.head = g_string_new(NULL)};
}

void tps_capture_clear(TpsCapture *capture)
{
    if (capture->head)
        g_string_free(capture->head, TRUE);
    g_free(capture->tail);
    *capture = (TpsCapture){0};
}

/* Behind the head, byte i of the output lives at (i - HEAD) % TAIL. */
static void add_to_tail(TpsCapture *capture, const char *bytes, size_t length)
{
    size_t skip = length > TAIL ? length - TAIL : 0;
    size_t at = (size_t)((capture->total_bytes - HEAD + skip) % TAIL);
    size_t kept = length - skip;
    size_t first = MIN(kept, TAIL - at);

    if (!capture->tail)
        capture->tail = g_malloc(TAIL);
    memcpy(capture->tail + at, bytes + skip, first);
    memcpy(capture->tail, bytes + skip + first, kept - first);
    capture->total_bytes += length;
}

void tps_capture_add(TpsCapture *capture, const char *bytes, size_t length)
{
    size_t to_head = MIN(length, HEAD - capture->head->len);

    g_string_append_len(capture->head, bytes, (gssize)to_head);
    capture->total_bytes += to_head;
    if (length > to_head)
        add_to_tail(capture, bytes + to_head, length - to_head);
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
    GString *text = g_string_sized_new(capture->head->len);
    uint64_t behind = capture->total_bytes - capture->head->len;

    append_text(text, capture->head->str, capture->head->len);
    if (behind > TAIL) {
        size_t oldest = (size_t)(behind % TAIL);

        append_cut(text, behind - TAIL);
        append_text(text, capture->tail + oldest, TAIL - oldest);
        append_text(text, capture->tail, oldest);
    } else if (behind > 0) {
        append_text(text, capture->tail, (size_t)behind);
    }
    return g_string_free(text, FALSE);
}
