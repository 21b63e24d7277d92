/* SPDX-License-Identifier: MIT */
#include "formats/loose/loose.h"
#include "tests/scratch.h"
#include "tests/unit.h"

#include <string.h>
#include <sys/resource.h>

/*
 * Ten megabytes of anything need no more than 64 MiB beside what the process has. Where memory is
 * not what it seems (sanitizers), the inputs are read all the same.
 */
#define INPUT_BYTES ((size_t)10 * 1000 * 1000)
#define ROOM_BYTES ((size_t)64 * 1024 * 1024)

#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
#define HAS_LIMIT false
#elif defined __has_feature
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define HAS_LIMIT false
#else
#define HAS_LIMIT true
#endif
#else
#define HAS_LIMIT true
#endif

#define CTRF "{\"reportFormat\":\"CTRF\",\"results\":{\"tests\":["
#define PLAN                                                                                       \
    "{\"category\":\"testplan\",\"entries\":[{\"name\":\"m\",\"category\":\"multitest\","          \
    "\"entries\":["

/* A head, a unit again and again, in which '#' is a number that grows, and a tail. */
static const struct {
    const char *head;
    const char *unit;
    const char *tail;
    guint n_results; /* or NOBODY_COUNTS */
} inputs[] = {
#define NOBODY_COUNTS G_MAXUINT
    {"1..1\nok 1\n", "\n", "", 1},
    {"1..1\nok 1 ", "x", "\n", 1},
    {"1..1\nok 1\n", "%", "", 1},
    {"1..1\nok 1\n", "ok\n", "", NOBODY_COUNTS},
    {"1..1\nok 1\n", "ok n#\n", "", NOBODY_COUNTS},
    {"1..1\nok 1\n", "not ok\n# x\n", "", NOBODY_COUNTS},
    {"1..1\nok 1\n", "ok 5\nok 3\n", "", NOBODY_COUNTS},
    {"1..1\n", "    ok a\n", "ok 1\n", 1},
    {"1..1\n", "    not ok\n", "not ok 1\n", 1},
    {"1..1\n", "    ok\n        ok\n            ok\n                ok\n", "ok 1\n", 1},
    {"1..1\nnot ok 1\n  ---\n", "  a: b\n", "", 1},
    {"1..1\nnot ok 1\n", "# a\n", "", 1},
    {"1..1\n", "1..1\n", "ok 1\n", 1},
    {"", "[", "", 0},
    {"{\"a\":", "[", "", 0},
    {"{\"results\":{\"tests\":", "[", "", 0},
    {"{\"entries\":", "[{\"entries\":", "", 0},
    {"{\"a\":[", "0,", "0]}", 0},
    {"{\"a\":[", "{},", "0]}", 0},
    {"{", "\"n#\":0,", "\"a\":0}", 0},
    {"{\"a\":\"", "\\u0000", "\"}", 0},
    {CTRF, "{},", "{}]}}", NOBODY_COUNTS},
    {CTRF, "{\"name\":\"\",\"status\":\"x\"},", "{}]}}", NOBODY_COUNTS},
    {CTRF, "{\"suite\":\"n#\"},", "{}]}}", NOBODY_COUNTS},
    {CTRF "{\"name\":\"", "x", "\"}]}}", 1},
    {CTRF "{\"stdout\":[", "\"a\",", "\"\"]}]}}", 1},
    {CTRF "{\"suite\":[", "\"a\",", "\"\"]}]}}", 1},
    {CTRF "{\"retryAttempts\":[", "{\"status\":\"failed\"},", "{}]}]}}", 1},
    {PLAN, "{\"category\":\"testcase\",\"name\":\"a\"},", "{}]}]}", NOBODY_COUNTS},
    {PLAN, "{\"category\":\"suite\",\"name\":\"n#\",\"entries\":[]},", "{}]}]}", NOBODY_COUNTS},
    {PLAN "{\"category\":\"testcase\",\"name\":\"a\",\"status\":\"failed\",\"entries\":[",
     "{\"passed\":false,\"type\":\"x\"},", "{}]}]}]}", 1},
    {"{\"category\":\"testplan\",\"entries\":[", "{\"category\":\"multitest\"},", "{}]}",
     NOBODY_COUNTS},
    {"{\"Action\":\"start\"}\n", "{\n", "", NOBODY_COUNTS},
    {"{\"Action\":\"start\"}\n", "x\n", "{\"Action\":\"pass\"}\n", 0},
    {"{\"Action\":\"start\"}\n", "{\"Action\":\"run\",\"Test\":\"n#\"}\n", "", NOBODY_COUNTS},
    {"{\"Action\":\"start\"}\n", "{\"Action\":\"pass\",\"Test\":\"n#\"}\n", "", NOBODY_COUNTS},
    {"{\"Action\":\"start\"}\n", "{\"Action\":\"start\",\"Package\":\"n#\"}\n", "", NOBODY_COUNTS},
    {"{\"Action\":\"start\"}\n", "{\"Action\":\"output\",\"Output\":\"a\\n\"}\n", "", 0},
    {"{\"Action\":\"start\"}\n{\"Action\":\"output\",\"Output\":\"", "x", "\"}\n", 0},
    {"{\"Action\":\"start\"}\n",
     "{\"Action\":\"output\",\"Test\":\"a\",\"Output\":\"--- PASS: a/n# (1s)\\n\"}\n", "",
     NOBODY_COUNTS},
};

