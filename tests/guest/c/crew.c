// Threads: ends, execve, mutexes of every kind, futexes. Every line printed here must be the same natively.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "asleep.h"

static void show(const char *what, long r)
{
    printf("%s: %ld %s\n", what, r, r == -1 ? strerrorname_np(errno) : "");
}
static void code(const char *what, int r) { printf("%s: %s\n", what, r ? strerrorname_np(r) : "0"); }
static long futex(void *a, int op, int v, void *t, void *b, int v3) { return syscall(SYS_futex, a, op, v, t, b, v3); }
static struct timespec in(int clock, int ms)
{
    struct timespec t;
    clock_gettime(clock, &t);
    t.tv_nsec += ms * 1000000L;
    t.tv_sec += t.tv_nsec / 1000000000;
    t.tv_nsec %= 1000000000;
    return t;
}

static void futex_errors(void)
{
    puts("-- futex errors");
    static int words[4];
    struct timespec zero = {0, 0}, bad = {0, 1000000000}, negative = {-1, 0}, brief = {0, 2000000};
    int *w = words;
    show("wait another value", futex(w, FUTEX_WAIT, 1, 0, 0, 0));
    show("wait zero", futex(w, FUTEX_WAIT, 0, &zero, 0, 0));
    show("wait brief", futex(w, FUTEX_WAIT_PRIVATE, 0, &brief, 0, 0));
    show("wait bad time", futex(w, FUTEX_WAIT, 0, &bad, 0, 0));
    show("wait negative time", futex(w, FUTEX_WAIT, 0, &negative, 0, 0));
    show("wait time at bad address", futex(w, FUTEX_WAIT, 0, (void *)8, 0, 0));
    show("wait misaligned", futex((char *)w + 1, FUTEX_WAIT, 0, 0, 0, 0));
    show("wait nowhere", futex((void *)8, FUTEX_WAIT, 0, 0, 0, 0));
    show("wait nowhere shared", futex((void *)8, FUTEX_WAIT_PRIVATE, 0, 0, 0, 0));
    show("wait in the kernel", futex((void *)0xffff800000000000, FUTEX_WAIT, 0, 0, 0, 0));
    show("wait misaligned nowhere", futex((void *)9, FUTEX_WAIT, 0, 0, 0, 0));
    show("wait bitset 0", futex(w, FUTEX_WAIT_BITSET, 0, 0, 0, 0));
    show("wait realtime", futex(w, FUTEX_WAIT | FUTEX_CLOCK_REALTIME, 0, &zero, 0, 0));
    show("wake nobody", futex(w, FUTEX_WAKE, 1, 0, 0, 0));
    show("wake nowhere private", futex((void *)8, FUTEX_WAKE_PRIVATE, 1, 0, 0, 0));
    show("wake nowhere shared", futex((void *)8, FUTEX_WAKE, 1, 0, 0, 0));
    show("wake misaligned", futex((char *)w + 2, FUTEX_WAKE, 1, 0, 0, 0));
    show("wake bitset 0", futex(w, FUTEX_WAKE_BITSET, 1, 0, 0, 0));
    show("wake realtime", futex(w, FUTEX_WAKE | FUTEX_CLOCK_REALTIME, 1, 0, 0, 0));
    show("requeue negative", futex(w, FUTEX_REQUEUE, -1, 0, w + 1, 0));
    show("cmp_requeue another value", futex(w, FUTEX_CMP_REQUEUE, 1, (void *)1, w + 1, 3));
    show("cmp_requeue misaligned", futex(w, FUTEX_CMP_REQUEUE, 1, (void *)1, (char *)w + 1, 0));
    show("cmp_requeue nowhere", futex(w, FUTEX_CMP_REQUEUE, 1, (void *)1, (void *)8, 0));
    show("cmp_requeue to itself", futex(w, FUTEX_CMP_REQUEUE, 1, (void *)1, w, 0));
    show("wake_op", futex(w, FUTEX_WAKE_OP, 1, (void *)1, w + 1, FUTEX_OP(FUTEX_OP_ADD, 5, FUTEX_OP_CMP_EQ, 0)));
    printf("word %d\n", w[1]);
    show("wake_op or", futex(w, FUTEX_WAKE_OP, 1, (void *)1, w + 1, FUTEX_OP(FUTEX_OP_OR | FUTEX_OP_OPARG_SHIFT, 4, FUTEX_OP_CMP_EQ, 0)));
    printf("word %d\n", w[1]);
    show("wake_op andn", futex(w, FUTEX_WAKE_OP, 1, (void *)1, w + 1, FUTEX_OP(FUTEX_OP_ANDN, 1, FUTEX_OP_CMP_LT, 100)));
    show("wake_op xor", futex(w, FUTEX_WAKE_OP, 1, (void *)1, w + 1, FUTEX_OP(FUTEX_OP_XOR, 0xff, FUTEX_OP_CMP_GE, 100)));
    printf("word %d\n", w[1]);
    show("wake_op unknown op", futex(w, FUTEX_WAKE_OP, 1, (void *)1, w + 1, FUTEX_OP(6, 1, 0, 0)));
    show("wake_op unknown cmp", futex(w, FUTEX_WAKE_OP, 1, (void *)1, w + 1, FUTEX_OP(0, 1, 7, 0)));
    show("wake_op nowhere", futex(w, FUTEX_WAKE_OP, 1, (void *)1, (void *)8, FUTEX_OP(0, 1, 0, 0)));
    show("fd", futex(w, FUTEX_FD, 0, 0, 0, 0));
    show("unknown", futex(w, 77, 0, 0, 0, 0));
    w[2] = 0;
    show("trylock_pi", futex(w + 2, FUTEX_TRYLOCK_PI, 0, 0, 0, 0));
    printf("owner %d\n", w[2] == gettid());
    show("lock_pi own", futex(w + 2, FUTEX_LOCK_PI, 0, 0, 0, 0));
    show("trylock_pi own", futex(w + 2, FUTEX_TRYLOCK_PI, 0, 0, 0, 0));
    show("unlock_pi", futex(w + 2, FUTEX_UNLOCK_PI, 0, 0, 0, 0));
    show("unlock_pi free", futex(w + 2, FUTEX_UNLOCK_PI, 0, 0, 0, 0));
    w[2] = 4194303;
    show("lock_pi of nobody", futex(w + 2, FUTEX_LOCK_PI, 0, 0, 0, 0));
    show("unlock_pi of another", futex(w + 2, FUTEX_UNLOCK_PI, 0, 0, 0, 0));
    w[2] = 0;
    show("lock_pi nowhere", futex((void *)8, FUTEX_LOCK_PI, 0, 0, 0, 0));
    show("cmp_requeue_pi 2", futex(w, FUTEX_CMP_REQUEUE_PI, 2, 0, w + 2, 0));
    show("cmp_requeue_pi same", futex(w, FUTEX_CMP_REQUEUE_PI, 1, 0, w, 0));
    show("wait_requeue_pi same", futex(w, FUTEX_WAIT_REQUEUE_PI, 0, &zero, w, 0));
    const char *page = mmap(0, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    show("wait on zeros", futex((void *)page, FUTEX_WAIT, 1, 0, 0, 0));
    show("wake on zeros", futex((void *)page, FUTEX_WAKE, 1, 0, 0, 0));
    show("lock_pi read-only", futex((void *)page, FUTEX_LOCK_PI, 0, 0, 0, 0));
    show("robust size", syscall(SYS_set_robust_list, w, 8));
    show("robust of nobody", syscall(SYS_get_robust_list, 4194303, w, w));
    void *head;
    size_t length;
    show("robust own", syscall(SYS_get_robust_list, 0, &head, &length));
    printf("length %zu\n", length);

    struct waiter { uint64_t val, addr; uint32_t flags, reserved; } v[2] = {{0, (uintptr_t)(w + 3), 2}, {0, (uintptr_t)w, 2}};
    w[0] = w[3] = 0;
    struct timespec soon = in(CLOCK_MONOTONIC, 3);
    show("waitv time", syscall(449, v, 2, 0, &soon, CLOCK_MONOTONIC));
    show("waitv count 0", syscall(449, v, 0, 0, 0, 0));
    show("waitv count 129", syscall(449, v, 129, 0, 0, 0));
    show("waitv flags", syscall(449, v, 2, 1, 0, 0));
    show("waitv null", syscall(449, 0, 2, 0, 0, 0));
    show("waitv nowhere", syscall(449, 8, 2, 0, 0, 0));
    show("waitv clock", syscall(449, v, 2, 0, &soon, CLOCK_BOOTTIME));
    show("waitv bad time", syscall(449, v, 2, 0, &bad, CLOCK_MONOTONIC));
    v[1].val = 5;
    show("waitv another value", syscall(449, v, 2, 0, 0, 0));
    v[1].val = 0;
    v[1].flags = 1;
    show("waitv 16 bits", syscall(449, v, 2, 0, 0, 0));
    v[1].flags = 2;
    v[1].reserved = 1;
    show("waitv reserved", syscall(449, v, 2, 0, 0, 0));
    v[1].reserved = 0;
    v[1].addr = 8;
    show("waitv word nowhere", syscall(449, v, 2, 0, 0, 0));
}

static int word, second;
static volatile pid_t waiting[9];
static void *waits_bits(void *arg) { waiting[(intptr_t)arg] = gettid(); return (void *)futex(&word, FUTEX_WAIT_BITSET, 0, 0, 0, (int)(intptr_t)arg); }
static void *waits_v(void *arg)
{
    struct waiter { uint64_t val, addr; uint32_t flags, reserved; } v[2] = {{0, (uintptr_t)&word, 2 | FUTEX_PRIVATE_FLAG}, {0, (uintptr_t)&second, 2 | FUTEX_PRIVATE_FLAG}};
    return (void *)syscall(449, v, 2, 0, 0, 0);
}

static void futex_waking(void)
{
    puts("-- waking");
    pthread_t t[4];
    void *r;
    for (int i = 0; i < 4; i++)
        pthread_create(t + i, 0, waits_bits, (void *)(intptr_t)(1 << i));
    for (int i = 1; i <= 8; i *= 2)
    {
        AWAIT(waiting[i]);
        await_state_of(getpid(), waiting[i], 'S');
    }
    int n;
    show("bit 2", futex(&word, FUTEX_WAKE_BITSET, 10, 0, 0, 4));
    pthread_join(t[2], &r);
    show("joined", (long)r);
    show("requeue", futex(&word, FUTEX_CMP_REQUEUE, 1, (void *)1, &second, 0));
    show("wake second", futex(&second, FUTEX_WAKE, 10, 0, 0, 0));
    show("wake first", futex(&word, FUTEX_WAKE, 10, 0, 0, 0));
    for (int i = 0; i < 4; i++)
        if (i != 2)
            pthread_join(t[i], &r);
    pthread_create(t, 0, waits_v, 0);
    do
        n = futex(&second, FUTEX_WAKE_PRIVATE, 1, 0, 0, 0);
    while (n == 0);
    pthread_join(t[0], &r);
    show("waitv index", (long)r);
}

struct all
{
    pthread_mutex_t plain, robust, inherit, checked, recursive, robust_inherit;
    pthread_cond_t cond;
    pthread_rwlock_t rw;
    pthread_barrier_t barrier;
    sem_t sem;
    int value;
    _Atomic int ready;
};

static void make(struct all *a, int shared)
{
    pthread_mutexattr_t m;
    pthread_mutexattr_init(&m);
    pthread_mutexattr_setpshared(&m, shared);
    pthread_mutex_init(&a->plain, &m);
    pthread_mutexattr_setrobust(&m, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_init(&a->robust, &m);
    pthread_mutexattr_setprotocol(&m, PTHREAD_PRIO_INHERIT);
    code("robust PI init", pthread_mutex_init(&a->robust_inherit, &m));
    pthread_mutexattr_setrobust(&m, PTHREAD_MUTEX_STALLED);
    pthread_mutex_init(&a->inherit, &m);
    pthread_mutexattr_setprotocol(&m, PTHREAD_PRIO_NONE);
    pthread_mutexattr_settype(&m, PTHREAD_MUTEX_ERRORCHECK);
    pthread_mutex_init(&a->checked, &m);
    pthread_mutexattr_settype(&m, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&a->recursive, &m);
    pthread_condattr_t c;
    pthread_condattr_init(&c);
    pthread_condattr_setpshared(&c, shared);
    pthread_condattr_setclock(&c, CLOCK_MONOTONIC);
    pthread_cond_init(&a->cond, &c);
    pthread_rwlockattr_t r;
    pthread_rwlockattr_init(&r);
    pthread_rwlockattr_setpshared(&r, shared);
    pthread_rwlock_init(&a->rw, &r);
    pthread_barrierattr_t b;
    pthread_barrierattr_init(&b);
    pthread_barrierattr_setpshared(&b, shared);
    pthread_barrier_init(&a->barrier, &b, 4);
    sem_init(&a->sem, shared, 0);
    a->value = 0;
    a->ready = 0;
}

static void work(struct all *a)
{
    for (int i = 0; i < 300; i++)
    {
        pthread_mutex_t *m = i % 3 == 0 ? &a->plain : i % 3 == 1 ? &a->inherit : &a->robust;
        pthread_mutex_lock(&a->recursive);
        pthread_mutex_lock(m);
        pthread_mutex_lock(&a->recursive);
        a->value++;
        pthread_mutex_unlock(&a->recursive);
        pthread_mutex_unlock(m);
        pthread_mutex_unlock(&a->recursive);
    }
    for (int i = 0; i < 20; i++)
        pthread_barrier_wait(&a->barrier);
    for (int i = 0; i < 100; i++)
    {
        pthread_rwlock_rdlock(&a->rw);
        volatile int v = a->value;
        pthread_rwlock_unlock(&a->rw);
        pthread_rwlock_wrlock(&a->rw);
        a->value++;
        pthread_rwlock_unlock(&a->rw);
    }
    pthread_mutex_lock(&a->plain);
    a->ready++;
    pthread_cond_broadcast(&a->cond);
    while (a->ready < 4)
        pthread_cond_wait(&a->cond, &a->plain);
    pthread_mutex_unlock(&a->plain);
    sem_post(&a->sem);
}

static void *works(void *a) { work(a); return 0; }
static void *dies_holding(void *arg) { struct all *a = arg; pthread_mutex_lock(&a->robust); pthread_mutex_lock(&a->robust_inherit); return 0; }

static void locks(int shared)
{
    printf("-- locks, %s\n", shared ? "between processes" : "between threads");
    struct all *a = mmap(0, sizeof *a, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    make(a, shared);
    pthread_t t[4];
    for (int i = 0; i < 4; i++)
        if (!shared)
            pthread_create(t + i, 0, works, a);
        else if (fork() == 0)
        {
            work(a);
            _exit(0);
        }
    for (int i = 0; i < 4; i++)
        sem_wait(&a->sem);
    for (int i = 0; i < 4; i++)
        shared ? wait(0) : pthread_join(t[i], 0);
    printf("value %d\n", a->value);
    // An owner that dies.
    if (!shared)
    {
        pthread_create(t, 0, dies_holding, a);
        pthread_join(t[0], 0);
    }
    else
    {
        if (fork() == 0)
        {
            dies_holding(a);
            kill(getpid(), SIGKILL);
        }
        wait(0);
    }
    code("owner dead", pthread_mutex_lock(&a->robust));
    code("consistent", pthread_mutex_consistent(&a->robust));
    code("unlock", pthread_mutex_unlock(&a->robust));
    code("lock", pthread_mutex_lock(&a->robust));
    pthread_mutex_unlock(&a->robust);
    code("PI owner dead", pthread_mutex_lock(&a->robust_inherit));
    code("unlock without consistent", pthread_mutex_unlock(&a->robust_inherit));
    code("lock", pthread_mutex_lock(&a->robust_inherit));
    // Errors and timeouts.
    code("checked", pthread_mutex_lock(&a->checked));
    code("checked twice", pthread_mutex_lock(&a->checked));
    code("trylock", pthread_mutex_trylock(&a->checked));
    pthread_mutex_unlock(&a->checked);
    code("unlock twice", pthread_mutex_unlock(&a->checked));
    pthread_mutex_lock(&a->plain);
    pthread_mutex_lock(&a->inherit);
    struct timespec soon = in(CLOCK_REALTIME, 5);
    code("timed", pthread_mutex_timedlock(&a->plain, &soon));
    soon = in(CLOCK_MONOTONIC, 5);
    code("timed monotonic", pthread_mutex_clocklock(&a->plain, CLOCK_MONOTONIC, &soon));
    soon = in(CLOCK_MONOTONIC, 5);
    code("cond", pthread_cond_timedwait(&a->cond, &a->plain, &soon));
    soon = in(CLOCK_REALTIME, 5);
    show("sem", sem_timedwait(&a->sem, &soon));
    pthread_mutex_unlock(&a->plain);
    pthread_mutex_unlock(&a->inherit);
    munmap(a, sizeof *a);
}

static struct all pi;
static void *pi_timed(void *arg)
{
    struct timespec soon = in(CLOCK_REALTIME, 5);
    code("PI timed", pthread_mutex_timedlock(&pi.inherit, &soon));
    code("PI try", pthread_mutex_trylock(&pi.inherit));
    return 0;
}

static void *idle(void *arg) { for (;;) pause(); }
static void *spins(void *arg) { for (volatile long i = 0;; i++) ; }
static void *ends_process(void *arg) { rest(5); exit(9); }
static void *ends_self(void *arg) { rest(10); *(volatile int *)0 = 1; return 0; }
static void *outlives(void *arg) { rest(15); _exit(6); }
static void *just_leaves(void *arg) { char c; read(*(int *)arg, &c, 1); syscall(SYS_exit, 4); return 0; }
static void *executes(void *arg)
{
    char text[200];
    // The id becomes the process's, the other threads are gone.
    snprintf(text, sizeof text, "[ $$ = %d ] && ls /proc/$$/task | wc -l; exit 3", getpid());
    execl("/bin/sh", "sh", "-c", text, (char *)0);
    return 0;
}

static void ends(void)
{
    puts("-- ends");
    fflush(stdout);
    int status;
    pthread_t t;
    for (int i = 0; i < 7; i++)
    {
        pid_t pid = fork();
        if (pid == 0)
        {
            pthread_create(&t, 0, idle, 0);
            pthread_create(&t, 0, spins, 0);
            switch (i)
            {
            case 0: return exit(7);
            case 1: pthread_create(&t, 0, ends_process, 0); pause();
            case 2: pthread_create(&t, 0, ends_self, 0); pause();
            case 3: pthread_create(&t, 0, outlives, 0); pthread_exit(0);
            case 4: pthread_create(&t, 0, executes, 0); pause();
            case 5: pthread_create(&t, 0, executes, 0); pthread_exit(0);
            case 6: kill(getpid(), SIGTERM); pause();
            }
        }
        waitpid(pid, &status, 0);
        printf("%d: %x\n", i, status & ~0x80);
        fflush(stdout);
    }
    // The leader's code counts when it ended by exit(2), whoever was last.
    static int leave[2];
    pipe(leave);
    pid_t pid = fork();
    if (pid == 0)
    {
        pthread_create(&t, 0, just_leaves, leave);
        syscall(SYS_exit, 8);
    }
    siginfo_t info;
    await_state_of(pid, pid, 'Z');
    show("not yet", waitid(P_PID, pid, &info, WEXITED | WNOHANG));
    write(leave[1], "x", 1);
    waitpid(pid, &status, 0);
    printf("leader's code %x\n", status);
    // A vfork child in a thread, while others run.
    pid = vfork();
    if (pid == 0)
        _exit(2);
    waitpid(pid, &status, 0);
    printf("vfork %x\n", status);
}

static volatile int tids[3];
static void *tells_tid(void *arg) { char c; tids[0] = gettid(); if (arg) read(*(int *)arg, &c, 1); return 0; }

static void ids(void)
{
    puts("-- ids");
    pthread_t t;
    int hold[2];
    pipe(hold);
    pthread_create(&t, 0, tells_tid, hold);
    AWAIT(tids[0]);
    show("tgkill 0", syscall(SYS_tgkill, getpid(), tids[0], 0));
    show("tgkill another group", syscall(SYS_tgkill, 1, tids[0], 0));
    show("tgkill -1", syscall(SYS_tgkill, -1, tids[0], 0));
    show("tgkill tid 0", syscall(SYS_tgkill, getpid(), 0, 0));
    show("tgkill bad signal", syscall(SYS_tgkill, getpid(), tids[0], 65));
    show("tgkill nobody", syscall(SYS_tgkill, getpid(), 4194303, 0));
    show("tkill 0", syscall(SYS_tkill, tids[0], 0));
    show("tkill -1", syscall(SYS_tkill, -1, 0));
    show("tkill nobody", syscall(SYS_tkill, 4194303, 0));
    show("kill a thread", kill(tids[0], 0));
    show("pidfd of a thread", syscall(SYS_pidfd_open, tids[0], 0));
    show("getpgid of a thread", getpgid(tids[0]) == getpgrp());
    show("wait for a thread", waitpid(tids[0], 0, __WALL));
    struct sched_param p;
    show("sched of a thread", sched_getscheduler(tids[0]));
    show("sched of nobody", sched_getscheduler(4194303));
    show("sched of -1", sched_getscheduler(-1));
    cpu_set_t set;
    show("affinity of a thread", syscall(SYS_sched_getaffinity, tids[0], sizeof set, &set) > 0);
    show("affinity of nobody", syscall(SYS_sched_getaffinity, 4194303, sizeof set, &set));
    show("unshare thread", unshare(CLONE_THREAD));
    show("unshare vm", unshare(CLONE_VM));
    show("unshare unknown", unshare(0x1000000 >> 12 | 1));
    write(hold[1], "x", 1);
    pthread_join(t, 0);
    show("tgkill the joined", syscall(SYS_tgkill, getpid(), tids[0], 0));
    show("unshare files", unshare(CLONE_FILES));
    show("unshare fs", unshare(CLONE_FS));
    show("unshare thread alone", unshare(CLONE_THREAD));
    show("unshare vm alone", unshare(CLONE_VM));
    show("set_tid_address", syscall(SYS_set_tid_address, &tids[1]) == getpid());
}

static __thread volatile int local = 5;
static void *keys(void *arg) { local += (int)(intptr_t)arg; return (void *)(intptr_t)local; }
static sem_t go;
static void cleanup(void *arg) { (*(int *)arg)++; }
static void *cancelled(void *arg)
{
    pthread_cleanup_push(cleanup, arg);
    sem_post(&go);
    for (;;)
        rest(1000);
    pthread_cleanup_pop(1);
    return 0;
}
static void *cancelled_at_once(void *arg)
{
    pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, 0);
    pthread_cleanup_push(cleanup, arg);
    sem_post(&go);
    for (volatile long i = 0;; i++)
        ;
    pthread_cleanup_pop(1);
    return 0;
}
static void *nothing(void *arg) { return arg; }

static void many(void)
{
    puts("-- many");
    pthread_t t[1000];
    void *r;
    sem_init(&go, 0, 0);
    for (int i = 0; i < 3; i++)
        pthread_create(t + i, 0, keys, (void *)(intptr_t)i);
    for (int i = 0; i < 3; i++)
    {
        pthread_join(t[i], &r);
        printf("local %ld\n", (long)r);
    }
    int cleaned = 0;
    pthread_create(t, 0, cancelled, &cleaned);
    sem_wait(&go);
    pthread_cancel(t[0]);
    pthread_join(t[0], &r);
    printf("cancelled %d cleaned %d\n", r == PTHREAD_CANCELED, cleaned);
    pthread_create(t, 0, cancelled_at_once, &cleaned);
    sem_wait(&go);
    pthread_cancel(t[0]);
    pthread_join(t[0], &r);
    printf("cancelled %d cleaned %d\n", r == PTHREAD_CANCELED, cleaned);
    pthread_attr_t attr;
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, 65536);
    int made = 0;
    for (int i = 0; i < 1000; i++)
        made += pthread_create(t + i, &attr, nothing, (void *)(intptr_t)i) == 0;
    long sum = 0;
    for (int i = 0; i < made; i++)
    {
        pthread_join(t[i], &r);
        sum += (long)r;
    }
    printf("made %d sum %ld\n", made, sum);
    for (int i = 0; i < 100; i++)
        pthread_create(t + i, &attr, tells_tid, 0);
    for (int i = 0; i < 100; i++)
        pthread_join(t[i], 0);
}

int main(int argc, char **argv)
{
    setvbuf(stdout, 0, _IONBF, 0);
    futex_errors();
    futex_waking();
    locks(0);
    locks(1);
    make(&pi, 0);
    pthread_mutex_lock(&pi.inherit);
    pthread_t t;
    pthread_create(&t, 0, pi_timed, 0);
    pthread_join(t, 0);
    ends();
    ids();
    many();
    puts("done");
    return 0;
}
