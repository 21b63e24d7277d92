/* SPDX-License-Identifier: MIT */
#include "fuzz/fuzz.h"

#include "adapters/definitions/definition.h"
#include "adapters/frameworks/share_internal.h"

#include <string.h>

#define N_TESTCASES 5

static GPtrArray *make_testcases(void)
{
    static const char *const names[N_TESTCASES] = {"a", "b\"*", "$(x)", "\xFF\n", "a:b"};
    GPtrArray *testcases = tps_testcases_new();

    for (guint i = 0; i < N_TESTCASES; i++) {
        TpsTestcase *testcase = tps_testcase_new(names[i]);

        testcase->file = g_strdup(i < 3 ? "f" : "g");
        testcase->group = i == 0 ? NULL : g_strdup(i % 2 ? "c" : "d");
        g_ptr_array_add(testcases, testcase);
    }
    return testcases;
}

static bool count(const TpsBatchOfShares *batch, void *user, GError **error)
{
    (void)error;
    g_assert_cmpuint(batch->n, >, 0);
    for (guint i = 0; i < batch->n; i++)
        *(guint *)user += batch->shares[i].testcases->len;
    return true;
}

/* Whatever it says of selecting: each testcase is told once, or it is said why not. */
static void check_shares(const TpsFramework *framework, bool all)
{
    g_autoptr(GPtrArray) testcases = make_testcases();
    g_autoptr(GError) error = NULL;
    guint n = 0;
    bool dealt = tps_shares_deal(framework, testcases, all, 64, count, &n, &error);

    g_assert_true(dealt == (error == NULL));
    g_assert_true(!dealt || n == N_TESTCASES);
}

static void check_framework(const TpsFramework *framework)
{
    g_assert_nonnull(framework->summary);
    g_assert_true(framework->run.command && *framework->run.command);
    g_assert_cmpint(framework->report.source.reader, !=, TPS_READER_NONE);
    g_assert_cmpint(framework->unit, !=, TPS_UNIT_DEFAULT);
    g_assert_true(framework->list.source.fields && framework->report.source.fields);
    check_shares(framework, false);
    check_shares(framework, true);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = size > 0 ? g_memdup2(data, size) : g_strdup("");
    g_autoptr(GError) error = NULL;
    g_autoptr(TpsFramework) framework = tps_framework_parse("x", text, size, NULL, &error);

    g_assert_true((framework == NULL) == (error != NULL));
    if (framework)
        check_framework(framework);
    else
        g_assert_true(g_str_has_prefix(error->message, "x.yaml"));
    return 0;
}
