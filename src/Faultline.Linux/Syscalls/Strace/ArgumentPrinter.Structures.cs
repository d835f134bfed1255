using System.Runtime.CompilerServices;
using System.Text;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Abi.Processes;
using Faultline.Linux.Abi.Signals;
using Faultline.Linux.Abi.Time;
using Faultline.Linux.Kernel;

namespace Faultline.Linux.Syscalls.Strace;

// Kinds that point into guest memory.
internal static partial class ArgumentPrinter
{
    private static bool AppendStructure(Task task, StraceCall call, int index, Arg kind, ulong value, long result)
    {
        StringBuilder line = call.Line;
        switch (kind)
        {
            case Arg.Pathname:
                AppendText(task, line, value, PathMax, PathMax);
                return true;
            case Arg.Text:
                AppendText(task, line, value, PathMax, TextPrinter.Shown);
                return true;
            case Arg.InBuffer:
                AppendBytes(task, line, value, call.Arguments[index + 1]);
                return true;
            case Arg.OutBuffer:
                AppendFilled(task, line, call, value, result);
                return true;
            case Arg.StringOut:
                AppendText(task, line, value, PathMax, PathMax);
                return true;
            case Arg.Argv:
                AppendArguments(task, line, value);
                return true;
            case Arg.Envp:
                AppendEnvironment(task, line, value);
                return true;
            case Arg.DirentsOut:
            case Arg.OldDirentsOut:
                AppendAddress(line, value);
                line.Append(" /* ").Append(CountEntries(task, value, result)).Append(" entries */");
                return true;
            case Arg.IovecIn:
            case Arg.IovecOut:
                AppendVectors(task, line, value, call.Arguments.Int2, kind == Arg.IovecIn ? long.MaxValue : result);
                return true;
            case Arg.PollFds:
                AppendPoll(task, line, value, (uint)call.Arguments[index + 1]);
                return true;
            case Arg.FdSet:
                AppendFdSet(task, line, value, call.Arguments.Int0);
                return true;
            case Arg.EpollEventIn:
                return call.Arguments.Int1 != EpollDelete && AppendEvent(task, line, value);
            case Arg.EpollEventsOut:
                AppendEvents(task, line, value, result);
                return true;
            case Arg.SigsetIn:
            case Arg.SigsetOut:
                return AppendSet(task, line, value);
            case Arg.SigframeMask:
                AppendFrameMask(task, line);
                return true;
            case Arg.WaitStatusOut:
                return AppendWaitStatus(task, line, value, result);
            case Arg.ArchPrctlArgument:
                return call.Arguments.Int0 is Prctl.ARCH_GET_FS or Prctl.ARCH_GET_GS && AppendPointed(task, line, value, "[0x", "]", hex: true);
            case Arg.PrctlArgument:
                return AppendPrctl(task, line, call, value);
            case Arg.FutexTimeout:
                return AppendValue<Timespec>(task, line, value, Append);
            case Arg.OffsetInOut:
            case Arg.TimeOut:
                return AppendPointed(task, line, value, "[", "]", hex: false);
            case Arg.IntOut:
            case Arg.UnsignedOut:
            case Arg.IdOut:
                if (value == 0 || !task.Memory.TryRead(value, out int number))
                    return false;
                line.Append('[').Append(number).Append(']');
                return true;
            case Arg.FdPairOut:
                if (!task.Memory.TryRead(value, out ulong pair))
                    return false;
                line.Append('[').Append((int)pair).Append(", ").Append((int)(pair >> 32)).Append(']');
                return true;
            default:
                return AppendRecord(task, line, call, kind, value, result);
        }
    }

    private delegate void Printer<T>(StringBuilder line, in T value);

    private static bool AppendValue<T>(Task task, StringBuilder line, ulong address, Printer<T> print)
        where T : unmanaged
    {
        if (address == 0 || !task.Memory.TryRead(address, out T value))
            return false;
        print(line, value);
        return true;
    }

    private static bool AppendPair<T>(Task task, StringBuilder line, ulong address, Printer<T> print)
        where T : unmanaged
    {
        if (address == 0 || !task.Memory.TryRead(address, out T first) || !task.Memory.TryRead(address + (ulong)Unsafe.SizeOf<T>(), out T second))
            return false;
        line.Append('[');
        print(line, first);
        line.Append(", ");
        print(line, second);
        line.Append(']');
        return true;
    }

