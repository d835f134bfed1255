// Loops that the compiler turns into AVX2, FMA and BMI with -march=x86-64-v3; every bit of the results is printed.
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <math.h>
#include <immintrin.h>

enum { N = 1003 };
static double a[N], b[N], c[N];
static float f[N], g[N];
static uint32_t u[N], v[N];
static uint8_t bytes[N];

static uint64_t hash(const void *data, size_t size)
{
    uint64_t h = 0xcbf29ce484222325;
    for (size_t i = 0; i < size; i++)
        h = (h ^ ((const uint8_t *)data)[i]) * 0x100000001b3;
    return h;
}

static uint64_t bits(double x)
{
    uint64_t result;
    memcpy(&result, &x, sizeof result);
    return result;
}

// Its own function, outside the compiler's view: what runs once is not worth vectors to it.
__attribute__((noipa)) void work(void)
{
    uint32_t x = 1;
    for (int i = 0; i < N; i++) {
        x = x * 1664525 + 1013904223;
        a[i] = (int32_t)x / 3.0e8;
        b[i] = 1.0 / (i + 1);
        f[i] = (float)((int32_t)x >> 7) / 12345.0f;
        g[i] = (float)i - 500.25f;
        u[i] = x;
        bytes[i] = (uint8_t)(x >> 13);
    }
    double dot = 0, chain = 0.1;
    for (int i = 0; i < N; i++) {
        c[i] = a[i] * b[i] + c[(i * 7) % N];
        dot += a[i] * b[i];
        chain = chain * 0.9999 + a[i];
    }
    for (int i = 0; i < N; i++)
        f[i] = f[i] * g[i] - (g[i] > 0 ? f[i] : -f[i]);
    for (int i = 0; i < N; i++)
        v[i] = (u[i] >> (i & 31)) ^ (u[i] * 2654435761u) ^ (uint32_t)__builtin_popcount(u[i]) << 20;
    uint64_t total = 0;
    int longest = 0;
    for (int i = 0; i < N; i++) {
        total += bytes[i] > 100 ? bytes[i] : u[u[i] % N] & 0xff;
        longest += __builtin_clz(u[i] | 1) + __builtin_ctzll(((uint64_t)u[i] << 20) | 1ull << 50);
        v[i] = __builtin_bswap32(v[i]) & ~u[i];
    }
    // The product's rounding error, which one fused operation shows and two do not.
    double error = 0;
    for (int i = 1; i < N; i++)
        error += fma(a[i], b[i], -(a[i] * b[i]));
    printf("dot %016llx chain %016llx error %016llx\n", (unsigned long long)bits(dot), (unsigned long long)bits(chain), (unsigned long long)bits(error));
    printf("c %016llx f %016llx v %016llx\n", (unsigned long long)hash(c, sizeof c), (unsigned long long)hash(f, sizeof f), (unsigned long long)hash(v, sizeof v));
    printf("total %llu longest %d floor %016llx rint %016llx sqrt %016llx\n", (unsigned long long)total, longest,
        (unsigned long long)bits(floor(a[5])), (unsigned long long)bits(rint(a[6])), (unsigned long long)bits(sqrt(fabs(a[7]))));
}

// What the compiler does not find by itself: gathers, shuffles across lanes, variable shifts, masks, half precision, fused operations on vectors.
__attribute__((noipa)) void vectors(void)
{
    __m256i sum = _mm256_setzero_si256(), order = _mm256_set_epi32(3, 0, 7, 1, 6, 2, 5, 4);
    __m256 product = _mm256_set1_ps(0.75f);
    uint64_t masks = 0;
    for (int i = 0; i + 8 <= N; i += 8) {
        __m256i x = _mm256_loadu_si256((const __m256i *)(u + i));
        __m256i index = _mm256_and_si256(x, _mm256_set1_epi32(511));
        __m256i near = _mm256_i32gather_epi32((const int *)u, index, 4);
        __m256i shifted = _mm256_srlv_epi32(near, _mm256_and_si256(x, _mm256_set1_epi32(31)));
        __m256i mixed = _mm256_permutevar8x32_epi32(_mm256_shuffle_epi8(shifted, _mm256_set1_epi64x(0x0405060780030201)), order);
        sum = _mm256_add_epi64(sum, _mm256_mul_epu32(mixed, x));
        sum = _mm256_blendv_epi8(sum, _mm256_sad_epu8(mixed, x), _mm256_cmpgt_epi8(mixed, x));
        masks = masks * 31 + (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_maddubs_epi16(mixed, x), sum));
        __m256 y = _mm256_cvtph_ps(_mm256_cvtps_ph(_mm256_cvtepi32_ps(_mm256_srai_epi32(x, 18)), _MM_FROUND_TO_NEAREST_INT));
        product = _mm256_fmadd_ps(product, _mm256_set1_ps(0.503f), _mm256_fnmsub_ps(y, _mm256_set1_ps(0.001f), product));
        masks += _pext_u64(masks ^ u[i], 0x0ff00ff00ff00ff0) + _pdep_u32(u[i], 0x55555555) + _tzcnt_u32(u[i]) + _lzcnt_u32(u[i + 1]);
    }
    printf("sum %016llx masks %016llx product %016llx\n", (unsigned long long)hash(&sum, sizeof sum), (unsigned long long)masks,
        (unsigned long long)hash(&product, sizeof product));
}

int main(void)
{
    work();
    vectors();
    return 0;
}
