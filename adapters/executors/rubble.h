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
