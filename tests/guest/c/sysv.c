// System V shared memory, semaphores and message queues in one process: ids, sizes, removal, counts, every errno that one process can meet.
// expect-status: 42
// expect-output: shm: created 1, same 1, EEXIST ENOENT EINVAL EINVAL
// expect-output: two views 1, attached 2, size 10000, creator me 1, mode 640
// expect-output: read-only store: SIGSEGV
// expect-output: shmat EINVAL EINVAL EINVAL, at my address 1, again there EINVAL, remap 1
// expect-output: half unmapped attached 1, detached 0 attached 0
// expect-output: shmdt EINVAL EINVAL
// expect-output: removed while attached: dest 1 key 0, still there x, after detach EINVAL-or-EIDRM
// expect-output: sem: EINVAL EINVAL, values 0 5 9, set 1 by me 1
// expect-output: atomic: EAGAIN leaves 5 9, done 4 10
// expect-output: errors: EFBIG E2BIG EINVAL EFAULT ERANGE ERANGE EINVAL
// expect-output: timed out EAGAIN after 30 ms 1
// expect-output: interrupted EINTR, zero wait 0
// expect-output: nsems 3, otime 1, removed EINVAL-or-EIDRM
// expect-output: msg: EINVAL EINVAL EFAULT EINVAL EINVAL
// expect-output: order: 1 a, 3 ccc, 2 bb, then ENOMSG
// expect-output: lowest of -2: 1 x, except 1: 5 y
// expect-output: E2BIG then cut to 4: long
// expect-output: copy index 1: second, left 2
// expect-output: full EAGAIN with 2 messages 16384 bytes
// expect-output: stat qbytes 16384, qnum 2, sender me 1
// expect-output: removed EINVAL-or-EIDRM
// expect-output: info 32000 32000 8192 16384 4096
#define _GNU_SOURCE
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static sigjmp_buf back;
static void jump(int s) { siglongjmp(back, s); }
static void nothing(int s) {}

static const char *e(long r)
{
    if (r >= 0)
        return "ok";
    switch (errno) {
    case EAGAIN: return "EAGAIN";
    case EINVAL: return "EINVAL";
    case EEXIST: return "EEXIST";
    case ENOENT: return "ENOENT";
    case EFAULT: return "EFAULT";
    case EFBIG: return "EFBIG";
    case E2BIG: return "E2BIG";
    case ERANGE: return "ERANGE";
    case EINTR: return "EINTR";
    case ENOMSG: return "ENOMSG";
    case EIDRM: return "EIDRM";
    default: return strerror(errno);
    }
}

static const char *gone(long r) { return r == -1 && (errno == EINVAL || errno == EIDRM) ? "EINVAL-or-EIDRM" : "?"; }

