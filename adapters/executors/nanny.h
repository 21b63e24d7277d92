/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>

/*
 * A nanny is a small process that stands between us and the commands of one slot. It starts them,
 * adopts every orphan they leave (PR_SET_CHILD_SUBREAPER), and kills what is left of them when the
 * command ends, when it is told to, or when we vanish. It has one thread and allocates nothing, so
 * it may be forked at any time.
 *
 * We talk over a SOCK_SEQPACKET socket, one packet a message; its end means that the other is gone.
 */

/* What we ask for; the packet is this one int. TERM and KILL are ignored when nothing runs. */
typedef enum {
    TPS_NANNY_START, /* with the descriptors below */
    TPS_NANNY_TERM,  /* SIGTERM to all; when to kill is then ours to say */
    TPS_NANNY_KILL,
} TpsNannyRequest;

/* The descriptors that come with START, in this order. */
enum {
    TPS_NANNY_ORDER, /* see order.h */
    TPS_NANNY_DIRECTORY,
    TPS_NANNY_STDOUT,
    TPS_NANNY_STDERR,
    TPS_NANNY_N_FILES,
};

/* What it answers. */
typedef enum {
    TPS_NANNY_READY, /* once, before anything else                               */
    TPS_NANNY_ENDED, /* the command's own process has ended, descendants are left */
    TPS_NANNY_EMPTY, /* it has ended and no descendant is left, or survivors only */
} TpsNannyNewsKind;

typedef struct {
    TpsNannyNewsKind kind;
    int failure; /* errno: the command could not be started; READY: nor the nanny */
    int status;  /* of the command's own process, as wait() gives it              */
    int64_t started_us;
    int64_t ended_us;
    int64_t cpu_us; /* all that was waited for: the process, its children, its orphans */
    int64_t max_rss_bytes;
    int n_leaked;
    int n_survivors;
} TpsNannyNews;

/* How long descendants may outlive their command before they are killed. */
#define TPS_NANNY_LINGER_US INT64_C(200000)

/* How long killing is tried: a process in an uninterruptible sleep, frozen, or of another user does
 * not die, and must not hold the slot for ever. */
#define TPS_NANNY_KILL_US INT64_C(5000000)

/*
 * What the forked process does for the rest of its life.
 *
 *   socket   the only descriptor it keeps
 *   limit    RLIMIT_NOFILE for its commands; ours may have been raised
 */
_Noreturn void tps_nanny_main(int socket, const struct rlimit *limit);
