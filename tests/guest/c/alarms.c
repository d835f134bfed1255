// Signals between threads and processes, and what they interrupt: every line printed here must be the same natively.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>
#include <linux/futex.h>
#include "asleep.h"

static void show(const char *what, long r) { printf("%s: %ld %s\n", what, r, r == -1 ? strerrorname_np(errno) : ""); }
static long now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec * 1000 + t.tv_nsec / 1000000; }

static volatile int caught, order[64], orders;
static siginfo_t last;
static void count(int s) { caught++; }
static void note(int s, siginfo_t *i, void *c) { if (orders < 64) order[orders++] = s * 1000 + i->si_value.sival_int; last = *i; }
static void act(int s, void (*f)(int), int flags) { struct sigaction a = {.sa_handler = f, .sa_flags = flags}; sigaction(s, &a, 0); }
static void act_info(int s, void (*f)(int, siginfo_t *, void *), int flags) { struct sigaction a = {.sa_sigaction = f, .sa_flags = flags | SA_SIGINFO}; sigaction(s, &a, 0); }

// -- Every blocking call, interrupted once without and once with SA_RESTART; a helper thread does the second half of the latter.
static int pair[2], fifo[2], lockfd, queue, semaphores, listener, ep, efd, tfd;
static pthread_t self;
static int word;
// Longer than any machine needs to send the signal that ends the wait.
enum { LONG_MS = 100000 };
static char bytes[70000];

static long do_read(void) { return read(pair[0], bytes, 1); }
static long do_readv(void) { struct iovec { void *p; size_t n; } v = {bytes, 1}; return syscall(SYS_readv, pair[0], &v, 1); }
static long do_write(void) { return write(fifo[1], bytes, 1); }
static long do_recv(void) { static int s[2]; if (!s[0]) socketpair(AF_UNIX, SOCK_STREAM, 0, s); return recv(s[0], bytes, 1, 0); }
static long do_accept(void) { return accept(listener, 0, 0); }
static long do_wait(void) { return waitpid(-1, 0, 0); }
static long do_waitid(void) { siginfo_t i; return waitid(P_ALL, 0, &i, WEXITED); }
static long do_flock(void) { return flock(lockfd, LOCK_EX); }
static long do_setlkw(void) { struct flock l = {F_WRLCK, SEEK_SET, 0, 1}; return fcntl(lockfd, F_SETLKW, &l); }
static long do_futex(void) { return syscall(SYS_futex, &word, FUTEX_WAIT, 0, 0, 0, 0); }
static long do_eventfd(void) { return read(efd, bytes, 8); }
static long do_timerfd(void) { return read(tfd, bytes, 8); }
static long do_poll(void) { struct pollfd p = {pair[0], POLLIN}; return poll(&p, 1, LONG_MS); }
static long do_ppoll(void) { struct pollfd p = {pair[0], POLLIN}; struct timespec t = {LONG_MS / 1000, 0}; return ppoll(&p, 1, &t, 0); }
static long do_select(void) { fd_set s; FD_ZERO(&s); FD_SET(pair[0], &s); struct timeval t = {LONG_MS / 1000, 0}; return select(pair[0] + 1, &s, 0, 0, &t); }
static long do_pselect(void) { fd_set s; FD_ZERO(&s); FD_SET(pair[0], &s); struct timespec t = {LONG_MS / 1000, 0}; return pselect(pair[0] + 1, &s, 0, 0, &t, 0); }
static long do_epoll(void) { struct epoll_event e; return epoll_wait(ep, &e, 1, LONG_MS); }
static long do_nanosleep(void) { struct timespec t = {LONG_MS / 1000, 0}, left; long r = nanosleep(&t, &left); if (r < 0) r = left.tv_sec >= 0 && left.tv_sec <= LONG_MS / 1000 ? -1 : -7; return r; }
static long do_clock(void) { struct timespec t = {LONG_MS / 1000, 0}; int r = clock_nanosleep(CLOCK_MONOTONIC, 0, &t, 0); if (r) errno = r; return r ? -1 : 0; }
static long do_clock_absolute(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); t.tv_sec += LONG_MS / 1000; int r = clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, 0); if (r) errno = r; return r ? -1 : 0; }
static long do_pause(void) { return pause(); }
static long do_suspend(void) { sigset_t s; sigemptyset(&s); return sigsuspend(&s); }
static long do_timedwait(void) { sigset_t s; sigemptyset(&s); sigaddset(&s, SIGUSR2); struct timespec t = {LONG_MS / 1000, 0}; return sigtimedwait(&s, 0, &t); }
static long do_msgrcv(void) { struct { long t; char c[8]; } m; return msgrcv(queue, &m, 8, 0, 0); }
static long do_semop(void) { struct sembuf b = {0, -1, 0}; return semop(semaphores, &b, 1); }
static long do_futex_timed(void) { struct timespec t = {LONG_MS / 1000, 0}; return syscall(SYS_futex, &word, FUTEX_WAIT, 0, &t, 0, 0); }
static long do_openfifo(void) { return open("alarms.fifo", O_RDONLY); }

