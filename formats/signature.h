/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <stdbool.h>

/*
 * Who wrote a file: FILE.hmac beside it holds "hmac-sha256 HEX", the HMAC-SHA256 (RFC 2104) of all
 * its bytes under a key that both sides have.
 */
#define TPS_SIGNATURE_SUFFIX ".hmac"
#define TPS_KEY_BYTES_MIN 16

/*
 * The bytes of a key file, without one line end behind them.
 *   errors   TPS_ERROR_INPUT: it can't be read, or has less than TPS_KEY_BYTES_MIN bytes
 *   returns  caller unrefs
 */
GBytes *tps_key_load(const char *path, GError **error);

/* Write the signature of the file that is there. TPS_ERROR_INPUT, TPS_ERROR_EXECUTOR. */
bool tps_signature_write(const char *path, GBytes *key, GError **error);

/* Is its signature there, and that of its bytes? TPS_ERROR_INPUT names the file. */
bool tps_signature_check(const char *path, GBytes *key, GError **error);
