/* Integer loop: a linear congruential generator, its bits mixed and summed. */
#include <stdio.h>
#include <stdint.h>

int main(void)
{
    uint64_t x = 88172645463325252u, sum = 0;
    for (int i = 0; i < 30000000; i++) {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        sum += x & 0xffff;
    }
    printf("%lu\n", (unsigned long)sum);
    return 0;
}
