/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * Scripts for the shell, in a directory of their own. Each process writes its pid to "pids" before
 * it gets nasty; the script waits until all have, so that no test depends on speed.
 */
#define PID_AND_SLEEP "sh -c 'echo $$ >>pids; exec " SLEEP "'"
#define DEAF_AND_SLEEP "sh -c 'trap \"\" TERM HUP INT; echo $$ >>pids; " SLEEP "'"
#define AWAIT_PIDS(n) "while [ $(cat pids 2>/dev/null | wc -l) -lt " #n " ]; do sleep 0.01; done; "
#define SAY_BYE_ON_TERM "trap 'echo bye; exit 0' TERM; echo $$ >>pids; while :; do sleep 0.05; done"
#define DAEMON(command) "(setsid " command " </dev/null >/dev/null 2>&1 &); "
