namespace Faultline.Linux.Syscalls.Strace;

/// <summary>Names of numbers and bits in the order in which strace(1) prints them. Made on first use, which only a trace is.</summary>
internal static class NameTables
{
    public static readonly NamedValue[] OpenAccess =
    [
        new(0, "O_RDONLY"), new(1, "O_WRONLY"), new(2, "O_RDWR"), new(3, "O_ACCMODE"),
    ];

    public static readonly NamedValue[] Open =
    [
        new(0x40, "O_CREAT"), new(0x80, "O_EXCL"), new(0x100, "O_NOCTTY"), new(0x200, "O_TRUNC"), new(0x400, "O_APPEND"),
        new(0x800, "O_NONBLOCK"), new(0x101000, "O_SYNC"), new(0x1000, "O_DSYNC"), new(0x4000, "O_DIRECT"), new(0x8000, "O_LARGEFILE"),
        new(0x20000, "O_NOFOLLOW"), new(0x40000, "O_NOATIME"), new(0x80000, "O_CLOEXEC"), new(0x200000, "O_PATH"),
        new(0x410000, "O_TMPFILE"), new(0x10000, "O_DIRECTORY"), new(0x2000, "FASYNC"),
    ];

    public static readonly NamedValue[] Access =
    [
        new(4, "R_OK"), new(2, "W_OK"), new(1, "X_OK"),
    ];

    public static readonly NamedValue[] Whence =
    [
        new(0, "SEEK_SET"), new(1, "SEEK_CUR"), new(2, "SEEK_END"), new(3, "SEEK_DATA"), new(4, "SEEK_HOLE"),
    ];

    public static readonly NamedValue[] At =
    [
        new(0x100, "AT_SYMLINK_NOFOLLOW"), new(0x200, "AT_REMOVEDIR"), new(0x400, "AT_SYMLINK_FOLLOW"), new(0x800, "AT_NO_AUTOMOUNT"),
        new(0x1000, "AT_EMPTY_PATH"), new(0x8000, "AT_RECURSIVE"),
    ];

    public static readonly NamedValue[] AtUnlink =
    [
        new(0x200, "AT_REMOVEDIR"),
    ];

    public static readonly NamedValue[] AtAccess =
    [
        new(0x100, "AT_SYMLINK_NOFOLLOW"), new(0x200, "AT_EACCESS"), new(0x1000, "AT_EMPTY_PATH"),
    ];

    public static readonly NamedValue[] StatxMask =
    [
        new(0xfff, "STATX_ALL"), new(0x7ff, "STATX_BASIC_STATS"), new(1, "STATX_TYPE"), new(2, "STATX_MODE"), new(4, "STATX_NLINK"),
        new(8, "STATX_UID"), new(0x10, "STATX_GID"), new(0x20, "STATX_ATIME"), new(0x40, "STATX_MTIME"), new(0x80, "STATX_CTIME"),
        new(0x100, "STATX_INO"), new(0x200, "STATX_SIZE"), new(0x400, "STATX_BLOCKS"), new(0x800, "STATX_BTIME"),
        new(0x1000, "STATX_MNT_ID"), new(0x2000, "STATX_DIOALIGN"),
    ];

    public static readonly NamedValue[] FdFlags =
    [
        new(0x80000, "O_CLOEXEC"), new(0x800, "O_NONBLOCK"), new(0x4000, "O_DIRECT"),
    ];

    public static readonly NamedValue[] Fcntl =
    [
        new(0, "F_DUPFD"), new(1, "F_GETFD"), new(2, "F_SETFD"), new(3, "F_GETFL"), new(4, "F_SETFL"), new(5, "F_GETLK"),
        new(6, "F_SETLK"), new(7, "F_SETLKW"), new(8, "F_SETOWN"), new(9, "F_GETOWN"), new(10, "F_SETSIG"), new(11, "F_GETSIG"),
        new(36, "F_OFD_GETLK"), new(37, "F_OFD_SETLK"), new(38, "F_OFD_SETLKW"), new(1024, "F_SETLEASE"), new(1025, "F_GETLEASE"),
        new(1026, "F_NOTIFY"), new(1030, "F_DUPFD_CLOEXEC"), new(1031, "F_SETPIPE_SZ"), new(1032, "F_GETPIPE_SZ"),
        new(1033, "F_ADD_SEALS"), new(1034, "F_GET_SEALS"),
    ];

