/* SPDX-License-Identifier: MIT */
#include "core/doubles.h"
#include "formats/junit.h"
#include "tests/unit.h"

#include <glib.h>
#include <string.h>

#define SAMPLES "tests/reports/samples/"

/*
 * Each SAMPLE.xml has a SAMPLE.expected beside it, of lines:
 *
 *   # text              what a person should know
 *   counts P S K F E    passed, skipped, flaky, failed, errors, as the framework itself counts
 *   elements N          how many testcases stand in the file
 *   repairs N           places that are not XML
 *   problem TEXT        why it is not whole
 *   warning TEXT
 *   suite NAME
 *     OUTCOME ID [ATTEMPT OUTCOMES]
 *
 * TPSCHED_ACCEPT=1 writes what was read, for a person to look at; counts stay what they were.
 */

/* One line, whatever is in it. */
static void put_text(GString *out, const char *text)
{
    for (; *text; text++) {
        if ((guchar)*text < 0x20 || *text == 0x7F)
            g_string_append_printf(out, "\\x%02x", (guchar)*text);
        else
            g_string_append_c(out, *text);
    }
}

static void put_line(GString *out, const char *word, const char *text)
{
    g_string_append(out, word);
    put_text(out, text);
    g_string_append_c(out, '\n');
}

static void put_result(GString *out, const TpsResult *result)
{
    g_string_append_printf(out, "  %s ", tps_outcome_name(result->outcome));
    put_text(out, result->id);
    for (guint i = 0; result->attempts && i < result->attempts->len; i++) {
        const TpsResult *attempt = g_ptr_array_index(result->attempts, i);

        g_string_append_printf(out, " [%s]", tps_outcome_name(attempt->outcome));
    }
    g_string_append_c(out, '\n');
}

/* As a merge names it. */
static void set_id(TpsJunitCase *testcase, const char *suite)
{
    char *id;

    if (!*testcase->classname || strcmp(testcase->classname, suite) == 0)
        return;
    id = g_strconcat(testcase->classname, ".", testcase->result->id, NULL);
    g_free(testcase->result->id);
    testcase->result->id = id;
}

typedef struct {
    GPtrArray *names; /* of char*, borrowed                       */
    GPtrArray *lists; /* of GPtrArray of TpsResult, beside `names` */
    guint n_elements;
} Suites;

static GPtrArray *list_of(Suites *suites, const char *name)
{
    for (guint i = 0; i < suites->names->len; i++)
        if (strcmp(g_ptr_array_index(suites->names, i), name) == 0)
            return g_ptr_array_index(suites->lists, i);
    g_ptr_array_add(suites->names, (gpointer)name);
    g_ptr_array_add(suites->lists, tps_results_new());
    return g_ptr_array_index(suites->lists, suites->lists->len - 1);
}

/* Suites of one name are one. */
static void gather(Suites *suites, const TpsJunit *junit)
{
    for (guint i = 0; i < junit->suites->len; i++) {
        const TpsJunitSuite *suite = g_ptr_array_index(junit->suites, i);
        GPtrArray *results = list_of(suites, suite->name);

        for (guint j = 0; j < suite->cases->len; j++) {
            TpsJunitCase *testcase = g_ptr_array_index(suite->cases, j);

            suites->n_elements += strcmp(testcase->name, "<init>") != 0;
            set_id(testcase, suite->name);
            g_ptr_array_add(results, g_steal_pointer(&testcase->result));
        }
    }
}

static void put_suites(GString *out, const Suites *suites, guint *counted)
{
    for (guint i = 0; i < suites->lists->len; i++) {
        const GPtrArray *results = g_ptr_array_index(suites->lists, i);

        put_line(out, "suite ", g_ptr_array_index(suites->names, i));
        for (guint j = 0; j < results->len; j++) {
            const TpsResult *result = g_ptr_array_index(results, j);

            counted[result->outcome]++;
            put_result(out, result);
        }
    }
}

static GString *describe(TpsJunit *junit)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    g_autoptr(GPtrArray) lists = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    Suites suites = {names, lists, 0};
    guint n[TPS_OUTCOME_ERROR + 1] = {0};
    GString *out = g_string_new(NULL);
    g_autoptr(GString) said = g_string_new(NULL);

    gather(&suites, junit);
    for (guint i = 0; i < lists->len; i++)
        tps_doubles_fold(g_ptr_array_index(lists, i), g_ptr_array_index(names, i), junit->warnings);
    put_suites(said, &suites, n);
    g_string_printf(out, "counts %u %u %u %u %u\nelements %u\nrepairs %zu\n", n[TPS_OUTCOME_PASSED],
                    n[TPS_OUTCOME_SKIPPED], n[TPS_OUTCOME_FLAKY], n[TPS_OUTCOME_FAILED],
                    n[TPS_OUTCOME_ERROR], suites.n_elements, junit->repairs);
    if (junit->problem)
        put_line(out, "problem ", junit->problem);
    for (guint i = 0; i < junit->warnings->len; i++)
        put_line(out, "warning ", g_ptr_array_index(junit->warnings, i));
    g_string_append_len(out, said->str, (gssize)said->len);
    return out;
}

/* What a person wrote: comments and counts. */
static bool is_by_hand(const char *line)
{
    return *line == '#' || g_str_has_prefix(line, "counts ");
}

