// Where threads may run and how: the set of processors is kept, inherited by threads, children and new programs, and shown; restartable sequences are
// told of a move. The parent is a process like another. Groups are set by whoever may; a directory of /proc stands for its process.
// build-options: -pthread
// expect-status: 42
// expect-output: set 0, reads back 1, runs there 1, sequence area says so 1
// expect-output: status shows it 1
// expect-output: child 1, thread 1, program 1
// expect-output: of a thread 0, told there 1, of the process unchanged 1
// expect-output: nothing present EINVAL, no mask EINVAL, nobody ESRCH, bad address EFAULT
// expect-output: all again 0, reads back 1
// expect-output: parent: policy 0, parameters 0, set 1
// expect-output: groups 1
// expect-output: directory 0, caught 1, of a thread EBADF, as a place EBADF, of another 0, ended by 10, of the past ESRCH
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/rseq.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static cpu_set_t all, one;
static int last;

static const char *e(long r)
{
    return r >= 0 ? "ok" : strerrorname_np(errno);
}

static int same(pid_t pid, const cpu_set_t *set)
{
    cpu_set_t now;
    CPU_ZERO(&now);
    return sched_getaffinity(pid, sizeof now, &now) == 0 && CPU_EQUAL(&now, set);
}

// The processor as the C library's own restartable sequence area has it.
static unsigned area(void)
{
    struct rseq *r = (struct rseq *)((char *)__builtin_thread_pointer() + __rseq_offset);
    return ((volatile struct rseq *)r)->cpu_id;
}

static void *inherits(void *unused) { return (void *)(long)(same(0, &one) && area() == (unsigned)last && sched_getcpu() == last); }

static volatile int spinning, moved, told;
static void *spins(void *id)
{
    *(int *)id = gettid();
    spinning = 1;
    while (!moved || area() != (unsigned)last)
        ;
    told = same(0, &one);
    return 0;
}

static int status_shows(void)
{
    char line[512], wanted[64];
    int found = 0;
    FILE *f = fopen("/proc/self/status", "r");
    sprintf(wanted, "Cpus_allowed_list:\t%d\n", last);
    while (fgets(line, sizeof line, f))
        found |= !strcmp(line, wanted);
    fclose(f);
    return found;
}

static volatile int caught;
static void on_signal(int s) { caught = s; }

static int send_to(int fd, int s) { return syscall(SYS_pidfd_send_signal, fd, s, 0, 0); }

int main(int argc, char **argv)
{
    sched_getaffinity(0, sizeof all, &all);
    for (int i = 0; i < CPU_SETSIZE; i++)
        if (CPU_ISSET(i, &all))
            last = i;
    CPU_ZERO(&one);
    CPU_SET(last, &one);
    if (argc > 1)
        return CPU_COUNT(&all) == 1 && last == atoi(argv[1]) && sched_getcpu() == last && area() == (unsigned)last ? 7 : 8;

    int r = sched_setaffinity(0, sizeof one, &one);
    printf("set %d, reads back %d, ", r, same(0, &one));
    printf("runs there %d, sequence area says so %d\n", sched_getcpu() == last, area() == (unsigned)last);
    printf("status shows it %d\n", status_shows());

    int status;
    void *inside;
    pid_t child = fork();
    if (child == 0)
        _exit(inherits(0) ? 5 : 6);
    waitpid(child, &status, 0);
    pthread_t thread;
    pthread_create(&thread, 0, inherits, 0);
    pthread_join(thread, &inside);
    int ran;
    if ((child = fork()) == 0) {
        char number[16];
        sprintf(number, "%d", last);
        execl("/proc/self/exe", "scheduling", number, (char *)0);
        _exit(1);
    }
    waitpid(child, &ran, 0);
    printf("child %d, thread %d, program %d\n", WEXITSTATUS(status) == 5, (int)(long)inside, WEXITSTATUS(ran) == 7);

    sched_setaffinity(0, sizeof all, &all);
    int id;
    pthread_create(&thread, 0, spins, &id);
    while (!spinning)
        ;
    r = sched_setaffinity(id, sizeof one, &one);
    moved = 1;
    pthread_join(thread, 0);
    printf("of a thread %d, told there %d, of the process unchanged %d\n", r, told, same(0, &all));

    cpu_set_t none, far;
    CPU_ZERO(&none);
    CPU_ZERO(&far);
    CPU_SET(1000, &far);
    printf("nothing present %s, ", e(sched_setaffinity(0, sizeof far, &far)));
    printf("no mask %s, ", e(syscall(SYS_sched_setaffinity, 0, 0, &none)));
    printf("nobody %s, ", e(sched_setaffinity(4194303, sizeof all, &all)));
    printf("bad address %s\n", e(syscall(SYS_sched_setaffinity, 0, 8, (void *)8)));
    r = sched_setaffinity(0, sizeof all, &all);
    printf("all again %d, reads back %d\n", r, same(0, &all));

    struct sched_param p = { -1 };
    int policy = sched_getscheduler(getppid());
    r = sched_getparam(getppid(), &p);
    CPU_ZERO(&none);
    printf("parent: policy %d, parameters %d, set %d\n", policy, r + p.sched_priority, sched_getaffinity(getppid(), sizeof none, &none) == 0 && CPU_COUNT(&none) > 0);

    gid_t groups[3] = { 5000, 12, 700 }, now[3];
    if (setgroups(3, groups) == 0)
        r = getgroups(3, now) == 3 && now[0] == 12 && now[1] == 700 && now[2] == 5000;
    else
        r = errno == EPERM && geteuid() != 0;
    printf("groups %d\n", r);

    signal(SIGUSR1, on_signal);
    char name[64];
    int directory = open("/proc/self", O_RDONLY | O_DIRECTORY);
    r = send_to(directory, SIGUSR1);
    printf("directory %d, caught %d, ", r, caught == SIGUSR1);
    sprintf(name, "/proc/self/task/%d", getpid());
    printf("of a thread %s, ", e(send_to(open(name, O_RDONLY | O_DIRECTORY), 0)));
    printf("as a place %s, ", e(send_to(open("/proc/self", O_PATH), 0)));
    signal(SIGUSR1, SIG_DFL);
    if ((child = fork()) == 0) {
        for (;;)
            pause();
    }
    sprintf(name, "/proc/%d", child);
    int other = open(name, O_RDONLY | O_DIRECTORY);
    r = send_to(other, SIGUSR1);
    waitpid(child, &status, 0);
    printf("of another %d, ended by %d, of the past %s\n", r, WTERMSIG(status), e(send_to(other, 0)));
    return 42;
}
