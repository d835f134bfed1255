// Strings: the C library chooses its routines by CPUID; every length and alignment at a page's end gives the right answer.
// expect-status: 42
// expect-output: wrong 0
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int main(void)
{
    char *page = mmap(0, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    munmap(page + 8192, 4096);
    char *end = page + 8192, other[600];
    int wrong = 0;
    for (int n = 1; n < 300; n++)
    {
        char *s = end - n;
        memset(s, 'a', n - 1);
        s[n - 1] = 0;
        wrong += strlen(s) != (size_t)n - 1;
        wrong += strchr(s, 'b') != 0;
        wrong += strrchr(s, 0) != s + n - 1;
        wrong += memchr(s, 0, n) != s + n - 1;
        for (int k = 0; k < 16; k++)
        {
            memset(other, 'x', sizeof other);
            strcpy(other + k, s);
            wrong += strcmp(other + k, s) != 0 || other[k + n] != 'x';
            wrong += memcmp(other + k, s, n) != 0;
            wrong += strncmp(other + k, s, n) != 0;
            if (n > 1)
            {
                other[k + n - 2] = 'b';
                wrong += strcmp(other + k, s) <= 0 || memcmp(s, other + k, n) >= 0;
                wrong += strstr(other + k, "ab") != (n > 2 ? other + k + n - 3 : 0);
            }
        }
        memmove(s - 7, s, n);
        wrong += strlen(s - 7) != (size_t)n - 1;
        memmove(s, s - 7, n);
        wrong += strnlen(s, n) != (size_t)n - 1;
    }
    printf("wrong %d\n", wrong);
    return 42;
}