static struct { const char *name; long (*call)(void); int restarts; } calls[] = {
    {"read", do_read, 1}, {"readv", do_readv, 1}, {"write", do_write, 1}, {"recv", do_recv, 1}, {"accept", do_accept, 1}, {"waitpid", do_wait, 1}, {"waitid", do_waitid, 1},
    {"flock", do_flock, 1}, {"F_SETLKW", do_setlkw, 1}, {"futex", do_futex, 1}, {"eventfd", do_eventfd, 1}, {"timerfd", do_timerfd, 1}, {"open of a FIFO", do_openfifo, 1},
    {"poll", do_poll, 0}, {"ppoll", do_ppoll, 0}, {"select", do_select, 0}, {"pselect", do_pselect, 0}, {"epoll_wait", do_epoll, 0}, {"nanosleep", do_nanosleep, 0},
    {"clock_nanosleep", do_clock, 0}, {"clock_nanosleep, absolute", do_clock_absolute, 0}, {"pause", do_pause, 0}, {"sigsuspend", do_suspend, 0}, {"sigtimedwait", do_timedwait, 0},
    {"msgrcv", do_msgrcv, 0}, {"semop", do_semop, 0}, {"futex with a time", do_futex_timed, 0}};

// Each signal comes when the first thread sleeps in its call, and has been handled before the next.
static volatile int wanted;
static void *kicks(void *arg)
{
    for (int i = 0; i < wanted; i++)
    {
        await_sleep(getpid());
        pthread_kill(self, arg && i == wanted - 1 ? SIGALRM : SIGUSR1);
        AWAIT(caught > i);
    }
    return 0;
}

