// What the programs wait for instead of a time: that a thread sleeps in the kernel, or that something has come true.
#pragma once
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

// A test that waits longer than this for what must come has failed, however loaded the machine is.
#define PATIENCE_MS 30000

static void rest(int ms) { struct timespec t = {ms / 1000, ms % 1000 * 1000000L}; while (nanosleep(&t, &t)) ; }

// The state letter of a thread (proc(5)); '-' when there is none.
static char state_of(pid_t pid, pid_t tid)
{
    char name[64], text[512];
    snprintf(name, sizeof name, "/proc/%d/task/%d/stat", pid, tid);
    int fd = open(name, O_RDONLY);
    if (fd < 0)
        return '-';
    ssize_t n = read(fd, text, sizeof text - 1);
    close(fd);
    text[n > 0 ? n : 0] = 0;
    char *p = strrchr(text, ')');
    return p ? p[2] : '-';
}

// Waits until a thread is in a state, and returns whether it is.
static int await_state_of(pid_t pid, pid_t tid, char wanted)
{
    for (int i = 0; i < PATIENCE_MS; i++) {
        if (state_of(pid, tid) == wanted)
            return 1;
        rest(1);
    }
    return 0;
}

// Waits until the first thread of a process sleeps in a call that signals interrupt.
static int await_sleep(pid_t pid) { return await_state_of(pid, pid, 'S'); }

// Waits until a condition holds; evaluates it again and again.
#define AWAIT(condition) for (int awaited = 0; awaited < PATIENCE_MS && !(condition); awaited++) rest(1)
