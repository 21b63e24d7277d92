/* SPDX-License-Identifier: MIT */
/*
 * A disk that is full from the N-th call on that needs space, for tests: LD_PRELOAD it into
 * tpsched. What tpsched starts does not get it.
 *
 *   FULL_DISK_AT     N, 1 is the first
 *   FULL_DISK_STAYS  1: it stays full, and the N-th call still finds half the space it needs;
 *                    0: only the N-th fails
 *   FULL_DISK_BELOW  directories, "/a:/b"; only what is in these counts
 *   FULL_DISK_HIT    a file; the call that failed first, and the path, are written there
 */

#undef _FILE_OFFSET_BITS /* else open() is open64() here, and the other has no name */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define REAL(name) (__extension__(__typeof__(&name)) dlsym(RTLD_NEXT, #name))

static struct {
    pid_t pid; /* of tpsched; its supervisors are forked from it */
    long at;
    bool stays;
    const char *below;
    const char *hit;
} disk;

static atomic_long n_calls;

__attribute__((constructor)) static void set_up(void)
{
    const char *at = getenv("FULL_DISK_AT");
    const char *stays = getenv("FULL_DISK_STAYS");

    unsetenv("LD_PRELOAD");
    disk.at = at ? atol(at) : 0;
    disk.stays = stays && strcmp(stays, "1") == 0;
    disk.below = getenv("FULL_DISK_BELOW");
    disk.hit = getenv("FULL_DISK_HIT");
    disk.pid = disk.at > 0 && disk.below && disk.hit ? getpid() : 0;
}

static bool is_below(const char *path)
{
    for (const char *dir = disk.below; *dir;) {
        size_t length = strcspn(dir, ":");

        if (strncmp(path, dir, length) == 0 && (path[length] == '/' || path[length] == '\0'))
            return true;
        dir += length + (dir[length] == ':');
    }
    return false;
}

static void note_hit(const char *call, const char *path)
{
    char text[PATH_MAX + 32];
    int length = snprintf(text, sizeof text, "%s %s\n", call, path);
    int file = REAL(open)(disk.hit, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);

    if (file < 0)
        return; /* only the first */
    if (REAL(write)(file, text, (size_t)length) != length)
        abort();
    close(file);
}

/* 0: there is space; 1: this is the call that finds none; 2: a later one. */
static int count(const char *call, const char *path)
{
    long n;

    if (disk.pid == 0 || getpid() != disk.pid || !is_below(path))
        return 0;
    n = atomic_fetch_add(&n_calls, 1) + 1;
    if (n < disk.at || (n > disk.at && !disk.stays))
        return 0;
    note_hit(call, path);
    errno = ENOSPC;
    return n == disk.at ? 1 : 2;
}

static const char *path_of(int file, char path[PATH_MAX])
{
    char link[64];
    ssize_t length;

    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    length = readlink(link, path, PATH_MAX - 1);
    path[length < 0 ? 0 : length] = '\0';
    return path;
}

/* Not canonical, but it begins with where it is. */
static const char *path_at(int directory, const char *path, char whole[PATH_MAX])
{
    char base[PATH_MAX];

    if (path[0] == '/')
        return path;
    if (directory == AT_FDCWD) {
        if (!getcwd(base, sizeof base))
            base[0] = '\0';
    } else {
        path_of(directory, base);
    }
    if (snprintf(whole, PATH_MAX, "%s/%s", base, path) >= PATH_MAX)
        whole[0] = '\0';
    return whole;
}

static int count_at(const char *call, int directory, const char *path)
{
    char whole[PATH_MAX];

    return disk.pid == 0 ? 0 : count(call, path_at(directory, path, whole));
}

static int count_file(const char *call, int file)
{
    char path[PATH_MAX];

    return disk.pid == 0 ? 0 : count(call, path_of(file, path));
}

static int open_at(int directory, const char *path, int flags, mode_t mode)
{
    if ((flags & O_CREAT) && count_at("open", directory, path))
        return -1;
    return REAL(openat)(directory, path, flags, mode);
}

#define MODE_OF(flags, mode)                                                                       \
    do {                                                                                           \
        va_list rest;                                                                              \
        va_start(rest, flags);                                                                     \
        (mode) = (flags) & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;                       \
        va_end(rest);                                                                              \
    } while (0)

int open(const char *path, int flags, ...)
{
    mode_t mode;

    MODE_OF(flags, mode);
    return open_at(AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    mode_t mode;

    MODE_OF(flags, mode);
    return open_at(AT_FDCWD, path, flags, mode);
}

int openat(int directory, const char *path, int flags, ...)
{
    mode_t mode;

    MODE_OF(flags, mode);
    return open_at(directory, path, flags, mode);
}

FILE *fopen(const char *path, const char *mode)
{
    if (mode[0] != 'r' && count_at("fopen", AT_FDCWD, path))
        return NULL;
    return REAL(fopen)(path, mode);
}

FILE *fopen64(const char *path, const char *mode)
{
    return fopen(path, mode);
}

int fflush(FILE *stream)
{
    return stream && count_file("fflush", fileno(stream)) ? EOF : REAL(fflush)(stream);
}

ssize_t write(int file, const void *bytes, size_t length)
{
    int found = count_file("write", file);

    if (found == 2 || (found == 1 && (!disk.stays || length < 2)))
        return -1;
    return REAL(write)(file, bytes, found ? length / 2 : length);
}

ssize_t pwrite(int file, const void *bytes, size_t length, off_t at)
{
    int found = count_file("pwrite", file);

    if (found == 2 || (found == 1 && (!disk.stays || length < 2)))
        return -1;
    return REAL(pwrite)(file, bytes, found ? length / 2 : length, at);
}

ssize_t pwrite64(int file, const void *bytes, size_t length, off64_t at)
{
    return pwrite(file, bytes, length, at);
}

int mkdir(const char *path, mode_t mode)
{
    return count_at("mkdir", AT_FDCWD, path) ? -1 : REAL(mkdir)(path, mode);
}

int mkdirat(int directory, const char *path, mode_t mode)
{
    return count_at("mkdir", directory, path) ? -1 : REAL(mkdirat)(directory, path, mode);
}

int rename(const char *from, const char *to)
{
    return count_at("rename", AT_FDCWD, to) ? -1 : REAL(rename)(from, to);
}

int renameat(int from_dir, const char *from, int to_dir, const char *to)
{
    return count_at("rename", to_dir, to) ? -1 : REAL(renameat)(from_dir, from, to_dir, to);
}

int fsync(int file)
{
    return count_file("fsync", file) ? -1 : REAL(fsync)(file);
}

int fdatasync(int file)
{
    return count_file("fdatasync", file) ? -1 : REAL(fdatasync)(file);
}

/* A full disk does not keep anybody from giving space back. */
int ftruncate(int file, off_t length)
{
    return !disk.stays && count_file("ftruncate", file) ? -1 : REAL(ftruncate)(file, length);
}
