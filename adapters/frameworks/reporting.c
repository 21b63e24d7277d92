/* SPDX-License-Identifier: MIT */
#include "adapters/frameworks/journal_internal.h"
#include "adapters/frameworks/outcome_internal.h"
#include "adapters/frameworks/records_internal.h"
#include "adapters/frameworks/support_internal.h"
#include "core/duration.h"
#include "core/error.h"
#include "core/names.h"
#include "formats/files.h"

#include <glib/gstdio.h>
#include <string.h>

/* Reading what one process reported. */
typedef struct {
    const TpsSuite *suite;
    const TpsFramework *framework;
    const TpsInvocation *invocation;
    const TpsExit *exit;
    TpsFrameworkReport *report;
    TpsGather *gather;
    GHashTable *known; /* id, and what XML makes of it -> TpsTestcase: what was selected */
    GHashTable *used;  /* how often a name was reported                                 */
} Reading;

/* A line end that a framework writes raw into an attribute comes back as a blank. */
static char *attribute_text(const char *name)
{
    return g_strdelimit(g_strdup(name), "\t\r\n", ' ');
}

static void know(GHashTable *known, TpsTestcase *testcase)
{
    char *spelt = attribute_text(testcase->id);

    if (strcmp(spelt, testcase->id) != 0 && !g_hash_table_contains(known, spelt))
        g_hash_table_insert(known, spelt, testcase);
    else
        g_free(spelt);
    g_hash_table_replace(known, g_strdup(testcase->id), testcase);
}

static GHashTable *known_testcases(const GPtrArray *testcases)
{
    GHashTable *known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; i < testcases->len; i++)
        know(known, g_ptr_array_index(testcases, i));
    return known;
}

static const TpsTestcase *first_testcase(const Reading *reading)
{
    const GPtrArray *testcases = reading->invocation->testcases;

    return testcases->len ? g_ptr_array_index(testcases, 0) : NULL;
}

/*
 * The testcase that a report means by a name. The second of a name is the one that was listed as
 * its second, if there is one; else it is the same again.
 */
static char *meant_id(Reading *reading, const char *name, bool is_inner)
{
    g_autofree char *numbered = is_inner ? g_strdup(name) : tps_unique_id(reading->used, name);
    const TpsTestcase *testcase = g_hash_table_lookup(reading->known, numbered);

    if (!testcase)
        testcase = g_hash_table_lookup(reading->known, name);
    return g_strdup(testcase ? testcase->id : name);
}

static bool is_selected(const Reading *reading, const char *id)
{
    return g_hash_table_contains(reading->known, id);
}

/* A result for what a record says; takes `result`. */
static void take(Reading *reading, GHashTable *record, TpsResult *result)
{
    const TpsReporting *how = &reading->framework->report;
    g_autofree char *name = tps_record_text(record, how->id, "id");
    g_autofree char *inner = how->inner ? tps_record_text(record, how->inner, "case") : NULL;
    g_autofree char *id = name ? meant_id(reading, name, inner != NULL) : NULL;

    if (!id) {
        tps_framework_report_complain(reading->report, "it reports '%s', which is no testcase: %s",
                                      result->id, result->message ? result->message : "no reason");
        tps_result_free(result);
        return;
    }
    if (how->deselected_are_skipped && result->outcome == TPS_OUTCOME_SKIPPED &&
        !is_selected(reading, id)) {
        tps_result_free(result);
        return;
    }
    g_free(result->id);
    result->id = g_strdup(inner ? inner : id);
    if (inner)
        tps_gather_case(reading->gather, id, result);
    else
        tps_gather_result(reading->gather, result);
}

/* These names are ours: what a report has by such a name is not what they mean. */
static void set_process(const Reading *reading, GHashTable *record)
{
    const TpsTestcase *first = first_testcase(reading);
    const struct {
        const char *name;
        const char *value;
    } fields[] = {
        {"process.id", first ? first->id : NULL},
        {"process.file", first ? first->file : NULL},
        {"process.class", first ? first->group : NULL},
        {"process.where", first ? first->where : NULL},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
        if (fields[i].value)
            tps_record_set(record, fields[i].name, fields[i].value);
        else
            g_hash_table_remove(record, fields[i].name);
    }
}

