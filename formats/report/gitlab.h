/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <stdint.h>

/*
 * Folded sections of a job's log at GitLab. Their markers are terminal sequences with "\r" in a
 * line: what a test prints can't be one when it went through tps_gitlab_text().
 */

/* A folded section; `us` since the epoch, `name` and `title` may hold anything. Whole lines. */
void tps_gitlab_section_begin(GString *out, const char *name, int64_t us, const char *title);
void tps_gitlab_section_end(GString *out, const char *name, int64_t us);

/* Text within one: plain, at most 64 KiB of it, ended by a line end. Nothing for an empty text. */
void tps_gitlab_text(GString *out, const char *text);

/* The name of a section, of [A-Za-z0-9_.-] and at most 60 bytes. Caller frees. */
char *tps_gitlab_section_name(const char *name);
