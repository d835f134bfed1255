/* Bits: CRC-32 by table and bit by bit, population counts, rotations and byte swaps of 1 MiB. Argument: rounds. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define N (1 << 20)
static uint8_t data[N];
static uint32_t table[256];

static uint32_t step(uint32_t crc)
{
    for (int k = 0; k < 8; k++)
        crc = crc & 1 ? (crc >> 1) ^ 0xedb88320u : crc >> 1;
    return crc;
}

int main(int argc, char **argv)
{
    (void)argc;
    uint32_t x = 1, crc = ~0u, mix = 0;
    for (int i = 0; i < 256; i++)
        table[i] = step((uint32_t)i);
    for (int i = 0; i < N; i++) {
        x = x * 1664525u + 1013904223u;
        data[i] = (uint8_t)(x >> 24);
    }
    for (int rounds = atoi(argv[1]); rounds > 0; rounds--) {
        for (int i = 0; i < N; i++)
            crc = table[(crc ^ data[i]) & 0xff] ^ (crc >> 8);
        for (int i = 0; i < N / 16; i++)
            crc = step(crc ^ data[i]);
        for (int i = 0; i < N; i += 4) {
            uint32_t word = __builtin_bswap32(*(uint32_t *)(data + i));
            mix += (word << (i & 31) | word >> (-i & 31)) ^ (uint32_t)__builtin_popcount(word);
        }
    }
    printf("%08x %08x\n", ~crc, mix);
    return 0;
}
