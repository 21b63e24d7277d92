/* SPDX-License-Identifier: MIT */
#include "bench/run_score.h"

#include "bench/run_dir.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BARE 1 /* place in run_tools */

/* One column, by round; places without a value are negative. */
typedef double Column[RUN_ROUNDS_MAX];

static bool run_once(const RunTool *tool, const RunWork *work, const RunPlace *parent,
                     RunCost *cost, RunMemory *memory)
{
    g_autofree char *dir = run_dir_make(parent->dir, "work");
    RunPlace place = *parent;
    bool done;

    place.dir = dir;
    done = run_tool_prepare(tool, work, &place);
    if (done) {
        g_auto(GStrv) argv = run_tool_argv(tool, work, &place);

        sync(); /* what was written before is not for this one to wait for */
        done = memory ? run_measure_memory(argv, dir, cost, memory) : run_measure(argv, dir, cost);
    }
    run_dir_remove(dir);
    if (done && cost->status != 0)
        fprintf(stderr, "run: %s, %s: wait status 0x%x\n", work->name, tool->name,
                (unsigned)cost->status);
    return done && cost->status == 0;
}

static bool takes_part(const RunTool *tool, const RunWork *work, bool peers)
{
    return (peers || !tool->program) && (tool->wide || work->workers <= 16);
}

static bool has_its_turn(const RunTool *tool, int round, int rounds)
{
    return !tool->slow || rounds == 1 || round % 2 == 1;
}

static int compare(const void *a, const void *b)
{
    const double one = *(const double *)a, two = *(const double *)b;

    return (one > two) - (one < two);
}

/* Of those that are there; sorts a copy. */
static double median(const Column column, int rounds)
{
    Column sorted;
    int n = 0;

    for (int round = 0; round < rounds; round++)
        if (column[round] >= 0)
            sorted[n++] = column[round];
    if (n == 0)
        return 0;
    qsort(sorted, (size_t)n, sizeof *sorted, compare);
    return n % 2 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
}

static double median_ratio(const Column part, const Column whole, int rounds)
{
    Column ratio;

    for (int round = 0; round < rounds; round++)
        ratio[round] = part[round] >= 0 && whole[round] > 0 ? part[round] / whole[round] : -1;
    return median(ratio, rounds);
}

static void measure_round(const RunWork *work, const RunPlace *place, int round, int rounds,
                          RunScore *score, Column *wall, Column *cpu)
{
    for (int t = 0; t < RUN_N_TOOLS; t++) {
        RunCost cost = {0};

        wall[t][round] = cpu[t][round] = -1;
        if (score[t].state != RUN_MEASURED || !has_its_turn(&run_tools[t], round, rounds))
            continue;
        if (!run_once(&run_tools[t], work, place, &cost, NULL)) {
            score[t].state = RUN_FAILED;
            continue;
        }
        wall[t][round] = (double)cost.wall_us / work->n;
        cpu[t][round] = (double)cost.cpu_us / work->n;
    }
}

void run_score(const RunWork *work, const RunPlace *place, int rounds, bool peers, RunScore *score)
{
    static Column wall[RUN_N_TOOLS], cpu[RUN_N_TOOLS];

    memset(score, 0, sizeof *score * RUN_N_TOOLS);
    for (int t = 0; t < RUN_N_TOOLS; t++)
        score[t].state = !takes_part(&run_tools[t], work, peers) ? RUN_LEFT
                         : run_tool_is_there(&run_tools[t])      ? RUN_MEASURED
                                                                 : RUN_ABSENT;
    for (int round = 0; round < rounds; round++)
        measure_round(work, place, round, rounds, score, wall, cpu);
    for (int t = 0; t < RUN_N_TOOLS; t++) {
        if (score[t].state != RUN_MEASURED)
            continue;
        score[t].wall_us = median(wall[t], rounds);
        score[t].cpu_us = median(cpu[t], rounds);
        score[t].wall_ratio = median_ratio(wall[t], wall[BARE], rounds);
        score[t].cpu_ratio = median_ratio(cpu[t], cpu[BARE], rounds);
    }
}

bool run_score_memory(const RunTool *tool, const RunWork *work, const RunPlace *place,
                      RunMemory *memory)
{
    RunCost cost = {0};

    return run_tool_is_there(tool) && run_once(tool, work, place, &cost, memory);
}
