/* SPDX-License-Identifier: MIT */
#include "scheduler/journal.h"

#include "core/error.h"
#include "formats/files.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

struct TpsJournal {
    char *path;
    int fd;
    pthread_mutex_t mutex; /* over what follows, and writing                          */
    bool is_new;           /* something was written since the last sync               */
    bool is_torn;          /* half a record stands at the end and could not be removed */
};

static bool fail(const TpsJournal *journal, const char *what, GError **error)
{
    g_set_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR, "cannot %s '%s': %s", what, journal->path,
                g_strerror(errno));
    return false;
}

TpsJournal *tps_journal_open(const char *path, GError **error)
{
    g_autoptr(TpsJournal) journal = g_new0(TpsJournal, 1);

    journal->path = g_strdup(path);
    pthread_mutex_init(&journal->mutex, NULL);
    journal->fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    if (journal->fd >= 0)
        return g_steal_pointer(&journal);
    fail(journal, "open", error);
    return NULL;
}

/* A full disk takes a part of a record: it goes, or the next one begins on a line of its own. */
static void take_back(TpsJournal *journal, off_t size)
{
    int why = errno;

    if (size < 0 || ftruncate(journal->fd, size) < 0)
        journal->is_torn = true;
    errno = why;
}

static bool append(TpsJournal *journal, const GString *line)
{
    off_t size = lseek(journal->fd, 0, SEEK_END);

    if (journal->is_torn && !tps_write_all(journal->fd, "\n", 1))
        return false;
    journal->is_torn = false;
    journal->is_new = true;
    if (tps_write_all(journal->fd, line->str, line->len))
        return true;
    take_back(journal, size);
    return false;
}

/* Formatted outside of the lock; the kernel would let one writer in at a time, too. */
static bool add(TpsJournal *journal, GString *line, GError **error)
{
    bool added;
    int why;

    pthread_mutex_lock(&journal->mutex);
    added = append(journal, line);
    why = errno;
    pthread_mutex_unlock(&journal->mutex);
    g_string_free(line, TRUE);
    errno = why;
    return added || fail(journal, "write", error);
}

bool tps_journal_add_report(TpsJournal *journal, const TpsPartReport *report, GError **error)
{
    return add(journal, tps_record_format_report(report), error);
}

bool tps_journal_add_run(TpsJournal *journal, const TpsRunRecord *run, TpsRecordKind kind,
                         GError **error)
{
    return add(journal, tps_record_format_run(run, kind), error);
}

bool tps_journal_sync(TpsJournal *journal, GError **error)
{
    bool is_new;

    pthread_mutex_lock(&journal->mutex);
    is_new = journal->is_new;
    journal->is_new = false;
    pthread_mutex_unlock(&journal->mutex);
    if (!is_new || fdatasync(journal->fd) == 0 ||
        errno == EINVAL) /* a device has nothing to keep */
        return true;
    return fail(journal, "keep", error);
}

void tps_journal_close(TpsJournal *journal)
{
    if (!journal)
        return;
    if (journal->fd >= 0)
        close(journal->fd);
    pthread_mutex_destroy(&journal->mutex);
    g_free(journal->path);
    g_free(journal);
}
