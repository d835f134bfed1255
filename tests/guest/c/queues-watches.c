// POSIX message queues and inotify: priorities, limits, timeouts, notification, what a watch tells and in which order.
// build-options: -lrt
// expect-status: 42
// expect-output: open: ENOENT ok EEXIST EACCES EINVAL
// expect-output: attributes 4 64 0, flags 0, then count 3
// expect-output: order: high 9, first 1, second 1
// expect-output: empty EAGAIN, small EMSGSIZE, long EMSGSIZE, priority EINVAL, write-only EBADF
// expect-output: timeout ETIMEDOUT, bad EINVAL
// expect-output: full EAGAIN poll in 1 out 0
// expect-output: status line QSIZE:8
// expect-output: notified 10 code -3 value 5 once, busy EBUSY
// expect-output: child sends: from child
// expect-output: unlinked ok then ENOENT, still open 1
// expect-output: closed by exec 1
// expect-output: watches 1 2 again 1
// expect-output: CREATE f, OPEN f, MODIFY f, CLOSE_WRITE f
// expect-output: MOVED_FROM f, MOVED_TO g, cookies equal 1
// expect-output: ATTRIB g, DELETE g
// expect-output: directory: CREATE|ISDIR d, DELETE|ISDIR d
// expect-output: removed: IGNORED 1, empty EAGAIN
// expect-output: self: DELETE_SELF, IGNORED
// expect-output: errors: EINVAL EINVAL EBADF ENOENT ENOTDIR EINVAL EINVAL
// expect-output: poll woken by child 1, fionread 32
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static volatile int notified, code, value;
static void got(int s, siginfo_t *i, void *c) { notified = s; code = i->si_code; value = i->si_value.sival_int; }

static const char *e(long r)
{
    if (r >= 0)
        return "ok";
    switch (errno) {
#define E(x) case x: return #x;
    E(EAGAIN) E(EINVAL) E(EBADF) E(ENOENT) E(EEXIST) E(EACCES) E(EMSGSIZE) E(ETIMEDOUT) E(EBUSY) E(ENOTDIR)
    default: return strerror(errno);
    }
}

static char events[4096];
static const char *name(unsigned m)
{
    static char b[64];
    *b = 0;
#define N(x) if (m & IN_##x) { if (*b) strcat(b, "|"); strcat(b, #x); }
    N(CREATE) N(OPEN) N(MODIFY) N(CLOSE_WRITE) N(MOVED_FROM) N(MOVED_TO) N(ATTRIB) N(DELETE) N(DELETE_SELF) N(IGNORED) N(ISDIR)
    return b;
}

static unsigned cookies[2];
/*
 * Shows so many events. They need not all be there at the first read: a file is closed when its last descriptor is, and
 * whoever starts a process at that moment has copies of all descriptors until it runs its program.
 */
static void show(int fd, const char *before, int count)
{
    struct pollfd p = { fd, POLLIN };
    printf("%s", before);
    for (int k = 0; k < count && poll(&p, 1, 30000) == 1;) {
        int n = read(fd, events, sizeof events);
        for (char *q = events; n > 0 && q < events + n;) {
            struct inotify_event *v = (void *)q;
            printf("%s%s%s%s", k ? ", " : "", name(v->mask), v->len ? " " : "", v->len ? v->name : "");
            cookies[k++ & 1] = v->cookie;
            q += sizeof *v + v->len;
        }
    }
}

