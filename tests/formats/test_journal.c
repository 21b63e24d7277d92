/* SPDX-License-Identifier: MIT */
#include "core/crc32.h"
#include "core/error.h"
#include "formats/journal.h"
#include "tests/reports.h"
#include "tests/scratch.h"
#include "tests/unit.h"

#include <glib.h>
#include <string.h>

/* Ids that a file could lose; the last one is 10 kB. */
static const char *const odd_ids[] = {
    "plain",
    "a\nb",
    "\"quoted\" & 'so' <x>",
    "\033[31mred\033[0m",
    "\xff\xfe bad",
    " spaces  in ",
    "\ttab\r",
    "t.py::x[$(rm -rf .)]",
    "../../etc",
    "é\xe2\x98\x83",
    "]]>",
    "%0A",
    "&#10;",
};

static TpsPartReport *odd_report(void)
{
    TpsPartReport *report = report_new("s \"u\"\n", (TpsPart){1, 3}, "", "", 1234567);

    for (size_t i = 0; i < G_N_ELEMENTS(odd_ids); i++) {
        TpsResult *result = tps_result_new(odd_ids[i], (TpsOutcome)(i % 5), (int64_t)i * 1001);

        if (i % 5 == TPS_OUTCOME_FLAKY)
            result->outcome = TPS_OUTCOME_PASSED;
        g_ptr_array_add(report->planned, g_strdup(odd_ids[i]));
        g_ptr_array_add(report->results, result);
    }
    g_ptr_array_add(report->planned, g_strnfill(10000, 'x'));
    g_ptr_array_add(report->results,
                    tps_result_new(g_ptr_array_index(report->planned, report->planned->len - 1),
                                   TPS_OUTCOME_PASSED, TPS_TIME_UNKNOWN));
    report->attempt = 2;
    report->worker = 5;
    report->end = TPS_END_SIGNALED;
    report->code = 11;
    report->cpu_us = 999999;
    report->rerun_us = 1234;
    report->core_dumped = true;
    report->oom_killed = true;
    report->leaked = g_strdup("sleep (7)");
    report->held_pipe = true;
    report->cut_short = true;
    report->output_bytes = UINT64_C(1) << 33;
    report->output_file = g_strdup("output.log");
    report->output_offset = 12;
    report->kept = g_strdup("parts/x/sandbox");
    tps_properties_add(report->properties, "go.version", "1.22");
    tps_properties_add(report->properties, "", "\xff");
    tps_artifacts_add(report->artifacts, ".coverage", INT64_C(1) << 33, "12ab")->required = true;
    tps_artifacts_add(report->artifacts, "a/b \xff\n", 0, "34cd")->number = 2;
    report->max_rss_bytes = INT64_C(1) << 40;
    report->peak_bytes = INT64_C(1) << 41;
    report->paused_us = 70000001;
    report->n_leaked = 3;
    report->teardown_us = 17;
    strings_add(report->added, "new");
    strings_add(report->removed, "old older");
    strings_add(report->problems, "odd");
    report->n_unselected = 4;
    return report;
}

/* One line, without its newline; caller frees. */
static char *format(const TpsPartReport *report)
{
    GString *line = tps_record_format_report(report);

    ck_assert_ptr_eq(strchr(line->str, '\n'), line->str + line->len - 1);
    g_string_truncate(line, line->len - 1);
    return g_string_free(line, FALSE);
}

static TpsPartReport *parse(const char *line, bool whole)
{
    g_autoptr(GError) error = NULL;
    TpsRecord record = {0};

    ck_assert_msg(tps_record_parse(line, strlen(line), whole, &record, &error), "%s",
                  error ? error->message : "");
    ck_assert_ptr_nonnull(record.report);
    ck_assert_ptr_null(record.run);
    ck_assert_int_eq(record.report->done, record.kind == TPS_RECORD_END);
    return record.report;
}

static TpsPartReport *again(const TpsPartReport *report)
{
    g_autofree char *line = format(report);

    return parse(line, true);
}

