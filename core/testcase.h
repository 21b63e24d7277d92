/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <stdint.h>

/*
 * What stays together when a suite is cut. A unit is the smallest thing the partitioner moves:
 * all testcases of a suite with the same key.
 */
typedef enum {
    TPS_UNIT_DEFAULT,  /* what the framework's users would wish */
    TPS_UNIT_TESTCASE, /* every testcase moves alone            */
    TPS_UNIT_CLASS,    /* class, googletest suite, Check tcase, ctest fixture */
    TPS_UNIT_FILE,
} TpsUnit;

/* The smallest thing a framework can select and report. */
typedef struct {
    char *id;       /* owned; opaque bytes, unique inside its suite                          */
    char *selector; /* owned or NULL: how the framework addresses it, when that isn't the id */
    char *file;     /* owned or NULL                                                         */
    char *group;    /* owned or NULL: the key of its TPS_UNIT_CLASS                          */
    char *where;    /* owned or NULL: what else the framework needs to run it, "/src/pkg"    */
    char *glue;     /* owned or NULL: the same for those it can't tell apart by name         */
    int64_t line;   /* 0 = unknown                                                           */
    char **tags;    /* owned or NULL: its own; those of its suite it has, too               */
} TpsTestcase;

/* `id` is copied; everything else starts empty. */
TpsTestcase *tps_testcase_new(const char *id);
void tps_testcase_free(TpsTestcase *testcase);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsTestcase, tps_testcase_free)

/* A list of TpsTestcase in the framework's own order; owns its elements. */
GPtrArray *tps_testcases_new(void);

/* The key that keeps `testcase` with its unit; borrowed from it. Falls back to the id. */
const char *tps_testcase_unit_key(const TpsTestcase *testcase, TpsUnit unit);

/* "testcase", "class", "file" -> unit; false when it is none of them. */
gboolean tps_unit_parse(const char *name, TpsUnit *unit);
const char *tps_unit_name(TpsUnit unit);
