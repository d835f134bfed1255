// Many of everything at once: processes, descriptors, threads, and bytes through a pipe.
// Arguments say how many times, and how many MiB go through the pipe.
// expect-status: 42
// expect-output: children alive at once: 200, sum of their ends right
// expect-output: descriptors: 10000 open, then EMFILE, the last one works, lowest free 5
// expect-output: pipe: all bytes in order
// expect-output: threads alive at once: 1000, all joined
// expect-output: threads one after another: 1000
// expect-output: orphans: all reaped, no zombie left
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "asleep.h"

enum { CHILDREN = 200, FILES = 10000, THREADS = 1000 };

static void children(int tell)
{
    int ready[2], go[2], alive = 0, sum = 0;
    pipe(ready);
    pipe(go);
    pid_t pids[CHILDREN];
    for (int i = 0; i < CHILDREN; i++)
    {
        if ((pids[i] = fork()) == 0)
        {
            char c;
            close(go[1]);
            write(ready[1], "x", 1);
            read(go[0], &c, 1);
            _exit(i);
        }
    }
    char c;
    for (int i = 0; i < CHILDREN; i++)
        alive += read(ready[0], &c, 1) == 1;
    for (int i = 0; i < CHILDREN; i++)
        alive -= kill(pids[i], 0) != 0;
    close(go[1]);
    for (int i = 0, status; i < CHILDREN; i++)
        sum += waitpid(pids[i], &status, 0) == pids[i] && status == i << 8 ? i : 1000000;
    close(go[0]);
    close(ready[0]);
    close(ready[1]);
    if (tell)
        printf("children alive at once: %d, sum of their ends %s\n", alive, sum == CHILDREN * (CHILDREN - 1) / 2 ? "right" : "WRONG");
}

static void descriptors(int tell)
{
    static int fds[FILES + 8];
    static struct pollfd polls[FILES + 8];
    struct rlimit old, limit;
    getrlimit(RLIMIT_NOFILE, &old);
    limit = old;
    limit.rlim_cur = FILES;
    if (setrlimit(RLIMIT_NOFILE, &limit))
        perror("setrlimit");
    // 0, 1, 2 and two to come.
    int base = open("/dev/null", O_RDWR), next = eventfd(0, 0), n = 0, error = 0;
    while (n < FILES)
    {
        int pair[2] = {-1, -1};
        switch (n & 3)
        {
        case 0: pair[0] = open("/dev/null", O_RDWR); break;
        case 1: pair[0] = dup(next); break;
        case 2: if (pipe(pair)) pair[0] = dup(base); break;
        default: if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair)) pair[0] = eventfd(0, 0); break;
        }
        if (pair[0] < 0)
        {
            error = errno;
            break;
        }
        fds[n++] = pair[0];
        if (pair[1] >= 0)
            fds[n++] = pair[1];
    }
    int last = dup(base);
    error = last < 0 && errno == EMFILE && error == EMFILE;
    int highest = 0;
    for (int i = 0; i < n; i++)
    {
        polls[i] = (struct pollfd){fds[i], POLLOUT};
        highest = fds[i] > highest ? fds[i] : highest;
    }
    int open_now = 0;
    for (int fd = 0; fd < FILES; fd++)
        open_now += fcntl(fd, F_GETFD) >= 0;
    int works = fcntl(highest, F_GETFD) == 0 && poll(polls, n, 0) > 0;
    for (int i = 0; i < n; i++)
        works &= close(fds[i]) == 0;
    int lowest = dup(base);
    if (tell)
        printf("descriptors: %d open, then %s, the last one %s, lowest free 5\n" + (lowest == next + 1 ? 0 : 1), open_now, error ? "EMFILE" : "?", works && highest == FILES - 1 ? "works" : "DOES NOT");
    close(lowest);
    close(base);
    close(next);
    setrlimit(RLIMIT_NOFILE, &old);
}

static void bytes(int tell, long mib)
{
    enum { PIECE = 1 << 16 };
    static uint64_t piece[PIECE / 8];
    int ends[2], good = 1, status;
    pipe(ends);
    pid_t pid = fork();
    if (pid == 0)
    {
        close(ends[0]);
        for (long n = 0; n < mib << 20; n += PIECE)
        {
            for (int i = 0; i < PIECE / 8; i += 64)
                piece[i] = n + i;
            for (int done = 0; done < PIECE;)
                done += write(ends[1], (char *)piece + done, PIECE - done);
        }
        _exit(0);
    }
    close(ends[1]);
    long total = 0;
    while (1)
    {
        int have = 0, r;
        while (have < PIECE && (r = read(ends[0], (char *)piece + have, PIECE - have)) > 0)
            have += r;
        if (have == 0)
            break;
        for (int i = 0; i < PIECE / 8; i += 64)
            good &= piece[i] == total + i;
        total += have;
    }
    close(ends[0]);
    waitpid(pid, &status, 0);
    if (tell)
        printf("pipe: %s\n", good && total == mib << 20 && status == 0 ? "all bytes in order" : "WRONG");
}

static pthread_barrier_t barrier;
static atomic_int alive, most;
static void *waits(void *arg)
{
    int now = ++alive;
    if (now > most)
        most = now;
    pthread_barrier_wait(&barrier);
    alive--;
    return arg;
}
static void *returns(void *arg) { return arg; }

static void threads(int tell)
{
    static pthread_t t[THREADS];
    pthread_attr_t small;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 65536);
    pthread_barrier_init(&barrier, 0, THREADS + 1);
    most = 0;
    int joined = 0, again = 0;
    void *result;
    for (intptr_t i = 0; i < THREADS; i++)
        if (pthread_create(t + i, &small, waits, (void *)i))
            _exit(1);
    pthread_barrier_wait(&barrier);
    for (intptr_t i = 0; i < THREADS; i++)
        joined += pthread_join(t[i], &result) == 0 && result == (void *)i;
    for (intptr_t i = 0; i < THREADS; i++)
        again += pthread_create(t, &small, returns, (void *)i) == 0 && pthread_join(t[0], &result) == 0 && result == (void *)i;
    if (tell)
        printf("threads alive at once: %d, %s\nthreads one after another: %d\n", most, joined == THREADS ? "all joined" : "NOT all joined", again);
}

// Children whose parent is gone end without anybody but their new parent to wait for them.
static void orphans(int tell)
{
    int all = 0, status;
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    for (int i = 0; i < 10; i++)
    {
        pid_t pid = fork();
        if (pid == 0)
        {
            for (int k = 0; k < 5; k++)
                if (fork() == 0)
                    _exit(3);
            _exit(4);
        }
    }
    while (waitpid(-1, &status, 0) > 0)
        all += status >> 8;
    prctl(PR_SET_CHILD_SUBREAPER, 0);
    if (tell)
        printf("orphans: %s, %s\n", all == 10 * (5 * 3 + 4) ? "all reaped" : "NOT all reaped", errno == ECHILD ? "no zombie left" : "?");
}

int main(int argc, char **argv)
{
    int rounds = argc > 1 ? atoi(argv[1]) : 1;
    long mib = argc > 2 ? atol(argv[2]) : 16;
    // Whatever the program was started with besides the first three.
    for (int i = 3; i < 100; i++)
        close(i);
    for (int i = rounds; i > 0; i--)
    {
        children(i == 1);
        descriptors(i == 1);
        bytes(i == 1, mib);
        threads(i == 1);
        orphans(i == 1);
        fflush(stdout);
    }
    return 42;
}
