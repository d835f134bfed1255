namespace Faultline.Linux.Loader;

/// <summary>Why a program could not be loaded.</summary>
/// <param name="Errno">What execve(2) returns, positive; 0 for no error.</param>
/// <param name="Message">One sentence without a full stop, starting with the file's name.</param>
/// <param name="IsFatal">Linux finds this out when the old program is gone already: the process dies of SIGSEGV instead of getting the errno.</param>
internal readonly record struct ExecuteError(int Errno, string Message, bool IsFatal = false);
