/* SPDX-License-Identifier: MIT */
#pragma once

#include "bench/replay_history.h"

#include "runtime/predict.h"

/* What there is to guess from, before one version. */
typedef struct {
    const ReplayWalk *walk;    /* borrowed */
    TpsPrediction *prediction; /* [walk->n_listing], ours */
    int64_t mean_us;           /* of the last values of all known items */
    GHashTable *files;         /* directory of a file or file of a testcase -> mean */
} ReplayGuesses;

/* One way to say what an item takes: ours, or what others do, written from their descriptions. */
typedef struct {
    const char *name;
    bool of_new; /* for items without a past; else for those with one */
    int64_t (*make)(const ReplayGuesses *guesses, guint i); /* i: index into the listing */
} ReplayGuess;

#define REPLAY_N_GUESSES 11
extern const ReplayGuess replay_guess[REPLAY_N_GUESSES];

ReplayGuesses *replay_guesses_new(const ReplayWalk *walk);
void replay_guesses_free(ReplayGuesses *guesses);
