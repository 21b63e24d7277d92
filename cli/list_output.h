/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <stdio.h>

/* How much of the suites is told. */
typedef enum {
    TPS_LIST_TESTCASES, /* suites, units, testcases     */
    TPS_LIST_SUITES,    /* suites                       */
    TPS_LIST_TAGS,      /* tags, and how many have them */
} TpsListDepth;

/*
 * What is listed, for people or as JSON.
 *
 *   inputs  of TpsPlanInput, each of a declared suite
 */
void tps_list_print(const GArray *inputs, TpsListDepth depth, FILE *stream);
void tps_list_print_json(const GArray *inputs, TpsListDepth depth, FILE *stream);
