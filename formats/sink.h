/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/*
 * Where a text goes that is too long to be held: bytes are collected and written in pieces of
 * TPS_SINK_BYTES. The first error is kept, what is written after it is dropped, and
 * tps_sink_close() tells it: whoever writes need not ask after each word.
 */
typedef struct TpsSink TpsSink;

#define TPS_SINK_BYTES ((size_t)256 << 10)

/*
 * A file, which is there only when it was closed without an error: written beside it first, as by
 * tps_file_write(). A device or pipe is written to as it is. NULL and TPS_ERROR_EXECUTOR.
 */
TpsSink *tps_sink_open(const char *path, GError **error);

/* A stream of the caller's, which is flushed and stays open. */
TpsSink *tps_sink_of(FILE *stream);

void tps_sink_write(TpsSink *sink, const char *bytes, size_t length);
void tps_sink_text(TpsSink *sink, const char *text);
void tps_sink_printf(TpsSink *sink, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* How much was written so far. */
uint64_t tps_sink_bytes(const TpsSink *sink);

/* Write what is left and put the file in its place; frees the sink. TPS_ERROR_EXECUTOR. */
bool tps_sink_close(TpsSink *sink, GError **error);

/* Give up: no file is left behind. */
void tps_sink_drop(TpsSink *sink);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsSink, tps_sink_drop)