static void interrupted(void)
{
    puts("-- interrupted calls");
    self = pthread_self();
    pipe(pair);
    pipe(fifo);
    fcntl(fifo[1], F_SETPIPE_SZ, 4096);
    fcntl(fifo[1], F_SETFL, O_NONBLOCK);
    while (write(fifo[1], bytes, 4096) > 0)
        ;
    fcntl(fifo[1], F_SETFL, 0);
    unlink("alarms.lock");
    unlink("alarms.fifo");
    mkfifo("alarms.fifo", 0600);
    int held = open("alarms.lock", O_RDWR | O_CREAT, 0600);
    flock(held, LOCK_EX);
    lockfd = open("alarms.lock", O_RDWR);
    efd = eventfd(0, 0);
    tfd = timerfd_create(CLOCK_MONOTONIC, 0);
    ep = epoll_create1(0);
    queue = msgget(IPC_PRIVATE, 0600);
    semaphores = semget(IPC_PRIVATE, 1, 0600);
    listener = socket(AF_UNIX, SOCK_STREAM, 0);
    bind(listener, &(struct sockaddr){AF_UNIX}, sizeof(sa_family_t));
    listen(listener, 1);
    int hold[2];
    pipe(hold);
    pid_t child = fork();
    if (child == 0)
    {
        // Holds the record lock and is waited for.
        struct flock l = {F_WRLCK, SEEK_SET, 0, 1};
        int fd = open("alarms.lock", O_RDWR);
        fcntl(fd, F_SETLK, &l);
        write(hold[1], "x", 1);
        for (;;)
            pause();
    }
    read(hold[0], bytes, 1);
    for (int i = 0; i < sizeof calls / sizeof *calls; i++)
    {
        pthread_t t;
        caught = 0;
        act(SIGUSR1, count, 0);
        wanted = 1;
        pthread_create(&t, 0, kicks, 0);
        errno = 0;
        long r = calls[i].call();
        printf("%s: %ld %s, caught %d\n", calls[i].name, r, r < 0 ? strerrorname_np(errno) : "", caught);
        pthread_join(t, 0);
        if (calls[i].restarts)
            continue;
        caught = 0;
        act(SIGUSR1, count, SA_RESTART);
        pthread_create(&t, 0, kicks, 0);
        errno = 0;
        r = calls[i].call();
        printf("%s, SA_RESTART: %ld %s, caught %d\n", calls[i].name, r, r < 0 ? strerrorname_np(errno) : "", caught);
        pthread_join(t, 0);
    }
    // Those that restart go on until a handler without SA_RESTART comes.
    for (int i = 0; i < sizeof calls / sizeof *calls; i++)
    {
        if (!calls[i].restarts)
            continue;
        pthread_t t;
        caught = 0;
        act(SIGUSR1, count, SA_RESTART);
        act(SIGALRM, count, 0);
        wanted = 3;
        pthread_create(&t, 0, kicks, "ends with SIGALRM");
        errno = 0;
        long r = calls[i].call();
        printf("%s, restarted: %ld %s, caught %d\n", calls[i].name, r, r < 0 ? strerrorname_np(errno) : "", caught);
        pthread_join(t, 0);
    }
    kill(child, SIGKILL);
    waitpid(child, 0, 0);
    msgctl(queue, IPC_RMID, 0);
    semctl(semaphores, 0, IPC_RMID);
    unlink("alarms.lock");
    unlink("alarms.fifo");
}

// restart_syscall: stopped and continued, without a handler, the time goes on: a stop of 200 ms is longer than the sleep of 150, so that a sleep that began anew would take 350.
static int stopped_call(int which)
{
    pid_t pid = fork();
    if (pid == 0)
    {
        long began = now(), r = 0;
        struct timespec t = {0, 150000000};
        struct pollfd p = {pair[0], POLLIN};
        switch (which)
        {
        case 0: r = nanosleep(&t, 0); break;
        case 1: r = poll(&p, 1, 150); break;
        case 2: r = syscall(SYS_futex, &word, FUTEX_WAIT, 0, &t, 0, 0); break;
        case 3: r = clock_nanosleep(CLOCK_REALTIME, 0, &t, 0); break;
        }
        long took = now() - began;
        if (r < 0 && errno != ETIMEDOUT)
            _exit(100);
        _exit(took < 149 ? 60 : took < 340 ? which + 1 : 50);
    }
    int status;
    await_sleep(pid);
    kill(pid, SIGSTOP);
    waitpid(pid, &status, WUNTRACED);
    rest(200);
    kill(pid, SIGCONT);
    waitpid(pid, &status, 0);
    return status;
}

static void stopped_calls(void)
{
    puts("-- stopped and continued");
    for (int i = 0; i < 4; i++)
    {
        // A loaded machine may take longer, but not every time.
        int status = 0;
        for (int attempt = 0; attempt < 50; attempt++)
            if ((status = stopped_call(i)) != 50 << 8)
                break;
        printf("%d: %x\n", i, status);
    }
}

