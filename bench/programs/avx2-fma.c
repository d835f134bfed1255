/* 256-bit floating point: multiplication of 384 by 384 matrices of double with broadcasts and fused multiply-adds. Argument: rounds. */
#include <immintrin.h>
#include <stdio.h>
#include <stdlib.h>

#define N 384
static double a[N][N] __attribute__((aligned(32))), b[N][N] __attribute__((aligned(32))), c[N][N] __attribute__((aligned(32)));

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
            for (int j = 0; j < N; j += 16) {
                __m256d s[4] = {_mm256_setzero_pd(), _mm256_setzero_pd(), _mm256_setzero_pd(), _mm256_setzero_pd()};
                for (int k = 0; k < N; k++) {
                    __m256d left = _mm256_broadcast_sd(&a[i][k]);
                    for (int l = 0; l < 4; l++)
                        s[l] = _mm256_fmadd_pd(left, _mm256_load_pd(&b[k][j + 4 * l]), s[l]);
                }
                for (int l = 0; l < 4; l++)
                    _mm256_store_pd(&c[i][j + 4 * l], s[l]);
            }
        for (int i = 0; i < N; i++) {
            trace += c[i][i];
            a[i][i] = rounds;
        }
    }
    printf("%.17g\n", trace);
    return 0;
}
