// Filters of system calls: each action, chains, inheritance by threads and children, what they see, and which of them are refused; strict mode.
#define _GNU_SOURCE
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static long show(const char *what, long result)
{
    if (result < 0)
        printf("%s: %s\n", what, strerrorname_np(errno));
    else
        printf("%s: %ld\n", what, result);
    fflush(stdout);
    return result;
}

static long install(unsigned flags, struct sock_filter *code, unsigned short length)
{
    struct sock_fprog program = { length, code };
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
}

// An action for one call, everything else allowed.
static long forbid(long number, unsigned action, unsigned flags)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, action),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    return install(flags, code, sizeof code / sizeof *code);
}

static volatile int traps;

static void on_trap(int sig, siginfo_t *info, void *context)
{
    ucontext_t *u = context;
    traps++;
    printf("trap code %d errno %d call %d arch %x, rax %lld, after the call %d\n", info->si_code, info->si_errno, info->si_syscall == SYS_getppid,
        info->si_arch, (long long)u->uc_mcontext.gregs[REG_RAX] == SYS_getppid, (void *)u->uc_mcontext.gregs[REG_RIP] == info->si_call_addr);
    u->uc_mcontext.gregs[REG_RAX] = 4242;
}

static void in_child(const char *what, void (*body)(void))
{
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0)
    {
        body();
        fflush(stdout);
        _exit(7);
    }
    int status;
    waitpid(pid, &status, 0);
    if (WIFSIGNALED(status))
        printf("%s: killed by %s\n", what, sigabbrev_np(WTERMSIG(status)));
    else
        printf("%s: exited %d\n", what, WEXITSTATUS(status));
}

static void strict(void)
{
    prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT);
    write(1, "strict\n", 7);
    syscall(SYS_exit, 5);
}

static void strict_broken(void)
{
    prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT);
    getpid();
    write(1, "not reached\n", 12);
}

static void killed(void) { show("kill process", forbid(SYS_getppid, SECCOMP_RET_KILL_PROCESS, 0)); getppid(); }
static void unknown(void) { forbid(SYS_getppid, 0x00010000, 0); getppid(); }

static void *thread(void *argument)
{
    getppid();
    return "not reached";
}

static void *lives(void *argument) { return (void *)(long)(syscall(SYS_getppid) < 0 ? errno : 0); }

static void thread_killed(void)
{
    forbid(SYS_getppid, SECCOMP_RET_KILL_THREAD, 0);
    pthread_t t;
    pthread_create(&t, 0, thread, 0);
    void *result = 0;
    pthread_join(t, &result);
    printf("joined %d\n", result == 0);
}

static int gate[2];
static void *waits(void *argument)
{
    char c;
    read(gate[0], &c, 1);
    return lives(0);
}

static void synchronized_threads(void)
{
    pthread_t t;
    void *result;
    pipe(gate);
    pthread_create(&t, 0, waits, 0);
    show("tsync", forbid(SYS_getppid, SECCOMP_RET_ERRNO | EXDEV, SECCOMP_FILTER_FLAG_TSYNC));
    write(gate[1], "x", 1);
    pthread_join(t, &result);
    printf("the other thread: %s\n", strerrorname_np((long)result));
}

static void chains(void)
{
    show("errno", forbid(SYS_getppid, SECCOMP_RET_ERRNO | EPERM, 0));
    show("getppid", syscall(SYS_getppid));
    show("later, laxer", forbid(SYS_getppid, SECCOMP_RET_ALLOW, 0));
    show("getppid", syscall(SYS_getppid));
    show("later, other errno", forbid(SYS_getppid, SECCOMP_RET_ERRNO | ESRCH, 0));
    show("getppid", syscall(SYS_getppid));
    show("traced", forbid(SYS_getppid, SECCOMP_RET_TRACE, 0));
    show("stricter wins", syscall(SYS_getppid));
    show("huge errno", forbid(SYS_getuid, SECCOMP_RET_ERRNO | 0xFFFF, 0));
    printf("raw %ld\n", syscall(SYS_getuid) == -1 ? (long)errno : 0);
    show("no tracer", forbid(SYS_getgid, SECCOMP_RET_TRACE, 0));
    show("getgid", syscall(SYS_getgid));
    show("mode", prctl(PR_GET_SECCOMP));
    show("strict after filter", prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT));
    pthread_t t;
    void *result;
    pthread_create(&t, 0, lives, 0);
    pthread_join(t, &result);
    printf("in a thread: %s\n", strerrorname_np((long)result));
    // By argument: only one value of the third one.
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_dup2, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[1])),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 77, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EOWNERDEAD),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    show("by argument", install(0, code, 6));
    show("dup2 76", dup2(1, 76));
    show("dup2 77", dup2(1, 77));
    char line[100], *name = "/proc/self/status";
    FILE *f = fopen(name, "r");
    while (fgets(line, sizeof line, f))
        if (!strncmp(line, "Seccomp", 7))
            fputs(line, stdout);
}

