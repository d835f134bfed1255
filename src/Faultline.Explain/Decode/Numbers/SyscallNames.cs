using System.Reflection;
using Faultline.Linux.Abi;

namespace Faultline.Explain.Decode.Numbers;

/// <summary>Names and numbers of system calls of one architecture.</summary>
internal sealed class SyscallNames
{
    /// <summary>From this number on, all architectures agree (<c>include/uapi/asm-generic/unistd.h</c>, since Linux 5.1).</summary>
    private const int FirstShared = 424;

    private static readonly Lazy<IReadOnlyDictionary<int, string>> _x64 = new(static () =>
        typeof(Nr).GetFields(BindingFlags.Static | BindingFlags.Public)
            .Where(field => field.Name != nameof(Nr.Limit) && field.GetRawConstantValue() is int)
            .ToDictionary(field => (int)field.GetRawConstantValue()!, field => field.Name));

    private readonly Func<IReadOnlyDictionary<int, string>> _load;

    private IReadOnlyDictionary<int, string>? _names;

    private SyscallNames(string name, int offset, Func<IReadOnlyDictionary<int, string>> load)
    {
        Name = name;
        Offset = offset;
        _load = load;
    }

    /// <summary>x86-64, from the table that Faultline's own kernel dispatches by.</summary>
    public static SyscallNames X64 { get; } = new("x86-64", 0, static () => _x64.Value);

    /// <summary>i386: 32-bit programs, and INT 80h in any.</summary>
    public static SyscallNames I386 { get; } = new("i386", 0, static () => Table(SyscallNamesI386.Rows, 0));

    /// <summary>arm64.</summary>
    public static SyscallNames Arm64 { get; } = new("arm64", 0, static () => Table(SyscallNamesGeneric.Rows, 0));

    /// <summary>riscv64: the generic table without its deprecated calls, and two of its own.</summary>
    public static SyscallNames Riscv64 { get; } = new("riscv64", 0, static () =>
        Table("258 riscv_hwprobe riscv_flush_icache\n" + SyscallNamesGeneric.Rows, 0, "renameat"));

    /// <summary>loongarch64: the generic table without its deprecated calls.</summary>
    public static SyscallNames Loongarch64 { get; } = new("loongarch64", 0, static () =>
        Table(SyscallNamesGeneric.Rows, 0, "renameat", "getrlimit", "setrlimit", "memfd_secret"));

    /// <summary>ia64, whose numbers begin at 1024.</summary>
    public static SyscallNames Ia64 { get; } = new("ia64", 1024, static () => Table(SyscallNamesIa64.Rows, 1024, "clone3", "memfd_secret"));

    /// <summary>Every architecture.</summary>
    public static IReadOnlyList<SyscallNames> All => [X64, I386, Arm64, Riscv64, Loongarch64, Ia64];

    /// <summary>The architecture, as it is given on the command line.</summary>
    public string Name { get; }

    /// <summary>What the architecture adds to every number.</summary>
    public int Offset { get; }

    /// <summary>Names by number.</summary>
    public IReadOnlyDictionary<int, string> ByNumber => _names ??= _load();

    /// <summary>The architecture of a name that people use for it; null when there is none.</summary>
    public static SyscallNames? Find(string architecture) => architecture.ToLowerInvariant() switch
    {
        "x86-64" or "x86_64" or "amd64" or "x64" => X64,
        "i386" or "x86" or "i686" or "int80" or "ia32" => I386,
        "arm64" or "aarch64" => Arm64,
        "riscv64" or "riscv" => Riscv64,
        "loongarch64" or "loongarch" => Loongarch64,
        "ia64" or "itanium" => Ia64,
        _ => null,
    };

    /// <summary>The number of a name; null when the architecture lacks it.</summary>
    public int? Find(string name, StringComparison comparison)
    {
        foreach ((int number, string known) in ByNumber)
        {
            if (known.Equals(name, comparison))
                return number;
        }
        return null;
    }

    private static Dictionary<int, string> Table(string rows, int offset, params string[] without)
    {
        Dictionary<int, string> names = [];
        foreach (ReadOnlySpan<char> line in rows.AsSpan().EnumerateLines())
        {
            int number = -1;
            foreach (Range range in line.Split(' '))
            {
                if (number < 0)
                {
                    number = int.Parse(line[range], System.Globalization.CultureInfo.InvariantCulture);
                    continue;
                }
                names[offset + number++] = line[range].ToString();
            }
        }
        foreach ((int number, string name) in _x64.Value)
        {
            if (number >= FirstShared)
                names[offset + number] = name;
        }
        foreach (int number in names.Where(pair => without.Contains(pair.Value)).Select(pair => pair.Key).ToArray())
            names.Remove(number);
        return names;
    }
}
