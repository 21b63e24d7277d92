/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

/*
 * PID namespaces: a nanny is process 1 of one, so that no command can see or hit what is outside,
 * and the kernel kills everything in it when the nanny dies.
 */
typedef struct {
    bool wanted;
    bool with_user; /* and a user namespace, because we are not allowed to without one */
    uid_t uid;      /* ours, which it keeps */
    gid_t gid;
} TpsNamespace;

/* As fork(), into a new namespace where one is wanted; the child may do no more than a signal
 * handler. */
pid_t tps_namespace_fork(const TpsNamespace *ns);

/* In the child: make ourselves at home, with a /proc that shows the namespace. 0 or errno. */
int tps_namespace_enter(const TpsNamespace *ns);
