/* SPDX-License-Identifier: MIT */
#include "adapters/executors/rubble.h"

#include "formats/remove.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

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