    public static readonly NamedValue[] LockType =
    [
        new(0, "F_RDLCK"), new(1, "F_WRLCK"), new(2, "F_UNLCK"),
    ];

    public static readonly NamedValue[] Flock =
    [
        new(4, "LOCK_NB"), new(1, "LOCK_SH"), new(2, "LOCK_EX"), new(8, "LOCK_UN"),
    ];

    public static readonly NamedValue[] Ioctl =
    [
        new(0x5401, "TCGETS"), new(0x5402, "TCSETS"), new(0x5403, "TCSETSW"), new(0x5404, "TCSETSF"), new(0x5409, "TCSBRK"),
        new(0x540a, "TCXONC"), new(0x540b, "TCFLSH"), new(0x540f, "TIOCGPGRP"), new(0x5410, "TIOCSPGRP"), new(0x5411, "TIOCOUTQ"),
        new(0x5413, "TIOCGWINSZ"), new(0x5414, "TIOCSWINSZ"), new(0x541b, "FIONREAD"), new(0x5421, "FIONBIO"), new(0x5425, "TCSBRKP"),
        new(0x5429, "TIOCGSID"), new(0x5430, "TIOCGPTN"), new(0x5450, "FIONCLEX"), new(0x5451, "FIOCLEX"), new(0x5452, "FIOASYNC"),
        new(0x802c542a, "TCGETS2"), new(0x40049409, "FICLONE"), new(0x80086601, "FS_IOC_GETFLAGS"),
    ];

    public static readonly NamedValue[] Fallocate =
    [
        new(1, "FALLOC_FL_KEEP_SIZE"), new(2, "FALLOC_FL_PUNCH_HOLE"), new(4, "FALLOC_FL_NO_HIDE_STALE"),
        new(8, "FALLOC_FL_COLLAPSE_RANGE"), new(16, "FALLOC_FL_ZERO_RANGE"), new(32, "FALLOC_FL_INSERT_RANGE"),
        new(64, "FALLOC_FL_UNSHARE_RANGE"),
    ];

    public static readonly NamedValue[] FileAdvice =
    [
        new(0, "POSIX_FADV_NORMAL"), new(1, "POSIX_FADV_RANDOM"), new(2, "POSIX_FADV_SEQUENTIAL"), new(3, "POSIX_FADV_WILLNEED"),
        new(4, "POSIX_FADV_DONTNEED"), new(5, "POSIX_FADV_NOREUSE"),
    ];

    public static readonly NamedValue[] Splice =
    [
        new(1, "SPLICE_F_MOVE"), new(2, "SPLICE_F_NONBLOCK"), new(4, "SPLICE_F_MORE"), new(8, "SPLICE_F_GIFT"),
    ];

    public static readonly NamedValue[] Rename =
    [
        new(1, "RENAME_NOREPLACE"), new(2, "RENAME_EXCHANGE"), new(4, "RENAME_WHITEOUT"),
    ];

    public static readonly NamedValue[] Rwf =
    [
        new(1, "RWF_HIPRI"), new(2, "RWF_DSYNC"), new(4, "RWF_SYNC"), new(8, "RWF_NOWAIT"), new(16, "RWF_APPEND"),
    ];

    public static readonly NamedValue[] CloseRange =
    [
        new(2, "CLOSE_RANGE_UNSHARE"), new(4, "CLOSE_RANGE_CLOEXEC"),
    ];

    public static readonly NamedValue[] Memfd =
    [
        new(1, "MFD_CLOEXEC"), new(2, "MFD_ALLOW_SEALING"), new(4, "MFD_HUGETLB"), new(8, "MFD_NOEXEC_SEAL"), new(16, "MFD_EXEC"),
    ];

