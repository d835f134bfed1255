/* Byte stores with a stride: the sieve of Eratosthenes. */
#include <stdio.h>
#include <string.h>

#define N 4000000
static unsigned char composite[N];

int main(void)
{
    int count = 0;
    for (int round = 0; round < 3; round++) {
        memset(composite, 0, sizeof composite);
        count = 0;
        for (int i = 2; i < N; i++) {
            if (composite[i])
                continue;
            count++;
            for (long j = (long)i * i; j < N; j += i)
                composite[j] = 1;
        }
    }
    printf("%d\n", count);
    return 0;
}
