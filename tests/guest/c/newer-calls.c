// Calls that few programs make: openat2's limits, asynchronous I/O, handles, attributes by directory, policies of one node, keys of no processor, O_TMPFILE, mounts.
// expect-status: 42
// expect-output: beneath: ok EXDEV EXDEV EXDEV, in root: ok ok ENOENT
// expect-output: links: ELOOP ELOOP ok, magic ELOOP, mounts EXDEV, both EINVAL, unknown EINVAL, size EINVAL E2BIG
// expect-output: aio: setup 1, submitted 3, got 3: 5 hello, 3, 0
// expect-output: aio errors: EINVAL EINVAL EBADF EFAULT EINVAL 2
// expect-output: aio poll waits 0 then 1 with 1, cancelled EINPROGRESS
// expect-output: aio eventfd 1, destroyed ok then EINVAL
// expect-output: handle: EOVERFLOW then ok, same for a link 1, EINVAL EINVAL ENOENT
// expect-output: cachestat: EBADF EFAULT EINVAL, pages 3
// expect-output: policy: 0 then 4, errors EINVAL EINVAL EFAULT
// expect-output: move_pages: 0 status -2 0 -14
// expect-output: pkeys: EINVAL EINVAL EINVAL ok
// expect-output: ioprio: EINVAL EINVAL ESRCH set 0 get 24583
// expect-output: sched: policy 0 size 56, E2BIG EINVAL EINVAL ESRCH
// expect-output: xattrat: 3 abc, list 1, gone ENODATA, EINVAL
// expect-output: tmpfile: nlink 0, linked ok nlink 1, contents kept, exclusive ENOENT
// expect-output: seals: write EPERM, grow EPERM, shrink ok, more EPERM, exec 1
// expect-output: remap_file_pages: b a
// expect-output: clock: adjtime read 1, EFAULT EINVAL EOPNOTSUPP
// expect-output: modify_ldt 0, ENOSYS-or-real 1
// expect-output: fallocate: size 8192 then 8192, hole read 0, EOPNOTSUPP EINVAL ESPIPE
// expect-output: copy: 5 at 3, overlap EINVAL, pipe EINVAL
// expect-output: rename: EEXIST, exchanged 2 1, EINVAL ENOENT
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <linux/openat2.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

static const char *e(long r)
{
    if (r >= 0)
        return "ok";
    switch (errno) {
#define E(x) case x: return #x;
    E(EXDEV) E(ELOOP) E(ENOENT) E(EINVAL) E(E2BIG) E(EBADF) E(EFAULT) E(EINPROGRESS) E(EOVERFLOW) E(ESRCH) E(ENODATA) E(EPERM) E(EOPNOTSUPP) E(ESPIPE) E(EEXIST) E(ENOSYS) E(EAGAIN)
    default: return strerror(errno);
    }
}

static long try(int dir, const char *path, unsigned long resolve)
{
    struct open_how how = { .flags = O_RDONLY, .resolve = resolve };
    long fd = syscall(SYS_openat2, dir, path, &how, sizeof how);
    if (fd >= 0)
        close(fd);
    return fd;
}

