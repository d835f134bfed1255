using System.Runtime.InteropServices;

namespace Faultline.Cpu.Tests.Differential;

/// <summary>What the host processor has, by the names that /proc/cpuinfo gives; the runtime's own intrinsics settings do not matter to it.</summary>
internal static partial class HostFeatures
{
    private static HashSet<string>? s_flags;

    /// <summary>Whether the host has a feature by its name in /proc/cpuinfo.</summary>
    public static bool Has(string flag) => (s_flags ??= Read()).Contains(flag);

    /// <summary>Whether the host executes instructions of a feature.</summary>
    public static bool Has(CpuFeature feature) => feature switch
    {
        CpuFeature.Base => true,
        CpuFeature.X87 => Has("fpu"),
        CpuFeature.Sse3 => Has("pni"),
        CpuFeature.Sse41 => Has("sse4_1"),
        CpuFeature.Sse42 => Has("sse4_2"),
        CpuFeature.LahfSahf => Has("lahf_lm"),
        CpuFeature.Lzcnt => Has("abm"),
        // Until Linux 5.9 the flag was shown although user code could not use the instructions: bit 1 of AT_HWCAP2 tells.
        CpuFeature.Fsgsbase => (AuxiliaryValue(26) & 2) != 0,
        CpuFeature.Sha => Has("sha_ni"),
        CpuFeature.Avx512F => Has("avx512f"),
        CpuFeature.Avx512VL => Has("avx512vl"),
        CpuFeature.Avx512Vnni => Has("avx512_vnni"),
#pragma warning disable CA1308 // the kernel's names are lower case
        _ => Has(feature.ToString().ToLowerInvariant()),
#pragma warning restore CA1308
    };

    /// <summary>
    /// Whether the host is an AMD processor, whose choices are compared where manuals leave one: undefined flags, which of two faults comes first, what a fault leaves half done, which NaN a sum has.
    /// </summary>
    public static bool DecidesAlike { get; } = Is("vendor_id", "AuthenticAMD");

    /// <summary>Why tests of such choices are skipped elsewhere.</summary>
    public const string DecidesOtherwise = "compares choices that manuals leave to the processor with AMD's";

    /// <summary>Whether the host is the Zen 4 whose approximations (RCPPS, RSQRTPS) are ours.</summary>
    public static bool ApproximatesAlike { get; } = DecidesAlike && Is("cpu family", "25") && Is("model", "17");

    private static bool Is(string field, string value) =>
        File.Exists("/proc/cpuinfo")
        && File.ReadLines("/proc/cpuinfo").Select(line => line.Split(':', StringSplitOptions.TrimEntries)).Any(parts => parts is [string name, string text] && name == field && text == value);

    [LibraryImport("libc", EntryPoint = "getauxval")]
    private static partial nuint AuxiliaryValue(nuint type);

    private static HashSet<string> Read()
    {
        if (!File.Exists("/proc/cpuinfo"))
            return [];
        string? line = File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("flags", StringComparison.Ordinal));
        return line is null ? [] : [.. line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)];
    }
}
