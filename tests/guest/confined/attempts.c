// Ways out of a root folder. Each attempt says "held" or what it reached. argv[1] is the host's path of the folder outside, whose file "secret" says OUTSIDE; the
// root has bait of the same name that says inside. The test lays out: /bait (links), /ro (a read-only bind), /rw (a bind of a folder inside the root).
#define _GNU_SOURCE
#include <dirent.h>
#include <linux/openat2.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

static int attempts, escapes;
static char outside[4096];

static void verdict(const char *what, int escaped)
{
    attempts++;
    escapes += escaped != 0;
    printf("%s: %s\n", what, escaped ? "ESCAPED" : "held");
}

/* Whether what a descriptor reads is the file outside. */
static int leaks(int fd)
{
    char b[16] = "";
    if (fd < 0)
        return 0;
    pread(fd, b, 15, 0);
    close(fd);
    return strncmp(b, "OUTSIDE", 7) == 0;
}

static int reads(const char *path) { return leaks(open(path, O_RDONLY)); }

static int reads_at(int dir, const char *path) { return dir >= 0 && leaks(openat(dir, path, O_RDONLY)); }

int main(int argc, char **argv)
{
    char path[8192], secret[4200];
    snprintf(outside, sizeof outside, "%s", argv[1]);
    snprintf(secret, sizeof secret, "%s/secret", outside);
    setvbuf(stdout, 0, _IOLBF, 0);

    verdict("absolute host path", reads(secret));
    verdict("dot dot from the root", reads("/../secret") || reads("/../../../../../../secret"));
    chdir("/");
    verdict("relative dot dot", reads("../secret") || reads("../../secret"));
    verdict("absolute link to the host path", reads("/bait/host"));
    verdict("relative link upwards", reads("/bait/up"));
    verdict("link to the root and up", reads("/bait/slash/../secret"));
    snprintf(path, sizeof path, "/proc/self/root/../%s", secret);
    verdict("/proc/self/root", reads("/proc/self/root/../secret") || reads(path));
    verdict("/proc/self/cwd", reads("/proc/self/cwd/../secret"));
    snprintf(path, sizeof path, "/proc/1/root%s", secret);
    verdict("/proc/1/root", reads(path) || reads("/proc/1/cwd/secret"));
    snprintf(path, sizeof path, "/proc/%d/root%s", getppid(), secret);
    verdict("the parent's root", reads(path));
    int escaped = 0;
    for (int fd = 0; fd < 200; fd++) {
        snprintf(path, sizeof path, "/proc/self/fd/%d/../secret", fd);
        escaped |= reads(path);
        if (fd > 2) {
            escaped |= reads_at(fd, "secret") || reads_at(fd, "../secret");
        } else {
            escaped |= reads_at(fd, "../secret") || reads_at(fd, "secret");
        }
    }
    verdict("descriptors of the host", escaped);

    /* Standard input is a file of the host outside, opened for reading: it must not become writable. */
    int again = open("/proc/self/fd/0", O_WRONLY);
    escaped = again >= 0 && write(again, "x", 1) == 1;
    verdict("a stream reopened for writing", escaped);
    verdict("a stream reopened for both", open("/dev/stdin", O_RDWR) >= 0);
    verdict("a stream's file truncated", ftruncate(0, 0) == 0 || truncate("/proc/self/fd/0", 0) == 0);
    verdict("a stream's file made executable by all", fchmod(0, 0777) == 0 || chmod("/proc/self/fd/0", 0777) == 0);
    verdict("a stream's file linked into the root", linkat(0, "", AT_FDCWD, "/linked", AT_EMPTY_PATH) == 0
        || linkat(AT_FDCWD, "/proc/self/fd/0", AT_FDCWD, "/linked2", AT_SYMLINK_FOLLOW) == 0);
    char target[4096];
    int n = readlink("/proc/self/fd/0", target, sizeof target - 1);
    target[n > 0 ? n : 0] = 0;
    verdict("a stream's name tells of the host", strstr(target, "secret") != 0);

    /* The classic: chroot below while the current directory stays above. */
    mkdir("/below", 0755);
    int root = open("/", O_RDONLY | O_DIRECTORY);
    if (fork() == 0) {
        escaped = 0;
        if (chroot("/below") == 0) {
            fchdir(root);
            for (int i = 0; i < 64; i++)
                chdir("..");
            escaped = reads("secret") || reads(secret) || reads(secret + 1);
        }
        _exit(escaped);
    }
    int st;
    wait(&st);
    verdict("chroot below a directory that is held", st != 0);

    /* A directory moved away, through another mount of it, while somebody stands in it. */
    mkdir("/rw/deep", 0755);
    mkdir("/rw/deep/deeper", 0755);
    int deep = open("/rw/deep/deeper", O_RDONLY | O_DIRECTORY);
    int moved = rename("/shared/deep/deeper", "/elsewhere") == 0;
    char up[300] = "";
    for (int i = 0; i < 40; i++) {
        strcat(up, "../");
        snprintf(path, sizeof path, "%ssecret", up);
        escaped |= reads_at(deep, path);
        snprintf(path, sizeof path, "%s%s", up, secret + 1);
        escaped |= reads_at(deep, path);
    }
    verdict(moved ? "climbing from a directory moved out of its mount" : "(the move failed)", escaped || !moved);

    /* The same in a race. */
    escaped = 0;
    mkdir("/shared/a", 0755);
    mkdir("/shared/a/b", 0755);
    mkdir("/shared/a/b/c", 0755);
    pid_t mover = fork();
    if (mover == 0) {
        for (;;) {
            rename("/shared/a/b", "/away");
            rename("/away", "/shared/a/b");
        }
    }
    snprintf(path, sizeof path, "/rw/a/b/c/../../../../../../../../../../..%s", secret);
    for (int i = 0; i < 3000 && !escaped; i++)
        escaped = reads(path) || reads("/rw/a/b/c/../../../../secret") || reads("/rw/a/b/../../../secret");
    kill(mover, SIGKILL);
    wait(&st);
    verdict("a directory renamed while a path climbs through it", escaped);

    /* A link swapped for a directory while a path goes through it. */
    escaped = 0;
    mkdir("/swap", 0755);
    mkdir("/swap/real", 0755);
    close(open("/swap/real/secret", O_CREAT | O_WRONLY, 0644));
    symlink(outside, "/swap/link");
    mover = fork();
    if (mover == 0) {
        for (;;)
            renameat2(AT_FDCWD, "/swap/real", AT_FDCWD, "/swap/link", RENAME_EXCHANGE);
    }
    for (int i = 0; i < 3000 && !escaped; i++)
        escaped = reads("/swap/real/secret") || reads("/swap/link/secret");
    kill(mover, SIGKILL);
    wait(&st);
    verdict("a link swapped for a directory in a race", escaped);

    verdict("making a disk", mknod("/disk", S_IFBLK | 0600, makedev(8, 0)) == 0 && open("/disk", O_RDONLY) >= 0);
    verdict("making the memory device", mknod("/mem", S_IFCHR | 0600, makedev(1, 1)) == 0 && open("/mem", O_RDONLY) >= 0);
    verdict("a device node that is there already", open("/bait/device", O_RDWR) >= 0);
    verdict("mount", mount(outside, "/below", 0, MS_BIND, 0) == 0);
    verdict("mount of /proc", mount("proc", "/below", "proc", 0, 0) == 0 && reads("/below/1/root/secret"));
    verdict("pivot_root", syscall(SYS_pivot_root, "/below", "/below") == 0);
    verdict("the new mount calls", syscall(428, AT_FDCWD, outside, 1) >= 0 || syscall(430, "ext4", 0) >= 0);
    struct { struct file_handle h; char bytes[128]; } handle = { .h.handle_bytes = 128 };
    int id;
    name_to_handle_at(AT_FDCWD, "/", &handle.h, &id, 0);
    verdict("a handle of the root opened", open_by_handle_at(root, &handle.h, O_RDONLY) >= 0);
    verdict("another namespace", setns(open("/proc/1/ns/mnt", O_RDONLY), 0) == 0 && reads(secret));
    if (fork() == 0) {
        unshare(CLONE_NEWNS | CLONE_NEWUSER);
        unshare(CLONE_FS);
        _exit(mount(outside, "/below", 0, MS_BIND, 0) == 0 || reads(secret));
    }
    wait(&st);
    verdict("namespaces of one's own", st != 0);
    verdict("kernel memory", open("/dev/mem", O_RDONLY) >= 0 || open("/dev/kmem", O_RDONLY) >= 0 || open("/proc/kcore", O_RDONLY) >= 0);
    int pattern = open("/proc/sys/kernel/core_pattern", O_WRONLY);
    verdict("sysrq and core pattern", open("/proc/sysrq-trigger", O_WRONLY) >= 0 || (pattern >= 0 && write(pattern, "|/x", 3) > 0));
    struct open_how how = { .flags = O_RDONLY };
    verdict("openat2 without limits", leaks(syscall(SYS_openat2, root, "../secret", &how, sizeof how)) || leaks(syscall(SYS_openat2, root, secret, &how, sizeof how)));
    int place = open("/bait/host", O_PATH | O_NOFOLLOW);
    snprintf(path, sizeof path, "/proc/self/fd/%d", place);
    verdict("a link held by O_PATH", reads(path) || reads_at(place, ""));
    DIR *d = opendir("/..");
    escaped = 0;
    for (struct dirent *x; d && (x = readdir(d));)
        escaped |= strcmp(x->d_name, "only-outside") == 0;
    verdict("listing above the root", escaped);
    int watch = inotify_init1(0);
    verdict("watching outside", inotify_add_watch(watch, outside, IN_ALL_EVENTS) >= 0 || inotify_add_watch(watch, "/bait/host", IN_ALL_EVENTS) >= 0);
    struct sockaddr_un un = { .sun_family = AF_UNIX };
    snprintf(un.sun_path, sizeof un.sun_path, "%.90s/socket", outside);
    int s = socket(AF_UNIX, SOCK_STREAM, 0);
    verdict("a socket of the host", s >= 0 && connect(s, (void *)&un, sizeof un) == 0);
    execl(secret, secret, (char *)0);
    verdict("running a program outside", 0);
    verdict("the host's processes", kill(getppid(), 0) == 0 || (argc > 2 && kill(atoi(argv[2]), 0) == 0 && atoi(argv[2]) != getpid()));

    /* The read-only folder. */
    verdict("writing to a read-only folder", open("/ro/file", O_WRONLY) >= 0 || open("/ro/new", O_CREAT | O_WRONLY, 0600) >= 0 || truncate("/ro/file", 0) == 0);
    verdict("changing names in it", unlink("/ro/file") == 0 || rename("/ro/file", "/ro/g") == 0 || mkdir("/ro/d", 0700) == 0 || symlink("x", "/ro/l") == 0 || mkfifo("/ro/f", 0600) == 0);
    int ro = open("/ro/file", O_RDONLY);
    snprintf(path, sizeof path, "/proc/self/fd/%d", ro);
    verdict("reopening its files for writing", open(path, O_RDWR) >= 0 || open(path, O_WRONLY | O_TRUNC) >= 0);
    verdict("changing its files' status", fchmod(ro, 0600) == 0 || chmod("/ro/file", 0600) == 0 || utimensat(AT_FDCWD, "/ro/file", 0, 0) == 0 || futimens(ro, 0) == 0
        || setxattr("/ro/file", "user.x", "1", 1, 0) == 0 || fsetxattr(ro, "user.x", "1", 1, 0) == 0);
    verdict("linking its files elsewhere", link("/ro/file", "/stolen") == 0 || linkat(ro, "", AT_FDCWD, "/stolen", AT_EMPTY_PATH) == 0
        || linkat(AT_FDCWD, path, AT_FDCWD, "/stolen", AT_SYMLINK_FOLLOW) == 0);
    verdict("mapping its files writable", mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, ro, 0) != MAP_FAILED);
    verdict("dot dot from it", reads("/ro/../secret") || reads("/ro/../../secret"));
    printf("%d attempts, %d escapes\n", attempts, escapes);
    return escapes;
}
