// Calls on sockets for the comparison of the trace with strace(1): addresses, options, messages, results.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int main(void)
{
    int s[2], on = 1;
    char b[64], control[64];
    struct sockaddr_storage a;
    socklen_t length = sizeof a;
    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, s);
    struct iovec v[2] = { { "ab", 2 }, { "cde", 3 } }, in = { b, sizeof b };
    struct msghdr m = { .msg_iov = v, .msg_iovlen = 2, .msg_control = control, .msg_controllen = CMSG_SPACE(sizeof(int)) };
    memset(control, 0, sizeof control);
    struct cmsghdr *c = CMSG_FIRSTHDR(&m);
    *c = (struct cmsghdr){ CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS };
    memcpy(CMSG_DATA(c), s, sizeof(int));
    sendmsg(s[0], &m, MSG_NOSIGNAL);
    m = (struct msghdr){ .msg_iov = &in, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control };
    recvmsg(s[1], &m, MSG_CMSG_CLOEXEC);
    recv(s[1], b, 10, MSG_DONTWAIT);
    getpeername(s[0], (void *)&a, &length);
    length = sizeof on;
    getsockopt(s[0], SOL_SOCKET, SO_TYPE, &on, &length);
    struct linger linger = { 1, 3 };
    setsockopt(s[0], SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    shutdown(s[0], SHUT_WR);
    close(s[0]);
    close(s[1]);
    struct sockaddr_un u = { AF_UNIX, "\0faultline-trace" };
    int l = socket(AF_UNIX, SOCK_STREAM, 0);
    bind(l, (void *)&u, offsetof(struct sockaddr_un, sun_path) + 16);
    listen(l, 5);
    int k = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    connect(k, (void *)&u, offsetof(struct sockaddr_un, sun_path) + 16);
    length = sizeof a;
    int d = accept4(l, (void *)&a, &length, SOCK_CLOEXEC);
    struct mmsghdr mm[2] = { { { .msg_iov = v, .msg_iovlen = 1 } }, { { .msg_iov = v + 1, .msg_iovlen = 1 } } };
    sendmmsg(k, mm, 2, 0);
    close(d);
    close(k);
    close(l);
    int t = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    setsockopt(t, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    setsockopt(t, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(t, IPPROTO_TCP, 9999, &on, sizeof on);
    struct sockaddr_in i = { AF_INET, htons(1), { htonl(INADDR_LOOPBACK) } };
    connect(t, (void *)&i, sizeof i);
    close(t);
    t = socket(AF_INET6, SOCK_DGRAM, IPPROTO_IP);
    struct sockaddr_in6 j = { AF_INET6, htons(9), 0, IN6ADDR_LOOPBACK_INIT };
    sendto(t, "datagram", 8, MSG_DONTWAIT, (void *)&j, 5);
    connect(t, (void *)&j, sizeof j);
    length = sizeof a;
    getpeername(t, (void *)&a, &length);
    close(t);
    return 0;
}
