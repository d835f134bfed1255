using System.Runtime.CompilerServices;
using Faultline.Cpu.Interpreter.Handlers;
using Faultline.Cpu.Profiling;
using Faultline.Cpu.Semantics;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;
using Faultline.Memory;

namespace Faultline.Cpu.Interpreter;

/// <summary>The interpreter's loop: finds or decodes the block at RIP, runs operations until one returns null, and turns faults into exits.</summary>
internal static unsafe class Dispatcher
{
    /// <summary>
    /// Instructions executed at most before the dispatcher is back, some microseconds: translated regions hand over to each other without it, and a chain of tail calls
    /// never comes to a point where the garbage collector can stop the thread.
    /// </summary>
    private const long Slice = 20_000;

    /// <summary>Runs until an exit and returns its reason; the state is exact then.</summary>
    public static ExitReason Run(CpuState* s, CodeCache code, AddressSpaceUser user)
    {
        s->LinkFrom = null;
        code.TakeChanges();
        while (true)
        {
            Operation* first = code.Find(s);
            // Whoever decodes, builds or takes over code may have waited, and let other threads change what is about to be run: then their changes come first.
            if (first is not null && (Volatile.Read(ref s->InterruptRequested) & Interrupts.Pass) == 0)
            {
                if (s->MustInterpret != 0)
                {
                    s->MustInterpret = 0;
                    first = CodeCache.WithoutHead(first);
                }
                s->LeftFrom = null;
                code.ForgetWindow(s);
                Execute(s, first);
            }

            if (s->Exit != ExitReason.None)
                return s->Exit;
            if (s->InterruptRequested != 0 || s->CodeChanged != 0)
            {
                s->CodeChanged = 0;
                int requested = Interlocked.Exchange(ref s->InterruptRequested, 0);
                if ((requested & Interrupts.Pass) != 0)
                {
                    // What is found from here on is from after the change; links to code that has changed lead back here.
                    s->LinkFrom = null;
                    code.TakeChanges();
                    s->CodeChanged = 0;
                    user.Pass();
                }
                code.InstallTranslations();
                if ((requested & Interrupts.Stop) != 0)
                    return s->Exit = ExitReason.Interrupted;
            }
            if (s->Budget <= 0)
            {
                if (s->LeftFrom is not null)
                    code.Translations?.FuelSpent(s->LeftFrom->Rip, s->Rip);
                code.Translations?.TakeShared();
                if (!TakeSlice(s))
                    return s->Exit = ExitReason.BudgetSpent;
            }
        }
    }

    /// <summary>Moves what may be executed until the dispatcher is back from the reserve to the budget.</summary>
    /// <remarks>
    /// That differs from time to time by up to a fifth, as a hash of what is left has it: where control is when the fuel runs out is what regions are joined by, and in a loop that would otherwise
    /// be the same place every time.
    /// </remarks>
    /// <returns>False when nothing is left.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TakeSlice(CpuState* s)
    {
        long left = s->Budget + s->Reserve;
        s->Budget = Math.Min(left, Slice - (long)((ulong)left * 0x9E37_79B9_7F4A_7C15 >> 52));
        s->Reserve = left - s->Budget;
        return left > 0;
    }

    private static void Execute(CpuState* s, Operation* first)
    {
        Operation* op = first;
        try
        {
            do
            {
                s->Raising = op;
                op = op->Handler(s, op);
            }
            while (op is not null);
        }
        catch (GuestFaultException)
        {
            // The fault's details are in the state. The faulting instruction did not execute: RIP goes back to it.
            if (op->Count == 0 && op->Displacement == Profile.Translated)
                ProfiledEdges.Raise(s);
            op = s->Raising;
            s->Rip = op->Rip;
            s->Budget -= op->Count - 1;
            s->LinkFrom = null;
            if (s->Exit == ExitReason.GeneralProtection && s->ExitAddress != 0)
            {
                // A non-canonical address: #SS where the stack segment was meant (SDM vol. 1, 3.3.7.1), and neither exception tells the address.
                if ((op->Flags & OperationFlags.StackSegment) != 0)
                    s->Exit = ExitReason.StackFault;
                s->ExitAddress = 0;
            }
        }
    }
}
