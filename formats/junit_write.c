/* SPDX-License-Identifier: MIT */
#include "core/duration.h"
#include "formats/digits.h"
#include "formats/junit_internal.h"
#include "formats/junit_writer_internal.h"
#include "formats/xml.h"

#include <string.h>

#define NO_NAME "(no name)" /* readers drop a testcase without one, or refuse the report */

struct TpsJunitWriter {
    GString *out;
    TpsSink *sink;         /* where it goes, or NULL                                              */
    GString *classname;    /* of the suite that is written, XML-safe                              */
    GHashTable *spellings; /* "classname\nname", XML-safe, as written -> how often it was wanted  */
    bool foresees;         /* only what may look alike is looked up there:                        */
    GHashTable *suites;    /* XML-safe -> how many suites have that name                          */
    GHashTable *doubtful; /* set of "classname\nname" without numbers, of what is spelled anew    */
};

/*
 * The attempt that an element is about: of what never passed the first failure, as surefire and
 * nextest have it, with the later ones behind it.
 */
static const TpsResult *told_of(const TpsResult *result)
{
    for (guint i = 0;
         tps_outcome_is_bad(result->outcome) && result->attempts && i < result->attempts->len;
         i++) {
        const TpsResult *attempt = g_ptr_array_index(result->attempts, i);

        if (tps_outcome_is_bad(attempt->outcome))
            return attempt;
    }
    return result;
}

static void count_element(TpsJunitCounts *counts, const TpsResult *result)
{
    TpsOutcome outcome = told_of(result)->outcome;

    counts->tests++;
    counts->failures += outcome == TPS_OUTCOME_FAILED;
    counts->errors += outcome == TPS_OUTCOME_ERROR;
    counts->skipped += outcome == TPS_OUTCOME_SKIPPED;
}

static void add_time(TpsJunitCounts *counts, int64_t us)
{
    if (us > 0 && us < G_MAXINT64 - counts->time_us)
        counts->time_us += us;
}

static bool has_cases(const TpsResult *result)
{
    return result->cases && result->cases->len > 0;
}

/* Elements are counted; time is that of the testcase, or of its cases where that is not known. */
static void count_cases(TpsJunitCounts *counts, const TpsResult *result)
{
    g_autoptr(GArray) pieces = tps_junit_pieces_new(result);

    add_time(counts, result->time_us);
    for (guint i = 0; i < pieces->len; i++) {
        const TpsResult *view = &g_array_index(pieces, TpsJunitPiece, i).view;

        count_element(counts, view);
        if (result->time_us == TPS_TIME_UNKNOWN)
            add_time(counts, told_of(view)->time_us);
    }
}

void tps_junit_count(TpsJunitCounts *counts, const TpsResult *result)
{
    if (has_cases(result)) {
        count_cases(counts, result);
        return;
    }
    count_element(counts, result);
    add_time(counts, told_of(result)->time_us);
}

void tps_junit_count_all(TpsJunitCounts *counts, const TpsJunitCounts *more)
{
    counts->tests += more->tests;
    counts->failures += more->failures;
    counts->errors += more->errors;
    counts->skipped += more->skipped;
    add_time(counts, more->time_us);
}

static void put_attribute(GString *out, const char *name, const char *value)
{
    g_string_append_c(out, ' ');
    g_string_append(out, name);
    g_string_append_len(out, "=\"", 2);
    tps_xml_escape(out, value, strlen(value), true);
    g_string_append_c(out, '"');
}

/* Always six decimals: no exponent, no locale, and nothing is rounded. */
static void put_time(GString *out, int64_t us)
{
    if (us < 0)
        return;
    g_string_append(out, " time=\"");
    tps_digits_append(out, (uint64_t)(us / TPS_SECOND_US), 1);
    g_string_append_c(out, '.');
    tps_digits_append(out, (uint64_t)(us % TPS_SECOND_US), 6);
    g_string_append_c(out, '"');
}

static void put_line(GString *out, uint64_t line)
{
    g_string_append(out, " line=\"");
    tps_digits_append(out, line, 1);
    g_string_append_c(out, '"');
}

