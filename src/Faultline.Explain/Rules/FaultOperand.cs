using Faultline.Cpu.Text;
using Faultline.Explain.Code;
using Faultline.Explain.Reports;
using Iced.Intel;

namespace Faultline.Explain.Rules;

/// <summary>The memory operand of the faulting instruction with the registers that form its address.</summary>
/// <param name="Instruction">The instruction's text.</param>
/// <param name="BaseName">The base register as reports spell it, or null.</param>
/// <param name="BaseValue">Its value.</param>
/// <param name="IndexName">The index register, or null.</param>
/// <param name="IndexValue">Its value.</param>
/// <param name="Displacement">The displacement, signed.</param>
/// <param name="Address">The effective address without a segment base.</param>
/// <param name="IsWrite">Whether the instruction writes there.</param>
internal sealed record FaultOperand(
    string Instruction, string? BaseName, ulong BaseValue, string? IndexName, ulong IndexValue, long Displacement, ulong Address, bool IsWrite)
{
    /// <summary>
    /// The operand of a kernel or user frame of x86-64: the one whose address is the fault's when that is known, else the only one. Null when there is none,
    /// when a register of it is not in the report, or when RIP is not where an instruction starts.
    /// </summary>
    public static FaultOperand? Of(CrashReport report)
    {
        RegisterFrame frame = report.Frame;
        if (!ReportFacts.IsX64(report) || CodeWindow.Of(frame) is not { } window)
            return null;
        DecodedInstruction decoded = CodeAnalyzer.DecodeAt(window, window.Marker);
        if (decoded.Instruction.IsInvalid)
            return null;
        List<FaultOperand> operands = [];
        foreach (UsedMemory memory in new InstructionInfoFactory().GetInfo(decoded.Instruction).GetUsedMemory())
        {
            if (memory.Access is not (OpAccess.None or OpAccess.NoMemAccess) && Of(frame, memory, decoded.Instruction) is { } operand)
                operands.Add(operand);
        }
        if (report.FaultAddress is { } fault && operands.Find(o => o.Address == fault) is { } exact)
            return exact;
        operands.RemoveAll(o => o.BaseName == "RSP");
        return operands.Count == 1 ? operands[0] : null;
    }

    /// <summary>Where the address comes from: "RAX (0x0) + 0x58".</summary>
    public string Formula()
    {
        List<string> parts = [];
        if (BaseName is not null)
            parts.Add($"{BaseName} (0x{BaseValue:x})");
        if (IndexName is not null)
            parts.Add($"{IndexName} (0x{IndexValue:x}, scaled)");
        string text = string.Join(" + ", parts);
        return Displacement == 0 ? text : Displacement > 0 ? $"{text} + 0x{Displacement:x}" : $"{text} - 0x{-Displacement:x}";
    }

    private static FaultOperand? Of(RegisterFrame frame, UsedMemory memory, in Instruction instruction)
    {
        if (memory.Base is Register.RIP or Register.EIP || memory.Base == Register.None && memory.Index == Register.None
            || memory.Segment is Register.GS or Register.FS)
        {
            return null;
        }
        ulong @base = 0;
        ulong index = 0;
        if (memory.Base != Register.None && !TryValue(frame, memory.Base, out @base) || memory.Index != Register.None && !TryValue(frame, memory.Index, out index))
            return null;
        long displacement = unchecked((long)memory.Displacement);
        ulong address = unchecked(@base + index * (ulong)memory.Scale + memory.Displacement);
        bool isWrite = memory.Access is OpAccess.Write or OpAccess.CondWrite or OpAccess.ReadWrite or OpAccess.ReadCondWrite;
        return new FaultOperand(InstructionText.Of(instruction), memory.Base == Register.None ? null : Name(memory.Base), @base,
            memory.Index == Register.None ? null : Name(memory.Index), index, displacement, address, isWrite);
    }

    private static bool TryValue(RegisterFrame frame, Register register, out ulong value)
    {
        value = frame[Name(register)] ?? 0;
        return register.IsGPR64() && frame[Name(register)] is not null;
    }

    /// <summary>A register as the kernel prints it: R08 and R09 have two digits.</summary>
    private static string Name(Register register) => register switch
    {
        Register.R8 => "R08",
        Register.R9 => "R09",
        _ => register.ToString(),
    };
}
