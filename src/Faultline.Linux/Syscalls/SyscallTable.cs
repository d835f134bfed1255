using System.Runtime.CompilerServices;
using Faultline.Linux.Abi;
using Faultline.Linux.Kernel;

namespace Faultline.Linux.Syscalls;

/// <summary>
/// Every x86-64 system call, one row each. Rows are made when first asked for: a short run uses a dozen of the 372.
/// </summary>
internal static unsafe partial class SyscallTable
{
    private static readonly SyscallRow?[] _rows = new SyscallRow?[Nr.Limit];

    /// <summary>The row of a number, or null when Linux has no such number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SyscallRow? Find(long number)
    {
        if ((ulong)number >= Nr.Limit)
            return null;
        // Two threads may both make a row; the rows are equal and either may stay.
        return _rows[number] ??= Create((int)number);
    }

    private static SyscallRow Row(
        string name, delegate*<Task, in SyscallArguments, long> handler, Support support, Ret returns, ReadOnlySpan<Arg> arguments, string note = "") =>
        new(name, handler, support, returns, arguments, note);

    private static SyscallRow Missing(string name, Ret returns, ReadOnlySpan<Arg> arguments, string note = "") =>
        new(name, null, Support.Missing, returns, arguments, note);

    /// <summary>A call that every process is refused here with EPERM, as Linux refuses one without the capability.</summary>
    private static SyscallRow NotPermitted(string name, Ret returns, ReadOnlySpan<Arg> arguments, string note = "needs a capability that no guest has") =>
        new(name, &NotPermitted, Support.Refused, returns, arguments, note);

    /// <summary>A number that Linux keeps for a call it no longer has, or never had: ENOSYS there too.</summary>
    private static SyscallRow Removed(string name, Ret returns, ReadOnlySpan<Arg> arguments) =>
        new(name, &NoSuchCall, Support.Refused, returns, arguments, "ENOSYS on Linux too");

    private static long NotPermitted(Task task, in SyscallArguments a) => -Errno.EPERM;

    private static long NoSuchCall(Task task, in SyscallArguments a) => -Errno.ENOSYS;
}
