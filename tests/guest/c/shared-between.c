// What processes share: record locks with deadlock, release at exit, shared memory through fork, SEM_UNDO, queues, FIFOs that wait, pipes full both ways.
// expect-status: 42
// expect-output: child sees lock of parent 1
// expect-output: waited for lock 1
// expect-output: lock released by exit: UNLCK
// expect-output: deadlock: EDEADLK
// expect-output: fork does not inherit locks: EAGAIN
// expect-output: shared counter 2000, attached 1
// expect-output: undone 3, last by child 1
// expect-output: semaphore ping-pong 500
// expect-output: message from child: 7 hello
// expect-output: queue removed under a waiter: EIDRM
// expect-output: fifo: through fifo
// expect-output: open of fifo interrupted: EINTR
// expect-output: megabyte through pipe 1048576 sum ok
// expect-output: flock across processes 1
// expect-output: eventfd from child 41
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>
#include "asleep.h"

static void nothing(int s) {}

static const char *e(long r)
{
    return r >= 0 ? "ok" : errno == EAGAIN ? "EAGAIN" : errno == EDEADLK ? "EDEADLK" : errno == EIDRM ? "EIDRM" : errno == EINTR ? "EINTR" : strerror(errno);
}

static int lock(int fd, int cmd, int type, off_t start, off_t len)
{
    struct flock l = { .l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = len };
    return fcntl(fd, cmd, &l);
}

