/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/testcase.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * What we know about one test framework, as its file in data/frameworks/ says it: how to ask for
 * its testcases, how to run exactly some of them, what its report says. Values only. Every key is
 * described in docs/framework-definition.md; texts marked T are templates (template.h).
 */

/* What turns bytes into records: of testcases when listing, of results when reporting. */
typedef enum {
    TPS_READER_NONE,
    TPS_READER_LINES,
    TPS_READER_JSON,
    TPS_READER_JSON_LINES,
    TPS_READER_XML,
    TPS_READER_JUNIT,
    TPS_READER_CTEST,
    TPS_READER_CHECK,
    TPS_READER_TAP,
    TPS_READER_GO_TEST,
    TPS_READER_EXIT,
    TPS_READER_JOURNAL,
} TpsReader;

/* Where records come from and how they are found there. */
typedef struct {
    char *from; /* owned or NULL, T: a file; "stdout", as is NULL                */
    TpsReader reader;
    char *records;   /* owned or NULL: path of JSON, element of XML                   */
    GRegex *pattern; /* owned or NULL: of lines                                       */
    char **fields;   /* owned: the names that templates take from its records         */
} TpsSource;

/* Globs, owned or NULL: which words of a framework mean which outcome. */
typedef struct {
    char **passed;
    char **skipped;
    char **failed;
    char **error;
} TpsWords;

/* What a trace says of the directory that it is in. */
typedef enum {
    TPS_MARKS_PROJECT, /* a project that uses the framework                               */
    TPS_MARKS_PACKAGE, /* the same, and no business of a project above it                 */
    TPS_MARKS_BUILD,   /* what was built there, with everything below                     */
    TPS_MARKS_SOURCE,  /* there will be tests when it is built                            */
    TPS_MARKS_TESTS,   /* the file holds tests                                            */
    TPS_MARKS_MAYBE,   /* the file holds tests if it is in a project of the framework     */
} TpsMarks;

/* One trace of a framework in a project. */
typedef struct {
    TpsMarks marks;
    char *file;       /* owned or NULL: glob of a file's name; with n times '/', of the last n
                         directories and the name, and it marks the directory above them    */
    GRegex *contains; /* owned or NULL: what stands in it                                      */
    char *program;    /* owned or NULL: what stands in an executable file                      */
} TpsTrace;

/* What `tpsched init` makes of its traces. */
typedef struct {
    char **covers; /* owned or NULL: frameworks whose tests this one runs in its directories */
    char **args;   /* owned or NULL: of each suite                                         */
    char **deep;   /* owned or NULL: more, where tests lie deeper than the suite's path    */
    char *package; /* owned or NULL: only directories with such a file are looked into     */
    char *hint;    /* owned or NULL: how a source becomes a build                          */
} TpsSuggestion;

typedef enum {
    TPS_COLLIDE_CASE = 1,     /* names that differ in upper and lower case only */
    TPS_COLLIDE_WILDCARD = 2, /* names with * and ? at work                     */
} TpsCollide;

typedef struct {
    bool is_known;      /* else a suite is one testcase of its name                     */
    char **files;       /* owned or NULL: globs below the suite's path                  */
    char **command;     /* owned or NULL, T                                             */
    char **environment; /* owned or NULL, T: "NAME=value" or "NAME"                     */
    char *preload;      /* owned or NULL: which of the files goes into LD_PRELOAD       */
    char *proof;        /* owned or NULL, T: a file that is empty if tests were run     */
    TpsSource source;
    char *id; /* owned or NULL, T over the record, like all that follow       */
    char *class;
    char *file;
    char *line;
    char *tags;
    char *selector;
    char *where;
    GRegex *skip;     /* owned or NULL: ids that are no testcases                     */
    GArray *exit;     /* of int, owned or NULL = {0}; empty = any                     */
    GArray *no_tests; /* of int, owned or NULL                                        */
    unsigned collide; /* of TpsCollide                                                */
} TpsListing;

/* Testcases of which equal keys share a process. */
typedef enum {
    TPS_PROCESSES_ONE,
    TPS_PROCESSES_CLASS,
    TPS_PROCESSES_FILE,
    TPS_PROCESSES_WHERE,
    TPS_PROCESSES_TESTCASE,
} TpsProcesses;