static void assert_strings(const GPtrArray *got, const GPtrArray *expected)
{
    ck_assert_uint_eq(got->len, expected->len);
    for (guint i = 0; i < got->len; i++)
        ck_assert_str_eq(g_ptr_array_index(got, i), g_ptr_array_index(expected, i));
}

static void assert_same_properties(const GPtrArray *got, const GPtrArray *expected)
{
    ck_assert_uint_eq(got ? got->len : 0, expected ? expected->len : 0);
    for (guint i = 0; got && i < got->len; i++) {
        const TpsProperty *a = g_ptr_array_index(got, i);
        const TpsProperty *b = g_ptr_array_index(expected, i);

        ck_assert_str_eq(a->name, b->name);
        ck_assert_str_eq(a->value, b->value);
    }
}

static void assert_same_artifacts(const GPtrArray *got, const GPtrArray *expected)
{
    ck_assert_uint_eq(got->len, expected->len);
    for (guint i = 0; i < got->len; i++) {
        const TpsArtifact *a = g_ptr_array_index(got, i);
        const TpsArtifact *b = g_ptr_array_index(expected, i);

        ck_assert_str_eq(a->path, b->path);
        ck_assert_str_eq(a->digest, b->digest);
        ck_assert_int_eq(a->size, b->size);
        ck_assert_int_eq(a->number, b->number);
        ck_assert_int_eq(a->required, b->required);
    }
}

static void assert_process(const TpsPartReport *got, const TpsPartReport *expected)
{
    ck_assert_int_eq(got->ended_us, expected->ended_us);
    ck_assert_int_eq(got->end, expected->end);
    ck_assert_int_eq(got->code, expected->code);
    ck_assert_int_eq(got->wall_us, expected->wall_us);
    ck_assert_int_eq(got->cpu_us, expected->cpu_us);
    ck_assert_int_eq(got->max_rss_bytes, expected->max_rss_bytes);
    ck_assert_int_eq(got->peak_bytes, expected->peak_bytes);
    ck_assert_int_eq(got->paused_us, expected->paused_us);
    ck_assert_int_eq(got->n_leaked, expected->n_leaked);
    ck_assert_uint_eq(got->n_unselected, expected->n_unselected);
    ck_assert_int_eq(got->rerun_us, expected->rerun_us);
    ck_assert_int_eq(got->core_dumped, expected->core_dumped);
    ck_assert_int_eq(got->oom_killed, expected->oom_killed);
    ck_assert_int_eq(g_strcmp0(got->leaked, expected->leaked), 0);
    ck_assert_int_eq(got->held_pipe, expected->held_pipe);
    ck_assert_int_eq(got->cut_short, expected->cut_short);
    ck_assert_uint_eq(got->output_bytes, expected->output_bytes);
    ck_assert_int_eq(g_strcmp0(got->output_file, expected->output_file), 0);
    ck_assert_uint_eq(got->output_offset, expected->output_offset);
    ck_assert_int_eq(g_strcmp0(got->kept, expected->kept), 0);
    assert_same_artifacts(got->artifacts, expected->artifacts);
    assert_same_properties(got->properties, expected->properties);
    ck_assert_int_eq(got->setup_us, expected->setup_us);
    ck_assert_int_eq(got->teardown_us, expected->teardown_us);
}

START_TEST(what_is_written_is_read)
{
    g_autoptr(TpsPartReport) report = odd_report();
    g_autoptr(TpsPartReport) got = again(report);

    ck_assert_str_eq(got->plan_id, "plan");
    ck_assert_ptr_null(got->run_id);
    ck_assert_str_eq(got->suite, "s \"u\"\n");
    ck_assert_int_eq(got->part.index, 1);
    ck_assert_int_eq(got->part.count, 3);
    ck_assert_int_eq(got->attempt, 2);
    ck_assert_int_eq(got->worker, 5);
    ck_assert(got->done);
    ck_assert_str_eq(got->host, "host");
    ck_assert_int_eq(got->started_us, report->started_us);
    assert_process(got, report);
    assert_strings(got->planned, report->planned);
    assert_strings(got->added, report->added);
    assert_strings(got->removed, report->removed);
    assert_strings(got->problems, report->problems);
}
END_TEST

