/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A command on its way to the nanny that executes it: its strings behind each other in one packet,
 * and in a memory file where they are too many for one. The nanny makes vectors of them without
 * allocating. Of the environment only the changes travel: nannies have ours from their birth.
 */

/* Above either of them a memory file is used. */
#define TPS_ORDER_BYTES ((size_t)16 * 1024)
#define TPS_ORDER_STRINGS ((size_t)1024)

/* Of our own environment more than this costs a mapping for each command. */
#define TPS_ORDER_POINTERS (2 * TPS_ORDER_STRINGS)

typedef struct {
    uint32_t size_bytes; /* of the strings: directory, sandbox, arguments, changes            */
    uint32_t n_argv;
    uint32_t n_changes;
    bool clears_env; /* nothing but the changes */
    bool has_stdin;  /* these say which descriptors came, in this order, behind the output's  */
    bool has_stdout;
    bool has_directory;
    bool has_jobs;
    bool has_strings;
    int64_t timeout_us; /* 0 = none */
    int64_t grace_us;
    int64_t leak_us;
} TpsOrderHead;

/* At most these descriptors come with an order. */
enum {
    TPS_ORDER_OUTPUT,
    TPS_ORDER_STDIN,
    TPS_ORDER_STDOUT,
    TPS_ORDER_DIRECTORY,
    TPS_ORDER_JOBS,
    TPS_ORDER_FILE,
    TPS_ORDER_N_FILES
};

/* A packed order. `strings` is NULL when they are in a memory file, descriptor `file`. */
typedef struct {
    TpsOrderHead head;
    const char *strings;
    int file;
    char room[TPS_ORDER_BYTES];
} TpsOrderPacket;

/*
 * The strings of a command. The rest of the head is the caller's, before and after.
 *
 *   cwd, sandbox   NULL = none
 *   env            changes, or NULL
 *   returns        false and errno when there is no memory file to be had; packet->file is then -1
 */
bool tps_order_pack(TpsOrderPacket *packet, const char *cwd, const char *sandbox, char *const *argv,
                    char *const *env);

/* What the nanny makes of it. */
typedef struct {
    const char *cwd;     /* "" = its directory came as a descriptor */
    const char *sandbox; /* "" = none                               */
    char **argv;
    char **environ;
    void *map; /* of the memory file, and of the vectors; NULL = there is none */
    size_t map_bytes;
    char *vectors[TPS_ORDER_POINTERS];
} TpsOrder;

/*
 * Async-signal-safe, as is the other one.
 *
 *   strings       of the packet; they must outlive the order
 *   file          the memory file where there is one
 *   environment   ours
 *   returns       0 or errno
 */
int tps_order_open(TpsOrder *order, const TpsOrderHead *head, char *strings, int file,
                   char **environment);
void tps_order_close(TpsOrder *order);
