// /proc/self/exe, maps and cmdline as the program can check them itself.
// expect-status: 42
// expect-output: exe 1
// expect-output: cmdline 1
// expect-output: text r-xp 1
// expect-output: stack rw-p 1
// expect-output: new mapping 1
// expect-output: after munmap 0
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static int find(void *address, const char *rights)
{
    FILE *f = fopen("/proc/self/maps", "r");
    char line[4400], r[8];
    unsigned long from, to;
    int found = 0;
    while (fgets(line, sizeof line, f))
        if (sscanf(line, "%lx-%lx %4s", &from, &to, r) == 3 && (unsigned long)address >= from && (unsigned long)address < to)
            found = !strcmp(r, rights);
    fclose(f);
    return found;
}

int main(int argc, char **argv)
{
    char exe[4096] = "", line[4096] = "";
    readlink("/proc/self/exe", exe, sizeof exe - 1);
    printf("exe %d\n", !strcmp(exe, argv[0]));
    int fd = open("/proc/self/cmdline", O_RDONLY);
    long n = read(fd, line, sizeof line);
    printf("cmdline %d\n", n == (long)strlen(argv[0]) + 1 && !strcmp(line, argv[0]));
    printf("text r-xp %d\n", find(main, "r-xp"));
    printf("stack rw-p %d\n", find(&fd, "rw-p"));
    void *p = mmap(0, 8192, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    printf("new mapping %d\n", find(p, "r--p"));
    munmap(p, 8192);
    printf("after munmap %d\n", find(p, "r--p"));
    return 42;
}
