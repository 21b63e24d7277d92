/* SPDX-License-Identifier: MIT */
#include "scheduler/sandbox.h"

#include "adapters/executor.h"
#include "core/error.h"
#include "formats/remove.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#define BASE_PREFIX "tpsched-"
#define NAME_BYTES 32

/* So many names may be taken by something that a task put there. */
#define TRIES 100

typedef struct TpsSandbox {
    int directory; /* -1 = there is none */
    ino_t inode;
    unsigned number;
    char name[NAME_BYTES]; /* below the base    */
    char *path;            /* owned: all of it  */
} Slot;

struct TpsSandboxes {
    char *path; /* owned: of the base, absolute */
    int base;   /* a descriptor, which has the lock */
    int n_slots;
    Slot *slots;
    pthread_mutex_t mutex; /* over what follows */
    GPtrArray *problems;   /* of char*          */
    bool keeps;            /* something in the base stays */
};

static void set_error(GError **error, const char *what, const char *path)
{
    g_set_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR, "cannot %s '%s': %s", what, path,
                g_strerror(errno));
}

static char *temporary_directory(void)
{
    const char *path = g_getenv("TMPDIR");

    return g_canonicalize_filename(path && *path ? path : "/tmp", NULL);
}

static bool is_digits(const char *text, size_t length)
{
    return length > 0 && strspn(text, G_CSET_DIGITS) >= length;
}

/* "SLOT.N" */
static bool is_slot_name(const char *name)
{
    const char *dot = strchr(name, '.');

    return dot && is_digits(name, (size_t)(dot - name)) && is_digits(dot + 1, strlen(dot + 1));
}

/* Nothing in it but slots: a report directory may have the same name, and what is kept is marked.
 */
static bool has_slots_only(const char *path)
{
    DIR *base = opendir(path);
    const struct dirent *entry;
    bool only = base != NULL;

    while (base && only && (entry = readdir(base)))
        only = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
               is_slot_name(entry->d_name);
    if (base)
        closedir(base);
    return only;
}

/* A directory that is only ours, as mkdtemp makes it. */
static bool is_private(const char *path, struct stat *status)
{
    return lstat(path, status) == 0 && status->st_mode == (S_IFDIR | S_IRWXU) &&
           status->st_uid == geteuid();
}

/* Whoever has its lock is alive; it ends with the process that has it, however that ends. */
static void sweep_base(const char *path)
{
    struct stat status;
    int lock;

    if (!is_private(path, &status))
        return;
    lock = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (lock < 0)
        return;
    if (flock(lock, LOCK_EX | LOCK_NB) == 0 && has_slots_only(path))
        tps_remove(AT_FDCWD, path); /* a help, and others may be at it, too */
    close(lock);
}

static void sweep(const char *temporary)
{
    g_autoptr(GDir) entries = g_dir_open(temporary, 0, NULL);
    const char *name;

    while (entries && (name = g_dir_read_name(entries))) {
        g_autofree char *path = NULL;

        if (!g_str_has_prefix(name, BASE_PREFIX) || strlen(name) != strlen(BASE_PREFIX "XXXXXX"))
            continue;
        path = g_build_filename(temporary, name, NULL);
        sweep_base(path);
    }
}

/* Between making and locking it, another run may sweep it. */
static bool lock_base(const TpsSandboxes *sandboxes)
{
    struct stat here;
    struct stat there;

    while (flock(sandboxes->base, LOCK_EX) < 0)
        if (errno != EINTR)
            return false;
    return fstat(sandboxes->base, &here) == 0 && lstat(sandboxes->path, &there) == 0 &&
           here.st_ino == there.st_ino;
}

/*
 * Not by mkdtemp(): its name is told to those who remove it before there is anything to remove. It
 * can't be guessed, so nobody has taken it.
 */
static char *choose_name(const char *temporary)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    unsigned char bytes[6];
    char name[] = BASE_PREFIX "XXXXXX";

    if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes)
        return NULL;
    for (size_t i = 0; i < sizeof bytes; i++)
        name[strlen(BASE_PREFIX) + i] = letters[bytes[i] % strlen(letters)];
    return g_build_filename(temporary, name, NULL);
}

