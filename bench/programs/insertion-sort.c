/* A short inner loop of loads, stores and two branches: insertion sort. Argument: how many numbers. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    (void)argc;
    int n = atoi(argv[1]);
    int32_t *a = malloc(sizeof *a * (size_t)n);
    uint32_t x = 1;
    for (int i = 0; i < n; i++) {
        x = x * 1664525u + 1013904223u;
        a[i] = (int32_t)(x >> 4);
    }
    for (int i = 1; i < n; i++) {
        int32_t v = a[i];
        int j = i - 1;
        while (j >= 0 && a[j] > v) {
            a[j + 1] = a[j];
            j--;
        }
        a[j + 1] = v;
    }
    printf("%d %d %d\n", a[0], a[n / 2], a[n - 1]);
    return 0;
}