static void put_timestamp(GString *out, int64_t us)
{
    g_autoptr(GDateTime) time = us > 0 ? g_date_time_new_from_unix_utc(us / TPS_SECOND_US) : NULL;
    g_autofree char *text = time ? g_date_time_format(time, "%Y-%m-%dT%H:%M:%S") : NULL;

    if (text)
        put_attribute(out, "timestamp", text);
}

static void put_counts(GString *out, const TpsJunitCounts *counts)
{
    g_string_append_printf(out, " tests=\"%u\" failures=\"%u\" errors=\"%u\" skipped=\"%u\"",
                           counts->tests, counts->failures, counts->errors, counts->skipped);
}

static void put_tag(GString *out, const char *open, const char *name)
{
    g_string_append(out, open);
    g_string_append(out, name);
    g_string_append_c(out, '>');
}

static void put_element(GString *out, const char *name, const char *text)
{
    if (!text || !*text)
        return;
    put_tag(out, "<", name);
    tps_xml_escape(out, text, strlen(text), false);
    put_tag(out, "</", name);
}

static void put_property(GString *out, const char *name, const char *value)
{
    g_string_append(out, "<property");
    put_attribute(out, "name", name);
    put_attribute(out, "value", value);
    g_string_append(out, "/>");
}

static void put_properties(GString *out, const GPtrArray *properties)
{
    if (!properties || properties->len == 0)
        return;
    g_string_append(out, "<properties>\n");
    for (guint i = 0; i < properties->len; i++) {
        const TpsProperty *property = g_ptr_array_index(properties, i);

        put_property(out, property->name, property->value);
        g_string_append_c(out, '\n');
    }
    g_string_append(out, "</properties>\n");
}

static const char *name_of(const char *id)
{
    return *id ? id : NO_NAME;
}

/* "classname\nname", both XML-safe. */
static GString *key_of(const char *classname, const char *id)
{
    GString *key = g_string_new(classname);

    g_string_append_c(key, '\n');
    tps_xml_escape(key, name_of(id), strlen(name_of(id)), true);
    return key;
}

/* "a [2] [3]" is "a": all that giving out numbers can lead to has the same name without them. */
static void cut_numbers(GString *key)
{
    for (gsize end = key->len; end > 0 && key->str[end - 1] == ']';) {
        gsize digits = end - 1;

        while (digits > 0 && g_ascii_isdigit(key->str[digits - 1]))
            digits--;
        if (digits == end - 1 || digits < 2 || memcmp(key->str + digits - 2, " [", 2) != 0)
            return;
        g_string_truncate(key, digits - 2);
        end = key->len;
    }
}

static bool may_look_alike(const TpsJunitWriter *writer, const char *classname, const char *id)
{
    g_autoptr(GString) key = NULL;

    if (!writer->foresees || GPOINTER_TO_UINT(g_hash_table_lookup(writer->suites, classname)) > 1)
        return true;
    if (g_hash_table_size(writer->doubtful) == 0)
        return false;
    key = key_of(classname, id);
    cut_numbers(key);
    return g_hash_table_contains(writer->doubtful, key->str);
}

/*
 * The number behind a name, so that no other testcase of that classname has it, or 1 for none:
 * several readers keep one testcase of each name and drop the others without a word.
 */
static guint find_number(TpsJunitWriter *writer, const char *classname, const char *id)
{
    g_autoptr(GString) first = key_of(classname, id);
    guint n = GPOINTER_TO_UINT(g_hash_table_lookup(writer->spellings, first->str)) + 1;
    bool found = n == 1;

    for (; !found; n += !found) {
        g_autofree char *key = g_strdup_printf("%s [%u]", first->str, n);

        found = !g_hash_table_contains(writer->spellings, key);
        if (found)
            g_hash_table_insert(writer->spellings, g_steal_pointer(&key), GUINT_TO_POINTER(1));
    }
    g_hash_table_insert(writer->spellings, g_strdup(first->str), GUINT_TO_POINTER(n));
    return n;
}

