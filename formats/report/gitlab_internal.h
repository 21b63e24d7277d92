/* SPDX-License-Identifier: MIT */
#pragma once

/* The name of a folded section, of [A-Za-z0-9_.-] and at most 60 bytes. Caller frees. */
char *tps_gitlab_section_name(const char *name);