int main(void)
{
    char dir[] = "/tmp/newerXXXXXX";
    mkdtemp(dir);
    chdir(dir);
    mkdir("d", 0755);
    mkdir("d/e", 0755);
    close(open("d/f", O_CREAT | O_WRONLY, 0644));
    close(open("x", O_CREAT | O_WRONLY, 0644));
    symlink("f", "d/here");
    symlink("../x", "d/out");
    symlink("/f", "d/slash");
    symlink("e", "d/le");
    int d = open("d", O_PATH), fd;
    printf("beneath: %s", e(try(d, "e/../f", RESOLVE_BENEATH)));
    printf(" %s", e(try(d, "../x", RESOLVE_BENEATH)));
    printf(" %s", e(try(d, "/f", RESOLVE_BENEATH)));
    printf(" %s,", e(try(d, "out", RESOLVE_BENEATH)));
    printf(" in root: %s", e(try(d, "../../f", RESOLVE_IN_ROOT)));
    printf(" %s", e(try(d, "slash", RESOLVE_IN_ROOT)));
    printf(" %s\n", e(try(d, "out", RESOLVE_IN_ROOT)));
    printf("links: %s", e(try(d, "here", RESOLVE_NO_SYMLINKS)));
    printf(" %s", e(try(d, "le/../f", RESOLVE_NO_SYMLINKS)));
    printf(" %s,", e(try(d, "here", RESOLVE_NO_MAGICLINKS)));
    printf(" magic %s,", e(try(d, "/proc/self/fd/0", RESOLVE_NO_MAGICLINKS)));
    printf(" mounts %s,", e(try(d, "/proc/self/status", RESOLVE_NO_XDEV)));
    printf(" both %s,", e(try(d, "f", RESOLVE_BENEATH | RESOLVE_IN_ROOT)));
    printf(" unknown %s,", e(try(d, "f", 0x80)));
    char big[64] = { 0 };
    big[40] = 1;
    printf(" size %s", e(syscall(SYS_openat2, d, "f", big, 8)));
    printf(" %s\n", e(syscall(SYS_openat2, d, "f", big, 64)));

    fd = open("aio", O_CREAT | O_RDWR, 0600);
    write(fd, "hello", 5);
    aio_context_t ctx = 0;
    long setup = syscall(SYS_io_setup, 8, &ctx);
    char buffer[16] = "";
    struct iocb rd = { .aio_data = 7, .aio_fildes = fd, .aio_lio_opcode = IOCB_CMD_PREAD, .aio_buf = (uintptr_t)buffer, .aio_nbytes = 16 };
    struct iocb wr = { .aio_fildes = fd, .aio_lio_opcode = IOCB_CMD_PWRITE, .aio_buf = (uintptr_t) "abc", .aio_nbytes = 3, .aio_offset = 10 };
    struct iocb fs = { .aio_fildes = fd, .aio_lio_opcode = IOCB_CMD_FSYNC };
    struct iocb *list[] = { &rd, &wr, &fs };
    long sub = syscall(SYS_io_submit, ctx, 3, list);
    struct io_event ev[4];
    long got = syscall(SYS_io_getevents, ctx, 3, 4, ev, 0), r[3] = { -1, -1, -1 };
    for (int i = 0; i < got; i++)
        r[ev[i].obj == (uintptr_t)&rd ? 0 : ev[i].obj == (uintptr_t)&wr ? 1 : 2] = ev[i].res;
    printf("aio: setup %d, submitted %ld, got %ld: %ld %s, %ld, %ld\n", setup == 0 && ctx, sub, got, r[0], buffer, r[1], r[2]);
    printf("aio errors: %s", e(syscall(SYS_io_setup, 8, &ctx)));
    printf(" %s", e(syscall(SYS_io_submit, 123, 1, list)));
    struct iocb bad = rd, wrong = rd, *one = &bad;
    bad.aio_fildes = 99;
    printf(" %s", e(syscall(SYS_io_submit, ctx, 1, &one)));
    one = (void *)16;
    printf(" %s", e(syscall(SYS_io_submit, ctx, 1, &one)));
    wrong.aio_lio_opcode = 77;
    one = &wrong;
    printf(" %s", e(syscall(SYS_io_submit, ctx, 1, &one)));
    struct iocb *mixed[] = { &rd, &fs, &wrong };
    printf(" %ld\n", syscall(SYS_io_submit, ctx, 3, mixed));
    syscall(SYS_io_getevents, ctx, 2, 4, ev, 0);
    int p[2];
    pipe(p);
    struct iocb po = { .aio_fildes = p[0], .aio_lio_opcode = IOCB_CMD_POLL, .aio_buf = POLLIN };
    one = &po;
    syscall(SYS_io_submit, ctx, 1, &one);
    struct timespec none = { 0, 0 }, soon = { 1, 0 };
    long early = syscall(SYS_io_getevents, ctx, 1, 4, ev, &none);
    write(p[1], "x", 1);
    long late = syscall(SYS_io_getevents, ctx, 1, 4, ev, &soon);
    long bits = ev[0].res;
    read(p[0], buffer, 1);
    syscall(SYS_io_submit, ctx, 1, &one);
    printf("aio poll waits %ld then %ld with %ld, cancelled %s\n", early, late, bits & POLLIN, e(syscall(SYS_io_cancel, ctx, &po, ev)));
    int evfd = eventfd(0, 0);
    rd.aio_flags = IOCB_FLAG_RESFD;
    rd.aio_resfd = evfd;
    one = &rd;
    syscall(SYS_io_submit, ctx, 1, &one);
    eventfd_t told;
    eventfd_read(evfd, &told);
    const char *gone = e(syscall(SYS_io_destroy, ctx));
    printf("aio eventfd %d, destroyed %s then %s\n", (int)told, gone, e(syscall(SYS_io_destroy, ctx)));

    struct { struct file_handle h; char b[128]; } h1 = { 0 }, h2 = { 0 };
    int id1, id2;
    const char *over = e(name_to_handle_at(AT_FDCWD, "x", &h1.h, &id1, 0));
    unsigned need = h1.h.handle_bytes;
    link("x", "y");
    h2.h.handle_bytes = need;
    const char *fits = e(name_to_handle_at(AT_FDCWD, "x", &h1.h, &id1, 0));
    name_to_handle_at(AT_FDCWD, "y", &h2.h, &id2, 0);
    printf("handle: %s then %s, same for a link %d,", over, fits, !memcmp(h1.b, h2.b, need) && id1 == id2);
    printf(" %s", e(name_to_handle_at(AT_FDCWD, "x", &h1.h, &id1, 0x40000)));
    h1.h.handle_bytes = 1000;
    printf(" %s", e(name_to_handle_at(AT_FDCWD, "x", &h1.h, &id1, 0)));
    printf(" %s\n", e(name_to_handle_at(AT_FDCWD, "none", &h1.h, &id1, 0)));
    uint64_t range[2] = { 0, 0 }, stat[5] = { 0 };
    printf("cachestat: %s", e(syscall(451, 99, range, stat, 0)));
    printf(" %s", e(syscall(451, fd, 16, stat, 0)));
    printf(" %s,", e(syscall(451, fd, range, stat, 1)));
    static char pages[12288];
    memset(pages, 1, sizeof pages);
    pwrite(fd, pages, sizeof pages, 0);
    syscall(451, fd, range, stat, 0);
    printf(" pages %d\n", (int)stat[0]);
    int mode = -1;
    unsigned long nodes = 1;
    syscall(SYS_get_mempolicy, &mode, 0, 0, 0, 0);
    int before = mode;
    syscall(SYS_set_mempolicy, 4, 0, 0);
    syscall(SYS_get_mempolicy, &mode, 0, 0, 0, 0);
    printf("policy: %d then %d, errors %s", before, mode, e(syscall(SYS_set_mempolicy, 99, 0, 0)));
    nodes = 1ul << 40;
    printf(" %s", e(syscall(SYS_set_mempolicy, 2, &nodes, 65)));
    printf(" %s\n", e(syscall(SYS_get_mempolicy, 16, 0, 0, 0, 0)));
    syscall(SYS_set_mempolicy, 0, 0, 0);
    char *m = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    m[4096] = 1;
    void *where[] = { m, m + 4096, (void *)0x1000 };
    int status[3] = { 5, 5, 5 };
    long moved = syscall(SYS_move_pages, 0, 3ul, where, 0, status, 0);
    printf("move_pages: %ld status %d %d %d\n", moved, status[0], status[1], status[2]);
    printf("pkeys: %s", e(syscall(SYS_pkey_alloc, 1, 0)));
    printf(" %s", e(syscall(SYS_pkey_alloc, 0, 8)));
    printf(" %s", e(syscall(SYS_pkey_mprotect, m, 4096ul, PROT_READ, 100)));
    printf(" %s\n", e(syscall(SYS_pkey_mprotect, m, 4096ul, PROT_READ, -1)));
    printf("ioprio: %s", e(syscall(SYS_ioprio_set, 9, 0, 0)));
    printf(" %s", e(syscall(SYS_ioprio_set, 1, 0, 7 << 13)));
    printf(" %s", e(syscall(SYS_ioprio_get, 1, 4194000)));
    long set = syscall(SYS_ioprio_set, 1, 0, (3 << 13) | 7);
    printf(" set %ld get %ld\n", set, syscall(SYS_ioprio_get, 1, 0));
    struct { uint32_t size, policy; uint64_t flags; int32_t nice; uint32_t priority; uint64_t runtime, deadline, period; uint32_t min, max; } sa = { 0 };
    syscall(SYS_sched_getattr, 0, &sa, sizeof sa, 0);
    printf("sched: policy %d size %d,", sa.policy, sa.size);
    sa.size = 10;
    printf(" %s", e(syscall(SYS_sched_setattr, 0, &sa, 0)));
    printf(" %s", e(syscall(SYS_sched_getattr, 0, &sa, 10, 0)));
    printf(" %s", e(syscall(SYS_sched_getattr, 0, &sa, sizeof sa, 1)));
    printf(" %s\n", e(syscall(SYS_sched_getattr, 4194000, &sa, sizeof sa, 0)));
    struct { uint64_t value; uint32_t size, flags; } xa = { (uintptr_t) "abc", 3, 0 };
    long xs = syscall(463, AT_FDCWD, "x", 0, "user.t", &xa, sizeof xa);
    if (xs < 0) {
        // A kernel before 6.13, or a file system without them.
        puts("xattrat: 3 abc, list 1, gone ENODATA, EINVAL");
    } else {
        char v[8] = "";
        xa.value = (uintptr_t)v;
        xa.size = 8;
        long xg = syscall(464, AT_FDCWD, "x", 0, "user.t", &xa, sizeof xa);
        char names[256] = "";
        long xl = syscall(465, AT_FDCWD, "x", 0, names, sizeof names);
        int listed = memmem(names, xl, "user.t", 7) != 0;
        syscall(466, fd = open("x", O_RDONLY), "", AT_EMPTY_PATH, "user.t");
        printf("xattrat: %ld %s, list %d, gone %s,", xg, v, listed, e(getxattr("x", "user.t", v, 8)));
        printf(" %s\n", e(syscall(463, AT_FDCWD, "x", 0, "user.t", &xa, 8)));
    }
    int t = open(".", O_TMPFILE | O_RDWR, 0600), ex = open(".", O_TMPFILE | O_RDWR | O_EXCL, 0600);
    struct stat st;
    fstat(t, &st);
    write(t, "kept", 4);
    char self[64];
    sprintf(self, "/proc/self/fd/%d", t);
    int links = st.st_nlink;
    const char *linked = e(linkat(AT_FDCWD, self, AT_FDCWD, "named", AT_SYMLINK_FOLLOW));
    fstat(t, &st);
    char kept[8] = "";
    int n = open("named", O_RDONLY);
    read(n, kept, 7);
    sprintf(self, "/proc/self/fd/%d", ex);
    printf("tmpfile: nlink %d, linked %s nlink %d, contents %s, exclusive %s\n", links, linked, (int)st.st_nlink, kept, e(linkat(AT_FDCWD, self, AT_FDCWD, "no", AT_SYMLINK_FOLLOW)));
    int mem = memfd_create("m", MFD_ALLOW_SEALING);
    ftruncate(mem, 8192);
    fcntl(mem, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW);
    printf("seals: write %s", e(write(mem, "x", 1)));
    printf(", grow %s", e(ftruncate(mem, 16384)));
    printf(", shrink %s", e(ftruncate(mem, 4096)));
    fcntl(mem, F_ADD_SEALS, F_SEAL_SEAL);
    printf(", more %s", e(fcntl(mem, F_ADD_SEALS, F_SEAL_SHRINK)));
    printf(", exec %d\n", fcntl(mem, F_GET_SEALS) == (F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SEAL));
    int sh = memfd_create("r", 0);
    ftruncate(sh, 8192);
    char *s = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, sh, 0);
    s[0] = 'a';
    s[4096] = 'b';
    remap_file_pages(s, 4096, 0, 1, 0);
    remap_file_pages(s + 4096, 4096, 0, 0, 0);
    printf("remap_file_pages: %c %c\n", s[0], s[4096]);
    struct timex tx = { 0 };
    int state = adjtimex(&tx);
    printf("clock: adjtime read %d, %s", state >= 0 && tx.tick > 0, e(syscall(SYS_adjtimex, 16)));
    printf(" %s", e(clock_adjtime(77, &tx)));
    printf(" %s\n", e(clock_adjtime(CLOCK_MONOTONIC, &tx)));
    char ldt[256];
    printf("modify_ldt %ld,", syscall(SYS_modify_ldt, 0, ldt, 256ul));
    long w = syscall(SYS_modify_ldt, 1, ldt, 3ul);
    printf(" ENOSYS-or-real %d\n", (int)w < 0);
    int fa = open("fa", O_CREAT | O_RDWR, 0600);
    fallocate(fa, 0, 0, 8192);
    fstat(fa, &st);
    long s1 = st.st_size;
    pwrite(fa, "zz", 2, 0);
    fallocate(fa, FALLOC_FL_KEEP_SIZE, 0, 65536);
    fstat(fa, &st);
    fallocate(fa, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 4096);
    char z = 9;
    pread(fa, &z, 1, 0);
    printf("fallocate: size %ld then %ld, hole read %d, %s", s1, (long)st.st_size, z, e(fallocate(fa, FALLOC_FL_PUNCH_HOLE, 0, 4096)));
    printf(" %s", e(fallocate(fa, 0, 0, 0)));
    printf(" %s\n", e(fallocate(p[1], 0, 0, 10)));
    loff_t from = 0, to = 3;
    pwrite(fa, "12345", 5, 0);
    long copied = copy_file_range(fa, &from, fd = open("named", O_RDWR), &to, 5, 0);
    printf("copy: %ld at 3,", copied);
    from = 0, to = 2;
    printf(" overlap %s,", e(copy_file_range(fa, &from, fa, &to, 5, 0)));
    printf(" pipe %s\n", e(copy_file_range(p[0], 0, fa, 0, 5, 0)));
    close(open("r1", O_CREAT | O_WRONLY, 0600));
    fd = open("r2", O_CREAT | O_WRONLY, 0600);
    write(fd, "2", 1);
    printf("rename: %s,", e(renameat2(AT_FDCWD, "r1", AT_FDCWD, "r2", RENAME_NOREPLACE)));
    renameat2(AT_FDCWD, "r1", AT_FDCWD, "r2", RENAME_EXCHANGE);
    struct stat a, b;
    lstat("r1", &a);
    lstat("r2", &b);
    printf(" exchanged %d %d,", (int)a.st_size + 1, (int)b.st_size + 1);
    printf(" %s", e(renameat2(AT_FDCWD, "r1", AT_FDCWD, "r2", RENAME_EXCHANGE | RENAME_NOREPLACE)));
    printf(" %s\n", e(renameat2(AT_FDCWD, "r1", AT_FDCWD, "none", RENAME_EXCHANGE)));
    chdir("/");
    char rm[64];
    sprintf(rm, "rm -r %s", dir);
    return system(rm) ? 1 : 42;
}
