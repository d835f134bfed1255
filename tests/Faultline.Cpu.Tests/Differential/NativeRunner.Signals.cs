using System.Runtime.InteropServices;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Faultline.Cpu.Tests.Differential;

// Exceptions of the case become signals; the handler is generated code as well, since the thread's registers are the guest's.
internal sealed unsafe partial class NativeRunner
{
    private const int SigactionSize = 152;
    private const int SigactionFlags = 136;

    /// <summary>SA_SIGINFO | SA_ONSTACK: RSP is the guest's, so the frame must not go there.</summary>
    private const int HandlerFlags = 0x08000004;

    /// <summary>Where struct ucontext keeps general register n in uc_mcontext.gregs (sys/ucontext.h).</summary>
    private static int Greg(int number) => 40 + 8 * number;

    /// <summary>
    /// The signal handler: notes vector, RIP, CR2 and error code, and makes the thread continue in the epilogue with every register as it was. A
    /// signal that is not ours (another thread, or no case running) goes to the runtime's own handler.
    /// </summary>
    private static void AssembleHandler(Assembler a)
    {
        const int rip = 16, err = 19, trapno = 20, cr2 = 22;
        Label chain = a.CreateLabel();
        a.cmp(__dword_ptr[RunningAt], 0);
        a.je(chain);
        a.mov(rax, __qword_ptr.fs[0]);
        a.cmp(rax, __qword_ptr[ThreadAt]);
        a.jne(chain);
        foreach ((int from, int to) in new[]
        {
            (rip, MachineState.TrapRipOffset), (err, MachineState.TrapErrorOffset), (trapno, MachineState.TrapOffset), (cr2, MachineState.TrapAddressOffset),
        })
        {
            a.mov(rcx, __qword_ptr[rdx + Greg(from)]);
            a.mov(__qword_ptr[StateAt + to], rcx);
        }
        a.mov(rcx, __qword_ptr[EpilogueAt]);
        a.mov(__qword_ptr[rdx + Greg(rip)], rcx);
        a.ret();
        a.Label(ref chain);
        a.mov(eax, edi);
        a.jmp(__qword_ptr[rax * 8 + OldHandlersAt]);
    }

    private static void InstallHandlers(ulong handler)
    {
        byte* old = stackalloc byte[SigactionSize];
        byte* action = stackalloc byte[SigactionSize];
        // SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGSEGV
        foreach (int signal in (ReadOnlySpan<int>)[4, 5, 7, 8, 11])
        {
            Assert.Equal(0, SignalAction(signal, null, old));
            *(ulong*)(OldHandlersAt + 8 * signal) = *(ulong*)old;
            Buffer.MemoryCopy(old, action, SigactionSize, SigactionSize);
            *(ulong*)action = handler;
            *(int*)(action + SigactionFlags) = HandlerFlags;
            Assert.Equal(0, SignalAction(signal, action, null));
        }
    }

    [LibraryImport("libc", EntryPoint = "sigaction")]
    private static partial int SignalAction(int signal, void* action, void* old);
}
