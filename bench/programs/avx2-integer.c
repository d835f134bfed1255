/* 256-bit integers: sums of absolute differences, multiplications, shuffles, comparisons and masks over 64 KiB. Argument: rounds. */
#include <immintrin.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define N 65536
static uint8_t a[N] __attribute__((aligned(32))), b[N] __attribute__((aligned(32)));

int main(int argc, char **argv)
{
    (void)argc;
    uint32_t x = 1;
    for (int i = 0; i < N; i++) {
        x = x * 1664525u + 1013904223u;
        a[i] = (uint8_t)(x >> 24);
        b[i] = (uint8_t)(x >> 16);
    }
    __m256i total = _mm256_setzero_si256(), sum = total, reverse = _mm256_set_epi64x(0x0001020304050607, 0x08090a0b0c0d0e0f, 0x0001020304050607, 0x08090a0b0c0d0e0f);
    unsigned long equal = 0;
    for (int rounds = atoi(argv[1]); rounds > 0; rounds--)
        for (int i = 0; i < N; i += 32) {
            __m256i p = _mm256_load_si256((__m256i *)(a + i)), q = _mm256_load_si256((__m256i *)(b + i));
            total = _mm256_add_epi64(total, _mm256_sad_epu8(p, q));
            p = _mm256_shuffle_epi8(p, reverse);
            sum = _mm256_add_epi32(sum, _mm256_madd_epi16(_mm256_unpacklo_epi8(p, q), _mm256_srai_epi16(_mm256_unpackhi_epi8(q, p), 3)));
            equal += (unsigned)__builtin_popcount((unsigned)_mm256_movemask_epi8(_mm256_cmpgt_epi8(p, q)));
        }
    uint64_t t[4];
    uint32_t s[8], folded = 0;
    _mm256_storeu_si256((__m256i *)t, total);
    _mm256_storeu_si256((__m256i *)s, sum);
    for (int i = 0; i < 8; i++)
        folded = folded * 31 + s[i];
    printf("%lu %08x %lu\n", (unsigned long)(t[0] + t[1] + t[2] + t[3]), folded, equal);
    return 0;
}
