using System.Buffers.Text;
using System.Collections;
using System.Text;
using Faultline.Linux.Host.Linux;

namespace Faultline.Cli;

/// <summary>This process's arguments and environment as they were passed: in order, and on Linux to the byte.</summary>
internal static class HostProcess
{
    /// <summary>The environment that the launcher was started with, in base64.</summary>
    public const string EnvironmentVariable = "FAULTLINE_ENVIRON";

    /// <summary>The signals that the launcher was started with: SigBlk and SigIgn of /proc/PID/status, with a comma between.</summary>
    public const string SignalsVariable = "FAULTLINE_SIGNALS";

    /// <summary>The environment, each NAME=VALUE.</summary>
    public static List<string> Environment()
    {
        if (FromLauncher() is { Count: > 0 } original)
            return original;
        if (ReadStrings("/proc/self/environ\0"u8) is { } exact)
            return exact;
        List<string> list = [];
        foreach (DictionaryEntry entry in System.Environment.GetEnvironmentVariables())
            list.Add($"{entry.Key}={entry.Value}");
        return list;
    }

    /// <summary>The arguments without the command's own name; <paramref name="decoded"/> is what the runtime made of them.</summary>
    public static string[] Arguments(string[] decoded)
    {
        // What decodes to ASCII is nothing else: then procfs has nothing to add.
        if (Array.TrueForAll(decoded, argument => Ascii.IsValid(argument)))
            return decoded;
        // The host of the runtime may have put arguments of its own in front.
        if (ReadStrings("/proc/self/cmdline\0"u8) is { } exact && exact.Count >= decoded.Length)
            return [.. exact[^decoded.Length..]];
        return decoded;
    }

    /// <summary>The signals that this process was started with blocked and ignored, bit N-1 for signal N; none where only the runtime knows.</summary>
    public static (ulong Blocked, ulong Ignored) Signals()
    {
        // Not by ulong.TryParse, which has the conventions of a culture loaded first; a run needs them for nothing else.
        ReadOnlySpan<byte> masks = Encoding.ASCII.GetBytes(System.Environment.GetEnvironmentVariable(SignalsVariable) ?? "");
        return Utf8Parser.TryParse(masks, out ulong blocked, out int length, 'x')
            && masks[length..] is [(byte)',', .. var second]
            && Utf8Parser.TryParse(second, out ulong ignored, out int rest, 'x') && rest == second.Length
            ? (blocked, ignored)
            : default;
    }

    /// <summary>What the launcher was started with, in base64: the shell that it is may have reordered and added variables.</summary>
    private static List<string>? FromLauncher()
    {
        if (System.Environment.GetEnvironmentVariable(EnvironmentVariable) is not { Length: > 0 } encoded)
            return null;
        byte[] bytes = new byte[encoded.Length];
        return Convert.TryFromBase64String(encoded, bytes, out int length) ? Split(bytes.AsSpan(0, length)) : null;
    }

    /// <summary>The strings of a file of procfs; null where there is none: then what the runtime decoded serves.</summary>
    private static List<string>? ReadStrings(ReadOnlySpan<byte> path) =>
        OperatingSystem.IsLinux() && HostProc.ReadAll(path) is { IsEmpty: false } bytes ? Split(bytes) : null;

    private static List<string> Split(ReadOnlySpan<byte> bytes)
    {
        List<string> strings = [];
        int start = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] != 0)
                continue;
            strings.Add(GuestText.FromBytes(bytes[start..i]));
            start = i + 1;
        }
        return strings;
    }
}
