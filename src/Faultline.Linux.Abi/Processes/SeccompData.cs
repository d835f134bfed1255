using System.Runtime.InteropServices;

namespace Faultline.Linux.Abi.Processes;

/// <summary><c>struct seccomp_data</c>, 64 bytes: what a filter sees of a system call.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SeccompData
{
    public int nr;
    public uint arch;
    public ulong instruction_pointer;
    public ulong arg0;
    public ulong arg1;
    public ulong arg2;
    public ulong arg3;
    public ulong arg4;
    public ulong arg5;
}
