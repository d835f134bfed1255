using Faultline.Linux.Abi;
using Faultline.Linux.Kernel;

namespace Faultline.Linux.Syscalls.Machine;

/// <summary>Memory protection keys on a processor that has none (mm/mprotect.c), which is what CPUID says.</summary>
internal static class ProtectionKeyCalls
{
    private const ulong PKEY_ACCESS_MASK = 3;

    /// <summary>int pkey_alloc(unsigned int flags, unsigned int access_rights)</summary>
    public static long PkeyAlloc(Task task, in SyscallArguments a) => a.A0 != 0 || (a.A1 & ~PKEY_ACCESS_MASK) != 0 ? -Errno.EINVAL : -Errno.ENOSPC;

    /// <summary>int pkey_free(int pkey)</summary>
    public static long PkeyFree(Task task, in SyscallArguments a) => -Errno.EINVAL;

    /// <summary>int pkey_mprotect(void *addr, size_t len, int prot, int pkey): key -1 is none.</summary>
    public static long PkeyMprotect(Task task, in SyscallArguments a) => a.Int3 == -1 ? MemoryCalls.Mprotect(task, a) : -Errno.EINVAL;
}
