/* Branches and memory: insertion sort. */
#include <stdio.h>
#include <stdint.h>

#define N 12000
static int32_t a[N];

int main(void)
{
    uint32_t x = 1;
    for (int i = 0; i < N; i++) {
        x = x * 1664525u + 1013904223u;
        a[i] = (int32_t)(x >> 4);
    }
    for (int i = 1; i < N; i++) {
        int32_t v = a[i];
        int j = i - 1;
        while (j >= 0 && a[j] > v) {
            a[j + 1] = a[j];
            j--;
        }
        a[j + 1] = v;
    }
    printf("%d %d %d\n", a[0], a[N / 2], a[N - 1]);
    return 0;
}
