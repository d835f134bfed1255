using System.Collections.Frozen;

namespace Faultline.Explain.Reports.Parsing;

/// <summary>The registers that kernels print, by the names that they print (show_regs() of each architecture).</summary>
internal static class RegisterNames
{
    private static readonly FrozenDictionary<string, Row> _rows = Create();

    private static readonly FrozenDictionary<string, Row>.AlternateLookup<ReadOnlySpan<char>> _byName =
        _rows.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>How a register's value is printed and where it belongs.</summary>
    public enum Kind
    {
        /// <summary>No register.</summary>
        None,

        /// <summary>What programs compute with, and the flags.</summary>
        General,

        /// <summary>A stack pointer, which may have a selector before it.</summary>
        StackPointer,

        /// <summary>Segments, control and debug registers.</summary>
        System,

        /// <summary>Wider than 64 bits.</summary>
        FloatingPoint,
    }

    /// <summary>The row of a name that is no register.</summary>
    public static Row None => default;

    /// <summary>What is known of a name; <see cref="None"/> for any other word.</summary>
    public static Row Find(ReadOnlySpan<char> name) => _byName.TryGetValue(name, out Row row) ? row : None;

    private static FrozenDictionary<string, Row> Create()
    {
        Dictionary<string, Row> rows = new(StringComparer.Ordinal);
        Add(rows, ReportArchitecture.X64, Kind.General, "RAX RBX RCX RDX RSI RDI RBP R8 R9 R08 R09 R10 R11 R12 R13 R14 R15 ORIG_RAX");
        Add(rows, ReportArchitecture.X64, Kind.StackPointer, "RSP");
        Add(rows, ReportArchitecture.X86, Kind.General, "EAX EBX ECX EDX ESI EDI EBP");
        Add(rows, ReportArchitecture.X86, Kind.StackPointer, "ESP");
        Add(rows, ReportArchitecture.Unknown, Kind.General, "EFLAGS RFLAGS");
        Add(rows, ReportArchitecture.Unknown, Kind.System,
            "FS GS knlGS CS DS ES SS CR0 CR2 CR3 CR4 CR8 DR0 DR1 DR2 DR3 DR6 DR7 PKRU PKRS SSP");
        Add(rows, ReportArchitecture.Ia64, Kind.General, $"{Numbered("r", 1, 127)} {Numbered("b", 0, 7)}");
        Add(rows, ReportArchitecture.Ia64, Kind.System,
            "psr ifs unat pfs rsc rnat bsps bsp pr ldrs ccv fpsr csd ssd iip ipsr ar.pfs ar.bsp ar.bspstore ar.rnat ar.unat ar.rsc cr.ifs cr.iip cr.ipsr");
        Add(rows, ReportArchitecture.Ia64, Kind.FloatingPoint, Numbered("f", 2, 127));
        Add(rows, ReportArchitecture.Arm64, Kind.General, Numbered("x", 0, 30));
        Add(rows, ReportArchitecture.Arm64, Kind.System, "pstate pmr ESR FAR");
        Add(rows, ReportArchitecture.LoongArch, Kind.General,
            $"tp {Numbered("a", 0, 7)} {Numbered("t", 0, 8)} u0 s9 {Numbered("s", 0, 8)}");
        Add(rows, ReportArchitecture.LoongArch, Kind.System, "CRMD PRMD EUEN ECFG ESTAT BADV PRID ERA");
        // lr and ra alone, and sp and pc, are shared by several processors.
        Add(rows, ReportArchitecture.Unknown, Kind.General, "sp");
        return rows.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static string Numbered(string letter, int first, int last) =>
        string.Join(' ', Enumerable.Range(first, last - first + 1).Select(n => $"{letter}{n}"));

    private static void Add(Dictionary<string, Row> rows, ReportArchitecture architecture, Kind kind, string names)
    {
        foreach (string name in names.Split(' '))
            rows[name] = new Row(architecture, kind);
    }

    /// <summary>What is known of a register.</summary>
    /// <param name="Architecture">Whose it is; unknown when several processors have one of that name.</param>
    /// <param name="Kind">How it is printed.</param>
    public readonly record struct Row(ReportArchitecture Architecture, Kind Kind);
}
