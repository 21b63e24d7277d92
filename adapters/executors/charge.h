/* SPDX-License-Identifier: MIT */
#pragma once

#include "adapters/executors/birth.h"
#include "adapters/executors/cgroup.h"
#include "adapters/executors/nanny.h"

/* How far a command in a nanny's care has got. */
typedef enum {
    TPS_CHARGE_NONE,
    TPS_CHARGE_RUNNING,
    TPS_CHARGE_LINGERING, /* its own process has ended, descendants are left */
    TPS_CHARGE_ASKED,     /* all were sent SIGTERM                           */
    TPS_CHARGE_KILLED,
} TpsChargePhase;

/* One command in a nanny's care, from its birth until nothing of it is left. */
typedef struct {
    TpsChargePhase phase;
    pid_t main;        /* the command's own process; 0 = reaped               */
    bool outlived;     /* what is killed had outlived its command             */
    bool in_namespace; /* everything but us is ours to kill                   */
    TpsLeaf leaf;      /* its cgroup                                          */
    int64_t due_us;    /* when the next phase begins; KILLED: when to give up */
    int64_t round_us;  /* KILLED: when to look for those left */
    int64_t paused_us; /* since when it is paused; 0 = it is not              */
    int64_t grace_us;
    int64_t leak_us;
    long oom_kills; /* of this machine, as far as we know                  */
    TpsNannyNews news;
} TpsCharge;

/* Start it; false when it has ended already: there was no process to be had. */
bool tps_charge_start(TpsCharge *charge, const TpsOrderHead *head, TpsBirth *birth);

/* After anything that happened: reap, and do what is due. True when there is news to be told: ENDED
 * (once), or EMPTY; the phase is NONE then. */
bool tps_charge_tend(TpsCharge *charge);

void tps_charge_terminate(TpsCharge *charge, TpsNannyWhy why);
void tps_charge_kill(TpsCharge *charge, TpsNannyWhy why);
void tps_charge_continue(TpsCharge *charge);

/* Stop it all, clocks too; false when nothing runs. */
bool tps_charge_pause(TpsCharge *charge);

/* How long there is nothing to do but to wait for events; -1 = for ever. */
int64_t tps_charge_wait_us(const TpsCharge *charge);

/* Reap and kill until nothing is left, or killing is given up; whatever the phase. */
void tps_charge_clear_up(TpsCharge *charge, int signals);
