using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Faultline.Cpu.State;
using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Signals;
using Faultline.Linux.Syscalls;
using Faultline.Memory;

namespace Faultline.Linux.Kernel;

// The run loop: guest code until an exit, then a system call or a signal (arch/x86/entry, arch/x86/kernel/traps.c, arch/x86/mm/fault.c).
internal sealed unsafe partial class Task
{
    /// <summary>Vectors of exceptions (SDM vol. 3, table 6-1), as sigcontext's trapno.</summary>
    private enum Vector
    {
        DE = 0,
        DB = 1,
        BP = 3,
        OF = 4,
        UD = 6,
        SS = 12,
        GP = 13,
        PF = 14,
        MF = 16,
        AC = 17,
        XM = 19,
    }

    private const uint PageFaultPresent = 1;
    private const uint PageFaultWrite = 2;
    private const uint PageFaultFetch = 16;

    /// <summary>IA32_SYSCALL_VECTOR: the gate of 32-bit system calls.</summary>
    private const uint CompatVector = 0x80;

    private string _explanation = "";

    /// <summary>Runs guest code until the thread ends.</summary>
    public void Run()
    {
        MakeCurrent();
        BeginTimes();
        long began = Stopwatch.GetTimestamp();
        while (!Process.IsExiting && !_isEnding && !MustEnd)
        {
            ExitReason reason = Cpu.Run();
            if (reason == ExitReason.SystemCall)
                SystemCall();
            else if (reason == ExitReason.SoftwareInterrupt && Cpu.State->ExitAddress == CompatVector)
                CompatSystemCall();
            else
                Exception(reason);
            if (Volatile.Read(ref _attention) != 0 || _mustReturnSlowly)
            {
                _mustReturnSlowly = false;
                ReturnToUser();
            }
        }
        Kernel.Statistics.AddThreadTime(Stopwatch.GetElapsedTime(began));
        Kernel.Statistics.AddSyscalls(SystemCallsMade);
        SystemCallsMade = 0;
    }

    /// <summary>The last call ended in a restart code, which only the way back to guest code can resolve.</summary>
    private bool _mustReturnSlowly;

    /// <summary>The present system call came through INT 80h (in_32bit_syscall): i386 numbers, memory below 4 GiB.</summary>
    public bool IsCompatCall { get; private set; }

