/* SPDX-License-Identifier: MIT */

/*
 * How good are the plans, and how good are those of others? Walk through the versions of real
 * projects, plan each from the versions before it with tpsched and by the rules of other tools, and
 * compare with what it really took.
 *
 *   plan --half report data/histories
 *   plan --svg picture.svg data/histories
 *
 * The rules are written from what their authors say of them (plan_peers.h); where these tools
 * guess, they get the last time that was measured, and for new testcases the mean.
 *
 *   known    makespan / lower bound, if the times were known before: 2, 4 ... 64 workers, where no
 *            testcase alone is as long as the bound
 *   run      the same, planned from the past
 *   pool     workers / the fewest that would have met the target, all times known before
 *   kept     targets met by that pool
 *   limit    parts of a project within their limit, or of a single testcase that is longer
 *   time     to deal the testcases, in times of longest first
 */
#include "bench/plan_judge.h"
#include "bench/plan_svg.h"
#include "bench/replay_load.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct {
    char *half;
    char *level;
    char *svg;
    char **paths;
} Options;

static void clear_options(Options *options)
{
    g_free(options->half);
    g_free(options->level);
    g_free(options->svg);
    g_strfreev(options->paths);
}

static bool parse(Options *options, int *argc, char ***argv, GError **error)
{
    const GOptionEntry entries[] = {
        {"half", 0, 0, G_OPTION_ARG_STRING, &options->half,
         "tune, report or all (default): the projects by which the parameters were chosen, or the "
         "others",
         "HALF"},
        {"level", 0, 0, G_OPTION_ARG_STRING, &options->level, "testcase, file or all (default)",
         "LEVEL"},
        {"svg", 0, 0, G_OPTION_ARG_FILENAME, &options->svg, "Draw it there", "FILE"},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->paths, NULL, NULL},
        {NULL},
    };
    g_autoptr(GOptionContext) context = g_option_context_new("HISTORY-OR-DIRECTORY...");

    g_option_context_add_main_entries(context, entries, NULL);
    return g_option_context_parse(context, argc, argv, error);
}

static double ratio(double part, double whole)
{
    return whole > 0 ? part / whole : 0;
}

static void print_scores(const PlanScore score[PLAN_N_TOOLS])
{
    double longest_first_s = 0;

    for (int t = 0; t < PLAN_N_TOOLS; t++)
        if (plan_tools[t].deal == plan_deal_longest_first)
            longest_first_s = score[t].seconds;
    printf("%-28s %8s %8s %8s %8s %8s %8s %8s\n", "", "known", "worst", "run", "pool", "kept %",
           "limit %", "time");
    for (int t = 0; t < PLAN_N_TOOLS; t++) {
        const PlanScore *of = &score[t];

        printf("%-28s %8.4f %8.3f %8.3f %8.3f %8.1f %8.1f %8.2f\n", plan_tools[t].name,
               exp(ratio(of->known, of->n_known)), of->known_worst, plan_real_mean(of),
               exp(ratio(of->size, of->n_pools)), 100 * ratio(of->kept, of->n_pools),
               100 * (1 - ratio(of->n_over, of->n_parts)), ratio(of->seconds, longest_first_s));
    }
    printf("%.0f makespans, %.0f targets, some %.0f parts\n", score[0].n_known, score[0].n_pools,
           score[0].n_parts);
}

static bool answer(const Options *options, GError **error)
{
    g_autoptr(GPtrArray) histories =
        replay_load(options->paths, options->half, options->level, error);
    PlanScore score[PLAN_N_TOOLS] = {0};
    g_autofree char *svg = NULL;

    if (!histories)
        return false;
    for (guint i = 0; i < histories->len; i++)
        plan_judge(g_ptr_array_index(histories, i), score);
    print_scores(score);
    svg = plan_svg(score);
    return !options->svg || g_file_set_contents(options->svg, svg, -1, error);
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    Options options = {0};
    bool done = parse(&options, &argc, &argv, &error);

    if (done && !options.paths)
        g_set_error_literal(&error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "name a history");
    done = done && options.paths && answer(&options, &error);
    if (!done)
        fprintf(stderr, "plan: %s\n", error ? error->message : "failed");
    clear_options(&options);
    return done ? EXIT_SUCCESS : EXIT_FAILURE;
}
