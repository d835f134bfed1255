using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.Versioning;

namespace Faultline.Elf.Tests.Support;

/// <summary>Runs a made-up file natively.</summary>
[SupportedOSPlatform("linux")]
internal static class NativeExec
{
    /// <summary>mov eax, 34 (pause); syscall; jmp back.</summary>
    public static byte[] PauseLoop => [0xb8, 34, 0, 0, 0, 0x0f, 0x05, 0xeb, 0xf7];

    /// <summary>mov edi, 42; mov eax, 231 (exit_group); syscall.</summary>
    public static byte[] Exit42 => [0xbf, 42, 0, 0, 0, 0xb8, 231, 0, 0, 0, 0x0f, 0x05];

    /// <summary>Writes the file as an executable; the caller deletes it.</summary>
    public static string Write(ReadOnlySpan<byte> file)
    {
        string path = Path.Combine(AppContext.BaseDirectory, $"faultline-exec-{Guid.NewGuid():n}");
        File.WriteAllBytes(path, file);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        return path;
    }

    /// <summary>Starts it: the process, or null and the errno of execve.</summary>
    public static Process? Start(string path, out int errno)
    {
        // A child that another test is forking right now may hold our descriptor for writing a moment longer.
        const int ETXTBSY = 26;
        for (int tries = 0; ; tries++)
        {
            try
            {
                errno = 0;
                return Process.Start(new ProcessStartInfo(path) { RedirectStandardError = true, RedirectStandardOutput = true });
            }
            catch (Win32Exception exception)
            {
                errno = exception.NativeErrorCode;
                if (errno != ETXTBSY || tries == 200)
                {
                    return null;
                }

                Thread.Sleep(5);
            }
        }
    }
}
