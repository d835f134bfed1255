// Which error wins when several apply: data that cannot be moved, links, times, messages, socket options, mappings. More of precedence.c.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <sys/signalfd.h>
#include <sys/inotify.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>
#ifndef MREMAP_DONTUNMAP
#define MREMAP_DONTUNMAP 4
#endif
#define BAD ((void *)8)
#define BADFD 77
static char longname[5000], longpart[300];
static char page[4096];
static void say(const char *what, long r)
{
    if (r >= 0 && r < 4096) printf("%s: ok %ld\n", what, r);
    else printf("%s: %s\n", what, r >= 0 ? "ok" : strerrorname_np(errno));
}
#define CALL(name, ...) say(#name " " #__VA_ARGS__, syscall(SYS_##name, __VA_ARGS__))
static const char *names[] = {"file", "link", "loop", "dangling", "nosock", "t2", "x"};

int main(void)
{
    setvbuf(stdout, 0, _IOFBF, 1 << 16);
    signal(SIGPIPE, SIG_IGN);
    memset(longname, 'a', sizeof longname - 1);
    for (int i = 100; i < sizeof longname - 1; i += 100) longname[i] = '/';
    memset(longpart, 'b', sizeof longpart - 1);
    char *empty = "";
    char folder[] = "/tmp/precedenceXXXXXX";
    mkdtemp(folder);
    chdir(folder);
    int f = open("file", O_RDWR | O_CREAT, 0600), ro = open("file", O_RDONLY), path = open("file", O_PATH), dir = open(".", O_RDONLY | O_DIRECTORY), pdir = open(".", O_PATH);
    int p[2];
    pipe(p);
    symlink("file", "link"); symlink("loop", "loop"); symlink("nofile", "dangling"); mkdir("sub", 0700);
    // Reads at the end and writes that go nowhere.
    CALL(read, f, BAD, 5); CALL(pread64, f, BAD, 5, 0L); CALL(pread64, f, BAD, 5, 100L); CALL(read, f, (void*)-4096L, 5); CALL(read,f,(void*)(1L<<47),5L);
    CALL(read,f,(void*)((1L<<47)-8192),1L<<20);
    struct iovec bad1[2]={{BAD,5},{BAD,5}}, badk[1]={{(void*)-4096L,5}}, half[2]={{page,4},{BAD,5}};
    CALL(readv,f,bad1,2); CALL(readv,f,badk,1); CALL(preadv,f,bad1,2,0L,0L); CALL(preadv2,f,bad1,2,-1L,0L,0);
    write(f,"hello",5);
    CALL(read,f,BAD,5); CALL(pread64,f,BAD,5,5L); CALL(pread64,f,BAD,5,4L); CALL(pread64,f,BAD,5,6L); lseek(f,0,0); CALL(readv,f,half,2); CALL(preadv,f,half,2,1L,0L);
    CALL(preadv,f,half,2,3L,0L);
    int nul=open("/dev/null",O_RDWR), zero=open("/dev/zero",O_RDWR), proc=open("/proc/self/stat",O_RDONLY), mem=memfd_create("m",0), full=open("/dev/full",O_RDWR), rnd=open("/dev/urandom",O_RDONLY);
    CALL(read,nul,BAD,5); CALL(pread64,nul,BAD,5,0L); CALL(write,nul,BAD,5); CALL(write,nul,(void*)-4096L,5); CALL(read,zero,BAD,5); CALL(write,zero,BAD,5);
    CALL(read,mem,BAD,5); CALL(pread64,mem,BAD,5,9L); CALL(write,full,BAD,5); CALL(read,full,BAD,5); CALL(read,rnd,BAD,5); CALL(pread64,proc,BAD,5,100000L);
    CALL(pread64,proc,BAD,5,0L);
    CALL(read,nul,(void*)-4096L,5);
    CALL(readv,nul,bad1,2); CALL(writev,nul,bad1,2);
    int pe[2]; pipe(pe); close(pe[1]); CALL(read,pe[0],BAD,5); CALL(read,pe[0],(void*)-4096L,5);
    pipe2(pe,O_NONBLOCK); CALL(read,pe[0],BAD,5); CALL(write,pe[1],BAD,5); CALL(write,pe[1],BAD,0); close(pe[0]); CALL(write,pe[1],BAD,5);
    int ev=eventfd(0,EFD_NONBLOCK); CALL(read,ev,BAD,4); CALL(read,ev,BAD,8); CALL(write,ev,BAD,4); CALL(write,ev,BAD,8); { uint64_t one=1;
    write(ev,&one,8);} CALL(read,ev,BAD,8); CALL(read,ev,page,8);
    int tf=timerfd_create(CLOCK_MONOTONIC,TFD_NONBLOCK); CALL(read,tf,BAD,4); CALL(read,tf,BAD,8); CALL(write,tf,BAD,8);
    sigset_t ss; sigemptyset(&ss); sigaddset(&ss,SIGUSR1); int sf=signalfd(-1,&ss,SFD_NONBLOCK); CALL(read,sf,BAD,4); CALL(read,sf,BAD,128);
    int in=inotify_init1(IN_NONBLOCK); CALL(read,in,BAD,4); CALL(read,in,BAD,128);
    CALL(read, dir, BAD, 0);
CALL(sendfile, p[1], f, (long[]){100}, 5L);

    // Links.
    CALL(linkat, dir, BAD, dir, BAD, 0); CALL(linkat, dir, "file", dir, BAD, 0); CALL(linkat, dir, BAD, dir, "x", 0); CALL(linkat, dir, "nofile", dir, BAD, 0);
    CALL(linkat, dir, "nofile", BADFD, "x", 0); CALL(linkat, dir, "nofile", dir, empty, 0); CALL(linkat, dir, "file", dir, empty, 0);
    CALL(linkat, dir, empty, dir, "x", 0); CALL(linkat, dir, "file", BADFD, "x", 0); CALL(linkat, BADFD, "file", BADFD, "x", 0);
    CALL(linkat, dir, "file", dir, longname, 0); CALL(linkat, dir, longname, dir, BAD, 0); CALL(linkat, dir, "file", dir, longpart, 0);
    CALL(linkat, dir, "file", dir, "nodir/x", 0); CALL(linkat, dir, "file", dir, "file/x", 0); CALL(linkat, dir, "file/", dir, "x", 0);
    CALL(linkat, dir, "nofile", dir, "file", 0); CALL(linkat, dir, "sub", dir, "file", 0); CALL(linkat, dir, "sub", dir, "x", 0);
    CALL(linkat, dir, "sub", dir, "nodir/x", 0); CALL(linkat, dir, "file", dir, ".", 0); CALL(linkat, dir, "file", dir, "..", 0); CALL(linkat, dir, "file", dir, "/", 0);
    CALL(linkat, dir, "file", dir, "sub/", 0); CALL(linkat, dir, "file", dir, "dangling", 0); CALL(linkat, dir, "file", dir, "dangling/", 0);
    CALL(linkat, dir, "loop", dir, "x", AT_SYMLINK_FOLLOW); CALL(linkat, dir, "dangling", dir, "x", AT_SYMLINK_FOLLOW); CALL(linkat, dir, "loop/x", dir, "x", 0);
    CALL(linkat, dir, "link/", dir, "x", 0);
    CALL(linkat, dir, "file", dir, "x", 0x100); CALL(linkat, dir, "file", dir, "x", 0x800); CALL(linkat, dir, "file", dir, "x", 0x200);
    CALL(linkat, dir, "file", dir, "x", AT_EACCESS|AT_SYMLINK_FOLLOW); CALL(linkat, BADFD, empty, BADFD, BAD, AT_EMPTY_PATH);
    CALL(linkat, f, empty, dir, "file", AT_EMPTY_PATH); CALL(linkat, dir, empty, dir, "x", AT_EMPTY_PATH); CALL(linkat, AT_FDCWD, empty, dir, "x", AT_EMPTY_PATH);
    CALL(linkat, f, "x", dir, "x", AT_EMPTY_PATH); CALL(linkat, BADFD, "file", dir, "x", AT_EMPTY_PATH); CALL(linkat, nul, empty, dir, "x", AT_EMPTY_PATH);
    CALL(linkat, p[0], empty, dir, "x", AT_EMPTY_PATH); CALL(linkat, mem, empty, dir, "x", AT_EMPTY_PATH); CALL(linkat, dir, "/proc/self/stat", dir, "x", 0);
    CALL(linkat, dir, "/dev/null", dir, "x", 0); CALL(linkat, dir, "/proc/self/stat", dir, "file", 0); CALL(linkat, f, empty, dir, "/proc/self/stat", AT_EMPTY_PATH);
    CALL(linkat, dir, "file", dir, "y", AT_SYMLINK_FOLLOW|AT_EMPTY_PATH); CALL(unlinkat, dir, "y", 0); CALL(linkat, path, empty, dir, "y", AT_EMPTY_PATH);
    CALL(unlinkat, dir, "y", 0); CALL(linkat, dir, "link", dir, "y", 0); CALL(unlinkat, dir, "y", 0);
    { int t=open(".",O_TMPFILE|O_RDWR,0600), te=open(".",O_TMPFILE|O_RDWR|O_EXCL,0600); CALL(linkat, t, empty, dir, "t", AT_EMPTY_PATH);
    CALL(linkat, t, empty, dir, "t", AT_EMPTY_PATH); CALL(linkat, te, empty, dir, "t2", AT_EMPTY_PATH); unlink("t");
    CALL(linkat, t, empty, dir, "t", AT_EMPTY_PATH); unlink("t"); char n[64]; sprintf(n,"/proc/self/fd/%d",te); CALL(linkat, AT_FDCWD, n, dir, "t2", AT_SYMLINK_FOLLOW);
    CALL(linkat, AT_FDCWD, n, dir, "t2", 0); sprintf(n,"/proc/self/fd/%d",p[0]); CALL(linkat, AT_FDCWD, n, dir, "t2", AT_SYMLINK_FOLLOW); sprintf(n,"/proc/self/fd/%d",f);
    CALL(linkat, AT_FDCWD, n, dir, "file", AT_SYMLINK_FOLLOW); CALL(linkat, AT_FDCWD, n, dir, "t4", 0); int g=open("gone",O_CREAT|O_RDWR,0600); unlink("gone");
    CALL(linkat, g, empty, dir, "t3", AT_EMPTY_PATH); }
    CALL(link, BAD, BAD); CALL(link, "file", BAD); CALL(link, "nofile", BAD);

    // Times.
    struct timespec omit2[2]={{123,UTIME_OMIT},{456,UTIME_OMIT}}, omitbad[2]={{0,UTIME_OMIT},{0,2000000000}}, bado[2]={{0,2000000000},{0,UTIME_OMIT}}, now2[2]={{-1,UTIME_NOW},{-1,UTIME_NOW}}, neg[2]={{0,-1},{0,0}}, okt[2]={{1,2},{3,4}}, nowomit[2]={{0,UTIME_NOW},{0,UTIME_OMIT}};
    CALL(utimensat, BADFD, "file", omit2, 0); CALL(utimensat, BADFD, BAD, omit2, 0); CALL(utimensat, BADFD, BAD, omit2, 0x8000); CALL(utimensat, BADFD, 0, omit2, 0x8000);
    CALL(utimensat, dir, "nofile", omit2, 0); CALL(utimensat, dir, "nofile", omit2, 0x8000); CALL(utimensat, dir, "nofile", BAD, 0);
    CALL(utimensat, dir, "nofile", BAD, 0x8000); CALL(utimensat, dir, "nofile", omitbad, 0); CALL(utimensat, dir, "nofile", omitbad, 0x8000);
    CALL(utimensat, dir, "file", omitbad, 0); CALL(utimensat, dir, "file", bado, 0); CALL(utimensat, dir, "file", neg, 0); CALL(utimensat, BADFD, BAD, neg, 0);
    CALL(utimensat, BADFD, BAD, okt, 0);
    CALL(utimensat, f, 0, okt, 0); CALL(utimensat, f, 0, okt, 0x8000); CALL(utimensat, f, 0, okt, AT_SYMLINK_NOFOLLOW); CALL(utimensat, f, 0, okt, AT_EMPTY_PATH);
    CALL(utimensat, f, empty, okt, AT_EMPTY_PATH); CALL(utimensat, f, empty, okt, 0); CALL(utimensat, dir, 0, okt, 0); CALL(utimensat, path, 0, okt, 0);
    CALL(utimensat, path, empty, okt, AT_EMPTY_PATH); CALL(utimensat, BADFD, 0, okt, 0); CALL(utimensat, BADFD, 0, BAD, 0); CALL(utimensat, BADFD, 0, bado, 0);
    CALL(utimensat, BADFD, 0, bado, 0x8000); CALL(utimensat, BADFD, 0, okt, 0x8000); CALL(utimensat, AT_FDCWD, 0, okt, 0); CALL(utimensat, AT_FDCWD, 0, 0, 0);
    CALL(utimensat, AT_FDCWD, empty, okt, AT_EMPTY_PATH); CALL(utimensat, AT_FDCWD, empty, okt, 0); CALL(utimensat, BADFD, empty, okt, AT_EMPTY_PATH);
    CALL(utimensat, BADFD, empty, okt, 0); CALL(utimensat, ro, 0, okt, 0); CALL(utimensat, mem, 0, okt, 0);
    CALL(utimensat, dir, "loop", okt, 0); CALL(utimensat, dir, "loop", okt, AT_SYMLINK_NOFOLLOW); CALL(utimensat, dir, "dangling", okt, 0);
    CALL(utimensat, dir, "file/", okt, 0); CALL(utimensat, dir, longname, okt, 0); CALL(utimensat, dir, longpart, okt, 0); CALL(utimensat, dir, "file", now2, 0);
    CALL(utimensat, dir, "file", nowomit, AT_SYMLINK_NOFOLLOW|AT_EMPTY_PATH); CALL(utimensat, dir, "/proc/self/stat", okt, 0);
    CALL(utimensat, dir, "/proc/self/stat", 0, 0); CALL(utimensat, f, "x", okt, 0);
    CALL(utime, BAD, BAD); CALL(utime, "nofile", BAD); CALL(utime, BAD, 0); CALL(utimes, BAD, BAD); CALL(utimes, "nofile", BAD);
    CALL(utimes, "nofile", ((long[4]){0,1000000})); CALL(utimes, "nofile", ((long[4]){0,-1})); CALL(utimes, "file", ((long[4]){0,UTIME_OMIT}));
    CALL(futimesat, BADFD, BAD, BAD); CALL(futimesat, BADFD, 0, BAD); CALL(futimesat, BADFD, 0, 0); CALL(futimesat, f, 0, 0);
    CALL(futimesat, BADFD, "file", ((long[4]){0,1000000})); CALL(futimesat, BADFD, "file", 0); CALL(futimesat, AT_FDCWD, 0, 0);

    // Sockets.
    for (int fam = 0; fam < 3; fam++) for (int type = 0; type < 3; type++)
    {
        static const int fams[]={AF_UNIX,AF_INET,AF_INET6}; static const int types[]={SOCK_STREAM,SOCK_DGRAM,SOCK_SEQPACKET};
        int s = socket(fams[fam], types[type]|SOCK_NONBLOCK, 0);
        printf("-- %d %d\n", fams[fam], types[type]);
        if (s < 0) { say("socket", s); continue; }
        union { struct sockaddr a; struct sockaddr_un u; struct sockaddr_in i; struct sockaddr_in6 i6; char raw[200]; } a; memset(&a,0,sizeof a);
        a.a.sa_family=fams[fam]; int len = fam==0?sizeof a.u:fam==1?sizeof a.i:sizeof a.i6; if (fam==0) strcpy(a.u.sun_path,"nosock");
        if(fam==1){a.i.sin_port=htons(9);a.i.sin_addr.s_addr=htonl(INADDR_LOOPBACK);} if(fam==2){a.i6.sin6_port=htons(9);a.i6.sin6_addr=in6addr_loopback;}
        struct sockaddr un={AF_UNSPEC};
        CALL(sendto, s, page, 5L, 0, 0, 0); if (fam || type != 1) CALL(sendto, s, BAD, 5L, 0, 0, 0); CALL(sendto, s, page, 0L, 0, 0, 0);
        CALL(sendto, s, BAD, 0L, 0, 0, 0); CALL(sendto, s, page, 5L, MSG_OOB, 0, 0); CALL(sendto, s, page, 5L, 0x40000000|MSG_NOSIGNAL, 0, 0);
        CALL(sendto, s, (void*)-4096L, 5L, 0, 0, 0); CALL(sendto, s, page, 5L, 0, BAD, 16); CALL(sendto, s, page, 5L, 0, BAD, 0); CALL(sendto, s, page, 5L, 0, BAD, -1);
        CALL(sendto, s, page, 5L, 0, BAD, 129); CALL(sendto, s, page, 5L, 0, page, 1); CALL(sendto, s, page, 5L, 0, page, 2); CALL(sendto, s, page, 5L, 0, 0, 16);
        CALL(sendto, s, page, 5L, 0, &un, 2); CALL(sendto, s, page, 5L, 0, &un, 16);
        CALL(sendto, s, BAD, 5L, 0, &a, 1); CALL(sendto, s, BAD, 5L, 0, &a, 2); CALL(sendto, s, BAD, 5L, 0, &a, len-1); if(fam!=1) CALL(sendto, s, BAD, 5L, 0, &a, len);
        CALL(sendto, s, page, 5L, MSG_OOB, &a, len); if (fam || type != 1) CALL(sendto, s, page, -1L, 0, 0, 0); CALL(sendto, s, BAD, 1L<<62, 0, &a, 1);
        CALL(shutdown, s, 0); CALL(shutdown, s, 5);
        close(s); s = socket(fams[fam], types[type]|SOCK_NONBLOCK, 0);
        CALL(recvfrom, s, page, 5L, 0, 0, 0); CALL(recvfrom, s, BAD, 5L, 0, 0, 0); CALL(recvfrom, s, page, 0L, 0, 0, 0); CALL(recvfrom, s, page, 5L, 0, BAD, BAD);
        CALL(recvfrom, s, page, 5L, MSG_OOB, 0, 0); CALL(recvfrom, s, page, 5L, MSG_OOB|MSG_PEEK, 0, 0); CALL(recvfrom, s, page, 5L, MSG_ERRQUEUE, 0, 0);
        CALL(recvfrom, s, page, -1L, 0, 0, 0); CALL(recvfrom, s, (void*)-4096L, 5L, 0, 0, 0); CALL(recvfrom, s, page, 5L, 0x40000000, 0, 0);
        CALL(recvfrom, s, page, 5L, MSG_WAITALL, &a, ((int[1]){-1}));
        struct msghdr m={0}; struct iovec v={page,5}; m.msg_iov=&v; m.msg_iovlen=1; CALL(sendmsg, s, &m, 0); CALL(recvmsg, s, &m, 0); m.msg_name=BAD; m.msg_namelen=16;
        CALL(sendmsg, s, &m, 0); CALL(recvmsg, s, &m, 0); m.msg_namelen=-1; CALL(sendmsg, s, &m, 0); CALL(recvmsg, s, &m, 0); m.msg_name=0; CALL(sendmsg, s, &m, 0);
        CALL(recvmsg,s,&m,0); m.msg_namelen=0; m.msg_iovlen=1025; CALL(sendmsg, s, &m, 0); m.msg_iovlen=1; m.msg_iov=BAD; CALL(sendmsg,s,&m,0); CALL(recvmsg,s,&m,0);
        m.msg_iov=&v; m.msg_control=BAD; m.msg_controllen=8; CALL(sendmsg,s,&m,0); m.msg_controllen=64; CALL(sendmsg,s,&m,0); m.msg_controllen=1L<<40;
        CALL(sendmsg,s,&m,0); CALL(sendmsg,s,&m,0x80000000); CALL(recvmsg,s,&m,0x80000000); CALL(sendmsg,BADFD,&m,0x80000000);
        CALL(sendmmsg, s, BAD, 0, 0); CALL(sendmmsg, s, BAD, 1, 0); CALL(sendmmsg, BADFD, BAD, 1, 0); CALL(sendmmsg, s, BAD, 1, 0x80000000);
        CALL(recvmmsg, s, BAD, 1, 0, 0); CALL(recvmmsg, s, BAD, 1, 0, BAD); CALL(recvmmsg, BADFD, BAD, 1, 0, BAD);
        CALL(recvmmsg, BADFD, BAD, 1, 0, ((struct timespec[1]){{0,-1}})); CALL(recvmmsg, s, BAD, 1, 0x80000000, 0); CALL(recvmmsg, s, BAD, 0, 0, 0);
        CALL(read, s, BAD, 5L); CALL(read, s, BAD, 0L); CALL(read, s, page, 0L); CALL(write, s, page, 5L); CALL(write, s, page, 0L); CALL(write, s, BAD, 0L);
        CALL(pread64, s, page, 5L, 0L); CALL(pwrite64, s, page, 5L, 0L); CALL(readv, s, BAD, 0); CALL(writev, s, BAD, 0);
        CALL(getpeername, s, page, BAD); CALL(getpeername, s, BAD, ((int[1]){-1})); CALL(getsockname, s, BAD, ((int[1]){-1})); CALL(getsockname, s, BAD, ((int[1]){0}));
        CALL(getsockname, s, page, ((int[1]){1000}));
        CALL(accept4, s, 0, 0, 0); CALL(accept4, s, BAD, BAD, 99); CALL(connect, s, &a, 1); CALL(connect, s, &a, len-1); CALL(connect, s, &un, 2);
        CALL(connect, s, &un, 16); CALL(bind, s, &un, 2); CALL(bind, s, &un, 16); CALL(bind, s, &a, 1); CALL(bind, s, &a, 2); CALL(listen, s, 0);
        // Options.
        close(s); s = socket(fams[fam], types[type]|SOCK_NONBLOCK, 0);
        int one=1; struct timeval tv={0,2000000}, tneg={-1,0};
        memset(page,0,sizeof page);
        for (int len=0; len<=3; len++) { printf("len %d\n", len); CALL(setsockopt, s, SOL_SOCKET, SO_REUSEADDR, &one, len);
        CALL(setsockopt, s, SOL_SOCKET, SO_REUSEADDR, BAD, len); CALL(setsockopt, s, SOL_SOCKET, SO_SNDBUF, &one, len);
        CALL(setsockopt, s, SOL_SOCKET, SO_RCVTIMEO, &tv, len); CALL(setsockopt, s, SOL_SOCKET, SO_LINGER, page, len);
        CALL(setsockopt, s, SOL_SOCKET, SO_TYPE, page, len); CALL(setsockopt, s, SOL_SOCKET, 999, page, len);
        CALL(setsockopt, s, SOL_SOCKET, SO_ATTACH_FILTER, page, len); CALL(setsockopt, s, SOL_SOCKET, SO_PRIORITY, page, len);
        CALL(setsockopt, s, SOL_SOCKET, SO_BINDTODEVICE, page, len);
          if (fam==1) { CALL(setsockopt, s, IPPROTO_IP, IP_TTL, ((int[1]){64}), len); CALL(setsockopt, s, IPPROTO_IP, IP_TOS, page, len);
          CALL(setsockopt, s, IPPROTO_IP, IP_RECVTTL, page, len); CALL(setsockopt, s, IPPROTO_IP, IP_ADD_MEMBERSHIP, page, len);
          CALL(setsockopt, s, IPPROTO_IP, IP_MULTICAST_TTL, page, len); CALL(setsockopt, s, IPPROTO_IP, IP_PKTINFO, BAD, len);
          CALL(setsockopt, s, IPPROTO_IP, 999, page, len); }
          if (fam==2) { CALL(setsockopt, s, IPPROTO_IPV6, IPV6_V6ONLY, page, len); CALL(setsockopt, s, IPPROTO_IPV6, IPV6_UNICAST_HOPS, page, len);
          CALL(setsockopt, s, IPPROTO_IPV6, IPV6_TCLASS, page, len); CALL(setsockopt, s, IPPROTO_IPV6, IPV6_V6ONLY, BAD, len);
          CALL(setsockopt, s, IPPROTO_IPV6, 999, page, len); }
          if (fam && !type) { CALL(setsockopt, s, IPPROTO_TCP, TCP_NODELAY, page, len); CALL(setsockopt, s, IPPROTO_TCP, TCP_KEEPIDLE, page, len);
          CALL(setsockopt, s, IPPROTO_TCP, TCP_NODELAY, BAD, len); CALL(setsockopt, s, IPPROTO_TCP, TCP_CONGESTION, page, len);
          CALL(setsockopt, s, IPPROTO_TCP, 999, page, len); }
        }
        puts("more"); CALL(setsockopt, s, SOL_SOCKET, SO_REUSEADDR, &one, 5); CALL(setsockopt, s, SOL_SOCKET, SO_REUSEADDR, page, 1000);
        CALL(setsockopt, s, SOL_SOCKET, SO_REUSEADDR, &one, -1); CALL(setsockopt, s, SOL_SOCKET, SO_REUSEADDR, 0, 4);
        CALL(setsockopt, s, SOL_SOCKET, SO_RCVTIMEO, &tv, 8); CALL(setsockopt, s, SOL_SOCKET, SO_RCVTIMEO, &tv, 15);
        CALL(setsockopt, s, SOL_SOCKET, SO_RCVTIMEO, &tv, 16); CALL(setsockopt, s, SOL_SOCKET, SO_RCVTIMEO, &tneg, 16);
        CALL(setsockopt, s, SOL_SOCKET, SO_RCVTIMEO, BAD, 16); CALL(setsockopt, s, SOL_SOCKET, SO_LINGER, page, 4); CALL(setsockopt, s, SOL_SOCKET, SO_LINGER, page, 7);
        CALL(setsockopt, s, SOL_SOCKET, SO_LINGER, BAD, 4); CALL(setsockopt, s, SOL_SOCKET, SO_LINGER, BAD, 8); CALL(setsockopt, s, SOL_SOCKET, SO_TYPE, page, 4);
        CALL(setsockopt, s, SOL_SOCKET, SO_ERROR, page, 4); CALL(setsockopt, s, SOL_SOCKET, SO_DOMAIN, BAD, 4); CALL(setsockopt, s, SOL_SOCKET, SO_ACCEPTCONN, BAD, 4);
         
        CALL(setsockopt, s, SOL_SOCKET, SO_ATTACH_FILTER, BAD, 16); CALL(setsockopt, s, SOL_SOCKET, SO_ATTACH_FILTER, BAD, 4);
        CALL(setsockopt, s, SOL_SOCKET, SO_DETACH_FILTER, BAD, 4); CALL(setsockopt, s, SOL_SOCKET, SO_DETACH_FILTER, page, 0);
        CALL(setsockopt, s, SOL_SOCKET, SO_DETACH_FILTER, page, 4); CALL(setsockopt, s, 99, 1, page, 0);
        CALL(setsockopt, s, 99, 1, BAD, 4);
        CALL(setsockopt, s, SOL_SOCKET, SO_BINDTODEVICE, BAD, 0); CALL(setsockopt, s, SOL_SOCKET, SO_BINDTODEVICE, BAD, -1);
        CALL(setsockopt, s, SOL_SOCKET, SO_RCVLOWAT, ((int[1]){-1}), 4); CALL(setsockopt, s, SOL_SOCKET, SO_SNDBUF, ((int[1]){-1}), 4);
        CALL(setsockopt, s, SOL_SOCKET, SO_PEEK_OFF, ((int[1]){-1}), 4); CALL(setsockopt, s, SOL_SOCKET, SO_SNDLOWAT, page, 4);
        CALL(setsockopt, s, SOL_SOCKET, SO_PEERCRED, page, 4); CALL(setsockopt, s, SOL_SOCKET, SO_BUSY_POLL, ((int[1]){-1}), 4);
        CALL(setsockopt, s, SOL_SOCKET, SO_REUSEPORT, page, 4);
        close(s);
    }

    // mremap. The source is m, the target t, in one reservation.
    char *area = mmap(0, 64 * 4096L, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
#define M(n) (area + (n) * 4096L)
#define RW(n, c) mmap(M(n), (c) * 4096L, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0)
    munmap(area, 64 * 4096L); RW(4, 4);
#define FX (MREMAP_FIXED | MREMAP_MAYMOVE)
#define DU (MREMAP_DONTUNMAP | MREMAP_MAYMOVE)
    puts("mremap");
    CALL(mremap, M(4), 4096L, 4096L, FX, M(20) + 1); CALL(mremap, M(4) + 1, 4096L, 4096L, FX, M(20)); CALL(mremap, M(4), 4096L, 4096L, MREMAP_FIXED, M(20));
    CALL(mremap, M(4), 4096L, 4096L, MREMAP_FIXED, M(4)); CALL(mremap, M(4), 4096L, 4096L, FX, M(4)); CALL(mremap, M(4), 8192L, 8192L, FX, M(5));
    CALL(mremap, M(4), 8192L, 8192L, FX, M(3)); CALL(mremap, M(4), 4096L, 8192L, FX, M(3)); CALL(mremap, M(4), 8192L, 4096L, FX, M(5));
    CALL(mremap, M(4), 4096L, 0L, FX, M(20)); CALL(mremap, M(4), 0L, 4096L, FX, M(20)); CALL(mremap, M(4), 4096L, 4096L, FX, -4096L);
    CALL(mremap, M(4), 4096L, 4096L, FX, 1L << 47); CALL(mremap, M(4), 4096L, 8192L, FX, (1L << 47) - 8192); CALL(mremap, M(4), 4096L, 1L << 47, FX, M(20));
    CALL(mremap, M(4), 4096L, -1L, FX, M(20)); CALL(mremap, M(30), 4096L, 4096L, FX, M(20)); CALL(mremap, M(4), -1L, 4096L, FX, M(20));
    CALL(mremap, M(4), 1L << 47, 4096L, FX, M(20));
    puts("dontunmap");
    CALL(mremap, M(4), 4096L, 4096L, MREMAP_DONTUNMAP, 0L); CALL(mremap, M(4), 4096L, 8192L, DU, 0L); CALL(mremap, M(4), 8192L, 4096L, DU, 0L);
    CALL(mremap, M(4), 4096L, 8192L, MREMAP_DONTUNMAP, 0L); CALL(mremap, M(4), 4096L, 4096L, DU | MREMAP_FIXED, M(20) + 1);
    CALL(mremap, M(4), 4096L, 4096L, DU | MREMAP_FIXED, M(4)); CALL(mremap, M(4), 8192L, 8192L, DU | MREMAP_FIXED, M(5)); CALL(mremap, M(30), 4096L, 4096L, DU, 0L);
    CALL(mremap, M(4), 4096L, 4096L, DU | 8, 0L); CALL(mremap, M(4), 4096L, 4096L, DU | MREMAP_FIXED, M(20)); CALL(mremap, M(4), 0L, 0L, DU, 0L);
    CALL(mremap, M(4), 4096L, 0L, DU, 0L); CALL(mremap, M(4), 4096L, 4096L, DU, 1L); CALL(mremap, M(4)+1, 4096L, 4096L, DU, 0L);
    printf("content %d\n", *M(20));
    puts("plain");
    CALL(mremap, M(4), 4096L, 4096L, 0, 1L); CALL(mremap, M(4), 4096L, 4096L, MREMAP_MAYMOVE, 1L); CALL(mremap, M(4), 0L, 4096L, 0, 0L);
    CALL(mremap, M(4), 0L, 4096L, MREMAP_MAYMOVE, 0L); CALL(mremap, M(4), 4096L, 4096L * 2, 0, 0L); CALL(mremap, M(7), 4096L, 8192L, 0, 0L);
    CALL(mremap, M(7), 8192L, 4096L, 0, 0L); CALL(mremap, M(7), 8192L, 8192L, 0, 0L); CALL(mremap, M(7), 8192L, 12288L, MREMAP_MAYMOVE, 0L);
    CALL(mremap, M(7), 8192L, 12288L, 0, 0L); CALL(mremap, M(4), 4096L, 1L << 46, 0, 0L);
    // Mappings.
    puts("mmap");
#define SV MAP_SHARED_VALIDATE
    CALL(mmap, 0L, 4096L, PROT_READ, SV, f, 0L); CALL(mmap, 0L, 4096L, PROT_READ, SV | 0x800000, f, 0L); CALL(mmap, 0L, 4096L, PROT_READ, SV | 0x80, f, 0L);
    CALL(mmap, 0L, 4096L, PROT_READ|PROT_WRITE, SV, ro, 0L); CALL(mmap, 0L, 4096L, PROT_READ|PROT_WRITE, SV|0x800000, ro, 0L);
    CALL(mmap, 0L, 0L, PROT_READ, SV | 0x800000, f, 0L); CALL(mmap, 0L, 4096L, PROT_READ, SV | 0x800000, BADFD, 0L);
    CALL(mmap, 0L, 4096L, PROT_READ, SV | 0x800000, f, 1L); CALL(mmap, 0L, 4096L, PROT_READ, SV | MAP_ANONYMOUS, -1, 0L);
    CALL(mmap, 0L, 4096L, PROT_READ, SV | MAP_ANONYMOUS | 0x800000, -1, 0L); CALL(mmap, 0L, 4096L, PROT_READ, SV | MAP_GROWSDOWN, f, 0L);
    CALL(mmap, 0L, 4096L, PROT_READ, SV | MAP_LOCKED | MAP_POPULATE | MAP_NONBLOCK | MAP_NORESERVE | MAP_STACK | MAP_DENYWRITE | MAP_EXECUTABLE, f, 0L);
    CALL(mmap, 0L, 4096L, PROT_READ, SV | 0x20000, f, 0L); CALL(mmap, 0L, 4096L, PROT_READ, SV | 0x100000, f, 0L); CALL(mmap, 0L, 4096L, PROT_READ, SV, nul, 0L);
    CALL(mmap, 0L, 4096L, PROT_READ, SV, zero, 0L); CALL(mmap, 0L, 4096L, PROT_READ, SV, dir, 0L); CALL(mmap, 0L, 4096L, PROT_READ, SV|0x800000, dir, 0L);
    CALL(mmap, 0L, 4096L, PROT_READ, SV, p[0], 0L); CALL(mmap, 0L, 4096L, PROT_READ, SV|0x800000, p[0], 0L); CALL(mmap, 0L, 4096L, PROT_EXEC, SV|0x800000, p[0], 0L);
    CALL(mmap, 0L, 4096L, PROT_READ, SV, proc, 0L);
    CALL(mmap, 0L, 4096L, PROT_READ, MAP_SHARED | 0x800000, f, 0L); CALL(mmap, 0L, 4096L, PROT_READ, MAP_PRIVATE | 0x800000, f, 0L);
    CALL(mmap, 0L, 4096L, PROT_READ, 4, f, 0L); CALL(mmap, 0L, 4096L, PROT_READ, 0, f, 0L); CALL(mmap, 0L, 4096L, PROT_READ, 0xf, f, 0L);
    CALL(mmap, 0L, 4096L, PROT_READ, MAP_PRIVATE | (21 << 26), f, 0L); CALL(mmap, 0L, 4096L, PROT_READ, SV | (21 << 26), f, 0L);
    CALL(mmap, 0L, 4096L, PROT_READ, SV | (30U << 26), f, 0L); CALL(mmap, 0L, 4096L, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | (21 << 26), -1, 0L);
    CALL(mmap, 0L, 4096L, PROT_READ, MAP_PRIVATE | MAP_HUGETLB, f, 0L); CALL(mmap, 0L, 4096L, PROT_READ, SV | MAP_HUGETLB, f, 0L);
    CALL(mmap, 0L, 4096L, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0L);
    CALL(mmap, 0L, 4096L, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | (21 << 26), -1, 0L);
    CALL(mmap, 0L, 4096L, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | (22 << 26), -1, 0L);
    CALL(mmap, 0L, 4096L, PROT_READ, MAP_SHARED | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0L); CALL(mmap, 0L, 0L, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0L);
    CALL(mmap, 0L, 0L, PROT_READ, MAP_PRIVATE | MAP_HUGETLB, f, 0L); CALL(mmap, 0L, 0L, PROT_READ, MAP_PRIVATE | MAP_HUGETLB, BADFD, 0L);
    CALL(mmap, 0L, 4096L, PROT_READ, MAP_ANONYMOUS | MAP_HUGETLB, -1, 0L); CALL(mmap, 0L, 0L, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS | MAP_HUGETLB| (22 << 26), -1, 0L);
 CALL(mmap, 0L, 4096L, PROT_GROWSDOWN, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0L); CALL(mmap, 0L, 4096L, 0xff00, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0L);
    CALL(mmap, M(40)+1, 4096L, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED_NOREPLACE, -1, 0L);
    CALL(mmap, M(4), 4096L, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED_NOREPLACE, -1, 0L);
    CALL(mmap, M(4), 4096L, PROT_READ, SV|MAP_ANONYMOUS|MAP_FIXED_NOREPLACE, -1, 0L); CALL(mmap, M(4), 4096L, PROT_READ, SV|MAP_FIXED_NOREPLACE, f, 0L);
    CALL(mmap, M(4), 4096L, PROT_READ, MAP_FIXED_NOREPLACE, f, 0L); CALL(mmap, M(4), 4096L, PROT_READ, MAP_SHARED|MAP_FIXED_NOREPLACE, dir, 0L);
    // Namespaces.
    puts("ns");
    int pfd = syscall(SYS_pidfd_open,getpid(),0);
    CALL(setns, BADFD, 0); CALL(setns, BADFD, 99); CALL(setns, BADFD, CLONE_NEWNET); CALL(setns, f, 0); CALL(setns, f, CLONE_NEWNET); CALL(setns, f, 99);
    CALL(setns, dir, 0); CALL(setns, path, 0); CALL(setns, p[0], 0); CALL(setns, pfd, 0); CALL(setns, pfd, 99); CALL(setns, pfd, CLONE_NEWUSER); CALL(unshare, 0);
    CALL(unshare, CLONE_FS); CALL(unshare, CLONE_FILES); CALL(unshare, CLONE_THREAD); CALL(unshare, CLONE_VM); CALL(unshare, CLONE_SIGHAND); CALL(unshare, CLONE_PARENT);
    chdir("/");
    for (int i = 0; i < sizeof names / sizeof names[0]; i++)
        unlinkat(dir, names[i], 0);
    unlinkat(dir, "sub", AT_REMOVEDIR);
    rmdir(folder);
    puts("done");
    return 0;
}
