/* SPDX-License-Identifier: MIT */
#include "adapters/executors/rubble.h"

#include "adapters/executor.h"
#include "formats/remove.h"

#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

/* Others may be at it; a lock that stays is that of a process that lives. */
#define TRIES 20
#define TRY_US 2000

/* Nannies are copies of the process that wrote it. */
static char the_base[PATH_MAX];

void tps_rubble_set_base(const char *path)
{
    size_t length = path ? strlen(path) : 0;

    if (length < sizeof the_base)
        memcpy(the_base, path ? path : "", length + 1);
}

static bool take_lock(int base)
{
    for (int try = 0; try < TRIES; try++) {
        if (flock(base, LOCK_EX | LOCK_NB) == 0)
            return true;
        usleep(TRY_US);
    }
    return false;
}

void tps_rubble_remove_base(void)
{
    int base;

    if (!the_base[0])
        return;
    base = open(the_base, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (base < 0)
        return;
    if (take_lock(base) && faccessat(base, TPS_EXECUTOR_KEPT, F_OK, 0) < 0)
        tps_remove(AT_FDCWD, the_base);
    close(base);
}

void tps_rubble_remove(const char *path)
{
    char parent[PATH_MAX];
    const char *slash = strrchr(path, '/');
    size_t length = slash ? (size_t)(slash - path) : 0;

    if (!slash || !slash[1] || length == 0 || length >= sizeof parent)
        return;
    tps_remove(AT_FDCWD, path);
    memcpy(parent, path, length);
    parent[length] = '\0';
    rmdir(parent);
}
