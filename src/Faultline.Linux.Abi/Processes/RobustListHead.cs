using System.Runtime.InteropServices;

namespace Faultline.Linux.Abi.Processes;

/// <summary><c>struct robust_list_head</c>, 24 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct RobustListHead
{
    /// <summary>Next entry.</summary>
    public ulong list;

    /// <summary>From an entry to its futex.</summary>
    public long futex_offset;

    /// <summary>Entry being locked or unlocked.</summary>
    public ulong list_op_pending;
}