int main(int argc, char **argv)
{
    if (argc > 1)
        return fcntl(atoi(argv[1]), F_GETFD) == -1;
    setvbuf(stdout, 0, _IOLBF, 0);
    char q[32], b[9000];
    unsigned prio;
    snprintf(q, sizeof q, "/faultq%d", getpid());
    struct mq_attr at = { 0, 4, 64 }, bad = { 0, 0, 64 }, cur;
    printf("open: %s", e(mq_open(q, O_RDWR)));
    mqd_t m = mq_open(q, O_RDWR | O_CREAT, 0600, &at);
    printf(" %s", e(m));
    printf(" %s", e(mq_open(q, O_RDWR | O_CREAT | O_EXCL, 0600, &at)));
    printf(" %s", e(mq_open("/a/b", O_RDWR | O_CREAT, 0600, &at)));
    printf(" %s\n", e(mq_open("/faultbad", O_RDWR | O_CREAT, 0600, &bad)));
    mq_getattr(m, &cur);
    printf("attributes %ld %ld %ld, flags %ld", cur.mq_maxmsg, cur.mq_msgsize, cur.mq_curmsgs, cur.mq_flags);
    mq_send(m, "first", 5, 1);
    mq_send(m, "second", 6, 1);
    mq_send(m, "high", 4, 9);
    mq_getattr(m, &cur);
    printf(", then count %ld\norder:", cur.mq_curmsgs);
    for (int i = 0; i < 3; i++) {
        int n = mq_receive(m, b, sizeof b, &prio);
        printf("%s %.*s %u", i ? "," : "", n, b, prio);
    }
    struct mq_attr nb = { O_NONBLOCK };
    mq_setattr(m, &nb, 0);
    printf("\nempty %s", e(mq_receive(m, b, sizeof b, 0)));
    printf(", small %s", e(mq_receive(m, b, 10, 0)));
    printf(", long %s", e(mq_send(m, b, 65, 0)));
    printf(", priority %s", e(mq_send(m, b, 1, 32768)));
    mqd_t wo = mq_open(q, O_WRONLY);
    printf(", write-only %s\n", e(mq_receive(wo, b, sizeof b, 0)));
    mqd_t blocking = mq_open(q, O_RDWR);
    struct timespec t, wrong = { 1, -1 };
    clock_gettime(CLOCK_REALTIME, &t);
    t.tv_nsec += 20000000;
    if (t.tv_nsec >= 1000000000)
        t.tv_sec++, t.tv_nsec -= 1000000000;
    const char *late = e(mq_timedreceive(blocking, b, sizeof b, 0, &t));
    printf("timeout %s, bad %s\n", late, e(mq_timedreceive(blocking, b, sizeof b, 0, &wrong)));
    for (int i = 0; i < 4; i++)
        mq_send(m, "12", 2, 0);
    struct pollfd p = { m, POLLIN | POLLOUT };
    const char *full = e(mq_send(m, "x", 1, 0));
    poll(&p, 1, 0);
    printf("full %s poll in %d out %d\n", full, !!(p.revents & POLLIN), !!(p.revents & POLLOUT));
    int n = read(m, b, 100);
    printf("status line %.7s\n", n > 7 ? b : "?");
    while (mq_receive(m, b, sizeof b, 0) >= 0)
        ;
    struct sigaction sa = { .sa_sigaction = got, .sa_flags = SA_SIGINFO };
    sigaction(SIGUSR1, &sa, 0);
    struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1, .sigev_value.sival_int = 5 };
    mq_notify(m, &ev);
    const char *busy = e(mq_notify(m, &ev));
    mq_send(m, "n", 1, 0);
    int first = notified;
    notified = 0;
    mq_receive(m, b, sizeof b, 0);
    mq_send(m, "n", 1, 0);
    printf("notified %d code %d value %d %s, busy %s\n", first, code, value, notified ? "twice" : "once", busy);
    mq_receive(m, b, sizeof b, 0);
    pid_t c = fork();
    if (c == 0) {
        usleep(20000);
        mq_send(blocking, "from child", 10, 3);
        _exit(0);
    }
    n = mq_receive(blocking, b, sizeof b, 0);
    printf("child sends: %.*s\n", n, b);
    waitpid(c, 0, 0);
    const char *u1 = e(mq_unlink(q));
    printf("unlinked %s", u1);
    printf(" then %s, still open %d\n", e(mq_unlink(q)), mq_send(m, "x", 1, 0) == 0);
    c = fork();
    if (c == 0) {
        char number[16];
        sprintf(number, "%d", m);
        execl("/proc/self/exe", argv[0], number, (char *)0);
        _exit(99);
    }
    int st;
    waitpid(c, &st, 0);
    printf("closed by exec %d\n", WEXITSTATUS(st));

    char dir[] = "/tmp/watchXXXXXX", f[64], g[64], d[64];
    mkdtemp(dir);
    snprintf(f, 64, "%s/f", dir);
    snprintf(g, 64, "%s/g", dir);
    snprintf(d, 64, "%s/d", dir);
    int i = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    unsigned all = IN_CREATE | IN_OPEN | IN_MODIFY | IN_CLOSE_WRITE | IN_MOVE | IN_ATTRIB | IN_DELETE;
    int w1 = inotify_add_watch(i, dir, all);
    int other = open("/tmp", O_RDONLY);
    int w2 = inotify_add_watch(i, "/", IN_DELETE_SELF);
    printf("watches %d %d again %d\n", w1, w2, inotify_add_watch(i, dir, all));
    int h = open(f, O_CREAT | O_WRONLY, 0600);
    write(h, "x", 1);
    close(h);
    show(i, "", 4);
    rename(f, g);
    puts("");
    show(i, "", 2);
    printf(", cookies equal %d\n", cookies[0] == cookies[1] && cookies[0]);
    chmod(g, 0640);
    unlink(g);
    show(i, "", 2);
    mkdir(d, 0700);
    rmdir(d);
    puts("");
    show(i, "directory: ", 2);
    inotify_rm_watch(i, w1);
    n = read(i, events, sizeof events);
    int ign = n > 0 && ((struct inotify_event *)events)->mask == IN_IGNORED;
    printf("\nremoved: IGNORED %d, empty %s\n", ign, e(read(i, events, sizeof events)));
    h = open(f, O_CREAT | O_WRONLY, 0600);
    close(h);
    inotify_add_watch(i, f, IN_DELETE_SELF);
    unlink(f);
    show(i, "self: ", 2);
    printf("\nerrors: %s", e(inotify_init1(1)));
    printf(" %s", e(inotify_add_watch(i, dir, 0)));
    printf(" %s", e(inotify_add_watch(77, dir, 2)));
    printf(" %s", e(inotify_add_watch(i, f, 2)));
    printf(" %s", e(inotify_add_watch(i, "/proc/self/exe", 2 | IN_ONLYDIR)));
    printf(" %s", e(inotify_add_watch(1, dir, 2)));
    printf(" %s\n", e(inotify_rm_watch(i, 4000)));
    inotify_add_watch(i, dir, IN_CREATE);
    c = fork();
    if (c == 0) {
        usleep(20000);
        close(open(f, O_CREAT | O_WRONLY, 0600));
        _exit(0);
    }
    struct pollfd pw = { i, POLLIN };
    int woken = poll(&pw, 1, 30000), count;
    ioctl(i, FIONREAD, &count);
    printf("poll woken by child %d, fionread %d\n", woken, count);
    waitpid(c, 0, 0);
    unlink(f);
    rmdir(dir);
    return 42;
}
