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
        ReadOnlySpan<byte> own = OwnEnvironment();
        ReadOnlySpan<byte> encoded = Find(own, EnvironmentVariable);
        byte[] original = new byte[encoded.Length];
        // Not by Base64, which is compiled at its first use: for each processor's vectors.
        if (Convert.TryFromBase64String(Encoding.Latin1.GetString(encoded), original, out int length) && length > 0)
            return Split(original.AsSpan(0, length));
        if (!own.IsEmpty)
            return Split(own);
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
        ReadOnlySpan<byte> masks = Find(OwnEnvironment(), SignalsVariable);
        return Utf8Parser.TryParse(masks, out ulong blocked, out int length, 'x')
            && masks[length..] is [(byte)',', .. var second]
            && Utf8Parser.TryParse(second, out ulong ignored, out int rest, 'x') && rest == second.Length
            ? (blocked, ignored)
            : default;
    }

    /// <summary>The environment that this process was started with, in bytes, each variable with a NUL behind it; empty where there is no procfs.</summary>
    private static ReadOnlySpan<byte> OwnEnvironment() => OperatingSystem.IsLinux() ? HostProc.ReadAll("/proc/self/environ\0"u8) : default;

    /// <summary>The value of a variable; empty when there is none.</summary>
    /// <param name="environment">See <see cref="OwnEnvironment"/>.</param>
    /// <param name="name">Its name, in ASCII.</param>
    private static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> environment, string name)
    {
        while (!environment.IsEmpty)
        {
            int end = environment.IndexOf((byte)0);
            ReadOnlySpan<byte> variable = end < 0 ? environment : environment[..end];
            if (variable.Length > name.Length && variable[name.Length] == '=' && Ascii.Equals(variable[..name.Length], name))
                return variable[(name.Length + 1)..];
            environment = end < 0 ? default : environment[(end + 1)..];
        }
        return default;
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