static void assert_properties(const GPtrArray *got, const GPtrArray *expected)
{
    ck_assert_int_eq(got != NULL, expected != NULL);
    ck_assert_uint_eq(got ? got->len : 0, expected ? expected->len : 0);
    for (guint i = 0; got && i < got->len; i++) {
        const TpsProperty *a = g_ptr_array_index(got, i);
        const TpsProperty *b = g_ptr_array_index(expected, i);

        ck_assert_str_eq(a->name, b->name);
        ck_assert_str_eq(a->value, b->value);
    }
}

static void assert_results(const GPtrArray *got, const GPtrArray *expected)
{
    ck_assert_uint_eq(got->len, expected->len);
    for (guint i = 0; i < got->len; i++) {
        const TpsResult *a = g_ptr_array_index(got, i);
        const TpsResult *b = g_ptr_array_index(expected, i);

        ck_assert_int_eq(g_strcmp0(a->id, b->id), 0);
        ck_assert_int_eq(a->outcome, b->outcome);
        ck_assert_int_eq(a->time_us, b->time_us);
        ck_assert_int_eq(a->line, b->line);
        ck_assert_int_eq(g_strcmp0(a->file, b->file), 0);
        ck_assert_int_eq(g_strcmp0(a->type, b->type), 0);
        ck_assert_int_eq(g_strcmp0(a->message, b->message), 0);
        ck_assert_int_eq(g_strcmp0(a->text, b->text), 0);
        ck_assert_int_eq(g_strcmp0(a->output, b->output), 0);
        assert_properties(a->properties, b->properties);
        ck_assert_int_eq(a->attempts != NULL, b->attempts != NULL);
        if (a->attempts)
            assert_results(a->attempts, b->attempts);
        ck_assert_int_eq(a->cases != NULL, b->cases != NULL);
        if (a->cases)
            assert_results(a->cases, b->cases);
    }
}

START_TEST(results_survive)
{
    g_autoptr(TpsPartReport) report = odd_report();
    g_autoptr(TpsPartReport) got = again(report);

    assert_results(got->results, report->results);
}
END_TEST

/* Each byte there is but NUL, in an order in which most are no UTF-8, and in one in which all are.
 */
static char *all_bytes(void)
{
    GString *bytes = g_string_new("\xf0\x9f");

    for (int byte = 1; byte < 256; byte++)
        g_string_append_c(bytes, (char)byte);
    return g_string_free(bytes, FALSE);
}

static TpsPartReport *wordy_report(void)
{
    TpsPartReport *report = report_new("s", (TpsPart){0, 1}, "a b", "a:k:5 b:f:6", 11);
    TpsResult *flaky = g_ptr_array_index(report->results, 0);
    TpsResult *bad = g_ptr_array_index(report->results, 1);

    report->run_id = g_strdup("tuesday");
    report->output = all_bytes();
    flaky->output = g_strdup("fine");
    flaky->attempts = tps_results_new();
    g_ptr_array_add(flaky->attempts, tps_result_new(NULL, TPS_OUTCOME_ERROR, 3));
    bad->output = all_bytes();
    bad->file = g_strdup("a/b.c");
    bad->line = 17;
    bad->type = g_strdup("");
    bad->message = g_strdup("\xff");
    bad->text = g_strdup("{\"latin1\":\"\xc3\xa9\"}\t\\u0000\x7f\x01");
    return report;
}

START_TEST(every_byte_survives)
{
    g_autoptr(TpsPartReport) report = wordy_report();
    g_autoptr(TpsPartReport) got = again(report);
    g_autofree char *line = format(report);

    ck_assert_str_eq(got->output, report->output);
    ck_assert_str_eq(got->run_id, "tuesday");
    assert_results(got->results, report->results);
    ck_assert(g_utf8_validate(line, -1, NULL));
    for (const char *p = line; *p; p++)
        ck_assert_int_ge((unsigned char)*p, 0x20);
}
END_TEST

