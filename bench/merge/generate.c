/* SPDX-License-Identifier: MIT */
/*
 * Writes JUnit reports to merge, of the shape that a large run of pytest or surefire leaves: files
 * of 2,000 testcases, about 500 bytes for each; of a hundred testcases ninety pass, half of these
 * with some output, six fail with a traceback, four are skipped. The same arguments, the same
 * bytes.
 */
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>

#define SUITES_OF_A_FILE 4

typedef struct {
    guint n_files;
    guint n_testcases; /* in each */
    guint n_suites;    /* all files together */
} Shape;

static guint below(GRand *rand, guint n)
{
    return (guint)g_rand_int_range(rand, 0, (gint32)n);
}

static void add_output(GString *out, GRand *rand)
{
    guint n_lines = 3 + below(rand, 6);

    g_string_append(out, "<system-out>");
    for (guint i = 0; i < n_lines; i++)
        g_string_append_printf(out,
                               "2026-11-20 10:%02u:%02u,%03u INFO  shop.orders: order %u "
                               "accepted, total=%u.%02u EUR\n",
                               below(rand, 60), below(rand, 60), below(rand, 1000),
                               below(rand, 1000000), below(rand, 1000), below(rand, 100));
    g_string_append(out, "</system-out>");
}

static void add_failure(GString *out, GRand *rand)
{
    guint left = below(rand, 1000);

    g_string_append_printf(out, "<failure message=\"assert %u == %u\" type=\"AssertionError\">",
                           left, left + 1);
    for (guint i = 0; i < 6; i++)
        g_string_append_printf(out,
                               "  File &quot;/srv/build/shop/orders/module_%u.py&quot;, line %u, "
                               "in check_total\n    assert order.total() &gt;= expected[%u]\n",
                               below(rand, 500), below(rand, 900), below(rand, 50));
    g_string_append_printf(out, "E   AssertionError: assert %u == %u\n</failure>", left, left + 1);
}

static void add_testcase(GString *out, GRand *rand, guint suite, guint id)
{
    guint fate = below(rand, 100);

    g_string_append_printf(out,
                           "<testcase classname=\"tests.shop.test_module_%u.TestOrders\" "
                           "name=\"test_total_of_an_order[currency-%u-%u]\" "
                           "file=\"tests/shop/test_module_%u.py\" line=\"%u\" time=\"%u.%03u\"",
                           suite, id % 97, id, suite, id % 900 + 1, below(rand, 3),
                           below(rand, 1000));
    if (fate >= 10 && fate < 55) {
        g_string_append(out, " />\n");
        return;
    }
    g_string_append_c(out, '>');
    if (fate < 6)
        add_failure(out, rand);
    else if (fate < 10)
        g_string_append(out, "<skipped type=\"pytest.skip\" message=\"needs a database\">"
                             "/srv/build/shop/conftest.py:17: needs a database</skipped>");
    else
        add_output(out, rand);
    g_string_append(out, "</testcase>\n");
}

/* A file has a few suites, whose testcases are spread over files, as shards spread them. */
static void add_report(GString *out, const Shape *shape, guint file, GRand *rand)
{
    guint n_suites = MIN(MIN(shape->n_suites, SUITES_OF_A_FILE), shape->n_testcases);
    guint done = 0;

    g_string_append(out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<testsuites>\n");
    for (guint i = 0; i < n_suites; i++) {
        guint suite = (file * 7 + i * 11) % shape->n_suites;
        guint end = (i + 1) * shape->n_testcases / n_suites;

        g_string_append_printf(out,
                               "<testsuite name=\"shop.module_%u\" tests=\"%u\" "
                               "timestamp=\"2026-11-20T10:%02u:%02u\" hostname=\"ci-%u\">\n",
                               suite, end - done, below(rand, 60), below(rand, 60), file % 16);
        for (; done < end; done++)
            add_testcase(out, rand, suite, file * shape->n_testcases + done);
        g_string_append(out, "</testsuite>\n");
    }
    g_string_append(out, "</testsuites>\n");
}

static guint argument(int argc, char **argv, int i, guint fallback)
{
    return argc > i ? (guint)strtoul(argv[i], NULL, 10) : fallback;
}

int main(int argc, char **argv)
{
    Shape shape = {.n_files = argument(argc, argv, 2, 500),
                   .n_testcases = argument(argc, argv, 3, 2000),
                   .n_suites = argument(argc, argv, 4, 200)};

    if (argc < 2 || shape.n_files == 0 || shape.n_testcases == 0 || shape.n_suites == 0) {
        fprintf(stderr, "usage: %s DIR [FILES [TESTCASES-IN-EACH [SUITES]]]\n", argv[0]);
        return 2;
    }
    for (guint i = 0; i < shape.n_files; i++) {
        g_autoptr(GRand) rand = g_rand_new_with_seed(i + 1);
        g_autoptr(GString) out = g_string_new(NULL);
        g_autofree char *path = g_strdup_printf("%s/report-%06u.xml", argv[1], i);

        add_report(out, &shape, i, rand);
        if (!g_file_set_contents_full(path, out->str, (gssize)out->len, G_FILE_SET_CONTENTS_NONE,
                                      0666, NULL))
            return 1;
    }
    return 0;
}
