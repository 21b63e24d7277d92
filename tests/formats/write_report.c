/* SPDX-License-Identifier: MIT */
#include "formats/report/writers.h"
#include "tests/report_sample.h"

#include <stdio.h>
#include <stdlib.h>

/*
 * write-report SAMPLE FORMAT [timed]: one of the sample reports on standard output, for readers
 * that are not ours. The format "counts" is lines of "NAME=NUMBER".
 */
static void print_counts(const TpsReport *report)
{
    for (int i = 0; i <= TPS_OUTCOME_ERROR; i++)
        printf("%s=%u\n", tps_outcome_name((TpsOutcome)i), report->count[i]);
    printf("testcases=%u\nnot_run=%u\nproblems=%u\nflaky_fails=%d\nverdict=%s\n", report->n_results,
           report->n_not_run, report->problems->len, report->flaky_fails,
           tps_report_verdict(report));
}

static bool write_report(const TpsReport *report, const char *format, GError **error)
{
    const TpsReportWriter *writer = tps_report_writer_find(format, error);
    const TpsReportLook look = {.reproduce = "tpsched run -p plan.json", .root = "/root/of/it"};

    return writer && tps_report_write_file(report, writer, &look, "/dev/stdout", error);
}

int main(int argc, char **argv)
{
    g_autoptr(TpsReport) report = NULL;
    g_autoptr(GError) error = NULL;

    if (argc < 3) {
        for (size_t i = 0; i < G_N_ELEMENTS(sample_names); i++)
            puts(sample_names[i]);
        return EXIT_SUCCESS;
    }
    report = sample_report(argv[1], argc > 3 && strcmp(argv[3], "timed") == 0);
    if (strcmp(argv[2], "counts") == 0)
        print_counts(report);
    else if (!write_report(report, argv[2], &error))
        fprintf(stderr, "%s\n", error->message);
    return error ? EXIT_FAILURE : EXIT_SUCCESS;
}
