// Which error wins when several apply: for each call, arguments of which two or more are wrong.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define BAD ((void *)8)
#define BADFD 77
static char longname[5000], longpart[300];
static char page[4096];

static void say(const char *what, long r)
{
    printf("%s: %s\n", what, r >= 0 ? "ok" : strerrorname_np(errno));
}
#define CALL(name, ...) say(#name " " #__VA_ARGS__, syscall(SYS_##name, __VA_ARGS__))

int main(void)
{
    setvbuf(stdout, 0, _IOFBF, 1 << 16);
    memset(longname, 'a', sizeof longname - 1);
    for (int i = 100; i < sizeof longname - 1; i += 100)
        longname[i] = '/';
    memset(longpart, 'b', sizeof longpart - 1);
    char *empty = "", *none = "/nowhere/at/all", *file = "/etc/passwd";
    char folder[] = "/tmp/precedenceXXXXXX";
    mkdtemp(folder);
    chdir(folder);
    int f = open("file", O_RDWR | O_CREAT, 0600), ro = open("file", O_RDONLY), wo = open("file", O_WRONLY), path = open("file", O_PATH), dir = open(".", O_RDONLY | O_DIRECTORY);
    int p[2], s = socket(AF_UNIX, SOCK_STREAM, 0), ep = epoll_create1(0);
    pipe(p);
    write(f, "hello", 5);
    symlink("loop", "loop");
    struct iovec vecs[2] = {{page, 4}, {BAD, 4}}, huge[2] = {{page, -1}, {page, 4}}, nothing[1] = {{BAD, 0}};
    struct timespec bad_time = {0, 2000000000}, past = {0, 0};
    struct stat st;

    // Files.
    CALL(read, BADFD, BAD, 5); CALL(read, wo, BAD, 5); CALL(read, dir, BAD, 5); CALL(read, f, BAD, 0); CALL(read, path, page, 1); CALL(read, f, BAD, -1L); CALL(read, p[1], BAD, 1);
    CALL(write, BADFD, BAD, 5); CALL(write, ro, BAD, 5); CALL(write, f, BAD, 5); CALL(write, f, BAD, 0); CALL(write, ro, BAD, 0); CALL(write, p[0], BAD, 0); CALL(write, f, page, -1L);
    CALL(pread64, BADFD, BAD, 5, -1L); CALL(pread64, p[0], BAD, 5, -1L); CALL(pread64, p[0], BAD, 5, 0L); CALL(pread64, wo, BAD, 5, 0L); CALL(pread64, dir, BAD, 5, 0L);
    CALL(pwrite64, ro, BAD, 5, -1L); CALL(pwrite64, p[0], page, 5, 0L); CALL(pwrite64, ro, BAD, 5, 0L);
    CALL(readv, BADFD, BAD, -1); CALL(readv, wo, BAD, -1); CALL(readv, f, BAD, -1); CALL(readv, f, BAD, 1025); CALL(readv, f, BAD, 2); CALL(readv, f, BAD, 0); CALL(readv, f, huge, 2); CALL(readv, dir, vecs, 2); CALL(readv, wo, huge, 2); CALL(readv, f, nothing, 1);
    CALL(writev, ro, BAD, -1); CALL(writev, f, BAD, 1); CALL(writev, p[0], huge, 2); CALL(preadv, f, BAD, 1, -1L, 0L); CALL(preadv, BADFD, BAD, 1, -1L, 0L); CALL(preadv2, f, BAD, 1, 0L, 0L, 0x1000); CALL(pwritev2, ro, BAD, 1, 0L, 0L, 0x1000);
    CALL(lseek, BADFD, 0L, 99); CALL(lseek, p[0], 0L, 99); CALL(lseek, f, -1L, SEEK_SET); CALL(lseek, p[0], -1L, SEEK_SET); CALL(lseek, f, 100L, SEEK_DATA); CALL(lseek, path, 0L, 0);
    CALL(ftruncate, BADFD, -1L); CALL(ftruncate, ro, -1L); CALL(ftruncate, ro, 1L); CALL(ftruncate, dir, 1L); CALL(ftruncate, p[1], 1L); CALL(ftruncate, s, 1L); CALL(ftruncate, path, 1L);
    CALL(truncate, BAD, -1L); CALL(truncate, none, -1L); CALL(truncate, none, 1L); CALL(truncate, ".", 1L); CALL(truncate, longname, -1L); CALL(truncate, empty, 1L);
    CALL(fallocate, BADFD, 0xffff, -1L, 0L); CALL(fallocate, ro, 0xffff, -1L, 0L); CALL(fallocate, f, 0xffff, 0L, 5L); CALL(fallocate, ro, 0, 0L, 5L); CALL(fallocate, p[1], 0, 0L, 5L); CALL(fallocate, f, 0, -1L, 5L); CALL(fallocate, f, 0, 0L, 0L); CALL(fallocate, dir, 0, 0L, 5L);
    CALL(sendfile, BADFD, BADFD, BAD, 5L); CALL(sendfile, f, BADFD, BAD, 5L); CALL(sendfile, ro, f, BAD, 5L); CALL(sendfile, p[1], f, BAD, 5L); CALL(sendfile, p[1], wo, 0, 5L); CALL(sendfile, ro, f, 0, 5L);
    CALL(copy_file_range, BADFD, BAD, f, 0, 5L, 9); CALL(copy_file_range, f, BAD, BADFD, 0, 5L, 9); CALL(copy_file_range, f, BAD, f, 0, 5L, 9); CALL(copy_file_range, f, 0, f, 0, 5L, 9); CALL(copy_file_range, f, 0, ro, 0, 5L, 0); CALL(copy_file_range, dir, 0, f, 0, 5L, 0); CALL(copy_file_range, p[0], 0, f, 0, 5L, 0);
    CALL(splice, f, 0, f, 0, 5L, 0); CALL(splice, BADFD, BAD, f, 0, 5L, 0x100); CALL(splice, p[0], BAD, f, 0, 5L, 0); CALL(splice, f, BAD, p[1], 0, 5L, 0); CALL(splice, f, BAD, p[1], 0, 0L, 0); CALL(splice, wo, 0, p[1], 0, 5L, 0); CALL(tee, f, p[1], 5L, 0x100); CALL(tee, f, p[1], 5L, 0); CALL(tee, BADFD, p[1], 0L, 0);
    CALL(dup, BADFD); CALL(dup2, BADFD, -1); CALL(dup2, f, -1); CALL(dup3, f, f, 1); CALL(dup3, f, f, 0); CALL(dup3, BADFD, BADFD, 0); CALL(dup3, BADFD, -1, 0); CALL(dup3, f, 1 << 30, 0);
    CALL(fcntl, BADFD, 9999, 0); CALL(fcntl, f, 9999, 0); CALL(fcntl, f, F_DUPFD, -1); CALL(fcntl, f, F_DUPFD, 1 << 30); CALL(fcntl, path, F_GETLK, BAD); CALL(fcntl, f, F_GETLK, BAD); CALL(fcntl, BADFD, F_SETLK, BAD); CALL(fcntl, path, F_GETFL); CALL(fcntl, path, F_SETFL, 0); CALL(fcntl, f, F_SETPIPE_SZ, 5); CALL(fcntl, f, F_SETSIG, 99);
    CALL(ioctl, BADFD, 0x5401, BAD); CALL(ioctl, f, 0x5401, BAD); CALL(ioctl, f, 0x541B, BAD); CALL(ioctl, p[0], 0x541B, BAD); CALL(ioctl, path, 0x541B, BAD); CALL(ioctl, f, 0x5421, BAD);
    CALL(close_range, 5, 4, 0xff); CALL(close_range, 5, 4, 0); CALL(flock, BADFD, 99); CALL(flock, f, 99); CALL(flock, path, LOCK_SH); CALL(fsync, path); CALL(fsync, p[0]); CALL(sync_file_range, BADFD, 0L, 0L, 99); CALL(sync_file_range, p[0], 0L, 0L, 0); CALL(fadvise64, BADFD, 0L, 0L, 99); CALL(fadvise64, p[0], 0L, 0L, 99); CALL(fadvise64, f, 0L, -1L, 99); CALL(readahead, wo, 0L, 5L); CALL(readahead, p[0], 0L, 5L);
    CALL(pipe2, BAD, 1); CALL(pipe2, page, 1); CALL(pipe, BAD);

    // Paths.
    CALL(openat, BADFD, BAD, 0); CALL(openat, BADFD, empty, 0); CALL(openat, BADFD, "file", 0); CALL(openat, BADFD, longname, 0); CALL(openat, f, "file", 0); CALL(openat, BADFD, file, 0); CALL(openat, dir, longpart, 0); CALL(openat, dir, "file/x", 0); CALL(openat, dir, "loop", 0); CALL(openat, dir, "loop/x", O_CREAT, 0600); CALL(openat, dir, ".", O_RDWR); CALL(openat, dir, "new/", O_CREAT | O_RDWR, 0600); CALL(openat, dir, "file", O_DIRECTORY | O_CREAT, 0600); CALL(openat, dir, "file", O_CREAT | O_EXCL, 0600); CALL(openat, dir, "file/", 0); CALL(openat, dir, none, O_CREAT, 0600); CALL(openat, dir, ".", O_TMPFILE, 0600); CALL(openat, dir, "loop", O_NOFOLLOW); CALL(openat, dir, "loop", O_CREAT | O_EXCL, 0600);
    CALL(openat2, BADFD, BAD, BAD, 4L); CALL(openat2, BADFD, BAD, BAD, 24L); CALL(openat2, BADFD, BAD, page, 24L);
    CALL(newfstatat, BADFD, BAD, BAD, 0x8000); CALL(newfstatat, BADFD, BAD, BAD, 0); CALL(newfstatat, BADFD, "file", BAD, 0); CALL(newfstatat, dir, "file", BAD, 0); CALL(newfstatat, dir, empty, BAD, 0); CALL(newfstatat, BADFD, empty, BAD, AT_EMPTY_PATH); CALL(newfstatat, dir, "nofile", BAD, 0);
    CALL(fstat, BADFD, BAD); CALL(fstat, f, BAD); CALL(statx, BADFD, BAD, 0x8000, 0, BAD); CALL(statx, dir, "file", 0x6000, 0, BAD); CALL(statx, dir, "file", 0, 0x80000000u, BAD); CALL(statx, dir, "nofile", 0, 0, BAD); CALL(statx, dir, "file", 0, 0, BAD); CALL(statfs, "nofile", BAD); CALL(statfs, ".", BAD); CALL(fstatfs, BADFD, BAD);
    CALL(faccessat, BADFD, BAD, 99); CALL(faccessat, BADFD, BAD, 0); CALL(faccessat, dir, "nofile", 99); CALL(faccessat2, dir, "file", 0, 0x8000); CALL(faccessat2, BADFD, "file", 99, 0x8000);
    CALL(readlinkat, BADFD, BAD, BAD, 0L); CALL(readlinkat, dir, "nofile", BAD, 0L); CALL(readlinkat, dir, "loop", BAD, 5L); CALL(readlinkat, dir, "file", BAD, 5L); CALL(readlinkat, dir, "loop", BAD, -1L); CALL(readlinkat, dir, empty, page, 5L);
    CALL(mkdirat, BADFD, "x", 0700); CALL(mkdirat, dir, ".", 0700); CALL(mkdirat, dir, "file/x", 0700); CALL(mkdirat, dir, empty, 0700); CALL(mkdirat, dir, longpart, 0700); CALL(mkdirat, dir, "file/", 0700); CALL(mkdirat, dir, "loop/", 0700); CALL(mkdirat, dir, "/", 0700);
    CALL(mknodat, dir, "file", S_IFDIR | 0600, 0L); CALL(mknodat, dir, "x", S_IFDIR | 0600, 0L); CALL(mknodat, BADFD, "x", 0xf000, 0L); CALL(mknodat, dir, BAD, 0xf000, 0L);
    CALL(unlinkat, BADFD, BAD, 99); CALL(unlinkat, BADFD, BAD, 0); CALL(unlinkat, dir, ".", 0); CALL(unlinkat, dir, ".", AT_REMOVEDIR); CALL(unlinkat, dir, "..", AT_REMOVEDIR); CALL(unlinkat, dir, "/", AT_REMOVEDIR); CALL(unlinkat, dir, "file", AT_REMOVEDIR); CALL(unlinkat, dir, "file/", 0); CALL(unlinkat, dir, "nofile/", 0); CALL(unlinkat, dir, empty, 0); CALL(rmdir, "file/x"); CALL(rmdir, folder + 4);
    CALL(renameat2, BADFD, BAD, BADFD, BAD, 99); CALL(renameat2, BADFD, "a", BADFD, BAD, 0); CALL(renameat2, dir, "nofile", BADFD, "b", 0); CALL(renameat2, dir, "nofile", dir, BAD, 0); CALL(renameat2, dir, ".", dir, "x", 0); CALL(renameat2, dir, "nofile", dir, ".", 0); CALL(renameat2, dir, "file", dir, "nofile", RENAME_EXCHANGE); CALL(renameat2, dir, "file", dir, "file", RENAME_NOREPLACE); CALL(renameat2, dir, "file", dir, "nodir/", 0); CALL(renameat2, dir, "file", dir, "a/b", 0); CALL(renameat2, dir, "file", dir, "b", RENAME_EXCHANGE | RENAME_NOREPLACE); CALL(renameat2, dir, "nofile", dir, "/", 0);
    CALL(linkat, BADFD, BAD, BADFD, BAD, 99); CALL(linkat, dir, ".", dir, "x", 0); CALL(linkat, dir, "file", dir, "file", 0); CALL(linkat, dir, "file", dir, "x/", 0); CALL(linkat, BADFD, empty, dir, "x", 0);
    CALL(symlinkat, BAD, BADFD, BAD); CALL(symlinkat, empty, BADFD, "x"); CALL(symlinkat, "a", BADFD, "x"); CALL(symlinkat, "a", dir, "file"); CALL(symlinkat, longname, dir, "file"); CALL(symlinkat, "a", dir, empty); CALL(symlinkat, empty, dir, empty);
    CALL(fchmodat, BADFD, BAD, 0); CALL(fchmodat, BADFD, empty, 0); CALL(fchmod, path, 0600); CALL(fchmod, BADFD, 0); CALL(fchownat, BADFD, BAD, -1, -1, 0x8000); CALL(fchownat, BADFD, empty, -1, -1, AT_EMPTY_PATH); CALL(chdir, "file"); CALL(chdir, empty); CALL(fchdir, f); CALL(fchdir, BADFD); CALL(chroot, "file"); CALL(chroot, "nofile"); CALL(getcwd, BAD, 0L); CALL(getcwd, BAD, 4096L); CALL(getcwd, page, 1L);
    CALL(utimensat, BADFD, BAD, BAD, 0x8000); CALL(utimensat, BADFD, "file", BAD, 0); CALL(utimensat, BADFD, 0, 0, 0); CALL(utimensat, dir, 0, 0, AT_SYMLINK_NOFOLLOW); CALL(utimensat, BADFD, "x", (struct timespec[2]){{0, 2000000000}}, 0x8000);
    CALL(getdents64, BADFD, BAD, 0L); CALL(getdents64, f, BAD, 100L); CALL(getdents64, dir, BAD, 4096L); CALL(getdents64, dir, page, 1L);
    CALL(getxattr, BAD, BAD, BAD, 0L); CALL(getxattr, "nofile", BAD, BAD, 0L); CALL(getxattr, "file", empty, BAD, 0L); CALL(setxattr, "nofile", BAD, BAD, 1L << 20, 99); CALL(setxattr, "nofile", "user.a", BAD, 1L << 20, 0); CALL(setxattr, "nofile", "user.a", BAD, 5L, 0); CALL(setxattr, "nofile", "user.a", "x", 1L, 0); CALL(fgetxattr, BADFD, BAD, BAD, 0L); CALL(fsetxattr, BADFD, BAD, BAD, 5L, 99); CALL(listxattr, "nofile", BAD, 5L); CALL(removexattr, "nofile", BAD); CALL(fgetxattr, path, "user.a", 0, 0L);
    CALL(execve, BAD, BAD, BAD); CALL(execve, folder, 0, 0); CALL(execve, longname, 0, 0); CALL(execveat, BADFD, BAD, 0, 0, 0x8000); CALL(execveat, BADFD, empty, 0, 0, 0); CALL(execveat, BADFD, empty, 0, 0, AT_EMPTY_PATH); CALL(execveat, f, empty, 0, 0, AT_EMPTY_PATH);

    // Memory.
    CALL(mmap, 1L, 0L, 99, 0x10, BADFD, 1L); CALL(mmap, 0L, 4096L, 0, 0, BADFD, 0L); CALL(mmap, 0L, 4096L, 0, MAP_PRIVATE, BADFD, 1L); CALL(mmap, 0L, 4096L, 0, MAP_PRIVATE, BADFD, 0L); CALL(mmap, 0L, 4096L, PROT_WRITE, MAP_SHARED, ro, 0L); CALL(mmap, 0L, 4096L, PROT_READ, MAP_SHARED, wo, 0L); CALL(mmap, 0L, 0L, PROT_READ, MAP_SHARED, wo, 0L); CALL(mmap, 0L, -1L, PROT_READ, MAP_SHARED, BADFD, 0L); CALL(mmap, 0L, 4096L, PROT_READ, MAP_PRIVATE, dir, 0L); CALL(mmap, 0L, 4096L, PROT_READ, MAP_PRIVATE, p[0], 0L); CALL(mmap, 1L << 47, 4096L, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0L); CALL(mmap, 1L, 4096L, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0L); CALL(mmap, 0L, 4096L, PROT_READ, MAP_PRIVATE, path, 0L);
    CALL(munmap, 1L, 0L); CALL(munmap, 0L, 0L); CALL(munmap, 0L, -1L); CALL(munmap, 1L << 47, 4096L); CALL(mprotect, 1L, 0L, 0); CALL(mprotect, 0L, 0L, 0xff00); CALL(mprotect, 0L, 4096L, 0xff00); CALL(mprotect, 0L, 4096L, 1); CALL(mprotect, 1L << 46, 0L, 99); CALL(mprotect, 0x1000L, 4096L, PROT_GROWSDOWN | PROT_GROWSUP); CALL(mprotect, 0x1000L, -1L, 1);
    CALL(mremap, 1L, 4096L, 4096L, 0, 0L); CALL(mremap, 0x1000L, 4096L, 0L, 0, 0L); CALL(mremap, 0x1000L, 4096L, 4096L, 99, 0L); CALL(mremap, 0x1000L, 4096L, 8192L, MREMAP_MAYMOVE, 0L); CALL(mremap, 0x1000L, 4096L, 8192L, MREMAP_FIXED, 0L); CALL(mremap, 0x1000L, 0L, 4096L, MREMAP_MAYMOVE, 0L);
    CALL(madvise, 1L, 0L, 99); CALL(madvise, 0x1000L, 0L, 99); CALL(madvise, 0x1000L, 0L, MADV_DONTNEED); CALL(madvise, 0x1000L, 4096L, MADV_DONTNEED); CALL(madvise, 0x1000L, -1L, MADV_DONTNEED); CALL(mincore, 1L, 4096L, BAD); CALL(mincore, 0x1000L, 4096L, BAD); CALL(mincore, (long)page & -4096, 4096L, BAD); CALL(mincore, 1L << 47, 4096L, BAD); CALL(msync, 1L, 0L, 99); CALL(msync, 0x1000L, 0L, MS_SYNC | MS_ASYNC); CALL(msync, 0x1000L, 4096L, MS_SYNC); CALL(mlock, 0x1000L, 4096L); CALL(mlock2, 0x1000L, 4096L, 99); CALL(munlock, 0x1000L, 4096L); CALL(mlockall, 0); CALL(mlockall, 4); CALL(memfd_create, BAD, 0xff00); CALL(memfd_create, BAD, 0); CALL(memfd_create, longpart, 0xff00); CALL(memfd_create, longpart, 0);
    CALL(process_vm_readv, 0x7ffffff, BAD, -1L, BAD, 1L, 1); CALL(process_vm_readv, 0x7ffffff, BAD, -1L, BAD, 1L, 0); CALL(process_vm_readv, 0x7ffffff, BAD, 1L, BAD, 1L, 0); CALL(process_vm_readv, 0x7ffffff, vecs, 1L, BAD, 1L, 0); CALL(process_vm_readv, 0x7ffffff, vecs, 1L, vecs, 1L, 0); CALL(process_vm_readv, 0x7ffffff, vecs, 0L, vecs, 1L, 0); CALL(process_vm_readv, 0x7ffffff, vecs, 1L, vecs, 1025L, 0);

    // Signals, time, processes.
    CALL(rt_sigaction, 0, BAD, BAD, 9L); CALL(rt_sigaction, 0, BAD, BAD, 8L); CALL(rt_sigaction, 0, 0, BAD, 8L); CALL(rt_sigaction, 9, page, 0, 8L); CALL(rt_sigaction, 10, 0, BAD, 8L); CALL(rt_sigprocmask, 99, BAD, BAD, 9L); CALL(rt_sigprocmask, 99, BAD, BAD, 8L); CALL(rt_sigprocmask, 99, page, BAD, 8L); CALL(rt_sigprocmask, 99, 0, BAD, 8L); CALL(rt_sigpending, BAD, 9L); CALL(rt_sigpending, BAD, 8L); CALL(rt_sigsuspend, BAD, 9L); CALL(rt_sigsuspend, BAD, 8L); CALL(rt_sigtimedwait, BAD, 0, BAD, 9L); CALL(rt_sigtimedwait, BAD, 0, BAD, 8L); CALL(rt_sigtimedwait, page, 0, BAD, 8L); CALL(rt_sigtimedwait, page, 0, &bad_time, 8L); CALL(rt_sigqueueinfo, 0x7ffffff, 99, BAD); CALL(rt_sigqueueinfo, 0x7ffffff, 99, page); CALL(sigaltstack, BAD, BAD); CALL(sigaltstack, 0, BAD);
    CALL(kill, 0x7ffffff, 99); CALL(kill, getpid(), 99); CALL(kill, INT32_MIN, 0); CALL(tgkill, 0, 0, 99); CALL(tgkill, getpid(), 0x7ffffff, 99); CALL(tkill, 0, 99); CALL(signalfd4, BADFD, BAD, 9L, 99); CALL(signalfd4, BADFD, BAD, 8L, 0); CALL(signalfd4, BADFD, page, 8L, 0); CALL(signalfd4, f, page, 8L, 99);
    CALL(nanosleep, BAD, BAD); CALL(nanosleep, &bad_time, BAD); CALL(clock_nanosleep, 99, 99, BAD, BAD); CALL(clock_nanosleep, CLOCK_REALTIME, 0, BAD, BAD); CALL(clock_nanosleep, CLOCK_THREAD_CPUTIME_ID, 0, BAD, BAD); CALL(clock_gettime, 99, BAD); CALL(clock_settime, 99, BAD); CALL(clock_settime, CLOCK_MONOTONIC, BAD); CALL(clock_getres, 99, 0); CALL(clock_getres, CLOCK_REALTIME, BAD); CALL(timer_create, 99, BAD, BAD); CALL(timer_create, CLOCK_REALTIME, BAD, BAD); CALL(timer_create, CLOCK_REALTIME, 0, BAD); CALL(timer_settime, 999, 0, BAD, 0); CALL(timer_settime, 999, 0, 0, 0); CALL(timer_settime, 999, 0, (struct itimerspec[1]){{{0, 0}, {0, -1}}}, 0); CALL(timer_gettime, 999, BAD); CALL(setitimer, 99, BAD, 0); CALL(setitimer, 99, page, 0); CALL(getitimer, 99, BAD); CALL(getitimer, 0, BAD); CALL(timerfd_create, 99, 99); CALL(timerfd_settime, BADFD, 99, BAD, 0); CALL(timerfd_settime, BADFD, 99, page, 0); CALL(timerfd_settime, BADFD, 0, page, 0); CALL(timerfd_settime, f, 0, page, 0); CALL(timerfd_gettime, BADFD, BAD); CALL(timerfd_gettime, f, BAD);
    CALL(wait4, 0x7ffffff, BAD, 0xff00, BAD); CALL(wait4, 0x7ffffff, BAD, 0, BAD); CALL(waitid, 99, 0, BAD, 0, BAD); CALL(waitid, P_PID, 0x7ffffff, BAD, WEXITED, BAD); CALL(waitid, 99, 0, BAD, WEXITED, BAD); CALL(waitid, P_PIDFD, BADFD, BAD, 0, BAD); CALL(waitid, P_PIDFD, BADFD, BAD, WEXITED, BAD);
    CALL(getrlimit, 99, BAD); CALL(getrlimit, 0, BAD); CALL(setrlimit, 99, BAD); CALL(prlimit64, 0x7ffffff, 99, BAD, BAD); CALL(prlimit64, 0x7ffffff, 0, BAD, BAD); CALL(prlimit64, 0x7ffffff, 99, 0, BAD); CALL(prlimit64, 0x7ffffff, 0, 0, 0); CALL(prlimit64, 0, 99, 0, 0); CALL(getrusage, 99, BAD); CALL(getrusage, 0, BAD); CALL(getpriority, 99, 0x7ffffff); CALL(setpriority, 99, 0x7ffffff, 0); CALL(sched_setscheduler, -1, 99, BAD); CALL(sched_setscheduler, 0, 99, BAD); CALL(sched_setscheduler, 0x7ffffff, 99, page); CALL(sched_setscheduler, 0x7ffffff, 0, 0); CALL(sched_getparam, -1, 0); CALL(sched_getparam, 0x7ffffff, 0); CALL(sched_getparam, 0x7ffffff, BAD); CALL(sched_getaffinity, 0x7ffffff, 1L, BAD); CALL(sched_getaffinity, 0x7ffffff, 128L, BAD); CALL(sched_setaffinity, 0x7ffffff, 128L, BAD); CALL(sched_setaffinity, 0x7ffffff, 128L, page); CALL(sched_rr_get_interval, -1, BAD); CALL(sched_get_priority_max, 99); CALL(setpgid, 0x7ffffff, -1); CALL(getpgid, 0x7ffffff); CALL(getgroups, -1, BAD); CALL(getgroups, 0, BAD); CALL(setgroups, 1 << 20, BAD); CALL(getresuid, BAD, BAD, BAD); CALL(uname, BAD); CALL(sysinfo, BAD); CALL(times, BAD); CALL(gettimeofday, BAD, BAD); CALL(getrandom, BAD, 5L, 99); CALL(getrandom, BAD, 5L, 0); CALL(prctl, 9999, 0L, 0L, 0L, 0L); CALL(prctl, 15, BAD, 0L, 0L, 0L); CALL(kcmp, getpid(), 0x7ffffff, 99, 0L, 0L); CALL(kcmp, getpid(), getpid(), 99, 0L, 0L); CALL(kcmp, getpid(), getpid(), 0, BADFD, f); CALL(pidfd_open, -1, 99); CALL(pidfd_open, 0x7ffffff, 99); CALL(pidfd_open, 0x7ffffff, 0); CALL(pidfd_send_signal, BADFD, 0, BAD, 99); CALL(pidfd_send_signal, BADFD, 0, BAD, 0); CALL(pidfd_send_signal, f, 0, BAD, 0); CALL(pidfd_getfd, BADFD, BADFD, 99); CALL(pidfd_getfd, BADFD, BADFD, 0); CALL(pidfd_getfd, f, BADFD, 0); CALL(unshare, 1); CALL(capget, BAD, BAD); CALL(personality, -1L);
    CALL(futex, 1L, FUTEX_WAIT, 0, BAD, 0, 0); CALL(futex, 1L, FUTEX_WAIT, 0, &bad_time, 0, 0); CALL(futex, 1L, FUTEX_WAIT, 0, 0, 0, 0); CALL(futex, BAD, FUTEX_WAIT, 0, 0, 0, 0); CALL(futex, BAD, FUTEX_WAIT_BITSET, 0, 0, 0, 0); CALL(futex, BAD, FUTEX_WAKE_BITSET, 0, 0, 0, 0); CALL(futex, BAD, FUTEX_WAKE, 0, 0, 0, 0); CALL(futex, 1L, FUTEX_WAKE, 0, 0, 0, 0); CALL(futex, BAD, 99, 0, 0, 0, 0); CALL(futex, page, FUTEX_WAIT, 1, BAD, 0, 0); CALL(futex, page, FUTEX_REQUEUE, -1, -1L, BAD, 0); CALL(futex, BAD, FUTEX_CMP_REQUEUE, 1, 1L, page, 5); CALL(set_robust_list, BAD, 5L); CALL(get_robust_list, 0x7ffffff, BAD, BAD); CALL(get_robust_list, 0, BAD, BAD);

    // Waiting and sockets.
    CALL(poll, BAD, 1 << 30, 0); CALL(poll, BAD, 1, 0); CALL(ppoll, BAD, 1, BAD, BAD, 9L); CALL(ppoll, BAD, 1, &bad_time, BAD, 9L); CALL(ppoll, BAD, 1, &past, BAD, 9L); CALL(ppoll, BAD, 1, &past, BAD, 8L); CALL(ppoll, BAD, 1 << 30, &past, 0, 8L); CALL(select, -1, BAD, 0, 0, BAD); CALL(select, -1, BAD, 0, 0, 0); CALL(select, 5, BAD, 0, 0, (struct timeval[1]){{0, -1}}); CALL(select, 5, BAD, 0, 0, (struct timeval[1]){{0, 0}}); CALL(pselect6, -1, 0, 0, 0, BAD, BAD); CALL(pselect6, -1, 0, 0, 0, &past, BAD);
    CALL(epoll_create, 0); CALL(epoll_create1, 99); CALL(epoll_ctl, BADFD, 99, BADFD, BAD); CALL(epoll_ctl, BADFD, 99, BADFD, page); CALL(epoll_ctl, ep, 99, BADFD, page); CALL(epoll_ctl, ep, 99, f, page); CALL(epoll_ctl, ep, 99, p[0], page); CALL(epoll_ctl, ep, EPOLL_CTL_ADD, ep, page); CALL(epoll_ctl, ep, EPOLL_CTL_MOD, p[0], page); CALL(epoll_ctl, ep, EPOLL_CTL_DEL, p[0], BAD); CALL(epoll_ctl, f, EPOLL_CTL_ADD, p[0], page); CALL(epoll_wait, BADFD, BAD, 5, 0); CALL(epoll_wait, f, BAD, 0, 0); CALL(epoll_wait, f, page, 5, 0); CALL(epoll_pwait, BADFD, BAD, 0, 0, BAD, 9L); CALL(epoll_pwait2, BADFD, BAD, 0, BAD, BAD, 9L); CALL(eventfd2, 0, 99);
    CALL(socket, 99, 99, 99); CALL(socket, AF_UNIX, 99, 99); CALL(socket, AF_UNIX, 1, 99); CALL(socket, AF_UNIX, 1 | 0x1000, 0); CALL(socketpair, 99, 99, 0, BAD); CALL(socketpair, AF_UNIX, 1, 0, BAD); CALL(bind, BADFD, BAD, 999); CALL(bind, f, BAD, 999); CALL(bind, s, BAD, 999); CALL(bind, s, BAD, 10); CALL(bind, s, BAD, -1); CALL(connect, BADFD, BAD, 999); CALL(connect, s, BAD, 999); CALL(connect, s, BAD, 10); CALL(connect, f, BAD, 10); CALL(connect, s, page, 1); CALL(listen, BADFD, -1); CALL(listen, f, -1); CALL(listen, s, 1); CALL(accept4, BADFD, BAD, BAD, 99); CALL(accept4, f, BAD, BAD, 99); CALL(accept4, s, BAD, BAD, 0); CALL(getsockname, BADFD, BAD, BAD); CALL(getsockname, s, BAD, BAD); CALL(getpeername, s, BAD, BAD); CALL(getpeername, f, BAD, BAD); CALL(sendto, BADFD, BAD, 5L, 0, BAD, 999); CALL(sendto, s, BAD, 5L, 0, BAD, 999); CALL(sendto, f, BAD, 5L, 0, 0, 0); CALL(recvfrom, BADFD, BAD, 5L, 0, BAD, BAD); CALL(recvfrom, f, BAD, 5L, 0, 0, 0); CALL(sendmsg, BADFD, BAD, 0); CALL(sendmsg, s, BAD, 0); CALL(recvmsg, s, BAD, 0); CALL(recvmsg, f, BAD, 0); CALL(setsockopt, s, 99, 99, BAD, -1); CALL(setsockopt, s, SOL_SOCKET, SO_REUSEADDR, BAD, 4); CALL(setsockopt, s, SOL_SOCKET, 999, BAD, 4); CALL(setsockopt, f, SOL_SOCKET, 999, BAD, 4); CALL(getsockopt, BADFD, 99, 99, BAD, BAD); CALL(getsockopt, s, SOL_SOCKET, 999, page, BAD); CALL(getsockopt, s, SOL_SOCKET, 999, page, page); CALL(getsockopt, s, SOL_SOCKET, SO_TYPE, BAD, page); CALL(shutdown, BADFD, 99); CALL(shutdown, f, 99); CALL(shutdown, s, 99); CALL(shutdown, s, 0);
    unlink("file");
    unlink("loop");
    unlink("x");
    rmdir("x");
    rmdir(folder);
    puts("done");
    return 0;
}
