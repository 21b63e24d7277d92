/* SPDX-License-Identifier: MIT */
#pragma once

#include "formats/sink.h"

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

/*
 * One column of the data in report.html: bytes are packed as they come (zlib's format, RFC 1950),
 * so that a million testcases need no more memory than their page does.
 */
typedef struct TpsHtmlColumn TpsHtmlColumn;

TpsHtmlColumn *tps_html_column_new(void);
void tps_html_column_free(TpsHtmlColumn *column);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsHtmlColumn, tps_html_column_free)

void tps_html_column_bytes(TpsHtmlColumn *column, const void *bytes, size_t length);

/* A varint: seven bits a byte, lowest first, the highest bit set in all but the last. */
void tps_html_column_number(TpsHtmlColumn *column, uint64_t value);

/* Zigzag, the sign in bit 0; |value| < 2^52, since the page counts in doubles. */
void tps_html_column_signed(TpsHtmlColumn *column, int64_t value);

/* No more will come: what is left is packed, and the memory for packing is freed. */
void tps_html_column_end(TpsHtmlColumn *column);

/* How many bytes it has packed so far. */
size_t tps_html_column_size(const TpsHtmlColumn *column);

/* A script element with that id that is no script, in base64: nothing in it can end it. */
void tps_html_column_write(TpsHtmlColumn *column, const char *id, TpsSink *sink);
