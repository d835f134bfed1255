using System.Runtime.InteropServices;

namespace Faultline.Linux.Bpf;

/// <summary><c>struct sock_filter</c>: one instruction of a classic BPF program, 8 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct BpfInstruction(ushort code, byte jt, byte jf, uint k)
{
    /// <summary>Operation: a combination of <see cref="BpfCode"/> bits.</summary>
    public readonly ushort Code = code;

    /// <summary>Instructions skipped when a condition holds.</summary>
    public readonly byte Jt = jt;

    /// <summary>Instructions skipped when it does not.</summary>
    public readonly byte Jf = jf;

    /// <summary>Constant, offset, memory word or distance.</summary>
    public readonly uint K = k;
}
