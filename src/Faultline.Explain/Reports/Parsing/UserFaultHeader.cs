using Faultline.Explain.Reports.Text;

namespace Faultline.Explain.Reports.Parsing;

/// <summary>
/// The lines for user programs that die (arch/x86/mm/fault.c, show_signal_msg(); arch/x86/kernel/traps.c, show_signal()):
/// <c>prog[pid]: segfault at A ip I sp S error E in lib[start+size]</c>, <c>traps: prog[pid] general protection fault ip:I sp:S
/// error:E in lib[...]</c>; and arm64's <c>prog[pid]: unhandled ... fault (11) at A, esr 0x..., in lib[...]</c>.
/// </summary>
internal static class UserFaultHeader
{
    /// <summary>The longest name of a task with what threads of workers add to it.</summary>
    private const int MaxTask = 64;

    /// <summary>Reads the line, whose tag <c>traps:</c> was taken off.</summary>
    public static HeaderLine? Read(string text, int line)
    {
        int close = text.IndexOf(']', StringComparison.Ordinal);
        int open = close <= 0 ? -1 : text.LastIndexOf('[', close);
        if (open is <= 0 or > MaxTask || !int.TryParse(text.AsSpan(open + 1, close - open - 1), out int pid))
            return null;
        Cursor cursor = new(text.AsSpan(close + 1));
        cursor.Skip(':');
        if (!cursor.Skip(' '))
            return null;
        ulong? address = null;
        ReportArchitecture architecture = ReportArchitecture.X64;
        if (cursor.Skip("segfault at "))
        {
            if (!cursor.TryHex(out ulong value))
                return null;
            address = value;
        }
        else if (cursor.Skip("unhandled "))
        {
            if (!cursor.SkipPast(" at 0x") || !cursor.TryHex(out ulong value) || !cursor.Skip(", esr 0x") || !cursor.TryHex(out ulong esr))
                return null;
            return Make(text[..open], pid, value, esr, null, null, ReadMapping(cursor), line, ReportArchitecture.Arm64);
        }
        else if (!cursor.Skip("general protection") && !cursor.Skip("trap "))
        {
            return null;
        }
        if (!TryField(cursor, "ip", out ulong ip) || !TryField(cursor, "sp", out ulong sp))
            return null;
        ulong? error = TryField(cursor, "error", out ulong code) ? code : null;
        return Make(text[..open], pid, address, error, ip, sp, ReadMapping(cursor), line, architecture);
    }

    private static HeaderLine Make(string task, int pid, ulong? address, ulong? error, ulong? ip, ulong? sp, UserMapping? mapping,
        int line, ReportArchitecture architecture)
    {
        return HeaderParser.Of(ReportKind.UserFault) with
        {
            Task = task,
            Pid = pid,
            FaultAddress = address,
            ErrorCode = error,
            Architecture = architecture,
            Mapping = mapping,
            Frame = ip is null ? RegisterFrame.Empty : new RegisterFrame
            {
                InstructionPointer = ip,
                InstructionPointerLine = line,
                IsUser = true,
                Registers = sp is { } stack ? [new RegisterValue("RSP", stack, line)] : [],
            },
        };
    }

    /// <summary>A field in either spelling: <c>ip 7f00</c>, <c>ip:7f00</c>, <c>rip:7f00</c>.</summary>
    private static bool TryField(Cursor cursor, string name, out ulong value)
    {
        value = 0;
        Cursor ahead = cursor;
        return (ahead.SkipPast($"{name} ") && ahead.TryHex(out value)) || (cursor.SkipPast($"{name}:") && cursor.TryHex(out value));
    }

    /// <summary><c>in NAME[START+SIZE]</c>, or since 6.9 <c>in NAME[OFFSET,START+SIZE]</c>.</summary>
    private static UserMapping? ReadMapping(Cursor cursor)
    {
        if (!cursor.SkipPast(" in "))
            return null;
        int open = cursor.Rest.LastIndexOf('[');
        if (open <= 0)
            return null;
        string name = cursor.Rest[..open].ToString();
        cursor.SkipPast("[");
        while (cursor.Rest.Contains('['))
            cursor.SkipPast("[");
        if (!cursor.TryHex(out ulong first))
            return null;
        ulong? offset = null;
        if (cursor.Skip(','))
        {
            offset = first;
            if (!cursor.TryHex(out first))
                return null;
        }
        return cursor.Skip('+') && cursor.TryHex(out ulong size) ? new UserMapping(name, offset, first, size) : null;
    }
}
