/* SPDX-License-Identifier: MIT */
#pragma once

#include "formats/loose/loose.h"

#include <glib.h>

/* What a report says, in words: "SUITE/ID outcome time message;" and "[SUITE M,N started ended]".
 */
typedef struct {
    TpsLoose *loose; /* owned */
    GString *text;   /* owned */
    guint count[TPS_OUTCOME_ERROR + 1];
} LooseWords;

static inline void loose_words_case(GString *text, const TpsResult *result)
{
    g_string_append_printf(text, "%s %s", result->id, tps_outcome_name(result->outcome));
    if (result->time_us != TPS_TIME_UNKNOWN)
        g_string_append_printf(text, " %" G_GINT64_FORMAT, result->time_us);
    if (result->message)
        g_string_append_printf(text, " '%s'", result->message);
    if (result->text)
        g_string_append_printf(text, " text='%s'", result->text);
    if (result->output)
        g_string_append_printf(text, " output='%s'", result->output);
    if (result->file)
        g_string_append_printf(text, " at %s:%" G_GINT64_FORMAT, result->file, result->line);
    if (result->attempts)
        g_string_append_printf(text, " after %u", result->attempts->len);
    for (guint i = 0; result->cases && i < result->cases->len; i++) {
        g_string_append(text, i == 0 ? " {" : ", ");
        loose_words_case(text, g_ptr_array_index(result->cases, i));
    }
    if (result->cases)
        g_string_append_c(text, '}');
}

static inline bool loose_words_result(const char *suite, TpsResult *result, void *user,
                                      GError **error)
{
    LooseWords *words = user;

    (void)error;
    words->count[result->outcome]++;
    g_string_append_printf(words->text, "%s/", suite);
    loose_words_case(words->text, result);
    g_string_append(words->text, "; ");
    tps_result_free(result);
    return true;
}

static inline bool loose_words_suite(const TpsLooseSuite *suite, void *user, GError **error)
{
    LooseWords *words = user;

    (void)error;
    g_string_append_printf(words->text, "[%s", suite->name);
    if (suite->part.count > 0)
        g_string_append_printf(words->text, " %d,%d", suite->part.index, suite->part.count);
    if (suite->started_us != TPS_TIME_UNKNOWN)
        g_string_append_printf(words->text, " %" G_GINT64_FORMAT "+%" G_GINT64_FORMAT,
                               suite->started_us, suite->ended_us - suite->started_us);
    g_string_append(words->text, "] ");
    return true;
}

static const TpsLooseHandler loose_words_handler = {loose_words_result, loose_words_suite};

static inline void loose_words_clear(LooseWords *words)
{
    tps_loose_free(words->loose);
    g_string_free(words->text, TRUE);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(LooseWords, loose_words_clear)

static inline LooseWords loose_words_parse(const char *bytes, size_t length)
{
    LooseWords words = {.text = g_string_new(NULL)};

    words.loose = tps_loose_parse("s", bytes, length, &loose_words_handler, &words, NULL);
    return words;
}
