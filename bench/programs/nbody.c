/* Scalar floating point with divisions and square roots: five bodies under gravity. Argument: steps. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define N 5
struct body {
    double x[3], v[3], mass;
};

static struct body bodies[N] = {
    {{0, 0, 0}, {0, 0, 0}, 39.47},
    {{4.84, -1.16, -0.10}, {0.606, 2.811, -0.025}, 0.0377},
    {{8.34, 4.12, -0.40}, {-1.010, 1.825, 0.008}, 0.0113},
    {{12.89, -15.11, -0.22}, {1.082, 0.868, -0.010}, 0.0017},
    {{15.37, -25.91, 0.17}, {0.979, 0.594, -0.034}, 0.0020},
};

int main(int argc, char **argv)
{
    (void)argc;
    for (long steps = atol(argv[1]); steps > 0; steps--) {
        for (int i = 0; i < N; i++)
            for (int j = i + 1; j < N; j++) {
                double d[3], square = 0;
                for (int k = 0; k < 3; k++) {
                    d[k] = bodies[i].x[k] - bodies[j].x[k];
                    square += d[k] * d[k];
                }
                double scale = 0.001 / (square * sqrt(square));
                for (int k = 0; k < 3; k++) {
                    bodies[i].v[k] -= d[k] * bodies[j].mass * scale;
                    bodies[j].v[k] += d[k] * bodies[i].mass * scale;
                }
            }
        for (int i = 0; i < N; i++)
            for (int k = 0; k < 3; k++)
                bodies[i].x[k] += 0.001 * bodies[i].v[k];
    }
    for (int i = 0; i < N; i++)
        printf("%.17g %.17g %.17g\n", bodies[i].x[0], bodies[i].x[1], bodies[i].x[2]);
    return 0;
}
