namespace Faultline;

/// <summary>What a program was doing when a signal killed it. Immutable, and complete: the program's memory is gone when one is read.</summary>
public sealed class FaultReport
{
    internal FaultReport()
    {
    }

    /// <summary>The signal's number.</summary>
    public required int Signal { get; init; }

    /// <summary>The signal's name, such as <c>SIGSEGV</c>.</summary>
    public required string SignalName { get; init; }

    /// <summary>What kind of fault it was, as siginfo says: <c>SEGV_MAPERR</c>, <c>ILL_ILLOPN</c>, <c>SI_TKILL</c>.</summary>
    public required string Code { get; init; }

    /// <summary>The address that faulted: of the access, or of the instruction. Null for signals that carry none.</summary>
    public required ulong? Address { get; init; }

    /// <summary>The instruction pointer.</summary>
    public required ulong InstructionPointer { get; init; }

    /// <summary>One sentence that says what happened.</summary>
    public required string Summary { get; init; }

    /// <summary>The thread's id and name.</summary>
    public required string Thread { get; init; }

    /// <summary>General registers, RIP, RFLAGS and segment bases by name, in the order in which they are printed.</summary>
    public required IReadOnlyList<KeyValuePair<string, ulong>> Registers { get; init; }

    /// <summary>Disassembly around the instruction pointer, a line each; the line of the instruction itself starts with <c>=&gt;</c>.</summary>
    public required IReadOnlyList<string> Disassembly { get; init; }

    /// <summary>The mapping that the instruction pointer is in, as <c>/proc/PID/maps</c> shows it, or what is around it.</summary>
    public required string CodeMapping { get; init; }

    /// <summary>The mapping that <see cref="Address"/> is in, or the ones around it; empty when there is no address.</summary>
    public required string AddressMapping { get; init; }

    /// <summary>Return addresses with symbols, innermost first; the last line says why it ends there, unless it is the outermost frame.</summary>
    public required IReadOnlyList<string> Backtrace { get; init; }

    /// <summary>
    /// What is known of the cause beyond the fault itself, a line each: what the loader did to the bytes at the instruction pointer when they are not those of the
    /// file. Empty when nothing is.
    /// </summary>
    public IReadOnlyList<string> Findings { get; init; } = [];

    /// <summary>Writes the report as text.</summary>
    public void Write(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.WriteLine($"faultline: {Summary}");
        output.WriteLine($"  thread {Thread}");
        if (Findings.Count > 0)
            output.WriteLine("cause:");
        foreach (string line in Findings)
            output.WriteLine($"  {line}");
        output.WriteLine("registers:");
        for (int i = 0; i < Registers.Count; i++)
        {
            output.Write($"  {Registers[i].Key,-7} {Registers[i].Value:x16}");
            if (i % 3 == 2 || i == Registers.Count - 1)
                output.WriteLine();
        }
        output.WriteLine("code:");
        foreach (string line in Disassembly)
            output.WriteLine($"  {line}");
        output.WriteLine($"  rip is in {CodeMapping}");
        if (AddressMapping.Length > 0)
            output.WriteLine($"  {Address:x} is in {AddressMapping}");
        output.WriteLine("backtrace:");
        foreach (string line in Backtrace)
            output.WriteLine($"  {line}");
        output.Flush();
    }

    /// <summary>The report as text.</summary>
    public override string ToString()
    {
        using StringWriter text = new() { NewLine = "\n" };
        Write(text);
        return text.ToString();
    }
}
