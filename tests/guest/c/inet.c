// TCP and UDP over the loopback in one process: both families, options, names, non-blocking connects, partial data, shutdown, resets,
// datagrams with their senders and ancillary data, refusals, and what poll and epoll say of it all.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static int pipes;
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

static struct sockaddr_storage address;
static socklen_t length;

static struct sockaddr *to(int family, int port)
{
    memset(&address, 0, sizeof address);
    if (family == AF_INET)
    {
        struct sockaddr_in *a = (void *)&address;
        a->sin_family = AF_INET;
        a->sin_port = htons(port);
        a->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        length = sizeof *a;
    }
    else
    {
        struct sockaddr_in6 *a = (void *)&address;
        a->sin6_family = AF_INET6;
        a->sin6_port = htons(port);
        a->sin6_addr = in6addr_loopback;
        length = sizeof *a;
    }
    return (void *)&address;
}

static socklen_t size_of(int family) { return family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6); }

static int port_of(int s)
{
    length = sizeof address;
    getsockname(s, (void *)&address, &length);
    return ntohs(((struct sockaddr_in *)&address)->sin_port);
}

static int wait_for(int fd, int wanted)
{
    struct pollfd p = { fd, wanted };
    poll(&p, 1, 30000);
    return p.revents;
}

static int get(int s, int level, int name)
{
    int value = -1;
    socklen_t size = sizeof value;
    if (getsockopt(s, level, name, &value, &size) < 0)
        return -errno;
    return value;
}

static int set(int s, int level, int name, int value) { return setsockopt(s, level, name, &value, sizeof value); }

