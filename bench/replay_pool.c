/* SPDX-License-Identifier: MIT */

/*
 * Are promises kept, and what do they cost? Twice:
 *
 *   times  how many runs on 4, 8 and 16 workers end within the time stated at each probability, of
 *          all and in the worst project
 *   pools  how many end within a target on the pool that each rule buys for it, against the
 *          clairvoyant's pool: the smallest that would have met the target, had the real times
 *          been known. Targets are what people write, 30 s to an hour, where the plan needs 2 to 64
 *          workers and no single item is expected to exceed it. Where one did all the same
 *          (infeasible), every rule misses: told apart, and counted in the last column.
 *
 * A pool is whole: the smallest that keeps a promise often keeps more. `nearest` takes the pool
 * whose probability is nearest to the promise, which is above it in one case and below in another.
 */
#include "bench/replay.h"
#include "bench/replay_run.h"

#include "core/duration.h"
#include "scheduler/pool_size.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define MAX_SIZE 64

/* Of what the predicted makespan is stretched by: a promise, or a flat factor. */
static const struct {
    const char *name;
    int confidence_ppm; /* 0: flat */
    double factor;
} times[] = {
    {"promised 50 %", 500000, 0},   {"promised 80 %", 800000, 0}, {"promised 90 %", 900000, 0},
    {"promised 95 %", 950000, 0},   {"prediction", 0, 1},         {"prediction x 1.10", 0, 1.1},
    {"prediction x 1.25", 0, 1.25},
};

static const int sizes[] = {4, 8, 16};
static const int targets_s[] = {30, 60, 120, 180, 300, 600, 900, 1200, 1800, 3600};

static const int shares_ppm[] = {50000,  100000, 200000, 300000, 400000, 500000, 600000,
                                 700000, 800000, 850000, 900000, 950000, 975000, 990000};

#define N_TIMES G_N_ELEMENTS(times)
#define MIN_RUNS 10 /* of a project that can be the worst */
#define UNKNOWN 2   /* more than any share: no project has so many */
#define N_SIZES G_N_ELEMENTS(sizes)

/* A run, and all pools it could have had. */
typedef struct {
    const ReplayRun *run;
    int64_t *predicted_us, *real_us, *best_us; /* [MAX_SIZE] makespans of 1, 2 ... workers */
    int64_t longest_us;                        /* really */
    TpsPast evidence[N_SIZES]; /* the earlier runs of the project, on so many workers */
} Case;

typedef struct {
    double n, kept, stated, cost; /* cost: sum of ln(workers / clairvoyant's) */
    double infeasible;
} Tally;

typedef struct {
    const char *name;
    int (*size)(const Case *c, int64_t target_us, int parameter);
    int parameter;
} Rule;

static int smallest(const int64_t *makespan_us, int64_t target_us)
{
    for (int size = 1; size <= MAX_SIZE; size++)
        if (makespan_us[size - 1] <= target_us)
            return size;
    return MAX_SIZE;
}

/* The prediction with a flat margin. */
static int size_flat(const Case *c, int64_t target_us, int percent)
{
    return smallest(c->predicted_us, MAX(target_us * 100 / percent, c->run->expected_us[0]));
}

static int size_promised(const Case *c, int64_t target_us, int confidence_ppm)
{
    return tps_promise_pool_size(&c->evidence[1], confidence_ppm, c->run->expected_us, c->run->n,
                                 target_us, MAX_SIZE);
}

static int size_nearest(const Case *c, int64_t target_us, int confidence_ppm)
{
    return tps_promise_pool_size_nearest(&c->evidence[1], confidence_ppm, c->run->expected_us,
                                         c->run->n, target_us, MAX_SIZE);
}

/* Whole seconds, rounded up, to the emptiest worker while it fits, else to one more. */
static int size_testplan(const Case *c, int64_t target_us, int unused)
{
    g_autoptr(GArray) load_s = g_array_new(FALSE, TRUE, sizeof(int64_t));
    const int64_t target_s = target_us / TPS_SECOND_US;
    int64_t none = 0;

    (void)unused;
    g_array_append_val(load_s, none);
    for (size_t i = 0; i < c->run->n; i++) {
        const int64_t s = c->run->guessed[i]
                              ? target_s
                              : (c->run->expected_us[i] + TPS_SECOND_US - 1) / TPS_SECOND_US;
        guint least = 0;

        for (guint w = 1; w < load_s->len; w++)
            if (g_array_index(load_s, int64_t, w) < g_array_index(load_s, int64_t, least))
                least = w;
        if (!c->run->guessed[i] && g_array_index(load_s, int64_t, least) + s <= target_s)
            g_array_index(load_s, int64_t, least) += s;
        else
            g_array_append_val(load_s, s);
    }
    return (int)load_s->len;
}

