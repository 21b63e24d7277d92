/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <stdbool.h>

#define TPS_REPORT_LOCK_FILE "lock"

/* A report directory belongs to one run at a time, also when that one is killed. */
typedef struct TpsReportLock TpsReportLock;

/*
 * Take it. Where a process that held it has died and what it started is not gone yet, that is
 * waited for, up to five seconds. A file system that knows no locks is used without.
 *
 *   path    an existing directory
 *   errors  TPS_ERROR_USAGE: another run works there; the message has its process id
 *           TPS_ERROR_EXECUTOR: the disk
 */
TpsReportLock *tps_report_lock(const char *path, GError **error);

/*
 * Is nobody at work there? For those who read what a run left.
 *
 *   errors  TPS_ERROR_USAGE: a run works there; the message has its process id
 */
bool tps_report_is_free(const char *path, GError **error);

void tps_report_unlock(TpsReportLock *lock);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpsReportLock, tps_report_unlock)
