/* SPDX-License-Identifier: MIT */
#pragma once

#include "scheduler/overtake.h"
#include "scheduler/queue.h"

#include <glib.h>

/*
 * The gate of a queue: who of those that wait may start now. The first in line, when what it needs
 * is free; else it gets a reservation, and others may overtake it as scheduler/overtake.h says.
 * Pure, as the queue is.
 */
typedef struct TpsGate TpsGate;

TpsGate *tps_gate_new(const TpsStock *stock, int n_workers);
void tps_gate_free(TpsGate *gate);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsGate, tps_gate_free)

void tps_gate_grow(TpsGate *gate, int n_workers);

/* How who asks sees the pieces. */
typedef struct {
    bool (*suits)(const TpsPiece *piece, const void *user);      /* it is for the worker who asks */
    int64_t (*rest_us)(const TpsPiece *piece, const void *user); /* it runs: for how long still */
    const void *user;
} TpsGateView;

/*
 * The link of the piece that starts now, or NULL. Who has the reservation is first, wherever it
 * stands.
 *
 *   waiting  of TpsPiece, in line
 *   running  of TpsPiece: what runs
 *   time     O(1) where the first one fits
 */
GList *tps_gate_choose(TpsGate *gate, const GQueue *waiting, const GPtrArray *running,
                       const TpsGateView *view, int64_t now_us);

/* The piece takes what it needs, and gives it back. Who did not enter has nothing to give. */
void tps_gate_enter(TpsGate *gate, TpsPiece *piece);
void tps_gate_leave(TpsGate *gate, TpsPiece *piece);

/* May pieces that hold nothing outlive their turn? Not where somebody may want to be alone. */
bool tps_gate_lets_linger(const TpsGate *gate);

/* Workers that could take something. */
int tps_gate_idle(const TpsGate *gate);
