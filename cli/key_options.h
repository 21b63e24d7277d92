/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <stdbool.h>

/*
 * Signatures of plans and runtime data, where there is a key: --key FILE, or TPSCHED_KEY_FILE.
 * Without one nothing is signed and signatures are ignored.
 */

/* A verb's option for it, which fills `key`. */
void tps_key_option_add(char **key, GOptionContext *context);

/*
 * The key of the environment in place of an option that is not given; it is taken out of what our
 * children see. TPS_ERROR_INPUT when the key is not to be had: asked before anything is done.
 */
bool tps_key_option_settle(char **key, GError **error);

/* True without a key. TPS_ERROR_INPUT: what is read does not fit its signature, or has none. */
bool tps_key_check(const char *key, const char *path, GError **error);

/* The same of a file that may not be there yet. */
bool tps_key_check_old(const char *key, const char *path, GError **error);

/* Nothing without a key. TPS_ERROR_INPUT, TPS_ERROR_EXECUTOR. */
bool tps_key_sign(const char *key, const char *path, GError **error);
