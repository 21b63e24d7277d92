/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/artifact.h"
#include "core/plan.h"
#include "core/property.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* What became of a testcase. The order is the rank: of two reports of one attempt the worse counts.
 */
typedef enum {
    TPS_OUTCOME_SKIPPED,
    TPS_OUTCOME_PASSED,
    TPS_OUTCOME_FLAKY, /* failed, then passed on a later attempt */
    TPS_OUTCOME_FAILED,
    TPS_OUTCOME_ERROR, /* not an assertion: crash, setup, lost, missing */
} TpsOutcome;

const char *tps_outcome_name(TpsOutcome outcome);
bool tps_outcome_is_bad(TpsOutcome outcome);

/*
 * The result of one testcase in one attempt. What a planned testcase consists of (subtests, the
 * tests of a file, the points of a TAP stream) are its inner cases, each with the inner name as id;
 * they have no cases of their own. Proof, verdict and runtime data look at the result only.
 */
typedef struct {
    char *id;     /* owned; the testcase's id                                     */
    char *file;   /* owned or NULL                                                */
    int64_t line; /* 0 = unknown                                                  */
    TpsOutcome outcome;
    int64_t time_us;       /* TPS_TIME_UNKNOWN, or >= 0                                    */
    char *type;            /* owned or NULL: kind of failure, "tpsched.missing-part", ...  */
    char *message;         /* owned or NULL: one line                                      */
    char *text;            /* owned or NULL: traceback                                     */
    char *output;          /* owned or NULL: what it printed                               */
    GPtrArray *attempts;   /* of TpsResult, earlier attempts, oldest first; NULL = none     */
    GPtrArray *cases;      /* of TpsResult, inner cases as they were reported; NULL = none  */
    GPtrArray *properties; /* of TpsProperty, what the framework says of it; NULL = none     */
    int piece;             /* of the part's pieces, the one that ran it                     */
} TpsResult;

#define TPS_TIME_UNKNOWN INT64_C(-1)

TpsResult *tps_result_new(const char *id, TpsOutcome outcome, int64_t time_us);
void tps_result_free(TpsResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsResult, tps_result_free)

/* A list that owns its TpsResult. */
GPtrArray *tps_results_new(void);

/* Add an inner case behind the others. Takes it; the outcome of `result` stays as it is. */
void tps_result_add_case(TpsResult *result, TpsResult *inner);

/*
 * Two reports of the same testcase in one attempt become one: the worse outcome; ties by time, then
 * text, bytewise, so that fold is commutative, associative and idempotent. One of them is kept as
 * it is, with its cases; properties are united. Takes `other`.
 */
void tps_result_fold(TpsResult *result, TpsResult *other);

/*
 * An earlier attempt of the same testcase becomes the history of a later one: what passes now and
 * failed before is flaky. A skip is no answer to a failure: what failed and was never executed
 * again has failed. Takes `earlier`; fold attempts from the latest to the first.
 */
void tps_result_fold_attempt(TpsResult *result, TpsResult *earlier);

/* How a process ended. */
typedef enum {
    TPS_END_EXITED,      /* code = exit status                       */
    TPS_END_SIGNALED,    /* code = signal                            */
    TPS_END_TIMEOUT,     /* we killed it                             */
    TPS_END_NOT_STARTED, /* code = errno                             */
    TPS_END_CANCELLED,   /* we were asked to stop                    */
    TPS_END_LOST,        /* its supervisor died                      */
} TpsEnd;

const char *tps_end_name(TpsEnd end);
bool tps_end_parse(const char *name, TpsEnd *end);

/* "exit status 3", "killed by SIGSEGV", "timed out after 30s". Caller frees. */
char *tps_end_describe(TpsEnd end, int code, int64_t wall_us);

/* And with a signal: "killed by SIGSEGV (core dumped)", "killed by SIGKILL (out of memory)". */
char *tps_end_explain(TpsEnd end, int code, int64_t wall_us, bool core_dumped, bool oom_killed);

