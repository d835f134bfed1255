namespace Faultline.Linux.Syscalls;

/// <summary>What a system call's result is when it is not an error.</summary>
internal enum Ret : byte
{
    /// <summary>A number or a plain 0.</summary>
    Decimal,

    /// <summary>An address or a bit mask, in hexadecimal.</summary>
    Address,

    /// <summary>A new file descriptor.</summary>
    Descriptor,

    /// <summary>A file mode, in octal.</summary>
    Octal,

    /// <summary>The call does not return.</summary>
    Never,
}
