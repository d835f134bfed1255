// Signals to itself: every line printed here must be the same natively.
#define _GNU_SOURCE
#include <errno.h>
#include <fenv.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

static sigjmp_buf jump;
static volatile int count;
static char *altstack;

static void onfault(int sig, siginfo_t *info, void *context)
{
    ucontext_t *uc = context;
    greg_t *g = uc->uc_mcontext.gregs;
    int onalt = (char *)&onalt >= altstack && (char *)&onalt < altstack + 65536;
    printf("fault %d code %d addr %s trap %lld err %llx cr2 %s alt %d flags %lx aligned %d csgsfs %llx\n", sig, info->si_code,
           info->si_addr == (void *)g[REG_RIP] ? "rip" : (uintptr_t)info->si_addr < 4096 ? "low" : "other", g[REG_TRAPNO], g[REG_ERR],
           g[REG_CR2] == 0 ? "0" : (unsigned long long)g[REG_CR2] < 4096 ? "low" : "other", onalt, uc->uc_flags,
           (int)((uintptr_t)uc->uc_mcontext.fpregs % 64), (unsigned long long)g[REG_CSGSFS] & 0xffff);
    siglongjmp(jump, 1);
}

#define FAULT(what, code) do { printf("%s: ", what); fflush(stdout); if (!sigsetjmp(jump, 1)) { code; printf("survived\n"); } } while (0)

static void oncount(int sig) { count++; (void)sig; }

static void oninfo(int sig, siginfo_t *info, void *context)
{
    ucontext_t *uc = context;
    sigset_t now;
    sigprocmask(SIG_BLOCK, 0, &now);
    printf("info %d code %d pid %d uid %d value %d blocked self %d usr2 %d old %d rsp %d\n", sig - (sig >= SIGRTMIN ? SIGRTMIN : 0), info->si_code,
           info->si_pid == getpid(), info->si_uid == getuid(), info->si_code == SI_QUEUE ? info->si_value.sival_int : 0,
           sigismember(&now, sig), sigismember(&now, SIGUSR2), sigismember(&uc->uc_sigmask, sig), (int)(((uintptr_t)__builtin_frame_address(0)) % 16));
    count++;
}

static void onnested(int sig)
{
    static int depth;
    depth++;
    printf("nested %d depth %d\n", sig, depth);
    if (sig == SIGUSR1)
        raise(SIGUSR2);
    printf("leaving %d\n", sig);
    depth--;
}

static void set(int sig, void (*handler)(int), int flags, int alsoblock)
{
    struct sigaction sa = { .sa_handler = handler, .sa_flags = flags };
    if (alsoblock)
        sigaddset(&sa.sa_mask, alsoblock);
    if (sigaction(sig, &sa, 0))
        perror("sigaction");
}

static void setinfo(int sig, void (*handler)(int, siginfo_t *, void *), int flags, int alsoblock)
{
    struct sigaction sa = { .sa_sigaction = handler, .sa_flags = flags | SA_SIGINFO };
    if (alsoblock)
        sigaddset(&sa.sa_mask, alsoblock);
    if (sigaction(sig, &sa, 0))
        perror("sigaction");
}

static void registers(int sig, siginfo_t *info, void *context)
{
    ucontext_t *uc = context;
    // Clobber everything that the frame must bring back.
    __asm__ volatile("pxor %%xmm0,%%xmm0; pxor %%xmm15,%%xmm15; fninit; fldz; std; cld" ::: "xmm0", "xmm15", "memory");
    printf("frame rbx %llx r12 %llx r15 %llx xmm0 %08x xmm15 %08x fcw %x ftw %x mxcsr %x magic %x\n", uc->uc_mcontext.gregs[REG_RBX],
           uc->uc_mcontext.gregs[REG_R12], uc->uc_mcontext.gregs[REG_R15], uc->uc_mcontext.fpregs->_xmm[0].element[0],
           uc->uc_mcontext.fpregs->_xmm[15].element[3], uc->uc_mcontext.fpregs->cwd, uc->uc_mcontext.fpregs->ftw, uc->uc_mcontext.fpregs->mxcsr,
           ((uint32_t *)uc->uc_mcontext.fpregs)[464 / 4]);
    uc->uc_mcontext.gregs[REG_R15] = 0x77;
    (void)sig; (void)info;
}

