/* SPDX-License-Identifier: MIT */
#include "bench/replay_guesses.h"

#include "bench/replay_predict.h"

#include "core/duration.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    int64_t sum_us;
    int64_t n;
} Mean;

static const ReplayPast *past_of(const ReplayGuesses *guesses, guint i)
{
    return &guesses->walk->past[guesses->walk->listing[i]];
}

static int64_t ours_point(const ReplayGuesses *guesses, guint i)
{
    return guesses->prediction[i].point_us;
}

static int64_t ours_expected(const ReplayGuesses *guesses, guint i)
{
    return guesses->prediction[i].expected_us;
}

static int64_t last_value(const ReplayGuesses *guesses, guint i)
{
    const ReplayPast *past = past_of(guesses, i);

    return past->sample[past->n - 1].us;
}

static int64_t mean(const ReplayGuesses *guesses, guint i)
{
    const ReplayPast *past = past_of(guesses, i);
    int64_t sum = 0;

    for (guint j = 0; j < past->n; j++)
        sum += past->sample[j].us;
    return sum / past->n;
}

static int compare_times(const void *a, const void *b)
{
    const int64_t one = *(const int64_t *)a, two = *(const int64_t *)b;

    return (one > two) - (one < two);
}

static int64_t median(const ReplayGuesses *guesses, guint i)
{
    const ReplayPast *past = past_of(guesses, i);
    int64_t us[REPLAY_MAX_SAMPLES] = {0};

    for (guint j = 0; j < past->n; j++)
        us[j] = past->sample[j].us;
    qsort(us, past->n, sizeof *us, compare_times);
    return (us[past->n / 2] + us[(past->n - 1) / 2]) / 2;
}

/* The exponentially weighted mean of what is kept, 0.7 on the newest. */
static int64_t weighted(const ReplayGuesses *guesses, guint i)
{
    const ReplayPast *past = past_of(guesses, i);
    double level = (double)past->sample[0].us;

    for (guint j = 1; j < past->n; j++)
        level += 0.7 * ((double)past->sample[j].us - level);
    return (int64_t)level;
}

static int64_t mean_of_all(const ReplayGuesses *guesses, guint i)
{
    (void)i;
    return guesses->mean_us;
}

static int64_t zero(const ReplayGuesses *guesses, guint i)
{
    (void)guesses;
    (void)i;
    return 0;
}

/* The file of a testcase, the directory of a file. */
static char *place_of(const ReplayWalk *walk, uint32_t item)
{
    const char *id = walk->history->ids[item];
    const char *end = walk->history->level == REPLAY_FILES ? strrchr(id, '/') : strstr(id, "::");

    return end ? g_strndup(id, (gsize)(end - id)) : g_strdup("");
}

static int64_t mean_of_file(const ReplayGuesses *guesses, guint i)
{
    g_autofree char *place = place_of(guesses->walk, guesses->walk->listing[i]);
    const Mean *file = g_hash_table_lookup(guesses->files, place);

    return file ? file->sum_us / file->n : guesses->mean_us;
}

const ReplayGuess replay_guess[REPLAY_N_GUESSES] = {
    {"tpsched, point", false, ours_point},
    {"tpsched, expected", false, ours_expected},
    {"last value", false, last_value},
    {"mean of last 8", false, mean},
    {"median of last 8", false, median},
    {"weighted mean, 0.7", false, weighted},
    {"tpsched, point", true, ours_point},
    {"tpsched, expected", true, ours_expected},
    {"mean of all known", true, mean_of_all},
    {"mean of its file", true, mean_of_file},
    {"zero", true, zero},
};

static void add_known(ReplayGuesses *guesses, guint i, Mean *all)
{
    char *place = place_of(guesses->walk, guesses->walk->listing[i]);
    Mean *file = g_hash_table_lookup(guesses->files, place);

    if (!file) {
        file = g_new0(Mean, 1);
        g_hash_table_insert(guesses->files, g_strdup(place), file);
    }
    file->sum_us += last_value(guesses, i);
    file->n++;
    all->sum_us += last_value(guesses, i);
    all->n++;
    g_free(place);
}

ReplayGuesses *replay_guesses_new(const ReplayWalk *walk)
{
    ReplayGuesses *guesses = g_new0(ReplayGuesses, 1);
    Mean all = {0};

    guesses->walk = walk;
    guesses->prediction = replay_predict(walk);
    guesses->files = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (guint i = 0; i < walk->n_listing; i++)
        if (past_of(guesses, i)->n > 0)
            add_known(guesses, i, &all);
    guesses->mean_us = all.n > 0 ? all.sum_us / all.n : TPS_SECOND_US;
    return guesses;
}

void replay_guesses_free(ReplayGuesses *guesses)
{
    g_free(guesses->prediction);
    g_hash_table_unref(guesses->files);
    g_free(guesses);
}