/* One run of a part's framework: all of the part, or a piece of it that was cut at run time. */
typedef struct {
    int worker;
    int64_t started_us;  /* since the epoch, UTC                 */
    int64_t wall_us;     /* of its processes                     */
    int64_t setup_us;    /* measured, or TPS_TIME_UNKNOWN        */
    int64_t teardown_us; /* likewise                             */
} TpsPartPiece;

/*
 * What the runner says of one part: who it is, how its process ended, and the results it reported.
 * Identity and process come from the sidecar, results from the JUnit report beside it.
 */
typedef struct {
    char *plan_id; /* owned                                                         */
    char *run_id;  /* owned or NULL: what all shards of one run share               */
    char *suite;   /* owned                                                         */
    TpsPart part;
    int attempt; /* 1, 2, ...                                                     */
    bool done;   /* false: it was started and nobody wrote how it ended           */
    char *host;  /* owned                                                         */
    int worker;
    bool crowded;       /* workers shared processors: its processor time says nothing of it       */
    int n_pieces;       /* how many runs of its framework, reruns apart: each paid setup and
                           teardown                                                              */
    int n_processes;    /* of its framework, reruns apart; at least one for each of n_pieces     */
    int64_t started_us; /* since the epoch, UTC                                          */
    int64_t ended_us;
    TpsEnd end;
    int code;
    int64_t wall_us;   /* of its processes, added up; pieces may have run side by side    */
    int64_t paused_us; /* they stood still beside that; what a framework measures contains it */
    int64_t cpu_us;
    int64_t rerun_us;      /* of wall_us, what says nothing of how long the part takes: what ran its
                              testcases again; all of it where the first attempt was cut short       */
    int64_t max_rss_bytes; /* of the largest process                                       */
    int64_t peak_bytes;    /* of all its processes at a time; 0 = not known                */
    bool core_dumped;      /* with a signal                                                 */
    bool oom_killed;       /* SIGKILL came from the kernel, which had no memory left        */
    int n_leaked;          /* processes left behind and killed                              */
    char *leaked;          /* owned or NULL: the first of them, "sleep (71), redis (74)"    */
    bool held_pipe;        /* its output was still open in a process that is not its own    */
    int64_t setup_us;      /* measured, summed over n_pieces, or TPS_TIME_UNKNOWN           */
    int64_t teardown_us;   /* likewise                                                      */
    GArray
        *pieces; /* of TpsPartPiece, [n_pieces], where it was cut, reruns apart; NULL = not cut */
    GPtrArray *planned;     /* of char*, owned: the testcases it had to run                  */
    GPtrArray *added;       /* of char*, owned: those of them that are not in the plan       */
    GPtrArray *removed;     /* of char*, owned: planned, but gone when it ran, and allowed    */
    GPtrArray *results;     /* of TpsResult                                                  */
    GPtrArray *problems;    /* of char*, owned: what is wrong with its report; never a pass  */
    GPtrArray *unselected;  /* of char*, owned: what it ran and was not to run, a sentence for each
                               of its processes; no later attempt mends that, in the end they are
                               problems                                                      */
    guint n_unselected;     /* how many testcases that was; their results are dropped        */
    char *output;           /* owned or NULL: head and tail of what its processes printed    */
    uint64_t output_bytes;  /* how much that was                                             */
    char *output_file;      /* owned or NULL: where all of it is, below the report directory */
    uint64_t output_offset; /* and where in that file                                        */
    bool cut_short;         /* the run was interrupted, else it would have been tried again   */
    char *kept;             /* owned or NULL: its sandbox, below the report directory        */
    GPtrArray *properties;  /* of TpsProperty: what its framework says of all of it          */
    GPtrArray *artifacts;   /* of TpsArtifact: what it left and is kept                      */
    char *origin;           /* owned or NULL: the file it was read from, for messages        */
    char *digest;           /* owned or NULL: SHA-256 over sidecar and report                */
} TpsPartReport;

TpsPartReport *tps_part_report_new(const char *suite, TpsPart part);
void tps_part_report_free(TpsPartReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsPartReport, tps_part_report_free)

/* Worst outcome of its results and its process: does this part count as failed? */
bool tps_part_report_is_bad(const TpsPartReport *report);
