// Parents, children, groups and sessions: every line printed here must be the same natively.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "asleep.h"

#ifndef P_PIDFD
#define P_PIDFD 3
#endif

static void show(const char *what, long r)
{
    printf("%s: %ld %s\n", what, r, r == -1 ? strerrorname_np(errno) : "");
    fflush(stdout);
}

// The state letter of a process.
static char state(pid_t pid) { return state_of(pid, pid); }

static void await_state(pid_t pid, char wanted) { await_state_of(pid, pid, wanted); }

static volatile int child_signals;
static siginfo_t last;
static void on_child(int s, siginfo_t *info, void *c) { child_signals++; last = *info; }

static void show_info(const char *what, siginfo_t *i, pid_t pid)
{
    printf("%s: signo %d code %d status %d pid %d uid %d errno %d\n", what, i->si_signo, i->si_code, i->si_status, i->si_pid == pid, i->si_uid == getuid(), i->si_errno);
    fflush(stdout);
}

static void clone_errors(void)
{
    puts("-- clone's errors");
    show("thread without sighand", syscall(SYS_clone, CLONE_THREAD, 0, 0, 0, 0));
    show("sighand without vm", syscall(SYS_clone, CLONE_SIGHAND, 0, 0, 0, 0));
    show("fs and newns", syscall(SYS_clone, CLONE_FS | CLONE_NEWNS, 0, 0, 0, 0));
    show("pidfd and parent_settid", syscall(SYS_clone, CLONE_PIDFD | CLONE_PARENT_SETTID, 0, 0, 0, 0));
    show("pidfd and detached", syscall(SYS_clone, CLONE_PIDFD | CLONE_DETACHED, 0, 0, 0, 0));
    show("pidfd to a bad address", syscall(SYS_clone, CLONE_PIDFD | SIGCHLD, 0, 8, 0, 0));
    show("nobody was made", waitpid(-1, 0, __WALL));
    struct clone_args a = {0};
    show("clone3 small", syscall(SYS_clone3, &a, 32));
    show("clone3 big", syscall(SYS_clone3, &a, 8192));
    show("clone3 fault", syscall(SYS_clone3, (void *)8, sizeof a));
    struct { struct clone_args a; uint64_t more; } b = {.more = 1};
    show("clone3 unknown tail", syscall(SYS_clone3, &b, sizeof b));
    a.exit_signal = 65;
    show("clone3 bad signal", syscall(SYS_clone3, &a, sizeof a));
    a.exit_signal = 0x111;
    show("clone3 wide signal", syscall(SYS_clone3, &a, sizeof a));
    a = (struct clone_args){.flags = SIGCHLD};
    show("clone3 signal in flags", syscall(SYS_clone3, &a, sizeof a));
    a = (struct clone_args){.flags = CLONE_DETACHED};
    show("clone3 detached", syscall(SYS_clone3, &a, sizeof a));
    a = (struct clone_args){.flags = CLONE_CLEAR_SIGHAND | CLONE_SIGHAND | CLONE_VM};
    show("clone3 sighand twice", syscall(SYS_clone3, &a, sizeof a));
    a = (struct clone_args){.stack = 4096};
    show("clone3 stack without size", syscall(SYS_clone3, &a, sizeof a));
    a = (struct clone_args){.stack_size = 4096};
    show("clone3 size without stack", syscall(SYS_clone3, &a, sizeof a));
    a = (struct clone_args){.flags = CLONE_THREAD | CLONE_SIGHAND | CLONE_VM, .exit_signal = SIGCHLD};
    show("clone3 thread with signal", syscall(SYS_clone3, &a, sizeof a));
    a = (struct clone_args){.flags = 1ULL << 40};
    show("clone3 unknown flag", syscall(SYS_clone3, &a, sizeof a));
    a = (struct clone_args){.set_tid_size = 40, .set_tid = 1};
    show("clone3 many ids", syscall(SYS_clone3, &a, sizeof a));
    a = (struct clone_args){.set_tid_size = 1};
    show("clone3 ids nowhere", syscall(SYS_clone3, &a, sizeof a));

    int pidfd = -1, tid = 0, childtid = 0;
    a = (struct clone_args){.flags = CLONE_PIDFD | CLONE_PARENT_SETTID | CLONE_CHILD_SETTID, .pidfd = (uintptr_t)&pidfd, .parent_tid = (uintptr_t)&tid,
                            .child_tid = (uintptr_t)&childtid, .exit_signal = SIGCHLD};
    long pid = syscall(SYS_clone3, &a, sizeof a);
    if (pid == 0)
        _exit(childtid == getpid() && tid == 0 ? 7 : 8);
    printf("clone3: tid %d childtid %d cloexec %d\n", tid == pid, childtid, fcntl(pidfd, F_GETFD));
    siginfo_t info = {0};
    show("waitid by pidfd", waitid(P_PIDFD, pidfd, &info, WEXITED));
    show_info("info", &info, pid);
    show("signal by pidfd to the dead", syscall(SYS_pidfd_send_signal, pidfd, 0, 0, 0));
    show("getfd of the dead", syscall(SYS_pidfd_getfd, pidfd, 0, 0));
    close(pidfd);

}

