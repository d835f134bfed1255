using System.Runtime.InteropServices;

namespace Faultline.Linux.Abi.Processes;

/// <summary><c>struct rseq_cs</c>, 32 bytes: one restartable sequence.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct RseqSection
{
    /// <summary>0.</summary>
    public uint version;

    /// <summary>RSEQ_CS_FLAG_, deprecated.</summary>
    public uint flags;

    /// <summary>First instruction.</summary>
    public ulong start_ip;

    /// <summary>Bytes to the instruction after the last.</summary>
    public ulong post_commit_offset;

    /// <summary>Where an interrupted sequence goes on.</summary>
    public ulong abort_ip;
}
