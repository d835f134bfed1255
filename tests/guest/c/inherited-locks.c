// Locks with priority inheritance whose owners end: threads and processes, robust or not, at exit, by a signal and at execve; and locks that wait for each other.
// build-options: -pthread
// expect-status: 42
// expect-output: raw, owner exits: 0, word: mine waiters died
// expect-output: raw, unlock: 0, word: none
// expect-output: raw, owner was gone: ESRCH
// expect-output: raw, handed over: 0, word: mine waiters
// expect-output: raw, two wait: 0 0, in order 1, died 1 0
// expect-output: raw, own list: 0, word: mine died
// expect-output: raw, list and waiter: 0, word: mine waiters died
// expect-output: raw, each for the other: EDEADLK
// expect-output: raw, three in a ring: EDEADLK
// expect-output: shared, owner exits: 0, word: mine waiters died
// expect-output: shared, owner killed: 0, word: mine waiters died
// expect-output: shared, owner replaced: 0, word: mine waiters died
// expect-output: thread: died 0, EOWNERDEAD, consistent 0, again 0
// expect-output: waiting thread: EOWNERDEAD, given up ENOTRECOVERABLE
// expect-output: try: EOWNERDEAD, ETIMEDOUT
// expect-output: process _exit: EOWNERDEAD, consistent 0
// expect-output: process killed: EOWNERDEAD, consistent 0
// expect-output: process execve: EOWNERDEAD, consistent 0
// expect-output: process, then the next: EOWNERDEAD, consistent 0
// expect-output: two wait: 1 EOWNERDEAD, 1 ok
#define _GNU_SOURCE
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include "asleep.h"

typedef struct
{
    struct robust_list_head head;
    struct { struct robust_list list; uint32_t word; } entry;
} listed;

static struct area
{
    _Atomic uint32_t word, second, third, shared;
    _Atomic int tid, stage, results[2], places[2], died[2], order;
    pthread_mutex_t mutex;
} *a;

static long futex(void *word, int operation, long value, void *timeout) { return syscall(SYS_futex, word, operation, value, timeout, 0, 0) ? errno : 0; }
static const char *named(int error) { return error ? strerrorname_np(error) : "0"; }

static const char *describe(uint32_t word)
{
    static char text[64];
    int owner = word & FUTEX_TID_MASK;
    sprintf(text, "%s%s%s", !owner ? "none" : owner == gettid() ? "mine" : "another's", word & FUTEX_WAITERS ? " waiters" : "", word & FUTEX_OWNER_DIED ? " died" : "");
    return text;
}

static void take(_Atomic uint32_t *word)
{
    uint32_t free = 0;
    if (!atomic_compare_exchange_strong(word, &free, gettid()))
        futex(word, FUTEX_LOCK_PI_PRIVATE, 0, 0);
}

static pthread_t start(void *(*body)(void *), void *argument)
{
    pthread_t thread;
    a->tid = a->stage = 0;
    pthread_create(&thread, 0, body, argument);
    return thread;
}

// Holds a word, says so, and ends when someone waits for it.
static void *hold_and_end(void *word)
{
    take(word);
    a->stage = 1;
    AWAIT(*(_Atomic uint32_t *)word & FUTEX_WAITERS);
    await_state_of(getpid(), getpid(), 'S');
    return 0;
}

static void *hold_and_unlock(void *word)
{
    hold_and_end(word);
    futex(word, FUTEX_UNLOCK_PI_PRIVATE, 0, 0);
    return 0;
}

static void *wait_for(void *word)
{
    a->tid = gettid();
    int which = a->stage++;
    a->results[which] = futex(word, FUTEX_LOCK_PI_PRIVATE, 0, 0);
    a->places[which] = a->order++;
    uint32_t now = *(_Atomic uint32_t *)word;
    a->died[which] = (now & FUTEX_TID_MASK) != gettid() ? -1 : !!(now & FUTEX_OWNER_DIED);
    futex(word, FUTEX_UNLOCK_PI_PRIVATE, 0, 0);
    return 0;
}

