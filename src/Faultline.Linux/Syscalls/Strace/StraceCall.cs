using System.Text;

namespace Faultline.Linux.Syscalls.Strace;

/// <summary>One traced call between its beginning and its end.</summary>
internal sealed class StraceCall
{
    /// <summary>The row, or null for a number Linux does not have.</summary>
    public required SyscallRow? Row { get; init; }

    /// <summary>The arguments as the guest passed them.</summary>
    public required SyscallArguments Arguments { get; init; }

    /// <summary>The line so far.</summary>
    public StringBuilder Line { get; } = new();

    /// <summary>The room for an address or value before the call (<see cref="Arg.LengthInOut"/>, msg_namelen).</summary>
    public int LengthBefore { get; set; }

    /// <summary>How many arguments have been printed.</summary>
    public int Printed { get; set; }

    /// <summary>What the result is followed by, in parentheses; empty for nothing.</summary>
    public string Outcome { get; set; } = "";
}