static void queued(void)
{
    puts("-- queues");
    sigset_t all, old;
    sigfillset(&all);
    for (int s = SIGRTMIN; s < SIGRTMIN + 3; s++)
        act_info(s, note, 0);
    act_info(SIGUSR2, note, 0);
    act_info(SIGTERM, note, 0);
    sigprocmask(SIG_BLOCK, &all, &old);
    for (int i = 0; i < 3; i++)
        for (int s = SIGRTMIN + 2; s >= SIGRTMIN; s--)
            sigqueue(getpid(), s, (union sigval){.sival_int = i});
    for (int i = 0; i < 3; i++)
        sigqueue(getpid(), SIGUSR2, (union sigval){.sival_int = i + 5});
    kill(getpid(), SIGTERM);
    pthread_kill(pthread_self(), SIGRTMIN + 1);
    sigset_t pending;
    sigpending(&pending);
    printf("pending %d %d %d\n", sigismember(&pending, SIGRTMIN), sigismember(&pending, SIGUSR2), sigismember(&pending, SIGHUP));
    sigprocmask(SIG_SETMASK, &old, 0);
    for (int i = 0; i < orders; i++)
        printf(" %d", order[i]);
    puts("");
    siginfo_t info = {.si_code = SI_USER};
    show("queueinfo as kill", syscall(SYS_rt_sigqueueinfo, getppid(), SIGUSR2, &info));
    info.si_code = SI_TKILL;
    show("queueinfo as tkill", syscall(SYS_rt_sigqueueinfo, getppid(), SIGUSR2, &info));
    info.si_code = -60;
    info.si_value.sival_int = 77;
    show("queueinfo", syscall(SYS_rt_sigqueueinfo, getpid(), SIGUSR2, &info));
    printf("code %d value %d\n", last.si_code, last.si_value.sival_int);
    show("tgsigqueueinfo", syscall(SYS_rt_tgsigqueueinfo, getpid(), gettid(), SIGUSR2, &info));
    show("tgsigqueueinfo nobody", syscall(SYS_rt_tgsigqueueinfo, getpid(), 4194303, SIGUSR2, &info));
    show("sigqueue bad", sigqueue(getpid(), 65, (union sigval){0}));
    show("sigqueue nobody", sigqueue(4194303, 0, (union sigval){0}));
    orders = 0;
}

// Who gets a signal of the process: any that does not block it; sigwait in several threads shares them out.
static volatile int received[4];
static void *takes(void *arg)
{
    sigset_t s;
    sigemptyset(&s);
    sigaddset(&s, SIGRTMIN + 5);
    sigaddset(&s, SIGUSR2);
    for (;;)
    {
        siginfo_t info;
        int r = sigwaitinfo(&s, &info);
        if (r == SIGUSR2)
            return 0;
        // Another thread has taken what woke this one.
        if (r < 0)
            continue;
        __sync_fetch_and_add(&received[(intptr_t)arg], 1);
        __sync_fetch_and_add(&received[3], info.si_value.sival_int);
    }
}

static __thread int mine;
static volatile int got_in_main, got_in_other;
static void where(int s) { if (mine) got_in_other++; else got_in_main++; }
static void *unblocks(void *arg)
{
    mine = 1;
    sigset_t s;
    sigemptyset(&s);
    sigaddset(&s, SIGRTMIN + 6);
    pthread_sigmask(SIG_UNBLOCK, &s, 0);
    while (!got_in_other)
        rest(1);
    return 0;
}

