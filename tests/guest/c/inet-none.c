// Internet sockets in a network namespace whose loopback is down: what can be bound, what cannot be reached, and what is known of interfaces.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <ifaddrs.h>
#include <signal.h>
#include <unistd.h>
static long show(const char *w, long r) { if (r < 0) printf("%s: %s\n", w, strerrorname_np(errno)); else printf("%s: %ld\n", w, r); return r; }
static struct sockaddr_storage sa; static socklen_t len;
static struct sockaddr *addr(int f, const char *a, int port)
{ memset(&sa, 0, sizeof sa); if (f == AF_INET) { struct sockaddr_in *i = (void*)&sa; i->sin_family = f; i->sin_port = htons(port); inet_pton(f, a, &i->sin_addr); len = sizeof *i; }
 else { struct sockaddr_in6 *i = (void*)&sa; i->sin6_family = f; i->sin6_port = htons(port); inet_pton(f, a, &i->sin6_addr); len = sizeof *i; } return (void*)&sa; }
static int ev(int fd) { struct pollfd p = { fd, 0x7fff }; poll(&p, 1, 0); return p.revents; }
#define SIZE(f) ((f) == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6))

int main(void)
{
  for (int f = AF_INET; f; f = f == AF_INET ? AF_INET6 : 0) for (int t = 1; t <= 2; t++) {
    printf("family %d type %d\n", f, t);
    const char *lo = f == AF_INET ? "127.0.0.1" : "::1", *any = f == AF_INET ? "0.0.0.0" : "::", *far = f == AF_INET ? "192.0.2.1" : "2001:db8::1";
    int s = socket(f, t | SOCK_NONBLOCK, 0);
    printf("events %x\n", ev(s));
    show("bind lo", bind(s, addr(f, lo, 0), SIZE(f)));
    show("bind far", bind(s, addr(f, far, 0), SIZE(f)));
    show("connect lo", connect(s, addr(f, lo, 5000), SIZE(f)));
    show("connect far", connect(s, addr(f, far, 5000), SIZE(f)));
    show("connect any", connect(s, addr(f, any, 5000), SIZE(f)));
    show("so_error", ({ int e; socklen_t l = 4; getsockopt(s, SOL_SOCKET, SO_ERROR, &e, &l); e; }));
    close(s); s = socket(f, t | SOCK_NONBLOCK, 0);
    show("send", send(s, "x", 1, MSG_NOSIGNAL));
    show("sendto lo", sendto(s, "x", 1, MSG_NOSIGNAL, addr(f, lo, 5000), SIZE(f)));
    show("sendto far", sendto(s, "x", 1, MSG_NOSIGNAL, addr(f, far, 5000), SIZE(f)));
    show("sendto any", sendto(s, "x", 1, MSG_NOSIGNAL, addr(f, any, 5000), SIZE(f)));
    char b[9]; show("recv", recv(s, b, 1, 0));
    show("peer", getpeername(s, (void*)&sa, (len = sizeof sa, &len)));
    show("shutdown", shutdown(s, 1));
    close(s); s = socket(f, t | SOCK_NONBLOCK, 0);
    show("bind any", bind(s, addr(f, any, 45000), SIZE(f)));
    show("bind twice", bind(s, addr(f, any, 45000), SIZE(f)));
    show("name", getsockname(s, (void*)&sa, (len = sizeof sa, &len)));
    printf("port %d len %d\n", ntohs(((struct sockaddr_in*)&sa)->sin_port), len);
    int q = socket(f, t, 0); show("taken", bind(q, addr(f, any, 45000), SIZE(f))); close(q);
    show("listen", listen(s, 3)); printf("events %x\n", ev(s));
    show("accept", accept(s, 0, 0));
    show("recv listening", recv(s, b, 1, 0));
    show("connect listening", connect(s, addr(f, lo, 1), SIZE(f)));
    show("short address", bind(s, (void*)&sa, 3));
    show("wrong family", bind(s, addr(f == AF_INET ? AF_INET6 : AF_INET, any, 0), SIZE(f == AF_INET ? AF_INET6 : AF_INET)));
    q = socket(f, t, 0); show("low port", bind(q, addr(f, any, 80), SIZE(f))); 
    show("connect wrong family", connect(q, addr(f == AF_INET ? AF_INET6 : AF_INET, lo, 5), SIZE(f == AF_INET ? AF_INET6 : AF_INET)));
    show("short connect", connect(q, addr(f, lo, 5), 3));
    show("unspec", connect(q, &(struct sockaddr){AF_UNSPEC}, sizeof (struct sockaddr)));
    show("shutdown unconnected", shutdown(q, 2)); printf("events %x\n", ev(q));
    close(q); close(s);
    s = socket(f, t | SOCK_NONBLOCK, 0); show("listen unbound", listen(s, 1));
    show("name", getsockname(s, (void*)&sa, (len = sizeof sa, &len)));
    printf("port %d\n", ntohs(((struct sockaddr_in*)&sa)->sin_port) != 0); close(s);
  }
  struct ifaddrs *l; show("getifaddrs", getifaddrs(&l));
  for (; l; l = l->ifa_next) printf("%s %x %d\n", l->ifa_name, l->ifa_flags, l->ifa_addr ? l->ifa_addr->sa_family : -1);
  printf("index %d\n", if_nametoindex("lo"));
  int s = socket(AF_INET, SOCK_DGRAM, 0);
  struct ifreq r = {}; strcpy(r.ifr_name, "lo");
  show("flags", ioctl(s, SIOCGIFFLAGS, &r)); printf("%x\n", r.ifr_flags);
  show("addr", ioctl(s, SIOCGIFADDR, &r));
  show("mtu", ioctl(s, SIOCGIFMTU, &r)); printf("%d\n", r.ifr_mtu);
  show("hw", ioctl(s, SIOCGIFHWADDR, &r)); printf("%d\n", r.ifr_hwaddr.sa_family);
  strcpy(r.ifr_name, "nope"); show("none", ioctl(s, SIOCGIFFLAGS, &r));
  struct ifconf c = { 0 }; show("conf", ioctl(s, SIOCGIFCONF, &c)); printf("%d\n", c.ifc_len);
  r.ifr_ifindex = 1; show("name", ioctl(s, SIOCGIFNAME, &r)); printf("%s\n", r.ifr_name);
  r.ifr_ifindex = 7; show("no name", ioctl(s, SIOCGIFNAME, &r));
  printf("done\n");
  return 0;
}
