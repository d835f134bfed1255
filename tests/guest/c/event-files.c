// signalfd and timerfd: records, counts, poll, flags, re-arming, absolute times, errors in Linux's order; epoll with each of them.
// expect-status: 42
// expect-output: signalfd: empty EAGAIN, short EINVAL
// expect-output: two records: 10 value 0, 34 value 77 code -1
// expect-output: poll before 0 after 1
// expect-output: new mask: taken 12 only, 10 stays 1
// expect-output: signalfd errors: EINVAL EINVAL EBADF EINVAL EFAULT
// expect-output: blocking read woken by timer: 14
// expect-output: timerfd: disarmed EAGAIN, left 1, interval 20 ms
// expect-output: expirations at least 3: 1
// expect-output: one shot 1 then EAGAIN
// expect-output: absolute past: 1
// expect-output: epoll level 1 level 1 after read 0
// expect-output: epoll edge 1 edge 0
// expect-output: timerfd errors: EINVAL EINVAL EINVAL EINVAL EBADF EFAULT EINVAL
// expect-output: nested epoll 1 loop ELOOP self EINVAL
// expect-output: oneshot 1 0 rearmed 1
// expect-output: exclusive mod EINVAL exclusive nested EINVAL regular EPERM
// expect-output: pwait2 timeout 0 bad EINVAL
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

static const char *e(long r)
{
    if (r >= 0)
        return "ok";
    switch (errno) {
    case EAGAIN: return "EAGAIN";
    case EINVAL: return "EINVAL";
    case EBADF: return "EBADF";
    case EFAULT: return "EFAULT";
    case ELOOP: return "ELOOP";
    case EPERM: return "EPERM";
    default: return strerror(errno);
    }
}

static int ready(int fd)
{
    struct pollfd p = { fd, POLLIN };
    return poll(&p, 1, 0);
}

