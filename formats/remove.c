/* SPDX-License-Identifier: MIT */
#include "formats/remove.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Deeper directories are moved up: each level costs a descriptor and a buffer. */
#define DEPTH_MAX 16

#define BUFFER_BYTES 2048

/* What is added while we look goes as well; but who adds for ever must not hold us for ever. At the
 * top a pass may take no more than DEPTH_MAX levels of a deep tree. */
#define PASSES_MAX 64
#define PASSES_TOP_MAX 100000

/* As the kernel writes it; see getdents64(2). */
typedef struct {
    uint64_t inode;
    int64_t offset;
    uint16_t size_bytes;
    uint8_t type;
    char name[];
} Entry;

/* The kernel puts each where it is aligned, in a buffer that is. */
static const Entry *entry_at(const char *buffer, long at)
{
    return (const void *)(buffer + at);
}

typedef struct {
    int top;      /* descriptor of the outermost directory */
    dev_t device; /* of it                                 */
    unsigned n_moved;
    int failure;
} Removal;

static void note(Removal *removal, int failure)
{
    if (failure != 0 && failure != ENOENT && removal->failure == 0)
        removal->failure = failure;
}

static bool is_dots(const char *name)
{
    return name[0] == '.' && (name[1] == '\0' || (name[1] == '.' && name[2] == '\0'));
}

static long read_entries(int directory, char *buffer)
{
    return syscall(SYS_getdents64, directory, buffer, BUFFER_BYTES);
}

int tps_directory_is_empty(int directory)
{
    _Alignas(Entry) char buffer[BUFFER_BYTES];
    long n;

    if (lseek(directory, 0, SEEK_SET) < 0)
        return -1;
    while ((n = read_entries(directory, buffer)) > 0) {
        for (long at = 0; at < n; at += entry_at(buffer, at)->size_bytes)
            if (!is_dots(entry_at(buffer, at)->name))
                return 0;
    }
    return n < 0 ? -1 : 1;
}

/* Permissions of what a descriptor without any can only name: chmod(2) on the path would follow a
 * link that took its place. */
static int open_locked(int parent, const char *name)
{
    char path[32];
    int place = openat(parent, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    int file = -1;
    int saved_errno;

    if (place < 0)
        return -1;
    snprintf(path, sizeof path, "/proc/self/fd/%d", place);
    if (chmod(path, S_IRWXU) == 0)
        file = openat(place, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    saved_errno = errno;
    close(place);
    errno = saved_errno;
    return file;
}

/* A directory whose entries can be removed; -1 and errno. */
static int open_directory(int parent, const char *name)
{
    int file = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    struct stat status;

    if (file < 0 && errno == EACCES)
        file = open_locked(parent, name);
    if (file >= 0 && fstat(file, &status) == 0 && (status.st_mode & S_IRWXU) != S_IRWXU)
        fchmod(file, S_IRWXU); /* if not, removing says why */
    return file;
}

static bool is_elsewhere(const Removal *removal, int directory)
{
    struct stat status;

    return fstat(directory, &status) == 0 && status.st_dev != removal->device;
}

/* Up to where we began; that is looked through again. */
static int move_up(Removal *removal, int parent, const char *name)
{
    char moved[48];
    int failure;

    do {
        snprintf(moved, sizeof moved, ".tpsched-removed-%u", removal->n_moved++);
        failure = renameat(parent, name, removal->top, moved) == 0 ? 0 : errno;
    } while (failure == ENOTEMPTY || failure == EEXIST || failure == ENOTDIR);
    return failure;
}

static bool remove_entries(Removal *removal, int directory, int depth);

static int remove_directory(Removal *removal, int parent, const char *name, int depth)
{
    int directory = open_directory(parent, name);
    int failure = 0;

    if (directory < 0)
        return errno;
    if (is_elsewhere(removal, directory))
        failure = EXDEV;
    else if (depth < DEPTH_MAX)
        for (int pass = 0; pass < PASSES_MAX && remove_entries(removal, directory, depth); pass++)
            ;
    close(directory);
    if (failure)
        return failure;
    if (unlinkat(parent, name, AT_REMOVEDIR) == 0)
        return 0;
    failure = errno;
    return depth >= DEPTH_MAX && failure == ENOTEMPTY ? move_up(removal, parent, name) : failure;
}

/* True when it went, or lies elsewhere now. */
static bool remove_one(Removal *removal, int parent, const char *name, int depth)
{
    int failure = unlinkat(parent, name, 0) == 0 ? 0 : errno;

    if (failure == EISDIR || failure == EPERM || failure == EACCES) {
        int of_directory = remove_directory(removal, parent, name, depth + 1);

        failure = of_directory == ENOTDIR ? failure : of_directory;
    }
    note(removal, failure);
    return failure == 0;
}

/* One pass; true when something was removed, so that another may find more. */
static bool remove_entries(Removal *removal, int directory, int depth)
{
    _Alignas(Entry) char buffer[BUFFER_BYTES];
    bool any = false;
    long n;

    if (lseek(directory, 0, SEEK_SET) < 0)
        return false;
    while ((n = read_entries(directory, buffer)) > 0) {
        for (long at = 0; at < n; at += entry_at(buffer, at)->size_bytes) {
            const Entry *entry = entry_at(buffer, at);

            if (!is_dots(entry->name))
                any |= remove_one(removal, directory, entry->name, depth);
        }
    }
    return any;
}

static int remove_top(int parent, const char *name)
{
    Removal removal = {.top = open_directory(parent, name)};
    struct stat status;

    if (removal.top < 0)
        return errno;
    if (fstat(removal.top, &status) == 0)
        removal.device = status.st_dev;
    for (int pass = 0; pass < PASSES_TOP_MAX && remove_entries(&removal, removal.top, 0); pass++)
        removal.failure = 0; /* what stays fails again */
    close(removal.top);
    if (unlinkat(parent, name, AT_REMOVEDIR) == 0 || errno == ENOENT)
        return 0;
    return removal.failure ? removal.failure : errno;
}

int tps_remove(int directory, const char *name)
{
    int failure = unlinkat(directory, name, 0) == 0 ? 0 : errno;

    if (failure == EISDIR || failure == EPERM || failure == EACCES) {
        int of_directory = remove_top(directory, name);

        failure = of_directory == ENOTDIR ? failure : of_directory;
    }
    return failure == ENOENT ? 0 : failure;
}