// Holds a word for two others, and ends.
static void *hold_for_two(void *word)
{
    take(word);
    a->stage = 0;
    pthread_t waiters[2];
    for (int i = 0; i < 2; i++)
    {
        a->tid = 0;
        pthread_create(waiters + i, 0, wait_for, word);
        AWAIT(a->tid && *(_Atomic uint32_t *)word & FUTEX_WAITERS);
        await_state_of(getpid(), a->tid, 'S');
    }
    for (int i = 0; i < 2; i++)
        pthread_detach(waiters[i]);
    return 0;
}

// Ends with a list of the kernel's own kind that names its word as one of priority inheritance.
static void *hold_listed(void *waits)
{
    static listed lists[2];
    listed *mine = lists + (waits != 0);
    mine->head.list.next = (void *)((uintptr_t)&mine->entry.list | 1);
    mine->head.futex_offset = (char *)&mine->entry.word - (char *)&mine->entry.list;
    mine->entry.list.next = &mine->head.list;
    mine->entry.word = gettid();
    syscall(SYS_set_robust_list, &mine->head, sizeof mine->head);
    a->stage = 1;
    if (waits)
    {
        AWAIT(*(volatile uint32_t *)&mine->entry.word & FUTEX_WAITERS);
        await_state_of(getpid(), getpid(), 'S');
    }
    return &mine->entry.word;
}

// Holds one word and waits for the next.
static void *hold_and_want(void *both)
{
    _Atomic uint32_t **words = both;
    take(words[0]);
    a->tid = gettid();
    a->stage = 1;
    futex(words[1], FUTEX_LOCK_PI_PRIVATE, 0, 0);
    futex(words[1], FUTEX_UNLOCK_PI_PRIVATE, 0, 0);
    futex(words[0], FUTEX_UNLOCK_PI_PRIVATE, 0, 0);
    return 0;
}

static void raw(void)
{
    pthread_t thread = start(hold_and_end, &a->word);
    AWAIT(a->stage);
    int r = futex(&a->word, FUTEX_LOCK_PI_PRIVATE, 0, 0);
    printf("raw, owner exits: %s, word: %s\n", named(r), describe(a->word));
    pthread_join(thread, 0);
    r = futex(&a->word, FUTEX_UNLOCK_PI_PRIVATE, 0, 0);
    printf("raw, unlock: %s, word: %s\n", named(r), describe(a->word));

    a->word = 4194303;
    r = futex(&a->word, FUTEX_LOCK_PI_PRIVATE, 0, 0);
    printf("raw, owner was gone: %s\n", named(r));

    a->word = 0;
    thread = start(hold_and_unlock, &a->word);
    AWAIT(a->stage);
    r = futex(&a->word, FUTEX_LOCK_PI_PRIVATE, 0, 0);
    printf("raw, handed over: %s, word: %s\n", named(r), describe(a->word));
    pthread_join(thread, 0);
    futex(&a->word, FUTEX_UNLOCK_PI_PRIVATE, 0, 0);

    a->word = a->order = 0;
    thread = start(hold_for_two, &a->word);
    pthread_join(thread, 0);
    AWAIT(a->order == 2 && a->word == 0);
    printf("raw, two wait: %d %d, in order %d, died %d %d\n", a->results[0], a->results[1], a->places[0] < a->places[1], a->died[0], a->died[1]);

    thread = start(hold_listed, 0);
    uint32_t *word;
    pthread_join(thread, (void **)&word);
    // The thread's id is told gone before its lists are looked at or after; its word then is.
    AWAIT(!(*(volatile uint32_t *)word & FUTEX_TID_MASK));
    r = futex(word, FUTEX_LOCK_PI_PRIVATE, 0, 0);
    printf("raw, own list: %s, word: %s\n", named(r), describe(*word));

    static uint32_t *waited;
    thread = start(hold_listed, &waited);
    AWAIT(a->stage);
    // Where the word is follows from the first.
    word = (uint32_t *)((char *)word + sizeof(listed));
    r = futex(word, FUTEX_LOCK_PI_PRIVATE, 0, 0);
    printf("raw, list and waiter: %s, word: %s\n", named(r), describe(*word));
    pthread_join(thread, 0);

    a->word = a->second = a->third = 0;
    take(&a->word);
    _Atomic uint32_t *pair[] = {&a->second, &a->word};
    thread = start(hold_and_want, pair);
    AWAIT(a->stage);
    await_state_of(getpid(), a->tid, 'S');
    AWAIT(a->word & FUTEX_WAITERS);
    r = futex(&a->second, FUTEX_LOCK_PI_PRIVATE, 0, 0);
    printf("raw, each for the other: %s\n", named(r));
    futex(&a->word, FUTEX_UNLOCK_PI_PRIVATE, 0, 0);
    pthread_join(thread, 0);

    a->word = a->second = a->third = 0;
    take(&a->word);
    _Atomic uint32_t *next[] = {&a->third, &a->second};
    thread = start(hold_and_want, pair);
    AWAIT(a->stage);
    AWAIT(a->word & FUTEX_WAITERS);
    pthread_t other = start(hold_and_want, next);
    AWAIT(a->stage);
    AWAIT(a->second & FUTEX_WAITERS);
    await_state_of(getpid(), a->tid, 'S');
    r = futex(&a->third, FUTEX_LOCK_PI_PRIVATE, 0, 0);
    printf("raw, three in a ring: %s\n", named(r));
    futex(&a->word, FUTEX_UNLOCK_PI_PRIVATE, 0, 0);
    pthread_join(thread, 0);
    pthread_join(other, 0);
}