static void take_record(Reading *reading, GHashTable *record)
{
    set_process(reading, record);
    take(reading, record, tps_result_from_record(&reading->framework->report, record));
}

/*
 * The record of a case. When a test fails and its teardown fails as well, pytest closes a first
 * element before its properties are known; the second one follows at once.
 */
static GHashTable *junit_record(const Reading *reading, const TpsJunitSuite *suite, guint i)
{
    const TpsJunitCase *testcase = g_ptr_array_index(suite->cases, i);
    const TpsJunitCase *next = i + 1 < suite->cases->len ? suite->cases->pdata[i + 1] : NULL;
    GHashTable *record = tps_record_new();

    tps_record_from_junit(record, suite, testcase);
    if (!tps_record_get(record, "id") && next && strcmp(next->name, testcase->name) == 0 &&
        strcmp(next->classname, testcase->classname) == 0 &&
        tps_properties_find(next->properties, "tpsched.id"))
        tps_record_set(record, "id", next->result->id);
    set_process(reading, record);
    return record;
}

static void take_junit_case(Reading *reading, const TpsJunitSuite *suite, guint i)
{
    const TpsReporting *how = &reading->framework->report;
    TpsJunitCase *testcase = g_ptr_array_index(suite->cases, i);
    g_autoptr(GHashTable) record = junit_record(reading, suite, i);
    TpsOutcome outcome;

    if (how->outcome && tps_outcome_from_record(how, record, &outcome))
        testcase->result->outcome = outcome;
    take(reading, record, g_steal_pointer(&testcase->result));
}

static void damaged(Reading *reading, const char *what)
{
    tps_framework_report_complain(reading->report, "the report is damaged: %s", what);
}

/* Those of ours are in a report that somebody merged, and would contradict what is true now. */
static void take_properties(Reading *reading, const TpsJunitSuite *suite)
{
    for (guint i = 0; i < suite->properties->len; i++) {
        const TpsProperty *property = g_ptr_array_index(suite->properties, i);

        if (!g_str_has_prefix(property->name, "tpsched."))
            tps_properties_add(reading->report->properties, property->name, property->value);
    }
}

static bool read_junit(Reading *reading, const char *text, size_t length)
{
    g_autoptr(TpsJunit) junit = tps_junit_parse(text, length);

    for (guint i = 0; i < junit->suites->len; i++) {
        const TpsJunitSuite *suite = g_ptr_array_index(junit->suites, i);

        for (guint j = 0; j < suite->cases->len; j++)
            take_junit_case(reading, suite, j);
        take_properties(reading, suite);
    }
    if (junit->problem)
        damaged(reading, junit->problem);
    return !junit->problem;
}

/* A program that is one testcase, and says less or more than it planned, is at fault itself. */
static void unsound(Reading *reading, const char *what)
{
    const TpsTestcase *first = first_testcase(reading);
    TpsResult *result;

    if (reading->framework->report.source.reader != TPS_READER_TAP ||
        reading->invocation->testcases->len != 1) {
        damaged(reading, what);
        return;
    }
    result = tps_result_new(first->id, TPS_OUTCOME_ERROR, TPS_TIME_UNKNOWN);
    result->message = g_strdup(what);
    tps_gather_result(reading->gather, result);
}

static bool read_records(Reading *reading, const char *text, size_t length)
{
    g_autofree char *problem = NULL;
    g_autoptr(GError) why = NULL;
    g_autoptr(GPtrArray) records =
        tps_source_read(&reading->framework->report.source, text, length, &problem, &why);

    for (guint i = 0; records && i < records->len; i++)
        take_record(reading, g_ptr_array_index(records, i));
    if (!records || problem)
        unsound(reading, records ? problem : why->message);
    return records && !problem;
}

