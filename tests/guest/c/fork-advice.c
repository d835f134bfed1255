// What a fork gives the child of memory: advice that pages be left out or empty, locked and shared ones, sealed ones; and memory of others read and written by calls.
// expect-status: 42
// expect-output: plain kept, wiped zero, left out faults, done again kept
// expect-output: wiped twice: zero in the grandchild, kept in the parent
// expect-output: errors: EINVAL EINVAL EINVAL
// expect-output: sealed: EPERM EPERM EPERM, child EPERM, reads ok
// expect-output: other's memory: read 6 child!, written 5, seen by it 1
// expect-output: several pieces: 8 abcdefgh, up to the hole 4096, beyond EFAULT
// expect-output: same: memory 1 files 0, with CLONE_FILES 0, descriptors 0 different 1
#define _GNU_SOURCE
#include <errno.h>
#include <linux/kcmp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096 };
static char *page(int flags) { char *p = mmap(0, PAGE, PROT_READ | PROT_WRITE, flags | MAP_ANONYMOUS, -1, 0); *p = 'x'; return p; }
static int faults(char *p) { int e[2]; pipe(e); int r = write(e[1], p, 1) < 0; close(e[0]); close(e[1]); return r; }
static const char *name(long r) { return r >= 0 ? "ok" : strerrorname_np(errno); }
static int end(pid_t pid) { int status; waitpid(pid, &status, 0); return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status); }

static long waits(void *arg) { for (;;) pause(); }
static char stack[65536] __attribute__((aligned(16)));

int main(void)
{
    setvbuf(stdout, 0, _IOLBF, 0);
    char *plain = page(MAP_PRIVATE), *wiped = page(MAP_PRIVATE), *out = page(MAP_PRIVATE), *again = page(MAP_PRIVATE);
    madvise(wiped, PAGE, MADV_WIPEONFORK);
    madvise(out, PAGE, MADV_DONTFORK);
    madvise(again, PAGE, MADV_DONTFORK);
    madvise(again, PAGE, MADV_DOFORK);
    pid_t pid = fork();
    if (pid == 0)
        _exit((*plain == 'x') | (*wiped == 0) << 1 | faults(out) << 2 | (*again == 'x') << 3);
    int r = end(pid);
    printf("plain %s, wiped %s, left out %s, done again %s\n", r & 1 ? "kept" : "lost", r & 2 ? "zero" : "kept", r & 4 ? "faults" : "there", r & 8 ? "kept" : "lost");
    if ((pid = fork()) == 0)
    {
        *wiped = 'y';
        pid_t grandchild = fork();
        if (grandchild == 0)
            _exit(*wiped == 0);
        _exit(end(grandchild) == 1 && *wiped == 'y');
    }
    printf("wiped twice: %s, %s\n", end(pid) == 1 ? "zero in the grandchild" : "WRONG", *wiped == 'x' ? "kept in the parent" : "LOST");
    char *shared = page(MAP_SHARED);
    printf("errors: %s", name(madvise(shared, PAGE, MADV_WIPEONFORK)));
    printf(" %s", name(madvise(plain + 1, PAGE, MADV_DONTFORK)));
    printf(" %s\n", name(madvise(plain, PAGE, 9999)));

    char *sealed = page(MAP_PRIVATE);
    syscall(462, sealed, PAGE, 0);
    mprotect(sealed, PAGE, PROT_READ);
    printf("sealed: %s", name(mprotect(sealed, PAGE, PROT_READ)));
    printf(" %s", name(munmap(sealed, PAGE)));
    printf(" %s", name((long)mremap(sealed, PAGE, 2 * PAGE, MREMAP_MAYMOVE)));
    if ((pid = fork()) == 0)
        _exit(munmap(sealed, PAGE) < 0 && errno == EPERM);
    printf(", child %s, reads %s\n", end(pid) == 1 ? "EPERM" : "WRONG", *sealed == 'x' ? "ok" : "WRONG");

    int tell[2], go[2];
    pipe(tell);
    pipe(go);
    char *text = page(MAP_PRIVATE), c, got[PAGE * 2];
    if ((pid = fork()) == 0)
    {
        strcpy(text, "child!");
        write(tell[1], "x", 1);
        read(go[0], &c, 1);
        _exit(!strcmp(text, "other!"));
    }
    read(tell[0], &c, 1);
    struct iovec here = {got, 6}, there = {text, 6};
    long n = process_vm_readv(pid, &here, 1, &there, 1, 0);
    printf("other's memory: read %ld %.6s", n, got);
    here = (struct iovec){"other", 5};
    there = (struct iovec){text, 5};
    n = process_vm_writev(pid, &here, 1, &there, 1, 0);
    write(go[1], "x", 1);
    printf(", written %ld, seen by it %d\n", n, end(pid));
    memcpy(plain, "abcdefgh", 8);
    struct iovec parts[3] = {{plain, 3}, {plain + 3, 0}, {plain + 3, 5}}, one = {got, 8};
    n = process_vm_readv(getpid(), &one, 1, parts, 3, 0);
    char *two = mmap(0, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    munmap(two + PAGE, PAGE);
    printf("several pieces: %ld %.8s", n, got);
    one = (struct iovec){got, 2 * PAGE};
    struct iovec across = {two, 2 * PAGE}, beyond = {two + PAGE, 1};
    printf(", up to the hole %ld", process_vm_readv(getpid(), &one, 1, &across, 1, 0));
    printf(", beyond %s\n", name(process_vm_readv(getpid(), &one, 1, &beyond, 1, 0)));

    pid = clone((int (*)(void *))waits, stack + sizeof stack, CLONE_FILES | SIGCHLD, 0);
    pid_t other = fork();
    if (other == 0)
        waits(0);
    long memory = syscall(SYS_kcmp, getpid(), pid, KCMP_VM, 0, 0), files = syscall(SYS_kcmp, getpid(), other, KCMP_FILES, 0, 0);
    printf("same: memory %d files %d", memory != 0, files == 0);
    printf(", with CLONE_FILES %ld", syscall(SYS_kcmp, getpid(), pid, KCMP_FILES, 0, 0));
    printf(", descriptors %ld different %d\n", syscall(SYS_kcmp, getpid(), other, KCMP_FILE, 1, 1), syscall(SYS_kcmp, getpid(), getpid(), KCMP_FILE, tell[0], go[0]) != 0);
    kill(pid, SIGKILL);
    kill(other, SIGKILL);
    end(pid);
    end(other);
    return 42;
}