// A process that holds a word or the mutex and ends in one of three ways when the parent sleeps.
static pid_t holder(int how, int isMutex, int waits)
{
    a->stage = 0;
    pid_t parent = getpid(), pid = fork();
    if (pid)
    {
        AWAIT(a->stage);
        return pid;
    }
    if (isMutex)
        pthread_mutex_lock(&a->mutex);
    else
        a->shared = gettid();
    a->stage = 1;
    if (waits)
    {
        if (!isMutex)
            AWAIT(a->shared & FUTEX_WAITERS);
        await_sleep(parent);
        if (isMutex)
            AWAIT(a->mutex.__data.__lock & FUTEX_WAITERS);
        await_sleep(parent);
    }
    if (how == 1)
        kill(getpid(), SIGKILL);
    if (how == 2)
        execl("/bin/true", "true", NULL);
    _exit(0);
}

static void shared(void)
{
    static const char *ways[] = {"exits", "killed", "replaced"};
    for (int how = 0; how < 3; how++)
    {
        a->shared = 0;
        pid_t pid = holder(how, 0, 1);
        int r = futex(&a->shared, FUTEX_LOCK_PI, 0, 0);
        printf("shared, owner %s: %s, word: %s\n", ways[how], named(r), describe(a->shared));
        waitpid(pid, 0, 0);
    }
}

static void *lock_and_end(void *unused) { return (void *)(long)pthread_mutex_lock(&a->mutex); }

static void *lock_until(void *time) { return (void *)(long)pthread_mutex_timedlock(&a->mutex, time); }

static void *lock_and_wait_and_end(void *unused)
{
    pthread_mutex_lock(&a->mutex);
    a->stage = 1;
    AWAIT(a->mutex.__data.__lock & FUTEX_WAITERS);
    await_sleep(getpid());
    return 0;
}

static void make(int isShared)
{
    pthread_mutexattr_t m;
    pthread_mutexattr_init(&m);
    pthread_mutexattr_setprotocol(&m, PTHREAD_PRIO_INHERIT);
    pthread_mutexattr_setrobust(&m, PTHREAD_MUTEX_ROBUST);
    pthread_mutexattr_setpshared(&m, isShared);
    memset(&a->mutex, 0, sizeof a->mutex);
    pthread_mutex_init(&a->mutex, &m);
}

