using Faultline.Linux.Abi;

namespace Faultline.Explain.Values;

/// <summary>Error numbers hidden in values: ERR_PTR, negative results of 64 and of 32 bits.</summary>
internal static class ErrorCode
{
    /// <summary>Recognises a 64-bit value between -4095 and -1 (include/linux/err.h).</summary>
    /// <param name="value">The value.</param>
    /// <param name="errno">The positive error number.</param>
    public static bool TryPointer(ulong value, out int errno)
    {
        bool isError = Errno.IsError(unchecked((long)value));
        errno = isError ? unchecked((int)-(long)value) : 0;
        return isError;
    }

    /// <summary>Recognises a negative error in the lower 32 bits under a zero upper half: an int that nothing has widened yet.</summary>
    public static bool TryInt(ulong value, out int errno)
    {
        errno = 0;
        return value >> 32 == 0 && TryPointer(unchecked((ulong)(int)(uint)value), out errno) && HasName(errno);
    }

    /// <summary>Whether Linux gives the number a name.</summary>
    public static bool HasName(int errno) => Errno.Name(errno) is [>= 'A' and <= 'Z', ..];

    /// <summary>Such as "-EINVAL (-22, Invalid argument)", or "-300 (no error has that number)".</summary>
    public static string Describe(int errno) => HasName(errno)
        ? $"-{Errno.Name(errno)} (-{errno}, {Errno.Describe(errno)})"
        : $"-{errno} (no error has that number)";
}
