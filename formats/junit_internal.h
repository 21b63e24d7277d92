/* SPDX-License-Identifier: MIT */
#pragma once

#include "formats/junit.h"

/* What is ours. */
#define TPS_JUNIT_PROPERTY_PREFIX "tpsched."
/* In a testcase: its id, percent-encoded; and how many attempts failed before it passed. */
#define TPS_JUNIT_PROPERTY_ID "tpsched.id"
#define TPS_JUNIT_PROPERTY_FLAKY "tpsched.flaky"
/*
 * In an inner case: its name, percent-encoded, beside the id of the planned testcase it belongs to.
 * In the first element of that testcase: how many cases it has, and what its elements don't say.
 */
#define TPS_JUNIT_PROPERTY_CASE "tpsched.case"
#define TPS_JUNIT_PROPERTY_CASES "tpsched.cases"
#define TPS_JUNIT_PROPERTY_TIME "tpsched.time"
#define TPS_JUNIT_PROPERTY_OUTCOME "tpsched.outcome"

TpsJunit *tps_junit_new(void);
TpsJunitSuite *tps_junit_suite_new(const char *name);
TpsJunitCase *tps_junit_case_new(void);
void tps_junit_case_free(TpsJunitCase *testcase);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsJunitCase, tps_junit_case_free)

/*
 * A time as reporters write it: "1.5", "1,234.567", "0,123", "1E-07", "-0.000000", "80.8us".
 *
 *   us       out: >= 0; untouched when it is no time: NaN, negative, over ten years, ...
 *   returns  what to warn of, or NULL when there is no doubt
 */
const char *tps_junit_time_parse(const char *text, int64_t *us);

/*
 * ISO 8601 or RFC 1123, UTC where it names no zone. The epoch itself means "never set" and gives
 * TPS_TIME_UNKNOWN. False, and `us` untouched, when it is neither.
 */
bool tps_junit_timestamp_parse(const char *text, int64_t *us);

/* A message is one line: a line break and the white space around it become a blank. Caller frees.
 */
char *tps_junit_one_line(const char *text);

/*
 * An id as the property spells it: percent-encoded, so that any bytes survive XML. What can't be
 * decoded was not encoded, and is the id as it stands. Caller frees.
 */
char *tps_junit_id_format(const char *id);
char *tps_junit_id_parse(const char *value);

/*
 * Texts gathered one by one, a line break between two: append (NULL is nothing), take the whole
 * (NULL when there was nothing; caller frees), forget.
 */
void tps_junit_text_append(GString **text, const char *more);
char *tps_junit_text_take(GString **text);
void tps_junit_text_clear(GString **text);

/* Does a status= or result= say how a testcase without any verdict ended? */
bool tps_junit_status_decides(const char *status);

/*
 * Make one result of what was said of a testcase: the worst outcome counts, with the kind and the
 * message of its first verdict; the texts of all are kept.
 *   verdicts  of TpsResult, failures, errors and skips in the file's order, or NULL; emptied
 */
void tps_junit_settle(TpsJunitCase *testcase, GPtrArray *verdicts);

/*
 * Where reruns are told, the failure beside them was the first attempt and the last rerun says how
 * it ended, as surefire and nextest write it: order the result and its attempts by time.
 */
void tps_junit_settle_reruns(TpsResult *result);

/* One element of a result that has cases: one of these, or the result itself. */
typedef struct {
    TpsResult view;          /* what is written; borrows all but id, output and attempts         */
    const TpsResult *result; /* the planned testcase                                            */
    const char *name;        /* of the case; NULL: it is the result itself                      */
    bool first;              /* of the elements of that result                                  */
    bool own_outcome;        /* the outcome of the result is not the worst of its cases: say it */
} TpsJunitPiece;

/*
 * The elements of a result that has cases: the result itself, when its outcome is worse than that
 * of all its cases; then each case, with what it did in earlier attempts. What they don't explain
 * of the result (earlier attempts, output, a message) goes to the first of the worst ones.
 *
 *   returns  of TpsJunitPiece; borrows from `result`; caller unrefs
 */
GArray *tps_junit_pieces_new(const TpsResult *result);

/* The way back: afterwards each element of the suite is a planned testcase, with its cases. */
void tps_junit_gather_cases(TpsJunitSuite *suite);
