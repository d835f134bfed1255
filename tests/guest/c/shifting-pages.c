// Threads that take pages away (mprotect, munmap, mmap over them, mremap, madvise) while others read and write them: every fault is exact, nothing stale is seen, no store is lost.
// An argument says how many rounds to make.
// expect-status: 42
// expect-output: protection: stores 3 of 3 exact, faults exact, closed pages seen closed
// expect-output: replaced: values true, faults exact, poison untouched
// expect-output: discarded: values true
// expect-output: moved: values true, faults exact
// expect-output: calls: whole or EFAULT, counted bytes true
// expect-output: crossing: both halves or neither seen
#define _GNU_SOURCE
#include <errno.h>
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

enum { PAGE = 4096, THREADS = 3 };
typedef _Atomic uint64_t word;

static int rounds = 10;
static word generation;
static atomic_int stop, wrong_faults, wrong_values, faults_seen;
static char *page;

// What the thread is accessing, and where to go on when that faults.
static __thread volatile char *expected;
static __thread int expected_store, expected_code;
static __thread sigjmp_buf back;

static void on_fault(int signal, siginfo_t *info, void *context)
{
    ucontext_t *u = context;
    int is_store = u->uc_mcontext.gregs[REG_ERR] >> 1 & 1;
    if (signal != SIGSEGV || info->si_addr != expected || is_store != expected_store || (expected_code && info->si_code != expected_code))
        wrong_faults++;
    faults_seen++;
    siglongjmp(back, 1);
}

// Loads or stores eight bytes; returns whether that faulted.
static int load(char *where, uint64_t *value)
{
    expected = where;
    expected_store = 0;
    if (sigsetjmp(back, 1))
        return 1;
    *value = *(volatile uint64_t *)where;
    return 0;
}

static int store(char *where, uint64_t value)
{
    expected = where;
    expected_store = 1;
    if (sigsetjmp(back, 1))
        return 1;
    *(volatile uint64_t *)where = value;
    return 0;
}

static void in_threads(int count, void *(*body)(void *), void (*change)(int))
{
    pthread_t t[8];
    stop = wrong_faults = wrong_values = faults_seen = 0;
    generation = 0;
    for (int i = 0; i < count; i++)
        pthread_create(t + i, 0, body, (void *)(intptr_t)i);
    for (int i = 1; i <= rounds; i++)
        change(i);
    // A last state that lets everyone in; the threads see some of each before they stop.
    stop = 1;
    for (int i = 0; i < count; i++)
        pthread_join(t[i], 0);
}

// Even generations: open. Odd ones: closed, and 1 mod 4 for stores only. The generation is set when the change has returned, and cleared to 0 before the next.
static word stores[THREADS];
static void change_protection(int i)
{
    static const int kinds[] = {PROT_READ | PROT_WRITE, PROT_READ, PROT_READ | PROT_WRITE, PROT_NONE};
    atomic_store(&generation, 0);
    mprotect(page, PAGE, kinds[i & 3]);
    atomic_store(&generation, i);
    for (int n = 0; n < 3; n++)
        sched_yield();
}

static void *use_protected(void *arg)
{
    char *mine = page + 64 * (intptr_t)arg;
    uint64_t count = 0, seen;
    for (long n = 0; !stop || n < 100; n++)
    {
        uint64_t before = atomic_load(&generation);
        int faulted = store(mine, count + 1);
        uint64_t after = atomic_load(&generation);
        count += !faulted;
        if (before == after && before && faulted != (before & 1))
            wrong_values++;
        before = atomic_load(&generation);
        faulted = load(mine, &seen);
        after = atomic_load(&generation);
        if (before == after && before && faulted != ((before & 3) == 3))
            wrong_values++;
        // Its own slot is nobody else's to change: a store that did not fault is there.
        if (!faulted && seen != count)
            wrong_values++;
        if (faulted)
            sched_yield();
    }
    stores[(intptr_t)arg] = count;
    return 0;
}

