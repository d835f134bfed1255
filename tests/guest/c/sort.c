// Ordinary work: qsort of many numbers, a checksum, strtod and printf round trips, malloc and free.
// expect-status: 42
// expect-output: sorted 1 checksum 51d58f0e
// expect-output: round trips 200
// expect-output: heap 1
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int compare(const void *a, const void *b) { uint32_t x = *(uint32_t *)a, y = *(uint32_t *)b; return x < y ? -1 : x > y; }

int main(void)
{
    enum { N = 4000 };
    static uint32_t v[N];
    uint32_t x = 1, sum = 0;
    for (int i = 0; i < N; i++)
        v[i] = x = x * 1664525 + 1013904223;
    qsort(v, N, sizeof *v, compare);
    int sorted = 1;
    for (int i = 0; i < N; i++)
    {
        sorted &= !i || v[i - 1] <= v[i];
        sum = (sum << 5 | sum >> 27) ^ v[i];
    }
    printf("sorted %d checksum %08x\n", sorted, sum);
    int trips = 0;
    for (int i = 0; i < 200; i++)
    {
        uint64_t bits = (uint64_t)(x = x * 1664525 + 1013904223) << 32 | (x = x * 1664525 + 1013904223);
        double d, e;
        char text[64];
        memcpy(&d, &bits, 8);
        snprintf(text, sizeof text, "%.17g", d);
        e = strtod(text, 0);
        trips += d == e || d != d;
    }
    printf("round trips %d\n", trips);
    char *p[100] = { 0 };
    int good = 1;
    for (int i = 0; i < 1000; i++)
    {
        int k = (x = x * 1664525 + 1013904223) >> 16 & 0xffff;
        k %= 100;
        size_t size = 1 + (x & 0x7fff);
        if (p[k])
            good &= *p[k] == (char)k, free(p[k]);
        memset(p[k] = malloc(size), k, size);
    }
    printf("heap %d\n", good);
    return 42;
}