static void shared_out(void)
{
    puts("-- several threads");
    sigset_t s, old;
    sigemptyset(&s);
    sigaddset(&s, SIGRTMIN + 5);
    sigaddset(&s, SIGRTMIN + 6);
    sigaddset(&s, SIGUSR2);
    pthread_sigmask(SIG_BLOCK, &s, &old);
    pthread_t t[3];
    for (int i = 0; i < 3; i++)
        pthread_create(t + i, 0, takes, (void *)(intptr_t)i);
    int sum = 0;
    for (int i = 0; i < 300; i++)
    {
        sum += i;
        while (sigqueue(getpid(), SIGRTMIN + 5, (union sigval){.sival_int = i}))
            rest(1);
    }
    for (int i = 0; i < 30000 && received[0] + received[1] + received[2] < 300; i++)
        rest(1);
    printf("received %d sum %d\n", received[0] + received[1] + received[2], received[3] == sum);
    for (int i = 0; i < 3; i++)
        pthread_kill(t[i], SIGUSR2);
    for (int i = 0; i < 3; i++)
        pthread_join(t[i], 0);
    act(SIGRTMIN + 6, where, 0);
    pthread_create(t, 0, unblocks, 0);
    rest(5);
    kill(getpid(), SIGRTMIN + 6);
    pthread_join(t[0], 0);
    printf("main %d other %d\n", got_in_main, got_in_other);
    int fd = signalfd(-1, &s, SFD_NONBLOCK);
    kill(getpid(), SIGUSR2);
    struct signalfd_siginfo info;
    show("signalfd", read(fd, &info, sizeof info));
    printf("signo %d code %d pid %d\n", info.ssi_signo, info.ssi_code, info.ssi_pid == getpid());
    show("signalfd again", read(fd, &info, sizeof info));
    close(fd);
    pthread_sigmask(SIG_SETMASK, &old, 0);
}

// -- Flags of actions.
static volatile int depth, deepest, raises;
static void nests(int s)
{
    int d = ++depth;
    if (d > deepest)
        deepest = d;
    if (raises-- > 0)
        raise(s);
    depth--;
}
static char alternate[65536] __attribute__((aligned(16)));
static volatile int on_alternate;
static void checks_stack(int s) { char c; on_alternate = &c >= alternate && &c < alternate + sizeof alternate; stack_t st; sigaltstack(0, &st); on_alternate |= st.ss_flags << 4; }

static void flags(void)
{
    puts("-- flags");
    act(SIGUSR1, nests, SA_NODEFER);
    raises = 3;
    raise(SIGUSR1);
    printf("nodefer %d\n", deepest);
    deepest = 0;
    raises = 3;
    act(SIGUSR1, nests, 0);
    raise(SIGUSR1);
    printf("defer %d\n", deepest);
    act(SIGUSR1, count, SA_RESETHAND);
    raise(SIGUSR1);
    struct sigaction a;
    sigaction(SIGUSR1, 0, &a);
    printf("reset %d flags %x\n", a.sa_handler == SIG_DFL, a.sa_flags & ~0x04000000);
    stack_t st = {.ss_sp = alternate, .ss_size = sizeof alternate}, old;
    show("sigaltstack", sigaltstack(&st, &old));
    printf("old flags %d\n", old.ss_flags);
    act(SIGUSR1, checks_stack, SA_ONSTACK);
    raise(SIGUSR1);
    printf("on alternate %x\n", on_alternate);
    act(SIGUSR1, checks_stack, 0);
    raise(SIGUSR1);
    printf("on alternate %x\n", on_alternate);
    st.ss_flags = 0x80000000;
    show("autodisarm", sigaltstack(&st, 0));
    act(SIGUSR1, checks_stack, SA_ONSTACK);
    raise(SIGUSR1);
    printf("on alternate %x\n", on_alternate & 0x2f);
    sigaltstack(0, &old);
    printf("after %x\n", old.ss_flags);
    st.ss_flags = SS_DISABLE;
    sigaltstack(&st, 0);
    sigset_t m;
    sigfillset(&m);
    struct sigaction b = {.sa_handler = count, .sa_mask = m};
    sigaction(SIGUSR1, &b, 0);
    sigaction(SIGUSR1, 0, &a);
    printf("kill in mask %d\n", sigismember(&a.sa_mask, SIGKILL));
    show("sigaction KILL", sigaction(SIGKILL, &b, 0));
    show("sigaction STOP", sigaction(SIGSTOP, &b, 0));
    show("sigaction 0", syscall(SYS_rt_sigaction, 0, 0, &a, 8));
    show("sigaction size", syscall(SYS_rt_sigaction, SIGUSR1, 0, &a, 16));
    show("sigprocmask how", syscall(SYS_rt_sigprocmask, 9, &m, 0, 8));
    show("sigprocmask how without a set", syscall(SYS_rt_sigprocmask, 9, 0, &m, 8));
}

