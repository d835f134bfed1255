// Local stream sockets in one process: pairs, listeners, names in the tree and abstract ones, shutdown, peeking, waiting for all, files and
// ids sent along, poll and both kinds of epoll, and which error wins.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

static volatile int pipes;
static void on_pipe(int sig) { pipes++; }
static void on_alarm(int sig) { }

static long show(const char *what, long result)
{
    if (result < 0)
        printf("%s: %s\n", what, strerrorname_np(errno));
    else
        printf("%s: %ld\n", what, result);
    return result;
}

static socklen_t name_of(struct sockaddr_un *a, const char *name, int abstract)
{
    memset(a, 0, sizeof *a);
    a->sun_family = AF_UNIX;
    strcpy(a->sun_path + abstract, name);
    return offsetof(struct sockaddr_un, sun_path) + strlen(name) + 1;
}

static int events(int fd)
{
    struct pollfd p = { fd, POLLIN | POLLOUT | POLLRDHUP | POLLPRI };
    poll(&p, 1, 0);
    return p.revents;
}

static void pairs(void)
{
    int s[2];
    char b[64] = "";
    show("pair", socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, s));
    show("empty", recv(s[0], b, 1, 0));
    show("write", write(s[1], "hello world", 11));
    show("peek", recv(s[0], b, 5, MSG_PEEK));
    printf("%.5s\n", b);
    int n;
    ioctl(s[0], FIONREAD, &n);
    printf("fionread %d\n", n);
    printf("events %x %x\n", events(s[0]), events(s[1]));
    show("part", read(s[0], b, 6));
    show("send", send(s[1], "!", 1, MSG_NOSIGNAL));
    show("rest", recv(s[0], b, sizeof b, 0));
    printf("%.6s\n", b);
    show("nothing written", send(s[1], b, 0, 0));
    show("nothing read", read(s[0], b, 0));
    show("sendto with address", sendto(s[1], "x", 1, 0, (struct sockaddr *)&(struct sockaddr_un){ AF_UNIX, "x" }, 5));
    show("oob flag on receive", recv(s[0], b, 1, MSG_OOB) < 0 ? 0 : 1);
    show("shutdown wrong", shutdown(s[1], 5));
    write(s[1], "last", 4);
    show("shutdown", shutdown(s[1], SHUT_WR));
    printf("events %x %x\n", events(s[0]), events(s[1]));
    show("after shutdown", write(s[1], "x", 1));
    show("nosignal", send(s[1], "x", 1, MSG_NOSIGNAL));
    printf("signals %d\n", pipes);
    show("read last", read(s[0], b, sizeof b));
    show("end", read(s[0], b, sizeof b));
    show("end again", recv(s[0], b, sizeof b, MSG_PEEK));
    show("other way", write(s[0], "back", 4));
    show("other way read", read(s[1], b, sizeof b));
    // Closed with something unread: the other end learns of it.
    write(s[0], "unread", 6);
    close(s[1]);
    printf("events %x\n", events(s[0]));
    show("reset", read(s[0], b, 1));
    show("then end", read(s[0], b, 1));
    show("epipe", send(s[0], "x", 1, MSG_NOSIGNAL));
    close(s[0]);
    show("bad fd", send(s[0], "x", 1, 0));
    show("not a socket", send(1, "x", 1, 0));
    show("bad flags", socketpair(AF_UNIX, SOCK_STREAM | 0x100, 0, s));
    show("bad type", socketpair(AF_UNIX, SOCK_RDM, 0, s));
    show("bad protocol", socketpair(AF_UNIX, SOCK_STREAM, 7, s));
    show("bad family", socket(99, SOCK_STREAM, 0));
    show("raw is datagram", socketpair(AF_UNIX, SOCK_RAW, 0, s));
    int type;
    socklen_t length = sizeof type;
    getsockopt(s[0], SOL_SOCKET, SO_TYPE, &type, &length);
    printf("type %d\n", type);
    close(s[0]);
    close(s[1]);
}

