// AT_HWCAP is EDX of CPUID leaf 1. The C library replaces it in getauxval, so the vector is read as the kernel left it.
// expect-status: 42
// expect-output: agree 1
#include <cpuid.h>
#include <elf.h>
#include <stdio.h>

int main(void)
{
    unsigned a, b, c, d;
    unsigned long entry[2], capabilities = 0;
    FILE *vector = fopen("/proc/self/auxv", "rb");
    while (fread(entry, sizeof entry, 1, vector) == 1)
        if (entry[0] == AT_HWCAP)
            capabilities = entry[1];
    __get_cpuid(1, &a, &b, &c, &d);
    printf("agree %d\n", capabilities == d);
    return 42;
}