START_TEST(what_passed_is_read_without_its_output)
{
    g_autoptr(TpsPartReport) report = wordy_report();
    g_autofree char *bad = format(report);
    g_autofree char *good = NULL;
    g_autoptr(TpsPartReport) got = parse(bad, false);
    g_autoptr(TpsPartReport) green = NULL;

    ck_assert_str_eq(got->output, report->output);
    ck_assert_ptr_null(((TpsResult *)g_ptr_array_index(got->results, 0))->output);
    ck_assert_str_eq(((TpsResult *)g_ptr_array_index(got->results, 1))->output, report->output);
    g_ptr_array_remove_index(report->results, 1);
    good = format(report);
    green = parse(good, false);
    ck_assert_ptr_null(green->output);
}
END_TEST

START_TEST(a_start_says_who_it_is)
{
    g_autoptr(TpsPartReport) report = odd_report();
    g_autoptr(TpsPartReport) got = NULL;

    report->done = false;
    got = again(report);
    ck_assert(!got->done);
    ck_assert_str_eq(got->suite, report->suite);
    ck_assert_int_eq(got->attempt, 2);
    ck_assert_uint_eq(got->results->len, 0);
}
END_TEST

/* Random reports: what is read is written again as the same bytes. */
static char *draw_text(GRand *rand)
{
    GString *text = g_string_new(NULL);

    for (size_t n = draw(rand, 12); n > 0; n--)
        g_string_append_c(text, (char)(1 + draw(rand, draw(rand, 2) ? 255 : 126)));
    return g_string_free(text, FALSE);
}

static GPtrArray *draw_properties(GRand *rand)
{
    GPtrArray *properties = tps_properties_new();

    for (size_t n = 1 + draw(rand, 3); n > 0; n--) {
        g_autofree char *name = draw_text(rand);
        g_autofree char *value = draw_text(rand);

        tps_properties_add(properties, name, value);
    }
    return properties;
}

static TpsResult *draw_result(GRand *rand, int depth)
{
    g_autofree char *id = draw_text(rand);
    TpsResult *result = tps_result_new(id, (TpsOutcome)draw(rand, 5), (int64_t)draw(rand, 9999999));

    result->message = draw(rand, 2) ? draw_text(rand) : NULL;
    result->text = draw(rand, 2) ? draw_text(rand) : NULL;
    result->output = draw(rand, 2) ? draw_text(rand) : NULL;
    result->properties = draw(rand, 2) ? draw_properties(rand) : NULL;
    if (depth == 0 && draw(rand, 3) == 0) {
        result->attempts = tps_results_new();
        g_ptr_array_add(result->attempts, draw_result(rand, 1));
    }
    for (size_t n = depth < 2 && draw(rand, 3) == 0 ? 1 + draw(rand, 3) : 0; n > 0; n--)
        tps_result_add_case(result, draw_result(rand, 2));
    return result;
}

START_TEST(any_report_survives)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed((guint32)_i);
    g_autofree char *suite = draw_text(rand);
    g_autoptr(TpsPartReport) report = report_new(suite, (TpsPart){0, 1}, "", "", 5);
    g_autoptr(TpsPartReport) got = NULL;
    g_autofree char *first = NULL;
    g_autofree char *second = NULL;

    report->output = draw_text(rand);
    report->run_id = draw(rand, 2) ? draw_text(rand) : NULL;
    report->setup_us = (int64_t)draw(rand, 100);
    for (size_t n = draw(rand, 5); n > 0; n--)
        g_ptr_array_add(report->results, draw_result(rand, 0));
    for (size_t n = draw(rand, 5); n > 0; n--)
        g_ptr_array_add(report->planned, draw_text(rand));
    first = format(report);
    got = parse(first, true);
    second = format(got);
    ck_assert_str_eq(first, second);
    ck_assert_str_eq(got->suite, suite);
    assert_strings(got->planned, report->planned);
    assert_results(got->results, report->results);
}
END_TEST

