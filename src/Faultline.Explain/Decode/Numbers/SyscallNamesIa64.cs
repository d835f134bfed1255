namespace Faultline.Explain.Decode.Numbers;

/// <summary>System calls of ia64 below those that all architectures share, less 1024 (<c>arch/ia64/kernel/syscalls/syscall.tbl</c>, until Linux 6.6).</summary>
internal static class SyscallNamesIa64
{
    /// <summary>A line is a number and the names of it and of those that follow it.</summary>
    public const string Rows =
        """
        0 ni_syscall exit read write open close creat link unlink execve chdir fchdir utimes mknod chmod chown lseek getpid getppid mount umount2
        21 setuid getuid geteuid ptrace access sync fsync fdatasync kill rename mkdir rmdir dup pipe times brk setgid getgid getegid acct ioctl
        42 fcntl umask chroot ustat dup2 setreuid setregid getresuid setresuid getresgid setresgid getgroups setgroups getpgid setpgid setsid getsid
        59 sethostname setrlimit getrlimit getrusage gettimeofday settimeofday select poll symlink readlink uselib swapon swapoff reboot truncate
        74 ftruncate fchmod fchown getpriority setpriority statfs fstatfs gettid semget semop semctl msgget msgsnd msgrcv msgctl shmget shmat shmdt
        92 shmctl syslog setitimer getitimer
        99 vhangup lchown remap_file_pages wait4 sysinfo clone setdomainname uname adjtimex
        109 init_module delete_module
        113 quotactl bdflush sysfs personality afs_syscall setfsuid setfsgid getdents flock readv writev pread64 pwrite64 _sysctl mmap munmap mlock
        130 mlockall mprotect mremap msync munlock munlockall sched_getparam sched_setparam sched_getscheduler sched_setscheduler sched_yield
        141 sched_get_priority_max sched_get_priority_min sched_rr_get_interval nanosleep nfsservctl prctl old_getpagesize mmap2 pciconfig_read
        150 pciconfig_write perfmonctl sigaltstack rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend
        159 rt_sigtimedwait getcwd capget capset sendfile getpmsg putpmsg socket bind connect listen accept getsockname getpeername socketpair send
        175 sendto recv recvfrom shutdown setsockopt getsockopt sendmsg recvmsg pivot_root mincore madvise stat lstat fstat clone2 getdents64
        191 getunwind readahead setxattr lsetxattr fsetxattr getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr removexattr lremovexattr
        204 fremovexattr tkill futex sched_setaffinity sched_getaffinity set_tid_address fadvise64 tgkill exit_group lookup_dcookie io_setup
        215 io_destroy io_getevents io_submit io_cancel epoll_create epoll_ctl epoll_wait restart_syscall semtimedop timer_create timer_settime
        226 timer_gettime timer_getoverrun timer_delete clock_settime clock_gettime clock_getres clock_nanosleep fstatfs64 statfs64 mbind
        236 get_mempolicy set_mempolicy mq_open mq_unlink mq_timedsend mq_timedreceive mq_notify mq_getsetattr kexec_load vserver waitid add_key
        248 request_key keyctl ioprio_set ioprio_get move_pages inotify_init inotify_add_watch inotify_rm_watch migrate_pages openat mkdirat mknodat
        260 fchownat futimesat newfstatat unlinkat renameat linkat symlinkat readlinkat fchmodat faccessat pselect6 ppoll unshare splice
        274 set_robust_list get_robust_list sync_file_range tee vmsplice fallocate getcpu epoll_pwait utimensat signalfd timerfd eventfd
        286 timerfd_create timerfd_settime timerfd_gettime signalfd4 eventfd2 epoll_create1 dup3 pipe2 inotify_init1 preadv pwritev
        297 rt_tgsigqueueinfo recvmmsg fanotify_init fanotify_mark prlimit64 name_to_handle_at open_by_handle_at clock_adjtime syncfs setns sendmmsg
        308 process_vm_readv process_vm_writev accept4 finit_module sched_setattr sched_getattr renameat2 getrandom memfd_create bpf execveat
        319 userfaultfd membarrier kcmp mlock2 copy_file_range preadv2 pwritev2 statx io_pgetevents perf_event_open seccomp pkey_mprotect pkey_alloc
        332 pkey_free rseq
        """;
}