    public static readonly NamedValue[] Mount =
    [
        new(1, "MS_RDONLY"), new(2, "MS_NOSUID"), new(4, "MS_NODEV"), new(8, "MS_NOEXEC"), new(16, "MS_SYNCHRONOUS"),
        new(32, "MS_REMOUNT"), new(0x1000, "MS_BIND"), new(0x2000, "MS_MOVE"), new(0x4000, "MS_REC"), new(0x8000, "MS_SILENT"),
        new(0x40000, "MS_PRIVATE"), new(0x80000, "MS_SLAVE"), new(0x100000, "MS_SHARED"),
    ];

    public static readonly NamedValue[] Umount =
    [
        new(1, "MNT_FORCE"), new(2, "MNT_DETACH"), new(4, "MNT_EXPIRE"), new(8, "UMOUNT_NOFOLLOW"),
    ];

    public static readonly NamedValue[] Prot =
    [
        new(1, "PROT_READ"), new(2, "PROT_WRITE"), new(4, "PROT_EXEC"), new(8, "PROT_SEM"), new(0x1000000, "PROT_GROWSDOWN"),
        new(0x2000000, "PROT_GROWSUP"),
    ];

    public static readonly NamedValue[] MapType =
    [
        new(1, "MAP_SHARED"), new(2, "MAP_PRIVATE"), new(3, "MAP_SHARED_VALIDATE"),
    ];

    public static readonly NamedValue[] Map =
    [
        new(0x10, "MAP_FIXED"), new(0x20, "MAP_ANONYMOUS"), new(0x40, "MAP_32BIT"), new(0x4000, "MAP_NORESERVE"),
        new(0x8000, "MAP_POPULATE"), new(0x10000, "MAP_NONBLOCK"), new(0x100, "MAP_GROWSDOWN"), new(0x800, "MAP_DENYWRITE"),
        new(0x1000, "MAP_EXECUTABLE"), new(0x2000, "MAP_LOCKED"), new(0x20000, "MAP_STACK"), new(0x40000, "MAP_HUGETLB"),
        new(0x80000, "MAP_SYNC"), new(0x100000, "MAP_FIXED_NOREPLACE"),
    ];

    public static readonly NamedValue[] Mremap =
    [
        new(1, "MREMAP_MAYMOVE"), new(2, "MREMAP_FIXED"), new(4, "MREMAP_DONTUNMAP"),
    ];

    public static readonly NamedValue[] Msync =
    [
        new(4, "MS_SYNC"), new(1, "MS_ASYNC"), new(2, "MS_INVALIDATE"),
    ];

    public static readonly NamedValue[] Mlockall =
    [
        new(1, "MCL_CURRENT"), new(2, "MCL_FUTURE"), new(4, "MCL_ONFAULT"),
    ];

    public static readonly NamedValue[] Mlock2 =
    [
        new(1, "MLOCK_ONFAULT"),
    ];

    public static readonly NamedValue[] Advice =
    [
        new(0, "MADV_NORMAL"), new(1, "MADV_RANDOM"), new(2, "MADV_SEQUENTIAL"), new(3, "MADV_WILLNEED"), new(4, "MADV_DONTNEED"),
        new(8, "MADV_FREE"), new(9, "MADV_REMOVE"), new(10, "MADV_DONTFORK"), new(11, "MADV_DOFORK"), new(12, "MADV_MERGEABLE"),
        new(13, "MADV_UNMERGEABLE"), new(14, "MADV_HUGEPAGE"), new(15, "MADV_NOHUGEPAGE"), new(16, "MADV_DONTDUMP"),
        new(17, "MADV_DODUMP"), new(18, "MADV_WIPEONFORK"), new(19, "MADV_KEEPONFORK"), new(20, "MADV_COLD"), new(21, "MADV_PAGEOUT"),
        new(22, "MADV_POPULATE_READ"), new(23, "MADV_POPULATE_WRITE"),
    ];

    public static readonly NamedValue[] MaskHow =
    [
        new(0, "SIG_BLOCK"), new(1, "SIG_UNBLOCK"), new(2, "SIG_SETMASK"),
    ];