static const Rule rules[] = {
    {"prediction", size_flat, 100},           {"prediction x 1.10", size_flat, 110},
    {"prediction x 1.25", size_flat, 125},    {"Testplan", size_testplan, 0},
    {"promised 50 %", size_promised, 500000}, {"promised 80 %", size_promised, 800000},
    {"promised 90 %", size_promised, 900000}, {"promised 95 %", size_promised, 950000},
    {"nearest 50 %", size_nearest, 500000},   {"nearest 80 %", size_nearest, 800000},
    {"nearest 90 %", size_nearest, 900000},   {"nearest 95 %", size_nearest, 950000},
};

#define N_RULES G_N_ELEMENTS(rules)

typedef struct {
    Tally time[N_TIMES];
    double worst[N_TIMES]; /* the least kept of any project */
    Tally pool[N_RULES];
    GArray *distances; /* of int64_t: of all runs, as tps_promise_distance has them */
} Answer;

static int64_t real_makespan(const Case *c, int size)
{
    if (size <= MAX_SIZE)
        return c->real_us[size - 1];
    return tps_pool_simulate(c->run->real_us, c->run->n, size, NULL, NULL, NULL);
}

static void judge_times(const Case *c, Tally *time)
{
    for (size_t s = 0; s < N_SIZES; s++)
        for (size_t t = 0; t < N_TIMES; t++) {
            const double factor =
                times[t].confidence_ppm
                    ? (double)tps_promise_factor(&c->evidence[s], times[t].confidence_ppm) / 1e6
                    : times[t].factor;

            time[t].n++;
            time[t].cost += log(factor);
            time[t].kept +=
                (double)c->real_us[sizes[s] - 1] <= (double)c->predicted_us[sizes[s] - 1] * factor;
        }
}

static void add_times(Answer *answer, const Tally *time)
{
    for (size_t t = 0; t < N_TIMES; t++) {
        answer->time[t].n += time[t].n;
        answer->time[t].kept += time[t].kept;
        answer->time[t].cost += time[t].cost;
        if (time[t].n >= MIN_RUNS * N_SIZES)
            answer->worst[t] = MIN(answer->worst[t], time[t].kept / time[t].n);
    }
}

static void judge_pools(const Case *c, int64_t target_us, Answer *answer)
{
    const int best = smallest(c->best_us, target_us);

    for (size_t r = 0; r < N_RULES; r++) {
        Tally *tally = &answer->pool[r];
        int size;

        if (c->longest_us > target_us) {
            tally->infeasible++;
            continue;
        }
        size = rules[r].size(c, target_us, rules[r].parameter);
        tally->n++;
        tally->kept += real_makespan(c, size) <= target_us;
        tally->cost += log((double)size / best);
        tally->stated += tps_promise_probability(
            &c->evidence[1], c->predicted_us[MIN(size, MAX_SIZE) - 1], target_us);
    }
}

static bool is_asked(const Case *c, int64_t target_us)
{
    return c->run->expected_us[0] <= target_us && c->predicted_us[0] > target_us &&
           c->predicted_us[MAX_SIZE - 1] <= target_us &&
           (c->best_us[MAX_SIZE - 1] <= target_us || c->longest_us > target_us);
}

static Case case_of(const ReplayRun *run)
{
    g_autofree int64_t *sorted_us = replay_longest_first(run->real_us, run->n);
    Case c = {.run = run, .longest_us = sorted_us[0]};

    c.predicted_us = replay_makespans(run->expected_us, run->n, MAX_SIZE);
    c.real_us = replay_makespans(run->real_us, run->n, MAX_SIZE);
    c.best_us = replay_makespans(sorted_us, run->n, MAX_SIZE);
    return c;
}

static void print_run(const ReplayHistory *history, bool by_file, const Case *c)
{
    printf("{\"run\": \"%s\", \"unit\": \"%s\", \"version\": %u, \"items\": %zu, \"guessed\": "
           "%" G_GINT64_FORMAT ", \"age_days\": %" G_GINT64_FORMAT ", \"makespans\": [",
           history->name, by_file ? "file" : "testcase", c->run->version, c->run->n,
           c->run->guessed_ppm, c->run->age_days);
    for (size_t s = 0; s < N_SIZES; s++)
        printf("%s[%d, %.6f, %.6f]", s ? ", " : "", sizes[s],
               tps_us_to_seconds(c->predicted_us[sizes[s] - 1]),
               tps_us_to_seconds(c->real_us[sizes[s] - 1]));
    printf("]}\n");
}

