// Record locks of processes and of open file descriptions, seen from one process: conflicts, splits, joins, what closing a descriptor drops.
// expect-status: 42
// expect-output: none: UNLCK
// expect-output: other description: WRLCK at 10 for 20 pid -1
// expect-output: conflict EAGAIN, beside it ok
// expect-output: shared over exclusive EAGAIN, shared twice ok ok
// expect-output: hole: 10+5 free 15+5 20+0
// expect-output: joined: 0+100
// expect-output: negative length: 40+10
// expect-output: end of file relative: 90+0
// expect-output: process lock seen by description: WRLCK 0+1 mine 1
// expect-output: dropped by closing another descriptor: UNLCK
// expect-output: dup keeps description's lock: WRLCK, last close drops: UNLCK
// expect-output: errors: EBADF EBADF EINVAL EINVAL EFAULT EINVAL EOVERFLOW EINVAL
// expect-output: waiting ends by signal: EINTR
// expect-output: flock: EWOULDBLOCK, after unlock ok, shared both ok, upgrade EWOULDBLOCK
// expect-output: owner: 0, mine 1, group 1, ESRCH, signal 10 EINVAL
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/time.h>
#include <unistd.h>

static void nothing(int s) {}

static const char *e(long r)
{
    if (r >= 0)
        return "ok";
    switch (errno) {
    case EAGAIN: return "EAGAIN";
    case EBADF: return "EBADF";
    case EINVAL: return "EINVAL";
    case EFAULT: return "EFAULT";
    case EINTR: return "EINTR";
    case EOVERFLOW: return "EOVERFLOW";
    case ESRCH: return "ESRCH";
    default: return strerror(errno);
    }
}

static int lock(int fd, int cmd, int type, int whence, off_t start, off_t len)
{
    struct flock l = { .l_type = type, .l_whence = whence, .l_start = start, .l_len = len };
    return fcntl(fd, cmd, &l);
}

static struct flock ask(int fd, int cmd, int type, off_t start, off_t len)
{
    struct flock l = { .l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = len };
    fcntl(fd, cmd, &l);
    return l;
}

static const char *kind(struct flock l) { return l.l_type == F_UNLCK ? "UNLCK" : l.l_type == F_WRLCK ? "WRLCK" : "RDLCK"; }