    public static readonly NamedValue[] Clock =
    [
        new(0, "CLOCK_REALTIME"), new(1, "CLOCK_MONOTONIC"), new(2, "CLOCK_PROCESS_CPUTIME_ID"), new(3, "CLOCK_THREAD_CPUTIME_ID"),
        new(4, "CLOCK_MONOTONIC_RAW"), new(5, "CLOCK_REALTIME_COARSE"), new(6, "CLOCK_MONOTONIC_COARSE"), new(7, "CLOCK_BOOTTIME"),
        new(8, "CLOCK_REALTIME_ALARM"), new(9, "CLOCK_BOOTTIME_ALARM"), new(11, "CLOCK_TAI"),
    ];

    public static readonly NamedValue[] Timer =
    [
        new(1, "TIMER_ABSTIME"),
    ];

    public static readonly NamedValue[] Itimer =
    [
        new(0, "ITIMER_REAL"), new(1, "ITIMER_VIRTUAL"), new(2, "ITIMER_PROF"),
    ];

    public static readonly NamedValue[] Resource =
    [
        new(0, "RLIMIT_CPU"), new(1, "RLIMIT_FSIZE"), new(2, "RLIMIT_DATA"), new(3, "RLIMIT_STACK"), new(4, "RLIMIT_CORE"),
        new(5, "RLIMIT_RSS"), new(6, "RLIMIT_NPROC"), new(7, "RLIMIT_NOFILE"), new(8, "RLIMIT_MEMLOCK"), new(9, "RLIMIT_AS"),
        new(10, "RLIMIT_LOCKS"), new(11, "RLIMIT_SIGPENDING"), new(12, "RLIMIT_MSGQUEUE"), new(13, "RLIMIT_NICE"),
        new(14, "RLIMIT_RTPRIO"), new(15, "RLIMIT_RTTIME"),
    ];

    public static readonly NamedValue[] Rusage =
    [
        new(0, "RUSAGE_SELF"), new(0xffffffff, "RUSAGE_CHILDREN"), new(1, "RUSAGE_THREAD"),
    ];

    public static readonly NamedValue[] Priority =
    [
        new(0, "PRIO_PROCESS"), new(1, "PRIO_PGRP"), new(2, "PRIO_USER"),
    ];

    public static readonly NamedValue[] Policy =
    [
        new(0, "SCHED_OTHER"), new(1, "SCHED_FIFO"), new(2, "SCHED_RR"), new(3, "SCHED_BATCH"), new(5, "SCHED_IDLE"),
        new(6, "SCHED_DEADLINE"),
    ];

    public static readonly NamedValue[] Prctl =
    [
        new(1, "PR_SET_PDEATHSIG"), new(2, "PR_GET_PDEATHSIG"), new(3, "PR_GET_DUMPABLE"), new(4, "PR_SET_DUMPABLE"),
        new(7, "PR_GET_KEEPCAPS"), new(8, "PR_SET_KEEPCAPS"), new(15, "PR_SET_NAME"), new(16, "PR_GET_NAME"), new(21, "PR_GET_SECCOMP"),
        new(22, "PR_SET_SECCOMP"), new(23, "PR_CAPBSET_READ"), new(24, "PR_CAPBSET_DROP"), new(25, "PR_GET_TSC"), new(26, "PR_SET_TSC"),
        new(27, "PR_GET_SECUREBITS"), new(28, "PR_SET_SECUREBITS"), new(29, "PR_SET_TIMERSLACK"), new(30, "PR_GET_TIMERSLACK"),
        new(35, "PR_SET_MM"), new(36, "PR_SET_CHILD_SUBREAPER"), new(37, "PR_GET_CHILD_SUBREAPER"), new(38, "PR_SET_NO_NEW_PRIVS"),
        new(39, "PR_GET_NO_NEW_PRIVS"), new(40, "PR_GET_TID_ADDRESS"), new(41, "PR_SET_THP_DISABLE"), new(42, "PR_GET_THP_DISABLE"),
        new(47, "PR_CAP_AMBIENT"), new(52, "PR_GET_SPECULATION_CTRL"), new(53, "PR_SET_SPECULATION_CTRL"), new(0x53564d41, "PR_SET_VMA"),
        new(0x59616d61, "PR_SET_PTRACER"),
    ];

