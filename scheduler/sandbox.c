/* SPDX-License-Identifier: MIT */
#include "scheduler/sandbox.h"

#include "core/error.h"
#include "formats/remove.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define BASE_PREFIX "tpsched-"
#define LOCK "lock"
#define NEW_LOCK "lock.new"
#define NAME_BYTES 32

/* So many names may be taken by something that a task put there. */
#define TRIES 100

typedef struct {
    int directory; /* -1 = there is none */
    ino_t inode;
    unsigned number;
    char name[NAME_BYTES]; /* below the base    */
    char *path;            /* owned: all of it  */
} Slot;

struct TpsSandboxes {
    char *path; /* owned: of the base, absolute */
    int base;
    int lock;
    int n_slots;
    Slot *slots;
    pthread_mutex_t mutex; /* over what follows */
    GPtrArray *problems;   /* of char*          */
    bool keeps;            /* something in the base stays */
};

static bool set_error(GError **error, const char *what, const char *path)
{
    g_set_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR, "cannot %s '%s': %s", what, path,
                g_strerror(errno));
    return false;
}

static char *temporary_directory(void)
{
    const char *path = g_getenv("TMPDIR");

    return g_canonicalize_filename(path && *path ? path : "/tmp", NULL);
}

/*
 * Ours, and whoever made it is dead. A lock gets its name when it is held, so one that is free was
 * given up, and a base without one is not ready yet, or is kept.
 */