static bool read_file(Reading *reading, const char *path)
{
    g_autofree char *text = NULL;
    g_autoptr(GError) why = NULL;
    gsize length;

    if (!tps_file_read_regular(path, &text, &length, &why)) {
        tps_framework_report_complain(reading->report, "the report can't be read: %s",
                                      why->message);
        return false;
    }
    return reading->framework->report.source.reader == TPS_READER_JUNIT
               ? read_junit(reading, text, length)
               : read_records(reading, text, length);
}

/* Its files in the order of their names; without hidden ones and directories. Caller unrefs. */
static GPtrArray *files_in(const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    GPtrArray *files = g_ptr_array_new_with_free_func(g_free);
    const char *name;

    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *file = g_build_filename(path, name, NULL);

        if (*name != '.' && !g_file_test(file, G_FILE_TEST_IS_DIR))
            g_ptr_array_add(files, g_steal_pointer(&file));
    }
    tps_names_sort(files);
    return files;
}

static void missing(const Reading *reading);

static bool read_directory(Reading *reading, const char *path)
{
    g_autoptr(GPtrArray) files = files_in(path);
    bool sound = files->len > 0;

    if (!sound)
        missing(reading);
    for (guint i = 0; i < files->len; i++)
        sound = read_file(reading, g_ptr_array_index(files, i)) && sound;
    return sound;
}

/* " (wrong usage)" for an exit status that its framework gives a meaning. Caller frees. */
static char *meaning(const TpsFramework *framework, const TpsExit *exit)
{
    g_autofree char *prefix = g_strdup_printf("%d=", exit->code);

    for (char **word = framework->exit.other; word && *word; word++)
        if (exit->end == TPS_END_EXITED && g_str_has_prefix(*word, prefix))
            return g_strdup_printf(": %s", *word + strlen(prefix));
    return g_strdup("");
}

static void missing(const Reading *reading)
{
    g_autofree char *how = tps_exit_describe(reading->exit);
    g_autofree char *words = meaning(reading->framework, reading->exit);

    tps_framework_report_complain(reading->report, "no report was written (%s%s)", how, words);
}

/* Whether there was a whole report. */
static bool read_report_file(Reading *reading)
{
    const char *path = reading->invocation->report_path;

    if (!path || !g_file_test(path, G_FILE_TEST_EXISTS) ||
        (reading->invocation->stdout_path && reading->exit->end == TPS_END_NOT_STARTED)) {
        missing(reading);
        return false;
    }
    tps_report_end(reading->report, reading->exit);
    return g_file_test(path, G_FILE_TEST_IS_DIR) ? read_directory(reading, path)
                                                 : read_file(reading, path);
}

/* What ran and has no result yet, by what was printed meanwhile. */
static void read_progress(Reading *reading)
{
    const TpsProgress *progress = &reading->framework->progress;
    const char *output = reading->exit->output ? reading->exit->output : "";
    g_autofree char *running = NULL;
    g_autoptr(GPtrArray) records = tps_records_from_progress(
        output, strlen(output), progress->start, progress->end, &running, NULL);

    for (guint i = 0; records && i < records->len; i++) {
        GHashTable *record = g_ptr_array_index(records, i);
        const char *id = tps_record_get(record, "id");

        if (id && is_selected(reading, id) && !tps_gather_has(reading->gather, id))
            tps_gather_result(reading->gather, tps_result_from_progress(progress, record));
    }
    if (running && is_selected(reading, running) && !tps_gather_is_said(reading->gather, running))
        tps_gather_result(reading->gather,
                          tps_result_crashed(running, TPS_TIME_UNKNOWN, reading->exit));
}

static void take_rest(TpsFrameworkReport *report, TpsHelperJournal *journal)
{
    g_ptr_array_extend_and_steal(report->rest, g_steal_pointer(&journal->rest));
    journal->rest = g_ptr_array_new_with_free_func(g_free);
}

