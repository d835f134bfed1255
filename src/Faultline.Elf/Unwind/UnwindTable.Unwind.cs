using System.Buffers.Binary;

namespace Faultline.Elf.Unwind;

/// <summary>One step up the stack.</summary>
internal sealed partial class UnwindTable
{
    /// <summary>RBX, RBP, RSP and R12 to R15: what a function must leave as it found it (psABI, "Registers").</summary>
    private const uint CalleeSaved = (1U << 3) | (1U << 6) | (1U << 7) | (0xfU << 12);

    /// <summary>Finds the registers of the caller of a frame.</summary>
    /// <param name="before">The frame's registers, with run-time addresses.</param>
    /// <param name="bias">Run-time address minus address in the table.</param>
    /// <param name="memory">The stack and whatever else the process has, at run-time addresses.</param>
    /// <param name="caller">The caller's registers; its RIP is a return address unless this frame was made by a signal.</param>
    /// <remarks>
    /// One step always ends. A hostile stack can make the steps go in circles, so that a backtrace must have a limit of its own.
    /// </remarks>
    public UnwindStatus Unwind(in RegisterSet before, ulong bias, IMemoryReader memory, out RegisterSet caller)
    {
        caller = default;
        ulong address = before.LookupPc - bias;
        UnwindStatus status = FindRow(address, out FrameEntry frame, out UnwindRow row);
        if (status != UnwindStatus.Unwound)
        {
            return status;
        }

        status = FindCfa(row, before, bias, memory, out ulong cfa);
        return status == UnwindStatus.Unwound ? Apply(row, frame.Common, before, bias, cfa, memory, out caller) : status;
    }

    /// <summary>As <see cref="Unwind"/>, when the reason for stopping does not matter.</summary>
    public bool TryUnwind(in RegisterSet before, ulong bias, IMemoryReader memory, out RegisterSet caller)
    {
        return Unwind(before, bias, memory, out caller) == UnwindStatus.Unwound;
    }

    /// <summary>
    /// Whether a frame is the code that a signal handler returns to (__restore_rt). Its RIP looks like a return address but no call precedes
    /// it, so that its symbol must be looked up at RIP itself rather than at <see cref="RegisterSet.LookupPc"/>.
    /// </summary>
    public bool IsSignalTrampoline(in RegisterSet frame, ulong bias)
    {
        return Find(frame.LookupPc - bias, out FrameEntry entry) == UnwindStatus.Unwound && entry.Common.IsSignalFrame;
    }

    /// <summary>The entry for an address of the table's own memory, and the row that holds there.</summary>
    public UnwindStatus FindRow(ulong address, out FrameEntry frame, out UnwindRow row)
    {
        UnwindStatus status = Find(address, out frame);
        row = default;
        return status != UnwindStatus.Unwound || _interpreter.TryRun(frame, address, out row) ? status : UnwindStatus.BadTable;
    }

    private UnwindStatus FindCfa(in UnwindRow row, in RegisterSet before, ulong bias, IMemoryReader memory, out ulong cfa)
    {
        if (row.CfaKind == RuleKind.ValExpression)
        {
            return _evaluator.Evaluate(row.CfaExpression, null, before, bias, memory, out cfa);
        }

        if (!before.TryGet(row.CfaRegister, out cfa))
        {
            return row.CfaRegister < RegisterSet.Count ? UnwindStatus.Unreadable : UnwindStatus.BadTable;
        }

        cfa += row.CfaOffset;
        return UnwindStatus.Unwound;
    }

    private UnwindStatus Apply(
        in UnwindRow row, in CommonEntry common, in RegisterSet before, ulong bias, ulong cfa, IMemoryReader memory, out RegisterSet caller)
    {
        caller = default;
        RuleKind returnKind = row.Rules[common.ReturnColumn].Kind;
        if (returnKind is RuleKind.Undefined or RuleKind.Unspecified)
        {
            return UnwindStatus.EndOfStack;
        }

        for (int i = 0; i < RegisterSet.Count; i++)
        {
            DwarfRegister register = (DwarfRegister)i;
            UnwindStatus status = FindRegister(row.Rules[i], i, before, bias, cfa, memory, out ulong? value);
            if (status == UnwindStatus.Unwound)
            {
                if (value is ulong known)
                {
                    caller[register] = known;
                }
            }
            else if (status == UnwindStatus.BadTable || i == common.ReturnColumn)
            {
                // Another register whose memory is gone is unknown, which the next frame may not mind.
                return status;
            }
        }

        if (!caller.TryGet(common.ReturnColumn, out ulong rip))
        {
            return UnwindStatus.Unreadable;
        }

        caller[DwarfRegister.Rip] = rip;
        caller.IsExactPc = common.IsSignalFrame;
        return rip == 0 ? UnwindStatus.EndOfStack : UnwindStatus.Unwound;
    }

    private UnwindStatus FindRegister(
        in RegisterRule rule, int number, in RegisterSet before, ulong bias, ulong cfa, IMemoryReader memory, out ulong? value)
    {
        value = null;
        switch (rule.Kind)
        {
            case RuleKind.Undefined:
                return UnwindStatus.Unwound;
            case RuleKind.Unspecified when number == (int)DwarfRegister.Rsp:
                // By definition of the CFA on x86-64: RSP before the call pushed the return address.
                value = cfa;
                return UnwindStatus.Unwound;
            case RuleKind.Unspecified when (CalleeSaved & (1U << number)) == 0:
                return UnwindStatus.Unwound;
            case RuleKind.Unspecified or RuleKind.SameValue:
                value = before.TryGet((ulong)number, out ulong same) ? same : null;
                return UnwindStatus.Unwound;
            case RuleKind.Register:
                value = before.TryGet(rule.Value, out ulong other) ? other : null;
                return rule.Value < RegisterSet.Count ? UnwindStatus.Unwound : UnwindStatus.BadTable;
            case RuleKind.ValOffset:
                value = cfa + rule.Value;
                return UnwindStatus.Unwound;
            case RuleKind.Offset:
                return Load(memory, cfa + rule.Value, out value);
            default:
                UnwindStatus status = _evaluator.Evaluate(rule, cfa, before, bias, memory, out ulong result);
                if (status != UnwindStatus.Unwound)
                {
                    return status;
                }

                if (rule.Kind == RuleKind.Expression)
                {
                    return Load(memory, result, out value);
                }

                value = result;
                return UnwindStatus.Unwound;
        }
    }

    private static UnwindStatus Load(IMemoryReader memory, ulong address, out ulong? value)
    {
        Span<byte> bytes = stackalloc byte[8];
        value = null;
        if (memory.Read(address, bytes) != bytes.Length)
        {
            return UnwindStatus.Unreadable;
        }

        value = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        return UnwindStatus.Unwound;
    }
}
