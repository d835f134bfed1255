namespace Faultline.Explain.Decode.Syscalls;

/// <summary>A register frame read by one ABI, in the terms of <c>struct ptrace_syscall_info</c> (ptrace(2)). Null is what the dump does not have.</summary>
internal sealed record SyscallView
{
    /// <summary>The ABI that it was read by.</summary>
    public required SyscallAbi Abi { get; init; }

    /// <summary><c>instruction_pointer</c>.</summary>
    public ulong? InstructionPointer { get; init; }

    /// <summary><c>stack_pointer</c>.</summary>
    public ulong? StackPointer { get; init; }

    /// <summary><c>entry.nr</c>.</summary>
    public ulong? Number { get; init; }

    /// <summary>The call's name; null when the number is not one.</summary>
    public string? Name => Number is { } number and <= int.MaxValue && Abi.Names.ByNumber.TryGetValue((int)number, out string? name) ? name : null;

    /// <summary><c>entry.args</c>, six of them.</summary>
    public IReadOnlyList<ulong?> Arguments { get; init; } = [];

    /// <summary>Where each argument was found, as the dump names it.</summary>
    public IReadOnlyList<string> Places { get; init; } = [];

    /// <summary><c>exit.rval</c>: the result, or a negative errno.</summary>
    public long? ReturnValue { get; init; }

    /// <summary><c>exit.is_error</c>.</summary>
    public bool? IsError { get; init; }

    /// <summary>What had to be assumed, and what the values say.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
