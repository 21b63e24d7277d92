/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * JSON token by token, from bytes that come piece by piece. What it keeps is the token at hand and
 * a bit for each open bracket, so that a file of any size and shape costs no more than its longest
 * string.
 *
 *   strict      everything but: control characters in strings are taken as they are, since some
 *               reporters write them; NaN and Infinity, as Python writes them, are null
 *   mended      "\u0000" and half a surrogate pair become U+FFFD
 *   cut         of a longer string than TPS_JSON_STRING_BYTES only so much is kept
 *   refused     more than TPS_JSON_DEPTH brackets inside each other
 */
#define TPS_JSON_STRING_BYTES ((size_t)4 * 1024 * 1024)
#define TPS_JSON_DEPTH 1000

typedef enum {
    TPS_JSON_OBJECT,
    TPS_JSON_OBJECT_END,
    TPS_JSON_ARRAY,
    TPS_JSON_ARRAY_END,
    TPS_JSON_KEY,
    TPS_JSON_STRING,
    TPS_JSON_NUMBER, /* the text is as it was written */
    TPS_JSON_TRUE,
    TPS_JSON_FALSE,
    TPS_JSON_NULL,
} TpsJsonToken;

/*
 * `text` is terminated, and borrowed for the call; any bytes but NUL, UTF-8 or not. It is empty for
 * tokens without one. False ends the feed, which fails with what was set.
 */
typedef bool (*TpsJsonVisit)(TpsJsonToken token, const char *text, size_t length, void *user,
                             GError **error);

typedef struct TpsJsonStream TpsJsonStream;

TpsJsonStream *tps_json_stream_new(TpsJsonVisit visit, void *user);
void tps_json_stream_free(TpsJsonStream *stream);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsJsonStream, tps_json_stream_free)

/*
 * Feed any number of bytes of one document.
 *   errors  TPS_ERROR_INPUT, "LINE:COLUMN: what", both from 1, columns in bytes; or the visitor's
 */
bool tps_json_stream_feed(TpsJsonStream *stream, const char *bytes, size_t length, GError **error);

/* No more bytes: fails when the document is unfinished or there was none. */
bool tps_json_stream_finish(TpsJsonStream *stream, GError **error);

/* Is the document complete? What is fed now is another one, and refused unless it is white space.
 */
bool tps_json_stream_is_done(const TpsJsonStream *stream);

/* Forget all and begin with a new document, on the line of this number. */
void tps_json_stream_reset(TpsJsonStream *stream, guint64 line);

/* How many strings were not kept whole. */
guint64 tps_json_stream_cut(const TpsJsonStream *stream);
