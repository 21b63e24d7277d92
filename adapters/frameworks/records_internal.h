/* SPDX-License-Identifier: MIT */
#pragma once

#include "adapters/definitions/definition.h"
#include "adapters/readers/readers.h"
#include "core/suite.h"
#include "formats/junit.h"

/*
 * The records of a source's bytes.
 *
 *   problem   out: what is damaged, owned, when what was complete before is returned all the same;
 *             NULL = damage is an error
 *   errors    TPS_ERROR_FRAMEWORK
 */
GPtrArray *tps_source_read(const TpsSource *source, const char *text, size_t length, char **problem,
                           GError **error);

/* One record per file of the suite, field "file", or those that its reader finds in each. */
GPtrArray *tps_records_from_files(const TpsSuite *suite, const TpsFramework *framework,
                                  GError **error);

/*
 * What the definition makes of records: testcases in their order. A second one of a name gets "#2"
 * behind it; those the framework can't tell apart are glued.
 */
GPtrArray *tps_testcases_from_records(const TpsFramework *framework, const GPtrArray *records,
                                      GError **error);

/* Whichever of equal names it is: counts them, and gives "name", "name#2", ... Caller frees. */
char *tps_unique_id(GHashTable *used, const char *name);
GHashTable *tps_used_ids_new(void);

/* The field of that name over a record: a template, or the field itself. Caller frees, or NULL. */
char *tps_record_text(GHashTable *record, const char *template, const char *name);

/* What JUnit says of a testcase: suite, classname, name, status, file, line, message, properties.
 */
void tps_record_from_junit(GHashTable *record, const TpsJunitSuite *suite,
                           const TpsJunitCase *testcase);

/* Keep names together that a framework mixes up. */
void tps_collide(GPtrArray *testcases, unsigned collide);
