/* SPDX-License-Identifier: MIT */
#include "adapters/executors/order.h"

#include "core/error.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* When PATH is not set at all; what confstr(_CS_PATH) says on Linux. */
#define DEFAULT_PATH "/bin:/usr/bin"

static void append_pointer(GByteArray *bytes, size_t offset)
{
    g_byte_array_append(bytes, (const guint8 *)&offset, sizeof offset);
}

/* A vector of offsets, behind each other where the strings will be; returns where those end. */
static size_t append_vector(GByteArray *bytes, char **strings, size_t at)
{
    for (; *strings; strings++) {
        append_pointer(bytes, at);
        at += strlen(*strings) + 1;
    }
    append_pointer(bytes, 0);
    return at;
}

static void append_strings(GByteArray *bytes, char **strings)
{
    for (; *strings; strings++)
        g_byte_array_append(bytes, (const guint8 *)*strings, (guint)strlen(*strings) + 1);
}

static GByteArray *lay_out(const char *program, char **argv, char **environment)
{
    GByteArray *bytes = g_byte_array_new();
    size_t n_argv = g_strv_length(argv) + 1;
    size_t n_pointers = n_argv + g_strv_length(environment) + 1;
    TpsOrder order = {
        .argv = (char **)sizeof order,
        .environ = (char **)(sizeof order + n_argv * sizeof(char *)),
        .program = (char *)(sizeof order + n_pointers * sizeof(char *)),
    };
    size_t at = (size_t)order.program + strlen(program) + 1;

    g_byte_array_append(bytes, (const guint8 *)&order, sizeof order);
    at = append_vector(bytes, argv, at);
    append_vector(bytes, environment, at);
    g_byte_array_append(bytes, (const guint8 *)program, (guint)strlen(program) + 1);
    append_strings(bytes, argv);
    append_strings(bytes, environment);
    return bytes;
}

static bool write_all(int file, const guint8 *bytes, size_t length)
{
    while (length > 0) {
        ssize_t n = write(file, bytes, length);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        bytes += n;
        length -= (size_t)n;
    }
    return true;
}

int tps_order_pack(const char *program, char **argv, char **environment, GError **error)
{
    g_autoptr(GByteArray) bytes = lay_out(program, argv, environment);
    int file = memfd_create("tpsched-command", MFD_CLOEXEC);

    if (file < 0 || !write_all(file, bytes->data, bytes->len)) {
        g_set_error(error, TPS_ERROR, TPS_ERROR_EXECUTOR, "cannot hand over a command: %s",
                    g_strerror(errno));
        if (file >= 0)
            close(file);
        return -1;
    }
    return file;
}

static void relocate_vector(char **vector, uintptr_t base)
{
    for (; *vector; vector++)
        *vector = (char *)((uintptr_t)*vector + base);
}

TpsOrder *tps_order_open(int file)
{
    struct stat status;
    TpsOrder *order;
    uintptr_t base;

    if (fstat(file, &status) < 0)
        return NULL;
    order = mmap(NULL, (size_t)status.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (order == MAP_FAILED)
        return NULL;
    base = (uintptr_t)order;
    order->size_bytes = (size_t)status.st_size;
    order->program = (char *)((uintptr_t)order->program + base);
    order->argv = (char **)((uintptr_t)order->argv + base);
    order->environ = (char **)((uintptr_t)order->environ + base);
    relocate_vector(order->argv, base);
    relocate_vector(order->environ, base);
    return order;
}

void tps_order_close(TpsOrder *order)
{
    if (order)
        munmap(order, order->size_bytes);
}

char **tps_order_environment(char *const *changes)
{
    char **environment = g_get_environ();

    for (; changes && *changes; changes++) {
        const char *equals = strchr(*changes, '=');
        g_autofree char *name = NULL;

        if (!equals) {
            environment = g_environ_unsetenv(environment, *changes);
            continue;
        }
        name = g_strndup(*changes, (gsize)(equals - *changes));
        environment = g_environ_setenv(environment, name, equals + 1, TRUE);
    }
    return environment;
}

/* 0, or why this file can't be executed. */
static int check_executable(int directory, const char *file)
{
    struct stat status;

    if (fstatat(directory, file, &status, 0) < 0)
        return errno;
    if (!S_ISREG(status.st_mode))
        return EACCES;
    return faccessat(directory, file, X_OK, AT_EACCESS) < 0 ? errno : 0;
}

char *tps_order_find_program(const char *name, char **environment, int directory)
{
    const char *path = g_environ_getenv(environment, "PATH");
    g_auto(GStrv) folders = g_strsplit(path ? path : DEFAULT_PATH, ":", -1);
    int failure = ENOENT;

    if (name && strchr(name, '/'))
        return g_strdup(name);
    for (char **folder = folders; name && *name && *folder; folder++) {
        g_autofree char *file = g_strconcat(**folder ? *folder : ".", "/", name, NULL);
        int why = check_executable(directory, file);

        if (why == 0)
            return g_steal_pointer(&file);
        if (why == EACCES)
            failure = EACCES; /* a later folder may still have it, as with execvp */
    }
    errno = failure;
    return NULL;
}
