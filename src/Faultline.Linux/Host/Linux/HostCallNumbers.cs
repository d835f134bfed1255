using System.Runtime.InteropServices;

namespace Faultline.Linux.Host.Linux;

/// <summary>
/// Raw system call numbers of the host: x86-64 has its own list, every architecture added since 2010 uses the generic one
/// (asm-generic/unistd.h), and calls from 424 on have one number everywhere.
/// </summary>
internal static class HostCallNumbers
{
    public const int Openat2 = 437;
    public const int Faccessat2 = 439;
    public const int Fchmodat2 = 452;

    public static int Gettid => IsX64 ? 186 : 178;

    public static int Futex => IsX64 ? 202 : 98;

    /// <summary>Only x86-64's, whose structure others do not have.</summary>
    public const int X64Newfstatat = 262;

    public static int Statx => IsX64 ? 332 : 291;

    public static int Getdents64 => IsX64 ? 217 : 61;

    public static int Renameat2 => IsX64 ? 316 : 276;

    public static int MemfdCreate => IsX64 ? 319 : 279;

    public static int Statfs => IsX64 ? 137 : 43;

    public static int Fstatfs => IsX64 ? 138 : 44;

    /// <summary>Whether the host's structures are those of x86-64.</summary>
    public static bool IsX64 => RuntimeInformation.ProcessArchitecture == Architecture.X64;
}
