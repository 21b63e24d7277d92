/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

/*
 * One domain, one code per thing the caller can do about it. A failing test is a result, never an
 * error. Messages: lower case, no full stop, the place first, the thing in 'quotes'.
 */
typedef enum {
    TPS_ERROR_USAGE,       /* the call is wrong: call again                          */
    TPS_ERROR_INPUT,       /* a plan file, plan, runtime data or report: mend the file */
    TPS_ERROR_FRAMEWORK,   /* a framework did not list or report: mend the project   */
    TPS_ERROR_INCOMPLETE,  /* something planned has no result or does not fit         */
    TPS_ERROR_EXECUTOR,    /* a worker, host, pipe or disk: mend the machine          */
    TPS_ERROR_EMPTY,       /* a filter leaves nothing: choose more, or be content      */
    TPS_ERROR_INTERRUPTED, /* a signal asked us to stop                               */
} TpsError;

#define TPS_ERROR (tps_error_quark())

GQuark tps_error_quark(void);

/*
 * "did you mean" for a word that is not in a list: the nearest of `known` (NULL-terminated) by
 * edit distance (Damerau 1964), or NULL when none is near enough to be a slip of the hand.
 * Borrowed from `known`.
 */
const char *tps_nearest_word(const char *word, const char *const *known);
