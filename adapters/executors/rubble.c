/* SPDX-License-Identifier: MIT */
#include "adapters/executors/rubble.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Each level holds a descriptor. */
#define MAX_DEPTH 200

/* Removing while reading may make the file system skip something, so read it again; but what can't
 * be removed is there each time. */
#define MAX_ROUNDS 8

static bool clear(int directory, int depth);

static int open_directory(int parent, const char *name)
{
    const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    int directory = openat(parent, name, flags);

    /* fchmodat() follows a link, but O_DIRECTORY | O_NOFOLLOW has said that this is none. */
    if (directory < 0 && errno == EACCES && fchmodat(parent, name, 0700, 0) == 0)
        directory = openat(parent, name, flags);
    if (directory >= 0)
        fchmod(directory, 0700); /* else nothing in it could be removed */
    return directory;
}

static bool remove_entry(int parent, const char *name, int depth)
{
    int directory;

    if (unlinkat(parent, name, 0) == 0 || unlinkat(parent, name, AT_REMOVEDIR) == 0)
        return true;
    if (depth == MAX_DEPTH)
        return false;
    directory = open_directory(parent, name);
    if (directory < 0)
        return false;
    clear(directory, depth + 1);
    close(directory);
    return unlinkat(parent, name, AT_REMOVEDIR) == 0;
}

/* One walk through it; whether anything was removed. */
static bool clear_once(int directory, int depth)
{
    _Alignas(struct dirent64) char entries[2048];
    bool any = false;
    ssize_t length;

    lseek(directory, 0, SEEK_SET);
    while ((length = getdents64(directory, entries, sizeof entries)) > 0) {
        for (ssize_t at = 0; at < length;) {
            const struct dirent64 *entry = (const void *)(entries + at);

            if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
                any |= remove_entry(directory, entry->d_name, depth);
            at += entry->d_reclen;
        }
    }
    return any;
}

static bool clear(int directory, int depth)
{
    int rounds = 0;

    while (clear_once(directory, depth) && rounds < MAX_ROUNDS)
        rounds++;
    return rounds < MAX_ROUNDS;
}

/* The parent as a descriptor, and the name in it. */
static int open_parent(const char *path, const char **name)
{
    char folder[PATH_MAX];
    const char *slash = strrchr(path, '/');
    size_t length = slash ? (size_t)(slash - path) : 0;

    if (!slash || !slash[1] || length == 0 || length >= sizeof folder)
        return -1;
    memcpy(folder, path, length);
    folder[length] = '\0';
    *name = slash + 1;
    return open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

void tps_rubble_remove(const char *path)
{
    const char *name;
    int parent = open_parent(path, &name);
    char folder[PATH_MAX];

    if (parent < 0)
        return;
    remove_entry(parent, name, 0);
    close(parent);
    memcpy(folder, path, (size_t)(name - path));
    folder[name - path - 1] = '\0';
    rmdir(folder);
}
