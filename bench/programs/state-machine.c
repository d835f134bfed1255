/* A switch for each byte: a scanner of words, numbers, strings and comments over 1 MiB of made-up source text. Argument: rounds. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define N (1 << 20)
static char text[N];

enum state { BLANK, WORD, NUMBER, FRACTION, STRING, ESCAPE, SLASH, COMMENT, STATES };

int main(int argc, char **argv)
{
    (void)argc;
    static const char letters[] = "abcxyz_019.57 \n\t\"\\/+-*(){};,=<>etaoin  ";
    unsigned long seen[STATES] = {0}, tokens = 0;
    uint32_t x = 1;
    for (int i = 0; i < N; i++) {
        x = x * 1664525u + 1013904223u;
        text[i] = letters[(x >> 16) % (sizeof letters - 1)];
    }
    for (int rounds = atoi(argv[1]); rounds > 0; rounds--) {
        enum state state = BLANK;
        for (int i = 0; i < N; i++) {
            char c = text[i];
            switch (state) {
            case STRING:
                state = c == '\\' ? ESCAPE : c == '"' || c == '\n' ? BLANK : STRING;
                break;
            case ESCAPE:
                state = STRING;
                break;
            case COMMENT:
                state = c == '\n' ? BLANK : COMMENT;
                break;
            case SLASH:
                if (c == '/') {
                    state = COMMENT;
                    break;
                }
                /* fall through */
            case BLANK:
            start:
                tokens++;
                switch (c) {
                case ' ': case '\t': case '\n':
                    tokens--;
                    state = BLANK;
                    break;
                case '"':
                    state = STRING;
                    break;
                case '/':
                    state = SLASH;
                    break;
                case '0' ... '9':
                    state = NUMBER;
                    break;
                case 'a' ... 'z': case '_':
                    state = WORD;
                    break;
                default:
                    state = BLANK;
                }
                break;
            case NUMBER:
                if (c == '.') {
                    state = FRACTION;
                    break;
                }
                /* fall through */
            case FRACTION:
                if (c >= '0' && c <= '9')
                    break;
                goto start;
            default:
                if ((c >= 'a' && c <= 'z') || c == '_' || (c >= '0' && c <= '9'))
                    break;
                goto start;
            }
            seen[state]++;
        }
    }
    printf("%lu", tokens);
    for (int i = 0; i < STATES; i++)
        printf(" %lu", seen[i]);
    printf("\n");
    return 0;
}
