/* SPDX-License-Identifier: MIT */
#include "core/duration.h"
#include "formats/digits.h"
#include "formats/junit_internal.h"
#include "formats/xml.h"

#include <string.h>

#define NO_NAME "(no name)" /* readers drop a testcase without one, or refuse the report */

typedef struct {
    guint tests;
    guint failures;
    guint errors;
    guint skipped;
    int64_t time_us;
} Counts;

typedef struct {
    GString *out;
    GHashTable *spellings; /* "classname\nname", XML-safe, as written -> how often it was wanted */
} Writer;

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

static void count_element(Counts *counts, const TpsResult *result)
{
    TpsOutcome outcome = told_of(result)->outcome;

    counts->tests++;
    counts->failures += outcome == TPS_OUTCOME_FAILED;
    counts->errors += outcome == TPS_OUTCOME_ERROR;
    counts->skipped += outcome == TPS_OUTCOME_SKIPPED;
}

static void add_time(Counts *counts, int64_t us)
{
    if (us > 0 && us < G_MAXINT64 - counts->time_us)
        counts->time_us += us;
}

static bool has_cases(const TpsResult *result)
{
    return result->cases && result->cases->len > 0;
}

/* Elements are counted; time is that of the testcase, or of its cases where that is not known. */
static void count_cases(Counts *counts, const TpsResult *result)
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

static void count(Counts *counts, const GPtrArray *results)
{
    for (guint i = 0; i < results->len; i++) {
        const TpsResult *result = g_ptr_array_index(results, i);

        if (has_cases(result)) {
            count_cases(counts, result);
            continue;
        }
        count_element(counts, result);
        add_time(counts, told_of(result)->time_us);
    }
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

static void put_timestamp(GString *out, int64_t us)
{
    g_autoptr(GDateTime) time = us > 0 ? g_date_time_new_from_unix_utc(us / TPS_SECOND_US) : NULL;
    g_autofree char *text = time ? g_date_time_format(time, "%Y-%m-%dT%H:%M:%S") : NULL;

    if (text)
        put_attribute(out, "timestamp", text);
}

static void put_counts(GString *out, const Counts *counts)
{
    g_string_append_printf(out, " tests=\"%u\" failures=\"%u\" errors=\"%u\" skipped=\"%u\"",
                           counts->tests, counts->failures, counts->errors, counts->skipped);
}

static void put_element(GString *out, const char *name, const char *text)
{
    if (!text || !*text)
        return;
    g_string_append_printf(out, "<%s>", name);
    tps_xml_escape(out, text, strlen(text), false);
    g_string_append_printf(out, "</%s>", name);
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

/*
 * XML-safe, and no other testcase of that classname has it: several readers keep one testcase of
 * each name and drop the others without a word.
 */
static char *unique_name(Writer *writer, const char *classname, const char *id)
{
    g_autoptr(GString) name = g_string_new(NULL);
    g_autofree char *first_key = NULL;
    gpointer wanted;
    guint n;

    tps_xml_escape(name, *id ? id : NO_NAME, strlen(*id ? id : NO_NAME), true);
    first_key = g_strconcat(classname, "\n", name->str, NULL);
    wanted = g_hash_table_lookup(writer->spellings, first_key);
    for (n = GPOINTER_TO_UINT(wanted) + 1; n > 1; n++) {
        g_autofree char *key = g_strdup_printf("%s [%u]", first_key, n);

        if (!g_hash_table_contains(writer->spellings, key)) {
            g_hash_table_insert(writer->spellings, g_steal_pointer(&key), GUINT_TO_POINTER(1));
            g_string_append_printf(name, " [%u]", n);
            break;
        }
    }
    g_hash_table_insert(writer->spellings, g_steal_pointer(&first_key), GUINT_TO_POINTER(n));
    return g_strdup(name->str);
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

static void put_case(Writer *writer, const char *classname, const TpsResult *result,
                     const TpsJunitPiece *piece)
{
    GString *out = writer->out;
    g_autofree char *name = unique_name(writer, classname, result->id);
    g_autoptr(GString) plain = g_string_new(NULL);

    tps_xml_escape(plain, result->id, strlen(result->id), true);
    g_string_append(out, "<testcase classname=\"");
    g_string_append(out, classname);
    g_string_append(out, "\" name=\"");
    g_string_append(out, name);
    g_string_append_c(out, '"');
    if (result->file)
        put_attribute(out, "file", result->file);
    if (result->line > 0)
        g_string_append_printf(out, " line=\"%" G_GINT64_FORMAT "\"", result->line);
    put_time(out, told_of(result)->time_us);
    g_string_append_c(out, '>');
    put_case_properties(out, result, piece,
                        (piece && piece->name) || strcmp(name, plain->str) != 0 ||
                            !tps_xml_is_faithful(result->id));
    put_outcome(out, result);
    g_string_append(out, "</testcase>\n");
}

static void put_result(Writer *writer, const char *classname, const TpsResult *result)
{
    g_autoptr(GArray) pieces = has_cases(result) ? tps_junit_pieces_new(result) : NULL;

    if (!pieces)
        put_case(writer, classname, result, NULL);
    for (guint i = 0; pieces && i < pieces->len; i++) {
        const TpsJunitPiece *piece = &g_array_index(pieces, TpsJunitPiece, i);

        put_case(writer, classname, &piece->view, piece);
    }
}

static void put_suite(Writer *writer, const TpsJunitOutSuite *suite)
{
    GString *out = writer->out;
    g_autoptr(GString) classname = g_string_new(NULL);
    const char *name = *suite->name ? suite->name : NO_NAME;
    Counts counts = {0};

    count(&counts, suite->results);
    tps_xml_escape(classname, name, strlen(name), true);
    g_string_append_printf(out, "<testsuite name=\"%s\"", classname->str);
    put_counts(out, &counts);
    put_time(out, counts.time_us);
    put_timestamp(out, suite->started_us);
    if (suite->hostname)
        put_attribute(out, "hostname", suite->hostname);
    g_string_append(out, ">\n");
    put_properties(out, suite->properties);
    for (guint i = 0; i < suite->results->len; i++)
        put_result(writer, classname->str, g_ptr_array_index(suite->results, i));
    if (suite->output && *suite->output) {
        put_element(out, "system-out", suite->output);
        g_string_append_c(out, '\n');
    }
    g_string_append(out, "</testsuite>\n");
}

GString *tps_junit_format(const char *name, int64_t wall_us, const TpsJunitOutSuite *suites,
                          size_t n)
{
    g_autoptr(GHashTable) spellings = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    Writer writer = {.out = g_string_new(NULL), .spellings = spellings};
    Counts counts = {0};

    for (size_t i = 0; i < n; i++)
        count(&counts, suites[i].results);
    g_string_append(writer.out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites");
    put_attribute(writer.out, "name", name);
    put_counts(writer.out, &counts);
    put_time(writer.out, wall_us == TPS_TIME_UNKNOWN ? counts.time_us : wall_us);
    g_string_append(writer.out, ">\n");
    for (size_t i = 0; i < n; i++)
        put_suite(&writer, &suites[i]);
    g_string_append(writer.out, "</testsuites>\n");
    return writer.out;
}
