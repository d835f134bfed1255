using System.Runtime.CompilerServices;
using Faultline.Linux.Abi;
using Faultline.Linux.Kernel;
using Faultline.Linux.Syscalls.Compat;
using Faultline.Linux.Syscalls.Strace;

namespace Faultline.Linux.Syscalls;

/// <summary>Carries out one system call through its row.</summary>
internal static unsafe class Dispatcher
{
    /// <summary>Finds the row, counts, traces and calls the handler.</summary>
    /// <returns>The result or a negative errno, -ENOSYS when there is no handler.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Invoke(Task task, in SyscallArguments arguments)
    {
        LinuxKernel kernel = task.Kernel;
        task.SystemCallsMade++;
        SyscallRow? row = task.IsCompatCall ? CompatTable.Find(arguments.Number) : SyscallTable.Find(arguments.Number);
        StraceWriter? strace = kernel.Strace;
        if (strace is null || task.IsVdsoCall(arguments))
            return Call(task, row, arguments);

        StraceCall call = strace.Begin(task, row, arguments);
        long result = Call(task, row, arguments);
        strace.End(call, task, result);
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long Call(Task task, SyscallRow? row, in SyscallArguments arguments)
    {
        if (task.HasSeccomp && !task.IsVdsoCall(arguments) && !task.PassesSeccomp(arguments, out long refused))
            return refused;
        if (row is not null && row.Handler != null)
        {
            long result = row.Handler(task, arguments);
            if (task.Pins.Any)
                task.Pins.Release();
            return result;
        }
        task.Kernel.Statistics.CountMissing(arguments.Number, task.IsCompatCall);
        return -Errno.ENOSYS;
    }
}
