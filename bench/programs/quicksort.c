/* Branches that no one predicts, and recursion: quicksort of random numbers. Arguments: how many, rounds. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static void sort(uint32_t *a, long low, long high)
{
    while (low < high) {
        uint32_t pivot = a[low + (high - low) / 2];
        long i = low, j = high;
        while (i <= j) {
            while (a[i] < pivot)
                i++;
            while (a[j] > pivot)
                j--;
            if (i <= j) {
                uint32_t t = a[i];
                a[i++] = a[j];
                a[j--] = t;
            }
        }
        sort(a, low, j);
        low = i;
    }
}

int main(int argc, char **argv)
{
    (void)argc;
    long n = atol(argv[1]);
    uint32_t *a = malloc(sizeof *a * (size_t)n), x = 1;
    for (int rounds = atoi(argv[2]); rounds > 0; rounds--) {
        for (long i = 0; i < n; i++) {
            x ^= x << 13;
            x ^= x >> 17;
            x ^= x << 5;
            a[i] = x;
        }
        sort(a, 0, n - 1);
    }
    printf("%u %u %u\n", a[0], a[n / 2], a[n - 1]);
    return 0;
}
