using System.Text;
using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Signals;
using Faultline.Linux.Kernel;

namespace Faultline.Linux.Syscalls.Strace;

/// <summary>
/// Writes system calls and signals as strace(1) does: arguments that the call reads before it is made, those it fills afterwards, results from
/// column 40.
/// </summary>
internal sealed class StraceWriter(TextWriter output)
{
    /// <summary>strace's default for -a.</summary>
    private const int ResultColumn = 40;

    private readonly Lock _lock = new();

    /// <summary>Prints what can be printed before the call.</summary>
    public StraceCall Begin(Task task, SyscallRow? row, in SyscallArguments arguments)
    {
        ShowMode(task);
        StraceCall call = new() { Row = row, Arguments = arguments };
        if (row is null)
        {
            call.Line.Append("syscall_0x").Append(arguments.Number.ToString("x")).Append('(');
            for (int i = 0; i < 6; i++)
                call.Line.Append(i == 0 ? "0x" : ", 0x").Append(arguments[i].ToString("x"));
            return call;
        }
        call.Line.Append(row.Name).Append('(');
        ArgumentPrinter.Enter(task, call);
        while (call.Printed < row.Count && row[call.Printed] < Arg.FirstOut)
            Print(task, call, 0);
        if (row.Returns == Ret.Never)
            Finish(task, call, "= ?");
        return call;
    }

    /// <summary>Prints the rest and the result.</summary>
    public void End(StraceCall call, Task task, long result)
    {
        if (call.Row is { } row)
        {
            while (call.Printed < row.Count)
                Print(task, call, result);
            if (row.Returns == Ret.Never)
                return;
        }
        if (result >= 0 || !Errno.IsError(result))
            ArgumentPrinter.Outcome(task, call, result);
        Finish(task, call, Result(call.Row, result) + call.Outcome);
    }

    /// <summary>The first process has started: the execve that strace shows first.</summary>
    public void Started(Process process, string path, List<string> arguments, int variables)
    {
        StringBuilder line = new("execve(");
        TextPrinter.Append(line, path, isCut: false);
        line.Append(", [");
        for (int i = 0; i < arguments.Count; i++)
        {
            if (i > 0)
                line.Append(", ");
            if (i == TextPrinter.Shown)
            {
                line.Append("...");
                break;
            }
            bool isCut = arguments[i].Length > TextPrinter.Shown;
            TextPrinter.Append(line, isCut ? arguments[i][..TextPrinter.Shown] : arguments[i], isCut);
        }
        line.Append("], ");
        ArgumentPrinter.AppendAddress(line, process.Mm.Image.EnvStart);
        line.Append(" /* ").Append(variables).Append(variables == 1 ? " var */) " : " vars */) ");
        if (line.Length < ResultColumn)
            line.Append(' ', ResultColumn - line.Length);
        Write(process.Main, line.Append("= 0").ToString());
    }

    /// <summary>A signal is about to be acted on.</summary>
    public void Signal(Task task, in Siginfo info)
    {
        StringBuilder line = new("--- ");
        line.Append(Sig.Name(info.si_signo)).Append(' ');
        SignalPrinter.Append(line, info);
        Write(task, line.Append(" ---").ToString());
    }

    /// <summary>A signal has stopped the process.</summary>
    public void Stopped(Task task, int signal) => Write(task, $"--- stopped by {Sig.Name(signal)} ---");

    /// <summary>The process has ended.</summary>
    public void Ended(Process process)
    {
        int signal = process.WaitStatus & 0x7F;
        Write(process.Main, signal != 0
            ? $"+++ killed by {Sig.Name(signal)}{((process.WaitStatus & 0x80) != 0 ? " (core dumped)" : "")} +++"
            : $"+++ exited with {(process.WaitStatus >> 8) & 0xFF} +++");
    }

    /// <summary>strace tells when a process changes between 64-bit calls and INT 80h.</summary>
    private void ShowMode(Task task)
    {
        bool isCompat = task.IsCompatCall;
        if (isCompat == task.TracedMode)
            return;
        task.TracedMode = isCompat;
        Write(task, $"strace: [ Process PID={task.Tid} runs in {(isCompat ? 32 : 64)} bit mode. ]");
    }

    private static string Result(SyscallRow? row, long result)
    {
        if (Errno.IsError(result))
        {
            int errno = (int)-result;
            // Restart codes are the kernel's own affair: strace shows them as "?".
            return errno is >= Errno.ERESTARTSYS and <= Errno.ERESTART_RESTARTBLOCK
                ? $"= ? {Errno.Name(errno)} ({Errno.Describe(errno)})"
                : $"= -1 {Errno.Name(errno)} ({Errno.Describe(errno)})";
        }
        return row?.Returns switch
        {
            Ret.Address => result == 0 ? "= 0" : "= 0x" + result.ToString("x"),
            Ret.Octal => "= 0" + (result == 0 ? "" : Convert.ToString(result, 8)),
            Ret.Never => "= ?",
            null => "= 0x" + result.ToString("x"),
            _ => "= " + result.ToString(),
        };
    }

    private static void Print(Task task, StraceCall call, long result)
    {
        int index = call.Printed++;
        int before = call.Line.Length;
        if (index > 0)
            call.Line.Append(", ");
        int start = call.Line.Length;
        ArgumentPrinter.Append(task, call, index, result);
        // Some arguments exist only with certain others.
        if (call.Line.Length == start)
            call.Line.Length = before;
    }

    private void Finish(Task task, StraceCall call, string result)
    {
        StringBuilder line = call.Line;
        line.Append(") ");
        if (line.Length < ResultColumn)
            line.Append(' ', ResultColumn - line.Length);
        Write(task, line.Append(result).ToString());
    }

    private void Write(Task task, string line)
    {
        lock (_lock)
        {
            // As strace -f does once there is more than one to follow.
            if (task.Kernel.HadSeveralTasks)
                output.Write($"[pid {task.Tid,5}] ");
            output.WriteLine(line);
            output.Flush();
        }
    }
}
