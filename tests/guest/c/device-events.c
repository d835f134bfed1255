// A socket for events of devices (NETLINK_KOBJECT_UEVENT): it binds to the kernel's group, has the process's id for address beside a socket of rtnetlink, and is silent.
// expect-status: 42
// expect-output: protocol: 15
// expect-output: bind: 0 0
// expect-output: addresses: own own, groups 1 0
// expect-output: second of its kind: another
// expect-output: credentials: 0
// expect-output: waits: -1 EAGAIN 0
// expect-output: unknown: EPROTONOSUPPORT EPROTONOSUPPORT EPROTONOSUPPORT
// expect-output: type: ESOCKTNOSUPPORT
#define _GNU_SOURCE
#include <errno.h>
#include <linux/netlink.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char *opening(int type, int protocol) { return socket(AF_NETLINK, type, protocol) < 0 ? strerrorname_np(errno) : "ok"; }

int main(void)
{
    int events = socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, NETLINK_KOBJECT_UEVENT), routes = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
    int protocol = -1, one = 1;
    socklen_t length = sizeof protocol;
    getsockopt(events, SOL_SOCKET, SO_PROTOCOL, &protocol, &length);
    printf("protocol: %d\n", protocol);
    struct sockaddr_nl group = {.nl_family = AF_NETLINK, .nl_groups = 1}, any = {.nl_family = AF_NETLINK}, a, b, c;
    printf("bind: %d", bind(events, (void *)&group, sizeof group));
    printf(" %d\n", bind(routes, (void *)&any, sizeof any));
    socklen_t la = sizeof a, lb = sizeof b, lc = sizeof c;
    getsockname(events, (void *)&a, &la);
    getsockname(routes, (void *)&b, &lb);
    printf("addresses: %s %s, groups %u %u\n", a.nl_pid == getpid() ? "own" : "another", b.nl_pid == getpid() ? "own" : "another", a.nl_groups, b.nl_groups);
    int second = socket(AF_NETLINK, SOCK_DGRAM, NETLINK_KOBJECT_UEVENT);
    bind(second, (void *)&any, sizeof any);
    getsockname(second, (void *)&c, &lc);
    printf("second of its kind: %s\n", c.nl_pid == getpid() ? "own" : "another");
    printf("credentials: %d\n", setsockopt(events, SOL_SOCKET, SO_PASSCRED, &one, sizeof one));
    char buffer[100];
    struct pollfd ready = {events, POLLIN, 0};
    ssize_t n = recv(events, buffer, sizeof buffer, 0);
    printf("waits: %zd %s %d\n", n, strerrorname_np(errno), poll(&ready, 1, 0));
    printf("unknown: %s %s %s\n", opening(SOCK_RAW, 1), opening(SOCK_RAW, 22), opening(SOCK_RAW, 99));
    printf("type: %s\n", opening(SOCK_STREAM, NETLINK_KOBJECT_UEVENT));
    return 42;
}
