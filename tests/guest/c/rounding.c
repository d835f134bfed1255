// <fenv.h> over x87 and SSE at once: rounding modes, flags, traps, long double.
// expect-status: 42
// expect-output: 2 3 2 2
// expect-output: -2 -2 -3 -2
// expect-output: long double 0xa.aaaaaaaaaaaaaabp-5
// expect-output: flags 0 20 4 8 10 1
// expect-output: trap 8 code 3
// expect-output: fmod 0x1.99990496a099ap-4 remainder -0x1p+0
#define _GNU_SOURCE
#include <fenv.h>
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>

static sigjmp_buf out;
static volatile int code;
static void trap(int sig, siginfo_t *info, void *context) { code = info->si_code; siglongjmp(out, sig); }

int main(void)
{
    const int modes[] = { FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO };
    volatile double up = 2.4, one = 1, three = 3, zero = 0, huge = 1e300, tiny = 1e-300, x;
    volatile long double l = 1;
    for (int i = 0; i < 4; i++)
        fesetround(modes[i]), printf("%ld%c", lrint(up), i < 3 ? ' ' : '\n');
    for (int i = 0; i < 4; i++)
        fesetround(modes[i]), printf("%lld%c", llrintl(-(long double)up), i < 3 ? ' ' : '\n');
    fesetround(FE_TONEAREST);
    printf("long double %La\n", l / 3);
    feclearexcept(FE_ALL_EXCEPT), x = one + three, printf("flags %x", fetestexcept(FE_ALL_EXCEPT));
    feclearexcept(FE_ALL_EXCEPT), x = one / three, printf(" %x", fetestexcept(FE_ALL_EXCEPT));
    feclearexcept(FE_ALL_EXCEPT), x = one / zero, printf(" %x", fetestexcept(FE_ALL_EXCEPT));
    feclearexcept(FE_ALL_EXCEPT), x = huge * huge, printf(" %x", fetestexcept(FE_ALL_EXCEPT) & ~FE_INEXACT);
    feclearexcept(FE_ALL_EXCEPT), x = tiny * tiny, printf(" %x", fetestexcept(FE_ALL_EXCEPT) & ~FE_INEXACT);
    feclearexcept(FE_ALL_EXCEPT), x = zero / zero, printf(" %x\n", fetestexcept(FE_ALL_EXCEPT));
    struct sigaction sa = { .sa_sigaction = trap, .sa_flags = SA_SIGINFO };
    sigaction(SIGFPE, &sa, 0);
    int sig = sigsetjmp(out, 1);
    if (!sig)
    {
        feclearexcept(FE_ALL_EXCEPT);
        feenableexcept(FE_DIVBYZERO);
        x = one / zero;
    }
    printf("trap %d code %d\n", sig, code);
    fedisableexcept(FE_ALL_EXCEPT);
    volatile double big = 1e10, divisor = 0.1, five = 5;
    printf("fmod %a remainder %a\n", fmod(big, divisor), remainder(five, three));
    return 42;
}
