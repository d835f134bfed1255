using Faultline.Elf.Headers;

namespace Faultline.Elf.Tests.Support;

/// <summary>Real x86-64 programs and libraries of the host.</summary>
internal static class HostFiles
{
    private static readonly string[] _candidates =
    [
        "/bin/true", "/bin/ls", "/bin/bash", "/usr/bin/readelf", "/usr/bin/python3", "/usr/bin/gdb", "/sbin/ldconfig",
        "/lib64/ld-linux-x86-64.so.2", "/lib/x86_64-linux-gnu/libc.so.6", "/lib/x86_64-linux-gnu/libm.so.6", "/lib64/libc.so.6",
        "/usr/lib/x86_64-linux-gnu/libstdc++.so.6",
    ];

    /// <summary>Those of a list of usual places that exist and are for x86-64.</summary>
    public static IReadOnlyList<string> All { get; } = _candidates.Where(IsX64).ToArray();

    private static bool IsX64(string path)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        using FileStream file = File.OpenRead(path);
        byte[] header = new byte[ElfHeader.Size];
        return file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) == header.Length
            && ElfHeader.HasMagic(header)
            && new ElfHeader(header).e_machine == ElfMachine.EM_X86_64;
    }
}
