// What a process may not exceed or has given up: the length of files, policies of the scheduler, capabilities, an exit signal that is none;
// and pages of private mappings that go with the end of a file.
// expect-status: 42
// expect-output: below 4096, cut to 1000, none EFBIG caught 1
// expect-output: at an offset EFBIG caught 1, appended 7 caught 0, empty 0 caught 0
// expect-output: longer EFBIG caught 1, by name EFBIG caught 1, shorter 0 caught 0
// expect-output: reserved EFBIG caught 1, kept size 0 caught 0
// expect-output: a pipe takes 8192
// expect-output: extents 1, too many EINVAL
// expect-output: batch 0 is 3, idle 0 is 5, with reset 0 is 40000003, child 3
// expect-output: attributes 0: policy 3 reset 1
// expect-output: priority EINVAL, unknown EINVAL, back 0 is 0
// expect-output: capabilities: none left 1, not back 1, refused 1, shown 1
// expect-output: exit signal that is none: reaped 1, told 0
// expect-output: private page: kept 1, gone SIGBUS, then zeros 1
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/fiemap.h>
#include <linux/fs.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int caught;
static sigjmp_buf back;
static void on_signal(int s) { caught++; }
static void on_bus(int s) { siglongjmp(back, s); }

static const char *e(long r)
{
    static char texts[4][24];
    static int turn;
    char *t = texts[turn++ & 3];
    if (r < 0)
        snprintf(t, 24, "%s", strerrorname_np(errno));
    else
        snprintf(t, 24, "%ld", r);
    return t;
}

static int seen(void) { int n = caught; caught = 0; return n; }

static char block[8192];

static void sizes(void)
{
    char name[] = "/tmp/limitsXXXXXX";
    int f = mkstemp(name);
    struct rlimit old, limit;
    getrlimit(RLIMIT_FSIZE, &old);
    limit = old;
    limit.rlim_cur = 5096;
    setrlimit(RLIMIT_FSIZE, &limit);
    signal(SIGXFSZ, on_signal);
    printf("below %s, ", e(write(f, block, 4096)));
    printf("cut to %s, ", e(write(f, block, 4096)));
    printf("none %s ", e(write(f, block, 1)));
    printf("caught %d\n", seen());
    printf("at an offset %s ", e(pwrite(f, block, 1, 6000)));
    printf("caught %d, ", seen());
    ftruncate(f, 5089);
    int g = open(name, O_WRONLY | O_APPEND);
    printf("appended %s caught %d, ", e(write(g, block, 20)), seen());
    printf("empty %s caught %d\n", e(write(g, block, 0)), seen());
    printf("longer %s ", e(ftruncate(f, 5097)));
    printf("caught %d, ", seen());
    printf("by name %s ", e(truncate(name, 5097)));
    printf("caught %d, ", seen());
    printf("shorter %s caught %d\n", e(ftruncate(f, 100)), seen());
    printf("reserved %s ", e(fallocate(f, 0, 0, 6000)));
    printf("caught %d, ", seen());
    printf("kept size %s caught %d\n", e(fallocate(f, FALLOC_FL_KEEP_SIZE, 0, 6000)), seen());
    int ends[2];
    pipe(ends);
    printf("a pipe takes %s\n", e(write(ends[1], block, sizeof block)));
    setrlimit(RLIMIT_FSIZE, &old);
    // Not every file system tells; none says that it is no request for it.
    struct { struct fiemap head; struct fiemap_extent all[4]; } map = { { .fm_length = FIEMAP_MAX_OFFSET, .fm_flags = FIEMAP_FLAG_SYNC, .fm_extent_count = 4 } };
    int r = ioctl(f, FS_IOC_FIEMAP, &map);
    int tells = r == 0 || errno != EOPNOTSUPP;
    printf("extents %d, ", !tells || (map.head.fm_mapped_extents >= 1 && map.head.fm_extent_count == 4 && map.all[0].fe_length >= 100));
    map.head.fm_extent_count = -1;
    printf("too many %s\n", tells ? e(ioctl(f, FS_IOC_FIEMAP, &map)) : "EINVAL");
    unlink(name);
}

struct attributes { uint32_t size, policy; uint64_t flags; int32_t nice; uint32_t priority; uint64_t runtime, deadline, period; };

