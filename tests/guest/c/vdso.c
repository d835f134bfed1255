// The vDSO as a program finds it: its place, its tables, what its functions return, how one unwinds through it, and that filters of system calls do not see it.
// build-options: -fexceptions -fasynchronous-unwind-tables -fno-optimize-sibling-calls
// expect-status: 42
// expect-output: maps: r-xp 00000000 00:00 0 [vdso]
// expect-output: name: linux-vdso.so.1
// expect-output: __vdso_clock_gettime: both tables agree, LINUX_2.6
// expect-output: __vdso_gettimeofday: both tables agree, LINUX_2.6
// expect-output: __vdso_time: both tables agree, LINUX_2.6
// expect-output: __vdso_getcpu: both tables agree, LINUX_2.6
// expect-output: __vdso_clock_getres: both tables agree, LINUX_2.6
// expect-output: clock_gettime: the same, weak
// expect-output: gettimeofday: the same, weak
// expect-output: time: the same, weak
// expect-output: getcpu: the same, weak
// expect-output: missing: none
// expect-output: clocks: ok
// expect-output: order: ok
// expect-output: resolutions: ok
// expect-output: other clocks: 0 -22 -22 -14
// expect-output: day: ok
// expect-output: processor: ok
// expect-output: nowhere: 11 11 11, unwound to main
// expect-output: child: 42
// expect-output: filtered: ok
// expect-output: linker: linux-vdso.so.1
// expect-output: again: 42
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <link.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <unwind.h>

static char *base;
static const Elf64_Sym *symbols;
static const char *strings;
static const Elf64_Word *sysv, *gnu;
static const Elf64_Half *versions;
static const Elf64_Verdef *definitions;

static int (*vdso_clock_gettime)(clockid_t, struct timespec *), (*vdso_clock_getres)(clockid_t, struct timespec *);
static int (*vdso_gettimeofday)(struct timeval *, struct timezone *), (*vdso_getcpu)(unsigned *, unsigned *, void *);
static time_t (*vdso_time)(time_t *);

static unsigned hash_sysv(const char *name)
{
    unsigned h = 0, g;
    for (; *name; name++)
    {
        h = (h << 4) + (unsigned char)*name;
        if ((g = h & 0xf0000000))
            h ^= g >> 24;
        h &= ~g;
    }
    return h;
}

static unsigned hash_gnu(const char *name)
{
    unsigned h = 5381;
    for (; *name; name++)
        h = h * 33 + (unsigned char)*name;
    return h;
}

static const Elf64_Sym *find_sysv(const char *name)
{
    for (unsigned i = sysv[2 + hash_sysv(name) % sysv[0]]; i; i = sysv[2 + sysv[0] + i])
        if (!strcmp(strings + symbols[i].st_name, name))
            return symbols + i;
    return 0;
}

static const Elf64_Sym *find_gnu(const char *name)
{
    unsigned h = hash_gnu(name), buckets = gnu[0], first = gnu[1], words = gnu[2];
    const unsigned long *filter = (void *)(gnu + 4);
    const Elf64_Word *bucket = (void *)(filter + words), *chain = bucket + buckets;
    unsigned long word = filter[h / 64 % words];
    if (!(word >> h % 64 & 1) || !(word >> (h >> gnu[3]) % 64 & 1))
        return 0;
    for (unsigned i = bucket[h % buckets]; i; i++)
    {
        if ((chain[i - first] | 1) == (h | 1) && !strcmp(strings + symbols[i].st_name, name))
            return symbols + i;
        if (chain[i - first] & 1)
            break;
    }
    return 0;
}

static const char *version_of(const Elf64_Sym *symbol)
{
    for (const Elf64_Verdef *d = definitions;; d = (void *)((char *)d + d->vd_next))
    {
        if (d->vd_ndx == (versions[symbol - symbols] & 0x7fff))
            return strings + ((Elf64_Verdaux *)((char *)d + d->vd_aux))->vda_name;
        if (!d->vd_next)
            return "none";
    }
}

static void *lookup(const char *name)
{
    const Elf64_Sym *symbol = find_sysv(name);
    if (!symbol || ELF64_ST_TYPE(symbol->st_info) != STT_FUNC || !symbol->st_shndx)
    {
        printf("%s: missing\n", name);
        exit(1);
    }
    int global = ELF64_ST_BIND(symbol->st_info) == STB_GLOBAL;
    if (global)
        printf("%s: %s, %s\n", name, find_gnu(name) == symbol ? "both tables agree" : "the tables differ", version_of(symbol));
    return base + symbol->st_value;
}

static void weak(const char *name, void *strong)
{
    const Elf64_Sym *symbol = find_gnu(name);
    printf("%s: %s, %s\n", name, symbol && base + symbol->st_value == strong ? "the same" : "another", symbol && ELF64_ST_BIND(symbol->st_info) == STB_WEAK ? "weak" : "strong");
}