static bool make_base(TpsSandboxes *sandboxes)
{
    if (mkdir(sandboxes->path, S_IRWXU) < 0)
        return false;
    if (sandboxes->base >= 0)
        close(sandboxes->base);
    sandboxes->base = open(sandboxes->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    return chmod(sandboxes->path, S_IRWXU) == 0; /* whatever the umask */
}

TpsSandboxes *tps_sandboxes_new(int n_slots, GError **error)
{
    g_autofree char *temporary = temporary_directory();
    g_autoptr(TpsSandboxes) sandboxes = g_new0(TpsSandboxes, 1);

    sandboxes->base = -1;
    sandboxes->n_slots = n_slots;
    sandboxes->slots = g_new0(Slot, (gsize)n_slots);
    sandboxes->problems = g_ptr_array_new_with_free_func(g_free);
    pthread_mutex_init(&sandboxes->mutex, NULL);
    for (int slot = 0; slot < n_slots; slot++)
        sandboxes->slots[slot].directory = -1;
    sweep(temporary);
    sandboxes->path = choose_name(temporary);
    if (!sandboxes->path) {
        set_error(error, "name a directory in", temporary);
        return NULL;
    }
    tps_executor_set_base(sandboxes->path);
    return g_steal_pointer(&sandboxes);
}

bool tps_sandboxes_make(TpsSandboxes *sandboxes, GError **error)
{
    for (int try = 0; try < TRIES && make_base(sandboxes); try++)
        if (sandboxes->base >= 0 && lock_base(sandboxes))
            return true;
    set_error(error, "make the directory", sandboxes->path);
    return false;
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
    tps_executor_set_base(NULL);
    if (sandboxes->base >= 0 && !sandboxes->keeps)
        tps_remove(AT_FDCWD, sandboxes->path);
    if (sandboxes->base >= 0)
        close(sandboxes->base);
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

static bool is_gone(int directory)
{
    struct stat status;

    return fstat(directory, &status) == 0 && status.st_nlink == 0;
}

/* The others use it by the same number meanwhile. */
static bool replace_base(int base, const char *path)
{
    int made;
    bool done;

    if (mkdir(path, S_IRWXU) < 0)
        return false;
    made = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    done = made >= 0 && fchmod(made, S_IRWXU) == 0 && flock(made, LOCK_EX | LOCK_NB) == 0 &&
           dup3(made, base, O_CLOEXEC) == base;
    if (made >= 0)
        close(made);
    return done;
}

/* A task that removes more than its own must not end the run of all. */
static bool restore_base(TpsSandboxes *sandboxes)
{
    bool done;

    pthread_mutex_lock(&sandboxes->mutex);
    done = !is_gone(sandboxes->base) || replace_base(sandboxes->base, sandboxes->path);
    pthread_mutex_unlock(&sandboxes->mutex);
    return done;
}

const char *tps_sandbox_enter(TpsSandboxes *sandboxes, int number, GError **error)
{
    Slot *slot = &sandboxes->slots[number];

    if (slot->directory >= 0 && !is_gone(slot->directory))
        return slot->path;
    if (slot->directory >= 0)
        forget(slot);
    for (int try = 0; try < TRIES; try++) {
        name_slot(sandboxes, slot);
        if (mkdirat(sandboxes->base, slot->name, S_IRWXU) == 0) {
            if (open_slot(sandboxes, slot))
                return slot->path;
            break;
        }
        if (errno != EEXIST && (errno != ENOENT || !restore_base(sandboxes)))
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

static void empty(TpsSandboxes *sandboxes, Slot *slot)
{
    int failure = tps_remove(sandboxes->base, slot->name);

    if (failure)
        add_problem(sandboxes, slot->path, failure);
    forget(slot);
}

void tps_sandbox_leave(TpsSandboxes *sandboxes, int number)
{
    Slot *slot = &sandboxes->slots[number];

    if (slot->directory >= 0 && !is_as_it_was(sandboxes, slot))
        empty(sandboxes, slot);
}

/* Else the next run would sweep it. */
static void mark_kept(TpsSandboxes *sandboxes)
{
    int file = openat(sandboxes->base, TPS_EXECUTOR_KEPT, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

    if (file >= 0)
        close(file);
    pthread_mutex_lock(&sandboxes->mutex);
    sandboxes->keeps = true;
    pthread_mutex_unlock(&sandboxes->mutex);
}

static char *keep(TpsSandboxes *sandboxes, Slot *slot, const char *path)
{
    char *where = NULL;

    if (slot->directory < 0 || is_as_it_was(sandboxes, slot))
        return NULL;
    if (renameat(sandboxes->base, slot->name, AT_FDCWD, path) == 0) {
        where = g_strdup(path);
    } else if (faccessat(sandboxes->base, slot->name, F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
        where = g_strdup(slot->path);
        mark_kept(sandboxes);
    }
    forget(slot);
    return where;
}

char *tps_sandbox_keep(TpsSandboxes *sandboxes, int number, const char *path)
{
    return keep(sandboxes, &sandboxes->slots[number], path);
}

TpsSandbox *tps_sandbox_detach(TpsSandboxes *sandboxes, int number)
{
    Slot *slot = &sandboxes->slots[number];
    TpsSandbox *detached;

    if (slot->directory < 0)
        return NULL;
    detached = g_new(TpsSandbox, 1);
    *detached = *slot;
    *slot = (Slot){.directory = -1, .number = slot->number + 1};
    return detached;
}

static void detached_free(TpsSandbox *sandbox)
{
    g_free(sandbox->path);
    g_free(sandbox);
}

void tps_sandbox_leave_detached(TpsSandboxes *sandboxes, TpsSandbox *sandbox)
{
    empty(sandboxes, sandbox);
    detached_free(sandbox);
}

char *tps_sandbox_keep_detached(TpsSandboxes *sandboxes, TpsSandbox *sandbox, const char *path)
{
    char *where = keep(sandboxes, sandbox, path);

    if (sandbox->directory >= 0) /* there is nothing in it */
        empty(sandboxes, sandbox);
    detached_free(sandbox);
    return where;
}

const GPtrArray *tps_sandboxes_problems(const TpsSandboxes *sandboxes)
{
    return sandboxes->problems;
}