static void protection(void)
{
    page = mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    in_threads(THREADS, use_protected, change_protection);
    mprotect(page, PAGE, PROT_READ);
    int exact = 0;
    for (int i = 0; i < THREADS; i++)
        exact += *(uint64_t *)(page + 64 * i) == stores[i];
    printf("protection: stores %d of %d exact, faults %s, closed pages %s\n", exact, THREADS, wrong_faults ? "wrong" : "exact", wrong_values ? "let through" : "seen closed");
    munmap(page, PAGE);
}

// The page is unmapped, another with the next value mapped in its place, and what was its memory is taken by pages of poison that nobody may see or store to.
enum { POISON_PAGES = 4 };
static char *poison;
static void replace(int i)
{
    atomic_store(&generation, 0);
    // Before there is a hole that it would be put into.
    char *next = i & 1 ? mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) : 0;
    munmap(page, PAGE);
    if (poison)
    {
        for (int n = 0; n < POISON_PAGES * PAGE; n += 8)
            if (*(volatile uint64_t *)(poison + n) != 0xBAD)
                wrong_values += 1000000;
        munmap(poison, POISON_PAGES * PAGE);
    }
    poison = mmap(0, POISON_PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (int n = 0; n < POISON_PAGES * PAGE; n += 8)
        *(volatile uint64_t *)(poison + n) = 0xBAD;
    if (i & 1)
    {
        for (int n = 0; n < PAGE; n += 8)
            *(uint64_t *)(next + n) = i;
        mremap(next, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, page);
    }
    else
        mmap(page, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    atomic_store(&generation, i);
    for (int n = 0; n < 3; n++)
        sched_yield();
}

static void *use_replaced(void *arg)
{
    char *mine = page + 1024 + 64 * (intptr_t)arg;
    for (long n = 0; !stop || n < 100; n++)
    {
        uint64_t value = 0, before = atomic_load(&generation);
        // The first thread stores, to where nobody looks; the others load.
        int faulted = arg ? load(mine, &value) : store(page + 8, 0x600D);
        uint64_t after = atomic_load(&generation);
        if (before && before == after && faulted)
            wrong_values++;
        if (!faulted && arg && (value == 0xBAD || (before && before == after && value != (before & 1 ? before : 0))))
            wrong_values++;
        if (faulted)
            sched_yield();
    }
    return 0;
}

static void replaced(void)
{
    char *room = mmap(0, 3 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    page = room + PAGE;
    mprotect(page, PAGE, PROT_READ | PROT_WRITE);
    in_threads(THREADS, use_replaced, replace);
    printf("replaced: values %s, faults %s, poison %s\n", wrong_values % 1000000 ? "wrong" : "true", wrong_faults ? "wrong" : "exact", wrong_values >= 1000000 ? "touched" : "untouched");
    munmap(room, 3 * PAGE);
    munmap(poison, POISON_PAGES * PAGE);
}

// MADV_DONTNEED: zero or what was stored after it, and never what was there before.
static void discard(int i)
{
    uint64_t zero = 0;
    atomic_store(&generation, 0);
    madvise(page, PAGE, MADV_DONTNEED);
    atomic_store(&generation, i);
    *(volatile uint64_t *)page = i;
    sched_yield();
}

static void *use_discarded(void *arg)
{
    for (long n = 0; !stop || n < 100; n++)
    {
        uint64_t before = atomic_load(&generation), value = *(volatile uint64_t *)page, after = atomic_load(&generation);
        if (before && before == after && value != 0 && value != before)
            wrong_values++;
    }
    return 0;
}

static void discarded(void)
{
    page = mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    in_threads(THREADS, use_discarded, discard);
    printf("discarded: values %s\n", wrong_values ? "wrong" : "true");
    munmap(page, PAGE);
}

// One page between two places: where it is not, there is a fault; where it is, its value.
static void move(int i)
{
    atomic_store(&generation, 0);
    mremap(i & 1 ? page : page + PAGE, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, i & 1 ? page + PAGE : page);
    atomic_store(&generation, i);
    sched_yield();
}

static void *use_moved(void *arg)
{
    int side = (intptr_t)arg & 1;
    uint64_t count = 0;
    expected_code = SEGV_MAPERR;
    char *mine = page + side * PAGE + 512 + 64 * (intptr_t)arg;
    for (long n = 0; !stop || n < 100; n++)
    {
        uint64_t value, before = atomic_load(&generation);
        int faulted = load(page + side * PAGE, &value);
        uint64_t after = atomic_load(&generation);
        if (before && before == after && faulted != ((before & 1) != side))
            wrong_values++;
        if (!faulted && value != 0x5EA)
            wrong_values++;
        if (!store(mine, ++count) && !load(mine, &value) && value != count)
            wrong_values++;
    }
    return 0;
}

static void moved(void)
{
    char *room = mmap(0, 4 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    page = room + PAGE;
    mprotect(page, PAGE, PROT_READ | PROT_WRITE);
    munmap(page + PAGE, PAGE);
    *(uint64_t *)page = 0x5EA;
    in_threads(THREADS, use_moved, move);
    printf("moved: values %s, faults %s\n", wrong_values ? "wrong" : "true", wrong_faults ? "wrong" : "exact");
    munmap(room, 4 * PAGE);
}

// System calls that copy to and from a page that comes and goes: all of it, or EFAULT, and what was not taken is in the pipe still.
static int ends[2];
static void come_and_go(int i)
{
    if (i % 3)
        mprotect(page, PAGE, i % 3 == 1 ? PROT_NONE : PROT_READ | PROT_WRITE);
    else
        mmap(page, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    sched_yield();
}

static void *call(void *arg)
{
    char out[200], in[200];
    memset(out, 'x', sizeof out);
    for (long n = 0; !stop || n < 100; n++)
    {
        long r = write(ends[1], arg ? out : page, 200);
        if (r < 0)
        {
            if (errno != EFAULT)
                wrong_values++;
            continue;
        }
        long got = 0;
        while (got < r)
        {
            long m = read(ends[0], n & 1 ? in : page, r - got);
            if (m > 0)
                got += m;
            else if (errno != EFAULT)
                wrong_values++;
            else
                m = read(ends[0], in, r - got), got += m;
        }
    }
    return 0;
}

static void calls(void)
{
    page = mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    pipe(ends);
    in_threads(2, call, come_and_go);
    mprotect(page, PAGE, PROT_READ | PROT_WRITE);
    close(ends[1]);
    char rest;
    printf("calls: %s, counted bytes %s\n", wrong_values ? "wrong" : "whole or EFAULT", read(ends[0], &rest, 1) == 0 ? "true" : "wrong");
    close(ends[0]);
    munmap(page, PAGE);
}

// A store across two pages of which the second is read-only now and then: it faults there and changes neither.
static void close_second(int i) { mprotect(page + PAGE, PAGE, i & 1 ? PROT_READ : PROT_READ | PROT_WRITE); sched_yield(); }
static void *store_across(void *arg)
{
    char *where = page + PAGE - 4;
    volatile uint64_t was = 0;
    uint64_t value;
    for (volatile uint64_t n = 1; !stop || n < 100; n++)
    {
        uint64_t next = n << 32 | (n & 0xFFFFFFFF);
        expected = page + PAGE;
        expected_store = 1;
        expected_code = SEGV_ACCERR;
        if (!sigsetjmp(back, 1))
        {
            *(volatile uint64_t *)where = next;
            was = next;
        }
        memcpy(&value, where, 8);
        if (value != was)
            wrong_values++;
    }
    return 0;
}

static void crossing(void)
{
    page = mmap(0, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    in_threads(1, store_across, close_second);
    printf("crossing: %s\n", wrong_values || wrong_faults ? "torn" : "both halves or neither seen");
    munmap(page, 2 * PAGE);
}

int main(int argc, char **argv)
{
    if (argc > 1)
        rounds = atoi(argv[1]);
    setvbuf(stdout, 0, _IOLBF, 0);
    struct sigaction a = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_NODEFER};
    sigaction(SIGSEGV, &a, 0);
    protection();
    replaced();
    discarded();
    moved();
    calls();
    crossing();
    return 42;
}
