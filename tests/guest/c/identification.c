// RDFSBASE and its siblings, RDPID, RDTSCP, RDRAND and RDSEED, where CPUID and AT_HWCAP2 say that programs may use them.
// expect-status: 42
// build-options: -mno-red-zone
#define _GNU_SOURCE
#include <cpuid.h>
#include <elf.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <unistd.h>

#define HOLDS(condition) do { if (!(condition)) { printf("line %d\n", __LINE__); exit(1); } } while (0)
#define STATUS 0x8d5

static sigjmp_buf back;
static uint64_t cell = 0x1122334455667788;

static void on_fault(int signal, siginfo_t *info, void *context)
{
    siglongjmp(back, info->si_code == SI_KERNEL ? 1 : 2);
}

static unsigned feature(unsigned leaf, unsigned wanted, int bit)
{
    unsigned r[4] = { 0 };
    __get_cpuid_count(leaf, 0, &r[0], &r[1], &r[2], &r[3]);
    return r[wanted] >> bit & 1;
}

// Whether writing the base raises a general protection fault.
static int refuses(uint64_t base)
{
    int how = sigsetjmp(back, 1);
    if (how == 0)
        __asm__ volatile("wrgsbase %0" : : "r"(base));
    return how == 1;
}

static void segment_bases(void)
{
    uint64_t fs, gs, low, other;
    HOLDS(getauxval(AT_HWCAP2) & 2);
    __asm__ volatile("rdfsbase %0" : "=r"(fs));
    HOLDS(syscall(SYS_arch_prctl, 0x1003, &other) == 0 && other == fs);
    // The 32-bit form is zero-extended.
    low = -1;
    __asm__ volatile("rdfsbase %k0" : "+r"(low));
    HOLDS(low == (uint32_t)fs);
    __asm__ volatile("wrgsbase %1; mov %%gs:0, %0" : "=r"(other) : "r"(&cell));
    HOLDS(other == cell);
    __asm__ volatile("rdgsbase %0" : "=r"(gs));
    HOLDS(gs == (uint64_t)&cell);
    HOLDS(syscall(SYS_arch_prctl, 0x1004, &other) == 0 && other == gs);
    HOLDS(refuses(0x8000000000000000) && refuses(0x0123456789abcdef));
    // Writing 32 bits clears the upper half.
    __asm__ volatile("mov $-1, %%rax; wrgsbase %%eax; rdgsbase %0" : "=r"(gs) : : "rax");
    HOLDS(gs == 0xffffffff);
    HOLDS(syscall(SYS_arch_prctl, 0x1001, &cell) == 0);
    __asm__ volatile("rdgsbase %0" : "=r"(gs));
    HOLDS(gs == (uint64_t)&cell);
    // FS for a moment only: the C library lives there.
    __asm__ volatile("mov %2, %%rcx; rdfsbase %%rdx; wrfsbase %%rcx; mov %%fs:0, %0; rdfsbase %1; wrfsbase %%rdx"
                     : "=r"(other), "=&r"(low) : "r"(&cell) : "rcx", "rdx");
    HOLDS(other == cell && low == (uint64_t)&cell);
}

static void processor_number(void)
{
    uint64_t id = -1;
    unsigned cpu, node, a, d, aux;
    if (feature(7, 2, 22)) {
        // One processor to stay on, or the number may change in between.
        HOLDS(syscall(SYS_getcpu, &cpu, &node, 0) == 0);
        cpu_set_t set, allowed;
        HOLDS(sched_getaffinity(0, sizeof allowed, &allowed) == 0);
        for (int i = 0; i < CPU_SETSIZE; i++) {
            CPU_ZERO(&set);
            CPU_SET(i, &set);
            if (!CPU_ISSET(i, &allowed) || sched_setaffinity(0, sizeof set, &set) != 0)
                continue;
            __asm__ volatile("rdpid %0" : "=r"(id));
            HOLDS(syscall(SYS_getcpu, &cpu, &node, 0) == 0);
            HOLDS(cpu == i && id == (cpu | (uint64_t)node << 12));
        }
    }
    if (feature(0x80000001, 3, 27)) {
        uint64_t first = -1, second = -1, third = -1;
        __asm__ volatile("rdtscp; mov %%rcx, %0" : "=r"(third), "+a"(first), "+d"(second) : : "rcx");
        HOLDS(first >> 32 == 0 && second >> 32 == 0 && third >> 32 == 0);
        __asm__ volatile("rdtscp" : "=a"(a), "=d"(d), "=c"(aux));
        HOLDS(((uint64_t)d << 32 | a) > (second << 32 | first));
        HOLDS(id == (uint64_t)-1 || aux == id);
    }
}

// CF says that there is a number, the other status flags are 0; 16 bits leave the rest of the register, 32 bits clear it.
#define RANDOM(name, instruction) \
static void name(void) \
{ \
    uint64_t flags, value, seen = 0, cleared = -1; \
    for (int i = 0; i < 64; i++) { \
        do { \
            value = 0x123456789abcdef0; \
            __asm__ volatile("cmp %%al, %%al; " instruction " %w0; pushfq; pop %1" : "+r"(value), "=r"(flags) : : "cc"); \
            HOLDS(!(flags & (STATUS & ~1)) && value >> 16 == 0x123456789abc); \
        } while (!(flags & 1)); \
        do { \
            value = -1; \
            __asm__ volatile("cmp %%al, %%al; " instruction " %k0; pushfq; pop %1" : "+r"(value), "=r"(flags) : : "cc"); \
            HOLDS(!(flags & (STATUS & ~1)) && value >> 32 == 0); \
        } while (!(flags & 1)); \
        do { \
            __asm__ volatile("cmp %%al, %%al; " instruction " %0; pushfq; pop %1" : "=r"(value), "=r"(flags) : : "cc"); \
            HOLDS(!(flags & (STATUS & ~1)) && (flags & 1 || value == 0)); \
        } while (!(flags & 1)); \
        seen |= value; \
        cleared &= value; \
    } \
    HOLDS(seen == (uint64_t)-1 && cleared == 0); \
}

RANDOM(random_numbers, "rdrand")
RANDOM(random_seeds, "rdseed")

int main(void)
{
    struct sigaction action = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO };
    sigaction(SIGSEGV, &action, NULL);
    if (feature(7, 1, 0) && getauxval(AT_HWCAP2) & 2)
        segment_bases();
    HOLDS(!(getauxval(AT_HWCAP2) & 2) || feature(7, 1, 0));
    processor_number();
    if (feature(1, 2, 30))
        random_numbers();
    if (feature(7, 1, 18))
        random_seeds();
    return 42;
}
