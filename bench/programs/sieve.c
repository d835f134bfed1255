/* Byte stores with a stride: the sieve of Eratosthenes up to four million. Argument: rounds. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define N 4000000
static unsigned char composite[N];

int main(int argc, char **argv)
{
    (void)argc;
    int count = 0;
    for (int rounds = atoi(argv[1]); rounds > 0; rounds--) {
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
