using Faultline.Cpu.Tests.Differential;

namespace Faultline.Cpu.Tests.Fuzz;

/// <summary>The test assembly as a program: <c>./test --fuzz</c> runs it, so that progress is seen while it goes on.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        if (!NativeRunner.IsSupported)
        {
            Console.Error.WriteLine("fuzz: needs an x86-64 Linux host as the oracle");
            return 2;
        }
        try
        {
            FuzzRun run = new(FuzzOptions.Parse(arguments), Console.Out);
            run.Run();
            return run.Counts.Differences == 0 ? 0 : 1;
        }
        catch (FormatException e)
        {
            Console.Error.WriteLine($"fuzz: {e.Message}");
            return 2;
        }
    }
}