// -- The frame: registers, x87, SSE and AVX state are the handler's to read and change.
static void edits(int s, siginfo_t *i, void *c)
{
    ucontext_t *u = c;
    u->uc_mcontext.gregs[REG_RBX] += 5;
    u->uc_mcontext.fpregs->_xmm[7].element[0] ^= 0xff;
    u->uc_mcontext.fpregs->mxcsr |= 0x2000;
    uint8_t *area = (uint8_t *)u->uc_mcontext.fpregs;
    uint32_t magic = *(uint32_t *)(area + 464), size = *(uint32_t *)(area + 480);
    uint64_t features = *(uint64_t *)(area + 512);
    printf("magic %x features %d trailer %x\n", magic, (int)(features & 7), *(uint32_t *)(area + size));
    // The upper half of YMM7: AVX state begins at 576 in the standard format.
    if (features & 4)
        *(uint32_t *)(area + 576 + 16 * 7) ^= 0xf0f0;
}
__attribute__((target("avx"))) static void frame(void)
{
    puts("-- frame");
    act_info(SIGUSR1, edits, 0);
    uint32_t in[8] = {1, 2, 3, 4, 5, 6, 7, 8}, out[8];
    uint64_t rbx = 100;
    uint32_t mxcsr;
    pid_t pid = getpid();
    __asm__ volatile("vmovdqu %3, %%ymm7\n\tmov %0, %%rbx\n\tmov $62, %%eax\n\tsyscall\n\tmov %%rbx, %0\n\tvmovdqu %%ymm7, %1\n\tstmxcsr %2\n\tvzeroupper"
        : "+r"(rbx), "=m"(out), "=m"(mxcsr) : "m"(in), "D"((long)pid), "S"((long)SIGUSR1) : "rax", "rbx", "rcx", "r11", "memory", "xmm7");
    printf("rbx %ld mxcsr %x", (long)rbx, mxcsr & 0xE000);
    for (int i = 0; i < 8; i++)
        printf(" %x", out[i]);
    puts("");
    mxcsr = 0x1f80;
    __asm__ volatile("ldmxcsr %0" : : "m"(mxcsr));
}

// -- Faults in threads.
static __thread sigjmp_buf back;
static __thread siginfo_t fault;
static void on_fault(int s, siginfo_t *i, void *c) { fault = *i; siglongjmp(back, 1); }
static char *page;
static void *faults(void *arg)
{
    long n = 0;
    for (int i = 0; i < 200; i++)
    {
        volatile char *where = i % 2 ? page + (intptr_t)arg * 8 + i : (char *)(intptr_t)(0x1000 + (intptr_t)arg * 64 + i);
        if (sigsetjmp(back, 1) == 0)
            *where = 1;
        else
            n += fault.si_signo == SIGSEGV && fault.si_addr == where && fault.si_code == (i % 2 ? SEGV_ACCERR : SEGV_MAPERR);
    }
    return (void *)n;
}
static volatile int zero;
static int gate;
static void *traps(void *arg)
{
    if (sigsetjmp(back, 1) == 0)
        switch ((intptr_t)arg)
        {
        case 0: __asm__ volatile("xor %%ecx, %%ecx\n\tmov $1, %%eax\n\tcltd\n\tidiv %%ecx" ::: "eax", "ecx", "edx"); break;
        case 1: __asm__("ud2"); break;
        case 2: __asm__("int3"); break;
        case 3: __asm__("hlt"); break;
        case 4: *(volatile char *)0xdead000000000000 = 1; break;
        case 5:
        {
            int fd = memfd_create("x", 0);
            char *p = mmap(0, 4096, PROT_READ, MAP_SHARED, fd, 0);
            *(volatile char *)p;
            break;
        }
        }
    printf("%ld: signo %d code %d\n", (long)arg, fault.si_signo, fault.si_code);
    return 0;
}

