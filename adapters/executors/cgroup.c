/* SPDX-License-Identifier: MIT */
#include "adapters/executors/cgroup.h"

#include "adapters/executors/proc.h"
#include "core/error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PREFIX "tpsched-"

/* The value behind the last `key` at the beginning of a line. */
static char *find_line(const char *text, const char *key)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

    for (char **line = lines; *line; line++) {
        if (g_str_has_prefix(*line, key))
            return g_strdup(*line + strlen(key));
    }
    return NULL;
}

/* "36 35 0:30 / /sys/fs/cgroup rw,... - cgroup2 cgroup2 rw,...": the fifth field. */
static char *find_mount(void)
{
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;

    if (!g_file_get_contents("/proc/self/mountinfo", &text, NULL, NULL))
        return NULL;
    lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++) {
        g_auto(GStrv) fields = g_strsplit(*line, " ", 6);

        if (strstr(*line, " - cgroup2 ") && g_strv_length(fields) == 6)
            return g_strcompress(fields[4]);
    }
    return NULL;
}

/* The directory of the group that we are in. */
static char *find_own(void)
{
    g_autofree char *mount = find_mount();
    g_autofree char *text = NULL;
    g_autofree char *path = NULL;

    if (!mount || !g_file_get_contents("/proc/self/cgroup", &text, NULL, NULL))
        return NULL;
    path = find_line(text, "0::");
    return path ? g_build_filename(mount, path, NULL) : NULL;
}

static void write_file(const char *directory, const char *name, const char *text)
{
    char path[PATH_MAX];
    int file;

    if (strlen(directory) + strlen(name) + 2 > sizeof path)
        return;
    strcpy(stpcpy(stpcpy(path, directory), "/"), name);
    file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0)
        return;
    if (write(file, text, strlen(text)) < 0) {
        /* Whether it has worked is seen when it is removed. */
    }
    close(file);
}

static void remove_leaves(const char *group)
{
    g_autoptr(GDir) directory = g_dir_open(group, 0, NULL);
    const char *name;

    while (directory && (name = g_dir_read_name(directory))) {
        g_autofree char *path = g_build_filename(group, name, NULL);

        if (g_file_test(path, G_FILE_TEST_IS_DIR))
            g_rmdir(path);
    }
    g_rmdir(group);
}

/* What engines left that were killed together with their nannies. */
static void remove_dead(const char *own)
{
    g_autoptr(GDir) directory = g_dir_open(own, 0, NULL);
    const char *name;

    while (directory && (name = g_dir_read_name(directory))) {
        g_autofree char *path = g_build_filename(own, name, NULL);
        long pid = g_str_has_prefix(name, PREFIX) ? atol(name + strlen(PREFIX)) : 0;

        if (pid <= 0 || kill((pid_t)pid, 0) == 0 || errno != ESRCH)
            continue;
        write_file(path, "cgroup.kill", "1");
        g_usleep(
            1000); /* a group is removed when its processes are gone; else the next start does */
        remove_leaves(path);
    }
}

char *tps_cgroup_new(GError **error)
{
    static int n_groups;
    g_autofree char *own = find_own();
    g_autofree char *group = NULL;

    if (!own) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR,
                    "cannot make a cgroup: no cgroup2 file system is mounted");
        return NULL;
    }
    remove_dead(own);
    group =
        g_strdup_printf("%s/" PREFIX "%ld.%d", own, (long)getpid(), g_atomic_int_add(&n_groups, 1));
    if (g_mkdir(group, 0755) == 0)
        return g_steal_pointer(&group);
    g_set_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR, "cannot make a cgroup '%s': %s", group,
                g_strerror(errno));
    return NULL;
}

void tps_cgroup_free(char *group)
{
    if (group)
        remove_leaves(group);
    g_free(group);
}

static bool make_path(TpsLeaf *leaf)
{
    char *at = leaf->path;

    if (strlen(leaf->group) + 64 > sizeof leaf->path)
        return false;
    at = stpcpy(stpcpy(at, leaf->group), "/");
    at = stpcpy(tps_proc_number(at, getpid()), ".");
    tps_proc_number(at, leaf->n++);
    return true;
}

static int open_in(const TpsLeaf *leaf, const char *name, int flags)
{
    char path[PATH_MAX + 32];

    strcpy(stpcpy(stpcpy(path, leaf->path), "/"), name);
    return open(path, flags | O_CLOEXEC);
}

int tps_leaf_prepare(TpsLeaf *leaf)
{
    int peak;

    if (!leaf->group || (leaf->procs >= 0 && !leaf->is_spent && !leaf->has_memory))
        return 0;
    if (leaf->procs >= 0) {
        close(leaf->procs);
        rmdir(leaf->path);
    }
    leaf->is_spent = false;
    if (!make_path(leaf) || mkdir(leaf->path, 0755) < 0)
        return errno;
    leaf->procs = open_in(leaf, "cgroup.procs", O_WRONLY);
    peak = open_in(leaf, "memory.peak", O_RDONLY);
    leaf->has_memory = peak >= 0;
    if (peak >= 0)
        close(peak);
    return leaf->procs < 0 ? errno : 0;
}

void tps_leaf_kill(TpsLeaf *leaf)
{
    if (leaf->procs < 0)
        return;
    leaf->is_spent = true;
    write_file(leaf->path, "cgroup.kill", "1");
}

static bool read_file(const TpsLeaf *leaf, const char *name, char *text, size_t size)
{
    int file = leaf->has_memory ? open_in(leaf, name, O_RDONLY) : -1;
    ssize_t length = file < 0 ? -1 : read(file, text, size - 1);

    if (file >= 0)
        close(file);
    text[length > 0 ? length : 0] = '\0';
    return length > 0;
}

int64_t tps_leaf_peak_bytes(const TpsLeaf *leaf)
{
    char text[64];

    return read_file(leaf, "memory.peak", text, sizeof text) ? strtoll(text, NULL, 10) : 0;
}

/* "low 0\nhigh 0\nmax 0\noom 0\noom_kill 1\n..." */
bool tps_leaf_was_oom(const TpsLeaf *leaf)
{
    char text[512];
    const char *line =
        read_file(leaf, "memory.events", text, sizeof text) ? strstr(text, "\noom_kill ") : NULL;

    return line && strtol(line + 10, NULL, 10) > 0;
}

void tps_leaf_remove(TpsLeaf *leaf)
{
    if (!leaf->group)
        return;
    if (leaf->procs >= 0)
        rmdir(leaf->path);
    rmdir(leaf->group);
}