/* XML-safe and unique; true when it is not simply the id. */
static bool put_name(TpsJunitWriter *writer, const char *id)
{
    const char *classname = writer->classname->str;
    guint n = may_look_alike(writer, classname, id) ? find_number(writer, classname, id) : 1;

    tps_xml_escape(writer->out, name_of(id), strlen(name_of(id)), true);
    if (n > 1)
        g_string_append_printf(writer->out, " [%u]", n);
    return n > 1 || !*id || !tps_xml_is_faithful(id);
}

static void put_property_id(GString *out, const char *name, const char *id)
{
    g_autofree char *value = tps_junit_id_format(id);

    put_property(out, name, value);
}

static void put_property_count(GString *out, const char *name, guint n)
{
    g_autofree char *value = g_strdup_printf("%u", n);

    put_property(out, name, value);
}

/* What binds the elements of a testcase that has cases together. */
static void put_piece_properties(GString *out, const TpsJunitPiece *piece)
{
    const TpsResult *result = piece->result;

    if (piece->name)
        put_property_id(out, TPS_JUNIT_PROPERTY_CASE, piece->name);
    if (!piece->first)
        return;
    put_property_count(out, TPS_JUNIT_PROPERTY_CASES, result->cases->len);
    if (piece->name && result->time_us != TPS_TIME_UNKNOWN) {
        g_autofree char *seconds = tps_seconds_text(result->time_us);

        put_property(out, TPS_JUNIT_PROPERTY_TIME, seconds);
    }
    if (piece->own_outcome)
        put_property(out, TPS_JUNIT_PROPERTY_OUTCOME, tps_outcome_name(result->outcome));
}

/* What the framework says; names of ours mean something, so nobody else gets to use them. */
static void put_own_properties(GString *out, const GPtrArray *properties)
{
    for (guint i = 0; properties && i < properties->len; i++) {
        const TpsProperty *property = g_ptr_array_index(properties, i);

        if (!g_str_has_prefix(property->name, TPS_JUNIT_PROPERTY_PREFIX))
            put_property(out, property->name, property->value);
    }
}

static bool has_properties(const TpsResult *result)
{
    return result->properties && result->properties->len > 0;
}

/* What our reader needs and the name doesn't say. `piece`: it is one, or NULL. */
static void put_case_properties(GString *out, const TpsResult *result, const TpsJunitPiece *piece,
                                bool renamed)
{
    bool flaky = result->outcome == TPS_OUTCOME_FLAKY;

    if (!renamed && !flaky && !piece && !has_properties(result))
        return;
    g_string_append(out, "<properties>");
    if (renamed)
        put_property_id(out, TPS_JUNIT_PROPERTY_ID, piece ? piece->result->id : result->id);
    if (flaky)
        put_property_count(out, TPS_JUNIT_PROPERTY_FLAKY,
                           result->attempts ? result->attempts->len : 1);
    if (piece)
        put_piece_properties(out, piece);
    put_own_properties(out, result->properties);
    g_string_append(out, "</properties>");
}

/* Some readers show the message and some the text: each gets to see something. */
static void put_verdict(GString *out, const TpsResult *result, const char *name)
{
    const char *text = result->text ? result->text : result->message;

    g_string_append_printf(out, "<%s", name);
    put_attribute(out, "message", result->message ? result->message : "");
    put_attribute(out, "type", result->type ? result->type : "");
    g_string_append_c(out, '>');
    if (text)
        tps_xml_escape(out, text, strlen(text), false);
    g_string_append_printf(out, "</%s>", name);
}

static void put_attempt(GString *out, const TpsResult *attempt, bool passed_later)
{
    bool failure = attempt->outcome != TPS_OUTCOME_ERROR;
    const char *name = passed_later ? (failure ? "flakyFailure" : "flakyError")
                                    : (failure ? "rerunFailure" : "rerunError");

    g_string_append_printf(out, "<%s", name);
    put_attribute(out, "message", attempt->message ? attempt->message : "");
    put_attribute(out, "type", attempt->type ? attempt->type : "");
    put_time(out, attempt->time_us);
    g_string_append_c(out, '>');
    put_element(out, "stackTrace", attempt->text);
    put_element(out, "system-out", attempt->output);
    g_string_append_printf(out, "</%s>", name);
}

