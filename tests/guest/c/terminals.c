// Pseudo-terminals: line discipline, echo, signals, raw reads with VMIN and VTIME, packet mode, sizes, job control, hang-up.
// build-options: -lutil
// expect-status: 42
// expect-output: locked EIO, named 1, terminal 1, number 1
// expect-output: line: [hello\n] echo [hello\r\n]
// expect-output: erase: [hxllo\n] echo [he\b \bxllo\r\n]
// expect-output: kill: [new\n] echo [old\b \b\b \b\b \bnew\r\n]
// expect-output: word: [one four\n]
// expect-output: literal: [\x03\n] echo [^\b^C\r\n]
// expect-output: end of file: [ab] then 0
// expect-output: two lines: [a\n] [b\n]
// expect-output: partial line unread EAGAIN, input 0
// expect-output: control echo: [^A\r\n]
// expect-output: carriage return: [x\n]
// expect-output: output: [a\r\nb]
// expect-output: raw: [q] [\r\n] echo []
// expect-output: min 3: 3, min 0: 0, time: 0 after 100 ms 1
// expect-output: packet: 0 [data] then 4 flags 1
// expect-output: size 24 80, SIGWINCH 1
// expect-output: no controlling terminal ENXIO, ENOTTY
// expect-output: session: taken 1, group 1, sid 1
// expect-output: interrupt echo [^C], child got SIGINT
// expect-output: background read stops by SIGTTIN 1
// expect-output: background write stops by SIGTTOU 1
// expect-output: hang-up: SIGHUP
// expect-output: after slave closed: EIO hup 1
// expect-output: after master closed: read 0, write EIO, hup 1
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

static volatile int seen;
static void note(int s) { seen = s; }

static const char *e(long r)
{
    return r >= 0 ? "ok" : errno == EIO ? "EIO" : errno == EAGAIN ? "EAGAIN" : errno == ENXIO ? "ENXIO" : errno == ENOTTY ? "ENOTTY" : strerror(errno);
}

static const char *quote(const char *p, int n)
{
    static char b[2][400];
    static int k;
    char *o = b[k ^= 1];
    char *q = o;
    *q++ = '[';
    for (int i = 0; i < n; i++)
        q += p[i] == '\n' ? sprintf(q, "\\n") : p[i] == '\r' ? sprintf(q, "\\r") : p[i] == '\b' ? sprintf(q, "\\b") : p[i] < 32 ? sprintf(q, "\\x%02x", p[i]) : sprintf(q, "%c", p[i]);
    strcpy(q, "]");
    return o;
}

static int m, s;
static char buffer[8192];

static const char *slave(void)
{
    int n = read(s, buffer, sizeof buffer);
    return n < 0 ? e(n) : quote(buffer, n);
}

// What was written has been through the line discipline: poll(2) makes the kernel finish what it has put off, on the slave's side and then the echo on the master's.
static void settle(void)
{
    struct pollfd p[2] = { { s, POLLIN }, { m, POLLIN } };
    poll(p, 1, 0);
    poll(p + 1, 1, 0);
    usleep(3000);
}

static const char *master(void)
{
    static char b[8192];
    fcntl(m, F_SETFL, O_NONBLOCK);
    settle();
    int n = read(m, b, sizeof b);
    fcntl(m, F_SETFL, 0);
    return quote(b, n < 0 ? 0 : n);
}

static void feed(const char *t) { write(m, t, strlen(t)); settle(); }