static void trapped(void)
{
    struct sigaction act = { .sa_sigaction = on_trap, .sa_flags = SA_SIGINFO };
    sigaction(SIGSYS, &act, 0);
    forbid(SYS_getppid, SECCOMP_RET_TRAP | 99, 0);
    show("trapped", syscall(SYS_getppid));
}

static void trapped_unhandled(void) { forbid(SYS_getppid, SECCOMP_RET_TRAP, 0); getppid(); }

static void packets(void)
{
    int s[2];
    char b[20];
    socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, s);
    // The first byte says how much of a message is kept.
    struct sock_filter code[] = { BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 0), BPF_STMT(BPF_ALU | BPF_SUB | BPF_K, '0'), BPF_STMT(BPF_RET | BPF_A, 0) };
    struct sock_fprog program = { 3, code };
    int on = 1;
    show("detach nothing", setsockopt(s[1], SOL_SOCKET, SO_DETACH_FILTER, &on, sizeof on));
    show("attach", setsockopt(s[1], SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program));
    show("dropped", send(s[0], "0abc", 4, 0));
    show("cut", send(s[0], "2abc", 4, 0));
    show("whole", send(s[0], "9abc", 4, 0));
    show("first", recv(s[1], b, sizeof b, 0));
    show("second", recv(s[1], b, sizeof b, 0));
    show("third", recv(s[1], b, sizeof b, 0));
    program.len = 2;
    show("no return", setsockopt(s[1], SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program));
    show("wrong size", setsockopt(s[1], SOL_SOCKET, SO_ATTACH_FILTER, &program, 8));
    struct sock_filter copy[8];
    socklen_t length = 8;
    show("get", getsockopt(s[1], SOL_SOCKET, SO_GET_FILTER, copy, &length));
    printf("length %u, same %d\n", length, !memcmp(copy, code, sizeof code));
    show("lock", setsockopt(s[1], SOL_SOCKET, SO_LOCK_FILTER, &on, sizeof on));
    show("detach locked", setsockopt(s[1], SOL_SOCKET, SO_DETACH_FILTER, &on, sizeof on));
    on = 0;
    show("unlock", setsockopt(s[1], SOL_SOCKET, SO_LOCK_FILTER, &on, sizeof on));
}

int main(void)
{
    unsigned action = SECCOMP_RET_TRAP;
    show("available", syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action));
    action = 0x12340000;
    show("not available", syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action));
    show("available flags", syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 1, &action));
    show("unknown operation", syscall(SYS_seccomp, 77, 0, 0));
    show("strict flags", syscall(SYS_seccomp, SECCOMP_SET_MODE_STRICT, 1, 0));
    show("mode", prctl(PR_GET_SECCOMP));
    show("wrong mode", prctl(PR_SET_SECCOMP, 3));
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    struct sock_filter half[] = { BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 0), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW) };
    show("half word", install(0, half, 2));
    half[0] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 64);
    show("beyond", install(0, half, 2));
    half[0].k = 2;
    show("unaligned", install(0, half, 2));
    show("empty", install(0, half, 0));
    show("no end", install(0, half, 1));
    show("bad flags", install(0x80000, half, 2));
    show("bad pointer", syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, 8));
    in_child("strict", strict);
    in_child("strict broken", strict_broken);
    in_child("killed", killed);
    in_child("unknown action", unknown);
    in_child("thread", thread_killed);
    in_child("all threads", synchronized_threads);
    in_child("chains", chains);
    in_child("trapped", trapped);
    in_child("trapped unhandled", trapped_unhandled);
    in_child("packets", packets);
    printf("done\n");
    return 0;
}