static bool is_abandoned(int temporary, const char *name)
{
    g_autofree char *lock_name = g_build_filename(name, LOCK, NULL);
    struct stat status;
    bool free;
    int lock;

    if (fstatat(temporary, name, &status, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISDIR(status.st_mode) ||
        status.st_uid != geteuid())
        return false;
    lock = openat(temporary, lock_name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (lock < 0)
        return false;
    free = flock(lock, LOCK_EX | LOCK_NB) == 0;
    close(lock);
    return free;
}

static void sweep(const char *path)
{
    DIR *temporary = opendir(path);
    const struct dirent *entry;

    while (temporary && (entry = readdir(temporary))) {
        if (g_str_has_prefix(entry->d_name, BASE_PREFIX) &&
            is_abandoned(dirfd(temporary), entry->d_name))
            tps_remove(dirfd(temporary), entry->d_name); /* a help, and others may be at it, too */
    }
    if (temporary)
        closedir(temporary);
}

static bool take_lock(TpsSandboxes *sandboxes)
{
    sandboxes->lock =
        openat(sandboxes->base, NEW_LOCK, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    return sandboxes->lock >= 0 && flock(sandboxes->lock, LOCK_EX | LOCK_NB) == 0 &&
           renameat(sandboxes->base, NEW_LOCK, sandboxes->base, LOCK) == 0;
}

static bool make_base(TpsSandboxes *sandboxes, const char *temporary, GError **error)
{
    sandboxes->path = g_build_filename(temporary, BASE_PREFIX "XXXXXX", NULL);
    if (!g_mkdtemp(sandboxes->path)) {
        set_error(error, "make a directory in", temporary);
        g_clear_pointer(&sandboxes->path, g_free);
        return false;
    }
    sandboxes->base = open(sandboxes->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    return (sandboxes->base >= 0 && take_lock(sandboxes)) ||
           set_error(error, "use", sandboxes->path);
}

TpsSandboxes *tps_sandboxes_new(int n_slots, GError **error)
{
    g_autofree char *temporary = temporary_directory();
    g_autoptr(TpsSandboxes) sandboxes = g_new0(TpsSandboxes, 1);

    sandboxes->base = sandboxes->lock = -1;
    sandboxes->n_slots = n_slots;
    sandboxes->slots = g_new0(Slot, (gsize)n_slots);
    sandboxes->problems = g_ptr_array_new_with_free_func(g_free);
    pthread_mutex_init(&sandboxes->mutex, NULL);
    for (int slot = 0; slot < n_slots; slot++)
        sandboxes->slots[slot].directory = -1;
    sweep(temporary);
    if (!make_base(sandboxes, temporary, error))
        return NULL;
    return g_steal_pointer(&sandboxes);
}

static void forget(Slot *slot)
{
    if (slot->directory >= 0)
        close(slot->directory);
    slot->directory = -1;
    slot->number++;
}

void tps_sandboxes_free(TpsSandboxes *sandboxes)
{
    if (!sandboxes)
        return;
    for (int slot = 0; slot < sandboxes->n_slots; slot++) {
        forget(&sandboxes->slots[slot]);
        g_free(sandboxes->slots[slot].path);
    }
    if (sandboxes->keeps && sandboxes->base >= 0)
        unlinkat(sandboxes->base, LOCK, 0); /* else the next run would sweep it */
    else if (sandboxes->path)
        tps_remove(AT_FDCWD, sandboxes->path);
    if (sandboxes->base >= 0)
        close(sandboxes->base);
    if (sandboxes->lock >= 0)
        close(sandboxes->lock);
    g_ptr_array_unref(sandboxes->problems);
    pthread_mutex_destroy(&sandboxes->mutex);
    g_free(sandboxes->slots);
    g_free(sandboxes->path);
    g_free(sandboxes);
}

static void name_slot(const TpsSandboxes *sandboxes, Slot *slot)
{
    snprintf(slot->name, sizeof slot->name, "%d.%u", (int)(slot - sandboxes->slots), slot->number);
    g_free(slot->path);
    slot->path = g_build_filename(sandboxes->path, slot->name, NULL);
}

/* An odd umask must not make it useless. */
static bool open_slot(const TpsSandboxes *sandboxes, Slot *slot)
{
    struct stat status;

    if (fchmodat(sandboxes->base, slot->name, S_IRWXU, 0) < 0)
        return false;
    slot->directory =
        openat(sandboxes->base, slot->name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (slot->directory < 0 || fstat(slot->directory, &status) < 0)
        return false;
    slot->inode = status.st_ino;
    return true;
}

const char *tps_sandbox_enter(TpsSandboxes *sandboxes, int number, GError **error)
{
    Slot *slot = &sandboxes->slots[number];

    if (slot->directory >= 0)
        return slot->path;
    for (int try = 0; try < TRIES; try++) {
        name_slot(sandboxes, slot);
        if (mkdirat(sandboxes->base, slot->name, S_IRWXU) == 0) {
            if (open_slot(sandboxes, slot))
                return slot->path;
            break;
        }
        if (errno != EEXIST)
            break;
        slot->number++;
    }
    set_error(error, "make the private directory", slot->path);
    return NULL;
}

static bool is_as_it_was(const TpsSandboxes *sandboxes, const Slot *slot)
{
    struct stat status;

    return fstatat(sandboxes->base, slot->name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
           status.st_ino == slot->inode && status.st_mode == (S_IFDIR | S_IRWXU) &&
           tps_directory_is_empty(slot->directory) == 1;
}

static void add_problem(TpsSandboxes *sandboxes, const char *path, int failure)
{
    pthread_mutex_lock(&sandboxes->mutex);
    g_ptr_array_add(sandboxes->problems, g_strdup_printf("cannot remove the sandbox '%s': %s", path,
                                                         g_strerror(failure)));
    pthread_mutex_unlock(&sandboxes->mutex);
}

void tps_sandbox_leave(TpsSandboxes *sandboxes, int number)
{
    Slot *slot = &sandboxes->slots[number];
    int failure;

    if (slot->directory < 0 || is_as_it_was(sandboxes, slot))
        return;
    failure = tps_remove(sandboxes->base, slot->name);
    if (failure)
        add_problem(sandboxes, slot->path, failure);
    forget(slot);
}

char *tps_sandbox_keep(TpsSandboxes *sandboxes, int number, const char *path)
{
    Slot *slot = &sandboxes->slots[number];
    char *where = NULL;

    if (slot->directory < 0 || is_as_it_was(sandboxes, slot))
        return NULL;
    if (renameat(sandboxes->base, slot->name, AT_FDCWD, path) == 0) {
        where = g_strdup(path);
    } else if (faccessat(sandboxes->base, slot->name, F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
        where = g_strdup(slot->path);
        pthread_mutex_lock(&sandboxes->mutex);
        sandboxes->keeps = true;
        pthread_mutex_unlock(&sandboxes->mutex);
    }
    forget(slot);
    return where;
}

const GPtrArray *tps_sandboxes_problems(const TpsSandboxes *sandboxes)
{
    return sandboxes->problems;
}
