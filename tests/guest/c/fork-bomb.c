// A fork bomb that RLIMIT_NPROC holds: every process forks until it gets EAGAIN. Not to be run as root, whom the limit does not hold; the argument is the limit.
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static void *returns(void *arg) { return arg; }

int main(int argc, char **argv)
{
    long limit = argc > 1 ? atol(argv[1]) : 100;
    struct { volatile int born, refused, other; } *shared = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    struct rlimit r = {limit, limit};
    setrlimit(RLIMIT_NPROC, &r);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    int end[2];
    char c;
    pipe(end);
    pid_t main = getpid();
    // The bomb: nobody ends before the first refusal of each.
    for (;;)
    {
        pid_t pid = fork();
        if (pid == 0)
        {
            __sync_fetch_and_add(&shared->born, 1);
            continue;
        }
        if (pid > 0)
            continue;
        __sync_fetch_and_add(errno == EAGAIN ? &shared->refused : &shared->other, 1);
        break;
    }
    if (getpid() != main)
    {
        close(end[1]);
        read(end[0], &c, 1);
        _exit(0);
    }
    // All of them have been refused; a thread is refused likewise.
    while (shared->refused <= shared->born)
        usleep(1000);
    pthread_t t;
    int thread = pthread_create(&t, 0, returns, 0);
    printf("held: %d processes, others refused with EAGAIN %d, a thread %s\n", shared->born + 1 <= limit, shared->other == 0, thread == EAGAIN ? "EAGAIN" : "made");
    close(end[1]);
    int n = 0;
    while (waitpid(-1, 0, 0) > 0)
        n++;
    fflush(stdout);
    pid_t again = fork();
    if (again == 0)
        _exit(0);
    printf("ended: all %d, a process can be made again: %d\n", n == shared->born, again > 0);
    return 0;
}