static void full(void)
{
    int s[2];
    static char b[100000];
    socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, s);
    int size = 20000;
    show("sndbuf", setsockopt(s[0], SOL_SOCKET, SO_SNDBUF, &size, sizeof size));
    socklen_t length = sizeof size;
    getsockopt(s[0], SOL_SOCKET, SO_SNDBUF, &size, &length);
    printf("sndbuf %d\n", size);
    long r, total = 0;
    while ((r = write(s[0], b, sizeof b)) > 0)
        total += r;
    show("full", r);
    printf("took much: %d, all: %d\n", total > 10000, total == sizeof b);
    printf("writable %d\n", !!(events(s[0]) & POLLOUT));
    long got = 0;
    while ((r = read(s[1], b, 777)) > 0)
        got += r;
    printf("all came: %d, writable %d\n", got == total, !!(events(s[0]) & POLLOUT));
    close(s[0]);
    close(s[1]);
}

static void listeners(const char *name, int abstract)
{
    struct sockaddr_un a, b;
    socklen_t length = name_of(&a, name, abstract), other;
    int l = socket(AF_UNIX, SOCK_STREAM, 0);
    show("listen unbound", listen(l, 1));
    show("accept unbound", accept(l, 0, 0));
    show("connect to none", connect(l, (struct sockaddr *)&a, length));
    show("bind short", bind(l, (struct sockaddr *)&a, 1));
    show("bind long", bind(l, (struct sockaddr *)&a, 200));
    show("bind", bind(l, (struct sockaddr *)&a, length));
    show("bind again", bind(l, (struct sockaddr *)&a, length));
    int twice = socket(AF_UNIX, SOCK_STREAM, 0);
    show("bind taken", bind(twice, (struct sockaddr *)&a, length));
    show("connect not listening", connect(twice, (struct sockaddr *)&a, length));
    show("listen", listen(l, 1));
    int dgram = socket(AF_UNIX, SOCK_DGRAM, 0);
    show("wrong type", connect(dgram, (struct sockaddr *)&a, length) < 0);
    show("listen dgram", listen(dgram, 1));
    show("accept dgram", accept(dgram, 0, 0));
    close(dgram);
    int c = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    printf("unconnected events %x\n", events(c));
    show("unconnected send", send(c, "x", 1, MSG_NOSIGNAL));
    show("unconnected recv", recv(c, &b, 1, 0));
    other = sizeof b;
    show("unconnected peer", getpeername(c, (struct sockaddr *)&b, &other));
    show("connect", connect(c, (struct sockaddr *)&a, length));
    show("connect again", connect(c, (struct sockaddr *)&a, length));
    show("second", connect(twice, (struct sockaddr *)&a, length));
    int third = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    show("third", connect(third, (struct sockaddr *)&a, length));
    printf("listener events %x\n", events(l));
    other = sizeof b;
    int s = accept4(l, (struct sockaddr *)&b, &other, SOCK_NONBLOCK | SOCK_CLOEXEC);
    printf("accepted %d, from %u bytes, flags %x %x\n", s >= 0, other, fcntl(s, F_GETFL), fcntl(s, F_GETFD));
    show("third now", connect(third, (struct sockaddr *)&a, length));
    other = sizeof b;
    getsockname(s, (struct sockaddr *)&b, &other);
    printf("name %u %.9s\n", other, abstract ? b.sun_path + 1 : b.sun_path);
    other = 4;
    memset(&b, 'x', sizeof b);
    getpeername(c, (struct sockaddr *)&b, &other);
    printf("cut name %u %c\n", other, b.sun_path[2]);
    write(c, "to server", 9);
    char text[20] = "";
    show("at server", read(s, text, sizeof text));
    show("echo", send(s, text, 9, 0));
    show("at client", read(c, text, sizeof text));
    show("write to listener", write(l, "x", 1));
    show("read from listener", read(l, text, 1));
    struct ucred who;
    other = sizeof who;
    getsockopt(c, SOL_SOCKET, SO_PEERCRED, &who, &other);
    printf("peer is me: %d\n", who.pid == getpid() && who.uid == geteuid() && who.gid == getegid());
    int listening;
    other = sizeof listening;
    getsockopt(l, SOL_SOCKET, SO_ACCEPTCONN, &listening, &other);
    printf("listening %d\n", listening);
    // Never accepted: they are told when the listener goes.
    close(l);
    show("refused later", recv(twice, text, 1, 0));
    show("connect to closed", connect(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *)&a, length));
    if (!abstract)
    {
        struct stat st;
        stat(name, &st);
        printf("still there %o\n", st.st_mode & S_IFMT);
        show("open", open(name, O_RDWR));
        show("unlink", unlink(name));
        show("connect to missing", connect(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *)&a, length));
        close(open(name, O_CREAT | O_WRONLY, 0600));
        show("connect to file", connect(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *)&a, length));
        unlink(name);
        name_of(&a, "missing/name", 0);
        show("bind nowhere", bind(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *)&a, sizeof a));
    }
    close(c);
    close(s);
    close(third);
    close(twice);
}

