using System.Diagnostics;
using Faultline.Tests.Support;

namespace Faultline.Tests.BadInput;

/// <summary>Damaged copies of a program are run: whatever they do, it is a result or a refusal, and a run that does not end can be stopped.</summary>
public sealed class MutatedProgramTests : IDisposable
{
    private const int Runs = 800;
    private const int WatchdogMilliseconds = 60;

    private static readonly ulong[] _extremes =
    [
        0, 1, 2, 0x38, 0x40, 0xfff, 0x1000, 0xffff, 0x7fffffff, 0xffffffff, 0x7fffffffe000, 0x7ffffffff000, 0x800000000000,
        0x7fffffffffffffff, 0x8000000000000000, ulong.MaxValue - 0xfff, ulong.MaxValue,
    ];

    private readonly TestFolder _folder = new();

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    [LinuxFact]
    public void NothingEscapes()
    {
        byte[] original = TinyProgram.Build();
        int refused = 0, killed = 0, exited = 0, stopped = 0;
        for (int seed = 0; seed < Runs; seed++)
        {
            _folder.Write("program", Damage(original, new Random(seed)));
            Stopwatch time = Stopwatch.StartNew();
            // Alone in its folder: a damaged program may make any system call.
            using Machine machine = new(new MachineOptions
            {
                Root = _folder.Path,
                Environment = [],
                StandardInput = Stream.Null,
                StandardOutput = Stream.Null,
                StandardError = Stream.Null,
            });
            using Timer watchdog = new(_ => machine.Stop(), null, WatchdogMilliseconds, WatchdogMilliseconds);
            try
            {
                RunResult result = machine.Run("/program");
                if (result.Signal == 9)
                    stopped++;
                else if (result.Signal != 0)
                    killed++;
                else
                    exited++;
                Assert.Equal(result.Signal != 0 ? 128 + result.Signal : result.ExitStatus, result.ExitStatus);
                _ = result.Report?.ToString();
            }
            catch (ProgramLoadException e)
            {
                refused++;
                Assert.Equal(126, e.ExitStatus);
                Assert.DoesNotContain('\n', e.Message);
            }
            catch (Exception e) when (e is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"program {seed}: {e}");
            }
            Assert.True(time.Elapsed < TimeSpan.FromSeconds(20), $"program {seed} took {time.Elapsed}");
        }
        Repository.Note($"mutation: {Runs} damaged programs run: {exited} exited, {killed} killed, {stopped} stopped, {refused} refused");
        Assert.True(refused > 50 && killed > 50 && exited > 50 && stopped > 0, $"{refused} refused, {killed} killed, {exited} exited, {stopped} stopped");
    }

    private static byte[] Damage(byte[] original, Random random)
    {
        byte[] file = (byte[])original.Clone();
        int codeLength = TinyProgram.Code.Length;
        for (int count = 1 + random.Next(3); count > 0; count--)
        {
            switch (random.Next(4))
            {
                case 0:
                    BitConverter.GetBytes(_extremes[random.Next(_extremes.Length)]).CopyTo(file, 24 + 8 * random.Next(18));
                    break;
                case 1:
                    file[random.Next(64 + 2 * 56)] ^= (byte)(1 << random.Next(8));
                    break;
                default:
                    file[TinyProgram.CodeOffset + random.Next(codeLength)] = (byte)random.Next(256);
                    break;
            }
        }
        return random.Next(12) == 0 ? file[..random.Next(file.Length)] : file;
    }
}
