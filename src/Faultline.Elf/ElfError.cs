namespace Faultline.Elf;

/// <summary>Why an ELF file was refused: a code, one sentence, and what execve(2) does about it on Linux.</summary>
internal readonly struct ElfError
{
    private readonly string? _message;

    /// <summary>Makes an error.</summary>
    /// <param name="code">The kind of error.</param>
    /// <param name="errno">What execve(2) returns, as a positive number.</param>
    /// <param name="message">One sentence without a full stop and without the file's name.</param>
    /// <param name="isFatal">See <see cref="IsFatal"/>.</param>
    public ElfError(ElfErrorCode code, int errno, string message, bool isFatal = false)
    {
        Code = code;
        Errno = errno;
        _message = message;
        IsFatal = isFatal;
    }

    /// <summary>The kind of error; <see cref="ElfErrorCode.None"/> when there is none.</summary>
    public ElfErrorCode Code { get; }

    /// <summary>The errno of execve(2), positive, or 0 without an error.</summary>
    public int Errno { get; }

    /// <summary>
    /// Whether Linux finds this out only after the old image is gone (begin_new_exec): execve then cannot return, and the
    /// process dies of SIGSEGV. <see cref="Errno"/> is what the kernel had in hand at that moment.
    /// </summary>
    public bool IsFatal { get; }

    /// <summary>One sentence that says what is wrong, with the numbers; empty without an error.</summary>
    public string Message => _message ?? string.Empty;

    /// <inheritdoc/>
    public override string ToString() => Code == ElfErrorCode.None ? "no error" : $"{Code}: {Message}";
}