/* The attempts that the element itself is not about. */
static void put_attempts(GString *out, const TpsResult *result, const TpsResult *told)
{
    bool passed = !tps_outcome_is_bad(result->outcome);

    for (guint i = 0; result->attempts && i < result->attempts->len; i++) {
        const TpsResult *attempt = g_ptr_array_index(result->attempts, i);

        if (attempt != told && tps_outcome_is_bad(attempt->outcome))
            put_attempt(out, attempt, passed);
    }
    if (told != result)
        put_attempt(out, result, passed);
}

static void put_outcome(GString *out, const TpsResult *result)
{
    const TpsResult *told = told_of(result);

    if (told->outcome == TPS_OUTCOME_ERROR)
        put_verdict(out, told, "error");
    else if (told->outcome == TPS_OUTCOME_FAILED)
        put_verdict(out, told, "failure");
    else if (told->outcome == TPS_OUTCOME_SKIPPED)
        put_verdict(out, told, "skipped");
    put_attempts(out, result, told);
    put_element(out, "system-out", told->output);
}

static void put_case(TpsJunitWriter *writer, const TpsResult *result, const TpsJunitPiece *piece)
{
    GString *out = writer->out;
    bool renamed;

    g_string_append(out, "<testcase classname=\"");
    g_string_append_len(out, writer->classname->str, (gssize)writer->classname->len);
    g_string_append(out, "\" name=\"");
    renamed = put_name(writer, result->id);
    g_string_append_c(out, '"');
    if (result->file)
        put_attribute(out, "file", result->file);
    if (result->line > 0)
        put_line(out, (uint64_t)result->line);
    put_time(out, told_of(result)->time_us);
    g_string_append_c(out, '>');
    put_case_properties(out, result, piece, renamed || (piece && piece->name));
    put_outcome(out, result);
    g_string_append(out, "</testcase>\n");
}

/* What is long goes at once. */
static void pass_on(TpsJunitWriter *writer)
{
    if (!writer->sink)
        return;
    tps_sink_write(writer->sink, writer->out->str, writer->out->len);
    g_string_truncate(writer->out, 0);
}

void tps_junit_writer_add(TpsJunitWriter *writer, const TpsResult *result)
{
    g_autoptr(GArray) pieces = has_cases(result) ? tps_junit_pieces_new(result) : NULL;

    if (!pieces)
        put_case(writer, result, NULL);
    for (guint i = 0; pieces && i < pieces->len; i++) {
        const TpsJunitPiece *piece = &g_array_index(pieces, TpsJunitPiece, i);

        put_case(writer, &piece->view, piece);
    }
    pass_on(writer);
}

TpsJunitWriter *tps_junit_writer_new(TpsSink *sink)
{
    TpsJunitWriter *writer = g_new0(TpsJunitWriter, 1);

    writer->sink = sink;
    writer->out = g_string_new(NULL);
    writer->classname = g_string_new(NULL);
    writer->spellings = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    writer->suites = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    writer->doubtful = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return writer;
}

void tps_junit_writer_free(TpsJunitWriter *writer)
{
    if (!writer)
        return;
    if (writer->out)
        g_string_free(writer->out, TRUE);
    g_string_free(writer->classname, TRUE);
    g_hash_table_unref(writer->spellings);
    g_hash_table_unref(writer->suites);
    g_hash_table_unref(writer->doubtful);
    g_free(writer);
}

void tps_junit_writer_foresee_suite(TpsJunitWriter *writer, const char *suite)
{
    g_autoptr(GString) name = g_string_new(NULL);
    guint n;

    writer->foresees = true;
    tps_xml_escape(name, name_of(suite), strlen(name_of(suite)), true);
    n = GPOINTER_TO_UINT(g_hash_table_lookup(writer->suites, name->str));
    g_hash_table_insert(writer->suites, g_strdup(name->str), GUINT_TO_POINTER(n + 1));
}

