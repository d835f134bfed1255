/* Indirect calls, as of virtual methods: shapes in random order, each with a table of functions. Argument: rounds over 4096 shapes. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

struct shape;
struct methods {
    long (*area)(const struct shape *);
    void (*grow)(struct shape *, long);
};
struct shape {
    const struct methods *methods;
    long width, height;
};

static long rectangle_area(const struct shape *s) { return s->width * s->height; }
static long triangle_area(const struct shape *s) { return s->width * s->height / 2; }
static long frame_area(const struct shape *s) { return 2 * (s->width + s->height); }
static long point_area(const struct shape *s) { (void)s; return 1; }
static void grow_width(struct shape *s, long by) { s->width = (s->width + by) & 0xfff; }
static void grow_height(struct shape *s, long by) { s->height = (s->height ^ by) & 0xfff; }

static const struct methods kinds[] = {
    {rectangle_area, grow_width}, {triangle_area, grow_height}, {frame_area, grow_width}, {point_area, grow_height},
};

#define N 4096
static struct shape shapes[N];

int main(int argc, char **argv)
{
    (void)argc;
    uint32_t x = 1;
    long total = 0;
    for (int i = 0; i < N; i++) {
        x = x * 1664525u + 1013904223u;
        shapes[i] = (struct shape){&kinds[x >> 30], (long)(x >> 8 & 0xff), (long)(x >> 16 & 0xff)};
    }
    for (int rounds = atoi(argv[1]); rounds > 0; rounds--)
        for (int i = 0; i < N; i++) {
            struct shape *s = &shapes[i];
            total += s->methods->area(s);
            s->methods->grow(s, total & 7);
        }
    printf("%ld\n", total);
    return 0;
}