START_TEST(a_run_says_who_wrote)
{
    TpsRunRecord run = {.plan_id = (char[]){"p"},
                        .run_id = (char[]){"r"},
                        .host = (char[]){"h\xff"},
                        .pid = 4711,
                        .attempt = 3,
                        .size = 9,
                        .supervision = (char[]){"s"},
                        .started_us = INT64_C(1700000000123456)};
    GString *line = tps_record_format_run(&run, TPS_RECORD_RESUME);
    g_auto(TpsRecord) record = {0};

    ck_assert(tps_record_parse(line->str, line->len - 1, true, &record, NULL));
    ck_assert_int_eq(record.kind, TPS_RECORD_RESUME);
    ck_assert_str_eq(record.run->plan_id, "p");
    ck_assert_str_eq(record.run->run_id, "r");
    ck_assert_str_eq(record.run->host, "h\xff");
    ck_assert_int_eq(record.run->pid, 4711);
    ck_assert_int_eq(record.run->attempt, 3);
    ck_assert_int_eq(record.run->size, 9);
    ck_assert_str_eq(record.run->supervision, "s");
    ck_assert_int_eq(record.run->started_us, run.started_us);
    g_string_free(line, TRUE);
}
END_TEST

/* A line of ours around these members. */
static char *seal(const char *members)
{
    g_autofree char *open = g_strdup_printf("{%s", members);

    return g_strdup_printf("%s,\"crc32\":\"%08x\"}", open, tps_crc32(0, open, strlen(open)));
}

START_TEST(later_versions_may_say_more)
{
    g_autofree char *line = seal("\"record\":\"weather\",\"rain\":true");
    g_auto(TpsRecord) record = {0};

    ck_assert(tps_record_parse(line, strlen(line), true, &record, NULL));
    ck_assert_int_eq(record.kind, TPS_RECORD_OTHER);
    ck_assert_ptr_null(record.report);
}
END_TEST

static TpsPartReport *small_report(void)
{
    return report_new("s", (TpsPart){0, 1}, "a b", "a:p:5 b:f:6", 11);
}

static bool is_refused(const char *line, size_t length)
{
    g_auto(TpsRecord) record = {0};
    g_autoptr(GError) error = NULL;

    if (tps_record_parse(line, length, true, &record, &error))
        return false;
    return g_error_matches(error, TPS_ERROR, TPS_ERROR_INPUT) && !record.report;
}

START_TEST(half_a_record_is_refused)
{
    g_autoptr(TpsPartReport) report = small_report();
    g_autofree char *line = format(report);

    for (size_t length = 0; length < strlen(line); length++)
        ck_assert_msg(is_refused(line, length), "%.*s", (int)length, line);
}
END_TEST

START_TEST(another_byte_is_refused)
{
    g_autoptr(TpsPartReport) report = small_report();
    g_autofree char *line = format(report);
    size_t length = strlen(line);

    for (size_t i = 0; i < length; i++) {
        const char kept = line[i];

        for (int byte = 0; byte < 256; byte++) {
            line[i] = (char)byte;
            ck_assert_msg(line[i] == kept || is_refused(line, length), "%d at %zu", byte, i);
        }
        line[i] = kept;
    }
    ck_assert(!is_refused(line, length));
}
END_TEST

