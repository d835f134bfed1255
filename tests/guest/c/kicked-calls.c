// Threads that block in every kind of call while others send them signals: each queued signal is handled once, in its thread, in order, and each call ends by what it waits for.
// An argument says how many signals each thread gets.
// expect-status: 42
// expect-output: threads 12, signals handled as often as sent, in order, each in its thread
// expect-output: calls ended by what they waited for: 12
// expect-output: interrupted at least once: 12
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "asleep.h"

enum { CALLS = 12 };
static int signals = 60;
static __thread int me;
static volatile int handled[CALLS], wrong_order, wrong_thread, interrupted[CALLS], ended[CALLS];
static volatile pid_t tids[CALLS];
static int pipes[CALLS][2], ep, ev, queue, semaphores, lockfd, held;
static int word;

static void handler(int s, siginfo_t *i, void *c)
{
    int who = i->si_value.sival_int >> 16, number = i->si_value.sival_int & 0xFFFF;
    if (who != me)
        wrong_thread++;
    else if (handled[me]++ != number)
        wrong_order++;
}

static long block(int which)
{
    char c;
    struct pollfd p = {pipes[which][0], POLLIN};
    struct epoll_event e;
    fd_set set;
    struct { long type; char text[8]; } m;
    switch (which)
    {
    case 0: return read(pipes[which][0], &c, 1);
    case 1: return poll(&p, 1, -1);
    case 2: return ppoll(&p, 1, &(struct timespec){1000, 0}, 0);
    case 3: FD_ZERO(&set); FD_SET(pipes[which][0], &set); return select(pipes[which][0] + 1, &set, 0, 0, 0);
    case 4: return epoll_wait(ep, &e, 1, -1);
    case 5: return syscall(SYS_futex, &word, FUTEX_WAIT, 0, 0, 0, 0) == 0 || errno == EAGAIN ? 1 : -1;
    case 6: { uint64_t v; return read(ev, &v, 8); }
    case 7: return msgrcv(queue, &m, 8, 0, 0) >= 0 ? 1 : -1;
    case 8: return semop(semaphores, &(struct sembuf){0, -1, 0}, 1) == 0 ? 1 : -1;
    case 9: return recv(pipes[which][0], &c, 1, 0);
    case 10: return flock(lockfd, LOCK_EX) == 0 ? 1 : -1;
    default: { struct flock l = {F_WRLCK, SEEK_SET, 0, 1}; return fcntl(lockfd, F_OFD_SETLKW, &l) == 0 ? 1 : -1; }
    }
}

static void *blocks(void *arg)
{
    me = (intptr_t)arg;
    tids[me] = gettid();
    long r;
    while ((r = block(me)) < 0 && errno == EINTR)
        interrupted[me] = 1;
    ended[me] = r > 0;
    // The signals that came late are handled before the thread ends.
    while (handled[me] < signals)
        rest(1);
    return 0;
}

static pthread_t threads[CALLS];
static void *kicks(void *arg)
{
    int from = (intptr_t)arg;
    for (int n = 0; n < signals; n++)
        for (int i = from; i < CALLS; i += 2)
        {
            if (n % 16 == 0)
                await_state_of(getpid(), tids[i], 'S');
            while (pthread_sigqueue(threads[i], SIGRTMIN + 3, (union sigval){.sival_int = i << 16 | n}) == EAGAIN)
                rest(1);
        }
    return 0;
}

int main(int argc, char **argv)
{
    if (argc > 1)
        signals = atoi(argv[1]);
    char name[] = "/tmp/kickedXXXXXX";
    held = mkstemp(name);
    lockfd = open(name, O_RDWR);
    unlink(name);
    flock(held, LOCK_EX);
    struct flock l = {F_WRLCK, SEEK_SET, 0, 1};
    fcntl(held, F_OFD_SETLK, &l);
    for (int i = 0; i < CALLS; i++)
        if (i == 9)
            socketpair(AF_UNIX, SOCK_STREAM, 0, pipes[i]);
        else
            pipe(pipes[i]);
    ep = epoll_create1(0);
    epoll_ctl(ep, EPOLL_CTL_ADD, pipes[4][0], &(struct epoll_event){EPOLLIN});
    ev = eventfd(0, 0);
    queue = msgget(IPC_PRIVATE, 0600);
    semaphores = semget(IPC_PRIVATE, 1, 0600);
    struct sigaction a = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO};
    sigaction(SIGRTMIN + 3, &a, 0);
    for (intptr_t i = 0; i < CALLS; i++)
        pthread_create(threads + i, 0, blocks, (void *)i);
    for (int i = 0; i < CALLS; i++)
        AWAIT(tids[i]);
    pthread_t t[2];
    for (intptr_t i = 0; i < 2; i++)
        pthread_create(t + i, 0, kicks, (void *)i);
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], 0);
    for (int i = 0; i < CALLS; i++)
        write(pipes[i][1], "x", 1);
    word = 1;
    syscall(SYS_futex, &word, FUTEX_WAKE, 1, 0, 0, 0);
    eventfd_write(ev, 1);
    struct { long type; char text[8]; } m = {1, "m"};
    msgsnd(queue, &m, 1, 0);
    semop(semaphores, &(struct sembuf){0, 1, 0}, 1);
    flock(held, LOCK_UN);
    l.l_type = F_UNLCK;
    fcntl(held, F_OFD_SETLK, &l);
    int right = 0, done = 0, kicked = 0;
    for (int i = 0; i < CALLS; i++)
    {
        pthread_join(threads[i], 0);
        right += handled[i] == signals;
        done += ended[i];
        kicked += interrupted[i];
    }
    msgctl(queue, IPC_RMID, 0);
    semctl(semaphores, 0, IPC_RMID);
    printf("threads %d, signals handled %s, %s, %s\n", CALLS, right == CALLS ? "as often as sent" : "ANOTHER NUMBER OF TIMES", wrong_order ? "OUT OF ORDER" : "in order", wrong_thread ? "IN OTHER THREADS" : "each in its thread");
    printf("calls ended by what they waited for: %d\ninterrupted at least once: %d\n", done, kicked);
    return 42;
}
