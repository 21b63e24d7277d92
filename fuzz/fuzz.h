/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* What libFuzzer calls with each input; it aborts when a property does not hold. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
