// Code that one thread writes while others run it: in a page that is writable and executable, through a second mapping, in pages that are replaced or lose the right to execute.
// An argument says how many rounds to make.
// expect-status: 42
// expect-output: patched in place: never older than published
// expect-output: patched through the other mapping: never older than published
// expect-output: new functions: right values
// expect-output: new functions through the other mapping: right values
// expect-output: own functions on one page: right values
// expect-output: replaced pages: right values, faults exact
// expect-output: right to execute taken: obeyed, faults exact
// expect-output: read from a file into code: right values
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

enum { PAGE = 4096, THREADS = 3, SLOT = 16 };
enum { RW = PROT_READ | PROT_WRITE, RX = PROT_READ | PROT_EXEC };

static int rounds = 10;
static atomic_int stop, wrong_values, wrong_faults;
static _Atomic uint32_t generation;
static uint8_t *runs, *writes;

// A processor that runs code of others takes a serialising instruction between learning of the change and running it (SDM vol. 3, 9.1.3).
static void serialise(void)
{
    uint32_t a = 0, b, c, d;
    __asm__ volatile("cpuid" : "+a"(a), "=b"(b), "=c"(c), "=d"(d)::"memory");
}

static uint32_t call(uint8_t *code) { return ((uint32_t (*)(void))code)(); }

// nop; nop; nop; mov eax, value; ret. The value is aligned, so that it changes at once.
static void write_function(uint8_t *where, uint32_t value)
{
    memcpy(where, "\x90\x90\x90\xb8", 4);
    *(volatile uint32_t *)(where + 4) = value;
    where[8] = 0xC3;
}

static __thread sigjmp_buf back;
static __thread uint8_t *target;
static __thread int expected_code;
static void on_fault(int signal, siginfo_t *info, void *context)
{
    // The page may go away between any two instructions of the function.
    ucontext_t *u = context;
    uint8_t *at = info->si_addr;
    if (at < target || at > target + 8 || (expected_code && info->si_code != expected_code) || (uint8_t *)u->uc_mcontext.gregs[REG_RIP] != at || !(u->uc_mcontext.gregs[REG_ERR] & 16))
        wrong_faults++;
    siglongjmp(back, 1);
}

static int try_call(uint8_t *code, uint32_t *value)
{
    target = code;
    if (sigsetjmp(back, 1))
        return 0;
    *value = call(code);
    return 1;
}

static void in_threads(void *(*body)(void *), void (*change)(uint32_t))
{
    pthread_t t[THREADS];
    stop = wrong_values = wrong_faults = 0;
    generation = 0;
    for (intptr_t i = 0; i < THREADS; i++)
        pthread_create(t + i, 0, body, (void *)i);
    for (int i = 1; i <= rounds; i++)
    {
        change(i);
        if (i % 4 == 0)
            sched_yield();
    }
    stop = 1;
    for (int i = 0; i < THREADS; i++)
        pthread_join(t[i], 0);
}