/* Of what was sealed, but not by us. */
static const char *const changes[][3] = {
    {"\"suite\"", "\"sweet\"", "'suite' must be a string"},
    {"\"suite\":\"s\"", "\"suite\":{\"latin1\":\"\u0100\"}", "'suite' must be a string"},
    {"\"plan\":", "\"plain\":", "'plan' must be a string"},
    {"[0,1]", "[1,1]", "'part' must be [M, N] with 0 <= M < N"},
    {"[0,1]", "[-1,1]", "'part' must be [M, N] with 0 <= M < N"},
    {"[0,1]", "[0]", "'part' must be [M, N] with 0 <= M < N"},
    {"[0,1]", "[0,1,2]", "'part' must be [M, N] with 0 <= M < N"},
    {"[0,1]", "[0.5,1]", "'part' must be [M, N] with 0 <= M < N"},
    {"[0,1]", "\"0,1\"", "'part' must be an array"},
    {"\"attempt\":1", "\"attempt\":0", "'attempt' must be a whole number"},
    {"\"host\"", "\"hast\"", "'host' must be a string"},
    {"\"worker\":0", "\"worker\":-1", "'worker' must be a whole number"},
    {"\"started\"", "\"startled\"", "'started' must be seconds since the epoch"},
    {"\"ended\"", "\"eden\"", "'ended' must be seconds since the epoch"},
    {"\"exited\"", "\"exists\"", "'end' is not a word this version knows"},
    {"\"code\":0", "\"code\":-1", "'code' must be a whole number"},
    {"\"cpu_time\":0", "\"cpu_time\":-1", "'cpu_time': not a time"},
    {"\"leaked\":0", "\"leaked\":0.5", "'leaked' must be a whole number"},
    {"\"planned\":[\"a\"", "\"planned\":[7", "'planned' must be an array of strings"},
    {"\"results\"", "\"result\"", "'results' must be an array of results"},
    {"\"passed\"", "\"past\"", "'outcome' is not a word this version knows"},
    {"\"time\":0.000005", "\"time\":-1", "'time': not a time"},
    {"\"id\":\"b\"", "\"id\":null", "'id' must be a string"},
    {"\"record\"", "\"raccord\"", "'record' must be a string"},
    {"\"plan\"", "\"\\u0000\"", "NUL"},
    {"\"outcome\"", "\"attempts\":[{\"outcome\":\"error\",\"attempts\":[]}],\"outcome\"",
     "'attempts' must be an array of results"},
    {"\"outcome\"", "\"cases\":[{\"id\":\"x\",\"outcome\":\"error\",\"cases\":[]}],\"outcome\"",
     "'cases' must be an array of results"},
    {"\"outcome\"", "\"cases\":{},\"outcome\"", "'cases' must be an array of results"},
    {"\"outcome\"", "\"cases\":[{\"outcome\":\"error\"}],\"outcome\"", "'id' must be a string"},
};

START_TEST(changes_are_refused)
{
    g_autoptr(TpsPartReport) report = small_report();
    g_autofree char *line = format(report);
    g_auto(GStrv) halves = g_strsplit(line, changes[_i][0], 2);
    g_autofree char *changed = NULL;
    g_autofree char *sealed = NULL;
    g_auto(TpsRecord) record = {0};
    g_autoptr(GError) error = NULL;

    ck_assert_msg(g_strv_length(halves) == 2, "no %s in %s", changes[_i][0], line);
    changed = g_strjoinv(changes[_i][1], halves);
    *g_strrstr(changed, ",\"crc32\"") = '\0';
    sealed = seal(changed + 1);
    ck_assert_msg(!tps_record_parse(sealed, strlen(sealed), true, &record, &error), "%s was read",
                  changes[_i][1]);
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, changes[_i][2]);
}
END_TEST

