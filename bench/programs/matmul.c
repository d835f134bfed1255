/* Scalar floating point: matrix multiplication in double. */
#include <stdio.h>

#define N 320
static double a[N][N], b[N][N], c[N][N];

int main(void)
{
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            a[i][j] = (double)(i + 1) / (j + 1);
            b[i][j] = (double)(j + 1) / (i + 2);
        }
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            double s = 0;
            for (int k = 0; k < N; k++)
                s += a[i][k] * b[k][j];
            c[i][j] = s;
        }
    printf("%.17g\n", c[N / 2][N / 3]);
    return 0;
}
