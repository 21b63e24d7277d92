/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * Remove a directory and all in it, as far as that can be done; then its parent, if that is empty
 * now. Never follows a symbolic link, and takes away what its own permissions protect. Allocates
 * nothing and is async-signal-safe. Nobody else may be at work in it: kill them first.
 *
 *   path   absolute
 */
void tps_rubble_remove(const char *path);

/*
 * The directory that private ones lie in, which whoever made it has locked (flock) as long as it
 * lives. Nannies that are born after this know it. NULL = none.
 */
void tps_rubble_set_base(const char *path);

/* Remove that and all in it, if nobody has its lock, and no file TPS_EXECUTOR_KEPT is in it. */
void tps_rubble_remove_base(void);
