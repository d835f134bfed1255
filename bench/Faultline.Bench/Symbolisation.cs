using System.Diagnostics;
using System.Globalization;
using System.Text;
using Faultline.Elf;
using Faultline.Elf.Sources;
using Faultline.Elf.Symbols;

namespace Faultline.Bench;

/// <summary>
/// Times a call trace of 60 lines against a kernel with DWARF: 'faultline explain' on the whole report, one addr2line for each line, and one nm and one
/// addr2line for each line, which is what the kernel's scripts/decode_stacktrace.sh runs (it looks every symbol up with nm). Whole processes, wall time.
/// </summary>
internal static class Symbolisation
{
    private const int Lines = 60;

    /// <summary>What names the image.</summary>
    private const string Variable = "FAULTLINE_VMLINUX";

    /// <summary>Runs it and prints one line for each way.</summary>
    /// <returns>0, or 1 when something failed to run.</returns>
    public static int Run(int rounds)
    {
        string? image = Environment.GetEnvironmentVariable(Variable);
        if (image is null || !File.Exists(image))
        {
            Console.WriteLine($"symbolise was left out: {Variable} names no vmlinux with DWARF. One comes with Debian's package"
                + " linux-image-6.1.0-NN-cloud-amd64-dbg: apt-get download it, dpkg -x PACKAGE DIR, then DIR/usr/lib/debug/boot/vmlinux-*");
            return 0;
        }
        string? addr2Line = Preparation.FindTool("addr2line");
        string? nm = Preparation.FindTool("nm");
        if (addr2Line is null || nm is null)
        {
            Console.WriteLine("symbolise was left out: addr2line and nm are not installed (Debian package binutils)");
            return 0;
        }
        if (ChooseTrace(image) is not { } trace)
        {
            Console.Error.WriteLine($"bench: {image}: not an ELF file with {Lines} functions");
            return 1;
        }

        string home = Environment.GetEnvironmentVariable("FAULTLINE_HOME") ?? Directory.GetCurrentDirectory();
        string report = Path.GetTempFileName();
        File.WriteAllText(report, ReportOf(trace));
        try
        {
            // The first run brings the image into the host's page cache for all.
            TimeOf(addr2Line, "-e", image, "0x0");
            List<double> ours = [], repeated = [], scripted = [];
            for (int round = 0; round < rounds; round++)
            {
                ours.Add(TimeOf(Path.Combine(home, "faultline"), "explain", report, "--image", image));
                double lines = trace.Sum(line => TimeOf(addr2Line, "-i", "-f", "-e", image, $"0x{line.Address:x}"));
                repeated.Add(lines);
                scripted.Add(lines + trace.Sum(_ => TimeOf(nm, image)));
            }
            double own = Median(ours);
            Print($"faultline explain, {Lines} lines", own, own);
            Print($"addr2line -i -f, once a line", Median(repeated), own);
            Print("nm and addr2line, once a line", Median(scripted), own);
            return 0;
        }
        finally
        {
            File.Delete(report);
        }
    }

    private static void Print(string what, double seconds, double own) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-32} {seconds,8:F3} s  {seconds / own,6:F1} times faultline's"));

    private static List<(string Name, ulong Offset, ulong Size, ulong Address)>? ChooseTrace(string image)
    {
        IElfSource? source = HostFileElfSource.Open(image, out _);
        using IDisposable? open = source as IDisposable;
        if (source is null || ElfFile.Open(source, ElfRole.Inspect, out _) is not { } elf)
            return null;
        List<ElfSymbol> functions = [];
        for (int i = 0; i < elf.Symbols.Count; i++)
        {
            ElfSymbol symbol = elf.Symbols[i];
            if (symbol is { Type: SymbolType.STT_FUNC, Size: >= 64 } && elf.Symbols.FindName(symbol.Name).Count == 1)
                functions.Add(symbol);
        }
        if (functions.Count < Lines)
            return null;
        return [.. Enumerable.Range(0, Lines).Select(i => functions[i * functions.Count / Lines])
            .Select(symbol => (symbol.Name, symbol.Size / 2, symbol.Size, symbol.Address + (symbol.Size / 2)))];
    }

    private static string ReportOf(List<(string Name, ulong Offset, ulong Size, ulong Address)> trace)
    {
        StringBuilder text = new("BUG: kernel NULL pointer dereference, address: 0000000000000008\nOops: 0000 [#1] PREEMPT SMP\n");
        text.Append($"RIP: 0010:{trace[0].Name}+0x{trace[0].Offset:x}/0x{trace[0].Size:x}\nCall Trace:\n <TASK>\n");
        foreach ((string name, ulong offset, ulong size, _) in trace)
            text.Append(CultureInfo.InvariantCulture, $" {name}+0x{offset:x}/0x{size:x}\n");
        return text.Append(" </TASK>\n---[ end trace 0000000000000000 ]---\n").ToString();
    }

    private static double TimeOf(string program, params string[] arguments)
    {
        long began = Stopwatch.GetTimestamp();
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        _ = errors.Result;
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static double Median(List<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