/* '%' is a NUL byte, to be had in a string. */
static void write_unit(FILE *file, const char *unit, guint number)
{
    for (; *unit; unit++)
        if (*unit == '#')
            fprintf(file, "%u", number);
        else
            putc(*unit == '%' ? '\0' : *unit, file);
}

static void write_input(const char *path, int i)
{
    FILE *file = fopen(path, "wb");

    ck_assert_ptr_nonnull(file);
    fputs(inputs[i].head, file);
    for (guint n = 0; (size_t)ftell(file) < INPUT_BYTES; n += 1000)
        for (guint j = 0; j < 1000; j++)
            write_unit(file, inputs[i].unit, n + j);
    fputs(inputs[i].tail, file);
    fclose(file);
}

static size_t memory_used(void)
{
    g_autofree char *text = NULL;

    ck_assert(g_file_get_contents("/proc/self/statm", &text, NULL, NULL));
    return (size_t)g_ascii_strtoull(text, NULL, 10) * 4096;
}

static void limit_memory(void)
{
    struct rlimit limit = {memory_used() + ROOM_BYTES, RLIM_INFINITY};

    if (HAS_LIMIT)
        ck_assert_int_eq(setrlimit(RLIMIT_AS, &limit), 0);
}

static bool drop(const char *suite, TpsResult *result, void *user, GError **error)
{
    (void)suite;
    (void)error;
    ++*(guint *)user;
    tps_result_free(result);
    return true;
}

START_TEST(needs_little_memory)
{
    static const TpsLooseHandler handler = {.result = drop};
    g_autofree char *path = scratch_path("report");
    g_autoptr(TpsLoose) loose = NULL;
    guint n = 0;

    write_input(path, _i);
    limit_memory();
    loose = tps_loose_read(path, &handler, &n, NULL);
    ck_assert_ptr_nonnull(loose);
    ck_assert_msg(loose->kind || loose->looks_like, "nothing is said");
    if (inputs[_i].n_results != NOBODY_COUNTS)
        ck_assert_uint_eq(n, inputs[_i].n_results);
}
END_TEST

/* A name of a megabyte in the middle of the head, and many testcases whose suite it is. */
#define NAME_BYTES ((size_t)1000 * 1000)
#define N_NAMED 2000

static const struct {
    const char *head[2];
    const char *unit;
    const char *tail;
    bool whole;
} named[] = {
    {{"<testsuite name='", "'>"}, "<testcase name='a'/>", "</testsuite>", false},
    {{"{\"results\":{\"tool\":{\"name\":\"", "\"},\"tests\":["},
     "{\"name\":\"a\",\"status\":\"passed\"},",
     "{\"name\":\"b\",\"status\":\"passed\"}]}}",
     true},
    {{"{\"category\":\"testplan\",\"entries\":[{\"category\":\"multitest\",\"name\":\"",
      "\",\"entries\":["},
     "{\"category\":\"testcase\",\"name\":\"a\",\"status\":\"passed\"},",
     "{\"category\":\"testcase\",\"name\":\"b\",\"status\":\"passed\"}]}]}",
     false},
};

typedef struct {
    guint n;
    size_t bytes;
} Told;

static bool count_names(const char *suite, TpsResult *result, void *user, GError **error)
{
    Told *told = user;

    (void)error;
    told->n++;
    told->bytes += strlen(suite);
    tps_result_free(result);
    return true;
}

START_TEST(long_names_of_suites_end)
{
    static const TpsLooseHandler handler = {.result = count_names};
    g_autofree char *name = g_strnfill(NAME_BYTES, 'x');
    g_autoptr(GString) text = g_string_new(named[_i].head[0]);
    g_autoptr(TpsLoose) loose = NULL;
    Told told = {0};

    g_string_append(text, name);
    g_string_append(text, named[_i].head[1]);
    for (int i = 0; i < N_NAMED; i++)
        g_string_append(text, named[_i].unit);
    g_string_append(text, named[_i].tail);
    loose = tps_loose_parse("s", text->str, text->len, &handler, &told, NULL);
    ck_assert_uint_ge(told.n, N_NAMED);
    ck_assert_uint_le(told.bytes, 80 * NAME_BYTES);
    ck_assert_int_eq(loose->problem == NULL, named[_i].whole);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("loose_limits");
    TCase *tcase = tcase_create("loose_limits");

    tcase_add_checked_fixture(tcase, scratch_make, scratch_remove);
    tcase_add_loop_test(tcase, needs_little_memory, 0, G_N_ELEMENTS(inputs));
    tcase_add_loop_test(tcase, long_names_of_suites_end, 0, G_N_ELEMENTS(named));
    suite_add_tcase(suite, tcase);
    return unit_main(suite);
}
