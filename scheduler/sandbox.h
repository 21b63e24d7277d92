/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <stdbool.h>

/*
 * A private, empty directory for each task: TPSCHED_SANDBOX and TMPDIR of its processes. They lie
 * below one base of the run, "$TMPDIR/tpsched-XXXXXX/SLOT.N": short, as the path of a socket must
 * fit into 107 bytes. A slot's directory serves task after task while they leave it as it was, and
 * has another N after one that did not. Slots are independent of each other: each may be used by a
 * thread of its own.
 */
typedef struct TpsSandboxes TpsSandboxes;

/*
 * Choose the base, and remove what runs left that could not clean up: a base that nobody has
 * locked, with nothing but slots. Executors that are made from now on remove ours when we are
 * killed.
 *
 *   errors   TPS_ERROR_EXECUTOR: there are no random numbers
 */
TpsSandboxes *tps_sandboxes_new(int n_slots, GError **error);

/*
 * Make the base, only for ourselves. When the executors are there: else nobody would remove it if
 * we were killed before.
 *
 *   errors   TPS_ERROR_EXECUTOR: the disk
 */
bool tps_sandboxes_make(TpsSandboxes *sandboxes, GError **error);

/* Remove all but what is kept. */
void tps_sandboxes_free(TpsSandboxes *sandboxes);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsSandboxes, tps_sandboxes_free)

/* The slot's directory, empty; borrowed until it is left. NULL and TPS_ERROR_EXECUTOR. */
const char *tps_sandbox_enter(TpsSandboxes *sandboxes, int slot, GError **error);

/* Its task has ended: empty it again. What can't be removed is a problem, no error. */
void tps_sandbox_leave(TpsSandboxes *sandboxes, int slot);

/*
 * Instead of leaving: keep what the task left there, as `path`. Where that is on another file
 * system it stays where it is.
 *
 *   path     absolute; its parent is there, and nothing of that name
 *   returns  where it is, caller frees; NULL when it is empty
 */
char *tps_sandbox_keep(TpsSandboxes *sandboxes, int slot, const char *path);

/*
 * The task has ended and processes of it linger: what it has is its own from now on, and the slot
 * has another. NULL when there is none. To be left or kept once, and freed by that.
 */
typedef struct TpsSandbox TpsSandbox;

TpsSandbox *tps_sandbox_detach(TpsSandboxes *sandboxes, int slot);
void tps_sandbox_leave_detached(TpsSandboxes *sandboxes, TpsSandbox *sandbox);
char *tps_sandbox_keep_detached(TpsSandboxes *sandboxes, TpsSandbox *sandbox, const char *path);

/* What could not be removed so far, of char*; borrowed, and only while no thread uses a slot. */
const GPtrArray *tps_sandboxes_problems(const TpsSandboxes *sandboxes);