static void map(int twice, size_t size)
{
    if (!twice)
    {
        runs = writes = mmap(0, size, RW | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        return;
    }
    int fd = memfd_create("code", 0);
    ftruncate(fd, size);
    writes = mmap(0, size, RW, MAP_SHARED, fd, 0);
    runs = mmap(0, size, RX, MAP_SHARED, fd, 0);
    close(fd);
}

static void unmap(size_t size)
{
    munmap(runs, size);
    if (writes != runs)
        munmap(writes, size);
}

static void patch(uint32_t i)
{
    *(volatile uint32_t *)(writes + 64 + 4) = i;
    atomic_store(&generation, i);
}

static void *run_patched(void *arg)
{
    uint32_t last = 0;
    for (long n = 0; !stop || n < 50; n++)
    {
        uint32_t before = atomic_load(&generation);
        serialise();
        uint32_t value = call(runs + 64);
        if (value < before || value > atomic_load(&generation) + 1 || value < last)
            wrong_values++;
        last = value;
    }
    return 0;
}

static void add(uint32_t i)
{
    write_function(writes + i * SLOT, i * 3);
    atomic_store(&generation, i);
}

static void *run_new(void *arg)
{
    for (long n = 0; !stop || n < 50; n++)
    {
        uint32_t newest = atomic_load(&generation);
        if (!newest)
            continue;
        serialise();
        uint32_t some = n % 3 ? newest : 1 + n % newest;
        if (call(runs + some * SLOT) != some * 3)
            wrong_values++;
    }
    return 0;
}

static void nothing(uint32_t i) { atomic_store(&generation, i); sched_yield(); }

static void *run_own(void *arg)
{
    uint8_t *mine = writes + 256 * (1 + (intptr_t)arg);
    for (uint32_t n = 1; n <= rounds; n++)
    {
        write_function(mine, n);
        serialise();
        if (call(mine) != n || (n % 8 == 0 && call(mine) != n))
            wrong_values++;
    }
    return 0;
}

// Odd: the page is there, with a function that returns the generation; even: it is not.
static void replace(uint32_t i)
{
    atomic_store(&generation, 0);
    if (i & 1)
    {
        // Not to be executed before it is whole.
        mmap(runs, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
        write_function(runs, i);
        mprotect(runs, PAGE, RX);
    }
    else
        munmap(runs, PAGE);
    atomic_store(&generation, i);
}

static void *run_replaced(void *arg)
{
    for (long n = 0; !stop || n < 50; n++)
    {
        uint32_t value = 0, before = atomic_load(&generation);
        serialise();
        int ran = try_call(runs, &value);
        uint32_t after = atomic_load(&generation);
        if (before && before == after && (ran != (before & 1) || (ran && value != before)))
            wrong_values++;
        if (ran && !(value & 1))
            wrong_values++;
    }
    return 0;
}

static void forbid(uint32_t i)
{
    atomic_store(&generation, 0);
    mprotect(runs, PAGE, i & 1 ? PROT_READ : RX);
    atomic_store(&generation, i);
    sched_yield();
}

static void *run_forbidden(void *arg)
{
    expected_code = SEGV_ACCERR;
    for (long n = 0; !stop || n < 50; n++)
    {
        uint32_t value = 0, before = atomic_load(&generation);
        int ran = try_call(runs, &value);
        if (before && before == atomic_load(&generation) && ran == (before & 1))
            wrong_values++;
        if (ran && value != 77)
            wrong_values++;
    }
    return 0;
}

// The kernel's own stores count as much as the program's: read(2) into code.
static int file;
static void read_in(uint32_t i)
{
    pwrite(file, &i, 4, 0);
    pread(file, writes + 64 + 4, 4, 0);
    atomic_store(&generation, i);
}

int main(int argc, char **argv)
{
    if (argc > 1)
        rounds = atoi(argv[1]);
    setvbuf(stdout, 0, _IOLBF, 0);
    struct sigaction a = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_NODEFER};
    sigaction(SIGSEGV, &a, 0);
    for (int twice = 0; twice < 2; twice++)
    {
        map(twice, PAGE);
        write_function(writes + 64, 0);
        in_threads(run_patched, patch);
        printf("patched %s: %s\n", twice ? "through the other mapping" : "in place", wrong_values ? "WRONG" : "never older than published");
        unmap(PAGE);
    }
    for (int twice = 0; twice < 2; twice++)
    {
        size_t size = (rounds + 2) * SLOT + PAGE & -PAGE;
        map(twice, size);
        in_threads(run_new, add);
        printf("new functions%s: %s\n", twice ? " through the other mapping" : "", wrong_values ? "WRONG" : "right values");
        unmap(size);
    }
    // Threads that all write to one page, each a function of its own, and run what they wrote.
    map(0, PAGE);
    in_threads(run_own, nothing);
    printf("own functions on one page: %s\n", wrong_values ? "WRONG" : "right values");
    unmap(PAGE);
    uint8_t *room = mmap(0, 3 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    runs = room + PAGE;
    munmap(runs, PAGE);
    in_threads(run_replaced, replace);
    printf("replaced pages: %s, faults %s\n", wrong_values ? "WRONG" : "right values", wrong_faults ? "WRONG" : "exact");
    munmap(room, 3 * PAGE);
    map(0, PAGE);
    write_function(runs, 77);
    mprotect(runs, PAGE, RX);
    in_threads(run_forbidden, forbid);
    printf("right to execute taken: %s, faults %s\n", wrong_values ? "NOT OBEYED" : "obeyed", wrong_faults ? "WRONG" : "exact");
    unmap(PAGE);
    map(0, PAGE);
    write_function(writes + 64, 0);
    file = memfd_create("values", 0);
    in_threads(run_patched, read_in);
    printf("read from a file into code: %s\n", wrong_values ? "WRONG" : "right values");
    unmap(PAGE);
    return 42;
}
