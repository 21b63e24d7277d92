/* SPDX-License-Identifier: MIT */
#pragma once

#include "formats/json_stream.h"
#include "formats/loose/loose_internal.h"

/*
 * Reports that are one JSON document: CTRF and Testplan's. Members may come in any order, so what
 * the document is, is known when the first of them says so, and results wait for the names around
 * them.
 */

/* What an open bracket holds. */
typedef enum {
    ROLE_NONE,
    ROLE_ROOT,
    ROLE_RESULTS,
    ROLE_TOOL,
    ROLE_SUMMARY,
    ROLE_TESTS,
    ROLE_TEST,
    ROLE_ATTEMPTS,
    ROLE_ATTEMPT,
    ROLE_OUTPUTS, /* strings, one behind the other            */
    ROLE_SUITES,  /* names of suites, from the outermost on    */
    ROLE_NODES,
    ROLE_NODE, /* a multitest, a testsuite, a testcase, an assertion */
    ROLE_TIMER,
    ROLE_INTERVALS,
    ROLE_INTERVAL,
    ROLE_PART,
} TpsDocumentRole;

/* Members that mean something, in the order of their names' bytes. */
typedef enum {
    FIELD_CATEGORY,
    FIELD_DEFINITION,
    FIELD_DESCRIPTION,
    FIELD_DURATION,
    FIELD_END,
    FIELD_ENTRIES,
    FIELD_FAILED,
    FIELD_FILE,
    FIELD_FLAKY,
    FIELD_LINE,
    FIELD_MESSAGE,
    FIELD_NAME,
    FIELD_PART,
    FIELD_PASSED,
    FIELD_RAW_STATUS,
    FIELD_FORMAT,
    FIELD_RESULTS,
    FIELD_ATTEMPTS,
    FIELD_RUN,
    FIELD_SCHEMA,
    FIELD_START,
    FIELD_STATUS,
    FIELD_OVERRIDE,
    FIELD_STDERR,
    FIELD_STDOUT,
    FIELD_STOP,
    FIELD_SUITE,
    FIELD_SUMMARY,
    FIELD_TESTS,
    FIELD_TIMER,
    FIELD_TOOL,
    FIELD_TRACE,
    FIELD_TYPE,
    N_FIELDS,
    FIELD_NONE = N_FIELDS,
} TpsDocumentField;

/* Results below a node, until the names around it are known. */
typedef struct {
    char *name;
    GPtrArray *results; /* of TpsResult, or NULL */
    GPtrArray *groups;  /* of TpsDocumentGroup, or NULL */
} TpsDocumentGroup;

void tps_document_group_free(gpointer group);

/* An open bracket. */
typedef struct {
    TpsDocumentRole role;
    TpsDocumentField field; /* of which the value comes next */
    char *values[N_FIELDS]; /* scalars as text, or NULL      */
    GString *text;          /* outputs; failed assertions    */
    GPtrArray *results;     /* of TpsResult: attempts; testcases below a node */
    GPtrArray *groups;      /* of TpsDocumentGroup           */
    int64_t numbers[2];     /* of a part                     */
    guint n_numbers;
    int64_t started_us;
    int64_t ended_us;
    int64_t time_us;
    bool is_bad; /* something below it is bad */
} TpsDocumentFrame;

typedef struct {
    TpsLooseOut *out;
    TpsJsonStream *json;
    GPtrArray *frames; /* of TpsDocumentFrame, outermost first       */
    guint skipped;     /* brackets of what means nothing             */
    guint64 n_tokens;
    bool is_array;   /* the document is                            */
    bool has_failed; /* whoever is told of results said so         */
    bool is_ours;
    char *tool;         /* CTRF: whose report it is                   */
    GHashTable *suites; /* CTRF: a set of names, owned                */
    guint64 n_tests;
    guint64 n_bad;
    int64_t n_claimed;  /* CTRF: what its summary says, or -1         */
    int64_t claims_bad; /* likewise, how many of them failed          */
    int64_t started_us;
    int64_t ended_us;
    guint n_nameless;
} TpsDocument;

/* Microseconds of a number of milliseconds, or TPS_TIME_UNKNOWN. */
int64_t tps_document_milliseconds(const char *text);

/* A copy that is UTF-8, or NULL for nothing and the empty text. Caller frees. */
char *tps_document_text(const char *text);

/* The frame around the innermost one. */
TpsDocumentFrame *tps_document_parent(const TpsDocument *document);

/* What ends with its bracket; the frame is the innermost one, and is gone behind the call. */
bool tps_ctrf_end(TpsDocument *document, TpsDocumentFrame *frame, GError **error);
bool tps_testplan_end(TpsDocument *document, TpsDocumentFrame *frame, GError **error);

/* No more results. */
bool tps_ctrf_finish(TpsDocument *document, GError **error);
