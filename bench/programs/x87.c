/* 80-bit floating point: sums, products, quotients and roots of long double. Argument: rounds. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    (void)argc;
    long rounds = atol(argv[1]);
    long double harmonic = 0, product = 1, root = 0;
    for (long i = 1; i <= rounds; i++) {
        long double x = (long double)i;
        harmonic += 1.0L / x;
        product *= 1.0L + 1.0L / (x * x);
        if (i % 4 == 0)
            root += sqrtl(x) - (long double)(double)harmonic;
    }
    printf("%.21Lg %.21Lg %.21Lg\n", harmonic, product, root);
    return 0;
}
