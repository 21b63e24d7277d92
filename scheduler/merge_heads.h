/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/report.h"
#include "formats/loose/loose.h"

#include <glib.h>

/*
 * What reports say of a suite beside its testcases. It is united as sets are, so that the order of
 * the reports, and whether some were merged before, make no difference:
 *
 *   properties  each name and value once, by name and value; what a merge says itself is dropped
 *   hostname    all of them, by name, with ", " between
 *   output      each text once, by bytes, with a line between; at most 64 KiB of a text, head and
 *               tail, and no more texts beyond 1 MiB of a suite
 */
typedef struct TpsSuiteHead TpsSuiteHead;

TpsSuiteHead *tps_suite_head_new(void);
void tps_suite_head_free(TpsSuiteHead *head);

void tps_suite_head_add(TpsSuiteHead *head, const TpsLooseSuite *said);

/* Put it into the suite. */
void tps_suite_head_settle(const TpsSuiteHead *head, TpsReportSuite *suite);
