// _Unwind_Backtrace through ordinary frames and through a signal frame; cleanups run by _Unwind_ForcedUnwind.
// build-options: -fexceptions -fasynchronous-unwind-tables -fno-optimize-sibling-calls -O0
// expect-status: 42
// expect-output: plain: three two one main
// expect-output: signal: handler fault main
// expect-output: cleanup 2
// expect-output: cleanup 1
// expect-output: stopped in main
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unwind.h>

int main(void);
static void one(void), two(void), three(void), handler(int), fault(void), middle(int), start(void);
static jmp_buf out;
static const struct { void *at; const char *name; } names[] =
    { { one, "one" }, { two, "two" }, { three, "three" }, { handler, "handler" }, { fault, "fault" }, { main, "main" } };

static _Unwind_Reason_Code visit(struct _Unwind_Context *context, void *unused)
{
    void *function = _Unwind_FindEnclosingFunction((void *)(_Unwind_GetIP(context) - 1));
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].at == function)
            printf(" %s", names[i].name);
    return function == (void *)main ? _URC_NORMAL_STOP : _URC_NO_REASON;
}

static void three(void) { printf("plain:"); _Unwind_Backtrace(visit, 0); printf("\n"); }
static void two(void) { three(); }
static void one(void) { two(); }
static void handler(int sig) { printf("signal:"); _Unwind_Backtrace(visit, 0); printf("\n"); longjmp(out, 1); }
static void fault(void) { *(volatile int *)0x10 = 1; }

static void cleanup(int *n) { printf("cleanup %d\n", *n); }
static _Unwind_Reason_Code stop(int version, _Unwind_Action actions, _Unwind_Exception_Class c, struct _Unwind_Exception *e, struct _Unwind_Context *context, void *p)
{
    if (_Unwind_FindEnclosingFunction((void *)(_Unwind_GetIP(context) - 1)) == (void *)main)
    {
        printf("stopped in main\n");
        longjmp(out, 2);
    }
    return _URC_NO_REASON;
}
static void start(void)
{
    static struct _Unwind_Exception e;
    _Unwind_ForcedUnwind(&e, stop, 0);
    abort();
}
static void middle(int n)
{
    __attribute__((cleanup(cleanup))) int mine = n;
    if (n == 2)
        start();
    else
        middle(n + 1);
}

int main(void)
{
    one();
    signal(SIGSEGV, handler);
    if (!setjmp(out))
        fault();
    if (!setjmp(out))
        middle(1);
    return 42;
}