static void registertest(void)
{
    setinfo(SIGUSR1, registers, 0, 0);
    uint64_t rbx, r12, r15, red, flags;
    uint32_t x0[4], x15[4];
    long double top;
    int pid = getpid(), tid = syscall(SYS_gettid);
    __asm__ volatile(
        "mov $0x1111, %%rbx; mov $0x2222, %%r12; mov $0x3333, %%r15\n"
        "movq %%rbx, %%xmm0; movq %%r12, %%xmm15; pshufd $0, %%xmm15, %%xmm15; pshufd $0, %%xmm0, %%xmm0\n"
        "fninit; fldpi; movq $0xabcdef, -64(%%rsp)\n"
        "mov %[nr], %%eax; mov %[pid], %%edi; mov %[tid], %%esi; mov $10, %%edx; stc; syscall\n"
        "pushfq; pop %[flags]\n"
        "mov %%rbx, %[rbx]; mov %%r12, %[r12]; mov %%r15, %[r15]; movdqu %%xmm0, %[x0]; movdqu %%xmm15, %[x15]; fstpt %[top]\n"
        : [rbx] "=m"(rbx), [r12] "=m"(r12), [r15] "=m"(r15), [x0] "=m"(x0), [x15] "=m"(x15), [top] "=m"(top), [flags] "=r"(flags)
        : [nr] "i"(SYS_tgkill), [pid] "r"(pid), [tid] "r"(tid)
        : "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r11", "r12", "r15", "xmm0", "xmm15", "memory", "cc");
    (void)red;
    printf("after rbx %lx r12 %lx r15 %lx xmm0 %x xmm15 %x pi %.15Lf cf %d\n", rbx, r12, r15, x0[3], x15[0], top, (int)(flags & 1));
}

