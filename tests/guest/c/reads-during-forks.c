// What system calls store in a page while another thread forks, and stores in that page too: none of it may be lost to the copy of the page.
// build-options: -pthread
// expect-status: 42
// expect-output: pipe: 0 lost, socket: 0 lost, status: 0 lost
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FORKS = 150 };

// All in one page, as the small objects of an allocator are.
static struct {
    volatile long touched;
    volatile uint32_t read, received;
    struct stat status;
} shared __attribute__((aligned(4096)));
static atomic_int stop;

static void *touch(void *unused)
{
    while (!stop)
        shared.touched++;
    return 0;
}

static void *reads(void *unused)
{
    int ends[2];
    long lost = 0;
    if (pipe(ends))
        return (void *)-1L;
    for (uint32_t i = 1; !stop; i++) {
        shared.read = 0;
        if (write(ends[1], &i, sizeof i) != sizeof i || read(ends[0], (void *)&shared.read, sizeof i) != sizeof i)
            return (void *)-1L;
        lost += shared.read != i;
    }
    return (void *)lost;
}

static void *receives(void *unused)
{
    int ends[2];
    long lost = 0;
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends))
        return (void *)-1L;
    for (uint32_t i = 1; !stop; i++) {
        shared.received = 0;
        if (send(ends[1], &i, sizeof i, 0) != sizeof i || recv(ends[0], (void *)&shared.received, sizeof i, 0) != sizeof i)
            return (void *)-1L;
        lost += shared.received != i;
    }
    return (void *)lost;
}

static void *looks(void *unused)
{
    long lost = 0;
    while (!stop) {
        shared.status.st_mode = 0;
        if (stat("/", &shared.status))
            return (void *)-1L;
        lost += !S_ISDIR(((volatile struct stat *)&shared.status)->st_mode);
    }
    return (void *)lost;
}

int main(void)
{
    static void *(*const all[])(void *) = { reads, receives, looks, touch };
    pthread_t threads[4];
    void *lost[4];
    for (int i = 0; i < 4; i++)
        pthread_create(&threads[i], 0, all[i], 0);
    for (int i = 0; i < FORKS; i++) {
        pid_t child = fork();
        if (child == 0)
            _exit(0);
        shared.touched++;
        waitpid(child, 0, 0);
    }
    stop = 1;
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], &lost[i]);
    printf("pipe: %ld lost, socket: %ld lost, status: %ld lost\n", (long)lost[0], (long)lost[1], (long)lost[2]);
    return 42;
}