int main(void)
{
    setvbuf(stdout, 0, _IOLBF, 0);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGUSR2);
    sigaddset(&set, SIGALRM);
    sigaddset(&set, SIGRTMIN);
    sigprocmask(SIG_BLOCK, &set, 0);
    int s = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    struct signalfd_siginfo info[3];
    long r1 = read(s, info, sizeof info);
    const char *n1 = e(r1);
    printf("signalfd: empty %s, short %s\n", n1, e(read(s, info, 100)));
    int before = ready(s);
    union sigval v = { .sival_int = 77 };
    sigqueue(getpid(), SIGRTMIN, v);
    raise(SIGUSR1);
    int after = ready(s);
    long n = read(s, info, sizeof info);
    printf("%s records: %d value %d, %d value %d code %d\n", n == 2 * sizeof info[0] ? "two" : "?", info[0].ssi_signo, info[0].ssi_int, info[1].ssi_signo,
        info[1].ssi_int, info[1].ssi_code);
    printf("poll before %d after %d\n", before, after);
    sigset_t other;
    sigemptyset(&other);
    sigaddset(&other, SIGUSR2);
    signalfd(s, &other, 0);
    raise(SIGUSR1);
    raise(SIGUSR2);
    n = read(s, info, sizeof info);
    sigset_t pending;
    sigpending(&pending);
    printf("new mask: taken %d only, 10 stays %d\n", n == sizeof info[0] ? (int)info[0].ssi_signo : -1, sigismember(&pending, SIGUSR1));
    printf("signalfd errors: %s", e(syscall(SYS_signalfd4, -1, &set, 4, 0)));
    printf(" %s", e(syscall(SYS_signalfd4, -1, &set, 8, 1)));
    printf(" %s", e(syscall(SYS_signalfd4, 99, &set, 8, 0)));
    printf(" %s", e(syscall(SYS_signalfd4, 1, &set, 8, 0)));
    printf(" %s\n", e(syscall(SYS_signalfd4, -1, (void *)16, 8, 1)));
    int b = signalfd(-1, &set, 0);
    signalfd(b, &set, 0);
    read(b, info, sizeof info[0]);
    struct itimerspec t = { { 0, 0 }, { 0, 20000000 } };
    timer_t posix;
    timer_create(CLOCK_MONOTONIC, 0, &posix);
    timer_settime(posix, 0, &t, 0);
    read(b, info, sizeof info[0]);
    printf("blocking read woken by timer: %d\n", info[0].ssi_signo);

    int f = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    uint64_t count = 0;
    const char *empty = e(read(f, &count, 8));
    struct itimerspec rep = { { 0, 20000000 }, { 0, 20000000 } }, cur;
    timerfd_settime(f, 0, &rep, 0);
    timerfd_gettime(f, &cur);
    printf("timerfd: disarmed %s, left %d, interval %ld ms\n", empty, cur.it_value.tv_sec == 0 && cur.it_value.tv_nsec > 0, cur.it_interval.tv_nsec / 1000000);
    struct timespec pause = { 0, 70000000 };
    nanosleep(&pause, 0);
    read(f, &count, 8);
    printf("expirations at least 3: %d\n", count >= 3 && count < 100000);
    struct itimerspec once = { { 0, 0 }, { 0, 1000000 } };
    timerfd_settime(f, 0, &once, 0);
    struct pollfd p = { f, POLLIN };
    poll(&p, 1, 30000);
    read(f, &count, 8);
    long again = read(f, &count, 8);
    printf("one shot %lu then %s\n", count, e(again));
    struct itimerspec past = { { 0, 0 }, { 1, 0 } };
    int w = timerfd_create(CLOCK_REALTIME, 0);
    timerfd_settime(w, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &past, 0);
    read(w, &count, 8);
    printf("absolute past: %lu\n", count);

    int ep = epoll_create1(0);
    struct epoll_event ev = { .events = EPOLLIN }, out[4];
    epoll_ctl(ep, EPOLL_CTL_ADD, f, &ev);
    timerfd_settime(f, 0, &once, 0);
    int l1 = epoll_wait(ep, out, 4, 1000), l2 = epoll_wait(ep, out, 4, 0);
    read(f, &count, 8);
    printf("epoll level %d level %d after read %d\n", l1, l2, epoll_wait(ep, out, 4, 0));
    ev.events = EPOLLIN | EPOLLET;
    epoll_ctl(ep, EPOLL_CTL_MOD, f, &ev);
    timerfd_settime(f, 0, &once, 0);
    l1 = epoll_wait(ep, out, 4, 1000);
    l2 = epoll_wait(ep, out, 4, 0);
    printf("epoll edge %d edge %d\n", l1, l2);
    printf("timerfd errors: %s", e(timerfd_create(5, 0)));
    printf(" %s", e(timerfd_create(1, 3)));
    printf(" %s", e(timerfd_settime(f, 8, &once, 0)));
    struct itimerspec wrong = { { 0, 0 }, { 0, 1000000000 } };
    printf(" %s", e(timerfd_settime(f, 0, &wrong, 0)));
    printf(" %s", e(timerfd_settime(77, 0, &once, 0)));
    printf(" %s", e(syscall(SYS_timerfd_settime, 77, 8, (void *)16, 0)));
    printf(" %s\n", e(timerfd_gettime(1, &cur)));

    int outer = epoll_create1(0);
    ev.events = EPOLLIN;
    epoll_ctl(outer, EPOLL_CTL_ADD, ep, &ev);
    epoll_ctl(ep, EPOLL_CTL_MOD, f, &ev);
    int nested = epoll_wait(outer, out, 4, 0);
    const char *loop = e(epoll_ctl(ep, EPOLL_CTL_ADD, outer, &ev));
    printf("nested epoll %d loop %s", nested, loop);
    printf(" self %s\n", e(epoll_ctl(ep, EPOLL_CTL_ADD, ep, &ev)));
    int counter = eventfd(3, 0), shot = epoll_create1(0);
    ev.events = EPOLLIN | EPOLLONESHOT;
    epoll_ctl(shot, EPOLL_CTL_ADD, counter, &ev);
    l1 = epoll_wait(shot, out, 4, 0);
    l2 = epoll_wait(shot, out, 4, 0);
    epoll_ctl(shot, EPOLL_CTL_MOD, counter, &ev);
    printf("oneshot %d %d rearmed %d\n", l1, l2, epoll_wait(shot, out, 4, 0));
    ev.events = EPOLLIN | EPOLLEXCLUSIVE;
    printf("exclusive mod %s", e(epoll_ctl(shot, EPOLL_CTL_MOD, counter, &ev)));
    printf(" exclusive nested %s", e(epoll_ctl(shot, EPOLL_CTL_ADD, ep, &ev)));
    ev.events = EPOLLIN;
    int file = open("/proc/self/exe", O_RDONLY);
    printf(" regular %s\n", e(epoll_ctl(shot, EPOLL_CTL_ADD, file, &ev)));
    struct timespec short_time = { 0, 1000000 }, bad_time = { 0, -1 };
    int quiet = epoll_create1(0);
    long none = syscall(SYS_epoll_pwait2, quiet, out, 4, &short_time, 0, 8);
    printf("pwait2 timeout %ld bad %s\n", none, e(syscall(SYS_epoll_pwait2, quiet, out, 4, &bad_time, 0, 8)));
    return 42;
}
