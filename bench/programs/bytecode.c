/* An interpreter with a computed goto for each instruction: it counts Collatz steps. Argument: up to which number. */
#include <stdio.h>
#include <stdlib.h>

enum op { LOAD, MOVE, ADD, HALVE, TRIPLE, ODD, LESS, JUMP, JUMP_IF, HALT };
struct code {
    enum op op;
    int a, b;
};

/* r0: number, r1: its successor in the chain, r2: all steps, r3: limit, r4: condition, r5: one. */
static struct code program[] = {
    {LOAD, 0, 1}, {LOAD, 2, 0}, {LOAD, 5, 1},
    {MOVE, 1, 0},                               /* 3: each number */
    {MOVE, 4, 5}, {LESS, 4, 1}, {JUMP_IF, 4, 8}, {JUMP, 0, 15},
    {ADD, 2, 5}, {ODD, 4, 1}, {JUMP_IF, 4, 13}, /* 8: each step */
    {HALVE, 1, 0}, {JUMP, 0, 4},
    {TRIPLE, 1, 0}, {JUMP, 0, 4},
    {ADD, 0, 5}, {MOVE, 4, 0}, {LESS, 4, 3}, {JUMP_IF, 4, 3}, {HALT, 0, 0},
};

static long run(const struct code *code, long limit)
{
    static const void *const labels[] = {&&load, &&move, &&add, &&halve, &&triple, &&odd, &&less, &&jump, &&jump_if, &&halt};
    long r[6] = {[3] = limit};
    const struct code *c = code;
#define NEXT goto *labels[c->op]
    NEXT;
load: r[c->a] = c->b; c++; NEXT;
move: r[c->a] = r[c->b]; c++; NEXT;
add: r[c->a] += r[c->b]; c++; NEXT;
halve: r[c->a] >>= 1; c++; NEXT;
triple: r[c->a] = 3 * r[c->a] + 1; c++; NEXT;
odd: r[c->a] = r[c->b] & 1; c++; NEXT;
less: r[c->a] = r[c->a] < r[c->b]; c++; NEXT;
jump: c = code + c->b; NEXT;
jump_if: c = r[c->a] ? code + c->b : c + 1; NEXT;
halt: return r[2];
}

int main(int argc, char **argv)
{
    (void)argc;
    printf("%ld\n", run(program, atol(argv[1])));
    return 0;
}
