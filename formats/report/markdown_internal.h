/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/report.h"

#include <glib.h>
#include <stddef.h>

/* What a page may have, of GitHub's 1 MiB for a step's summary: beyond that it shows nothing. */
#define TPS_MARKDOWN_BYTES ((size_t)900000)

/*
 * Append a name or sentence in <code>, where no markup of HTML or Markdown begins, and no mention
 * or reference: for a line of text, a cell of a table, or HTML. At most `limit` characters of it.
 */
void tps_markdown_code(GString *out, const char *name, size_t limit);

/* A text as it stands in a fence: plain, and with no longer runs of backticks than that takes. */
char *tps_markdown_body(const char *text);

/* A fenced block of a text of tps_markdown_body(), cut to `limit` bytes. */
void tps_markdown_fence(GString *out, const char *body, size_t limit);
/* What a block has beside its text, at most. */
#define TPS_MARKDOWN_FENCE_BYTES ((size_t)160)

/*
 * How many bytes each of `n` texts of `length` may have, so that all together have at most `total`:
 * the longest are cut first, and all of those to the same length.
 */
size_t tps_markdown_fair_limit(const guint32 *length, guint n, size_t total);

/* Parts, planned against actual, and a picture of who ran what when. Bounded in size. */
void tps_markdown_timeline(GString *out, const TpsReport *report);