int main(void)
{
    setvbuf(stdout, 0, _IOLBF, 0);
    m = posix_openpt(O_RDWR | O_NOCTTY);
    const char *name = strdup(ptsname(m));
    const char *locked = e(open(name, O_RDWR | O_NOCTTY));
    unlockpt(m);
    s = open(name, O_RDWR | O_NOCTTY);
    unsigned number = 99;
    ioctl(m, TIOCGPTN, &number);
    printf("locked %s, named %d, terminal %d, number %d\n", locked, ttyname(s) && !strcmp(ttyname(s), name), isatty(s), atoi(name + 9) == (int)number);
    feed("hello\n");
    const char *l = slave();
    printf("line: %s echo %s\n", l, master());
    feed("he\x7fxllo\n");
    l = slave();
    printf("erase: %s echo %s\n", l, master());
    feed("old\x15new\n");
    l = slave();
    printf("kill: %s echo %s\n", l, master());
    feed("one two three\x17\x17" "four\n");
    printf("word: %s\n", slave());
    master();
    feed("\x16\x03\n");
    l = slave();
    printf("literal: %s echo %s\n", l, master());
    feed("ab\x04\x04");
    l = slave();
    printf("end of file: %s then %zd\n", l, read(s, buffer, 10));
    feed("a\nb\n");
    l = slave();
    printf("two lines: %s %s\n", l, slave());
    fcntl(s, F_SETFL, O_NONBLOCK);
    feed("part");
    int count = -1;
    ioctl(s, FIONREAD, &count);
    l = slave();
    printf("partial line unread %s, input %d\n", l, count);
    fcntl(s, F_SETFL, 0);
    feed("\x15");
    master();
    feed("\x01\n");
    slave();
    printf("control echo: %s\n", master());
    feed("x\r");
    printf("carriage return: %s\n", slave());
    master();
    write(s, "a\nb", 3);
    printf("output: %s\n", master());
    struct termios t, old;
    tcgetattr(s, &old);
    t = old;
    cfmakeraw(&t);
    tcsetattr(s, TCSANOW, &t);
    feed("q");
    l = slave();
    printf("raw: %s", l);
    feed("\r\n");
    l = slave();
    printf(" %s echo %s\n", l, master());
    t.c_cc[VMIN] = 3;
    tcsetattr(s, TCSANOW, &t);
    if (fork() == 0) {
        feed("1");
        usleep(20000);
        feed("23");
        _exit(0);
    }
    int three = read(s, buffer, 100);
    wait(0);
    t.c_cc[VMIN] = 0;
    tcsetattr(s, TCSANOW, &t);
    int zero = read(s, buffer, 100);
    t.c_cc[VTIME] = 1;
    tcsetattr(s, TCSANOW, &t);
    struct timespec before, after;
    clock_gettime(CLOCK_MONOTONIC, &before);
    int timed = read(s, buffer, 100);
    clock_gettime(CLOCK_MONOTONIC, &after);
    printf("min 3: %d, min 0: %d, time: %d after 100 ms %d\n", three, zero, timed,
        (after.tv_sec - before.tv_sec) * 1000 + (after.tv_nsec - before.tv_nsec) / 1000000 >= 80);
    tcsetattr(s, TCSANOW, &old);
    master();
    int on = 1, off = 0;
    ioctl(m, TIOCPKT, &on);
    write(s, "data", 4);
    settle();
    int n = read(m, buffer, 100);
    int status = buffer[0];
    l = quote(buffer + 1, n - 1);
    tcflow(s, TCOOFF);
    settle();
    char flags = 0;
    int f = read(m, &flags, 1);
    printf("packet: %d %s then %d flags %d\n", status, l, flags, f);
    tcflow(s, TCOON);
    read(m, &flags, 1);
    ioctl(m, TIOCPKT, &off);

    struct winsize w = { 24, 80 }, got = { 0 };
    pid_t c = fork();
    if (c == 0) {
        setsid();
        const char *none = e(open("/dev/tty", O_RDWR));
        int fd = open(name, O_RDWR | O_NOCTTY);
        pid_t p;
        const char *nogroup = e(ioctl(fd, TIOCGPGRP, &p));
        signal(SIGWINCH, note);
        ioctl(fd, TIOCSCTTY, 0);
        ioctl(m, TIOCSWINSZ, &w);
        usleep(3000);
        ioctl(fd, TIOCGWINSZ, &got);
        printf("size %d %d, SIGWINCH %d\n", got.ws_row, got.ws_col, seen == SIGWINCH);
        printf("no controlling terminal %s, %s\n", none, nogroup);
        int tty = open("/dev/tty", O_RDWR);
        printf("session: taken %d, group %d, sid %d\n", tty >= 0, tcgetpgrp(fd) == getpid(), tcgetsid(fd) == getpid());
        _exit(0);
    }
    waitpid(c, 0, 0);
    c = fork();
    if (c == 0) {
        setsid();
        open(name, O_RDWR);
        int st;
        pid_t a = fork();
        if (a == 0) {
            pause();
            _exit(0);
        }
        setpgid(a, a);
        tcsetpgrp(s, a);
        usleep(3000);
        master();
        feed("\x03");
        const char *echo = master();
        waitpid(a, &st, 0);
        signal(SIGTTOU, SIG_IGN);
        tcsetpgrp(s, getpid());
        signal(SIGTTOU, SIG_DFL);
        printf("interrupt echo %s, child got %s\n", echo, WIFSIGNALED(st) && WTERMSIG(st) == SIGINT ? "SIGINT" : "?");
        a = fork();
        if (a == 0) {
            setpgid(0, 0);
            read(s, buffer, 1);
            _exit(0);
        }
        waitpid(a, &st, WUNTRACED);
        printf("background read stops by SIGTTIN %d\n", WIFSTOPPED(st) && WSTOPSIG(st) == SIGTTIN);
        kill(a, SIGKILL);
        waitpid(a, &st, 0);
        struct termios x;
        tcgetattr(s, &x);
        x.c_lflag |= TOSTOP;
        tcsetattr(s, TCSANOW, &x);
        a = fork();
        if (a == 0) {
            setpgid(0, 0);
            write(s, "x", 1);
            _exit(0);
        }
        waitpid(a, &st, WUNTRACED);
        printf("background write stops by SIGTTOU %d\n", WIFSTOPPED(st) && WSTOPSIG(st) == SIGTTOU);
        kill(a, SIGKILL);
        waitpid(a, &st, 0);
        tcgetattr(s, &x);
        x.c_lflag &= ~TOSTOP;
        tcsetattr(s, TCSANOW, &x);
        _exit(0);
    }
    waitpid(c, 0, 0);
    close(s);
    int ready[2];
    pipe(ready);
    int m2 = posix_openpt(O_RDWR | O_NOCTTY);
    unlockpt(m2);
    char name2[32];
    strcpy(name2, ptsname(m2));
    c = fork();
    if (c == 0) {
        close(m2);
        setsid();
        open(name2, O_RDWR);
        write(ready[1], "x", 1);
        pause();
        _exit(0);
    }
    read(ready[0], buffer, 1);
    close(m2);
    int st;
    waitpid(c, &st, 0);
    printf("hang-up: %s\n", WIFSIGNALED(st) && WTERMSIG(st) == SIGHUP ? "SIGHUP" : "?");
    master();
    struct pollfd p = { m, POLLIN };
    int r = read(m, buffer, 10);
    const char *closed = e(r);
    poll(&p, 1, 0);
    printf("after slave closed: %s hup %d\n", closed, !!(p.revents & POLLHUP));
    s = open(name, O_RDWR | O_NOCTTY);
    close(m);
    p.fd = s;
    poll(&p, 1, 0);
    r = read(s, buffer, 10);
    printf("after master closed: read %d, write %s, hup %d\n", r, e(write(s, "x", 1)), !!(p.revents & POLLHUP));
    return 42;
}
