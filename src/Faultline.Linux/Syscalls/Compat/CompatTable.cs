using Faultline.Linux.Abi;
using Faultline.Linux.Kernel;

namespace Faultline.Linux.Syscalls.Compat;

/// <summary>
/// The i386 system calls that INT 80h makes, one row each. Where argument layouts agree with the 64-bit call, the row is that call's own under its i386
/// number; where only a width or an order differs, a handler of <see cref="CompatCalls"/> leads to it. What has other structures is missing: ENOSYS, counted.
/// </summary>
internal static unsafe partial class CompatTable
{
    private const int Half = 256;

    private static readonly SyscallRow?[] _rows = new SyscallRow?[Nr.Limit];

    /// <summary>The row of an i386 number, or null when Linux has no such number.</summary>
    public static SyscallRow? Find(long number)
    {
        if ((ulong)number >= Nr.Limit)
            return null;
        return _rows[number] ??= number < Half ? RowsLow((int)number) : RowsHigh((int)number);
    }

    private static SyscallRow Row(string name, delegate*<Task, in SyscallArguments, long> handler, Support support, Ret returns, ReadOnlySpan<Arg> arguments) =>
        new(name, handler, support, returns, arguments, "");

    private static SyscallRow Missing(string name) => new(name, null, Support.Missing, Ret.Decimal, [], "");

    /// <summary>The row of a 64-bit call.</summary>
    private static SyscallRow Same(int number) => SyscallTable.Find(number)!;

    /// <summary>The row of a 64-bit call under its i386 name.</summary>
    private static SyscallRow Same(int number, string name) => Same(number).Renamed(name);
}
