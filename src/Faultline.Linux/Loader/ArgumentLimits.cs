using Faultline.Linux.Abi.Processes;
using Faultline.Linux.Mm;

namespace Faultline.Linux.Loader;

/// <summary>How large argv and envp may be (bprm_stack_limits, valid_arg_len).</summary>
internal static class ArgumentLimits
{
    /// <summary>MAX_ARG_STRLEN: the longest single string, its NUL included.</summary>
    public const int MaxString = 32 * 4096;

    private const ulong ArgMax = 128 << 10;
    private const ulong DefaultStack = 8 << 20;

    /// <summary>How many bytes strings and pointers may take: a quarter of the stack limit, at least 128 KiB, at most 6 MiB.</summary>
    public static ulong Total(ResourceLimits limits) =>
        Math.Max(Math.Min(DefaultStack / 4 * 3, limits[Resource.RLIMIT_STACK].rlim_cur / 4), ArgMax);

    /// <summary>Whether Linux takes them; E2BIG otherwise.</summary>
    public static bool Fit(ExecuteRequest request, ResourceLimits limits)
    {
        ulong pointers = ((ulong)Math.Max(request.Arguments.Count, 1) + (ulong)request.Environment.Count) * sizeof(ulong);
        ulong limit = Total(limits);
        if (limit <= pointers)
            return false;
        ulong strings = (ulong)request.Path.Length + 1;
        return Add(request.Environment, ref strings) && Add(request.Arguments, ref strings) && strings <= limit - pointers;
    }

    private static bool Add(List<string> list, ref ulong sum)
    {
        foreach (string text in list)
        {
            if (text.Length >= MaxString)
                return false;
            sum += (ulong)text.Length + 1;
        }
        return true;
    }
}
