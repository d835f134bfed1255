/* Scalar floating point with loads: multiplication of 320 by 320 matrices of double. Argument: rounds. */
#include <stdio.h>
#include <stdlib.h>

#define N 320
static double a[N][N], b[N][N], c[N][N];

int main(int argc, char **argv)
{
    (void)argc;
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            a[i][j] = (double)(i + 1) / (j + 1);
            b[i][j] = (double)(j + 1) / (i + 2);
        }
    double trace = 0;
    for (int rounds = atoi(argv[1]); rounds > 0; rounds--) {
        for (int i = 0; i < N; i++)
            for (int j = 0; j < N; j++) {
                double s = 0;
                for (int k = 0; k < N; k++)
                    s += a[i][k] * b[k][j];
                c[i][j] = s;
            }
        for (int i = 0; i < N; i++) {
            trace += c[i][i];
            a[i][i] = rounds;
        }
    }
    printf("%.17g\n", trace);
    return 0;
}