/* All there is to know where the framework has no report of its own; else what it had no time for.
 */
static void read_journal(Reading *reading, bool is_sound)
{
    g_autoptr(TpsHelperJournal) journal =
        tps_helper_journal_read(reading->invocation->journal_path);
    bool is_report = reading->framework->report.source.reader == TPS_READER_JOURNAL;

    if (is_report && !journal->is_there)
        missing(reading);
    else if (is_report)
        tps_report_end(reading->report, reading->exit);
    if (is_report || !is_sound)
        tps_helper_journal_report(journal, reading->gather, reading->exit);
    tps_helper_journal_times(journal, reading->report, reading->exit);
    take_rest(reading->report, journal);
}

/* It never was what it should be. */
static bool did_not_run(const TpsExit *exit)
{
    return exit->end == TPS_END_NOT_STARTED || exit->end == TPS_END_CANCELLED ||
           exit->end == TPS_END_LOST;
}

/* What its status says of its testcase. */
static void read_exit(Reading *reading)
{
    const TpsExit *exit = reading->exit;
    const TpsTestcase *first = first_testcase(reading);
    TpsOutcome outcome = tps_outcome_from_exit(reading->framework, exit);
    TpsResult *result;

    if (did_not_run(exit) || !first) {
        tps_report_end(reading->report, exit);
        return;
    }
    result = tps_result_new(first->id, outcome, tps_exit_time(exit));
    if (outcome != TPS_OUTCOME_PASSED)
        result->message = tps_exit_describe(exit);
    result->output = g_strdup(exit->output);
    tps_gather_result(reading->gather, result);
}

static bool has_report(const Reading *reading)
{
    const char *path = reading->invocation->report_path;

    return path && g_file_test(path, G_FILE_TEST_EXISTS);
}

/* It may have run what others were to run, too; each of them would be green. */
static void check_proof(Reading *reading)
{
    const char *path = reading->invocation->proof_path;
    g_autofree char *name = path ? g_path_get_basename(path) : NULL;

    if (name && !did_not_run(reading->exit) && !g_file_test(path, G_FILE_TEST_EXISTS))
        tps_framework_report_complain(
            reading->report,
            "it left no file '%s', so it did not heed what it was to run, and may "
            "have run everything",
            name);
}

static void read_all(Reading *reading)
{
    const TpsFramework *framework = reading->framework;
    TpsReader reader = framework->report.source.reader;
    bool is_optional = framework->report.is_optional;
    bool has_file = reader != TPS_READER_JOURNAL && (!is_optional || has_report(reading));
    bool is_sound = has_file && read_report_file(reading);

    if (is_optional)
        read_exit(reading);
    if (framework->journal)
        read_journal(reading, is_sound);
    if (has_file && !is_sound && framework->progress.end)
        read_progress(reading);
}

/* Some tools log their whole environment; a report directory is for others to see. */
static void remove_files(const TpsInvocation *invocation)
{
    for (guint i = 0; i < invocation->removed->len; i++)
        g_unlink(g_ptr_array_index(invocation->removed, i));
}

TpsFrameworkReport *tps_framework_read_report(const TpsSuite *suite,
                                              const TpsInvocation *invocation, const TpsExit *exit)
{
    const TpsFramework *framework = tps_framework_find(suite->framework);
    g_autoptr(TpsGather) gather = tps_gather_new();
    g_autoptr(GHashTable) known = known_testcases(invocation->testcases);
    g_autoptr(GHashTable) used = tps_used_ids_new();
    Reading reading = {suite,  framework, invocation, exit, tps_framework_report_new(),
                       gather, known,     used};

    if (framework->report.source.reader == TPS_READER_EXIT)
        read_exit(&reading);
    else
        read_all(&reading);
    tps_gather_end(gather, reading.report->results);
    check_proof(&reading);
    remove_files(invocation);
    return reading.report;
}
