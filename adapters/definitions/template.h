/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <stdbool.h>

/*
 * A text with names in braces: "--output={report}". `{name|text}` stands for `text` where the name
 * has no value, and `{{`, `}}` for braces.
 */

/* The value of a name, borrowed, or NULL. */
typedef const char *(*TpsTemplateValue)(const char *name, void *user);

/* The text with its values; a name without one is empty. Caller frees. */
char *tps_template_expand(const char *template, TpsTemplateValue value, void *user);

/*
 * Is every brace closed, and every name one of `known`? NULL-terminated; NULL = any name is.
 *
 *   problem  out: what is wrong, owned, when false
 */
bool tps_template_check(const char *template, const char *const *known, char **problem);

/* Does that name stand in it? NULL has none. */
bool tps_template_has(const char *template, const char *name);

/* Add the names that stand in it to a set of char*, owned. NULL has none. */
void tps_template_collect(const char *template, GHashTable *names);
