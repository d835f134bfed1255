/* Scalar single precision and a data-dependent exit: points of the Mandelbrot set. Argument: width and height in points. */
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    (void)argc;
    int size = atoi(argv[1]);
    long inside = 0, total = 0;
    for (int py = 0; py < size; py++)
        for (int px = 0; px < size; px++) {
            float cx = 3.0f * (float)px / (float)size - 2.0f, cy = 2.0f * (float)py / (float)size - 1.0f;
            float x = 0, y = 0;
            int i = 0;
            while (i < 200 && x * x + y * y < 4.0f) {
                float t = x * x - y * y + cx;
                y = 2.0f * x * y + cy;
                x = t;
                i++;
            }
            inside += i == 200;
            total += i;
        }
    printf("%ld %ld\n", inside, total);
    return 0;
}
