namespace Faultline;

/// <summary>A program could not be started. The message is one sentence that says why, with the path.</summary>
public sealed class ProgramLoadException : Exception
{
    internal ProgramLoadException(string message, int errno)
        : base(message) => Errno = errno;

    /// <summary>Linux's error number for it, as execve(2) would return, positive.</summary>
    public int Errno { get; }

    /// <summary>
    /// The status a shell gives: 127 when the program, or an interpreter that it needs, was not found; 126 when it was found and could not be executed.
    /// </summary>
    public int ExitStatus => Errno is 2 or 20 ? 127 : 126;
}