START_TEST(another_schema_is_refused)
{
    g_autofree char *line = seal("\"record\":\"run\",\"schema\":\"tpsched.journal/2\"");
    g_auto(TpsRecord) record = {0};
    g_autoptr(GError) error = NULL;

    ck_assert(!tps_record_parse(line, strlen(line), true, &record, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "schema 'tpsched.journal/2' is not");
}
END_TEST

/* "s" whole, "t" torn, "d" damaged, for each line. */
static bool describe(const TpsJournalLine *line, void *user)
{
    GString *said = user;

    ck_assert_int_eq(line->number, (int64_t)said->len + 1);
    ck_assert_int_eq(line->record != NULL, line->why == NULL);
    g_string_append_c(said, line->torn ? 't' : line->record ? 's' : 'd');
    return said->len < 5;
}

static const char *const files[][2] = {
    {"", ""},
    {"A\n", "s"},
    {"A", "t"},
    {"A\nA\nB", "sst"},
    {"A\nx\nA\n", "sds"},
    {"\nA\n", "ds"},
    {"A\n\n\n\n\n\n", "sdddd"},
    {"A\nAA\n", "sd"},
};

START_TEST(lines_are_told_apart)
{
    g_autoptr(TpsPartReport) report = small_report();
    g_autofree char *line = format(report);
    g_auto(GStrv) words = g_strsplit(files[_i][0], "A", -1);
    g_autofree char *text = g_strjoinv(line, words);
    g_autofree char *path = scratch_text("j", text);
    g_autoptr(GString) said = g_string_new(NULL);

    ck_assert(tps_journal_read(path, true, describe, said, NULL));
    ck_assert_str_eq(said->str, files[_i][1]);
}
END_TEST

typedef struct {
    guint n_records;
    size_t kept; /* of the damaged line */
    int64_t number;
    char *why;
    bool torn;
} Long;

static bool look(const TpsJournalLine *line, void *user)
{
    Long *found = user;

    if (line->record) {
        found->n_records++;
        return true;
    }
    found->kept = line->length;
    found->number = line->number;
    found->torn = line->torn;
    g_free(found->why);
    found->why = g_strdup(line->why);
    return true;
}

/* A line that begins as no record is not kept whole; what stands around it is read. */
START_TEST(a_line_may_have_any_length)
{
    const size_t length = 5 * 1024 * 1024;
    g_autoptr(TpsPartReport) report = small_report();
    g_autoptr(GString) text = tps_record_format_report(report);
    g_autofree char *path = scratch_path("journal.jsonl");
    size_t record = text->len;
    Long found = {0};

    g_string_set_size(text, record + length);
    memset(text->str + record, 0, length);
    if (_i == 0)
        g_string_append_printf(text, "\n%.*s", (int)record, text->str);
    g_free(scratch_write("journal.jsonl", text->str, text->len));
    ck_assert(tps_journal_read(path, true, look, &found, NULL));
    ck_assert_uint_eq(found.n_records, _i == 0 ? 2 : 1);
    ck_assert_int_eq(found.number, 2);
    ck_assert_uint_lt(found.kept, length);
    ck_assert(!found.torn);
    ck_assert_str_eq(found.why, "it is longer than any record");
    g_free(found.why);
}
END_TEST

START_TEST(a_missing_journal_is_said)
{
    g_autofree char *none = scratch_path("none");
    g_autoptr(GError) error = NULL;

    ck_assert(!tps_journal_read(none, true, describe, NULL, &error));
    assert_error(error, TPS_ERROR, TPS_ERROR_INPUT, "none");
}
END_TEST

START_TEST(the_crc_is_that_of_the_world)
{
    static const char check_text[] = "123456789";
    uint32_t halves = tps_crc32(tps_crc32(0, check_text, 4), check_text + 4, 5);

    ck_assert_uint_eq(tps_crc32(0, check_text, 9), 0xCBF43926);
    ck_assert_uint_eq(halves, 0xCBF43926);
    ck_assert_uint_eq(tps_crc32(0, "", 0), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("journal");
    TCase *tcase = tcase_create("journal");

    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, scratch_make, scratch_remove);
    tcase_add_test(tcase, what_is_written_is_read);
    tcase_add_test(tcase, results_survive);
    tcase_add_test(tcase, every_byte_survives);
    tcase_add_test(tcase, what_passed_is_read_without_its_output);
    tcase_add_test(tcase, a_start_says_who_it_is);
    tcase_add_loop_test(tcase, any_report_survives, 0, 300);
    tcase_add_test(tcase, a_run_says_who_wrote);
    tcase_add_test(tcase, later_versions_may_say_more);
    tcase_add_test(tcase, half_a_record_is_refused);
    tcase_add_test(tcase, another_byte_is_refused);
    tcase_add_loop_test(tcase, changes_are_refused, 0, G_N_ELEMENTS(changes));
    tcase_add_test(tcase, another_schema_is_refused);
    tcase_add_loop_test(tcase, lines_are_told_apart, 0, G_N_ELEMENTS(files));
    tcase_add_loop_test(tcase, a_line_may_have_any_length, 0, 2);
    tcase_add_test(tcase, a_missing_journal_is_said);
    tcase_add_test(tcase, the_crc_is_that_of_the_world);
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
