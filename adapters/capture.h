/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Where the whole of an output goes, when somebody wants it. All calls come from one thread. */
typedef struct TpsSink TpsSink;
struct TpsSink {
    /* Or NULL: bytes as they come. */
    void (*see)(TpsSink *self, const char *bytes, size_t length);
    /*
     * Or NULL: all bytes, in order, in large blocks. `more` is false for the last one, which may be
     * empty unless it is the only one. An output of less than TPS_CAPTURE_HELD_BYTES is one block;
     * of none there is no call.
     */
    void (*keep)(TpsSink *self, const char *bytes, size_t length, bool more);
};

/* So much of an output is held before any of it is handed on. */
#define TPS_CAPTURE_HELD_BYTES (256 * 1024)

/*
 * What a command printed, in bounded memory: the first TPS_OUTPUT_HEAD_BYTES and the last
 * TPS_OUTPUT_TAIL_BYTES, and the sink gets all of it. Adding costs O(bytes added), however much
 * came before.
 */
typedef struct {
    TpsSink *sink; /* borrowed or NULL */
    char *head;    /* NULL while `held` has all of it */
    char *held;    /* the last `used` bytes */
    size_t used;
    size_t handed; /* so many of these has the sink */
    bool large;    /* `held` is a mapping, which goes back to the system whole */
    uint64_t total_bytes;
} TpsCapture;

void tps_capture_init(TpsCapture *capture, TpsSink *sink);
void tps_capture_clear(TpsCapture *capture);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TpsCapture, tps_capture_clear)

void tps_capture_add(TpsCapture *capture, const char *bytes, size_t length);

/* Add what one read(2) gives, without copying it; returns what it returned, and errno. */
ssize_t tps_capture_read(TpsCapture *capture, int file);

/* Nothing more comes: the sink gets what is left. */
void tps_capture_end(TpsCapture *capture);

/*
 * Head and tail as one C string, with a line "[... N bytes cut ...]" between them when something is
 * missing. NUL bytes become U+FFFD; all others are as they were printed, valid UTF-8 or not.
 * Caller frees.
 */
char *tps_capture_format(const TpsCapture *capture);