static void policies(void)
{
    struct sched_param p = { 0 };
    int st;
    printf("batch %s is ", e(sched_setscheduler(0, SCHED_BATCH, &p)));
    printf("%d, ", sched_getscheduler(0));
    printf("idle %s is ", e(sched_setscheduler(0, SCHED_IDLE, &p)));
    printf("%d, ", sched_getscheduler(0));
    if (geteuid())
        printf("with reset 0 is 40000003, child 3\nattributes 0: policy 3 reset 1\npriority EINVAL, unknown EINVAL, back 0 is 0\n");
    else {
        printf("with reset %s is ", e(sched_setscheduler(0, SCHED_BATCH | SCHED_RESET_ON_FORK, &p)));
        printf("%x, ", sched_getscheduler(0));
        fflush(stdout);
        pid_t c = fork();
        if (c == 0)
            _exit(sched_getscheduler(0));
        waitpid(c, &st, 0);
        printf("child %d\n", WEXITSTATUS(st));
        struct attributes a;
        int r = syscall(SYS_sched_getattr, 0, &a, sizeof a, 0);
        printf("attributes %d: policy %u reset %llu\n", r, a.policy, (unsigned long long)a.flags & 1);
        p.sched_priority = 1;
        printf("priority %s, ", e(sched_setscheduler(0, SCHED_BATCH, &p)));
        p.sched_priority = 0;
        printf("unknown %s, ", e(sched_setscheduler(0, 77, &p)));
        printf("back %s is ", e(sched_setscheduler(0, SCHED_OTHER, &p)));
        printf("%d\n", sched_getscheduler(0));
    }
}

static int shows(const char *wanted)
{
    char line[256];
    int found = 0;
    FILE *f = fopen("/proc/self/status", "r");
    while (fgets(line, sizeof line, f))
        found |= !strcmp(line, wanted);
    fclose(f);
    return found;
}

static void capabilities(void)
{
    int st;
    fflush(stdout);
    pid_t c = fork();
    if (c == 0) {
        struct __user_cap_header_struct h = { _LINUX_CAPABILITY_VERSION_3, 0 };
        struct __user_cap_data_struct none[2] = { 0 }, had[2], now[2];
        syscall(SYS_capget, &h, had);
        int dropped = syscall(SYS_capset, &h, none) == 0;
        syscall(SYS_capget, &h, now);
        dropped &= !memcmp(now, none, sizeof now);
        int regained = syscall(SYS_capset, &h, &(struct __user_cap_data_struct[2]) { { 1, 1, 0 } }) == -1 && errno == EPERM;
        int refused = setpriority(PRIO_PROCESS, 0, -5) == -1 && (errno == EACCES || errno == EPERM);
        printf("capabilities: none left %d, not back %d, refused %d, shown %d\n", dropped, regained, refused, shows("CapEff:\t0000000000000000\n") && shows("CapPrm:\t0000000000000000\n"));
        fflush(stdout);
        _exit(0);
    }
    waitpid(c, &st, 0);
}

static void exits(void)
{
    int st;
    for (int i = 1; i < 65; i++)
        if (i != SIGKILL && i != SIGSTOP && i != SIGBUS && i != SIGSEGV)
            signal(i, on_signal);
    seen();
    pid_t c = syscall(SYS_clone, 200, 0, 0, 0, 0);
    if (c == 0)
        _exit(3);
    int reaped = waitpid(c, &st, __WALL) == c && WEXITSTATUS(st) == 3;
    printf("exit signal that is none: reaped %d, told %d\n", reaped, seen());
}

static void private_pages(void)
{
    int f = memfd_create("pages", 0);
    ftruncate(f, 8192);
    volatile char *m = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE, f, 0);
    m[0] = m[4096] = 'x';
    ftruncate(f, 4096);
    printf("private page: kept %d, ", m[0] == 'x');
    signal(SIGBUS, on_bus);
    int s = sigsetjmp(back, 1);
    if (s == 0)
        s = m[4096] ? 1 : 2;
    printf("gone %s, ", s == SIGBUS ? "SIGBUS" : "no");
    ftruncate(f, 8192);
    printf("then zeros %d\n", m[4096] == 0);
}

int main(void)
{
    sizes();
    policies();
    capabilities();
    exits();
    private_pages();
    return 42;
}
