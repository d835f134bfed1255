// Functions that are inlined into one another and structures in structures, for comparing what is read from their DWARF.
struct point { int x, y; };
union either { long whole; struct { short low, high; } half; };
struct shape
{
    const char *name;
    struct point corners[4];
    union either tag;
    struct shape *next;
};

volatile int sink;

static inline __attribute__((always_inline)) void innermost(int value)
{
    sink += value;
    sink ^= value << 3;
}

static inline __attribute__((always_inline)) void middle(const struct shape *shape, int index)
{
    innermost(shape->corners[index].x);
    innermost(shape->corners[index].y);
}

__attribute__((noinline)) int outer(const struct shape *shape)
{
    int count = 0;
    for (; shape; shape = shape->next)
    {
        for (int i = 0; i < 4; i++)
            middle(shape, i);
        count++;
    }
    return count;
}

__attribute__((noinline, cold)) int rarely(const struct shape *shape)
{
    middle(shape, 2);
    return outer(shape) + 1;
}

int main(int count, char **arguments)
{
    struct shape last = { arguments[0], { { 1, 2 }, { count, 4 } }, { 5 }, 0 };
    struct shape first = { "first", { { 7, 8 } }, { 9 }, &last };
    return count > 5 ? rarely(&first) : outer(&first);
}
