/* SPDX-License-Identifier: MIT */
#pragma once

#include "cli/run_options.h"

#include <glib.h>

/* Do what the options say, once they are parsed. Returns an exit status, as a verb does. */
int tps_run_by_options(TpsRunOptions *options, GError **error);
