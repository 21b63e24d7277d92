/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/plan.h"
#include "core/result.h"
#include "scheduler/journal.h"
#include "scheduler/report_lock.h"

#include <glib.h>
#include <stdbool.h>

/*
 * Where a run leaves what it did:
 *
 *   plan.json      the plan that was executed
 *   journal.jsonl  what was begun and what came of it: the part reports
 *   parts/         directories for the parts and attempts that need one: the frameworks' files
 *   output.log     the whole outputs of the tasks, one behind the other
 *   report.xml     all of it merged
 */
#define TPS_RUN_PLAN_FILE "plan.json"
#define TPS_RUN_JUNIT_FILE "report.xml"
#define TPS_RUN_EXECUTED_FILE "executed.json"
#define TPS_RUN_OUTPUT_FILE "output.log"

/* The report directory of one run. All borrowed. */
typedef struct {
    const char *path;     /* absolute               */
    const TpsPlan *plan;  /* the whole plan         */
    const TpsPlan *scope; /* what of it is asked for */
    const TpsPlan *todo;  /* what of that is executed now: all, or what an earlier run left */
    const char *run_id;   /* or NULL                */
    int attempt;
} TpsReportDir;

/* A name as a file name: what is harmless stays, and a digest tells apart what got alike. No dot is
 * in it. Caller frees. */
char *tps_report_dir_slug(const char *name);

/* "SUITE.M-of-N", as a file name. Caller frees. */
char *tps_report_dir_part_name(const TpsTask *task);

/* The directory of one part's own files; it is made when somebody needs it. Caller frees. */
char *tps_report_dir_part(const char *path, const TpsTask *task, int attempt);

/* Where its piece of that number puts an output that is long, below the report directory. Caller
 * frees. */
char *tps_report_dir_output(const TpsTask *task, int attempt, int number);

/*
 * Make it, and keep other runs out of it.
 *   errors  TPS_ERROR_USAGE: it holds somebody else's files or links, or another run works
 *           there;
 *           TPS_ERROR_EXECUTOR: the disk
 */
TpsReportLock *tps_report_dir_take(const char *path, GError **error);

/*
 * Write the plan, and drop what an earlier run left that this one replaces: its merged report, part
 * reports of other plans and runs, and of what is executed now this attempt and later ones.
 *   returns  its journal; caller closes. NULL and TPS_ERROR_EXECUTOR: the disk
 */
TpsJournal *tps_report_dir_prepare(const TpsReportDir *dir, GError **error);

/*
 * What stands there of the scope's parts, this attempt and those before it.
 *
 *   problems  of char*, appended: damage
 *   notes     of char*, appended
 *   returns   of TpsPartReport; caller unrefs. NULL and TPS_ERROR_INPUT when it can't be read
 */
GPtrArray *tps_report_dir_load(const TpsReportDir *dir, GPtrArray *problems, GPtrArray *notes,
                               GError **error);

/* Likewise only what was executed now: all that its parts reported, asked for or not. */
GPtrArray *tps_report_dir_load_new(const TpsReportDir *dir, GError **error);
