// A user program that dies in a chosen way: what the kernel logs about it.

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void (*volatile code)(void);

int main(int count, char **words)
{
    const char *way = count > 1 ? words[1] : "";
    if (strcmp(way, "read") == 0)
        return *(volatile int *)0x1234;
    if (strcmp(way, "write") == 0)
        *(volatile int *)"constant" = 1;
    if (strcmp(way, "exec") == 0)
    {
        code = (void (*)(void))mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        code();
    }
    if (strcmp(way, "zeros") == 0)
    {
        code = (void (*)(void))mmap(0, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        __asm__ volatile("xor %%eax, %%eax\n\tjmp *%0" : : "r"(code) : "rax");
    }
    if (strcmp(way, "general") == 0)
        return *(volatile int *)0x1122334455667788;
    if (strcmp(way, "privileged") == 0)
        __asm__ volatile("hlt");
    if (strcmp(way, "opcode") == 0)
        __asm__ volatile("ud2");
    if (strcmp(way, "divide") == 0)
        __asm__ volatile("xor %%ecx, %%ecx\n\tdivl %%ecx" : : : "rax", "rcx", "rdx");
    if (strcmp(way, "stack") == 0)
        __asm__ volatile("1:\tpush %rax\n\tjmp 1b");
    if (strcmp(way, "memory") == 0)
    {
        for (;;)
            memset(malloc(1 << 20), 'm', 1 << 20);
    }
    return 0;
}
