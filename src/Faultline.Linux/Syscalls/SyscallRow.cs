using Faultline.Linux.Kernel;

namespace Faultline.Linux.Syscalls;

/// <summary>
/// One system call, declared once: dispatch, the strace output, the compatibility page and a tracer's view all read this row.
/// </summary>
internal sealed unsafe class SyscallRow
{
    /// <summary>Makes a row; at most six argument kinds.</summary>
    public SyscallRow(
        string name, delegate*<Task, in SyscallArguments, long> handler, Support support, Ret returns, ReadOnlySpan<Arg> arguments, string note)
    {
        Name = name;
        Handler = handler;
        Support = support;
        Returns = returns;
        Note = note;
        Count = arguments.Length;
        for (int i = 0; i < arguments.Length; i++)
            _kinds |= (ulong)arguments[i] << (8 * i);
    }

    private SyscallRow(SyscallRow other, string name)
    {
        Name = name;
        Handler = other.Handler;
        Support = other.Support;
        Returns = other.Returns;
        Note = other.Note;
        Count = other.Count;
        _kinds = other._kinds;
    }

    private readonly ulong _kinds;

    /// <summary>The name in Linux's table.</summary>
    public string Name { get; }

    /// <summary>Carries the call out and returns its result or a negative errno; null gives ENOSYS.</summary>
    public delegate*<Task, in SyscallArguments, long> Handler { get; }

    /// <summary>How much of the call there is.</summary>
    public Support Support { get; }

    /// <summary>What the result is.</summary>
    public Ret Returns { get; }

    /// <summary>What is refused or different, for the compatibility page; empty when nothing is.</summary>
    public string Note { get; }

    /// <summary>How many arguments the call has.</summary>
    public int Count { get; }

    /// <summary>The same call under another table's name.</summary>
    public SyscallRow Renamed(string name) => new(this, name);

    /// <summary>The kind of one argument.</summary>
    public Arg this[int index] => (Arg)(byte)(_kinds >> (8 * index));
}