static int send_files(int socket, const void *data, size_t size, const int *fds, int count)
{
    char control[CMSG_SPACE(sizeof(int) * 4)] = "";
    struct iovec v = { (void *)data, size };
    struct msghdr m = { .msg_iov = &v, .msg_iovlen = 1, .msg_control = control, .msg_controllen = CMSG_SPACE(sizeof(int) * count) };
    struct cmsghdr *c = CMSG_FIRSTHDR(&m);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(sizeof(int) * count);
    memcpy(CMSG_DATA(c), fds, sizeof(int) * count);
    return sendmsg(socket, &m, 0);
}

static int receive_files(int socket, size_t size, int *fds, size_t room, int flags)
{
    char control[256] = "", data[100];
    struct iovec v = { data, size };
    struct msghdr m = { .msg_iov = &v, .msg_iovlen = 1, .msg_control = control, .msg_controllen = room };
    int r = recvmsg(socket, &m, flags);
    int count = 0;
    if (r < 0)
        return printf("recvmsg %s\n", strerrorname_np(errno)), 0;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c))
    {
        if (c->cmsg_type == SCM_RIGHTS)
        {
            count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
            memcpy(fds, CMSG_DATA(c), count * sizeof(int));
        }
        else if (c->cmsg_type == SCM_CREDENTIALS)
        {
            struct ucred u;
            memcpy(&u, CMSG_DATA(c), sizeof u);
            printf("credentials mine: %d\n", u.pid == getpid() && u.uid == getuid());
        }
    }
    printf("received %d bytes, %d files, flags %x, control %zu\n", r, count, m.msg_flags & ~MSG_CMSG_CLOEXEC, m.msg_controllen);
    return count;
}

static void files(void)
{
    int s[2], p[2], fds[4];
    char b[10] = "";
    socketpair(AF_UNIX, SOCK_STREAM, 0, s);
    pipe(p);
    write(s[0], "abc", 3);
    show("send files", send_files(s[0], "de", 2, p, 2));
    write(s[0], "fgh", 3);
    // Bytes before the files come with them, bytes after do not.
    int n = receive_files(s[1], 100, fds, 256, MSG_CMSG_CLOEXEC);
    printf("cloexec %d %d\n", fcntl(fds[0], F_GETFD), fcntl(fds[1], F_GETFD));
    write(fds[1], "pipe", 4);
    read(p[0], b, 4);
    printf("through %s\n", b);
    close(fds[0]);
    close(fds[1]);
    receive_files(s[1], 100, fds, 256, 0);
    // Room for one of two; the other is closed.
    send_files(s[0], "x", 1, p, 2);
    receive_files(s[1], 1, fds, CMSG_LEN(sizeof(int)), 0);
    close(fds[0]);
    // No room at all.
    send_files(s[0], "x", 1, p, 2);
    receive_files(s[1], 1, fds, 0, 0);
    send_files(s[0], "x", 1, p, 1);
    show("plain read", read(s[1], b, 1));
    // Peeked at: a descriptor each time.
    send_files(s[0], "x", 1, p, 1);
    receive_files(s[1], 1, fds, 256, MSG_PEEK);
    close(fds[0]);
    receive_files(s[1], 1, fds, 256, 0);
    close(fds[0]);
    fds[0] = 999;
    show("bad file", send_files(s[0], "x", 1, fds, 1));
    int on = 1;
    setsockopt(s[1], SOL_SOCKET, SO_PASSCRED, &on, sizeof on);
    write(s[0], "with ids", 8);
    receive_files(s[1], 100, fds, 256, 0);
    receive_files(s[1], 100, fds, 256, MSG_DONTWAIT);
    // The last end of a pipe in a queue that goes away: the reader sees the end.
    send_files(s[0], "x", 1, p + 1, 1);
    close(p[1]);
    fcntl(p[0], F_SETFL, O_NONBLOCK);
    show("in flight", read(p[0], b, 1));
    close(s[1]);
    show("queue gone", read(p[0], b, 1));
    close(s[0]);
    // Sockets that hold each other, and the only writer of a pipe.
    int q[2];
    pipe2(q, O_NONBLOCK);
    socketpair(AF_UNIX, SOCK_STREAM, 0, s);
    send_files(s[0], "x", 1, s, 2);
    send_files(s[0], "x", 1, q + 1, 1);
    close(q[1]);
    close(s[0]);
    close(s[1]);
    int trigger[2];
    socketpair(AF_UNIX, SOCK_STREAM, 0, trigger);
    close(trigger[0]);
    close(trigger[1]);
    // Linux collects in its own time.
    for (int i = 0; i < 20000 && (n = read(q[0], b, 1)) < 0; i++)
        usleep(1000);
    show("cycle collected", n);
}

