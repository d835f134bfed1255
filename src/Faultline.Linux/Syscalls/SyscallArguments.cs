namespace Faultline.Linux.Syscalls;

/// <summary>
/// The raw arguments of a system call: RDI, RSI, RDX, R10, R8, R9 (psABI, A.2.1), and the number that was in RAX.
/// </summary>
internal readonly struct SyscallArguments(long number, ulong a0, ulong a1, ulong a2, ulong a3, ulong a4, ulong a5)
{
    /// <summary>The number as the guest gave it.</summary>
    public readonly long Number = number;

    public readonly ulong A0 = a0;
    public readonly ulong A1 = a1;
    public readonly ulong A2 = a2;
    public readonly ulong A3 = a3;
    public readonly ulong A4 = a4;
    public readonly ulong A5 = a5;

    /// <summary>The first argument as a C <c>int</c>: Linux drops the upper half.</summary>
    public int Int0 => (int)A0;

    /// <summary>The second as an <c>int</c>.</summary>
    public int Int1 => (int)A1;

    /// <summary>The third as an <c>int</c>.</summary>
    public int Int2 => (int)A2;

    /// <summary>The fourth as an <c>int</c>.</summary>
    public int Int3 => (int)A3;

    /// <summary>The fifth as an <c>int</c>.</summary>
    public int Int4 => (int)A4;

    /// <summary>The sixth as an <c>int</c>.</summary>
    public int Int5 => (int)A5;

    /// <summary>Argument by index, 0 to 5.</summary>
    public ulong this[int index] => index switch
    {
        0 => A0,
        1 => A1,
        2 => A2,
        3 => A3,
        4 => A4,
        _ => A5,
    };
}
