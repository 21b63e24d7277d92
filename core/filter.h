/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/suite.h"
#include "core/testcase.h"

#include <glib.h>
#include <stdbool.h>

/*
 * Which testcases are meant. Each list is owned, never NULL, sorted by bytes, no text twice; an
 * empty one asks for nothing.
 */
typedef struct {
    char **include;      /* globs: any of them must match */
    char **exclude;      /* globs: none may match         */
    char **tags;         /* it must have any of them      */
    char **exclude_tags; /* it may have none of them      */
} TpsFilter;

/* Of lists in any order, each NULL-terminated or NULL, copied. NULL when all are empty. */
TpsFilter *tps_filter_new(char *const *include, char *const *exclude, char *const *tags,
                          char *const *exclude_tags);
void tps_filter_free(TpsFilter *filter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsFilter, tps_filter_free)

/* NULL of NULL. */
TpsFilter *tps_filter_copy(const TpsFilter *filter);

/*
 * Does the pattern, as tps_wildcard_matches has it, match "SUITE:ID", the id, or the name of the
 * suite? testcase  NULL: of a suite whose testcases nobody knows, only its name
 */
bool tps_filter_pattern_matches(const char *pattern, const TpsSuite *suite,
                                const TpsTestcase *testcase);

/* Has the testcase that tag, or its suite, which gives its tags to all it has? */
bool tps_filter_has_tag(const char *tag, const TpsSuite *suite, const TpsTestcase *testcase);

/* NULL takes everything; `testcase` as above. */
bool tps_filter_takes(const TpsFilter *filter, const TpsSuite *suite, const TpsTestcase *testcase);

/* Is the suite excluded as such, whatever its testcases are? Then nobody need ask for them. */
bool tps_filter_drops(const TpsFilter *filter, const TpsSuite *suite);
