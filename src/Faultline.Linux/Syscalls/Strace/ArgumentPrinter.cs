using System.Text;
using Faultline.Linux.Kernel;

namespace Faultline.Linux.Syscalls.Strace;

/// <summary>Prints one argument by its kind, as strace(1) does.</summary>
internal static partial class ArgumentPrinter
{
    /// <summary>Appends an argument; nothing when the call does not have it after all.</summary>
    /// <param name="task">Whose memory it points into.</param>
    /// <param name="call">The call.</param>
    /// <param name="index">Which argument.</param>
    /// <param name="result">The call's result, for kinds that the call fills.</param>
    public static void Append(Task task, StraceCall call, int index, long result)
    {
        ulong value = call.Arguments[index];
        AppendAddress(call.Line, value);
    }

    /// <summary>What follows the result in parentheses.</summary>
    public static void Outcome(Task task, StraceCall call, long result)
    {
    }

    /// <summary>Appends an address: NULL or hexadecimal.</summary>
    public static void AppendAddress(StringBuilder line, ulong value)
    {
        if (value == 0)
            line.Append("NULL");
        else
            line.Append("0x").Append(value.ToString("x"));
    }
}
