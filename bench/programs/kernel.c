// Loops of system calls: kernel KIND COUNT.
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static long count;
static volatile sig_atomic_t handled;
static int word;

static void on_signal(int signal) { (void)signal; handled++; }

static void hand_over(int mine, int next)
{
    while (__atomic_load_n(&word, __ATOMIC_ACQUIRE) != mine)
        syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, next, 0, 0, 0);
    __atomic_store_n(&word, next, __ATOMIC_RELEASE);
    syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1, 0, 0, 0);
}

static void *partner(void *unused)
{
    (void)unused;
    for (long i = 0; i < count; i++)
        hand_over(1, 0);
    return 0;
}

static int getpid_loop(void)
{
    long sum = 0;
    for (long i = 0; i < count; i++)
        sum += syscall(SYS_getpid) > 0;
    return sum == count;
}

static int read_loop(void)
{
    int fd = open("/dev/zero", O_RDONLY);
    long sum = 0;
    char buffer[64];
    for (long i = 0; i < count; i++)
        sum += read(fd, buffer, sizeof buffer);
    return sum == count * (long)sizeof buffer;
}

static int stat_loop(void)
{
    struct stat status;
    long sum = 0;
    for (long i = 0; i < count; i++)
        sum += stat("/usr/bin", &status) == 0;
    return sum == count;
}

static int mmap_loop(void)
{
    for (long i = 0; i < count; i++) {
        char *p = mmap(0, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        p[4096] = 1;
        munmap(p, 65536);
    }
    return 1;
}

static int signal_loop(void)
{
    signal(SIGUSR1, on_signal);
    for (long i = 0; i < count; i++)
        raise(SIGUSR1);
    return handled == count;
}

static int fault_loop(void)
{
    const long pages = 1024;
    char *p = mmap(0, pages * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (long i = 0; i < count; i++) {
        if (i % pages == 0)
            madvise(p, pages * 4096, MADV_DONTNEED);
        p[i % pages * 4096] = 1;
    }
    return 1;
}

static int futex_loop(void)
{
    pthread_t thread;
    pthread_create(&thread, 0, partner, 0);
    for (long i = 0; i < count; i++)
        hand_over(0, 1);
    pthread_join(thread, 0);
    return 1;
}

static int pipe_loop(void)
{
    int to[2], from[2];
    char byte = 0;
    if (pipe(to) || pipe(from))
        return 0;
    pid_t child = fork();
    if (child == 0) {
        for (long i = 0; i < count; i++)
            if (read(to[0], &byte, 1) != 1 || write(from[1], &byte, 1) != 1)
                _exit(1);
        _exit(0);
    }
    for (long i = 0; i < count; i++)
        if (write(to[1], &byte, 1) != 1 || read(from[0], &byte, 1) != 1)
            return 0;
    int status;
    waitpid(child, &status, 0);
    return status == 0;
}

int main(int argc, char **argv)
{
    static const struct { const char *name; int (*run)(void); } kinds[] = {
        { "getpid", getpid_loop }, { "read", read_loop }, { "stat", stat_loop }, { "mmap", mmap_loop }, { "signal", signal_loop },
        { "fault", fault_loop }, { "futex", futex_loop }, { "pipe", pipe_loop },
    };
    if (argc != 3)
        return 2;
    count = atol(argv[2]);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(argv[1], kinds[i].name) == 0) {
            int right = kinds[i].run();
            printf("%s %ld %s\n", argv[1], count, right ? "right" : "wrong");
            return !right;
        }
    }
    return 2;
}
