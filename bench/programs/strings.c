/* Library string functions: what glibc's SSE2 code and the string instructions cost. */
#include <stdio.h>
#include <string.h>

static char text[65536], copy[65536];

int main(void)
{
    unsigned long total = 0;
    for (size_t i = 0; i < sizeof text - 1; i++)
        text[i] = 'a' + i % 23;
    for (int round = 0; round < 8000; round++) {
        text[round] = 'z';
        memcpy(copy, text, sizeof text);
        total += strlen(copy) + (strchr(copy + round, 'z') - copy) + (memcmp(copy, text, sizeof text) == 0);
    }
    printf("%lu\n", total);
    return 0;
}
