/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

/*
 * Append a text as a YAML scalar that is read as this text, whatever it holds, in a block and
 * between brackets alike: as it is where that can't be taken for anything else, else between double
 * quotes on one line.
 *
 *   text  valid UTF-8
 */
void tps_yaml_append(GString *yaml, const char *text);

/* The same for a list of texts, between brackets. */
void tps_yaml_append_list(GString *yaml, char *const *texts);

/* Append a text to a comment: what would end the line, or the file, is replaced. */
void tps_yaml_append_remark(GString *yaml, const char *text);