int main(void)
{
    char name[] = "/tmp/lockXXXXXX";
    int a = mkstemp(name), b = open(name, O_RDWR), r = open(name, O_RDONLY), w = open(name, O_WRONLY);
    ftruncate(a, 100);
    printf("none: %s\n", kind(ask(a, F_GETLK, F_WRLCK, 0, 0)));
    lock(a, F_OFD_SETLK, F_WRLCK, SEEK_SET, 10, 20);
    struct flock l = ask(b, F_OFD_GETLK, F_RDLCK, 0, 0);
    printf("other description: %s at %ld for %ld pid %d\n", kind(l), (long)l.l_start, (long)l.l_len, l.l_pid);
    const char *conflict = e(lock(b, F_OFD_SETLK, F_WRLCK, SEEK_SET, 29, 1));
    printf("conflict %s, beside it %s\n", conflict, e(lock(b, F_OFD_SETLK, F_WRLCK, SEEK_SET, 30, 1)));
    lock(b, F_OFD_SETLK, F_UNLCK, SEEK_SET, 0, 0);
    const char *over = e(lock(b, F_OFD_SETLK, F_RDLCK, SEEK_SET, 0, 11));
    const char *s1 = e(lock(a, F_OFD_SETLK, F_RDLCK, SEEK_SET, 50, 10));
    printf("shared over exclusive %s, shared twice %s %s\n", over, s1, e(lock(b, F_OFD_SETLK, F_RDLCK, SEEK_SET, 55, 10)));
    lock(b, F_OFD_SETLK, F_UNLCK, SEEK_SET, 0, 0);
    lock(a, F_OFD_SETLK, F_UNLCK, SEEK_SET, 0, 0);
    lock(a, F_OFD_SETLK, F_WRLCK, SEEK_SET, 10, 0);
    lock(a, F_OFD_SETLK, F_UNLCK, SEEK_SET, 15, 5);
    struct flock h1 = ask(b, F_OFD_GETLK, F_RDLCK, 0, 15), h2 = ask(b, F_OFD_GETLK, F_RDLCK, 15, 5), h3 = ask(b, F_OFD_GETLK, F_RDLCK, 15, 0);
    printf("hole: %ld+%ld %s 15+5 %ld+%ld\n", (long)h1.l_start, (long)h1.l_len, h2.l_type == F_UNLCK ? "free" : "taken", (long)h3.l_start, (long)h3.l_len);
    lock(a, F_OFD_SETLK, F_UNLCK, SEEK_SET, 0, 0);
    lock(a, F_OFD_SETLK, F_WRLCK, SEEK_SET, 0, 50);
    lock(a, F_OFD_SETLK, F_WRLCK, SEEK_SET, 70, 30);
    lock(a, F_OFD_SETLK, F_WRLCK, SEEK_SET, 50, 20);
    l = ask(b, F_OFD_GETLK, F_RDLCK, 80, 1);
    printf("joined: %ld+%ld\n", (long)l.l_start, (long)l.l_len);
    lock(a, F_OFD_SETLK, F_UNLCK, SEEK_SET, 0, 0);
    lock(a, F_OFD_SETLK, F_WRLCK, SEEK_SET, 50, -10);
    l = ask(b, F_OFD_GETLK, F_RDLCK, 0, 0);
    printf("negative length: %ld+%ld\n", (long)l.l_start, (long)l.l_len);
    lock(a, F_OFD_SETLK, F_UNLCK, SEEK_SET, 0, 0);
    lock(a, F_OFD_SETLK, F_WRLCK, SEEK_END, -10, 0);
    l = ask(b, F_OFD_GETLK, F_RDLCK, 0, 0);
    printf("end of file relative: %ld+%ld\n", (long)l.l_start, (long)l.l_len);
    lock(a, F_OFD_SETLK, F_UNLCK, SEEK_SET, 0, 0);
    lock(a, F_SETLK, F_WRLCK, SEEK_SET, 0, 1);
    l = ask(b, F_OFD_GETLK, F_RDLCK, 0, 0);
    printf("process lock seen by description: %s %ld+%ld mine %d\n", kind(l), (long)l.l_start, (long)l.l_len, l.l_pid == getpid());
    int extra = open(name, O_RDONLY);
    close(extra);
    printf("dropped by closing another descriptor: %s\n", kind(ask(b, F_OFD_GETLK, F_RDLCK, 0, 0)));
    int c = open(name, O_RDWR), copy = dup(c);
    lock(c, F_OFD_SETLK, F_WRLCK, SEEK_SET, 0, 1);
    close(c);
    const char *kept = kind(ask(b, F_OFD_GETLK, F_RDLCK, 0, 0));
    close(copy);
    printf("dup keeps description's lock: %s, last close drops: %s\n", kept, kind(ask(b, F_OFD_GETLK, F_RDLCK, 0, 0)));
    printf("errors: %s", e(lock(r, F_SETLK, F_WRLCK, SEEK_SET, 0, 1)));
    printf(" %s", e(lock(w, F_SETLK, F_RDLCK, SEEK_SET, 0, 1)));
    printf(" %s", e(lock(a, F_SETLK, 7, SEEK_SET, 0, 1)));
    printf(" %s", e(lock(a, F_GETLK, F_UNLCK, SEEK_SET, 0, 1)));
    printf(" %s", e(fcntl(a, F_SETLK, (void *)16)));
    printf(" %s", e(lock(a, F_SETLK, F_WRLCK, SEEK_SET, -1, 1)));
    printf(" %s", e(lock(a, F_SETLK, F_WRLCK, SEEK_SET, 5, 0x7fffffffffffffffl)));
    printf(" %s\n", e(lock(a, F_SETLK, F_WRLCK, 9, 5, 1)));
    lock(a, F_OFD_SETLK, F_WRLCK, SEEK_SET, 0, 1);
    struct sigaction sa = { .sa_handler = nothing };
    sigaction(SIGALRM, &sa, 0);
    struct itimerval t = { { 0, 20000 }, { 0, 20000 } };
    setitimer(ITIMER_REAL, &t, 0);
    printf("waiting ends by signal: %s\n", e(lock(b, F_OFD_SETLKW, F_WRLCK, SEEK_SET, 0, 1)));
    setitimer(ITIMER_REAL, &(struct itimerval){ 0 }, 0);
    flock(a, LOCK_EX);
    const char *f1 = flock(b, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK ? "EWOULDBLOCK" : "?";
    flock(a, LOCK_UN);
    const char *f2 = e(flock(b, LOCK_EX | LOCK_NB));
    flock(b, LOCK_SH);
    const char *f3 = e(flock(a, LOCK_SH | LOCK_NB));
    printf("flock: %s, after unlock %s, shared both %s, upgrade %s\n", f1, f2, f3, flock(a, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK ? "EWOULDBLOCK" : "?");
    int p[2];
    pipe(p);
    int none = fcntl(p[0], F_GETOWN);
    fcntl(p[0], F_SETOWN, getpid());
    int mine = fcntl(p[0], F_GETOWN) == getpid();
    fcntl(p[0], F_SETOWN, -getpgrp());
    struct f_owner_ex ex;
    fcntl(p[0], F_GETOWN_EX, &ex);
    printf("owner: %d, mine %d, group %d,", none, mine, ex.type == F_OWNER_PGRP && ex.pid == getpgrp());
    printf(" %s,", e(fcntl(p[0], F_SETOWN, 4194000)));
    fcntl(p[0], F_SETSIG, 10);
    printf(" signal %d", fcntl(p[0], F_GETSIG));
    printf(" %s\n", e(fcntl(p[0], F_SETSIG, 65)));
    unlink(name);
    return 42;
}