    public static readonly NamedValue[] ArchPrctl =
    [
        new(0x1001, "ARCH_SET_GS"), new(0x1002, "ARCH_SET_FS"), new(0x1003, "ARCH_GET_FS"), new(0x1004, "ARCH_GET_GS"),
        new(0x1011, "ARCH_GET_CPUID"), new(0x1012, "ARCH_SET_CPUID"), new(0x1021, "ARCH_GET_XCOMP_SUPP"),
        new(0x1022, "ARCH_GET_XCOMP_PERM"), new(0x1023, "ARCH_REQ_XCOMP_PERM"),
    ];

    public static readonly NamedValue[] Clone =
    [
        new(0x100, "CLONE_VM"), new(0x200, "CLONE_FS"), new(0x400, "CLONE_FILES"), new(0x800, "CLONE_SIGHAND"),
        new(0x1000, "CLONE_PIDFD"), new(0x2000, "CLONE_PTRACE"), new(0x4000, "CLONE_VFORK"), new(0x8000, "CLONE_PARENT"),
        new(0x10000, "CLONE_THREAD"), new(0x20000, "CLONE_NEWNS"), new(0x40000, "CLONE_SYSVSEM"), new(0x80000, "CLONE_SETTLS"),
        new(0x100000, "CLONE_PARENT_SETTID"), new(0x200000, "CLONE_CHILD_CLEARTID"), new(0x400000, "CLONE_DETACHED"),
        new(0x800000, "CLONE_UNTRACED"), new(0x1000000, "CLONE_CHILD_SETTID"), new(0x2000000, "CLONE_NEWCGROUP"),
        new(0x4000000, "CLONE_NEWUTS"), new(0x8000000, "CLONE_NEWIPC"), new(0x10000000, "CLONE_NEWUSER"), new(0x20000000, "CLONE_NEWPID"),
        new(0x40000000, "CLONE_NEWNET"), new(0x80000000, "CLONE_IO"),
    ];

    public static readonly NamedValue[] WaitOption =
    [
        new(1, "WNOHANG"), new(2, "WSTOPPED"), new(4, "WEXITED"), new(8, "WCONTINUED"), new(0x1000000, "WNOWAIT"),
        new(0x20000000, "__WNOTHREAD"), new(0x40000000, "__WALL"), new(0x80000000, "__WCLONE"),
    ];

    public static readonly NamedValue[] WaitType =
    [
        new(0, "P_ALL"), new(1, "P_PID"), new(2, "P_PGID"), new(3, "P_PIDFD"),
    ];

    public static readonly NamedValue[] Futex =
    [
        new(0, "FUTEX_WAIT"), new(1, "FUTEX_WAKE"), new(2, "FUTEX_FD"), new(3, "FUTEX_REQUEUE"), new(4, "FUTEX_CMP_REQUEUE"),
        new(5, "FUTEX_WAKE_OP"), new(6, "FUTEX_LOCK_PI"), new(7, "FUTEX_UNLOCK_PI"), new(8, "FUTEX_TRYLOCK_PI"),
        new(9, "FUTEX_WAIT_BITSET"), new(10, "FUTEX_WAKE_BITSET"), new(11, "FUTEX_WAIT_REQUEUE_PI"), new(12, "FUTEX_CMP_REQUEUE_PI"),
        new(13, "FUTEX_LOCK_PI2"),
    ];

    public static readonly NamedValue[] Random =
    [
        new(1, "GRND_NONBLOCK"), new(2, "GRND_RANDOM"), new(4, "GRND_INSECURE"),
    ];

    public static readonly NamedValue[] Rseq =
    [
        new(1, "RSEQ_FLAG_UNREGISTER"),
    ];

    public static readonly NamedValue[] Membarrier =
    [
        new(0, "MEMBARRIER_CMD_QUERY"), new(1, "MEMBARRIER_CMD_GLOBAL"), new(2, "MEMBARRIER_CMD_GLOBAL_EXPEDITED"),
        new(4, "MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED"), new(8, "MEMBARRIER_CMD_PRIVATE_EXPEDITED"),
        new(16, "MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED"),
    ];

