// Folders that end and come again under their old names: paths lead to the new one at once, whoever remembers the old one.
// expect-status: 42
// expect-output: made again: 300 of 300
// expect-output: below one that is made again: 300 of 300
// expect-output: replaced by a rename: 300 of 300
// expect-output: replaced by a link: 300 of 300
// expect-output: by another process: 300 of 300
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { Rounds = 300 };

static char top[] = "/tmp/faultline-folders-XXXXXX";
static char a[64], b[64], c[64];

/* Whether a file can be made in a folder, is there, and can be removed, twice over: so the folder is led to several times. */
static int serves(const char *folder)
{
    char file[96];
    struct stat status;
    snprintf(file, sizeof file, "%s/file", folder);
    for (int i = 0; i < 2; i++) {
        int handle = open(file, O_WRONLY | O_CREAT | O_EXCL, 0600);
        if (handle < 0 || write(handle, "text", 4) != 4 || close(handle) || stat(file, &status) || status.st_size != 4 || access(file, R_OK) || unlink(file))
            return 0;
    }
    return stat(file, &status) == -1 && errno == ENOENT;
}

static void say(const char *what, int good)
{
    printf("%s: %d of %d\n", what, good, Rounds);
}

int main(void)
{
    int good;
    if (!mkdtemp(top))
        return 1;
    snprintf(a, sizeof a, "%s/a", top);
    snprintf(b, sizeof b, "%s/a/b", top);
    snprintf(c, sizeof c, "%s/c", top);

    for (int i = good = 0; i < Rounds; i++)
        good += !mkdir(a, 0700) && serves(a) && !rmdir(a);
    say("made again", good);

    for (int i = good = 0; i < Rounds; i++)
        good += !mkdir(a, 0700) && !mkdir(b, 0700) && serves(b) && !rmdir(b) && !rmdir(a);
    say("below one that is made again", good);

    mkdir(a, 0700);
    for (int i = good = 0; i < Rounds; i++) {
        struct stat before, after;
        good += serves(a) && !mkdir(c, 0700) && !stat(c, &before) && !rename(c, a) && !stat(a, &after) && before.st_ino == after.st_ino && serves(a);
    }
    say("replaced by a rename", good);

    mkdir(c, 0700);
    for (int i = good = 0; i < Rounds; i++) {
        struct stat real, led;
        good += serves(a) && !rmdir(a) && !symlink(c, a) && serves(a) && !stat(c, &real) && !stat(a, &led) && real.st_ino == led.st_ino && !unlink(a) && !mkdir(a, 0700);
    }
    say("replaced by a link", good);

    for (int i = good = 0; i < Rounds; i++) {
        int status;
        if (!serves(a))
            continue;
        pid_t child = fork();
        if (child == 0)
            _exit(rmdir(a) || mkdir(a, 0700));
        good += waitpid(child, &status, 0) == child && status == 0 && serves(a);
    }
    say("by another process", good);

    rmdir(c);
    rmdir(a);
    return rmdir(top) ? 2 : 42;
}
