/* SPDX-License-Identifier: MIT */
#include "runtime/similar.h"

#include "runtime/case_name.h"

#include <glib.h>
#include <string.h>

/* Weight of the group around a group, in testcases. */
#define PRIOR 1

/* How far guesses were from the truth, by what they rest on: mean |log2(real / point)|. */
#define SPREAD_SIBLINGS (5 * TPS_LOG2_ONE / 4)
#define SPREAD_OTHERS (5 * TPS_LOG2_ONE / 2)

/* Testcases whose names begin alike. */
typedef struct {
    const char *name; /* borrowed; NULL = a free place */
    size_t length;
    uint64_t hash;
    TpsPredictSource kind;
    uint32_t run;
    int64_t n;
    int64_t sum_log;
    int64_t sum_us;
} Group;

/* Open addressing; nothing is ever decided by its order. */
typedef struct {
    Group *group; /* [mask + 1] */
    size_t mask;
    size_t n;
} Groups;

/* FNV-1a (Fowler, Noll, Vo 1991), carried on from one cut to the next. */
static uint64_t hash_on(uint64_t hash, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)text[i]) * UINT64_C(0x100000001b3);
    return hash;
}

/* The group of that name, or the free place for it. */
static Group *find_group(const Groups *groups, const char *name, size_t length, uint64_t hash)
{
    size_t i = (hash ^ hash >> 32) & groups->mask;

    for (;; i = (i + 1) & groups->mask) {
        Group *group = &groups->group[i];

        if (!group->name || (group->hash == hash && group->length == length &&
                             memcmp(group->name, name, length) == 0))
            return group;
    }
}

static void grow(Groups *groups)
{
    const Groups old = *groups;

    groups->mask = old.mask * 2 + 1;
    groups->group = g_new0(Group, groups->mask + 1);
    for (size_t i = 0; i <= old.mask; i++) {
        const Group *group = &old.group[i];

        if (group->name)
            *find_group(groups, group->name, group->length, group->hash) = *group;
    }
    g_free(old.group);
}

/* One step of a walk through the groups of a name. */
typedef struct {
    const char *name;
    TpsCaseCut cut[TPS_CASE_MAX_CUTS];
    int n, next;
    uint64_t hash;
} Walk;

static void walk_begin(Walk *walk, const char *name)
{
    walk->name = name;
    walk->n = tps_case_cuts(name, walk->cut);
    walk->next = 0;
    walk->hash = UINT64_C(0xcbf29ce484222325);
}

/* The next narrower group or the place for it; NULL at the end. */
static Group *walk_on(Walk *walk, const Groups *groups)
{
    const size_t begin = walk->next > 0 ? walk->cut[walk->next - 1].end : 0;
    size_t end;

    if (walk->next == walk->n)
        return NULL;
    end = walk->cut[walk->next++].end;
    walk->hash = hash_on(walk->hash, walk->name + begin, end - begin);
    return find_group(groups, walk->name, end, walk->hash);
}

/* Only groups that a new testcase is in matter. */
static void add_groups(Groups *groups, const char *name)
{
    Group *group;
    Walk walk;

    for (walk_begin(&walk, name); (group = walk_on(&walk, groups));) {
        if (group->name)
            continue;
        group->name = name;
        group->length = walk.cut[walk.next - 1].end;
        group->kind = walk.cut[walk.next - 1].kind;
        group->hash = walk.hash;
        if (++groups->n * 2 > groups->mask)
            grow(groups);
    }
}

static void add_member(Group *group, const TpsLevel *level)
{
    group->n++;
    group->run = MAX(group->run, level->run);
    group->sum_log += tps_level_log(level->point_us);
    group->sum_us = tps_add_sat(group->sum_us, level->mean_us);
}

static void add_to_groups(const Groups *groups, const TpsNamedLevel *known)
{
    Group *group;
    Walk walk;

    for (walk_begin(&walk, known->name); (group = walk_on(&walk, groups)) && group->name;)
        add_member(group, known->level);
}

/*
 * A group with the same members as the one around it says nothing new: the names of a project often
 * begin with the same directories.
 */
static TpsPrediction guess(const Groups *groups, const Group *all, const char *name)
{
    int64_t log = all->sum_log / all->n, mean_us = all->sum_us / all->n;
    const Group *around = all, *group;
    Walk walk;

    for (walk_begin(&walk, name); (group = walk_on(&walk, groups)) && group->n > 0;) {
        if (group->n != around->n) {
            log = (group->sum_log + PRIOR * log) / (group->n + PRIOR);
            mean_us = tps_add_sat(group->sum_us, PRIOR * mean_us) / (group->n + PRIOR);
        }
        around = group;
    }
    return (TpsPrediction){
        .point_us = MAX(tps_level_time(log), 1),
        .expected_us = MAX(mean_us, 1),
        .spread = around->kind == TPS_PREDICT_SIBLINGS ? SPREAD_SIBLINGS : SPREAD_OTHERS,
        .source = around->kind,
        .run = around->run,
    };
}

static bool is_new(const TpsNamedLevel *testcase)
{
    return !testcase->level && !testcase->gone;
}

static void guess_from_groups(const TpsNamedLevel *cases, size_t n, const Group *all,
                              TpsPrediction *prediction)
{
    Groups groups = {g_new0(Group, 64), 63, 0};

    for (size_t i = 0; i < n; i++)
        if (is_new(&cases[i]))
            add_groups(&groups, cases[i].name);
    for (size_t i = 0; i < n; i++)
        if (cases[i].level)
            add_to_groups(&groups, &cases[i]);
    for (size_t i = 0; i < n; i++)
        if (is_new(&cases[i]))
            prediction[i] = guess(&groups, all, cases[i].name);
    g_free(groups.group);
}

void tps_guess_similar(const TpsNamedLevel *cases, size_t n, int64_t default_us,
                       TpsPrediction *prediction)
{
    const TpsPrediction nothing = {
        .point_us = default_us,
        .expected_us = default_us,
        .spread = SPREAD_OTHERS,
        .source = TPS_PREDICT_DEFAULT,
    };
    Group all = {.kind = TPS_PREDICT_PLAN};

    for (size_t i = 0; i < n; i++)
        if (cases[i].level)
            add_member(&all, cases[i].level);
    if (all.n > 0)
        guess_from_groups(cases, n, &all, prediction);
    else
        for (size_t i = 0; i < n; i++)
            prediction[i] = nothing;
}
