/* SPDX-License-Identifier: MIT */
#pragma once

#include "runtime/predict.h"

/*
 * How the id of a testcase is put together: directories, file, classes, function, parameters. It is
 * read from the signs that frameworks share,
 *
 *   dir/file.py::Class::name[a-b]    pytest          dir/file_spec.rb         rspec, by files
 *   Suite.Case   Prefix/Suite.Case/0 GoogleTest      package.Class.method     JUnit
 *
 * and is a hint: ids are bytes, and what fits none of these has fewer pieces.
 */

/* Everything before `end` names a group of testcases: a directory, a file, a class, a function. */
typedef struct {
    size_t end;
    TpsPredictSource kind;
} TpsCaseCut;

/* More groups are not looked at; their testcases count for the last one. */
#define TPS_CASE_MAX_CUTS 24

/* The groups an id is in, from the widest to the narrowest. Returns how many. */
int tps_case_cuts(const char *id, TpsCaseCut cuts[static TPS_CASE_MAX_CUTS]);

/* Where the pieces of an id begin: base <= rest <= leaf <= strlen(id). */
typedef struct {
    size_t base; /* the file, without its directories                     */
    size_t rest; /* classes, if any, and the leaf, with the sign before   */
    size_t leaf; /* the function and its parameters: what tells them apart */
} TpsCasePieces;

TpsCasePieces tps_case_pieces(const char *id);
