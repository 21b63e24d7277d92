/* SPDX-License-Identifier: MIT */
#include "formats/digits.h"

#define DIGITS_MAX 20

void tps_digits_append(GString *text, uint64_t value, int width)
{
    char digits[DIGITS_MAX];
    char *at = digits + sizeof digits;

    for (; value > 0 || width > 0; value /= 10, width--)
        *--at = (char)('0' + value % 10);
    g_string_append_len(text, at, digits + sizeof digits - at);
}