    private static bool AppendRecord(Task task, StringBuilder line, StraceCall call, Arg kind, ulong value, long result) => kind switch
    {
        Arg.StatOut => AppendValue<Stat>(task, line, value, Append),
        Arg.StatxOut => AppendValue<Statx>(task, line, value, Append),
        Arg.StatfsOut => AppendValue<Statfs>(task, line, value, Append),
        Arg.TimespecIn or Arg.TimespecOut => AppendValue<Timespec>(task, line, value, Append),
        Arg.TimevalIn or Arg.TimevalOut => AppendValue<Timeval>(task, line, value, Append),
        Arg.TimespecPairIn => AppendPair<Timespec>(task, line, value, AppendStamp),
        Arg.TimevalPairIn => AppendPair<Timeval>(task, line, value, Append),
        Arg.TimezoneOut => AppendValue<Abi.Time.Timezone>(task, line, value, Append),
        Arg.ItimervalIn or Arg.ItimervalOut => AppendValue<Itimerval>(task, line, value, Append),
        Arg.ItimerspecIn or Arg.ItimerspecOut => AppendValue<Itimerspec>(task, line, value, Append),
        Arg.SigactionIn or Arg.SigactionOut => AppendValue<KernelSigaction>(task, line, value, Append),
        Arg.StackIn or Arg.StackOut => AppendValue<StackT>(task, line, value, Append),
        Arg.SiginfoIn or Arg.SiginfoOut => AppendValue<Siginfo>(task, line, value, SignalPrinter.Append),
        Arg.RlimitIn or Arg.RlimitOut => AppendValue<Rlimit64>(task, line, value, Append),
        Arg.RusageOut => AppendValue<Rusage>(task, line, value, Append),
        Arg.TmsOut => AppendValue<Tms>(task, line, value, Append),
        Arg.UtsnameOut => AppendValue<Utsname>(task, line, value, Append),
        Arg.SysinfoOut => AppendValue<Sysinfo>(task, line, value, Append),
        Arg.SchedParamIn or Arg.SchedParamOut => AppendValue<SchedParam>(task, line, value, Append),
        Arg.CpuSetIn => AppendProcessors(task, line, value, (long)call.Arguments.A1),
        Arg.CpuSetOut => AppendProcessors(task, line, value, result),
        Arg.GroupsIn => AppendGroups(task, line, value, call.Arguments.Int0),
        Arg.GroupsOut => AppendGroups(task, line, value, result),
        Arg.IoctlArgument => AppendIoctl(task, line, call, value),
        _ => false,
    };

    private static void AppendText(Task task, StringBuilder line, ulong address, int max, int shown)
    {
        if (address == 0 || task.Memory.ReadString(address, max, out string text) == -Abi.Errno.EFAULT)
        {
            AppendAddress(line, address);
            return;
        }
        bool isCut = text.Length > shown;
        TextPrinter.Append(line, isCut ? text[..shown] : text, isCut);
    }

    private static void AppendBytes(Task task, StringBuilder line, ulong address, ulong length, bool hex = false)
    {
        Span<byte> bytes = stackalloc byte[TextPrinter.Shown];
        bytes = bytes[..(int)Math.Min(length, TextPrinter.Shown)];
        if (address == 0 || task.Memory.Read(address, bytes) != bytes.Length)
            AppendAddress(line, address);
        else if (hex)
            TextPrinter.AppendHex(line, bytes, length > TextPrinter.Shown);
        else
            TextPrinter.Append(line, bytes, length > TextPrinter.Shown);
    }

    private static void AppendFilled(Task task, StringBuilder line, StraceCall call, ulong address, long result)
    {
        // A size query fills nothing.
        if (result < 0 || (result > 0 && address == 0))
            AppendAddress(line, address);
        else
            AppendBytes(task, line, address, (ulong)result, hex: call.Row!.Name == "getrandom");
    }

    private static void AppendArguments(Task task, StringBuilder line, ulong array)
    {
        if (array == 0)
        {
            line.Append("NULL");
            return;
        }
        line.Append('[');
        for (int i = 0; task.Memory.TryRead(array + (ulong)i * sizeof(ulong), out ulong address) && address != 0; i++)
        {
            if (i > 0)
                line.Append(", ");
            if (i == TextPrinter.Shown)
            {
                line.Append("...");
                break;
            }
            AppendText(task, line, address, PathMax, TextPrinter.Shown);
        }
        line.Append(']');
    }

