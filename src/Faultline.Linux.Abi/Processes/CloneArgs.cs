using System.Runtime.InteropServices;

namespace Faultline.Linux.Abi.Processes;

/// <summary><c>struct clone_args</c> of clone3(2), 88 bytes in its third version.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct CloneArgs
{
    /// <summary>See clone(2).</summary>
    public ulong flags;

    /// <summary>See clone(2).</summary>
    public ulong pidfd;

    /// <summary>See clone(2).</summary>
    public ulong child_tid;

    /// <summary>See clone(2).</summary>
    public ulong parent_tid;

    /// <summary>See clone(2).</summary>
    public ulong exit_signal;

    /// <summary>See clone(2).</summary>
    public ulong stack;

    /// <summary>See clone(2).</summary>
    public ulong stack_size;

    /// <summary>See clone(2).</summary>
    public ulong tls;

    /// <summary>See clone(2).</summary>
    public ulong set_tid;

    /// <summary>See clone(2).</summary>
    public ulong set_tid_size;

    /// <summary>See clone(2).</summary>
    public ulong cgroup;
}