int main(void)
{
    setvbuf(stdout, 0, _IOLBF, 0);
    altstack = mmap(0, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    stack_t ss = { .ss_sp = altstack, .ss_size = 65536 }, old;
    printf("altstack %d\n", sigaltstack(&ss, &old));
    printf("old flags %d\n", old.ss_flags);
    ss.ss_size = 100;
    printf("small %d %d\n", sigaltstack(&ss, 0), errno);

    for (int *s = (int[]){ SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, 0 }; *s; s++)
        setinfo(*s, onfault, SA_ONSTACK, 0);
    volatile int zero = 0;
    FAULT("null read", (void)*(volatile int *)8);
    FAULT("null write", *(volatile int *)16 = 1);
    FAULT("null jump", ((void (*)(void))32)());
    FAULT("readonly write", *(volatile char *)(uintptr_t)"text" = 1);
    FAULT("noncanonical", (void)*(volatile int *)0x8000000000000000ul);
    FAULT("noncanonical stack", __asm__ volatile("mov $0x8000000000000000, %%rax; mov %%rsp, %%rbx; mov %%rax, %%rsp; push %%rax; mov %%rbx, %%rsp" ::: "rax", "rbx", "memory"));
    FAULT("kernel half", (void)*(volatile int *)0xffffffff80000000ul);
    FAULT("divide", __asm__ volatile("cltd; idivl %0" ::"r"(zero), "a"(1) : "edx"));
    FAULT("ud2", __asm__ volatile("ud2"));
    FAULT("int3", __asm__ volatile("int3"));
    FAULT("hlt", __asm__ volatile("hlt"));
    FAULT("misaligned sse", __asm__ volatile("movaps 1(%%rsp), %%xmm0" ::: "xmm0"));
    void *page = mmap(0, 8192, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    FAULT("prot none", (void)*(volatile int *)page);
    altstack[0] = 0;
    FAULT("exec data", ((void (*)(void))altstack)());
    FAULT("sse divide", { unsigned m = 0x1f80 & ~0x200; __asm__ volatile("ldmxcsr %0" ::"m"(m)); volatile double d = 1; d = d / zero; });
    fesetenv(FE_DFL_ENV);
    FAULT("x87 divide", { unsigned short cw = 0x37b; __asm__ volatile("fninit; fldcw %0; fld1; fldz; fdivrp; fwait" ::"m"(cw)); });
    __asm__ volatile("fninit");

    setinfo(SIGUSR1, oninfo, 0, SIGUSR2);
    raise(SIGUSR1);
    kill(getpid(), SIGUSR1);
    setinfo(SIGRTMIN, oninfo, 0, 0);
    setinfo(SIGRTMIN + 1, oninfo, 0, 0);
    sigset_t block, pending, empty;
    sigemptyset(&empty);
    sigfillset(&block);
    sigprocmask(SIG_BLOCK, &block, 0);
    for (int i = 0; i < 3; i++)
    {
        union sigval v = { .sival_int = 100 + i };
        sigqueue(getpid(), SIGRTMIN + (i & 1), v);
        sigqueue(getpid(), SIGUSR1, v);
    }
    sigpending(&pending);
    printf("pending %d %d %d\n", sigismember(&pending, SIGRTMIN), sigismember(&pending, SIGUSR1), sigismember(&pending, SIGUSR2));
    siginfo_t info;
    struct timespec soon = { 0, 1000000 };
    sigset_t one;
    sigemptyset(&one);
    sigaddset(&one, SIGRTMIN + 1);
    printf("timedwait %d", sigtimedwait(&one, &info, &soon) - SIGRTMIN);
    printf(" value %d\n", info.si_value.sival_int);
    printf("timedwait %d", sigtimedwait(&one, &info, &soon));
    printf(" errno %d\n", errno);
    printf("suspend %d", sigsuspend(&empty));
    printf(" errno %d\n", errno);
    sigprocmask(SIG_UNBLOCK, &block, 0);

    set(SIGUSR1, onnested, 0, 0);
    set(SIGUSR2, onnested, 0, 0);
    raise(SIGUSR1);
    set(SIGUSR1, onnested, 0, SIGUSR2);
    raise(SIGUSR1);
    set(SIGUSR2, oncount, SA_RESETHAND, 0);
    raise(SIGUSR2);
    struct sigaction sa;
    sigaction(SIGUSR2, 0, &sa);
    printf("reset %d\n", sa.sa_handler == SIG_DFL);

    registertest();

    count = 0;
    set(SIGALRM, oncount, 0, 0);
    struct itimerval timer = { { 0, 20000 }, { 0, 20000 } };
    setitimer(ITIMER_REAL, &timer, 0);
    struct timespec longer = { 1000, 0 }, left = { 0, 0 };
    int r = nanosleep(&longer, &left);
    printf("nanosleep %d errno %d left %d count %d\n", r, errno, left.tv_sec >= 900, count > 0);
    int fds[2];
    char byte;
    if (pipe(fds))
        return 1;
    setitimer(ITIMER_REAL, &timer, 0);
    r = read(fds[0], &byte, 1);
    printf("read %d errno %d count %d\n", r, errno, count > 1);
    set(SIGALRM, SIG_IGN, 0, 0);
    setitimer(ITIMER_REAL, &timer, 0);
    struct timespec shorter = { 0, 60000000 };
    printf("ignored %d\n", nanosleep(&shorter, 0));
    set(SIGALRM, oncount, SA_RESTART, 0);
    timer.it_interval.tv_usec = 5000;
    setitimer(ITIMER_REAL, &timer, 0);
    while (count < 6)
        pause();
    timer.it_value.tv_usec = timer.it_interval.tv_usec = 0;
    setitimer(ITIMER_REAL, &timer, &timer);
    printf("interval %ld\n", (long)timer.it_interval.tv_usec);
    printf("alarm %d %d\n", alarm(100), alarm(0));

    timer_t id;
    struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN, .sigev_value.sival_int = 55 };
    sigemptyset(&one);
    sigaddset(&one, SIGRTMIN);
    sigprocmask(SIG_BLOCK, &one, 0);
    printf("timer_create %d\n", timer_create(CLOCK_MONOTONIC, &ev, &id));
    struct itimerspec its = { .it_value = { 0, 10000000 } };
    timer_settime(id, 0, &its, 0);
    r = sigwaitinfo(&one, &info);
    printf("timer %d code %d value %d overrun %d\n", r - SIGRTMIN, info.si_code, info.si_value.sival_int, info.si_overrun);
    printf("delete %d %d\n", timer_delete(id), (int)syscall(SYS_timer_delete, 12345));

    printf("kill errors %d", kill(getpid(), 65));
    printf(" %d", errno);
    printf(" %d %d\n", (int)syscall(SYS_tgkill, getpid(), 0, SIGUSR1), errno);
    printf("sigkill action %d %d\n", sigaction(SIGKILL, &(struct sigaction){ .sa_handler = SIG_IGN }, 0), errno);
    printf("how %d", sigprocmask(7, &one, 0));
    printf(" %d\n", errno);
    set(SIGCHLD, SIG_DFL, 0, 0);
    raise(SIGCHLD);
    raise(SIGURG);
    raise(SIGCONT);
    printf("done\n");
    raise(SIGTERM);
    return 9;
}
