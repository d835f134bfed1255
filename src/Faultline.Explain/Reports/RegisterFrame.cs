namespace Faultline.Explain.Reports;

/// <summary>One set of registers: where a processor was, and with what.</summary>
internal sealed record RegisterFrame
{
    /// <summary>A frame of which nothing was printed.</summary>
    public static RegisterFrame Empty { get; } = new();

    /// <summary>The code selector printed with the instruction pointer (0x10 kernel, 0x33 user).</summary>
    public ushort? CodeSelector { get; init; }

    /// <summary>The instruction pointer, when it was printed as a number; 6.1 and later print a symbol alone.</summary>
    public ulong? InstructionPointer { get; init; }

    /// <summary>The instruction pointer as a symbol.</summary>
    public SymbolReference? Symbol { get; init; }

    /// <summary>The line that printed the instruction pointer, from 1; 0 when none did.</summary>
    public int InstructionPointerLine { get; init; }

    /// <summary>The general registers, stack pointer and flags (<c>RSP</c>, <c>EFLAGS</c>, <c>ORIG_RAX</c>) in the order printed.</summary>
    public IReadOnlyList<RegisterValue> Registers { get; init; } = [];

    /// <summary>Segment bases and selectors, control and debug registers, PKRU: everything that programs do not compute with.</summary>
    public IReadOnlyList<RegisterValue> SystemRegisters { get; init; } = [];

    /// <summary>The <c>Code:</c> line.</summary>
    public CodeBytes? Code { get; init; }

    /// <summary>Whether the processor was in user mode, as far as <see cref="CodeSelector"/> or the architecture's status tells.</summary>
    public bool? IsUser { get; init; }

    /// <summary>Whether anything was printed at all.</summary>
    public bool IsEmpty => Registers.Count == 0 && Symbol is null && InstructionPointer is null && Code is null;

    /// <summary>A register by name, in either list, regardless of case; null when the report has none of that name.</summary>
    public ulong? this[string name]
    {
        get
        {
            foreach (RegisterValue register in Registers)
            {
                if (register.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                    return register.Value;
            }
            foreach (RegisterValue register in SystemRegisters)
            {
                if (register.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                    return register.Value;
            }
            return null;
        }
    }
}
