using System.Collections;

namespace Faultline.Cli;

/// <summary>This process's arguments and environment as they were passed: in order, and on Linux to the byte.</summary>
internal static class HostProcess
{
    /// <summary>The environment, each NAME=VALUE.</summary>
    public static List<string> Environment()
    {
        if (FromLauncher() is { Count: > 0 } original)
            return original;
        if (ReadStrings("/proc/self/environ") is { } exact)
            return exact;
        List<string> list = [];
        foreach (DictionaryEntry entry in System.Environment.GetEnvironmentVariables())
            list.Add($"{entry.Key}={entry.Value}");
        return list;
    }

    /// <summary>The arguments without the command's own name; <paramref name="decoded"/> is what the runtime made of them.</summary>
    public static string[] Arguments(string[] decoded)
    {
        // The host of the runtime may have put arguments of its own in front.
        if (ReadStrings("/proc/self/cmdline") is { } exact && exact.Count >= decoded.Length)
            return [.. exact.Skip(exact.Count - decoded.Length)];
        return decoded;
    }

    /// <summary>What the launcher was started with, in base64: the shell that it is may have reordered and added variables.</summary>
    private static List<string>? FromLauncher()
    {
        if (System.Environment.GetEnvironmentVariable("FAULTLINE_ENVIRON") is not { Length: > 0 } encoded)
            return null;
        byte[] bytes = new byte[encoded.Length];
        return Convert.TryFromBase64String(encoded, bytes, out int length) ? Split(bytes.AsSpan(0, length)) : null;
    }

    private static List<string>? ReadStrings(string path)
    {
        byte[] bytes;
        try
        {
            if (!File.Exists(path))
                return null;
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // No procfs here: what the runtime decoded serves.
            return null;
        }
        return Split(bytes);
    }

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
