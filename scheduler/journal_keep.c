/* SPDX-License-Identifier: MIT */
#include "scheduler/journal_keep.h"

#include "core/error.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <unistd.h>

typedef struct {
    bool (*is_kept)(const TpsRecord *record, void *user);
    void *user;
    FILE *stream;
    bool all; /* nothing has gone so far */
} Copy;

static bool copy_line(const TpsJournalLine *line, void *user)
{
    Copy *copy = user;

    if (!line->record || !copy->is_kept(line->record, copy->user)) {
        copy->all = false;
        return true;
    }
    return fwrite(line->text, 1, line->length, copy->stream) == line->length &&
           fputc('\n', copy->stream) != EOF;
}

static bool fail(const char *path, GError **error)
{
    g_set_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR, "cannot write '%s': %s", path,
                g_strerror(errno));
    return false;
}

/* What the rename makes visible must be on the disk before. */
static bool finish(Copy *copy, const char *path, const char *temporary, GError **error)
{
    bool written = !ferror(copy->stream) && fflush(copy->stream) == 0 &&
                   (copy->all || fsync(fileno(copy->stream)) == 0);

    written = fclose(copy->stream) == 0 && written;
    if (written && (copy->all ? g_unlink(temporary) : g_rename(temporary, path)) == 0)
        return true;
    return fail(path, error);
}

bool tps_journal_keep(const char *path, bool (*is_kept)(const TpsRecord *record, void *user),
                      void *user, GError **error)
{
    g_autofree char *temporary = g_strconcat(path, ".new", NULL);
    Copy copy = {is_kept, user, g_fopen(temporary, "we"), true};
    bool kept;

    if (!copy.stream)
        return fail(temporary, error);
    kept = tps_journal_read(path, true, copy_line, &copy, error);
    if (!kept)
        fclose(copy.stream);
    kept = kept && finish(&copy, path, temporary, error);
    if (!kept)
        g_unlink(temporary);
    return kept;
}