static long nanoseconds(struct timespec t) { return t.tv_sec * 1000000000L + t.tv_nsec; }

static void parse(void)
{
    base = (char *)getauxval(AT_SYSINFO_EHDR);
    Elf64_Ehdr *header = (void *)base;
    Elf64_Phdr *segment = (void *)(base + header->e_phoff);
    Elf64_Dyn *dynamic = 0;
    long bias = 0;
    for (int i = 0; i < header->e_phnum; i++)
    {
        if (segment[i].p_type == PT_LOAD)
            bias = (long)(base - segment[i].p_vaddr);
        if (segment[i].p_type == PT_DYNAMIC)
            dynamic = (void *)(base + segment[i].p_offset);
    }
    unsigned name = 0;
    for (; dynamic->d_tag; dynamic++)
    {
        // Not relocated by the linker, which leaves a read-only table alone: whoever finds one that is gets addresses.
        void *at = (void *)(dynamic->d_un.d_ptr < (unsigned long)base ? bias + dynamic->d_un.d_ptr : dynamic->d_un.d_ptr);
        switch (dynamic->d_tag)
        {
        case DT_HASH: sysv = at; break;
        case DT_GNU_HASH: gnu = at; break;
        case DT_STRTAB: strings = at; break;
        case DT_SYMTAB: symbols = at; break;
        case DT_VERSYM: versions = at; break;
        case DT_VERDEF: definitions = at; break;
        case DT_SONAME: name = dynamic->d_un.d_val; break;
        }
    }
    printf("name: %s\n", strings + name);
}

static void maps(void)
{
    char line[500], rest[100];
    unsigned long start, end;
    FILE *f = fopen("/proc/self/maps", "r");
    while (fgets(line, sizeof line, f))
        if (strstr(line, "[vdso]") && sscanf(line, "%lx-%lx %99[^\n]", &start, &end, rest) == 3 && start == getauxval(AT_SYSINFO_EHDR))
        {
            char *name = strchr(rest, '[');
            char *gap = name;
            while (gap[-1] == ' ')
                gap--;
            *gap = 0;
            printf("maps: %s %s\n", rest, name);
        }
    fclose(f);
}

static void clocks(void)
{
    static const int ids[] = {CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_MONOTONIC_RAW, CLOCK_REALTIME_COARSE, CLOCK_MONOTONIC_COARSE, CLOCK_BOOTTIME, CLOCK_TAI};
    int ok = 1, order = 1, resolutions = 1;
    for (int i = 0; i < sizeof ids / sizeof ids[0]; i++)
    {
        struct timespec a, b, c;
        for (int round = 0; round < 1000; round++)
        {
            if (syscall(SYS_clock_gettime, ids[i], &a) || vdso_clock_gettime(ids[i], &b) || syscall(SYS_clock_gettime, ids[i], &c))
                ok = 0;
            if (nanoseconds(a) > nanoseconds(b) || nanoseconds(b) > nanoseconds(c) || b.tv_nsec < 0 || b.tv_nsec >= 1000000000)
                order = 0;
        }
        if (syscall(SYS_clock_getres, ids[i], &a) || vdso_clock_getres(ids[i], &b) || vdso_clock_getres(ids[i], 0) || nanoseconds(a) != nanoseconds(b))
            resolutions = 0;
    }
    printf("clocks: %s\norder: %s\nresolutions: %s\n", ok ? "ok" : "no", order ? "ok" : "no", resolutions ? "ok" : "no");
    struct timespec t;
    printf("other clocks: %d %d %d %d\n", vdso_clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t), vdso_clock_gettime(99, &t), vdso_clock_getres(99, 0), vdso_clock_gettime(CLOCK_THREAD_CPUTIME_ID, (void *)8));
}

static void day(void)
{
    struct timeval a, b, c;
    struct timezone zone = {77, 77};
    time_t kept = 0;
    int ok = 1;
    for (int round = 0; round < 1000; round++)
    {
        syscall(SYS_gettimeofday, &a, 0);
        ok &= vdso_gettimeofday(&b, &zone) == 0 && vdso_gettimeofday(0, 0) == 0;
        syscall(SYS_gettimeofday, &c, 0);
        ok &= a.tv_sec * 1000000 + a.tv_usec <= b.tv_sec * 1000000 + b.tv_usec && b.tv_sec * 1000000 + b.tv_usec <= c.tv_sec * 1000000 + c.tv_usec;
        // The kernel's second may come a tick late.
        time_t now = vdso_time(&kept);
        ok &= now == kept && now >= a.tv_sec - 1 && now <= c.tv_sec + 1 && vdso_time(0) >= now;
    }
    printf("day: %s\n", ok && zone.tz_minuteswest != 77 ? "ok" : "no");
}