    public static readonly NamedValue[] SocketFamily =
    [
        new(0, "AF_UNSPEC"), new(1, "AF_UNIX"), new(2, "AF_INET"), new(10, "AF_INET6"), new(16, "AF_NETLINK"), new(17, "AF_PACKET"),
        new(40, "AF_VSOCK"),
    ];

    public static readonly NamedValue[] SocketType =
    [
        new(1, "SOCK_STREAM"), new(2, "SOCK_DGRAM"), new(3, "SOCK_RAW"), new(4, "SOCK_RDM"), new(5, "SOCK_SEQPACKET"),
        new(10, "SOCK_PACKET"),
    ];

    public static readonly NamedValue[] SocketFlags =
    [
        new(0x80000, "SOCK_CLOEXEC"), new(0x800, "SOCK_NONBLOCK"),
    ];

    public static readonly NamedValue[] SocketLevel =
    [
        new(1, "SOL_SOCKET"), new(0, "SOL_IP"), new(6, "SOL_TCP"), new(17, "SOL_UDP"), new(41, "SOL_IPV6"), new(270, "SOL_NETLINK"),
    ];

    public static readonly NamedValue[] Message =
    [
        new(1, "MSG_OOB"), new(2, "MSG_PEEK"), new(4, "MSG_DONTROUTE"), new(8, "MSG_CTRUNC"), new(0x20, "MSG_TRUNC"),
        new(0x40, "MSG_DONTWAIT"), new(0x80, "MSG_EOR"), new(0x100, "MSG_WAITALL"), new(0x4000, "MSG_NOSIGNAL"), new(0x8000, "MSG_MORE"),
        new(0x40000000, "MSG_CMSG_CLOEXEC"),
    ];

    public static readonly NamedValue[] Shutdown =
    [
        new(0, "SHUT_RD"), new(1, "SHUT_WR"), new(2, "SHUT_RDWR"),
    ];

    public static readonly NamedValue[] EpollOperation =
    [
        new(1, "EPOLL_CTL_ADD"), new(2, "EPOLL_CTL_DEL"), new(3, "EPOLL_CTL_MOD"),
    ];

    public static readonly NamedValue[] EpollEvents =
    [
        new(1, "EPOLLIN"), new(2, "EPOLLPRI"), new(4, "EPOLLOUT"), new(8, "EPOLLERR"), new(0x10, "EPOLLHUP"), new(0x40, "EPOLLRDNORM"),
        new(0x80, "EPOLLRDBAND"), new(0x100, "EPOLLWRNORM"), new(0x200, "EPOLLWRBAND"), new(0x400, "EPOLLMSG"), new(0x2000, "EPOLLRDHUP"),
        new(0x10000000, "EPOLLEXCLUSIVE"), new(0x20000000, "EPOLLWAKEUP"), new(0x40000000, "EPOLLONESHOT"), new(0x80000000, "EPOLLET"),
    ];

    public static readonly NamedValue[] EpollCreate =
    [
        new(0x80000, "EPOLL_CLOEXEC"),
    ];

    public static readonly NamedValue[] Eventfd =
    [
        new(1, "EFD_SEMAPHORE"), new(0x80000, "EFD_CLOEXEC"), new(0x800, "EFD_NONBLOCK"),
    ];

    public static readonly NamedValue[] Signalfd =
    [
        new(0x80000, "SFD_CLOEXEC"), new(0x800, "SFD_NONBLOCK"),
    ];

    public static readonly NamedValue[] Timerfd =
    [
        new(0x80000, "TFD_CLOEXEC"), new(0x800, "TFD_NONBLOCK"),
    ];

    public static readonly NamedValue[] Inotify =
    [
        new(0x80000, "IN_CLOEXEC"), new(0x800, "IN_NONBLOCK"),
    ];

