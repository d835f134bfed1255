/* The C library's searches: strlen, strchr, strcmp, strstr over short and long strings. Argument: rounds. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS 2048
static char text[65536], copy[65536], words[WORDS][24];

int main(int argc, char **argv)
{
    (void)argc;
    unsigned long total = 0;
    for (size_t i = 0; i < sizeof text - 1; i++)
        copy[i] = text[i] = (char)('a' + i % 23);
    memcpy(text + sizeof text - 8, "needle", 6);
    for (int i = 0; i < WORDS; i++)
        snprintf(words[i], sizeof words[i], "%.*s%d", i % 17, text, i * 7919 % WORDS);
    for (int rounds = atoi(argv[1]); rounds > 0; rounds--) {
        for (int i = 0; i < WORDS; i++) {
            total += strlen(words[i]) + (strchr(words[i], '7') != NULL);
            total += strcmp(words[i], words[(i * 31 + rounds) % WORDS]) < 0;
        }
        total += strlen(text + rounds % 64) + (size_t)(strchr(text, 'n' + 256 * (rounds & 1)) - text);
        total += (size_t)(strstr(text + rounds % 64, "needle") - text) + (size_t)(strrchr(copy, 'k') - copy);
    }
    printf("%lu\n", total);
    return 0;
}
