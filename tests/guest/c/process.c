// What a process is told and may ask for: every line printed here must be the same natively.
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <linux/rseq.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/times.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void show(const char *what, long r) { printf("%s: %ld %d\n", what, r, r == -1 ? errno : 0); }

int main(int argc, char **argv, char **envp)
{
    // The stack as the kernel left it.
    uintptr_t *sp = (uintptr_t *)argv - 1;
    printf("argc %d argv aligned %d contiguous %d\n", argc, (int)((uintptr_t)sp % 16), argv + argc + 1 == envp);
    for (int i = 0; i < argc; i++)
        if (i)
            printf("arg %d '%s'\n", i, argv[i]);
    int n = 0;
    while (envp[n])
        printf("env %s\n", envp[n++]);
    for (Elf64_auxv_t *a = (Elf64_auxv_t *)(envp + n + 1); a->a_type; a++)
        switch (a->a_type)
        {
        case AT_PHENT: case AT_PHNUM: case AT_PAGESZ: case AT_CLKTCK: case AT_FLAGS: case AT_UID: case AT_EUID: case AT_GID: case AT_EGID: case AT_SECURE:
            printf("aux %ld = %ld\n", a->a_type, a->a_un.a_val);
            break;
        case AT_PHDR:
            printf("phdr type %d\n", ((Elf64_Phdr *)a->a_un.a_val)->p_type);
            break;
        case AT_EXECFN:
            printf("execfn %d end %d\n", !strcmp((char *)a->a_un.a_val, argv[0]), (int)((uintptr_t)a->a_un.a_val + strlen(argv[0]) + 1 + 8 == 0x7ffffffff000));
            break;
        case AT_PLATFORM:
            printf("platform %s\n", (char *)a->a_un.a_val);
            break;
        case AT_RANDOM:
            printf("random %d\n", a->a_un.a_val > (uintptr_t)sp && a->a_un.a_val < (uintptr_t)argv[0]);
            break;
        }
    printf("strings in order %d\n", argv[0] < argv[1] && argv[argc - 1] < envp[0]);

    show("gettid", gettid() == getpid());
    struct rlimit l;
    show("getrlimit", getrlimit(99, &l));
    show("getrlimit fault", syscall(SYS_getrlimit, RLIMIT_STACK, 8));
    getrlimit(RLIMIT_STACK, &l);
    printf("stack %ld\n", (long)l.rlim_cur);
    l.rlim_cur = 5; l.rlim_max = 3;
    show("setrlimit", setrlimit(RLIMIT_CORE, &l));
    show("prlimit", prlimit(999999, RLIMIT_CORE, 0, &l));
    struct timespec ts;
    show("clock", clock_gettime(CLOCK_MONOTONIC, &ts));
    show("clock bad", syscall(SYS_clock_gettime, 99, &ts));
    show("clock fault", syscall(SYS_clock_gettime, CLOCK_REALTIME, 8));
    clock_getres(CLOCK_MONOTONIC, &ts);
    printf("res %ld\n", ts.tv_nsec);
    clock_getres(CLOCK_REALTIME_COARSE, &ts);
    printf("coarse %d\n", ts.tv_nsec >= 1000000);
    struct timespec bad = { 0, 1000000000 };
    show("nanosleep bad", syscall(SYS_nanosleep, &bad, 0));
    show("nanosleep fault", syscall(SYS_nanosleep, 8, 0));
    show("clock_nanosleep", syscall(SYS_clock_nanosleep, CLOCK_THREAD_CPUTIME_ID, 0, &ts, 0));
    show("itimer", syscall(SYS_setitimer, 7, 0, 0));
    show("wait4", wait4(-1, 0, WNOHANG, 0));
    show("wait4 bad", syscall(SYS_wait4, -1, 0, 0x100, 0));
    show("waitid", waitid(P_ALL, 0, 0, WEXITED));
    show("waitid bad", waitid(P_ALL, 0, 0, 0));
    show("getpgid", getpgid(999999));
    show("getsid", getsid(0) > 0);
    show("setpgid", setpgid(0, -5));
    show("getgroups", syscall(SYS_getgroups, -1, 0));
    show("kill none", syscall(SYS_kill, 999999, 0));
    show("prctl name", prctl(PR_SET_NAME, "a name that is too long"));
    char name[16];
    prctl(PR_GET_NAME, name);
    printf("name %s\n", name);
    show("prctl bad", prctl(12345, 0, 0, 0, 0));
    show("no new privs", prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
    show("no new privs bad", prctl(PR_SET_NO_NEW_PRIVS, 2, 0, 0, 0));
    show("dumpable", prctl(PR_GET_DUMPABLE));
    show("sched max", sched_get_priority_max(SCHED_FIFO));
    show("sched bad", sched_get_priority_max(77));
    show("getscheduler", sched_getscheduler(0));
    cpu_set_t set;
    show("affinity small", syscall(SYS_sched_getaffinity, 0, 3, &set));
    show("affinity nobody", syscall(SYS_sched_getaffinity, 999999, sizeof set, &set));
    show("getpriority", getpriority(PRIO_PROCESS, 0));
    show("getpriority bad", getpriority(9, 0));
    struct utsname u;
    uname(&u);
    printf("%s %s\n", u.sysname, u.machine);
    show("uname fault", syscall(SYS_uname, 8));
    char random[16];
    show("getrandom", syscall(SYS_getrandom, random, 16, 0));
    show("getrandom bad", syscall(SYS_getrandom, random, 16, 99));
    show("getrandom fault", syscall(SYS_getrandom, 8, 16, 0));
    unsigned cpu;
    show("getcpu", syscall(SYS_getcpu, &cpu, 0, 0));
    show("robust", syscall(SYS_set_robust_list, 0, 5));
    int word = 1;
    show("futex again", syscall(SYS_futex, &word, 0, 2, 0, 0, 0));
    show("futex wake", syscall(SYS_futex, &word, 1, 1, 0, 0, 0));
    ts.tv_sec = 0; ts.tv_nsec = 1000000;
    show("futex timeout", syscall(SYS_futex, &word, 0, 1, &ts, 0, 0));
    show("futex unaligned", syscall(SYS_futex, (char *)&word + 1, 0, 1, &ts, 0, 0));
    show("futex bits", syscall(SYS_futex, &word, 9, 1, &ts, 0, 0));
    show("arch_prctl", syscall(SYS_arch_prctl, 0x1002, 0x800000000000ul));
    show("arch_prctl bad", syscall(SYS_arch_prctl, 0x9999, 0));
    show("membarrier", syscall(SYS_membarrier, 8, 1, 0));
    show("personality", personality(0xffffffff) & 0xff);
    show("no such call", syscall(999, 1, 2, 3));
    show("execve", execve("/nonexistent", argv, envp));
    show("execve directory", execve("/tmp", argv, envp));
    show("execve text", execve("/etc/hostname", argv, envp));
    show("execve fault", syscall(SYS_execve, 8, argv, envp));
    show("execve argv fault", syscall(SYS_execve, "/bin/true", 8, envp));
    char *again[] = { "sh", "-c", "echo \"$0 $1 $V\"; echo done; kill -9 $$", "zero", "first", 0 };
    char *env[] = { "V=variable", 0 };
    fflush(stdout);
    execve("/bin/sh", again, env);
    return 1;
}
