/* SPDX-License-Identifier: MIT */

/*
 * What does it cost to run many commands with tpsched, and with others? Whole commands, in turns,
 * against a loop that does nothing but start processes and read their pipes (run_bare.c). The
 * answer is Markdown.
 *
 *   run TPSCHED
 *   run --rounds 7 --svg picture.svg TPSCHED
 *   run --scale 50 --alone TPSCHED       quickly, and of tpsched and the loop only
 *
 *   time    microseconds of one task, from the start of the command to its end, medians
 *   CPU     user and system of everything that ran, also of what was left behind
 *   x       in times of the bare loop in the same round, medians
 *   memory  the most that was seen; see run_measure.h
 *   end     how long processes are left that have to go; see run_end.h
 */
#include "bench/run_dir.h"
#include "bench/run_end.h"
#include "bench/run_score.h"
#include "bench/run_svg.h"

#include <stdio.h>
#include <stdlib.h>

#define N_WORKS 4
#define N_MEMORIES 3
#define TREES 64

static const RunWork works[N_WORKS] = {
    {"true", {"/bin/true"}, 5000, 2},
    {"100 kB of output", {"CHILD", "print", "100000"}, 1000, 2},
    {"sleep of 50 ms", {"CHILD", "sleep", "50"}, 200, 2},
    {"sleep of 200 ms", {"CHILD", "sleep", "200"}, 2560, 256},
};

static const RunWork memories[N_MEMORIES] = {
    {"one prints 300 MB", {"CHILD", "print", "300000000"}, 1, 2},
    {"1,000 print 100 kB", {"CHILD", "print", "100000"}, 1000, 2},
    {"512 sleep, 256 workers", {"CHILD", "sleep", "200"}, 512, 256},
};

typedef struct {
    int rounds;
    int scale;
    gboolean alone;
    char *svg;
    char **paths;
} Options;

static bool parse(Options *options, int *argc, char ***argv, GError **error)
{
    const GOptionEntry entries[] = {
        {"rounds", 0, 0, G_OPTION_ARG_INT, &options->rounds, "How often each is measured (5)", "N"},
        {"scale", 0, 0, G_OPTION_ARG_INT, &options->scale, "Only every N-th task (1)", "N"},
        {"alone", 0, 0, G_OPTION_ARG_NONE, &options->alone, "No other tools", NULL},
        {"svg", 0, 0, G_OPTION_ARG_FILENAME, &options->svg, "Draw it there", "FILE"},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->paths, NULL, NULL},
        {NULL},
    };
    g_autoptr(GOptionContext) context = g_option_context_new("TPSCHED");

    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, argc, argv, error))
        return false;
    if (!options->paths || options->paths[1] || options->rounds < 1 ||
        options->rounds > RUN_ROUNDS_MAX || options->scale < 1) {
        g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                            "name one program, 1 to 99 rounds and a scale of 1 or more");
        return false;
    }
    return true;
}

/* Fewer tasks, never more workers than tasks. */
static RunWork scaled(const RunWork *work, int scale)
{
    RunWork smaller = *work;

    smaller.n = MAX(work->n / scale, 1);
    smaller.workers = MIN(work->workers, MAX(smaller.n, 2));
    return smaller;
}

static void print_score(const RunTool *tool, const RunScore *score)
{
    static const char *const why[] = {
        [RUN_ABSENT] = "not installed", [RUN_LEFT] = "", [RUN_FAILED] = "failed"};

    if (score->state == RUN_LEFT)
        return;
    if (score->state != RUN_MEASURED)
        printf("| %s | %s | | | |\n", tool->name, why[score->state]);
    else
        printf("| %s%s | %.0f | %.2f | %.0f | %.2f |\n", tool->name,
               tool->captures ? "" : " (no capture)", score->wall_us, score->wall_ratio,
               score->cpu_us, score->cpu_ratio);
}

static void measure_works(const Options *options, const RunPlace *place,
                          RunScore (*score)[RUN_N_TOOLS])
{
    for (int w = 0; w < N_WORKS; w++) {
        const RunWork work = scaled(&works[w], options->scale);

        run_score(&work, place, options->rounds, !options->alone, score[w]);
        printf("\n%d x %s, %d workers\n\n", work.n, work.name, work.workers);
        printf("| | time us | x | CPU us | x |\n|---|--:|--:|--:|--:|\n");
        for (int t = 0; t < RUN_N_TOOLS; t++)
            print_score(&run_tools[t], &score[w][t]);
        fflush(stdout);
    }
}