static int sharing(void *arg) { *(volatile int *)arg = 42; return 3; }

static void clones(void)
{
    puts("-- clone");
    static char stack[65536] __attribute__((aligned(16)));
    static volatile int shared;
    int status;
    pid_t pid = clone(sharing, stack + sizeof stack, CLONE_VM | SIGCHLD, (void *)&shared);
    show("waits", waitpid(pid, &status, 0) == pid);
    printf("shared %d status %x\n", shared, status);
    pid = clone(sharing, stack + sizeof stack, CLONE_VM | CLONE_VFORK, (void *)&shared);
    show("no exit signal, plain wait", waitpid(pid, &status, 0));
    show("no exit signal, __WCLONE", waitpid(pid, &status, __WCLONE) == pid);
    pid = clone(sharing, stack + sizeof stack, CLONE_VM | CLONE_VFORK | SIGUSR1, (void *)&shared);
    show("usr1, __WALL", waitpid(pid, &status, __WALL) == pid);
    siginfo_t info;
    sigset_t usr1;
    sigemptyset(&usr1);
    sigaddset(&usr1, SIGUSR1);
    show("takes usr1", sigwaitinfo(&usr1, &info));
    show_info("usr1", &info, pid);
    int fd = open("/dev/null", O_RDONLY);
    int tid = 0;
    pid = syscall(SYS_clone, CLONE_FILES | CLONE_FS | SIGCHLD, 0, 0, 0, 0);
    if (pid == 0)
    {
        close(fd);
        chdir("/usr");
        umask(077);
        _exit(0);
    }
    waitpid(pid, &status, 0);
    show("closed by the child", fcntl(fd, F_GETFD));
    char dir[100];
    printf("cwd %s umask %o\n", getcwd(dir, sizeof dir), umask(022));
    pid = syscall(SYS_clone, CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID | SIGCHLD, 0, &tid, &tid, 0);
    if (pid == 0)
        _exit(0);
    waitpid(pid, &status, 0);
    printf("tid kept %d\n", tid == pid);
    // CLONE_PARENT: a brother.
    int pipes[2];
    pipe(pipes);
    pid = fork();
    if (pid == 0)
    {
        pid_t me = getpid();
        pid_t brother = syscall(SYS_clone, CLONE_PARENT, 0, 0, 0, 0);
        if (brother == 0)
            _exit(getppid() != me ? 9 : 1);
        write(pipes[1], &brother, sizeof brother);
        _exit(waitpid(brother, 0, __WALL) == -1 && errno == ECHILD ? 0 : 1);
    }
    waitpid(pid, &status, 0);
    printf("its maker %x\n", status);
    pid_t brother;
    read(pipes[0], &brother, sizeof brother);
    show("brother", waitpid(brother, &status, 0) == brother);
    printf("status %x\n", status);
    close(pipes[0]);
    close(pipes[1]);
    // vfork: the parent stands still until execve.
    volatile int order = 0;
    pid = vfork();
    if (pid == 0)
    {
        order = 1;
        execl("/bin/sh", "sh", "-c", "exit 5", (char *)0);
        _exit(1);
    }
    printf("vfork order %d\n", order);
    waitpid(pid, &status, 0);
    printf("status %x\n", status);
}