/* One project: each run is planned from those before it. */
static void judge_project(const ReplayHistory *history, bool by_file, bool json, Answer *answer)
{
    g_autoptr(GPtrArray) runs = replay_runs(history, by_file);
    Tally time[N_TIMES] = {0};
    g_autofree TpsPastRun *past = g_new0(TpsPastRun, (runs->len + 1) * N_SIZES);

    for (guint i = 0; i < runs->len; i++) {
        const ReplayRun *run = g_ptr_array_index(runs, i);
        Case c = case_of(run);

        for (size_t s = 0; s < N_SIZES; s++) {
            const int64_t predicted = c.predicted_us[sizes[s] - 1];
            TpsPastRun *outcomes = past + s * (runs->len + 1);
            int64_t distance;

            c.evidence[s] = (TpsPast){outcomes, i, run->guessed_ppm, run->age_days};
            outcomes[i] = (TpsPastRun){c.real_us[sizes[s] - 1] * 1000000 / MAX(predicted, 1),
                                       run->guessed_ppm, run->age_days};
            distance = tps_promise_distance(&outcomes[i]);
            g_array_append_val(answer->distances, distance);
        }
        if (json)
            print_run(history, by_file, &c);
        judge_times(&c, time);
        for (size_t t = 0; t < G_N_ELEMENTS(targets_s); t++)
            if (is_asked(&c, targets_s[t] * TPS_SECOND_US))
                judge_pools(&c, targets_s[t] * TPS_SECOND_US, answer);
        g_free(c.predicted_us);
        g_free(c.real_us);
        g_free(c.best_us);
    }
    add_times(answer, time);
}

static void print_times(const Answer *answer, const char *unit, bool json)
{
    for (size_t t = 0; t < N_TIMES; t++) {
        const Tally *time = &answer->time[t];
        const double n = MAX(time->n, 1);

        printf(json ? "{\"times\": \"%s\", \"rule\": \"%s\", \"runs\": %.0f, \"kept\": %.4f, "
                      "\"worst_project\": %.4f, \"factor\": %.4f}\n"
                    : "%-10s %-18s %6.0f %8.3f %8.3f %8.3f\n",
               unit, times[t].name, time->n, time->kept / n,
               answer->worst[t] < UNKNOWN ? answer->worst[t] : time->kept / n, exp(time->cost / n));
    }
}

static void print_pools(const Answer *answer, const char *unit, bool json)
{
    for (size_t r = 0; r < N_RULES; r++) {
        const Tally *t = &answer->pool[r];
        const double n = MAX(t->n, 1);

        printf(json ? "{\"pools\": \"%s\", \"rule\": \"%s\", \"runs\": %.0f, \"infeasible\": %.0f, "
                      "\"kept\": %.4f, \"stated\": %.4f, \"over_clairvoyant\": %.4f, "
                      "\"kept_of_all\": %.4f}\n"
                    : "%-10s %-18s %6.0f %6.0f %8.3f %8.3f %8.3f %8.3f\n",
               unit, rules[r].name, t->n, t->infeasible, t->kept / n, t->stated / n / 1e6,
               exp(t->cost / n), t->kept / MAX(t->n + t->infeasible, 1));
    }
}

static int compare_times(const void *a, const void *b)
{
    const int64_t one = *(const int64_t *)a, two = *(const int64_t *)b;

    return (one > two) - (one < two);
}

/* Where the prior of scheduler/promise.c comes from, when asked of the tuning half. */
static void print_distances(GArray *distances, bool json)
{
    g_array_sort(distances, compare_times);
    if (!json)
        printf("\n%-10s %10s\n", "share", "distance");
    for (size_t i = 0; i < G_N_ELEMENTS(shares_ppm); i++) {
        const guint64 place = (guint64)distances->len * (guint64)shares_ppm[i] / 1000000;

        printf(json ? "{\"share\": %.3f, \"distance\": %.3f}\n" : "%-10.3f %10.3f\n",
               (double)shares_ppm[i] / 1e6, (double)g_array_index(distances, int64_t, place) / 1e6);
    }
}

static void run(const GPtrArray *histories, bool json)
{
    g_autoptr(GArray) distances = g_array_new(FALSE, FALSE, sizeof(int64_t));
    Answer answer[2];

    memset(answer, 0, sizeof answer);
    for (int unit = 0; unit < 2; unit++) {
        answer[unit].distances = distances;
        for (size_t t = 0; t < N_TIMES; t++)
            answer[unit].worst[t] = UNKNOWN;
    }
    for (guint i = 0; i < histories->len; i++) {
        const ReplayHistory *history = g_ptr_array_index(histories, i);

        judge_project(history, true, json, &answer[1]);
        if (history->level == REPLAY_TESTCASES)
            judge_project(history, false, json, &answer[0]);
    }
    if (!json)
        printf("%-10s %-18s %6s %8s %8s %8s\n", "times of", "rule", "runs", "kept", "worst",
               "factor");
    print_times(&answer[0], "testcases", json);
    print_times(&answer[1], "files", json);
    if (!json)
        printf("\n%-10s %-18s %6s %6s %8s %8s %8s %8s\n", "pools for", "rule", "runs", "infeas",
               "kept", "stated", "size/opt", "of all");
    print_pools(&answer[0], "testcases", json);
    print_pools(&answer[1], "files", json);
    if (distances->len > 0)
        print_distances(distances, json);
}

const ReplayCommand replay_cmd_pool = {
    .name = "pool",
    .summary = "are promised times and targets kept, and how much larger than needed are pools",
    .run = run,
};