static void waiting(void)
{
    int s[2];
    char b[10];
    socketpair(AF_UNIX, SOCK_STREAM, 0, s);
    struct timeval t = { 0, 40000 };
    show("rcvtimeo", setsockopt(s[0], SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t));
    struct timespec before, after;
    clock_gettime(CLOCK_MONOTONIC, &before);
    show("timed out", recv(s[0], b, 1, 0));
    clock_gettime(CLOCK_MONOTONIC, &after);
    long ms = (after.tv_sec - before.tv_sec) * 1000 + (after.tv_nsec - before.tv_nsec) / 1000000;
    printf("waited %d\n", ms >= 29);
    write(s[1], "abc", 3);
    show("waitall cut short", recv(s[0], b, 10, MSG_WAITALL));
    socklen_t length = sizeof t;
    getsockopt(s[0], SOL_SOCKET, SO_RCVTIMEO, &t, &length);
    printf("timeout %ld.%06ld\n", t.tv_sec, t.tv_usec);
    t.tv_usec = 1000000;
    show("bad timeout", setsockopt(s[0], SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t));
    // A signal ends the wait; without a timeout and with SA_RESTART it goes on.
    struct sigaction act = { .sa_handler = on_alarm };
    sigaction(SIGALRM, &act, 0);
    struct itimerval in = { { 0, 20000 }, { 0, 20000 } };
    setitimer(ITIMER_REAL, &in, 0);
    show("interrupted", recv(s[1], b, 1, 0));
    setitimer(ITIMER_REAL, &(struct itimerval){ 0 }, 0);
    act.sa_flags = SA_RESTART;
    sigaction(SIGALRM, &act, 0);
    t = (struct timeval){ 1000, 0 };
    setsockopt(s[0], SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t);
    setitimer(ITIMER_REAL, &in, 0);
    show("interrupted with a timeout", recv(s[0], b, 1, 0));
    setitimer(ITIMER_REAL, &(struct itimerval){ 0 }, 0);
    close(s[0]);
    close(s[1]);
}

static void watching(void)
{
    int s[2], e = epoll_create1(0);
    char b[10];
    socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, s);
    struct epoll_event ev = { EPOLLIN | EPOLLET }, out[4];
    epoll_ctl(e, EPOLL_CTL_ADD, s[0], &ev);
    show("edge before", epoll_wait(e, out, 4, 0));
    write(s[1], "ab", 2);
    show("edge", epoll_wait(e, out, 4, 0));
    show("no edge", epoll_wait(e, out, 4, 0));
    read(s[0], b, 1);
    show("still none", epoll_wait(e, out, 4, 0));
    write(s[1], "c", 1);
    show("new edge", epoll_wait(e, out, 4, 0));
    ev.events = EPOLLIN | EPOLLRDHUP;
    epoll_ctl(e, EPOLL_CTL_MOD, s[0], &ev);
    show("level", epoll_wait(e, out, 4, 0));
    show("level again", epoll_wait(e, out, 4, 0));
    read(s[0], b, 10);
    show("drained", epoll_wait(e, out, 4, 0));
    close(s[1]);
    epoll_wait(e, out, 4, 1000);
    printf("hung up %x\n", out[0].events);
    close(s[0]);
    show("closed leaves", epoll_wait(e, out, 4, 0));
    fd_set set;
    FD_ZERO(&set);
    socketpair(AF_UNIX, SOCK_STREAM, 0, s);
    FD_SET(s[0], &set);
    show("select", select(s[0] + 1, 0, &set, 0, 0));
}