static GString *without(const char *text, bool comments_only)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    GString *rest = g_string_new(NULL);

    for (char **line = lines; *line; line++)
        if (**line && (comments_only ? **line != '#' : is_by_hand(*line)))
            g_string_append_printf(rest, "%s\n", *line);
    return rest;
}

static void accept(const char *path, const char *expected, const char *described)
{
    g_autoptr(GString) by_hand = without(expected, false);
    const char *rest = described;

    if (strstr(by_hand->str, "counts "))
        rest = strchr(described, '\n') + 1;
    g_string_append(by_hand, rest);
    ck_assert(g_file_set_contents(path, by_hand->str, -1, NULL));
}

static GPtrArray *names; /* of char*: samples without their suffix */

START_TEST(test_sample)
{
    const char *name = g_ptr_array_index(names, (guint)_i);
    g_autofree char *path = g_strconcat(SAMPLES, name, ".xml", NULL);
    g_autofree char *expected_path = g_strconcat(SAMPLES, name, ".expected", NULL);
    g_autofree char *text = NULL;
    g_autoptr(TpsJunit) junit = tps_junit_read(path, NULL);
    g_autoptr(GString) described = NULL;
    g_autoptr(GString) expected = NULL;

    ck_assert_ptr_nonnull(junit);
    described = describe(junit);
    if (!g_file_get_contents(expected_path, &text, NULL, NULL))
        text = g_strdup("");
    if (g_getenv("TPSCHED_ACCEPT"))
        accept(expected_path, text, described->str);
    else {
        expected = without(text, true);
        if (strcmp(described->str, expected->str) != 0)
            ck_abort_msg("%s is now:\n%.2000s", name, described->str);
    }
}
END_TEST

/*
 * How many testcases stand in the file, by another way: tags outside of CDATA and comments, before
 * anything is parsed.
 */
static guint count_tags(const char *bytes, size_t length)
{
    static const struct {
        const char *open;
        const char *close;
    } skipped[] = {{"<![CDATA[", "]]>"}, {"<!--", "-->"}};
    const char *end = bytes + length;
    guint n = 0;

    for (const char *at = bytes; at && at < end;) {
        const char *inside = NULL;

        for (size_t i = 0; i < G_N_ELEMENTS(skipped); i++)
            if (g_str_has_prefix(at, skipped[i].open))
                inside = skipped[i].close;
        if (inside) {
            at = g_strstr_len(at, end - at, inside);
            continue;
        }
        n += g_str_has_prefix(at, "</testcase>") || g_str_has_prefix(at, "</test>");
        if (g_str_has_prefix(at, "<testcase ")) {
            const char *close = g_strstr_len(at, end - at, ">");

            /* no name of a sample has a bare '>' but in these */
            while (close && close > at && strchr("]-", close[-1]) && !strchr("/\"", close[-1]))
                close = g_strstr_len(close + 1, end - close - 1, ">");
            n += close && close[-1] == '/';
        }
        at++;
    }
    return n;
}

static guint read_elements(const char *name)
{
    g_autofree char *path = g_strconcat(SAMPLES, name, ".expected", NULL);
    g_autofree char *text = NULL;
    const char *line;

    ck_assert(g_file_get_contents(path, &text, NULL, NULL));
    line = strstr(text, "\nelements ");
    ck_assert_ptr_nonnull(line);
    return (guint)g_ascii_strtoull(line + strlen("\nelements "), NULL, 10);
}

START_TEST(test_every_testcase)
{
    const char *name = g_ptr_array_index(names, (guint)_i);
    g_autofree char *path = g_strconcat(SAMPLES, name, ".xml", NULL);
    g_autofree char *bytes = NULL;
    gsize length;

    ck_assert(g_file_get_contents(path, &bytes, &length, NULL));
    if (length > 1 && bytes[0] == '\xFF') {
        char *utf8 = g_convert(bytes, (gssize)length, "UTF-8", "UTF-16", NULL, &length, NULL);

        ck_assert_ptr_nonnull(utf8);
        g_free(bytes);
        bytes = utf8;
    }
    ck_assert_uint_eq(count_tags(bytes, length), read_elements(name));
}
END_TEST

static int compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void find_samples(void)
{
    g_autoptr(GDir) dir = g_dir_open(SAMPLES, 0, NULL);
    const char *name;

    names = g_ptr_array_new_with_free_func(g_free);
    while (dir && (name = g_dir_read_name(dir)))
        if (g_str_has_suffix(name, ".xml"))
            g_ptr_array_add(names, g_strndup(name, strlen(name) - strlen(".xml")));
    g_ptr_array_sort(names, compare);
}

START_TEST(test_there_are_samples)
{
    ck_assert_uint_ge(names->len, 30);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("formats/junit_samples");
    TCase *tcase = tcase_create("junit_samples");
    int status;

    find_samples();
    tcase_add_test(tcase, test_there_are_samples);
    tcase_add_loop_test(tcase, test_sample, 0, (int)names->len);
    tcase_add_loop_test(tcase, test_every_testcase, 0, (int)names->len);
    suite_add_tcase(suite, tcase);
    status = unit_main(suite);
    g_ptr_array_unref(names);
    return status;
}
