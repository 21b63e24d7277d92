/* SPDX-License-Identifier: MIT */
#pragma once

#include "formats/loose/loose.h"
#include "scheduler/collect.h"

/* What reading a file came to, beside its results. */
typedef struct {
    bool is_report;
    GPtrArray *problems; /* of char*, or NULL                                            */
    GPtrArray *notes;    /* of char*, or NULL                                            */
    char *ignored;       /* owned or NULL: a note of why it was left out; of many of them the
                            first are told                                               */
} TpsLooseWords;

void tps_loose_words_clear(TpsLooseWords *words);

/* Read a report that no journal owns, whatever its kind. TPS_ERROR_INPUT, or the handler's. */
bool tps_loose_file_read(const TpsLooseFile *file, const TpsLooseHandler *handler, void *user,
                         TpsLooseWords *words, GError **error);

void tps_loose_words_add_note(TpsLooseWords *words, char *note); /* takes it */

/* Move the words of all files to the collection; in the order of the files. */
void tps_collect_take_words(TpsCollection *collection, TpsLooseWords *words);

/* Those were all: say what only all of them can tell. */
void tps_collect_end_words(TpsCollection *collection);