static void waits(void)
{
    puts("-- wait");
    int status = 0;
    siginfo_t info;
    show("no children", waitpid(-1, &status, 0));
    show("no children, WNOHANG", waitpid(-1, &status, WNOHANG));
    show("bad option", syscall(SYS_wait4, -1, 0, 0x100, 0));
    show("intmin", syscall(SYS_wait4, (long)INT32_MIN, 0, 0, 0));
    show("wait4 WNOWAIT", syscall(SYS_wait4, -1, 0, WNOWAIT, 0));
    show("waitid none of three", waitid(P_ALL, 0, &info, WNOHANG));
    show("waitid bad option", waitid(P_ALL, 0, &info, WEXITED | 0x100));
    show("waitid P_PID 0", waitid(P_PID, 0, &info, WEXITED));
    show("waitid P_PID -1", waitid(P_PID, -1, &info, WEXITED));
    show("waitid P_PGID -1", waitid(P_PGID, -1, &info, WEXITED));
    show("waitid P_PIDFD bad", waitid(P_PIDFD, 999, &info, WEXITED));
    show("waitid P_PIDFD -1", waitid(P_PIDFD, -1, &info, WEXITED));
    show("waitid P_PIDFD not one", waitid(P_PIDFD, 1, &info, WEXITED));
    show("waitid kind", waitid(17, 1, &info, WEXITED));
    show("own self", waitpid(getpid(), 0, 0));

    struct sigaction sa = {.sa_sigaction = on_child, .sa_flags = SA_SIGINFO | SA_RESTART};
    sigaction(SIGCHLD, &sa, 0);
    child_signals = 0;
    pid_t pid = fork();
    if (pid == 0)
    {
        for (;;)
            pause();
    }
    show("nothing yet", waitpid(pid, &status, WNOHANG));
    memset(&info, 0xAA, sizeof info);
    show("nothing yet, waitid", waitid(P_PID, pid, &info, WEXITED | WNOHANG));
    printf("zeroed pid %d signo %d\n", info.si_pid, info.si_signo);
    kill(pid, SIGSTOP);
    show("stop, without WUNTRACED", waitpid(pid, &status, WNOHANG));
    show("stop, WNOWAIT", waitid(P_PID, pid, &info, WSTOPPED | WNOWAIT));
    show_info("stop", &info, pid);
    show("stop, wait4", waitpid(pid, &status, WUNTRACED) == pid);
    printf("status %x state %c\n", status, state(pid));
    show("told once", waitpid(pid, &status, WUNTRACED | WNOHANG));
    AWAIT(child_signals >= 1);
    printf("SIGCHLD %d\n", child_signals);
    show_info("SIGCHLD", &last, pid);
    kill(pid, SIGCONT);
    show("continued", waitpid(pid, &status, WCONTINUED) == pid);
    printf("status %x\n", status);
    show("told once", waitpid(pid, &status, WCONTINUED | WNOHANG));
    AWAIT(child_signals >= 2);
    printf("SIGCHLD %d\n", child_signals);
    show_info("SIGCHLD", &last, pid);
    kill(pid, SIGTSTP);
    show("tstp", waitid(P_PID, pid, &info, WSTOPPED));
    show_info("tstp", &info, pid);
    kill(pid, SIGTERM);
    rest(5);
    printf("stopped with SIGTERM pending: %c\n", state(pid));
    kill(pid, SIGKILL);
    show("killed, WNOWAIT", waitid(P_PID, pid, &info, WEXITED | WNOWAIT));
    show_info("killed", &info, pid);
    printf("zombie %c\n", state(pid));
    show("kill a zombie", kill(pid, 0));
    show("killed", waitpid(pid, &status, 0) == pid);
    printf("status %x\n", status);
    show("kill nobody", kill(pid, 0));
    AWAIT(last.si_code == CLD_KILLED);
    show_info("SIGCHLD", &last, pid);

    // SA_NOCLDSTOP.
    sa.sa_flags |= SA_NOCLDSTOP;
    sigaction(SIGCHLD, &sa, 0);
    child_signals = 0;
    pid = fork();
    if (pid == 0)
    {
        raise(SIGSTOP);
        _exit(300);
    }
    waitpid(pid, &status, WUNTRACED);
    kill(pid, SIGCONT);
    waitpid(pid, &status, 0);
    AWAIT(child_signals >= 1);
    printf("with SA_NOCLDSTOP %d status %x\n", child_signals, status);
    show_info("SIGCHLD", &last, pid);

    // SA_NOCLDWAIT: no zombies, wait returns when all have ended.
    sa.sa_flags = SA_SIGINFO | SA_NOCLDWAIT | SA_RESTART;
    sigaction(SIGCHLD, &sa, 0);
    child_signals = 0;
    pid = fork();
    if (pid == 0)
    {
        rest(10);
        _exit(1);
    }
    show("SA_NOCLDWAIT", waitpid(-1, &status, 0));
    AWAIT(child_signals >= 1);
    printf("signals %d\n", child_signals);
    signal(SIGCHLD, SIG_IGN);
    pid = fork();
    if (pid == 0)
        _exit(1);
    show("SIG_IGN", waitpid(pid, &status, 0));
    signal(SIGCHLD, SIG_DFL);

    // Which child: by group.
    pid_t a = fork();
    if (a == 0)
    {
        setpgid(0, 0);
        rest(30);
        _exit(1);
    }
    setpgid(a, a);
    pid_t b = fork();
    if (b == 0)
        _exit(2);
    show("own group", waitpid(0, &status, 0) == b);
    show("own group again", waitpid(0, &status, 0));
    show("group of a", waitpid(-a, &status, 0) == a);
    printf("status %x\n", status);
    // The times of children are counted when they are waited for.
    struct rusage before, after, own;
    getrusage(RUSAGE_CHILDREN, &before);
    pid = fork();
    if (pid == 0)
    {
        struct timespec t;
        do
            clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
        while (t.tv_sec == 0 && t.tv_nsec < 60000000);
        _exit(0);
    }
    wait4(pid, &status, 0, &own);
    getrusage(RUSAGE_CHILDREN, &after);
    long used = (after.ru_utime.tv_sec - before.ru_utime.tv_sec + after.ru_stime.tv_sec - before.ru_stime.tv_sec) * 1000000L
        + after.ru_utime.tv_usec - before.ru_utime.tv_usec + after.ru_stime.tv_usec - before.ru_stime.tv_usec;
    long told = (own.ru_utime.tv_sec + own.ru_stime.tv_sec) * 1000000L + own.ru_utime.tv_usec + own.ru_stime.tv_usec;
    printf("children's time %d told %d maxrss %d\n", used >= 50000, told >= 50000, own.ru_maxrss > 0);
}