static void tcp(int family)
{
    char b[200] = "";
    struct sockaddr *a;
    int l = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    printf("domain %d type %d protocol %d\n", get(l, SOL_SOCKET, SO_DOMAIN), get(l, SOL_SOCKET, SO_TYPE), get(l, SOL_SOCKET, SO_PROTOCOL));
    a = to(family, 0);
    show("reuse", set(l, SOL_SOCKET, SO_REUSEADDR, 1));
    show("bind", bind(l, a, length));
    show("bind again", bind(l, a, length));
    int port = port_of(l);
    show("accept too early", accept(l, 0, 0));
    a = to(family, port);
    int c = socket(family, SOCK_STREAM, 0);
    show("refused", connect(c, a, length));
    close(c);
    show("listen", listen(l, 5));
    c = socket(family, SOCK_STREAM | SOCK_NONBLOCK, 0);
    show("peer", getpeername(c, (void *)&address, &length));
    a = to(family, port);
    int r = connect(c, a, length);
    printf("connect %s\n", r == 0 ? "done" : strerrorname_np(errno));
    printf("writable %d\n", wait_for(c, POLLOUT) & (POLLOUT | POLLERR));
    printf("error %d\n", get(c, SOL_SOCKET, SO_ERROR));
    r = connect(c, a, length);
    // The first call after the connection stands says 0, every other EISCONN.
    printf("again %d\n", r == 0 || errno == EISCONN);
    show("and again", connect(c, a, length));
    struct sockaddr_storage from;
    socklen_t size = sizeof from;
    int s = accept4(l, (void *)&from, &size, SOCK_CLOEXEC);
    printf("accepted %d family %d size %u port %d flags %x\n", s >= 0, from.ss_family, size, ntohs(((struct sockaddr_in *)&from)->sin_port) == port_of(c), fcntl(s, F_GETFL));
    show("nodelay", set(s, IPPROTO_TCP, TCP_NODELAY, 1));
    printf("nodelay %d keepidle %d\n", get(s, IPPROTO_TCP, TCP_NODELAY), get(s, IPPROTO_TCP, TCP_KEEPIDLE));
    show("unknown option", set(s, IPPROTO_TCP, 9999, 1));
    show("unknown level", set(s, 4711, 1, 1));
    show("ttl", family == AF_INET ? set(s, IPPROTO_IP, IP_TTL, 33) : set(s, IPPROTO_IPV6, IPV6_UNICAST_HOPS, 33));
    struct linger linger = { 1, 3 };
    show("linger", setsockopt(s, SOL_SOCKET, SO_LINGER, &linger, sizeof linger));
    linger = (struct linger){ 0 };
    setsockopt(s, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    struct tcp_info info;
    size = sizeof info;
    getsockopt(s, IPPROTO_TCP, TCP_INFO, &info, &size);
    printf("state %d\n", info.tcpi_state);
    show("empty", recv(c, b, 10, 0));
    show("send", send(s, "hello ", 6, MSG_MORE));
    show("writev", writev(s, (struct iovec[]){ { "wor", 3 }, { "ld", 2 } }, 2));
    int n = 0;
    for (int i = 0; i < 20000 && n < 11; i++, usleep(1000))
        ioctl(c, FIONREAD, &n);
    show("peek", recv(c, b, sizeof b, MSG_PEEK));
    ioctl(c, FIONREAD, &n);
    printf("fionread %d\n", n);
    show("trunc", recv(c, 0, 6, MSG_TRUNC));
    show("rest", read(c, b, sizeof b));
    printf("%.5s\n", b);
    FILE *f = tmpfile();
    fwrite("0123456789", 1, 10, f);
    fflush(f);
    off_t at = 3;
    show("sendfile", sendfile(s, fileno(f), &at, 5));
    printf("offset %ld\n", (long)at);
    fcntl(c, F_SETFL, 0);
    show("waitall", recv(c, b, 5, MSG_WAITALL));
    printf("%.5s\n", b);
    show("urgent", send(s, "!", 1, MSG_OOB));
    printf("urgent events %d\n", !!(wait_for(c, POLLPRI) & POLLPRI));
    show("urgent data", recv(c, b, 1, MSG_OOB));
    struct timeval t = { 0, 40000 };
    setsockopt(c, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t);
    show("timeout", recv(c, b, 1, 0));
    t = (struct timeval){ 0 };
    setsockopt(c, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t);
    struct sigaction act = { .sa_handler = on_alarm };
    sigaction(SIGALRM, &act, 0);
    struct itimerval in = { { 0, 20000 }, { 0, 20000 } };
    setitimer(ITIMER_REAL, &in, 0);
    show("interrupted", read(c, b, 1));
    show("accept interrupted", accept(l, 0, 0));
    setitimer(ITIMER_REAL, &(struct itimerval){ 0 }, 0);
    int e = epoll_create1(0);
    struct epoll_event ev = { EPOLLIN | EPOLLOUT | EPOLLET | EPOLLRDHUP }, out[4];
    epoll_ctl(e, EPOLL_CTL_ADD, c, &ev);
    n = epoll_wait(e, out, 4, 30000);
    printf("edge %d %x\n", n, out[0].events);
    show("no edge since", epoll_wait(e, out, 4, 50));
    write(s, "1", 1);
    n = epoll_wait(e, out, 4, 30000);
    printf("edge %d %x\n", n, n > 0 ? out[0].events & ~EPOLLOUT : 0);
    read(c, b, 1);
    ev.events = EPOLLIN;
    epoll_ctl(e, EPOLL_CTL_MOD, c, &ev);
    show("level", epoll_wait(e, out, 4, 20));
    write(s, "2", 1);
    show("level", epoll_wait(e, out, 4, 30000));
    show("level again", epoll_wait(e, out, 4, 30000));
    read(c, b, 1);
    close(e);
    show("shutdown", shutdown(s, SHUT_WR));
    printf("half closed %d\n", !!(wait_for(c, POLLRDHUP) & POLLRDHUP));
    show("end", read(c, b, 1));
    show("still writes", write(c, "x", 1));
    wait_for(s, POLLIN);
    show("still reads", read(s, b, 1));
    show("epipe", write(s, "x", 1));
    show("epipe quietly", send(s, "x", 1, MSG_NOSIGNAL));
    printf("signals %d\n", pipes);
    pipes = 0;
    // Closed with a linger of nothing: a reset.
    linger = (struct linger){ 1, 0 };
    setsockopt(s, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    close(s);
    wait_for(c, 0);
    printf("reset events %d\n", !!(wait_for(c, POLLIN) & POLLERR));
    show("reset", write(c, "x", 1));
    close(c);
    c = socket(family, SOCK_STREAM, 0);
    a = to(family, port);
    show("blocking connect", connect(c, a, length));
    close(c);
    close(l);
}

static void flood(void)
{
    int l = socket(AF_INET, SOCK_STREAM, 0), c = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    bind(l, to(AF_INET, 0), size_of(AF_INET));
    listen(l, 1);
    int port = port_of(l);
    struct sockaddr *a = to(AF_INET, port);
    connect(c, a, length);
    int s = accept4(l, 0, 0, SOCK_NONBLOCK);
    wait_for(c, POLLOUT);
    long sent = 0, got = 0, total = 8 << 20, r;
    unsigned sum = 0, check = 0;
    static unsigned char b[70000];
    while (got < total)
    {
        for (int i = 0; i < (int)sizeof b; i++)
            b[i] = (sent + i) * 7;
        while (sent < total && (r = write(c, b, sizeof b < total - sent ? sizeof b : total - sent)) > 0)
        {
            for (long i = 0; i < r; i++)
                sum = sum * 31 + b[i];
            sent += r;
            for (int i = 0; i < (int)sizeof b; i++)
                b[i] = (sent + i) * 7;
        }
        wait_for(s, POLLIN);
        while ((r = read(s, b, 33333)) > 0)
        {
            for (long i = 0; i < r; i++)
                check = check * 31 + b[i];
            got += r;
        }
    }
    printf("flood %ld %d\n", got, sum == check);
    close(c);
    close(s);
    close(l);
}

static void udp(int family)
{
    static char large[70000];
    char b[100] = "", control[256];
    int s = socket(family, SOCK_DGRAM, 0), c = socket(family, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    bind(s, to(family, 0), size_of(family));
    int port = port_of(s);
    show("no destination", send(c, "x", 1, 0));
    show("no connection", getpeername(c, (void *)&address, &length));
    show("empty", recv(c, b, 1, 0));
    struct sockaddr *a = to(family, port);
    show("sendto", sendto(c, "datagram", 8, 0, a, length));
    show("nothing", sendto(c, "", 0, 0, a, length));
    show("too long", sendto(c, large, sizeof large, 0, a, length));
    show("short address", sendto(c, "x", 1, 0, a, 5));
    show("listen", listen(s, 1));
    struct sockaddr_storage from;
    socklen_t size = sizeof from;
    show("cut", recvfrom(s, b, 4, 0, (void *)&from, &size));
    printf("from %d %u %d\n", from.ss_family, size, ntohs(((struct sockaddr_in *)&from)->sin_port) == port_of(c));
    show("nothing came", recv(s, b, 10, 0));
    show("connect", connect(c, to(family, port), size_of(family)));
    show("packet info", family == AF_INET ? set(s, IPPROTO_IP, IP_PKTINFO, 1) : set(s, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1));
    show("write", write(c, "with info", 9));
    struct iovec v = { b, sizeof b };
    struct msghdr m = { .msg_name = &from, .msg_namelen = sizeof from, .msg_iov = &v, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control };
    show("recvmsg", recvmsg(s, &m, 0));
    struct cmsghdr *head = CMSG_FIRSTHDR(&m);
    printf("control level %d type %d, %zu bytes, name %u\n", head->cmsg_level, head->cmsg_type, m.msg_controllen, m.msg_namelen);
    write(c, "truncated", 9);
    v.iov_len = 3;
    m.msg_controllen = 4;
    show("recvmsg", recvmsg(s, &m, 0));
    printf("flags %x\n", m.msg_flags);
    struct mmsghdr mm[3] = { { { .msg_iov = &v, .msg_iovlen = 1 } }, { { .msg_iov = &v, .msg_iovlen = 1 } }, { { .msg_iov = &v, .msg_iovlen = 1 } } };
    show("sendmmsg", sendmmsg(c, mm, 3, 0));
    show("recvmmsg", recvmmsg(s, mm, 3, MSG_WAITFORONE, 0) > 0);
    printf("first %u\n", mm[0].msg_len);
    close(s);
    usleep(1000);
    send(c, "x", 1, 0);
    wait_for(c, 0);
    show("refused", recv(c, b, 1, 0));
    show("disconnect", connect(c, &(struct sockaddr){ AF_UNSPEC }, sizeof(struct sockaddr)));
    show("again without destination", send(c, "x", 1, 0));
    close(c);
}

int main(void)
{
    setvbuf(stdout, 0, _IOFBF, 1 << 16);
    struct sigaction act = { .sa_handler = on_pipe };
    sigaction(SIGPIPE, &act, 0);
    show("raw", socket(AF_INET, SOCK_STREAM, IPPROTO_UDP));
    int raw = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
    show("raw ICMP", raw < 0 ? -1 : set(raw, IPPROTO_IP, IP_HDRINCL, 1));
    close(raw);
    show("wrong type", socket(AF_INET, SOCK_SEQPACKET, 0));
    show("wrong protocol", socket(AF_INET, SOCK_DGRAM, 300));
    show("pair", socketpair(AF_INET, SOCK_STREAM, 0, (int[2]){ 0 }));
    tcp(AF_INET);
    tcp(AF_INET6);
    udp(AF_INET);
    udp(AF_INET6);
    flood();
    printf("done\n");
    return 0;
}
