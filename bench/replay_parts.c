/* SPDX-License-Identifier: MIT */

/*
 * Do parts keep their limit? Every suite that is expected to take longer than the limit is split,
 * by Testplan's rule and by ours, filled to several shares of the limit, and takes what it really
 * took. A part that is over the limit although each of its testcases alone fits into it, setup
 * included, is over avoidably.
 *
 * `giving back`: before each testcase but the first a part asks whether it will end within the
 * limit, at the pace of the part so far and with some doubt; if not, the part ends, and the rest is
 * one more part, with a setup of its own. Testcases go longest first, so that the last ones are
 * short.
 *
 * A suite is a file (where testcases are known), or the whole project.
 */
#include "bench/replay.h"
#include "bench/replay_limit.h"
#include "bench/replay_run.h"

#include "core/duration.h"
#include "partition/autopart.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    int setup_s, limit_s;
} limits[] = {{5, 60},   {5, 300},   {30, 120},  {30, 300},
              {30, 600}, {120, 300}, {120, 600}, {120, 1800}};

typedef struct {
    const char *name;
    int fill_percent; /* of the limit; 0 = Testplan's parts */
    bool gives_back;
} Rule;

static const Rule rules[] = {
    {"Testplan", 0, false},  {"100 %", 100, false},   {"90 %", 90, false},
    {"85 %", 85, false},     {"80 %", 80, false},     {"100 % back", 100, true},
    {"90 % back", 90, true}, {"85 % back", 85, true}, {"80 % back", 80, true},
};

#define N_LIMITS G_N_ELEMENTS(limits)
#define N_RULES G_N_ELEMENTS(rules)

typedef struct {
    ReplayTally tally[N_LIMITS][N_RULES];
} Answer;

static int64_t sum_of(const int64_t *us, size_t n)
{
    int64_t sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += us[i];
    return sum;
}

/* As many parts as the expected time asks for, and the testcases dealt in turn. */
static int testplan_parts(const ReplayContent *content, const ReplayLimit *limit, int *part_of)
{
    const int64_t room_us = limit->limit_us - limit->setup_us;
    const int64_t sum_us = sum_of(content->expected_us, content->n);
    const int n_parts = (int)MIN((sum_us + room_us - 1) / room_us, (int64_t)content->n);

    for (size_t i = 0; i < content->n; i++)
        part_of[i] = (int)(content->listed[i] % (uint32_t)n_parts);
    return n_parts;
}

static int our_parts(const ReplayContent *content, const ReplayLimit *limit, int fill_percent,
                     int *part_of)
{
    return tps_autopart(content->expected_us, content->n, limit->setup_us,
                        limit->limit_us * fill_percent / 100, part_of)
        .n_parts;
}

static void judge_suite(const ReplayContent *content, Answer *answer)
{
    g_autofree int *part_of = g_new(int, content->n);

    for (size_t l = 0; l < N_LIMITS; l++) {
        const ReplayLimit limit = {limits[l].setup_s * TPS_SECOND_US,
                                   limits[l].limit_s * TPS_SECOND_US};

        if (limit.setup_us + sum_of(content->expected_us, content->n) <= limit.limit_us)
            continue;
        for (size_t r = 0; r < N_RULES; r++) {
            const int n_parts = rules[r].fill_percent
                                    ? our_parts(content, &limit, rules[r].fill_percent, part_of)
                                    : testplan_parts(content, &limit, part_of);

            answer->tally[l][r].suites++;
            for (int part = 0; part < n_parts; part++)
                replay_run_part(content, part_of, part, &limit, rules[r].gives_back,
                                &answer->tally[l][r]);
        }
    }
}

static int compare_positions(const void *a, const void *b, void *data)
{
    const uint32_t *listed = data;
    const uint32_t one = listed[*(const uint32_t *)a], two = listed[*(const uint32_t *)b];

    return (one > two) - (one < two);
}

/* Places in the listing become 0, 1, 2 ... */
static void renumber(uint32_t *listed, size_t n)
{
    g_autofree uint32_t *order = g_new(uint32_t, n);

    for (size_t i = 0; i < n; i++)
        order[i] = (uint32_t)i;
    g_qsort_with_data(order, (int)n, sizeof *order, compare_positions, listed);
    for (size_t i = 0; i < n; i++)
        listed[order[i]] = (uint32_t)i;
}

/* The run's items whose file is `file`; all of them when `file` is -1. */
static ReplayContent content_of(const ReplayRun *run, int64_t file)
{
    ReplayContent content = {.expected_us = g_new(int64_t, run->n),
                             .real_us = g_new(int64_t, run->n),
                             .listed = g_new(uint32_t, run->n)};

    for (size_t i = 0; i < run->n; i++) {
        if (file >= 0 && run->file[i] != (uint32_t)file)
            continue;
        content.expected_us[content.n] = run->expected_us[i];
        content.real_us[content.n] = run->real_us[i];
        content.listed[content.n++] = run->listed[i];
    }
    renumber(content.listed, content.n);
    return content;
}