static void orphans(void)
{
    puts("-- orphans");
    int pipes[2];
    pipe(pipes);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    int reaper = 0;
    prctl(PR_GET_CHILD_SUBREAPER, &reaper);
    printf("subreaper %d\n", reaper);
    pid_t me = getpid();
    pid_t pid = fork();
    if (pid == 0)
    {
        if (fork() == 0)
        {
            prctl(PR_SET_PDEATHSIG, SIGUSR2);
            sigset_t set;
            sigemptyset(&set);
            sigaddset(&set, SIGUSR2);
            sigprocmask(SIG_BLOCK, &set, 0);
            char c = 0;
            write(pipes[1], &c, 1);
            siginfo_t info;
            int s = sigwaitinfo(&set, &info);
            _exit(s == SIGUSR2 && info.si_code == SI_USER && getppid() == me ? 11 : 12);
        }
        char c;
        read(pipes[0], &c, 1);
        _exit(0);
    }
    int status;
    show("child", waitpid(pid, &status, 0) == pid);
    show("grandchild", waitpid(-1, &status, 0) > 0);
    printf("status %x\n", status);
    prctl(PR_SET_CHILD_SUBREAPER, 0);
    // Without a reaper: to init (or whoever reaps for it).
    pid = fork();
    if (pid == 0)
    {
        pid_t middle = getpid();
        if (fork() == 0)
        {
            while (getppid() == middle)
                rest(1);
            pid_t now = getppid();
            write(pipes[1], &now, sizeof now);
            _exit(0);
        }
        _exit(0);
    }
    waitpid(pid, &status, 0);
    pid_t heir;
    read(pipes[0], &heir, sizeof heir);
    printf("not ours %d\n", heir != me);
    show("nobody left", waitpid(-1, &status, 0));
    show("bad pdeathsig", prctl(PR_SET_PDEATHSIG, 65));
    int signal = -1;
    prctl(PR_GET_PDEATHSIG, &signal);
    printf("pdeathsig %d\n", signal);
    close(pipes[0]);
    close(pipes[1]);
}

