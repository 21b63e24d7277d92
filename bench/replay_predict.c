/* SPDX-License-Identifier: MIT */
#include "bench/replay_predict.h"

#include "bench/replay.h"
#include "bench/replay_guesses.h"

#include "core/duration.h"

#include <math.h>
#include <stdio.h>

/* A project with fewer of them is left out of a table. */
#define MIN_ITEMS 20

/* The errors of one way to predict, over the versions of one project; sums are seconds. */
typedef struct {
    double real, predicted;
    double missed;  /* sum of |predicted - real| */
    double centred; /* the same, when the predictions of each version have its real sum */
    GArray *ratios; /* of double, |ln(predicted / real)| */
} Errors;

/* Means over the projects. */
typedef struct {
    double missed, centred, ratio;
    double log_bias;
    guint n;
} Total;

static TpsPredictCase case_of(const ReplayWalk *walk, uint32_t item)
{
    const ReplayPast *past = &walk->past[item];

    return (TpsPredictCase){walk->history->ids[item], NULL, past->sample, past->n};
}

TpsPrediction *replay_predict(const ReplayWalk *walk)
{
    TpsPrediction *prediction = g_new(TpsPrediction, walk->n_listing);
    g_autofree TpsPredictCase *now = g_new(TpsPredictCase, walk->n_listing);
    g_autofree TpsPredictCase *gone = g_new(TpsPredictCase, walk->history->n_items);
    size_t n_gone = 0;

    for (guint i = 0; i < walk->n_listing; i++)
        now[i] = case_of(walk, walk->listing[i]);
    for (uint32_t item = 0; item < walk->history->n_items; item++)
        if (walk->real_us[item] < 0 && walk->past[item].n > 0)
            gone[n_gone++] = case_of(walk, item);
    tps_predict(now, walk->n_listing, gone, n_gone, walk->version, TPS_SECOND_US, prediction);
    return prediction;
}

/* Is it one of those a table is about? Only what the version executed has a truth. */
static bool is_asked(const ReplayWalk *walk, uint32_t item, bool new_ones)
{
    return walk->measured[item] && (walk->past[item].n == 0) == new_ones;
}

/* A time of zero has no logarithm; a microsecond is the shortest. */
static double log_of(double seconds)
{
    return log(MAX(seconds, 1e-6));
}

static void add_item(Errors *errors, double predicted, double real, double scale)
{
    const double ratio = fabs(log_of(predicted) - log_of(real));

    errors->real += real;
    errors->predicted += predicted;
    errors->missed += fabs(predicted - real);
    errors->centred += fabs(predicted * scale - real);
    g_array_append_val(errors->ratios, ratio);
}

static void add_version(const ReplayWalk *walk, const ReplayGuesses *guesses,
                        const ReplayGuess *guess, Errors *errors)
{
    g_autofree double *predicted = g_new(double, walk->n_listing);
    double sum = 0, real = 0;

    for (guint i = 0; i < walk->n_listing; i++) {
        if (!is_asked(walk, walk->listing[i], guess->of_new))
            continue;
        predicted[i] = tps_us_to_seconds(guess->make(guesses, i));
        sum += predicted[i];
        real += tps_us_to_seconds(walk->real_us[walk->listing[i]]);
    }
    for (guint i = 0; i < walk->n_listing; i++)
        if (is_asked(walk, walk->listing[i], guess->of_new))
            add_item(errors, predicted[i], tps_us_to_seconds(walk->real_us[walk->listing[i]]),
                     sum > 0 ? real / sum : 1);
}

static int compare_doubles(const void *a, const void *b)
{
    const double one = *(const double *)a, two = *(const double *)b;

    return (one > two) - (one < two);
}

static void print_row(const char *project, const ReplayGuess *guess, const Total *row, bool json)
{
    const char *of = guess->of_new ? "new" : "known";
    const double bias = exp(row->log_bias);

    if (json)
        printf("{\"project\": \"%s\", \"of\": \"%s\", \"method\": \"%s\", \"n\": %u, "
               "\"wmape\": %.4f, \"centred\": %.4f, \"bias\": %.4f, \"log_ratio\": %.4f}\n",
               project, of, guess->name, row->n, row->missed, row->centred, bias, row->ratio);
    else
        printf("%-18.18s %-5s  %-20s %7u %7.3f %8.3f %6.2f %10.3f\n", project, of, guess->name,
               row->n, row->missed, row->centred, bias, row->ratio);
}

static void add_to_total(Total *total, const Total *row)
{
    total->missed += row->missed;
    total->centred += row->centred;
    total->log_bias += row->log_bias;
    total->ratio += row->ratio;
    total->n++;
}

static Total row_of(const Errors *errors)
{
    g_array_sort(errors->ratios, compare_doubles);
    return (Total){
        .missed = errors->missed / errors->real,
        .centred = errors->centred / errors->real,
        .log_bias = log_of(errors->predicted) - log_of(errors->real),
        .ratio = g_array_index(errors->ratios, double, errors->ratios->len / 2),
        .n = errors->ratios->len,
    };
}

static void walk_history(const ReplayHistory *history, Errors *errors)
{
    for (ReplayWalk *walk = replay_walk_new(history); walk; walk = replay_walk_next(walk)) {
        ReplayGuesses *guesses = replay_guesses_new(walk);

        for (guint i = 0; i < REPLAY_N_GUESSES; i++)
            add_version(walk, guesses, &replay_guess[i], &errors[i]);
        replay_guesses_free(guesses);
    }
}

static void judge(const ReplayHistory *history, Total *total, bool json)
{
    Errors errors[REPLAY_N_GUESSES] = {0};

    for (guint i = 0; i < REPLAY_N_GUESSES; i++)
        errors[i].ratios = g_array_new(FALSE, FALSE, sizeof(double));
    walk_history(history, errors);
    for (guint i = 0; i < REPLAY_N_GUESSES; i++) {
        if (errors[i].ratios->len >= MIN_ITEMS && errors[i].real > 0) {
            const Total row = row_of(&errors[i]);

            print_row(history->name, &replay_guess[i], &row, json);
            add_to_total(&total[i], &row);
        }
        g_array_unref(errors[i].ratios);
    }
}

static void print_total(const ReplayGuess *guess, const Total *total, bool json)
{
    const Total mean = {total->missed / total->n, total->centred / total->n,
                        total->ratio / total->n, total->log_bias / total->n, total->n};

    if (total->n > 0)
        print_row("all projects", guess, &mean, json);
}

static void run(const GPtrArray *histories, bool json)
{
    Total total[REPLAY_N_GUESSES] = {0};

    if (!json)
        printf("%-18s %-5s  %-20s %7s %7s %8s %6s %10s\n", "project", "of", "method", "n", "wMAPE",
               "centred", "bias", "|ln ratio|");
    for (guint i = 0; i < histories->len; i++)
        judge(g_ptr_array_index(histories, i), total, json);
    for (guint i = 0; i < REPLAY_N_GUESSES; i++)
        print_total(&replay_guess[i], &total[i], json);
}

const ReplayCommand replay_cmd_predict = {
    .name = "predict",
    .summary = "how far predictions of known and new items are from the truth",
    .run = run,
};
