/* The C library's block moves: memcpy, memmove, memset and memcmp, 8 bytes to 64 KiB at a time. Argument: rounds. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char from[1 << 17], to[1 << 17];

int main(int argc, char **argv)
{
    (void)argc;
    unsigned long total = 0;
    for (size_t i = 0; i < sizeof from; i++)
        from[i] = (char)(i * 7);
    for (int rounds = atoi(argv[1]); rounds > 0; rounds--)
        for (size_t size = 8; size <= 65536; size *= 2)
            for (size_t times = size < 1024 ? 64 : 4; times > 0; times--) {
                size_t offset = (times * 13 + (size_t)rounds) & 63;
                memcpy(to + offset, from + times, size);
                memmove(to + offset + 5, to + offset, size);
                total += memcmp(to + offset + 5, from + times, size) == 0;
                memset(to + offset, (int)times, size / 2);
                total += (unsigned char)to[offset + size / 4];
            }
    printf("%lu\n", total);
    return 0;
}
