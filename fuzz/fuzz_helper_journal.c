/* SPDX-License-Identifier: MIT */
#include "fuzz/fuzz.h"

#include "adapters/frameworks/journal_internal.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

static const TpsExit killed = {
    .end = TPS_END_SIGNALED, .code = 11, .started_us = 1000000, .ended_us = 9000000};

/* No testcase twice, no time that can't be, and nothing but what was read. */
static void check_results(GPtrArray *results, size_t size)
{
    g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);

    g_assert_cmpuint(results->len, <=, size);
    for (guint i = 0; i < results->len; i++) {
        const TpsResult *result = g_ptr_array_index(results, i);

        g_assert_true(g_hash_table_add(ids, result->id));
        g_assert_true(result->time_us >= 0 || result->time_us == TPS_TIME_UNKNOWN);
        for (guint j = 0; result->cases && j < result->cases->len; j++)
            g_assert_cmpint(((TpsResult *)g_ptr_array_index(result->cases, j))->outcome, <=,
                            result->outcome);
    }
}

static void check(const char *path, size_t size)
{
    g_autoptr(TpsHelperJournal) journal = tps_helper_journal_read(path);
    g_autoptr(TpsFrameworkReport) report = tps_framework_report_new();
    g_autoptr(TpsGather) gather = tps_gather_new();
    const char *running = journal->running;

    g_assert_true(journal->is_there);
    g_assert_cmpuint(journal->rest->len, <=, size);
    tps_helper_journal_times(journal, report, &killed);
    g_assert_cmpint(report->setup_us, <=, 8000000);
    g_assert_cmpint(report->teardown_us, <=, 8000000);
    tps_helper_journal_report(journal, gather, &killed);
    g_assert_true(!running || tps_gather_is_said(gather, running));
    tps_gather_end(gather, report->results);
    check_results(report->results, size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int fd = memfd_create("journal", MFD_CLOEXEC);
    char path[64];

    g_assert_cmpint(fd, >=, 0);
    g_assert_cmpint(write(fd, data, size), ==, (ssize_t)size);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    check(path, size);
    close(fd);
    return 0;
}