static void groups(void)
{
    puts("-- groups and sessions");
    show("setpgid negative", setpgid(0, -1));
    show("setpgid of nobody", setpgid(4194303, 0));
    show("getpgid of nobody", getpgid(4194303));
    show("getsid of nobody", getsid(4194303));
    show("kill group of nobody", kill(-4194303, 0));
    show("kill bad signal", kill(getpid(), 65));
    show("setpriority of nobody", setpriority(PRIO_PROCESS, 4194303, 0));
    int in[2], out[2];
    pipe(in);
    pipe(out);
    pid_t pid = fork();
    int status;
    if (pid == 0)
    {
        char c;
        show("child's own", setpgid(0, 0));
        printf("leader %d\n", getpgrp() == getpid());
        show("to a group of nobody", setpgid(0, 4194303));
        show("setsid as a leader", setsid());
        show("back to the parent's", setpgid(0, getpgid(getppid())));
        show("setsid", setsid() == getpid());
        printf("session %d group %d\n", getsid(0) == getpid(), getpgrp() == getpid());
        show("setpgid as session's leader", setpgid(0, 0));
        pid_t grandchild = fork();
        if (grandchild == 0)
        {
            for (;;)
                pause();
        }
        rest(1);
        show("of the parent, from the child", setpgid(getppid(), 0));
        write(in[1], "x", 1);
        read(out[0], &c, 1);
        kill(grandchild, SIGKILL);
        waitpid(grandchild, &status, 0);
        _exit(0);
    }
    char c;
    read(in[0], &c, 1);
    show("of a child in another session", setpgid(pid, 0));
    show("kill group 0 with 0", kill(0, 0));
    write(out[1], "x", 1);
    waitpid(pid, &status, 0);
    pid = fork();
    if (pid == 0)
    {
        close(in[0]);
        dup2(out[0], 0);
        fcntl(in[1], F_SETFD, FD_CLOEXEC);
        execl("/bin/cat", "cat", (char *)0);
    }
    close(in[1]);
    read(in[0], &c, 1);
    show("of a child that has executed", setpgid(pid, pid));
    kill(pid, SIGKILL);
    waitpid(pid, &status, 0);
    // A signal to a group reaches each.
    pid_t first = 0;
    for (int i = 0; i < 3; i++)
    {
        pid = fork();
        if (pid == 0)
        {
            for (;;)
                pause();
        }
        setpgid(pid, first ? first : pid);
        if (!first)
            first = pid;
    }
    show("kill the group", kill(-first, SIGTERM));
    for (int i = 0; i < 3; i++)
    {
        waitpid(-first, &status, 0);
        printf("status %x\n", status);
    }
    // A stopped group that becomes an orphan gets SIGHUP and SIGCONT.
    int tell[2];
    pipe(tell);
    pid = fork();
    if (pid == 0)
    {
        setpgid(0, 0);
        pid_t stopped = fork();
        if (stopped == 0)
        {
            setpgid(0, 0);
            sigset_t set;
            sigemptyset(&set);
            sigaddset(&set, SIGHUP);
            sigaddset(&set, SIGCONT);
            sigprocmask(SIG_BLOCK, &set, 0);
            raise(SIGSTOP);
            int one = sigwaitinfo(&set, 0), two = sigwaitinfo(&set, 0);
            write(tell[1], &one, sizeof one);
            write(tell[1], &two, sizeof two);
            _exit(0);
        }
        waitpid(stopped, &status, WUNTRACED);
        _exit(0);
    }
    waitpid(pid, &status, 0);
    int one, two;
    read(tell[0], &one, sizeof one);
    read(tell[0], &two, sizeof two);
    printf("orphaned group %d %d\n", one, two);
    close(in[0]);
    close(out[0]);
    close(out[1]);
    close(tell[0]);
    close(tell[1]);
}