typedef enum {
    TPS_SELECT_NOTHING,
    TPS_SELECT_ARGUMENTS,   /* each an argument                             */
    TPS_SELECT_ARGUMENT,    /* all in one argument                          */
    TPS_SELECT_FILE,        /* all in a file                                */
    TPS_SELECT_INPUT,       /* on standard input                            */
    TPS_SELECT_ENVIRONMENT, /* in a variable                                */
    TPS_SELECT_JSON_LINES,  /* a file with an object per testcase           */
} TpsSelectInto;

typedef struct {
    TpsSelectInto into;
    bool always;        /* also when everything is selected                 */
    char *each;         /* owned or NULL = "{id}", T over a testcase         */
    char *escape;       /* owned or NULL: gets a backslash; "xml"; "percent" */
    char *before;       /* owned or NULL                                     */
    char *between;      /* owned or NULL                                     */
    char *after;        /* owned or NULL                                     */
    char *refuse;       /* owned or NULL: characters that can't be said      */
    char **arguments;   /* owned or NULL, T                                  */
    char **environment; /* owned or NULL, T                                  */
    char *variable;     /* owned or NULL: `name`, of TPS_SELECT_ENVIRONMENT  */
    int most;           /* testcases per process; 0 = any number             */
} TpsSelecting;

typedef struct {
    char **command;     /* owned, T                                          */
    char **environment; /* owned or NULL, T                                  */
    char *directory;    /* owned or NULL, T                                  */
    char *preload;      /* owned or NULL                                     */
    TpsProcesses processes;
    bool all_in_one;
    TpsSelecting select;
    bool limits_testcases;      /* it has:                                   */
    char **timeout_arguments;   /* owned or NULL, T                          */
    char **timeout_environment; /* owned or NULL, T                          */
    bool gives_back;
} TpsRunning;

typedef struct {
    TpsSource source;
    char *id;    /* owned or NULL, T over the record, like all that follow */
    char *inner; /* key `case`: the name of an inner case                  */
    char *outcome;
    TpsWords words;
    char *time;
    int64_t time_unit_ns; /* what `time` counts                               */
    char *message;
    char *text;
    char *output;
    char *file;
    char *line;
    bool deselected_are_skipped;
    bool is_optional; /* without one the exit status is all; with one, it counts, too  */
    char *proof;      /* owned or NULL, T: a file that its process leaves if it ran no more than it
                         was told to                                                           */
    char **remove;    /* owned or NULL, T over the process: files that nobody else shall read */
} TpsReporting;

/* What the output says while it runs. */
typedef struct {
    GRegex *start; /* owned or NULL */
    GRegex *end;   /* owned or NULL */
    TpsWords words;
} TpsProgress;

/* What an exit status means; each owned or NULL, of int. */
typedef struct {
    GArray *passed;
    GArray *failed;
    GArray *no_tests;
    GArray *skipped;
    char **other; /* owned or NULL: "4=wrong usage" */
} TpsStatuses;

typedef struct {
    char *name;          /* owned                                             */
    char *summary;       /* owned: for people, one line                       */
    char *tried;         /* owned or NULL: the versions it was verified with  */
    char *origin;        /* owned or NULL: its file; NULL = built in          */
    char **program;      /* owned or NULL: what a suite's `command` replaces  */
    char **program_in;   /* owned or NULL: where the first word of it is looked for   */
    TpsUnit unit;        /* default                                           */
    TpsUnit finest_unit; /* what the framework can still select               */
    int64_t start_up_us; /* of one process; 0 = not known                     */
    char **environment;  /* owned or NULL, T                                  */
    char **prepend;      /* owned or NULL, T: "NAME=directory"                */
    char **files;        /* owned or NULL                                     */
    GPtrArray *traces;   /* of TpsTrace                                       */
    TpsSuggestion init;
    TpsListing list;
    TpsRunning run;
    TpsReporting report;
    TpsProgress progress;
    bool journal; /* its processes write one                           */
    TpsStatuses exit;
    bool uses_files; /* its processes need a directory of their own       */
    bool uses_cache; /* and one that stays                                */
} TpsFramework;

TpsFramework *tps_framework_new(const char *name);
void tps_framework_free(TpsFramework *framework);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsFramework, tps_framework_free)

/* Is `code` one of them? NULL has none; an empty list has all. */
bool tps_statuses_have(const GArray *codes, int code);

/*
 * Read a definition; `name` is what it is called.
 *
 *   origin   the file it is from, for messages; NULL = it is built in
 *   errors   TPS_ERROR_INPUT, "FILE:LINE:COLUMN: what was found and what was meant"
 */
TpsFramework *tps_framework_parse(const char *name, const char *text, size_t length,
                                  const char *origin, GError **error);