    private static void AppendEnvironment(Task task, StringBuilder line, ulong array)
    {
        AppendAddress(line, array);
        if (array == 0)
            return;
        int count = 0;
        while (count < 1 << 20 && task.Memory.TryRead(array + (ulong)count * sizeof(ulong), out ulong address) && address != 0)
            count++;
        line.Append(" /* ").Append(count).Append(count == 1 ? " var */" : " vars */");
    }

    private static int CountEntries(Task task, ulong address, long bytes)
    {
        const ulong lengthOffset = 16;
        int count = 0;
        ulong end = address + (ulong)bytes;
        while (address < end && task.Memory.TryRead(address + lengthOffset, out ushort length) && length != 0)
        {
            address += length;
            count++;
        }
        return count;
    }

    private static void AppendVectors(Task task, StringBuilder line, ulong array, int count, long filled)
    {
        if (array == 0 || count < 0)
        {
            AppendAddress(line, array);
            return;
        }
        line.Append('[');
        for (int i = 0; i < count && task.Memory.TryRead(array + (ulong)i * 16, out IoVector vector); i++)
        {
            if (i > 0)
                line.Append(", ");
            if (i == TextPrinter.Shown)
            {
                line.Append("...");
                break;
            }
            line.Append("{iov_base=");
            if (filled < 0)
            {
                AppendAddress(line, vector.iov_base);
            }
            else
            {
                long shown = Math.Min((long)Math.Min(vector.iov_len, long.MaxValue), filled);
                AppendBytes(task, line, vector.iov_base, (ulong)shown);
                filled -= shown;
            }
            line.Append(", iov_len=").Append(vector.iov_len).Append('}');
        }
        line.Append(']');
    }

    private static bool AppendPointed(Task task, StringBuilder line, ulong address, string before, string after, bool hex)
    {
        if (address == 0 || !task.Memory.TryRead(address, out long value))
            return false;
        line.Append(before).Append(hex ? value.ToString("x") : value.ToString()).Append(after);
        return true;
    }

    private static bool AppendSet(Task task, StringBuilder line, ulong address)
    {
        if (address == 0 || !task.Memory.TryRead(address, out ulong set))
            return false;
        SignalPrinter.AppendSet(line, set);
        return true;
    }

    private static unsafe void AppendFrameMask(Task task, StringBuilder line)
    {
        line.Append("{mask=");
        if (task.Memory.TryRead(task.Cpu.State->Gpr[4] - 8, out RtSigframe frame))
            SignalPrinter.AppendSet(line, frame.uc.uc_sigmask);
        line.Append('}');
    }

    private static bool AppendWaitStatus(Task task, StringBuilder line, ulong address, long result)
    {
        if (address == 0 || result == 0 || !task.Memory.TryRead(address, out int status))
            return false;
        int signal = status & 0x7F;
        line.Append("[{");
        if (status == 0xFFFF)
            line.Append("WIFCONTINUED(s)");
        else if (signal == 0)
            line.Append("WIFEXITED(s) && WEXITSTATUS(s) == ").Append((status >> 8) & 0xFF);
        else if (signal == 0x7F)
            line.Append("WIFSTOPPED(s) && WSTOPSIG(s) == ").Append(Sig.Name((status >> 8) & 0xFF));
        else
            line.Append("WIFSIGNALED(s) && WTERMSIG(s) == ").Append(Sig.Name(signal)).Append((status & 0x80) != 0 ? " && WCOREDUMP(s)" : "");
        line.Append("}]");
        return true;
    }

    private static bool AppendPrctl(Task task, StringBuilder line, StraceCall call, ulong value)
    {
        // The last three are unused by all but a few options, and strace leaves them out.
        switch (call.Arguments.Int0)
        {
            case Prctl.PR_SET_NAME:
            case Prctl.PR_GET_NAME:
                AppendText(task, line, value, 16, TextPrinter.Shown);
                call.Printed = call.Row!.Count;
                return true;
            case Prctl.PR_GET_DUMPABLE:
            case Prctl.PR_GET_KEEPCAPS:
            case Prctl.PR_GET_TIMERSLACK:
            case Prctl.PR_GET_SECCOMP:
                call.Printed = call.Row!.Count;
                return true;
            case Prctl.PR_CAPBSET_READ:
                line.Append(value);
                call.Printed = call.Row!.Count;
                return true;
            default:
                AppendPlainHex(line, value);
                return true;
        }
    }
}
