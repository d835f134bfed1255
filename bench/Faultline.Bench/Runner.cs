using System.Diagnostics;
using System.Security.Cryptography;

namespace Faultline.Bench;

/// <summary>One way to run a guest program: natively, under an emulator, on Faultline.</summary>
/// <param name="Name">Column heading.</param>
/// <param name="Prefix">Command and arguments in front of the program's path.</param>
/// <param name="Avx2">What a program that needs AVX2 takes besides.</param>
internal sealed record Runner(string Name, string[] Prefix, string[] Avx2)
{
    /// <summary>The heading of the runs on the host processor itself.</summary>
    public const string Native = "native";

    /// <summary>The heading of the other emulator.</summary>
    public const string Qemu = "qemu-x86_64";

    /// <summary>The heading of Faultline as it is used.</summary>
    public const string Faultline = "faultline";

    /// <summary>The heading of Faultline with --engine interpreter, in the start-up group.</summary>
    public const string Interpreter = "interpreter alone";

    /// <summary>A run that takes longer is stopped and counts as failed.</summary>
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(5);

    /// <summary>Runs a program once and times it.</summary>
    public Sample Run(string[] program, bool needsAvx2)
    {
        string[] command = [.. Prefix, .. needsAvx2 ? Avx2 : [], .. program];
        ProcessStartInfo start = new(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // What programs print or in which order they visit their tables must not depend on the user or on chance.
        start.Environment["LC_ALL"] = "C";
        start.Environment["PYTHONHASHSEED"] = "0";
        start.Environment["PERL_HASH_SEED"] = "0";

        long began = Stopwatch.GetTimestamp();
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<byte[]> digest = Task.Run(() => SHA256.HashData(process.StandardOutput.BaseStream));
        Task<string> errors = process.StandardError.ReadToEndAsync();
        bool ended = process.WaitForExit(_limit);
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        if (!ended)
            process.Kill(entireProcessTree: true);
        process.WaitForExit();
        string first = errors.Result.TrimEnd().Split('\n')[0];
        return new Sample(seconds, Convert.ToHexString(digest.Result), ended ? process.ExitCode : -1, first);
    }
}
