// Which routine a program chooses by CPUID: through the compiler's tests, and through clones that the dynamic linker resolves.
#include <stdio.h>

// A fused multiplication and addition shows the rounding error of the product; two operations show 0.
__attribute__((target_clones("default", "sse4.2", "fma"), noinline))
double product_error(double x, double y, double product)
{
    return x * y - product;
}

static const char *baseline(void) { return "baseline"; }
static const char *with_sse42(void) { return "sse4.2"; }
static const char *with_avx2(void) { return "avx2"; }
static const char *with_avx512(void) { return "avx512f"; }

static const char *(*resolve_chosen(void))(void)
{
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f"))
        return with_avx512;
    if (__builtin_cpu_supports("avx2"))
        return with_avx2;
    return __builtin_cpu_supports("sse4.2") ? with_sse42 : baseline;
}

const char *chosen(void) __attribute__((ifunc("resolve_chosen")));

#define TELL(feature) printf(" %s=%d", feature, !!__builtin_cpu_supports(feature))

int main(void)
{
    volatile double x = 1.1, y = 1.3;
    __builtin_cpu_init();
    printf("chosen %s, product %s\n", chosen(), product_error(x, y, x * y) == 0 ? "rounded" : "fused");
    printf("levels");
#if __GNUC__ >= 12
    TELL("x86-64");
    TELL("x86-64-v2");
    TELL("x86-64-v3");
    TELL("x86-64-v4");
#endif
    printf("\nfeatures");
    TELL("sse3");
    TELL("ssse3");
    TELL("sse4.1");
    TELL("sse4.2");
    TELL("popcnt");
    TELL("avx");
    TELL("avx2");
    TELL("fma");
    TELL("bmi");
    TELL("bmi2");
    TELL("aes");
    TELL("pclmul");
    TELL("gfni");
    TELL("vpclmulqdq");
    TELL("avx512f");
    printf("\n");
    return 0;
}
