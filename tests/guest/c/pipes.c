// Pipes: partial reads, a full one, non-blocking ends, splice-free duplication, EPIPE and SIGPIPE, poll's timeouts.
// expect-status: 42
// expect-output: capacity 65536
// expect-output: full -1 EAGAIN
// expect-output: partial 3
// expect-output: poll 0 waited 1
// expect-output: epipe -1 EPIPE signals 1
// expect-output: end of file 0
// expect-output: atomic 4096 then EAGAIN
// expect-output: ppoll 0
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static volatile int signals;
static void count(int sig) { signals++; }
static const char *name(void) { return errno == EAGAIN ? "EAGAIN" : errno == EPIPE ? "EPIPE" : "?"; }

int main(void)
{
    int p[2];
    char buffer[65536] = "";
    pipe2(p, O_NONBLOCK);
    printf("capacity %d\n", fcntl(p[0], F_GETPIPE_SZ));
    long total = 0, r;
    while ((r = write(p[1], buffer, 4096)) > 0)
        total += r;
    printf("full %ld %s\n", r, name());
    // One page of room: a write of a page goes in whole, another does not.
    read(p[0], buffer, 4096);
    r = write(p[1], buffer, 4096);
    long again = write(p[1], buffer, 1);
    while (read(p[0], buffer, sizeof buffer) > 0)
        ;
    write(p[1], "abc", 3);
    printf("partial %zd\n", read(p[0], buffer, 100));
    struct timespec before, after, wait = { 0, 1000000 };
    struct pollfd f = { p[0], POLLIN };
    clock_gettime(CLOCK_MONOTONIC, &before);
    int n = poll(&f, 1, 30);
    clock_gettime(CLOCK_MONOTONIC, &after);
    printf("poll %d waited %d\n", n, (after.tv_sec - before.tv_sec) * 1000000000l + after.tv_nsec - before.tv_nsec >= 30000000l);
    signal(SIGPIPE, count);
    int q[2];
    pipe(q);
    close(q[0]);
    long w = write(q[1], "x", 1);
    printf("epipe %ld %s signals %d\n", w, name(), signals);
    int copy = dup(p[1]);
    close(p[1]);
    close(copy);
    printf("end of file %zd\n", read(p[0], buffer, 1));
    printf("atomic %ld then %s\n", r, again == -1 ? "EAGAIN" : "?");
    f.fd = -1;
    printf("ppoll %d\n", ppoll(&f, 1, &wait, 0));
    return 42;
}
