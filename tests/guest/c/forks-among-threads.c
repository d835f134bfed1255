// Processes made while many threads run: fork with handlers of pthread_atfork, exec in the child and from threads, vfork and posix_spawn, memory that no copy tears.
// An argument says how many rounds to make.
// expect-status: 42
// expect-output: children saw one thread, whole records, their own id: 0 wrong
// expect-output: handlers ran: prepare, parent and child as often as there were forks
// expect-output: bytes read during forks: all there
// expect-output: stores during forks: none lost
// expect-output: spawned by threads: all ended with their numbers
// expect-output: programs run from threads: all ended with their numbers
// expect-output: no child left: ECHILD
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;
static int rounds = 20;
static char *self;
static atomic_int stop;
static volatile int prepared, in_parent, in_child;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct { volatile long a, b; } record;

static void prepare(void) { pthread_mutex_lock(&lock); prepared++; }
static void parent(void) { in_parent++; pthread_mutex_unlock(&lock); }
static void child(void) { in_child++; pthread_mutex_unlock(&lock); }

static void *change_record(void *arg)
{
    while (!stop)
    {
        pthread_mutex_lock(&lock);
        record.a++;
        char *some = malloc(100 + record.a % 3000);
        memset(some, 1, 50);
        record.b++;
        pthread_mutex_unlock(&lock);
        free(some);
    }
    return 0;
}

// What the kernel stores into memory that is being copied must reach this process.
static atomic_int torn;
static void *read_bytes(void *arg)
{
    static char from[5000];
    int ends[2];
    pipe(ends);
    char *to = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (int n = 1; !stop; n++)
    {
        memset(from, n, sizeof from);
        write(ends[1], from, 4000);
        if (read(ends[0], to + 1000, 4000) != 4000 || memcmp(to + 1000, from, 4000))
            torn++;
        sched_yield();
    }
    munmap(to, 8192);
    close(ends[0]);
    close(ends[1]);
    return 0;
}

static atomic_int lost;
static void *store_words(void *arg)
{
    volatile uint64_t *words = mmap(0, 4 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (uint64_t n = 1; !stop; n++)
    {
        for (int i = 0; i < 4; i++)
            words[i * 512 + n % 512] = n;
        for (int i = 0; i < 4; i++)
            if (words[i * 512 + n % 512] != n)
                lost++;
        if (n > 600)
            for (int i = 0; i < 4; i++)
                if (words[i * 512 + (n - 511) % 512] != n - 511)
                    lost++;
    }
    munmap((void *)words, 4 * 4096);
    return 0;
}

static int threads_of_mine(void)
{
    DIR *d = opendir("/proc/self/task");
    int n = 0;
    for (struct dirent *e; d && (e = readdir(d));)
        n += e->d_name[0] != '.';
    if (d)
        closedir(d);
    return n;
}

static void forks(void)
{
    pthread_t t[6];
    int wrong = 0;
    for (int i = 0; i < 4; i++)
        pthread_create(t + i, 0, change_record, 0);
    pthread_create(t + 4, 0, read_bytes, 0);
    pthread_create(t + 5, 0, store_words, 0);
    for (int i = 0; i < rounds; i++)
    {
        pid_t before = getpid(), pid = fork();
        if (pid == 0)
        {
            int bad = threads_of_mine() != 1;
            bad |= (record.a != record.b) << 1;
            bad |= (getppid() != before || getpid() == before || gettid() != getpid()) << 2;
            long a = record.a;
            char *some = malloc(100000);
            memset(some, 2, 100000);
            free(some);
            bad |= (record.a != a) << 3;
            bad |= (in_child != 1) << 4;
            if (i % 4 == 1)
            {
                char text[16];
                snprintf(text, sizeof text, "%d", bad);
                execl(self, self, "end", text, (char *)0);
            }
            _exit(bad);
        }
        int status;
        if (waitpid(pid, &status, 0) != pid || status)
            wrong++;
    }
    stop = 1;
    for (int i = 0; i < 6; i++)
        pthread_join(t[i], 0);
    printf("children saw one thread, whole records, their own id: %d wrong\n", wrong);
    printf("handlers ran: %s\n", prepared == rounds && in_parent == rounds && !in_child ? "prepare, parent and child as often as there were forks" : "another number of times");
    printf("bytes read during forks: %s\n", torn ? "LOST" : "all there");
    printf("stores during forks: %s\n", lost ? "LOST" : "none lost");
}

static atomic_int wrong_ends;
static void *spawns(void *arg)
{
    for (int i = 0; i < (rounds + 3) / 4; i++)
    {
        char text[16];
        int number = 1 + ((intptr_t)arg * 50 + i) % 200, status;
        snprintf(text, sizeof text, "%d", number);
        char *words[] = {self, "end", text, 0};
        pid_t pid = -1;
        if (i & 1)
        {
            if (posix_spawn(&pid, self, 0, 0, words, environ))
                wrong_ends++;
        }
        else if ((pid = vfork()) == 0)
        {
            execv(self, words);
            _exit(99);
        }
        if (waitpid(pid, &status, 0) != pid || status != number << 8)
            wrong_ends++;
    }
    return 0;
}

static void *runs_program(void *arg) { execl(self, self, "end", (char *)arg, (char *)0); return 0; }
static void *spins(void *arg) { for (volatile long i = 0;; i++) ; }
static void *sleeps(void *arg) { for (;;) pause(); }

// execve from a thread while others run, sleep, and call it too: one of them wins, and its number is the process's end.
static void executes(void)
{
    int wrong = 0;
    for (int i = 0; i < (rounds + 3) / 4; i++)
    {
        pid_t pid = fork();
        if (pid == 0)
        {
            pthread_t t;
            pthread_create(&t, 0, spins, 0);
            pthread_create(&t, 0, sleeps, 0);
            pthread_create(&t, 0, runs_program, "7");
            if (i % 3 == 0)
                pthread_create(&t, 0, runs_program, "7");
            if (i % 3 == 1)
                pthread_exit(0);
            if (i % 3 == 2)
                for (;;)
                    pthread_create(&t, 0, sleeps, 0);
            for (;;)
                pause();
        }
        int status;
        if (waitpid(pid, &status, 0) != pid || status != 7 << 8)
            wrong++;
    }
    printf("programs run from threads: %s\n", wrong ? "WRONG" : "all ended with their numbers");
}

int main(int argc, char **argv)
{
    if (argc > 2 && !strcmp(argv[1], "end"))
        return atoi(argv[2]);
    if (argc > 1)
        rounds = atoi(argv[1]);
    self = argv[0];
    setvbuf(stdout, 0, _IOLBF, 0);
    pthread_atfork(prepare, parent, child);
    forks();
    pthread_t t[4];
    for (int i = 0; i < 4; i++)
        pthread_create(t + i, 0, spawns, (void *)(intptr_t)i);
    for (int i = 0; i < 4; i++)
        pthread_join(t[i], 0);
    printf("spawned by threads: %s\n", wrong_ends ? "WRONG" : "all ended with their numbers");
    executes();
    printf("no child left: %s\n", waitpid(-1, 0, 0) < 0 && errno == ECHILD ? "ECHILD" : "?");
    return 42;
}