static void odd(void)
{
    int s[2];
    char b[10];
    socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, s);
    struct msghdr m = { .msg_iovlen = 2000 };
    show("too many pieces", sendmsg(s[0], &m, 0));
    show("null header", sendmsg(s[0], 0, 0));
    m = (struct msghdr){ .msg_iov = (void *)8, .msg_iovlen = 1 };
    show("bad pieces", sendmsg(s[0], &m, 0));
    show("bad buffer", send(s[0], (void *)8, 5, 0));
    show("bad name", bind(s[0], (void *)8, 10));
    show("bad option value", setsockopt(s[0], SOL_SOCKET, SO_SNDBUF, (void *)8, 4));
    show("short option", setsockopt(s[0], SOL_SOCKET, SO_SNDBUF, b, 3));
    show("unknown option", setsockopt(s[0], SOL_SOCKET, 999, b, 4));
    show("unknown level", setsockopt(s[0], 77, 1, b, 4));
    socklen_t length = -1;
    show("negative length", getsockopt(s[0], SOL_SOCKET, SO_TYPE, b, &length));
    length = 2;
    show("short get", getsockopt(s[0], SOL_SOCKET, SO_TYPE, b, &length));
    printf("length %u\n", length);
    show("set type", setsockopt(s[0], SOL_SOCKET, SO_TYPE, b, 4));
    show("seek", lseek(s[0], 0, SEEK_SET));
    show("pread", pread(s[0], b, 1, 0));
    struct stat st;
    fstat(s[0], &st);
    printf("mode %o size %ld\n", st.st_mode, (long)st.st_size);
    char path[64], link[64] = "";
    sprintf(path, "/proc/self/fd/%d", s[0]);
    readlink(path, link, sizeof link - 1);
    printf("link %.8s\n", link);
    show("reopen", open(path, O_RDWR));
    struct iovec v[2] = { { "ab", 2 }, { "cde", 3 } };
    show("writev", writev(s[0], v, 2));
    char x[2], y[9];
    struct iovec w[2] = { { x, 2 }, { y, 9 } };
    show("readv", readv(s[1], w, 2));
    struct mmsghdr mm[2] = { { { .msg_iov = v, .msg_iovlen = 1 } }, { { .msg_iov = v + 1, .msg_iovlen = 1 } } };
    show("sendmmsg", sendmmsg(s[0], mm, 2, 0));
    printf("lengths %u %u\n", mm[0].msg_len, mm[1].msg_len);
    struct mmsghdr rr[2] = { { { .msg_iov = w, .msg_iovlen = 1 } }, { { .msg_iov = w + 1, .msg_iovlen = 1 } } };
    show("recvmmsg", recvmmsg(s[1], rr, 2, 0, 0));
    printf("lengths %u %u\n", rr[0].msg_len, rr[1].msg_len);
    int l = socket(AF_UNIX, SOCK_STREAM, 0);
    sa_family_t family = AF_UNIX;
    show("autobind", bind(l, (struct sockaddr *)&family, sizeof family));
    struct sockaddr_un a;
    length = sizeof a;
    getsockname(l, (struct sockaddr *)&a, &length);
    printf("automatic %u %d\n", length, a.sun_path[0]);
}

int main(void)
{
    char folder[] = "/tmp/unix-stream-XXXXXX";
    mkdtemp(folder);
    chdir(folder);
    signal(SIGPIPE, on_pipe);
    pairs();
    full();
    listeners("socket", 0);
    char name[40];
    sprintf(name, "faultline-test-%07d", getpid());
    listeners(name, 1);
    files();
    waiting();
    watching();
    odd();
    chdir("/");
    rmdir(folder);
    printf("done\n");
    return 0;
}
