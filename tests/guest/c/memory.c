// The mmap family: every line printed here must be the same natively without address space randomisation.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define P 4096ul
static char *base;

static void show(const char *what, long r)
{
    int e = errno;
    if (r == -1)
        printf("%s: -1 %d\n", what, e);
    else if (base && (uintptr_t)r >= (uintptr_t)base && (uintptr_t)r < (uintptr_t)base + 64 * P)
        printf("%s: base%+ld\n", what, (long)((char *)r - base) / (long)P);
    else
        printf("%s: %ld\n", what, r < 4096 ? r : 4096);
}

static long map(void *a, size_t n, int prot, int flags, int fd, off_t off) { return syscall(SYS_mmap, a, n, prot, flags, fd, off); }

int main(void)
{
    const int RW = PROT_READ | PROT_WRITE, AN = MAP_PRIVATE | MAP_ANONYMOUS;
    base = (char *)map(0, 64 * P, RW, AN, -1, 0);
    show("zero length", map(0, 0, RW, AN, -1, 0));
    show("bad fd", map(0, P, RW, MAP_PRIVATE, 77, 0));
    show("bad offset", map(0, P, RW, AN, -1, 1));
    show("no type", map(0, P, RW, MAP_ANONYMOUS, -1, 0));
    show("huge", map(0, 1ul << 62, RW, AN, -1, 0));
    show("wrap", map(0, ~0ul, RW, AN, -1, 0));
    show("fixed unaligned", map(base + 1, P, RW, AN | MAP_FIXED, -1, 0));
    show("fixed high", map((void *)0x7ffffffff000, P, RW, AN | MAP_FIXED, -1, 0));
    show("noreplace", map(base, P, RW, AN | MAP_FIXED_NOREPLACE, -1, 0));
    show("next", map(0, P, RW, AN, -1, 0));
    show("next", map(0, 3 * P, PROT_READ, AN, -1, 0));
    show("munmap hole", munmap(base + 10 * P, 2 * P));
    show("hint in hole", map(base + 10 * P, 2 * P, RW, AN, -1, 0));
    show("hint taken", map(base + 10 * P, 2 * P, RW, AN, -1, 0));
    show("32bit", map(0, P, RW, AN | MAP_32BIT, -1, 0) < 0x80000000l);
    show("munmap unaligned", munmap(base + 1, P));
    show("munmap zero", munmap(base, 0));
    show("munmap nothing", munmap((void *)0x10000000, P));
    show("mprotect unaligned", mprotect(base + 1, P, RW));
    show("mprotect zero", mprotect(base, 0, RW));
    show("mprotect bad", mprotect(base, P, 0x80));
    show("mprotect hole", (munmap(base + 20 * P, P), mprotect(base + 19 * P, 3 * P, PROT_READ)));
    show("mprotect growsdown", mprotect(base, P, PROT_READ | PROT_GROWSDOWN));
    memset(base, 'a', 4 * P);
    base[0] = 'b';
    show("dontneed", madvise(base, P, MADV_DONTNEED));
    printf("contents %d %d\n", base[0], base[P]);
    show("madvise hole", madvise(base + 19 * P, 3 * P, MADV_DONTNEED));
    show("madvise bad", madvise(base, P, 77));
    show("madvise unaligned", madvise(base + 1, P, MADV_DONTNEED));
    show("madvise zero", madvise(base, 0, MADV_DONTNEED));
    unsigned char vec[8];
    show("mincore", mincore(base + 1 * P, 2 * P, vec));
    printf("resident %d %d\n", vec[0] & 1, vec[1] & 1);
    show("mincore hole", mincore(base + 19 * P, 3 * P, vec));
    show("msync bad", msync(base, P, 64));
    show("msync both", msync(base, P, MS_SYNC | MS_ASYNC));
    show("msync hole", msync(base + 19 * P, 3 * P, MS_SYNC));
    show("msync", msync(base, P, MS_SYNC));
    show("mremap shrink", (long)mremap(base, 8 * P, 4 * P, 0));
    show("mremap grow in place", (long)mremap(base, 4 * P, 6 * P, 0));
    show("mremap blocked", (long)mremap(base + 9 * P, P, 3 * P, 0));
    base[9 * P] = 'm';
    char *moved = mremap(base + 9 * P, P, 3 * P, MREMAP_MAYMOVE);
    printf("moved %c %d\n", moved[0], moved[2 * P]);
    show("mremap fixed", (long)mremap(moved, 3 * P, 2 * P, MREMAP_MAYMOVE | MREMAP_FIXED, base + 40 * P));
    printf("there %c\n", base[40 * P]);
    show("mremap overlap", (long)mremap(base + 40 * P, 2 * P, 2 * P, MREMAP_MAYMOVE | MREMAP_FIXED, base + 41 * P));
    show("mremap fixed alone", (long)mremap(base + 40 * P, P, P, MREMAP_FIXED, base));
    show("mremap none", (long)mremap((void *)0x10000000, P, 2 * P, MREMAP_MAYMOVE));
    show("mremap zero private", (long)mremap(base, 0, P, MREMAP_MAYMOVE));
    char *shared = (char *)map(0, 2 * P, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    shared[5] = 's';
    char *twin = mremap(shared, 0, 2 * P, MREMAP_MAYMOVE);
    twin[6] = 't';
    printf("twin %c %c\n", twin[5], shared[6]);
    show("dontunmap", mremap(base + 40 * P, P, P, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, 0) != MAP_FAILED);
    printf("left %d\n", base[40 * P]);

    char name[] = "/tmp/faultline-memory-XXXXXX";
    int fd = mkstemp(name);
    unlink(name);
    if (write(fd, "hello world", 11) != 11 || ftruncate(fd, 3 * P))
        return 1;
    char *f = (char *)map(0, 3 * P, RW, MAP_SHARED, fd, 0);
    char *g = (char *)map(0, 3 * P, RW, MAP_PRIVATE, fd, 0);
    f[0] = 'J';
    g[1] = 'E';
    char buffer[16] = { 0 };
    pread(fd, buffer, 11, 0);
    printf("file %s map %.5s\n", buffer, g);
    pwrite(fd, "WORLD", 5, 6);
    printf("shared %.11s\n", f);
    show("file offset", map(0, P, PROT_READ, MAP_PRIVATE, fd, 2 * P) != -1);
    int ro = open("/proc/self/exe", O_RDONLY);
    show("shared write of readonly", map(0, P, RW, MAP_SHARED, ro, 0));
    char *r = (char *)map(0, P, PROT_READ, MAP_SHARED, ro, 0);
    show("mprotect readonly shared", mprotect(r, P, RW));
    char *c = (char *)map(0, P, PROT_READ, MAP_PRIVATE, ro, 0);
    show("mprotect readonly private", mprotect(c, P, RW));
    int wo = open("/dev/null", O_WRONLY);
    show("write only", map(0, P, PROT_READ, MAP_PRIVATE, wo, 0));
    int dir = open("/tmp", O_RDONLY | O_DIRECTORY);
    show("directory", map(0, P, PROT_READ, MAP_PRIVATE, dir, 0));
    show("msync file", msync(f, 3 * P, MS_SYNC));

    char *brk0 = sbrk(0);
    printf("brk %ld", (long)((char *)syscall(SYS_brk, brk0 + 10000) - brk0));
    brk0[9999] = 1;
    printf(" %ld", (long)((char *)syscall(SYS_brk, brk0 + 5) - brk0));
    printf(" %ld", (long)((char *)syscall(SYS_brk, brk0 + (1ul << 45)) - brk0));
    printf(" %ld\n", (long)((char *)syscall(SYS_brk, 5) - brk0));
    struct rlimit limit = { 1 << 20, RLIM_INFINITY };
    setrlimit(RLIMIT_AS, &limit);
    show("over RLIMIT_AS", map(0, 64 << 20, RW, AN, -1, 0));
    limit.rlim_cur = RLIM_INFINITY;
    setrlimit(RLIMIT_AS, &limit);
    char *grow = (char *)map((void *)0x20000000, 4 * P, RW, AN | MAP_GROWSDOWN | MAP_FIXED, -1, 0);
    grow[-1] = 7;
    printf("grew %d\n", grow[-1]);
    volatile char deep[1 << 20];
    deep[0] = 1;
    printf("stack %d\n", deep[0]);
    printf("done\n");
    return 0;
}
