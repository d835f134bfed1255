// The part of a small purgatory that compilers see: it sums up regions of memory and compares with what the loader stored.
typedef unsigned long word;

struct region
{
    word start, length;
};

struct region purgatory_sha_regions[16] __attribute__((section(".kexec-purgatory")));
unsigned char purgatory_sha256_digest[32] __attribute__((section(".kexec-purgatory")));

static const word mix[8] = { 0x9e37, 0x79b9, 0x7f4a, 0x7c15, 0xf39c, 0xc060, 0x5ced, 0xc834 };
static word state[4];

__attribute__((noinline)) static void add(const unsigned char *bytes, word length)
{
    for (word i = 0; i < length; i++)
        state[i & 3] = (state[i & 3] ^ bytes[i]) * mix[i & 7];
}

__attribute__((noinline)) static int matches(const unsigned char *expected)
{
    const unsigned char *actual = (const unsigned char *)state;
    for (int i = 0; i < 32; i++)
        if (actual[i] != expected[i])
            return 0;
    return 1;
}

int verify_regions(void)
{
    for (int i = 0; i < 16; i++)
        add((const unsigned char *)purgatory_sha_regions[i].start, purgatory_sha_regions[i].length);
    return matches(purgatory_sha256_digest) ? 0 : 1;
}
