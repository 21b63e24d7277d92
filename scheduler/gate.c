/* SPDX-License-Identifier: MIT */
#include "scheduler/gate.h"

#include "core/saturate.h"

struct TpsGate {
    TpsUse use;
    TpsDevices *devices;
    const TpsPiece *reserved; /* who has the reservation, or NULL */
    int64_t until_us;         /* and how long it is patient       */
    bool has_exclusive;       /* somebody wants to be alone       */
};

TpsGate *tps_gate_new(const TpsStock *stock, int n_workers)
{
    TpsGate *gate = g_new0(TpsGate, 1);

    gate->use = tps_use_new(stock, n_workers);
    gate->devices = tps_devices_new(stock);
    for (guint i = 0; i < stock->claims->len; i++)
        gate->has_exclusive |= ((const TpsClaim *)g_ptr_array_index(stock->claims, i))->exclusive;
    return gate;
}

void tps_gate_free(TpsGate *gate)
{
    if (!gate)
        return;
    tps_use_clear(&gate->use);
    tps_devices_free(gate->devices);
    g_free(gate);
}

void tps_gate_grow(TpsGate *gate, int n_workers)
{
    gate->use.n_workers = n_workers;
}

/* Who has the reservation, else who stands first. */
static GList *first_in_line(const TpsGate *gate, const GQueue *waiting, const TpsGateView *view)
{
    GList *link = gate->reserved ? g_queue_find((GQueue *)waiting, gate->reserved) : NULL;

    for (link = link ? link : waiting->head; link && link->data != gate->reserved;
         link = link->next)
        if (view->suits(link->data, view->user))
            break;
    return link;
}

static void reserve(TpsGate *gate, const TpsPiece *piece)
{
    if (gate->reserved != piece)
        gate->until_us = 0;
    gate->reserved = piece;
}

static TpsRunning *look_at_running(const GPtrArray *running, const TpsGateView *view,
                                   int64_t now_us)
{
    TpsRunning *run = g_new(TpsRunning, MAX(running->len, 1));

    for (guint i = 0; i < running->len; i++) {
        const TpsPiece *piece = g_ptr_array_index(running, i);

        run[i] = (TpsRunning){.claim = piece->claim,
                              .end_us = tps_add_sat(now_us, view->rest_us(piece, view->user)),
                              .worker = piece->worker};
    }
    return run;
}

static GList *find_overtaker(TpsGate *gate, const GQueue *waiting, const GPtrArray *running,
                             const TpsGateView *view, int64_t now_us)
{
    g_autofree TpsRunning *run = look_at_running(running, view, now_us);
    g_auto(TpsOvertaking) overtaking = tps_overtaking_new(&gate->use, gate->reserved->claim, run,
                                                          running->len, now_us, &gate->until_us);

    for (GList *link = waiting->head; link; link = link->next) {
        const TpsPiece *piece = link->data;

        if (piece != gate->reserved && view->suits(piece, view->user) &&
            tps_overtaking_may(&overtaking, piece->claim, piece->expected_us))
            return link;
    }
    return NULL;
}

GList *tps_gate_choose(TpsGate *gate, const GQueue *waiting, const GPtrArray *running,
                       const TpsGateView *view, int64_t now_us)
{
    GList *first = first_in_line(gate, waiting, view);
    const TpsPiece *piece = first ? first->data : NULL;

    if (!piece || tps_use_idle(&gate->use) == 0)
        return NULL;
    if (!tps_use_fits(&gate->use, piece->claim)) {
        reserve(gate, piece);
        return find_overtaker(gate, waiting, running, view, now_us);
    }
    if (!view->suits(piece, view->user))
        return NULL; /* another worker comes for it at once */
    gate->reserved = NULL;
    return first;
}

void tps_gate_enter(TpsGate *gate, TpsPiece *piece)
{
    tps_use_take(&gate->use, piece->claim);
    piece->grant.ids = tps_devices_take(gate->devices, piece->claim);
    piece->grant.variables =
        tps_devices_environment(gate->use.stock, piece->claim, piece->grant.ids);
}

void tps_gate_leave(TpsGate *gate, TpsPiece *piece)
{
    if (!piece->grant.variables)
        return;
    tps_devices_give(gate->devices, piece->claim, piece->grant.ids);
    tps_use_give(&gate->use, piece->claim);
    tps_grant_clear(&piece->grant);
}

bool tps_gate_lets_linger(const TpsGate *gate)
{
    return !gate->has_exclusive;
}

int tps_gate_idle(const TpsGate *gate)
{
    return tps_use_idle(&gate->use);
}
