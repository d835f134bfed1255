/* Prints its own stack, its registers, and the return addresses that the C library's unwinder finds. */
#define _GNU_SOURCE
#include <alloca.h>
#include <execinfo.h>
#include <link.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

static int image(struct dl_phdr_info *info, size_t size, void *data)
{
    (void)size;
    int *first = data;
    const char *name = *first ? info->dlpi_name : "";
    *first = 1;
    printf("image %lx %s\n", (unsigned long)info->dlpi_addr, name);
    return 0;
}

static char *stack_top;

__attribute__((noinline)) static void report(void)
{
    ucontext_t context;
    void *frames[64];
    int first = 0;
    int count = backtrace(frames, 64);
    getcontext(&context);
    dl_iterate_phdr(image, &first);
    static const int order[] = {
        REG_RAX, REG_RDX, REG_RCX, REG_RBX, REG_RSI, REG_RDI, REG_RBP, REG_RSP, REG_R8, REG_R9,
        REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15, REG_RIP };
    printf("registers");
    for (int i = 0; i < 17; i++)
        printf(" %llx", (unsigned long long)context.uc_mcontext.gregs[order[i]]);
    printf("\nframes");
    for (int i = 1; i < count; i++)
        printf(" %lx", (unsigned long)frames[i]);
    unsigned char *low = (unsigned char *)context.uc_mcontext.gregs[REG_RSP];
    printf("\nstack %lx ", (unsigned long)low);
    for (unsigned char *p = low; p < (unsigned char *)stack_top; p++)
        printf("%02x", *p);
    printf("\n");
}

static void on_signal(int number)
{
    (void)number;
    report();
}

__attribute__((noinline)) static int with_alloca(int n)
{
    char *p = alloca((size_t)n);
    memset(p, n, (size_t)n);
    __asm__ volatile("" : : "r"(p) : "memory");
    raise(SIGUSR1);
    __asm__ volatile("" : : "r"(p) : "memory");
    return p[n / 2];
}

__attribute__((noinline)) static int compare(const void *a, const void *b)
{
    static int calls;
    if (calls++ == 0)
        calls += with_alloca(333) * 0;
    return *(const int *)a - *(const int *)b;
}

int main(int argc, char **argv)
{
    int values[] = { 3, 1, 2, argc };
    stack_top = (char *)argv;
    signal(SIGUSR1, on_signal);
    qsort(values, 4, sizeof values[0], compare);
    return values[0] != 1;
}