static void thread_faults(void)
{
    puts("-- faults");
    page = mmap(0, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (int s = 0; s < 5; s++)
        act_info((int[]){SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP}[s], on_fault, 0);
    pthread_t t[4];
    void *r;
    for (int i = 0; i < 4; i++)
        pthread_create(t + i, 0, faults, (void *)(intptr_t)i);
    for (int i = 0; i < 4; i++)
    {
        pthread_join(t[i], &r);
        printf("thread %ld\n", (long)r);
    }
    for (int i = 0; i < 6; i++)
    {
        pthread_create(t, 0, traps, (void *)(intptr_t)i);
        pthread_join(t[0], 0);
    }
    for (int s = 0; s < 5; s++)
        signal((int[]){SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP}[s], SIG_DFL);
}

static void *timer_target(void *arg)
{
    sigset_t s;
    sigemptyset(&s);
    sigaddset(&s, SIGRTMIN + 7);
    *(pid_t *)arg = gettid();
    sem_post((sem_t *)((char *)arg + 64));
    siginfo_t info;
    int r = sigwaitinfo(&s, &info);
    printf("timer: %d code %d value %d\n", r == SIGRTMIN + 7, info.si_code, info.si_value.sival_int);
    return 0;
}

static void timers(void)
{
    puts("-- timers");
    sigset_t s;
    sigemptyset(&s);
    sigaddset(&s, SIGRTMIN + 7);
    pthread_sigmask(SIG_BLOCK, &s, 0);
    static char place[256];
    sem_init((sem_t *)(place + 64), 0, 0);
    pthread_t t;
    pthread_create(&t, 0, timer_target, place);
    sem_wait((sem_t *)(place + 64));
    struct sigevent e = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGRTMIN + 7, .sigev_value.sival_int = 99};
    e._sigev_un._tid = *(pid_t *)place;
    timer_t id;
    show("timer_create", timer_create(CLOCK_MONOTONIC, &e, &id));
    struct itimerspec v = {{0, 0}, {0, 5000000}};
    show("timer_settime", timer_settime(id, 0, &v, 0));
    pthread_join(t, 0);
    show("timer_delete", timer_delete(id));
    e._sigev_un._tid = 1;
    show("timer for another's thread", timer_create(CLOCK_MONOTONIC, &e, &id));
    act(SIGVTALRM, count, 0);
    act(SIGPROF, count, 0);
    act(SIGALRM, count, 0);
    for (int w = 0; w < 3; w++)
    {
        caught = 0;
        struct itimerval i = {{0, 5000}, {0, 5000}};
        setitimer(w, &i, 0);
        long began = now();
        while (caught < 5 && now() - began < 60000)
            ;
        setitimer(w, &(struct itimerval){0}, 0);
        printf("itimer %d: %d\n", w, caught >= 5);
    }
    // A timer's signals do not queue; what was missed is the overrun.
    e = (struct sigevent){.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN + 7};
    timer_create(CLOCK_MONOTONIC, &e, &id);
    v = (struct itimerspec){{0, 2000000}, {0, 2000000}};
    timer_settime(id, 0, &v, 0);
    rest(50);
    siginfo_t info;
    int r = sigwaitinfo(&s, &info);
    printf("overrun %d %d\n", info.si_overrun >= 10, timer_getoverrun(id) >= 10);
    timer_delete(id);
    struct timespec none = {0, 0};
    // It may have ended once more before it was deleted.
    while (sigtimedwait(&s, &info, &none) > 0)
        ;
    show("nothing left", sigtimedwait(&s, &info, &none));
}

int main(int argc, char **argv)
{
    setvbuf(stdout, 0, _IONBF, 0);
    char folder[] = "/tmp/alarms-XXXXXX";
    if (!mkdtemp(folder) || chdir(folder))
        return 1;
    interrupted();
    rmdir(folder);
    stopped_calls();
    queued();
    shared_out();
    flags();
    frame();
    thread_faults();
    timers();
    puts("done");
    return 0;
}
