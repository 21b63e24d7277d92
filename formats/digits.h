/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <stdint.h>

/* At least `width` digits, with zeros in front; printf takes ten times as long. */
void tps_digits_append(GString *text, uint64_t value, int width);