static void pidfds(void)
{
    puts("-- pidfd");
    show("open 0", syscall(SYS_pidfd_open, 0, 0));
    show("open -1", syscall(SYS_pidfd_open, -1, 0));
    show("open nobody", syscall(SYS_pidfd_open, 4194303, 0));
    show("open bad flags", syscall(SYS_pidfd_open, getpid(), 1));
    int in[2];
    pipe(in);
    pid_t pid = fork();
    if (pid == 0)
    {
        char c;
        read(in[0], &c, 1);
        _exit(4);
    }
    int fd = syscall(SYS_pidfd_open, pid, O_NONBLOCK);
    siginfo_t info = {0};
    show("non-blocking waitid", waitid(P_PIDFD, fd, &info, WEXITED));
    struct pollfd p = {fd, POLLIN};
    show("poll before", poll(&p, 1, 0));
    show("read", read(fd, &info, 1));
    show("send nothing", syscall(SYS_pidfd_send_signal, fd, 0, 0, 0));
    show("send bad flags", syscall(SYS_pidfd_send_signal, fd, 0, 0, 1000));
    show("send bad signal", syscall(SYS_pidfd_send_signal, fd, 65, 0, 0));
    show("send by another file", syscall(SYS_pidfd_send_signal, in[0], 0, 0, 0));
    info.si_signo = SIGUSR1;
    info.si_code = SI_USER;
    show("send as kernel", syscall(SYS_pidfd_send_signal, fd, SIGUSR1, &info, 0));
    info.si_signo = SIGUSR2;
    show("send with another number", syscall(SYS_pidfd_send_signal, fd, SIGUSR1, &info, 0));
    int theirs = syscall(SYS_pidfd_getfd, fd, in[1], 0);
    show("getfd", theirs >= 0);
    show("getfd cloexec", fcntl(theirs, F_GETFD));
    show("getfd bad", syscall(SYS_pidfd_getfd, fd, 999, 0));
    show("getfd flags", syscall(SYS_pidfd_getfd, fd, in[1], 1));
    show("getfd of no pidfd", syscall(SYS_pidfd_getfd, 0, in[1], 0));
    write(theirs, "x", 1);
    show("poll", poll(&p, 1, 5000));
    printf("revents %x\n", p.revents);
    show("waitid", waitid(P_PIDFD, fd, &info, WEXITED));
    show_info("info", &info, pid);
    close(fd);
    close(theirs);
    close(in[0]);
    close(in[1]);
}

static void limits(void)
{
    puts("-- limits of others");
    struct rlimit64_ { uint64_t cur, max; } l = {20, 100}, old = {0};
    int in[2], out[2];
    pipe(in);
    pipe(out);
    pid_t pid = fork();
    if (pid == 0)
    {
        char c;
        read(in[0], &c, 1);
        struct rlimit r;
        getrlimit(RLIMIT_NOFILE, &r);
        int fd = -1;
        while ((fd = dup(0)) >= 0)
            ;
        printf("child's limit %ld %ld, dup %s\n", (long)r.rlim_cur, (long)r.rlim_max, strerrorname_np(errno));
        fflush(stdout);
        _exit(0);
    }
    show("prlimit of a child", syscall(SYS_prlimit64, pid, RLIMIT_NOFILE, &l, &old));
    show("prlimit of nobody", syscall(SYS_prlimit64, 4194303, RLIMIT_NOFILE, 0, &old));
    show("prlimit of a bad resource", syscall(SYS_prlimit64, pid, 16, 0, &old));
    l.cur = 200;
    show("cur over max", syscall(SYS_prlimit64, pid, RLIMIT_NOFILE, &l, 0));
    show("fault", syscall(SYS_prlimit64, pid, RLIMIT_NOFILE, 8, 0));
    write(in[1], "x", 1);
    waitpid(pid, 0, 0);
    // RLIMIT_CPU: SIGXCPU each second from the soft limit on, SIGKILL at the hard one.
    pid = fork();
    if (pid == 0)
    {
        struct rlimit r = {1, 2};
        setrlimit(RLIMIT_CPU, &r);
        for (;;)
            ;
    }
    int status;
    waitpid(pid, &status, 0);
    printf("RLIMIT_CPU status %x\n", status & 0x7F);
    pid = fork();
    if (pid == 0)
    {
        signal(SIGXCPU, SIG_IGN);
        struct rlimit r = {1, 2};
        setrlimit(RLIMIT_CPU, &r);
        for (;;)
            ;
    }
    waitpid(pid, &status, 0);
    printf("RLIMIT_CPU hard status %x\n", status & 0x7F);
}

int main(int argc, char **argv)
{
    setvbuf(stdout, 0, _IONBF, 0);
    sigset_t usr1;
    sigemptyset(&usr1);
    sigaddset(&usr1, SIGUSR1);
    sigprocmask(SIG_BLOCK, &usr1, 0);
    waits();
    clone_errors();
    while (waitpid(-1, 0, __WALL) > 0)
        ;
    clones();
    orphans();
    groups();
    pidfds();
    limits();
    puts("done");
    return 0;
}