static void content_clear(ReplayContent *content)
{
    g_free(content->expected_us);
    g_free(content->real_us);
    g_free(content->listed);
}

/* The files of a run that could be over some limit, one after the other. */
static void judge_files(const ReplayRun *run, Answer *answer)
{
    g_autofree int64_t *sum_us = g_new0(int64_t, run->n_files);

    for (size_t i = 0; i < run->n; i++)
        sum_us[run->file[i]] += run->expected_us[i];
    for (uint32_t file = 0; file < run->n_files; file++) {
        ReplayContent content;

        if (sum_us[file] < (limits[0].limit_s - limits[0].setup_s) * TPS_SECOND_US)
            continue;
        content = content_of(run, file);
        judge_suite(&content, answer);
        content_clear(&content);
    }
}

static void judge_project(const ReplayHistory *history, Answer *files, Answer *projects)
{
    g_autoptr(GPtrArray) runs = replay_runs(history, false);

    for (guint i = 0; i < runs->len; i++) {
        const ReplayRun *run = g_ptr_array_index(runs, i);
        ReplayContent content = content_of(run, -1);

        judge_suite(&content, projects);
        content_clear(&content);
        if (history->level == REPLAY_TESTCASES)
            judge_files(run, files);
    }
}

static double share(double part, double whole)
{
    return whole > 0 ? part / whole : 0;
}

static void print_json(const Answer *answer, const char *suites)
{
    for (size_t l = 0; l < N_LIMITS; l++)
        for (size_t r = 0; r < N_RULES; r++) {
            const ReplayTally *t = &answer->tally[l][r];

            printf("{\"suites\": \"%s\", \"setup_s\": %d, \"limit_s\": %d, \"rule\": \"%s\", "
                   "\"suites_split\": %.0f, \"parts\": %.0f, \"over\": %.0f, \"avoidable\": %.0f, "
                   "\"overshoot\": %.4f}\n",
                   suites, limits[l].setup_s, limits[l].limit_s, rules[r].name, t->suites, t->parts,
                   t->over, t->avoidable, share(t->overshoot, t->avoidable));
        }
}

static ReplayTally total_of(const Answer *answer, size_t rule)
{
    ReplayTally total = {0};

    for (size_t l = 0; l < N_LIMITS; l++) {
        const ReplayTally *t = &answer->tally[l][rule];

        total.suites += t->suites;
        total.parts += t->parts;
        total.over += t->over;
        total.avoidable += t->avoidable;
        total.overshoot += t->overshoot;
    }
    return total;
}

static void print_limits(const Answer *answer, const char *suites)
{
    printf("parts avoidably over the limit, %%; suites are %s\n%5s %5s %6s", suites, "setup",
           "limit", "suites");
    for (size_t r = 0; r < N_RULES; r++)
        printf(" %10s", rules[r].name);
    for (size_t l = 0; l < N_LIMITS; l++) {
        printf("\n%5d %5d %6.0f", limits[l].setup_s, limits[l].limit_s, answer->tally[l][0].suites);
        for (size_t r = 0; r < N_RULES; r++)
            printf(" %10.1f",
                   100 * share(answer->tally[l][r].avoidable, answer->tally[l][r].parts));
    }
    printf("\n\n");
}

static void print_totals(const Answer *answer)
{
    const double testplan = total_of(answer, 0).parts;

    printf("%-12s %8s %10s %10s %10s %10s\n", "all limits", "parts", "x Testplan", "over %",
           "avoidable %", "by");
    for (size_t r = 0; r < N_RULES; r++) {
        const ReplayTally t = total_of(answer, r);

        printf("%-12s %8.0f %10.3f %10.1f %11.1f %10.3f\n", rules[r].name, t.parts,
               share(t.parts, testplan), 100 * share(t.over, t.parts),
               100 * share(t.avoidable, t.parts), share(t.overshoot, t.avoidable));
    }
    printf("\n");
}

static void run(const GPtrArray *histories, bool json)
{
    Answer answer[2];
    const char *const suites[] = {"files", "projects"};

    memset(answer, 0, sizeof answer);
    for (guint i = 0; i < histories->len; i++)
        judge_project(g_ptr_array_index(histories, i), &answer[0], &answer[1]);
    for (int i = 0; i < 2; i++) {
        if (json) {
            print_json(&answer[i], suites[i]);
            continue;
        }
        print_limits(&answer[i], suites[i]);
        print_totals(&answer[i]);
    }
}

const ReplayCommand replay_cmd_parts = {
    .name = "parts",
    .summary = "how many parts are over their limit, and were they filled less, or gave back",
    .run = run,
};