static void doubt(TpsJunitWriter *writer, const char *classname, const char *id)
{
    g_autoptr(GString) key = key_of(classname, id);

    cut_numbers(key);
    g_hash_table_add(writer->doubtful, g_strdup(key->str));
}

void tps_junit_writer_foresee(TpsJunitWriter *writer, const char *suite, const TpsResult *result)
{
    g_autoptr(GArray) pieces = has_cases(result) ? tps_junit_pieces_new(result) : NULL;
    g_autoptr(GString) classname = NULL;

    if (!pieces && *result->id && tps_xml_is_faithful(result->id))
        return;
    classname = g_string_new(NULL);
    tps_xml_escape(classname, name_of(suite), strlen(name_of(suite)), true);
    if (!pieces)
        doubt(writer, classname->str, result->id);
    for (guint i = 0; pieces && i < pieces->len; i++)
        doubt(writer, classname->str, g_array_index(pieces, TpsJunitPiece, i).view.id);
}

void tps_junit_writer_start(TpsJunitWriter *writer, const char *name, const TpsJunitCounts *counts,
                            int64_t wall_us)
{
    g_string_append(writer->out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites");
    put_attribute(writer->out, "name", name);
    put_counts(writer->out, counts);
    put_time(writer->out, wall_us == TPS_TIME_UNKNOWN ? counts->time_us : wall_us);
    g_string_append(writer->out, ">\n");
}

void tps_junit_writer_start_suite(TpsJunitWriter *writer, const TpsJunitOutSuite *suite,
                                  const TpsJunitCounts *counts)
{
    GString *out = writer->out;
    const char *name = name_of(suite->name);

    g_string_truncate(writer->classname, 0);
    tps_xml_escape(writer->classname, name, strlen(name), true);
    g_string_append_printf(out, "<testsuite name=\"%s\"", writer->classname->str);
    put_counts(out, counts);
    put_time(out, counts->time_us);
    put_timestamp(out, suite->started_us);
    if (suite->hostname)
        put_attribute(out, "hostname", suite->hostname);
    g_string_append(out, ">\n");
    put_properties(out, suite->properties);
}

void tps_junit_writer_end_suite(TpsJunitWriter *writer, const char *output)
{
    if (output && *output) {
        put_element(writer->out, "system-out", output);
        g_string_append_c(writer->out, '\n');
    }
    g_string_append(writer->out, "</testsuite>\n");
    pass_on(writer);
}

void tps_junit_writer_end(TpsJunitWriter *writer)
{
    g_string_append(writer->out, "</testsuites>\n");
    pass_on(writer);
}

GString *tps_junit_writer_take(TpsJunitWriter *writer)
{
    return g_steal_pointer(&writer->out);
}

static void count_suite(TpsJunitCounts *counts, const TpsJunitOutSuite *suite)
{
    for (guint i = 0; i < suite->results->len; i++)
        tps_junit_count(counts, g_ptr_array_index(suite->results, i));
}

GString *tps_junit_format(const char *name, int64_t wall_us, const TpsJunitOutSuite *suites,
                          size_t n)
{
    g_autoptr(TpsJunitWriter) writer = tps_junit_writer_new(NULL);
    TpsJunitCounts sum = {0};

    for (size_t i = 0; i < n; i++)
        count_suite(&sum, &suites[i]);
    tps_junit_writer_start(writer, name, &sum, wall_us);
    for (size_t i = 0; i < n; i++) {
        TpsJunitCounts counts = {0};

        count_suite(&counts, &suites[i]);
        tps_junit_writer_start_suite(writer, &suites[i], &counts);
        for (guint j = 0; j < suites[i].results->len; j++)
            tps_junit_writer_add(writer, g_ptr_array_index(suites[i].results, j));
        tps_junit_writer_end_suite(writer, suites[i].output);
    }
    tps_junit_writer_end(writer);
    return tps_junit_writer_take(writer);
}
