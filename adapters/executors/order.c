/* SPDX-License-Identifier: MIT */
#include "adapters/executors/order.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Where strings are written to: into the packet, then into a file. */
typedef struct {
    TpsOrderPacket *packet;
    size_t n_buffered;
    bool failed;
} Writer;

static void flush(Writer *writer)
{
    const char *bytes = writer->packet->room;

    while (writer->n_buffered > 0 && !writer->failed) {
        ssize_t n = write(writer->packet->file, bytes, writer->n_buffered);

        if (n < 0 && errno == EINTR)
            continue;
        writer->failed = n < 0;
        bytes += n;
        writer->n_buffered -= (size_t)n;
    }
}

static void open_file(Writer *writer)
{
    if (writer->packet->file < 0)
        writer->packet->file = memfd_create("tpsched-command", MFD_CLOEXEC);
    if (writer->packet->file < 0)
        writer->failed = true;
}

static void put(Writer *writer, const char *string)
{
    size_t length = strlen(string) + 1;

    writer->packet->head.size_bytes += (uint32_t)length;
    while (length > 0 && !writer->failed) {
        size_t room = TPS_ORDER_BYTES - writer->n_buffered;
        size_t n = length < room ? length : room;

        memcpy(writer->packet->room + writer->n_buffered, string, n);
        writer->n_buffered += n;
        string += n;
        length -= n;
        if (length > 0) {
            open_file(writer);
            flush(writer);
        }
    }
}

static uint32_t put_all(Writer *writer, char *const *strings)
{
    uint32_t n = 0;

    for (; strings && strings[n]; n++)
        put(writer, strings[n]);
    return n;
}

bool tps_order_pack(TpsOrderPacket *packet, const char *cwd, const char *sandbox, char *const *argv,
                    char *const *env)
{
    Writer writer = {.packet = packet};

    packet->file = -1;
    packet->head.size_bytes = 0;
    put(&writer, cwd ? cwd : "");
    put(&writer, sandbox ? sandbox : "");
    packet->head.n_argv = put_all(&writer, argv);
    packet->head.n_changes = put_all(&writer, env);
    if (packet->head.n_argv + packet->head.n_changes + 2 > TPS_ORDER_STRINGS)
        open_file(&writer);
    if (packet->file >= 0)
        flush(&writer);
    packet->strings = packet->file < 0 ? packet->room : NULL;
    packet->head.has_strings = packet->file >= 0;
    if (writer.failed && packet->file >= 0) {
        int saved_errno = errno;

        close(packet->file);
        packet->file = -1;
        errno = saved_errno;
    }
    return !writer.failed;
}

static size_t count(char **strings)
{
    size_t n = 0;

    while (strings[n])
        n++;
    return n;
}

static char *next(char **strings)
{
    char *string = *strings;

    *strings += strlen(string) + 1;
    return string;
}

/* The length of the name in "NAME=value" or "NAME". */
static size_t name_length(const char *variable)
{
    return strcspn(variable, "=");
}

static bool is_of(const char *variable, const char *name, size_t length)
{
    return strncmp(variable, name, length) == 0 && variable[length] == '=';
}

/* Each name once; the last change of it counts. The order of variables says nothing. */
static size_t change(char **variables, size_t n, char *by)
{
    size_t length = name_length(by);

    for (size_t i = 0; i < n;) {
        if (is_of(variables[i], by, length))
            variables[i] = variables[--n];
        else
            i++;
    }
    if (by[length] == '=')
        variables[n++] = by;
    return n;
}

static void fill_environment(TpsOrder *order, const TpsOrderHead *head, char **environment,
                             char *changes)
{
    size_t n = head->clears_env ? 0 : count(environment);

    memcpy(order->environ, environment, n * sizeof(char *));
    for (uint32_t i = 0; i < head->n_changes; i++)
        n = change(order->environ, n, next(&changes));
    order->environ[n] = NULL;
}

/* Room for the vectors; and, where they are in a file, for the strings behind them. */
static char *map(TpsOrder *order, size_t n_pointers, const TpsOrderHead *head, int file)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t vectors = (n_pointers * sizeof(char *) + page - 1) / page * page;
    char *base;

    order->map_bytes = vectors + head->size_bytes;
    base = mmap(NULL, order->map_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (base == MAP_FAILED)
        return NULL;
    order->map = base;
    if (head->has_strings && mmap(base + vectors, head->size_bytes, PROT_READ | PROT_WRITE,
                                  MAP_PRIVATE | MAP_FIXED, file, 0) == MAP_FAILED)
        return NULL;
    return base + vectors;
}

int tps_order_open(TpsOrder *order, const TpsOrderHead *head, char *strings, int file,
                   char **environment)
{
    size_t n_pointers = (size_t)head->n_argv + head->n_changes + count(environment) + 2;

    order->map = NULL;
    order->argv = order->vectors;
    if (head->has_strings || n_pointers > TPS_ORDER_POINTERS) {
        char *mapped = map(order, n_pointers, head, file);

        if (!mapped)
            return errno;
        order->argv = order->map;
        if (head->has_strings)
            strings = mapped;
    }
    order->environ = order->argv + head->n_argv + 1;
    order->cwd = next(&strings);
    order->sandbox = next(&strings);
    for (uint32_t i = 0; i < head->n_argv; i++)
        order->argv[i] = next(&strings);
    order->argv[head->n_argv] = NULL;
    fill_environment(order, head, environment, strings);
    return 0;
}

void tps_order_close(TpsOrder *order)
{
    if (order->map)
        munmap(order->map, order->map_bytes);
    order->map = NULL;
}
