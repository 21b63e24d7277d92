/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdio.h>

/*
 * Print all frameworks that can be named in a plan file, by name, and where each comes from. A
 * definition that can't be read is printed with what is wrong with it.
 *
 *   returns  how many can't be read
 */
unsigned tps_framework_table_print(FILE *stream);
unsigned tps_framework_table_print_json(FILE *stream);
