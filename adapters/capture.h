/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <stdint.h>

/*
 * What a command printed, in bounded memory: the first TPS_OUTPUT_HEAD_BYTES and the last
 * TPS_OUTPUT_TAIL_BYTES. Adding costs O(bytes added), however much came before.
 */
typedef struct {
    GString *head;
    char *tail; /* a ring; NULL until the head is full */
    uint64_t total_bytes;
} TpsCapture;

void tps_capture_init(TpsCapture *capture);
void tps_capture_clear(TpsCapture *capture);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TpsCapture, tps_capture_clear)

void tps_capture_add(TpsCapture *capture, const char *bytes, size_t length);

/*
 * Head and tail as one C string, with a line "[... N bytes cut ...]" between them when something is
 * missing. NUL bytes become U+FFFD; all others are as they were printed, valid UTF-8 or not.
 * Caller frees.
 */
char *tps_capture_format(const TpsCapture *capture);
