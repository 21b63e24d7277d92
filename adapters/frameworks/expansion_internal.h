/* SPDX-License-Identifier: MIT */
#pragma once

#include "adapters/framework.h"
#include "adapters/frameworks/share_internal.h"

/*
 * What the templates of a definition stand for when a process is started. All texts are owned or
 * NULL; the suite, the definition and the testcase are borrowed.
 */
typedef struct {
    const TpsSuite *suite;
    const TpsFramework *framework;
    const TpsTestcase *first; /* of the process, or NULL: fields of what is selected */
    char *dir;                /* absolute: the process's own                         */
    char *support;            /* where its files are                                 */
    char *cache;
    char *program; /* its first word */
    char *report;
    char *journal;
    char *listing;
    char *selection;
    char **selected; /* owned or NULL: what an argument "{selection}" becomes */
    char *seconds;
    char *exact_seconds;
    char parts[12];
    TpsFieldNumber number;
} TpsExpansion;

/*
 * Make the names of the files in `dir`, and remove what an earlier process left there; NULL = none.
 * Support files are unpacked, and the cache made, when the definition wants them. Clear it in any
 * case. TPS_ERROR_EXECUTOR: the disk; TPS_ERROR_FRAMEWORK: there is no place for a cache.
 */
bool tps_expansion_init(TpsExpansion *expansion, const TpsSuite *suite,
                        const TpsFramework *framework, const char *dir, GError **error);
void tps_expansion_clear(TpsExpansion *expansion);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TpsExpansion, tps_expansion_clear)

/* Where a process writes what the definition says; what an earlier one left there is removed. */
char *tps_expansion_output(TpsExpansion *expansion, const char *template);

/* One text. Caller frees. */
char *tps_expansion_text(TpsExpansion *expansion, const char *template);

/*
 * A process: `command` with what its words stand for, environment and preload of the definition,
 * then `environment`, which may be NULL. TPS_ERROR_FRAMEWORK when there is no program.
 */
TpsInvocation *tps_expansion_invoke(TpsExpansion *expansion, char *const *command,
                                    char *const *environment, const char *preload, GError **error);

/* More arguments, more variables; NULL = none. */
bool tps_expansion_add(TpsExpansion *expansion, TpsInvocation *invocation, char *const *words,
                       GError **error);
void tps_expansion_add_env(TpsExpansion *expansion, TpsInvocation *invocation,
                           char *const *environment);