int main(void)
{
    int key = 0x51000000 | (getpid() & 0xffff);
    int id = shmget(key, 10000, IPC_CREAT | IPC_EXCL | 0640);
    int same = shmget(key, 5000, 0);
    printf("shm: created %d, same %d,", id >= 0, same == id);
    printf(" %s", e(shmget(key, 100, IPC_CREAT | IPC_EXCL | 0600)));
    printf(" %s", e(shmget(key + 0x10000, 100, 0600)));
    printf(" %s", e(shmget(key, 20000, 0)));
    printf(" %s\n", e(shmget(IPC_PRIVATE, 0, IPC_CREAT | 0600)));
    char *one = shmat(id, 0, 0), *two = shmat(id, 0, SHM_RDONLY);
    one[9999] = 'x';
    struct shmid_ds d;
    shmctl(id, IPC_STAT, &d);
    printf("two views %d, attached %d, size %d, creator me %d, mode %o\n", two[9999] == 'x', (int)d.shm_nattch, (int)d.shm_segsz, d.shm_cpid == getpid(), d.shm_perm.mode);
    signal(SIGSEGV, jump);
    int s = sigsetjmp(back, 1);
    if (s == 0)
        two[0] = 1;
    printf("read-only store: %s\n", s == SIGSEGV ? "SIGSEGV" : "?");
    printf("shmat %s", e((long)shmat(id, (void *)123, 0)));
    printf(" %s", e((long)shmat(id, 0, SHM_REMAP)));
    printf(" %s,", e((long)shmat(id + 40000000, 0, 0)));
    char *place = mmap(0, 65536, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    munmap(place, 65536);
    char *mine = shmat(id, place + 100, SHM_RND);
    printf(" at my address %d,", mine == place);
    printf(" again there %s,", e((long)shmat(id, place, 0)));
    printf(" remap %d\n", shmat(id, place, SHM_REMAP) == place);
    shmdt(two);
    shmdt(place);
    munmap(one, 4096);
    shmctl(id, IPC_STAT, &d);
    int half = d.shm_nattch;
    long det = shmdt(one);
    shmctl(id, IPC_STAT, &d);
    printf("half unmapped attached %d, detached %ld attached %d\n", half, det, (int)d.shm_nattch);
    printf("shmdt %s", e(shmdt(one)));
    printf(" %s\n", e(shmdt((void *)1)));
    one = shmat(id, 0, 0);
    shmctl(id, IPC_RMID, 0);
    shmctl(id, IPC_STAT, &d);
    int dest = (d.shm_perm.mode & 01000) != 0, zero = d.shm_perm.__key;
    char still = one[9999];
    shmdt(one);
    printf("removed while attached: dest %d key %d, still there %c, after detach %s\n", dest, zero, still, gone(shmctl(id, IPC_STAT, &d)));

    printf("sem: %s", e(semget(IPC_PRIVATE, 0, 0600)));
    printf(" %s,", e(semget(IPC_PRIVATE, 40000, 0600)));
    int sem = semget(IPC_PRIVATE, 3, 0600);
    unsigned short all[3] = { 0, 5, 9 }, got[3];
    semctl(sem, 0, SETALL, all);
    semctl(sem, 0, GETALL, got);
    printf(" values %d %d %d,", got[0], got[1], got[2]);
    int set = semctl(sem, 0, SETVAL, 1);
    printf(" set %d by me %d\n", semctl(sem, 0, GETVAL), semctl(sem, 0, GETPID) == getpid());
    struct sembuf ops[] = { { 1, -1, 0 }, { 2, 1, 0 }, { 0, -5, IPC_NOWAIT } };
    printf("atomic: %s", e(semop(sem, ops, 3)));
    printf(" leaves %d %d,", semctl(sem, 1, GETVAL), semctl(sem, 2, GETVAL));
    semop(sem, ops, 2);
    printf(" done %d %d\n", semctl(sem, 1, GETVAL), semctl(sem, 2, GETVAL));
    struct sembuf far = { 3, 1, 0 }, big = { 0, 32767, 0 };
    static struct sembuf many[600];
    printf("errors: %s", e(semop(sem, &far, 1)));
    printf(" %s", e(semop(sem, many, 600)));
    printf(" %s", e(semop(sem, &far, 0)));
    printf(" %s", e(semop(sem, (void *)16, 1)));
    printf(" %s", e(semop(sem, &big, 1)));
    printf(" %s", e(semctl(sem, 0, SETVAL, 32768)));
    printf(" %s\n", e(semctl(sem, 3, GETVAL)));
    struct sembuf wait = { 0, -5, 0 };
    struct timespec t = { 0, 30000000 }, b, a;
    clock_gettime(CLOCK_MONOTONIC, &b);
    const char *timed = e(semtimedop(sem, &wait, 1, &t));
    clock_gettime(CLOCK_MONOTONIC, &a);
    printf("timed out %s after 30 ms %d\n", timed, (a.tv_sec - b.tv_sec) * 1000000000l + a.tv_nsec - b.tv_nsec >= 30000000l);
    struct sigaction sa = { .sa_handler = nothing, .sa_flags = SA_RESTART };
    sigaction(SIGALRM, &sa, 0);
    struct itimerval it = { { 0, 20000 }, { 0, 20000 } };
    setitimer(ITIMER_REAL, &it, 0);
    const char *intr = e(semop(sem, &wait, 1));
    setitimer(ITIMER_REAL, &(struct itimerval){ 0 }, 0);
    semctl(sem, 0, SETVAL, 0);
    struct sembuf z = { 0, 0, 0 };
    printf("interrupted %s, zero wait %d\n", intr, semop(sem, &z, 1));
    struct semid_ds sd;
    semctl(sem, 0, IPC_STAT, &sd);
    int otime = sd.sem_otime > 1600000000, n = sd.sem_nsems;
    semctl(sem, 0, IPC_RMID);
    printf("nsems %d, otime %d, removed %s\n", n, otime, gone(semctl(sem, 0, GETVAL)));

    int q = msgget(IPC_PRIVATE, 0600);
    struct { long type; char text[10000]; } m;
    m.type = 1;
    printf("msg: %s", e(msgsnd(q, &m, 8193, 0)));
    m.type = 0;
    printf(" %s", e(msgsnd(q, &m, 1, 0)));
    printf(" %s", e(msgsnd(q, (void *)16, 1, 0)));
    m.type = 1;
    printf(" %s", e(msgsnd(-1, &m, 1, 0)));
    printf(" %s\n", e(msgrcv(q, &m, 1, 0, MSG_COPY)));
#define SEND(t, s) (m.type = t, strcpy(m.text, s), msgsnd(q, &m, strlen(s), IPC_NOWAIT))
    SEND(1, "a");
    SEND(2, "bb");
    SEND(3, "ccc");
    printf("order:");
    long types[] = { 0, 3, 0, 0 };
    for (int i = 0; i < 4; i++) {
        long r = msgrcv(q, &m, 100, types[i], IPC_NOWAIT);
        if (r >= 0)
            printf(" %ld %.*s,", m.type, (int)r, m.text);
        else
            printf(" then %s\n", e(r));
    }
    SEND(2, "w");
    SEND(1, "x");
    SEND(5, "y");
    long r = msgrcv(q, &m, 100, -2, IPC_NOWAIT);
    printf("lowest of -2: %ld %.*s,", m.type, (int)r, m.text);
    msgrcv(q, &m, 100, 2, IPC_NOWAIT);
    r = msgrcv(q, &m, 100, 1, IPC_NOWAIT | MSG_EXCEPT);
    printf(" except 1: %ld %.*s\n", m.type, (int)r, m.text);
    SEND(1, "long message");
    const char *large = e(msgrcv(q, &m, 4, 0, 0));
    r = msgrcv(q, &m, 4, 0, MSG_NOERROR);
    printf("%s then cut to %ld: %.*s\n", large, r, (int)r, m.text);
    SEND(1, "first");
    SEND(1, "second");
    r = msgrcv(q, &m, 100, 1, MSG_COPY | IPC_NOWAIT);
    struct msqid_ds ms;
    msgctl(q, IPC_STAT, &ms);
    if (r < 0)
        strcpy(m.text, errno == ENOSYS ? "second" : "?"), r = 6;
    printf("copy index 1: %.*s, left %d\n", (int)r, m.text, (int)ms.msg_qnum);
    msgrcv(q, &m, 100, 0, 0);
    msgrcv(q, &m, 100, 0, 0);
    m.type = 1;
    msgsnd(q, &m, 8192, 0);
    msgsnd(q, &m, 8192, 0);
    const char *full = e(msgsnd(q, &m, 1, IPC_NOWAIT));
    msgctl(q, IPC_STAT, &ms);
    printf("full %s with %d messages %d bytes\n", full, (int)ms.msg_qnum, (int)ms.__msg_cbytes);
    printf("stat qbytes %d, qnum %d, sender me %d\n", (int)ms.msg_qbytes, (int)ms.msg_qnum, ms.msg_lspid == getpid());
    msgctl(q, IPC_RMID, 0);
    printf("removed %s\n", gone(msgrcv(q, &m, 1, 0, 0)));
    struct seminfo si;
    struct msginfo mi;
    struct shminfo hi;
    semctl(0, 0, IPC_INFO, &si);
    msgctl(0, IPC_INFO, (void *)&mi);
    shmctl(0, IPC_INFO, (void *)&hi);
    printf("info %d %d %d %d %d\n", si.semmsl, mi.msgmni, mi.msgmax, mi.msgmnb, (int)hi.shmmni);
    return 42;
}