static void processor(void)
{
    cpu_set_t set, one;
    sched_getaffinity(0, sizeof set, &set);
    int ok = 1;
    for (int i = 0; i < CPU_SETSIZE; i++)
    {
        if (!CPU_ISSET(i, &set))
            continue;
        CPU_ZERO(&one);
        CPU_SET(i, &one);
        sched_setaffinity(0, sizeof one, &one);
        unsigned cpu = 77, node = 77, other = 78, otherNode = 78;
        ok &= vdso_getcpu(&cpu, &node, 0) == 0 && cpu == i && syscall(SYS_getcpu, &other, &otherNode, 0) == 0 && other == cpu && otherNode == node && vdso_getcpu(0, 0, 0) == 0;
    }
    sched_setaffinity(0, sizeof set, &set);
    printf("processor: %s\n", ok ? "ok" : "no");
}

static sigjmp_buf back;
static int inside, seen;

int main(int argc, char **argv);
static int passed;
static _Unwind_Reason_Code until_main(struct _Unwind_Context *context, void *unused)
{
    if (_Unwind_FindEnclosingFunction((void *)_Unwind_GetIP(context)) == (void *)main)
        passed = 1;
    return _URC_NO_REASON;
}

static void on_fault(int signal, siginfo_t *info, void *context)
{
    unsigned long rip = ((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];
    inside += rip - (unsigned long)base < 8192;
    seen = signal;
    _Unwind_Backtrace(until_main, 0);
    siglongjmp(back, 1);
}

__attribute__((noinline)) static int faults(int which)
{
    seen = 0;
    if (!sigsetjmp(back, 1))
    {
        if (which == 0)
            vdso_clock_gettime(CLOCK_MONOTONIC, (void *)8);
        else if (which == 1)
            vdso_clock_gettime(CLOCK_REALTIME, (void *)8);
        else
            vdso_gettimeofday((void *)8, 0);
    }
    return seen;
}

static int listed(struct dl_phdr_info *info, size_t size, void *data)
{
    if ((char *)info->dlpi_addr == base)
        *(const char **)data = info->dlpi_name;
    return 0;
}

static int child_status(void)
{
    int status;
    wait(&status);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

int main(int argc, char **argv)
{
    setvbuf(stdout, 0, _IOLBF, 0);
    if (argc > 1)
    {
        // After execve there is one anew.
        freopen("/dev/null", "w", stdout);
        parse();
        vdso_clock_gettime = lookup("__vdso_clock_gettime");
        return vdso_clock_gettime(CLOCK_MONOTONIC, &(struct timespec){0}) ? 1 : 42;
    }
    maps();
    parse();
    vdso_clock_gettime = lookup("__vdso_clock_gettime");
    vdso_gettimeofday = lookup("__vdso_gettimeofday");
    vdso_time = lookup("__vdso_time");
    vdso_getcpu = lookup("__vdso_getcpu");
    vdso_clock_getres = lookup("__vdso_clock_getres");
    weak("clock_gettime", vdso_clock_gettime);
    weak("gettimeofday", vdso_gettimeofday);
    weak("time", vdso_time);
    weak("getcpu", vdso_getcpu);
    printf("missing: %s\n", find_gnu("__vdso_getpid") || find_sysv("__vdso_getpid") ? "there" : "none");
    clocks();
    day();
    processor();
    struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO};
    sigaction(SIGSEGV, &action, 0);
    int a = faults(0), b = faults(1), c = faults(2);
    printf("nowhere: %d %d %d, %s\n", a, b, c, inside == 3 && passed ? "unwound to main" : "lost");
    struct timespec t;
    if (!fork())
        _exit(vdso_clock_gettime(CLOCK_MONOTONIC, &t) == 0 && vdso_clock_gettime(CLOCK_REALTIME, &t) == 0 ? 42 : 1);
    printf("child: %d\n", child_status());
    if (!fork())
    {
        struct sock_filter code[] = {
            BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
            BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_time, 2, 0),
            BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getcpu, 1, 0),
            BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
            BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EDOM),
        };
        struct sock_fprog program = {sizeof code / sizeof code[0], code};
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
        unsigned cpu;
        int refused = syscall(SYS_time, 0) == -1 && errno == EDOM && syscall(SYS_getcpu, &cpu, 0, 0) == -1 && errno == EDOM;
        printf("filtered: %s\n", refused && vdso_time(0) > 1000000000 && vdso_getcpu(&cpu, 0, 0) == 0 ? "ok" : "no");
        _exit(0);
    }
    child_status();
    const char *name = "none";
    dl_iterate_phdr(listed, &name);
    printf("linker: %s\n", name);
    if (!fork())
        execl("/proc/self/exe", argv[0], "again", NULL);
    printf("again: %d\n", child_status());
    return 42;
}