int main(void)
{
    setvbuf(stdout, 0, _IOLBF, 0);
    char name[] = "/tmp/sharedXXXXXX";
    int f = mkstemp(name), st;
    volatile int *let_go = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    lock(f, F_SETLK, F_WRLCK, 0, 10);
    pid_t c = fork();
    if (c == 0) {
        struct flock l = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
        fcntl(f, F_GETLK, &l);
        printf("child sees lock of parent %d\n", l.l_type == F_WRLCK && l.l_pid == getppid() && l.l_len == 10);
        lock(f, F_SETLKW, F_WRLCK, 5, 1);
        printf("waited for lock %d\n", *let_go);
        _exit(0);
    }
    await_sleep(c);
    *let_go = 1;
    lock(f, F_SETLK, F_UNLCK, 0, 0);
    waitpid(c, &st, 0);
    struct flock l = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
    fcntl(f, F_GETLK, &l);
    printf("lock released by exit: %s\n", l.l_type == F_UNLCK ? "UNLCK" : "held");
    // The parent holds 0 and the child 1; each wants the other's.
    lock(f, F_SETLK, F_WRLCK, 0, 1);
    int ready[2];
    pipe(ready);
    c = fork();
    if (c == 0) {
        lock(f, F_SETLK, F_WRLCK, 1, 1);
        write(ready[1], "x", 1);
        lock(f, F_SETLKW, F_WRLCK, 0, 1);
        _exit(0);
    }
    char x;
    read(ready[0], &x, 1);
    await_sleep(c);
    printf("deadlock: %s\n", e(lock(f, F_SETLKW, F_WRLCK, 1, 1)));
    lock(f, F_SETLK, F_UNLCK, 0, 0);
    waitpid(c, &st, 0);
    lock(f, F_SETLK, F_WRLCK, 0, 1);
    c = fork();
    if (c == 0) {
        printf("fork does not inherit locks: %s\n", e(lock(f, F_SETLK, F_WRLCK, 0, 1)));
        _exit(0);
    }
    waitpid(c, &st, 0);

    int shm = shmget(IPC_PRIVATE, 4096, 0600), sem = semget(IPC_PRIVATE, 2, 0600), q = msgget(IPC_PRIVATE, 0600);
    int *n = shmat(shm, 0, 0);
    semctl(sem, 0, SETVAL, 1);
    struct sembuf down = { 0, -1, 0 }, up = { 0, 1, 0 };
    c = fork();
    for (int i = 0; i < 1000; i++) {
        semop(sem, &down, 1);
        int v = *(volatile int *)n;
        *(volatile int *)n = v + 1;
        semop(sem, &up, 1);
    }
    if (c == 0)
        _exit(0);
    waitpid(c, &st, 0);
    struct shmid_ds d;
    shmctl(shm, IPC_STAT, &d);
    printf("shared counter %d, attached %d\n", *n, (int)d.shm_nattch);
    semctl(sem, 0, SETVAL, 3);
    c = fork();
    if (c == 0) {
        struct sembuf u = { 0, -2, SEM_UNDO };
        semop(sem, &u, 1);
        _exit(0);
    }
    waitpid(c, &st, 0);
    printf("undone %d, last by child %d\n", semctl(sem, 0, GETVAL), semctl(sem, 0, GETPID) == c);
    semctl(sem, 0, SETVAL, 0);
    semctl(sem, 1, SETVAL, 0);
    c = fork();
    int rounds = 0;
    for (int i = 0; i < 500; i++, rounds++) {
        struct sembuf give = { c == 0, 1, 0 }, take = { c != 0, -1, 0 };
        semop(sem, &give, 1);
        semop(sem, &take, 1);
    }
    if (c == 0)
        _exit(0);
    waitpid(c, &st, 0);
    printf("semaphore ping-pong %d\n", rounds);
    struct { long type; char text[32]; } m;
    c = fork();
    if (c == 0) {
        await_sleep(getppid());
        m.type = 7;
        strcpy(m.text, "hello");
        msgsnd(q, &m, 6, 0);
        _exit(0);
    }
    msgrcv(q, &m, 32, 7, 0);
    printf("message from child: %ld %s\n", m.type, m.text);
    waitpid(c, &st, 0);
    c = fork();
    if (c == 0) {
        await_sleep(getppid());
        msgctl(q, IPC_RMID, 0);
        _exit(0);
    }
    printf("queue removed under a waiter: %s\n", e(msgrcv(q, &m, 32, 0, 0)));
    waitpid(c, &st, 0);
    shmctl(shm, IPC_RMID, 0);
    semctl(sem, 0, IPC_RMID);

    char fifo[64];
    snprintf(fifo, sizeof fifo, "%s.fifo", name);
    mkfifo(fifo, 0600);
    c = fork();
    if (c == 0) {
        await_sleep(getppid());
        int w = open(fifo, O_WRONLY);
        write(w, "through fifo", 12);
        _exit(0);
    }
    int r = open(fifo, O_RDONLY);
    char b[100] = "";
    read(r, b, 99);
    printf("fifo: %s\n", b);
    close(r);
    waitpid(c, &st, 0);
    struct sigaction sa = { .sa_handler = nothing };
    sigaction(SIGALRM, &sa, 0);
    struct itimerval t = { { 0, 20000 }, { 0, 20000 } };
    setitimer(ITIMER_REAL, &t, 0);
    printf("open of fifo interrupted: %s\n", e(open(fifo, O_WRONLY)));
    setitimer(ITIMER_REAL, &(struct itimerval){ 0 }, 0);
    unlink(fifo);

    int p[2];
    pipe(p);
    c = fork();
    if (c == 0) {
        static unsigned char data[1 << 20];
        for (int i = 0; i < 1 << 20; i++)
            data[i] = i * 7 >> 3;
        write(p[1], data, sizeof data);
        _exit(0);
    }
    close(p[1]);
    long total = 0, got, good = 1;
    unsigned char piece[5000];
    while ((got = read(p[0], piece, sizeof piece)) > 0) {
        for (int i = 0; i < got; i++)
            good &= piece[i] == (unsigned char)((total + i) * 7 >> 3);
        total += got;
    }
    waitpid(c, &st, 0);
    printf("megabyte through pipe %ld sum %s\n", total, good ? "ok" : "wrong");
    int g = open(name, O_RDWR);
    flock(g, LOCK_EX);
    c = fork();
    if (c == 0) {
        int h = open(name, O_RDWR);
        int busy = flock(h, LOCK_EX | LOCK_NB) < 0;
        flock(h, LOCK_EX);
        _exit(busy);
    }
    await_sleep(c);
    flock(g, LOCK_UN);
    waitpid(c, &st, 0);
    printf("flock across processes %d\n", WEXITSTATUS(st));
    int ev = eventfd(0, 0);
    c = fork();
    if (c == 0) {
        await_sleep(getppid());
        eventfd_write(ev, 41);
        _exit(0);
    }
    eventfd_t value;
    eventfd_read(ev, &value);
    printf("eventfd from child %d\n", (int)value);
    waitpid(c, &st, 0);
    unlink(name);
    return 42;
}
