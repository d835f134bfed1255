// A program whose trace is compared with strace's. No C library calls whose own system calls differ between versions.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void handler(int sig) { (void)sig; }

int main(void)
{
#ifdef CRASH
    *(volatile int *)16 = 1;
#endif
    struct stat st;
    char buffer[100];
    syscall(SYS_open, "/nonexistent/file", O_RDONLY);
    syscall(SYS_openat, AT_FDCWD, "/tmp/none", O_RDWR | O_NONBLOCK | O_DIRECTORY);
    syscall(SYS_open, "/nonexistent/\001\"\\\n\t\200" "7x", O_CREAT | O_EXCL | O_WRONLY | O_TRUNC, 0644);
    syscall(SYS_open, 8, O_APPEND | O_RDWR);
    syscall(SYS_stat, "/etc/passwd", 8);
    syscall(SYS_stat, "/dev/null", &st);
    syscall(SYS_access, "/etc/passwd", R_OK | W_OK);
    syscall(SYS_access, "/etc/passwd", F_OK);
    syscall(SYS_faccessat, AT_FDCWD, "/none", X_OK);
    syscall(SYS_write, 77, "a string that is longer than thirty-two characters", 50);
    syscall(SYS_write, 77, "nul\0" "1and\0x", 10);
    syscall(SYS_read, 77, buffer, 10);
    syscall(SYS_lseek, 77, -5l, SEEK_END);
    syscall(SYS_mmap, 0, 0, PROT_NONE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    syscall(SYS_mmap, 0, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_STACK | MAP_NORESERVE | MAP_ANONYMOUS, 5, 0x3000);
    syscall(SYS_mprotect, 4096, 4096, PROT_READ);
    syscall(SYS_madvise, 1, 4096, MADV_DONTNEED);
    syscall(SYS_mremap, 4096, 4096, 8192, MREMAP_MAYMOVE, 0);
    syscall(SYS_msync, 4097, 4096, MS_SYNC);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    syscall(SYS_rt_sigprocmask, SIG_BLOCK, &set, &set, 8);
    sigfillset(&set);
    sigdelset(&set, SIGUSR1);
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &set, 0, 8);
    sigemptyset(&set);
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &set, 0, 8);
    struct sigaction sa = { .sa_handler = handler, .sa_flags = SA_RESTART | SA_NODEFER };
    sigaddset(&sa.sa_mask, SIGHUP);
    sigaction(SIGUSR1, &sa, 0);
    sigaction(SIGRTMIN, 0, &sa);
    signal(SIGUSR2, SIG_IGN);
    kill(getpid(), 0);
    syscall(SYS_kill, 999999, SIGUSR2);
    syscall(SYS_tgkill, 0, 1, 2);
    syscall(SYS_sigaltstack, 0, 0);
    raise(SIGUSR1);
    struct timespec ts = { 0, 1000 };
    syscall(SYS_nanosleep, &ts, 0);
    syscall(SYS_nanosleep, 8, 0);
    syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &ts, 0);
    syscall(SYS_clock_gettime, CLOCK_REALTIME_COARSE, 8);
    struct itimerval it = { { 0, 0 }, { 0, 0 } };
    syscall(SYS_setitimer, ITIMER_VIRTUAL, &it, 0);
    syscall(SYS_getitimer, 9, 0);
    struct rlimit limit = { 0, RLIM_INFINITY };
    syscall(SYS_getrlimit, RLIMIT_CORE, 8);
    syscall(SYS_prlimit64, 0, RLIMIT_CORE, &limit, 0);
    syscall(SYS_prctl, PR_SET_NAME, "name");
    syscall(SYS_prctl, PR_GET_NAME, buffer);
    syscall(SYS_prctl, PR_GET_DUMPABLE);
    int word = 1;
    syscall(SYS_futex, &word, 0, 2, 0);
    syscall(SYS_futex, &word, 1 | 128, 1);
    syscall(SYS_wait4, -1, &word, WNOHANG, 0);
    syscall(SYS_umask, 022);
    syscall(SYS_mkdir, "/nonexistent/x", 0755);
    syscall(SYS_unlinkat, AT_FDCWD, "/nonexistent/x", AT_REMOVEDIR);
    syscall(SYS_rename, "/nonexistent/a", "/nonexistent/b");
    syscall(SYS_chown, "/nonexistent/a", -1, 0);
    syscall(SYS_getcwd, buffer, 1);
    syscall(SYS_fcntl, 77, F_SETFD, FD_CLOEXEC);
    syscall(SYS_fcntl, 77, F_GETFL);
    syscall(SYS_fcntl, 77, F_DUPFD_CLOEXEC, 10);
    syscall(SYS_ioctl, 77, 0x5401, buffer);
    syscall(SYS_dup2, 77, 78);
    syscall(SYS_readv, 77, &(struct iovec){ buffer, 5 }, 1);
    syscall(SYS_writev, 77, (struct iovec[]){ { "abc", 3 }, { "defg", 4 } }, 2);
    syscall(SYS_getuid);
    syscall(SYS_getrandom, 8, 16, 0);
    syscall(SYS_sched_yield);
    syscall(SYS_poll, (struct pollfd[]){ { -1, POLLIN } }, 1, 0);
    syscall(SYS_exit_group, 5);
}
