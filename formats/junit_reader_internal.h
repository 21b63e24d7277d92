/* SPDX-License-Identifier: MIT */
#pragma once

#include "formats/junit_internal.h"
#include "formats/junit_stream.h"
#include "formats/xml.h"

/* What the reader of a report keeps while it reads: the open elements and what they gather. */
typedef struct TpsJunitFrame TpsJunitFrame;
typedef struct TpsJunitReader TpsJunitReader;

enum {
    COUNTER_TESTS,
    COUNTER_FAILURES,
    COUNTER_ERRORS,
    COUNTER_SKIPPED,
    COUNTER_DISABLED,
    N_COUNTERS,
};

/* An element that means something: a row of the table below. */
typedef struct {
    const char *name;
    void (*start)(TpsJunitReader *reader, TpsJunitFrame *frame, const char *const *attributes);
    void (*end)(TpsJunitReader *reader, TpsJunitFrame *frame);
    bool may_be_root;
    bool has_text;
    TpsOutcome outcome; /* of a verdict */
} TpsJunitElement;

/* One open element. */
struct TpsJunitFrame {
    const TpsJunitElement *element; /* NULL: means nothing                                     */
    TpsJunitSuite *suite;           /* testsuite(s): borrowed from the report, or NULL         */
    char *group;                    /* testsuite(s): names so far, joined                      */
    guint counted[TPS_OUTCOME_ERROR + 1]; /* testsuite(s): testcases by outcome           */
    gint64 claims[N_COUNTERS]; /* testsuite(s): what its header says; -1 = nothing        */
    TpsJunitCase *testcase;    /* testcase                                                */
    GPtrArray *verdicts;       /* of TpsResult, failures, errors, skips in it; or NULL    */
    GString *output;           /* what its system-out and system-err hold; or NULL        */
    bool rerun;                /* of a testcase: it failed again when it was run again    */
    TpsResult *verdict;        /* failure and the like                                    */
    char *name;                /* property                                                */
    char *value;               /* property; verdict: its stack trace                      */
    GString *text;             /* what it holds, or NULL when that means nothing          */
};

struct TpsJunitReader {
    TpsXml *xml;
    TpsJunit *junit;
    GPtrArray *frames;   /* of TpsJunitFrame, outermost first */
    GChecksum *checksum; /* or NULL                         */
    const TpsJunitVisitor
        *visitor;        /* or NULL: suites keep their cases, and the report its suites */
    void *user;          /* of the visitor                                              */
    bool is_check;       /* Check's own XML: other elements under the same root */
    char *contradiction; /* owned or NULL: why it is no proof, if nothing is bad in it */
    guint n_bad;         /* testcases that failed, and flaky ones                      */
    guint n_warnings;
    guint n_without_time;
};

/* The row of the table, or NULL; and of the table for what Check writes. */
const TpsJunitElement *tps_junit_element_find(const char *name);
const TpsJunitElement *tps_junit_check_element_find(const char *name);

/* Is a root with these attributes one of Check's? */
bool tps_junit_is_check(const char *const *attributes);

/* Tools that both tables use. What an element held is the caller's, NULL when it is blank. */
const char *tps_junit_attribute(const char *const *attributes, const char *name);
char *tps_junit_take_text(TpsJunitFrame *frame);
int64_t tps_junit_read_time(TpsJunitReader *reader, const char *text, const char *whose);
TpsJunitFrame *tps_junit_parent_of(const TpsJunitReader *reader);  /* of the one being ended */
TpsJunitFrame *tps_junit_group_find(const TpsJunitReader *reader); /* innermost, or NULL */
void tps_junit_start_suite(TpsJunitReader *reader, TpsJunitFrame *frame,
                           const char *const *attributes);
void tps_junit_end_suite(TpsJunitReader *reader, TpsJunitFrame *frame);
void tps_junit_add_case(TpsJunitReader *reader, TpsJunitCase *testcase); /* takes it */

void tps_junit_warn(TpsJunitReader *reader, const char *format, ...) G_GNUC_PRINTF(2, 3);

void tps_junit_reader_init(TpsJunitReader *reader);
bool tps_junit_reader_take(const char *bytes, size_t length, void *reader, GError **error);
/* No more bytes. The report is the caller's. */
TpsJunit *tps_junit_reader_finish(TpsJunitReader *reader);

/* For readers with a visitor: there is another testcase, taken; the suite ends, and is freed. */
void tps_junit_stream_add(const TpsJunitReader *reader, TpsJunitSuite *suite,
                          TpsJunitCase *testcase);
void tps_junit_stream_end(const TpsJunitReader *reader, TpsJunitSuite *suite);
