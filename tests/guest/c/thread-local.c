// Thread-local variables in the executable, initialized, zero and aligned; errno is one.
// build-options: -static-pie
// expect-status: 42
// expect-output: 7 0 5
// expect-output: aligned 0
// expect-output: errno 9
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

static __thread int seven = 7;
static __thread int zeros[1000];
__thread char first = 5;
static __thread _Alignas(64) char aligned[64];

int main(void)
{
    printf("%d %d %d\n", seven, zeros[999], first);
    printf("aligned %d\n", (int)((uintptr_t)aligned % 64));
    close(-1);
    printf("errno %d\n", errno);
    return 42;
}