    /// <summary>Whether the trace last showed a 32-bit call.</summary>
    public bool TracedMode { get; set; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SystemCall()
    {
        ulong* r = Cpu.State->Gpr;
        OriginalRax = (long)r[0];
        IsCompatCall = false;
        // Linux takes the number as an int (do_syscall_64).
        SystemCall(new SyscallArguments((int)r[0], r[7], r[6], r[2], r[10], r[8], r[9]));
    }

    /// <summary>
    /// INT 80h: number and arguments in the low halves of RAX, RBX, RCX, RDX, RSI, RDI, RBP. The result takes the whole of RAX, and no other
    /// register changes (do_int80_emulation).
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void CompatSystemCall()
    {
        ulong* r = Cpu.State->Gpr;
        OriginalRax = (uint)r[0];
        IsCompatCall = true;
        SystemCall(new SyscallArguments((int)r[0], (uint)r[3], (uint)r[1], (uint)r[2], (uint)r[6], (uint)r[7], (uint)r[5]));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SystemCall(in SyscallArguments arguments)
    {
        long result = Dispatcher.Invoke(this, arguments);
        // execve has replaced the processor.
        Cpu.State->Gpr[0] = (ulong)result;
        if (result is <= -Errno.ERESTARTSYS and >= -Errno.ERESTART_RESTARTBLOCK || _restoreMask)
            _mustReturnSlowly = true;
        else if (Volatile.Read(ref _attention) == 0)
            OriginalRax = -1;
    }

    private void Exception(ExitReason reason)
    {
        CpuState* s = Cpu.State;
        OriginalRax = -1;
        switch (reason)
        {
            case ExitReason.Interrupted:
            case ExitReason.BudgetSpent:
                break;
            case ExitReason.PageFault:
                PageFault(s->ExitAddress, s->ExitCode);
                break;
            case ExitReason.BusError:
                PageFault(s->ExitAddress, s->ExitCode);
                break;
            case ExitReason.GeneralProtection:
                Trap(Vector.GP, s->ExitCode);
                Fault(Sig.SIGSEGV, Sig.SI_KERNEL, 0);
                break;
            case ExitReason.StackFault:
                Trap(Vector.SS, s->ExitCode);
                Fault(Sig.SIGBUS, Sig.SI_KERNEL, 0);
                break;
            case ExitReason.DivideError:
                Trap(Vector.DE, 0);
                Fault(Sig.SIGFPE, Sig.FPE_INTDIV, s->Rip);
                break;
            case ExitReason.InvalidOpcode:
                Trap(Vector.UD, 0);
                Fault(Sig.SIGILL, Sig.ILL_ILLOPN, s->Rip);
                break;
            case ExitReason.Breakpoint:
                Trap(Vector.BP, 0);
                Fault(Sig.SIGTRAP, Sig.SI_KERNEL, 0);
                break;
            case ExitReason.Debug:
                Trap(Vector.DB, 0);
                // INT1 says TRAP_BRKPT, a single step TRAP_TRACE.
                Fault(Sig.SIGTRAP, (s->Rflags & Rflags.TF) != 0 ? Sig.TRAP_TRACE : Sig.TRAP_BRKPT, s->Rip);
                break;
            case ExitReason.FloatingPoint:
                Trap(Vector.MF, 0);
                FloatingFault(~s->X87Control & s->X87Status & 0x3F);
                break;
            case ExitReason.SimdFloatingPoint:
                Trap(Vector.XM, 0);
                FloatingFault((int)(~(s->Mxcsr >> 7) & s->Mxcsr & 0x3F));
                break;
            case ExitReason.AlignmentCheck:
                Trap(Vector.AC, 0);
                Fault(Sig.SIGBUS, Sig.BUS_ADRALN, 0);
                break;
            case ExitReason.SoftwareInterrupt:
                // INT 4, whose gate is the user's like INTO's (exc_overflow).
                Trap(Vector.OF, 0);
                Fault(Sig.SIGSEGV, Sig.SI_KERNEL, 0);
                break;
            case ExitReason.OutOfMemory:
                _explanation = "the host has no memory left";
                Force(new Siginfo { si_signo = Sig.SIGKILL, si_code = Sig.SI_KERNEL });
                break;
            default:
                throw new InvalidOperationException($"the processor stopped for an unknown reason, {reason}");
        }
    }

    /// <summary>
    /// What counts is how the address is mapped now: another thread may have changed that since the access, and then it is made again (do_user_addr_fault looks the mapping up anew too).
    /// </summary>
    private void PageFault(ulong address, uint code)
    {
        AddressSpace space = Process.Mm.Space;
        MemoryAccess access = (code & PageFaultFetch) != 0 ? MemoryAccess.Execute : (code & PageFaultWrite) != 0 ? MemoryAccess.Write : MemoryAccess.Read;
        _ = space.Resolve(address, access, out MemoryFault fault);
        switch (fault)
        {
            case MemoryFault.None:
                break;
            case MemoryFault.BeyondObject:
                RecordPageFault(address, code & ~PageFaultPresent);
                Fault(Sig.SIGBUS, Sig.BUS_ADRERR, address);
                break;
            case MemoryFault.OutOfMemory:
                Exception(ExitReason.OutOfMemory);
                break;
            default:
                // The page counts as present only when it has been touched, and never without access: Linux clears the present bit of PROT_NONE pages.
                bool isPresent = fault == MemoryFault.Protection && space.Find(address) is { } mapping && mapping.Protection != PageProtection.None && space.IsPresent(address);
                RecordPageFault(address, isPresent ? code | PageFaultPresent : code & ~PageFaultPresent);
                Fault(Sig.SIGSEGV, fault == MemoryFault.Protection ? Sig.SEGV_ACCERR : Sig.SEGV_MAPERR, address);
                break;
        }
    }

    private void RecordPageFault(ulong address, uint code)
    {
        // Above the user's half the page's presence is not told (set_signal_archinfo).
        Trap(Vector.PF, address >= Mm.MemoryLayout.TaskSize ? code | PageFaultPresent : code);
        Cr2 = address;
    }

    private void FloatingFault(int exceptions)
    {
        int code = (exceptions & 1) != 0 ? Sig.FPE_FLTINV
            : (exceptions & 4) != 0 ? Sig.FPE_FLTDIV
            : (exceptions & 8) != 0 ? Sig.FPE_FLTOVF
            : (exceptions & 0x12) != 0 ? Sig.FPE_FLTUND
            : (exceptions & 0x20) != 0 ? Sig.FPE_FLTRES
            : 0;
        // Nothing unmasked by now: Linux lets the program go on.
        if (code != 0)
            Fault(Sig.SIGFPE, code, Cpu.State->Rip);
    }

    private void Trap(Vector vector, uint code)
    {
        TrapNumber = (ulong)vector;
        ErrorCode = code;
    }

    [SuppressMessage("Performance", "CA1822", Justification = "signals are the task's")]
    private void Fault(int signal, int code, ulong address) => Force(new Siginfo { si_signo = signal, si_code = code, si_addr = address });
}
