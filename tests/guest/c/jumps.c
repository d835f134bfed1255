// setjmp and longjmp, out of handlers too; getcontext, makecontext and swapcontext as coroutines.
// build-options: -static
// expect-status: 42
// expect-output: setjmp 0 5 9
// expect-output: handler 11
// expect-output: blocked 0
// expect-output: a0 b0 a1 b1 a2 b2 end
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <ucontext.h>

static jmp_buf plain;
static sigjmp_buf saved;
static ucontext_t home, a, b;
static char stacks[2][65536];

static void deep(int n) { if (n) deep(n - 1); else longjmp(plain, 9); __asm__ volatile("" ::: "memory"); }
static void fault(int sig) { siglongjmp(saved, sig); }
static void run(const char *name, ucontext_t *self, ucontext_t *other)
{
    for (int i = 0; i < 3; i++)
    {
        printf("%s%d ", name, i);
        swapcontext(self, other);
    }
}
static void first(void) { run("a", &a, &b); }
static void second(void) { run("b", &b, &a); }

int main(void)
{
    volatile int stage = 0;
    switch (setjmp(plain))
    {
    case 0: printf("setjmp 0"); stage = 1; longjmp(plain, 5);
    case 5: printf(" 5"); stage++; deep(100);
    case 9: printf(" 9\n"); break;
    }
    signal(SIGSEGV, fault);
    int sig = sigsetjmp(saved, 1);
    if (!sig)
        *(volatile int *)8 = stage;
    printf("handler %d\n", sig);
    sigset_t now;
    sigprocmask(SIG_BLOCK, 0, &now);
    printf("blocked %d\n", sigismember(&now, SIGSEGV));
    getcontext(&a);
    a.uc_stack.ss_sp = stacks[0], a.uc_stack.ss_size = sizeof stacks[0], a.uc_link = &home;
    makecontext(&a, first, 0);
    getcontext(&b);
    b.uc_stack.ss_sp = stacks[1], b.uc_stack.ss_size = sizeof stacks[1], b.uc_link = &home;
    makecontext(&b, second, 0);
    swapcontext(&home, &a);
    puts("end");
    return 42;
}