static void threads(void)
{
    void *result;
    make(PTHREAD_PROCESS_PRIVATE);
    pthread_join(start(lock_and_end, 0), &result);
    int dead = pthread_mutex_lock(&a->mutex), repaired = pthread_mutex_consistent(&a->mutex);
    pthread_mutex_unlock(&a->mutex);
    int again = pthread_mutex_lock(&a->mutex);
    pthread_mutex_unlock(&a->mutex);
    printf("thread: died %ld, %s, consistent %d, again %d\n", (long)result, named(dead), repaired, again);

    make(PTHREAD_PROCESS_PRIVATE);
    pthread_t thread = start(lock_and_wait_and_end, 0);
    AWAIT(a->stage);
    dead = pthread_mutex_lock(&a->mutex);
    pthread_mutex_unlock(&a->mutex);
    printf("waiting thread: %s, given up %s\n", named(dead), named(pthread_mutex_lock(&a->mutex)));
    pthread_join(thread, 0);

    make(PTHREAD_PROCESS_PRIVATE);
    pthread_join(start(lock_and_end, 0), 0);
    dead = pthread_mutex_trylock(&a->mutex);
    pthread_mutex_consistent(&a->mutex);
    struct timespec past = {1, 0};
    pthread_t late;
    pthread_create(&late, 0, lock_until, &past);
    pthread_join(late, &result);
    pthread_mutex_unlock(&a->mutex);
    printf("try: %s, %s\n", named(dead), named((long)result));
}

static void processes(void)
{
    static const char *ways[] = {"_exit", "killed", "execve"};
    make(PTHREAD_PROCESS_SHARED);
    for (int how = 0; how < 3; how++)
    {
        pid_t pid = holder(how, 1, 1);
        int dead = pthread_mutex_lock(&a->mutex), repaired = pthread_mutex_consistent(&a->mutex);
        pthread_mutex_unlock(&a->mutex);
        printf("process %s: %s, consistent %d\n", ways[how], named(dead), repaired);
        waitpid(pid, 0, 0);
    }
    waitpid(holder(1, 1, 0), 0, 0);
    int dead = pthread_mutex_lock(&a->mutex), repaired = pthread_mutex_consistent(&a->mutex);
    pthread_mutex_unlock(&a->mutex);
    printf("process, then the next: %s, consistent %d\n", named(dead), repaired);

    // Two processes wait for a third; the one that gets the lock first repairs it for the other.
    a->results[0] = a->results[1] = 0;
    pthread_mutex_lock(&a->mutex);
    pid_t waiters[2];
    for (int i = 0; i < 2; i++)
        if (!(waiters[i] = fork()))
        {
            int r = pthread_mutex_lock(&a->mutex);
            a->results[r == EOWNERDEAD ? 0 : 1] += r == EOWNERDEAD || r == 0;
            if (r == EOWNERDEAD)
                pthread_mutex_consistent(&a->mutex);
            pthread_mutex_unlock(&a->mutex);
            _exit(0);
        }
    for (int i = 0; i < 2; i++)
    {
        await_sleep(waiters[i]);
        AWAIT(a->mutex.__data.__lock & FUTEX_WAITERS);
        await_sleep(waiters[i]);
    }
    pid_t third = fork();
    if (!third)
    {
        pthread_mutex_lock(&a->mutex);
        _exit(0);
    }
    await_sleep(third);
    pthread_mutex_unlock(&a->mutex);
    for (int i = 0; i < 3; i++)
        wait(0);
    // The third was last in the line: it dies with the lock when both have had it, unless it came first; all that is sure is that nobody is left behind.
    dead = pthread_mutex_lock(&a->mutex);
    printf("two wait: %d EOWNERDEAD, %d ok\n", a->results[0] + (dead == EOWNERDEAD), a->results[1] - (dead != EOWNERDEAD) > 0);
}

int main(void)
{
    setvbuf(stdout, 0, _IOLBF, 0);
    a = mmap(0, sizeof *a, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    raw();
    shared();
    threads();
    processes();
    return 42;
}
