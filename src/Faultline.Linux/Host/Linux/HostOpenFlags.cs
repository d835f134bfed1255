using System.Runtime.InteropServices;
using static Faultline.Linux.Abi.Files.OpenFlags;

namespace Faultline.Linux.Host.Linux;

/// <summary>Translates x86-64's O_ flags to the host architecture's: four of them differ on Arm.</summary>
internal static class HostOpenFlags
{
    /// <summary>O_CLOEXEC, which has one value everywhere but on PA-RISC, SPARC and Alpha.</summary>
    public const int CloseOnExec = O_CLOEXEC;

    private const int Differing = O_DIRECTORY | O_NOFOLLOW | O_DIRECT | O_LARGEFILE;
    private const int ArmDirectory = 0x4000;
    private const int ArmNoFollow = 0x8000;
    private const int ArmDirect = 0x10000;
    private const int ArmLargeFile = 0x20000;

    /// <summary>From x86-64's bits to the host's.</summary>
    public static int ToHost(int flags)
    {
        if (!IsArm)
            return flags;
        int result = flags & ~Differing;
        result |= (flags & O_DIRECTORY) != 0 ? ArmDirectory : 0;
        result |= (flags & O_NOFOLLOW) != 0 ? ArmNoFollow : 0;
        result |= (flags & O_DIRECT) != 0 ? ArmDirect : 0;
        return result | ((flags & O_LARGEFILE) != 0 ? ArmLargeFile : 0);
    }

    /// <summary>From the host's bits to x86-64's.</summary>
    public static int FromHost(int flags)
    {
        if (!IsArm)
            return flags;
        int result = flags & ~Differing;
        result |= (flags & ArmDirectory) != 0 ? O_DIRECTORY : 0;
        result |= (flags & ArmNoFollow) != 0 ? O_NOFOLLOW : 0;
        result |= (flags & ArmDirect) != 0 ? O_DIRECT : 0;
        return result | ((flags & ArmLargeFile) != 0 ? O_LARGEFILE : 0);
    }

    private static bool IsArm => RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm;
}
