using System.Text;
using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Signals;
using Faultline.Linux.Kernel;

namespace Faultline.Linux.Syscalls.Strace;

/// <summary>Prints one argument by its kind, as strace(1) does.</summary>
internal static partial class ArgumentPrinter
{
    private const int PathMax = 4096;
    private const int AtFdcwd = -100;

    /// <summary>Appends an argument; nothing when the call does not have it after all.</summary>
    /// <param name="task">Whose memory it points into.</param>
    /// <param name="call">The call.</param>
    /// <param name="index">Which argument.</param>
    /// <param name="result">The call's result, for kinds that the call fills.</param>
    public static void Append(Task task, StraceCall call, int index, long result)
    {
        ulong value = call.Arguments[index];
        Arg kind = call.Row![index];
        StringBuilder line = call.Line;
        if (kind >= Arg.FirstOut && Errno.IsError(result))
        {
            AppendUnfilled(task, call, kind, value);
            return;
        }
        if (!AppendNumber(line, kind, value) && !AppendNamed(line, call, index, kind, value) && !AppendStructure(task, call, index, kind, value, result)
            && !AppendSocket(task, call, index, kind, value, result))
            AppendAddress(line, value);
    }

    /// <summary>What follows the result in parentheses.</summary>
    public static void Outcome(Task task, StraceCall call, long result)
    {
        switch (call.Row?.Name)
        {
            case "fcntl" when call.Arguments.Int1 == 1:
                call.Outcome = result == 0 ? "" : " (flags FD_CLOEXEC)";
                break;
            case "fcntl" when call.Arguments.Int1 == 3:
                StringBuilder flags = new(" (flags ");
                AppendTyped(flags, (ulong)result, 3, NameTables.OpenAccess, NameTables.Open, "O_???");
                call.Outcome = flags.Append(')').ToString();
                break;
            case "prctl" when call.Arguments.Int0 == Abi.Processes.Prctl.PR_GET_DUMPABLE:
                call.Outcome = result == 1 ? " (SUID_DUMP_USER)" : " (SUID_DUMP_DISABLE)";
                break;
            case "personality":
                StringBuilder personality = new(" (");
                AppendPersonality(personality, (uint)result);
                call.Outcome = personality.Append(')').ToString();
                break;
            case "poll" or "ppoll":
                call.Outcome = PollOutcome(task, call, result);
                break;
            case "select" or "pselect6" when result == 0:
                call.Outcome = " (Timeout)";
                break;
        }
    }

    /// <summary>Appends an address: NULL or hexadecimal.</summary>
    public static void AppendAddress(StringBuilder line, ulong value)
    {
        if (value == 0)
            line.Append("NULL");
        else
            line.Append("0x").Append(value.ToString("x"));
    }

    /// <summary>An argument that a failed call left alone.</summary>
    private static void AppendUnfilled(Task task, StraceCall call, Arg kind, ulong value)
    {
        if (kind == Arg.IovecOut)
            AppendVectors(task, call.Line, value, call.Arguments.Int2, filled: -1);
        else if (kind == Arg.LengthInOut && value != 0)
            call.Line.Append('[').Append(call.LengthBefore).Append(']');
        else if (kind == Arg.MsghdrOut && value != 0)
            call.Line.Append("{msg_namelen=").Append(call.LengthBefore).Append('}');
        else if (kind == Arg.PrctlArgument)
            AppendPlainHex(call.Line, value);
        else
            AppendAddress(call.Line, value);
    }

    private static bool AppendNumber(StringBuilder line, Arg kind, ulong value)
    {
        switch (kind)
        {
            case Arg.Int:
            case Arg.Fd:
                line.Append((int)value);
                return true;
            case Arg.Unsigned:
                line.Append((uint)value);
                return true;
            case Arg.Long:
            case Arg.Offset:
                line.Append((long)value);
                return true;
            case Arg.Size:
                line.Append(value);
                return true;
            case Arg.Id:
                if ((uint)value == uint.MaxValue)
                    line.Append("-1");
                else
                    line.Append((uint)value);
                return true;
            case Arg.HexOffset:
            case Arg.Hex:
                AppendPlainHex(line, value);
                return true;
            case Arg.OctalMode:
            case Arg.Mode:
                if (kind == Arg.Mode && (value & 0xF000) != 0)
                    AppendFileMode(line, (uint)value);
                else
                    AppendOctal(line, value);
                return true;
            case Arg.Device:
                line.Append("makedev(0x").Append(((value >> 8) & 0xFFF).ToString("x")).Append(", 0x")
                    .Append(((value & 0xFF) | ((value >> 12) & 0xFFFFF00)).ToString("x")).Append(')');
                return true;
            case Arg.DirFd:
                if ((int)value == AtFdcwd)
                    line.Append("AT_FDCWD");
                else
                    line.Append((int)value);
                return true;
            case Arg.Signal:
                line.Append(Sig.IsValid((int)value) ? Sig.Name((int)value) : ((int)value).ToString());
                return true;
            default:
                return false;
        }
    }
}
