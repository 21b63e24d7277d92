/* SPDX-License-Identifier: MIT */
#pragma once

#include "cli/command.h"
#include "cli/filter_options.h"
#include "core/plan.h"
#include "core/suite.h"
#include "scheduler/planner.h"

#include <glib.h>
#include <stdbool.h>

#define TPS_DEFAULT_PLAN_FILE "tpsched.yaml"

/* The options by which `plan` and `run` make a plan. Zero-initialised is "none given". */
typedef struct {
    char *plan_file;
    char **runtime_data;
    char *target;
    char *limit;
    char *size;
    char *max_size;
    char *shards;
    char *confidence;
    char *cores;
    char *memory;
    char *unit;
    char *sticky;
    char *sticky_gain;
    char *key; /* what it reads must be signed with it; NULL = none */
    TpsFilterOptions filter;
} TpsPlanOptions;

void tps_plan_options_clear(TpsPlanOptions *options);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TpsPlanOptions, tps_plan_options_clear)

/* Is any given that only who makes a plan can heed? The plan file and the size may be others'. */
bool tps_plan_options_any(const TpsPlanOptions *options);

/* Add them to a verb's options. */
void tps_plan_options_add(TpsPlanOptions *options, GOptionContext *context);

/* A verb's option context, with its usage line and summary. */
GOptionContext *tps_option_context_new(const TpsVerb *verb);

/*
 * Parse; what remains are the arguments that are no options.
 *   errors  TPS_ERROR_USAGE
 */
bool tps_options_parse(GOptionContext *context, int *argc, char ***argv, GError **error);

/* The same for a verb that takes options only. */
bool tps_options_parse_all(GOptionContext *context, int argc, char **argv, GError **error);

/*
 * Frameworks of the project's own are in .tpsched/frameworks beside its plan file; NULL = the usual
 * one, here. Call before anything looks a framework up.
 */
void tps_options_set_project(const char *plan_file);

/*
 * What is declared: the plan file that was named, else tpsched.yaml when it is there. NULL without
 * an error when there is none.
 */
TpsPlanFile *tps_options_load_plan_file(const TpsPlanOptions *options, GError **error);

/* A plan, with what it was made from. */
typedef struct {
    TpsPlan *previous;    /* owned or NULL: the plan that was to be kept to    */
    TpsPlanFile *file;    /* owned or NULL                                      */
    GHashTable *listings; /* owned or NULL: suite name -> GPtrArray of TpsTestcase, all of them */
    TpsPlan *plan;        /* owned                                              */
} TpsPlanned;

void tps_planned_clear(TpsPlanned *planned);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TpsPlanned, tps_planned_clear)

/* Makes a plan of a request: tps_plan_make, or somebody who asks it more than once. */
typedef TpsPlan *(*TpsPlanMaker)(const TpsPlanRequest *request, void *user, GError **error);

/*
 * Load and list as the options and the plan file say, and have `make` plan it. What the request
 * borrows is gone when `make` has returned.
 *
 *   here  what the machine that will execute the plan offers; NULL: any machine may
 */
bool tps_options_plan_by(const TpsPlanOptions *options, const TpsCapacity *here, TpsPlanMaker make,
                         void *user, TpsPlanned *planned, GError **error);

/* The same by tps_plan_make. */
bool tps_options_plan(const TpsPlanOptions *options, const TpsCapacity *here, TpsPlanned *planned,
                      GError **error);

/* Tell on stderr what makes a plan worth nothing: it is not left to who reads notes. */
void tps_options_warn(const TpsPlan *plan);
