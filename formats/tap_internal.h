/* SPDX-License-Identifier: MIT */
#pragma once

#include "formats/lines.h"

#include <stdint.h>

/* No plan is longer than that; more digits are part of a name. */
#define TPS_TAP_DIGITS 15

/* "not ok 3 - name # TODO reason"; strings are borrowed from the line. */
typedef struct {
    bool ok;
    bool has_number;
    bool is_skip;
    bool is_todo;
    bool is_time; /* then the reason is a time: "12ms", "1.5s" */
    int64_t number;
    const char *name;
    size_t name_length;
    const char *reason; /* or NULL */
    size_t reason_length;
} TpsTapPoint;

/* "1..3", "1..0 # SKIP reason" */
typedef struct {
    int64_t count;
    const char *reason; /* or NULL */
    size_t reason_length;
} TpsTapPlan;

/* False when the line is none. */
bool tps_tap_read_point(const TpsLine *line, TpsTapPoint *point);
bool tps_tap_read_plan(const TpsLine *line, TpsTapPlan *plan);

/* The numbers of a stream's points, and what was planned. */
typedef struct {
    int64_t in_order; /* 1, 2, ... came in that order up to this one                    */
    int64_t last;     /* of the point that came last; the next has one more, or says so */
    int64_t planned;  /* -1 = no plan yet                                               */
    GArray *others;   /* of int64_t: what came out of order, or NULL                    */
} TpsTapNumbers;

void tps_tap_numbers_add(TpsTapNumbers *numbers, int64_t number);

/* Each number from 1 to the planned one, once: NULL; else what is wrong. Caller frees. */
char *tps_tap_numbers_check(TpsTapNumbers *numbers);

void tps_tap_numbers_clear(TpsTapNumbers *numbers);
