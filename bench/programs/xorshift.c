/* Integer loop: shifts, exclusive ors and additions in registers, no memory. Argument: rounds. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    (void)argc;
    long rounds = atol(argv[1]);
    uint64_t x = 88172645463325252u, sum = 0;
    for (long i = 0; i < rounds; i++) {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        sum += x & 0xffff;
    }
    printf("%lu\n", (unsigned long)sum);
    return 0;
}
