/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/artifact.h"
#include "core/isolation.h"
#include "core/needs.h"
#include "core/testcase.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* "auto" where a number of parts, a size, or a time can be given. */
#define TPS_AUTO (-1)

/* What is run once before the tasks of a suite or plan, and once after them. */
typedef struct {
    char **setup;    /* owned or NULL: argv */
    char **teardown; /* likewise            */
    int64_t setup_timeout_us;
    int64_t teardown_timeout_us;
} TpsFixture;

#define TPS_SETUP_TIMEOUT_US (INT64_C(10) * 60 * 1000000)
#define TPS_TEARDOWN_TIMEOUT_US (INT64_C(60) * 1000000)

bool tps_fixture_is_any(const TpsFixture *fixture);

/* A task that passed and left processes or its output open is marked, or it has failed. */
typedef enum {
    TPS_LEAK_UNSAID, /* as the command line says, which is to pass */
    TPS_LEAK_PASSES,
    TPS_LEAK_FAILS,
} TpsLeak;

/* "pass", "fail". */
bool tps_leak_parse(const char *text, TpsLeak *leak);

/*
 * One target as the plan file declares it: a framework, how to list it, how to run it. Values only;
 * nothing here was looked up on the machine.
 */
typedef struct {
    char *name;         /* owned; unique in a plan                                             */
    char *origin;       /* owned or NULL: "FILE:LINE" that declares it                         */
    char *framework;    /* owned; a name of the framework table                                */
    char **command;     /* owned or NULL: argv that replaces the framework's own program       */
    char **args;        /* owned, never NULL: added behind the framework's own arguments       */
    char *path;         /* owned or NULL: what the framework is pointed at, relative to cwd    */
    char *cwd;          /* owned: the directory every process of the suite starts in           */
    char **env;         /* owned, never NULL: "NAME=value", added to our own environment       */
    int64_t timeout_us; /* for one task; 0 = not given                                         */
    int64_t testcase_timeout_us; /* for one testcase; 0 = not given                            */
    int64_t weight_us; /* expected time of one task, overrides history; TPS_AUTO = from data  */
    int parts;         /* TPS_AUTO or >= 1                                                    */
    int rerun;         /* attempts after the first at what failed; TPS_AUTO = not given       */
    TpsUnit unit;
    char **tags;  /* owned, never NULL: each of its testcases has them                   */
    char **group; /* owned, never NULL: patterns; testcases that match one the same way stay
                     together                                                            */
    char **apart; /* owned, never NULL: patterns; no two units that match one share a part */
    GArray *pins; /* of TpsPin                                                           */
    GPtrArray *artifacts; /* of TpsArtifactRule: what its tasks are to leave                */
    bool keep_order;      /* parts are runs of neighbours in the order of the framework          */
    TpsLeak leak;         /* what it means when a task leaves something behind                   */
    TpsNeeds *needs;      /* owned; NULL = a worker and nothing else                              */
    bool jobserver;       /* its processes get GNU make's                                         */
    bool env_clear;       /* of our environment it gets the harmless, and env_pass                */
    char **env_pass;      /* owned, never NULL: names, or prefixes that end in '*'                */
    bool home_is_sandbox;
    TpsFixture fixture;
} TpsSuite;

/* Units with a testcase that matches go to that part. */
typedef struct {
    char *pattern; /* owned */
    int part;
} TpsPin;

/* So many `apart` patterns of one suite are enough: one bit each. */
#define TPS_APART_MAX 64

/* `name` and `framework` are copied; one part, no timeout, cwd ".". */
TpsSuite *tps_suite_new(const char *name, const char *framework);
void tps_suite_free(TpsSuite *suite);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsSuite, tps_suite_free)

/* Whoever needs more attempts than that has another problem. */
#define TPS_RERUN_MAX 100

/*
 * Does a process of the suite get that variable of ours? All, but with env_clear only PATH, LANG,
 * LANGUAGE, LC_*, TZ, USER, LOGNAME, and what env_pass names.
 */
bool tps_suite_inherits(const TpsSuite *suite, const char *name, size_t length);

/* What tpsched.yaml says: the suites of a project and how long they may take. */
typedef struct {
    char *name;        /* owned                                                      */
    char *file;        /* owned: where it was read                                   */
    int64_t target_us; /* plan_runtime_target; TPS_AUTO, or 0 = not given            */
    int64_t limit_us;  /* auto_part_runtime_limit; likewise                          */
    int pool_size;     /* TPS_AUTO, 0 = not given, or >= 1                           */
    int pool_max_size; /* 0 = no cap                                                 */
    bool pool_elastic; /* workers may be added while it runs                         */
    bool pool_rerun;   /* what failed may be run again                               */
    TpsIsolation isolation;
    int rerun_budget;  /* testcases that may be run again; TPS_AUTO = not given      */
    GArray *resources; /* of TpsResource: what the machine has                       */
    GPtrArray *suites; /* of TpsSuite, in the file's order; only ever added to       */
    GHashTable *found; /* char* -> TpsSuite*: those that tps_plan_file_find() knows  */
    TpsFixture fixture;
    int64_t timeout_us; /* plan_timeout: for all of it; 0 = not given */
} TpsPlanFile;

TpsPlanFile *tps_plan_file_new(void);
void tps_plan_file_free(TpsPlanFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsPlanFile, tps_plan_file_free)

/*
 * The suite of that name, borrowed, or NULL. Constant time; it enters what was added since the last
 * call, so two threads must not ask at once.
 */
const TpsSuite *tps_plan_file_find(const TpsPlanFile *file, const char *name);