static double megabytes(int64_t bytes)
{
    return (double)bytes / 1e6;
}

/* tpsched's parts, and the others' main process where they take part. */
static void print_memory(const Options *options, const RunPlace *place, const RunWork *work)
{
    for (int t = 0; t < RUN_N_TOOLS; t++) {
        const RunTool *tool = &run_tools[t];
        RunMemory memory;

        if (t > 0 && (options->alone || !tool->program || !tool->captures || work->n > 1))
            continue;
        if (!run_score_memory(tool, work, place, &memory))
            continue;
        printf("| %s | %s | %.1f | %.1f |", work->name, tool->name, megabytes(memory.peak),
               megabytes(memory.anon));
        if (t == 0)
            printf(" %.2f |\n", megabytes(memory.helpers));
        else
            printf(" |\n");
        fflush(stdout);
    }
}

static void measure_memory(const Options *options, const RunPlace *place)
{
    printf("\n| | | resident MB | of that its own | nannies MB |\n|---|---|--:|--:|--:|\n");
    for (int m = 0; m < N_MEMORIES; m++) {
        const RunWork work = scaled(&memories[m], options->scale);

        print_memory(options, place, &work);
    }
}

static void print_end(const char *what, int n_trees, const RunEnd *end)
{
    printf("| %s | %d | %.1f | %.1f |\n", what, n_trees * RUN_END_TREE, end->median_ms,
           end->max_ms);
    fflush(stdout);
}

static bool measure_ends(const Options *options, const RunPlace *place)
{
    const int n_trees = MAX(TREES / options->scale, 2);
    RunEnd end;

    printf("\n| | processes | median ms | longest ms |\n|---|--:|--:|--:|\n");
    if (!run_end_timeout(place, 1, options->rounds, &end))
        return false;
    print_end("timeout", 1, &end);
    if (!run_end_timeout(place, n_trees, options->rounds, &end))
        return false;
    print_end("timeout of each", n_trees, &end);
    if (!run_end_killed(place, n_trees, options->rounds, &end))
        return false;
    print_end("kill -9 of tpsched", n_trees, &end);
    return true;
}

static bool measure_all(const Options *options, const RunPlace *place, GError **error)
{
    static RunScore score[N_WORKS][RUN_N_TOOLS];
    g_autofree char *svg = NULL;

    measure_works(options, place, score);
    for (int w = 0; w < N_WORKS; w++)
        if (score[w][0].state != RUN_MEASURED || score[w][1].state != RUN_MEASURED)
            return false;
    measure_memory(options, place);
    if (!measure_ends(options, place))
        return false;
    svg = run_svg(works, (const RunScore *)score, N_WORKS);
    return !options->svg || g_file_set_contents(options->svg, svg, -1, error);
}

/* The other programs of this benchmark stand beside this one. */
static bool answer(const Options *options, GError **error)
{
    g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *beside = self ? g_path_get_dirname(self) : g_strdup(".");
    g_autofree char *bare = g_build_filename(beside, "bench-run-bare", NULL);
    g_autofree char *child = g_build_filename(beside, "bench-run-child", NULL);
    g_autofree char *tpsched = g_canonicalize_filename(options->paths[0], NULL);
    g_autofree char *dir = g_dir_make_tmp("run-XXXXXX", error);
    bool done;

    if (!dir)
        return false;
    done =
        run_measure_open() && measure_all(options, &(RunPlace){tpsched, bare, child, dir}, error);
    run_dir_remove(dir);
    return done;
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    Options options = {.rounds = 5, .scale = 1};
    const bool done = parse(&options, &argc, &argv, &error) && answer(&options, &error);

    if (!done)
        fprintf(stderr, "run: %s\n", error ? error->message : "failed");
    g_free(options.svg);
    g_strfreev(options.paths);
    return done ? EXIT_SUCCESS : EXIT_FAILURE;
}
