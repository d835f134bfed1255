/* Calls and returns: recursive Fibonacci numbers. */
#include <stdio.h>

__attribute__((noinline)) static int fib(int n)
{
    return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

int main(void)
{
    volatile int n = 37;
    printf("%d\n", fib(n));
    return 0;
}