    public static readonly NamedValue[] InotifyMask =
    [
        new(1, "IN_ACCESS"), new(2, "IN_MODIFY"), new(4, "IN_ATTRIB"), new(8, "IN_CLOSE_WRITE"), new(0x10, "IN_CLOSE_NOWRITE"),
        new(0x20, "IN_OPEN"), new(0x40, "IN_MOVED_FROM"), new(0x80, "IN_MOVED_TO"), new(0x100, "IN_CREATE"), new(0x200, "IN_DELETE"),
        new(0x400, "IN_DELETE_SELF"), new(0x800, "IN_MOVE_SELF"), new(0x1000000, "IN_ONLYDIR"), new(0x2000000, "IN_DONT_FOLLOW"),
        new(0x20000000, "IN_MASK_ADD"), new(0x80000000, "IN_ONESHOT"),
    ];

    public static readonly NamedValue[] PollEvent =
    [
        new(1, "POLLIN"), new(2, "POLLPRI"), new(4, "POLLOUT"), new(0x40, "POLLRDNORM"), new(0x80, "POLLRDBAND"),
        new(0x100, "POLLWRNORM"), new(0x200, "POLLWRBAND"), new(0x400, "POLLMSG"), new(8, "POLLERR"), new(0x10, "POLLHUP"),
        new(0x20, "POLLNVAL"), new(0x2000, "POLLRDHUP"),
    ];

    public static readonly NamedValue[] SigAction =
    [
        new(0x4000000, "SA_RESTORER"), new(0x8000000, "SA_ONSTACK"), new(0x10000000, "SA_RESTART"), new(0x40000000, "SA_NODEFER"),
        new(0x80000000, "SA_RESETHAND"), new(4, "SA_SIGINFO"), new(1, "SA_NOCLDSTOP"), new(2, "SA_NOCLDWAIT"),
        new(0x800, "SA_EXPOSE_TAGBITS"),
    ];

    public static readonly NamedValue[] StackFlags =
    [
        new(1, "SS_ONSTACK"), new(2, "SS_DISABLE"), new(0x80000000, "SS_AUTODISARM"),
    ];

    public static readonly NamedValue[] FileType =
    [
        new(0xc000, "S_IFSOCK"), new(0xa000, "S_IFLNK"), new(0x8000, "S_IFREG"), new(0x6000, "S_IFBLK"), new(0x4000, "S_IFDIR"),
        new(0x2000, "S_IFCHR"), new(0x1000, "S_IFIFO"),
    ];

    public static readonly NamedValue[] MountStatus =
    [
        new(1, "ST_RDONLY"), new(2, "ST_NOSUID"), new(4, "ST_NODEV"), new(8, "ST_NOEXEC"), new(16, "ST_SYNCHRONOUS"),
        new(0x20, "ST_VALID"), new(0x40, "ST_MANDLOCK"), new(0x400, "ST_NOATIME"), new(0x800, "ST_NODIRATIME"),
        new(0x1000, "ST_RELATIME"),
    ];

    public static readonly NamedValue[] FsType =
    [
        new(0xef53, "EXT2_SUPER_MAGIC"), new(0x01021994, "TMPFS_MAGIC"), new(0x9fa0, "PROC_SUPER_MAGIC"), new(0x62656572, "SYSFS_MAGIC"),
        new(0x58465342, "XFS_SUPER_MAGIC"), new(0x9123683e, "BTRFS_SUPER_MAGIC"), new(0x794c7630, "OVERLAYFS_SUPER_MAGIC"),
        new(0x6969, "NFS_SUPER_MAGIC"), new(0x1cd1, "DEVPTS_SUPER_MAGIC"), new(0x27e0eb, "CGROUP_SUPER_MAGIC"),
        new(0x63677270, "CGROUP2_SUPER_MAGIC"),
    ];

    public static readonly NamedValue[] Personality =
    [
        new(0x40000, "ADDR_NO_RANDOMIZE"), new(0x80000, "FDPIC_FUNCPTRS"), new(0x100000, "MMAP_PAGE_ZERO"),
        new(0x200000, "ADDR_COMPAT_LAYOUT"), new(0x400000, "READ_IMPLIES_EXEC"), new(0x800000, "ADDR_LIMIT_32BIT"),
    ];
}
