/* SPDX-License-Identifier: MIT */
#include "core/crc32.h"

#include <pthread.h>

#define POLYNOMIAL 0xEDB88320u
#define SLICES 8

/* [slice][byte]: what a byte does that is so many bytes away from the end. */
static uint32_t table[SLICES][256];
static pthread_once_t table_once = PTHREAD_ONCE_INIT;

static void fill_table(void)
{
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t crc = byte;

        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? POLYNOMIAL : 0);
        table[0][byte] = crc;
    }
    for (uint32_t byte = 0; byte < 256; byte++)
        for (int slice = 1; slice < SLICES; slice++) {
            uint32_t crc = table[slice - 1][byte];

            table[slice][byte] = crc >> 8 ^ table[0][crc & 0xff];
        }
}

static uint32_t load(const unsigned char *bytes)
{
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
           (uint32_t)bytes[3] << 24;
}

static uint32_t take_eight(uint32_t crc, const unsigned char *bytes)
{
    uint32_t low = load(bytes) ^ crc;
    uint32_t high = load(bytes + 4);

    return table[7][low & 0xff] ^ table[6][low >> 8 & 0xff] ^ table[5][low >> 16 & 0xff] ^
           table[4][low >> 24] ^ table[3][high & 0xff] ^ table[2][high >> 8 & 0xff] ^
           table[1][high >> 16 & 0xff] ^ table[0][high >> 24];
}

uint32_t tps_crc32(uint32_t crc, const char *bytes, size_t length)
{
    const unsigned char *at = (const unsigned char *)bytes;

    pthread_once(&table_once, fill_table);
    crc = ~crc;
    for (; length >= 8; at += 8, length -= 8)
        crc = take_eight(crc, at);
    for (; length > 0; at++, length--)
        crc = crc >> 8 ^ table[0][(crc ^ *at) & 0xff];
    return ~crc;
}
