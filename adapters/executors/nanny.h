/* SPDX-License-Identifier: MIT */
#pragma once

#include "adapters/executors/namespace.h"
#include "adapters/executors/order.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>

/*
 * A nanny is a small process that stands between us and the commands of one slot. It starts them,
 * minds their time, adopts every orphan they leave (PR_SET_CHILD_SUBREAPER), and kills what is left
 * of them when they have ended, when it is told to, or when we vanish. It has one thread and
 * allocates nothing, so it may be forked at any time.
 *
 * We talk over a SOCK_SEQPACKET socket, one packet a message; its end means that the other is gone.
 */

/* What we ask for; the packet is this one int. TERM, KILL, PAUSE and CONTINUE are ignored when
 * nothing runs. */
typedef enum {
    TPS_NANNY_START, /* a TpsNannyStart, with the descriptors of order.h                       */
    TPS_NANNY_TERM,  /* SIGTERM to all, SIGKILL after the command's grace                      */
    TPS_NANNY_KILL,
    TPS_NANNY_PAUSE,    /* SIGSTOP to all, its clocks stand; it answers PAUSED */
    TPS_NANNY_CONTINUE, /* and on they go                                      */
    TPS_NANNY_HELLO,    /* it answers READY                                    */
    TPS_NANNY_LEAVE,    /* we do not vanish, but let it go: we clear up the sandbox  */
} TpsNannyRequest;

typedef struct {
    TpsNannyRequest request;
    TpsOrderHead head;
} TpsNannyStart; /* and the strings of the order behind it */

/* What it answers. */
typedef enum {
    TPS_NANNY_READY, /* before anything else, and when it hears HELLO            */
    TPS_NANNY_ENDED, /* the command's own process has ended, descendants are left */
    TPS_NANNY_EMPTY, /* it has ended and no descendant is left, or survivors only */
    TPS_NANNY_PAUSED,
} TpsNannyNewsKind;

/* Why a command ended. */
typedef enum {
    TPS_NANNY_BY_ITSELF,
    TPS_NANNY_TIMED_OUT,
    TPS_NANNY_STOPPED, /* we asked for it */
} TpsNannyWhy;

typedef struct {
    TpsNannyNewsKind kind;
    int failure; /* errno: the command could not be started; READY: nor the nanny */
    int status;  /* of the command's own process, as wait() gives it              */
    TpsNannyWhy why;
    int64_t started_us;
    int64_t ended_us;
    int64_t paused_us; /* of that time */
    int64_t cpu_us;    /* all that was waited for: the process, its children, its orphans */
    int64_t max_rss_bytes;
    int64_t peak_bytes; /* of all together; 0 = not known */
    int n_leaked;
    int n_survivors;
    bool oom_killed;
    char leaked[256]; /* the first of them; last, as it is sent no further than it is filled */
} TpsNannyNews;

/* How long killing is tried: a process in an uninterruptible sleep, frozen, or of another user does
 * not die, and must not hold the slot for ever. */
#define TPS_NANNY_KILL_US INT64_C(5000000)

/* What all nannies of an executor have in common. */
typedef struct {
    struct rlimit n_files; /* for commands; ours may have been raised */
    char **environment;    /* what orders change                      */
    TpsNamespace ns;
    const char *group; /* the executor's cgroup, or NULL */
    long oom_kills;    /* of this machine, until now              */
    bool interactive;  /* commands get our terminal: our session, our standard files */
} TpsNannySetup;

/*
 * What the forked process does for the rest of its life.
 *
 *   socket   the only descriptor it keeps
 */
_Noreturn void tps_nanny_main(int socket, const TpsNannySetup *setup);
