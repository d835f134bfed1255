using System.Collections.Concurrent;

namespace Faultline.Tests.Parity;

/// <summary>
/// Programs that choose their instructions by CPUID, natively and under every processor model: whatever they choose, they print the same.
/// </summary>
public sealed class ModelParityTests(ModelParityTests.Files files) : IClassFixture<ModelParityTests.Files>
{
    private static readonly CpuLevel[] _models = [CpuLevel.V1, CpuLevel.V2, CpuLevel.V3];

    /// <summary>The commands whose program is here, under each model.</summary>
    public static TheoryData<CpuLevel, string> Present()
    {
        TheoryData<CpuLevel, string> data = [];
        foreach (ParityCommand command in Commands())
        {
            if (!ParityTests.IsNative || ParityTests.FindOnPath(command.Tool) is null)
                continue;
            foreach (CpuLevel model in _models)
                data.Add(model, command.Text);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Present))]
    public void PrintsAsNatively(CpuLevel model, string text)
    {
        ParityCommand command = Commands().First(c => c.Text == text);
        string program = ParityTests.FindOnPath(command.Tool)!;
        string input = files.Fixture.Read(command.Input);
        CommandResult native = files.Natively(command, program, input);
        using MemoryStream output = new();
        using MemoryStream errors = new();
        using Machine machine = new(new MachineOptions
        {
            Cpu = model,
            WorkingDirectory = files.Fixture.Folder,
            Environment = [.. ParityTests.Variables.Select(v => $"{v.Key}={v.Value}")],
            StandardInput = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(input)),
            StandardOutput = output,
            StandardError = errors,
        });
        RunResult ours = machine.Run(program, command.Words.Skip(1));
        if (native.Status == ours.ExitStatus && native.Output.AsSpan().SequenceEqual(output.ToArray()))
            return;
        string said = System.Text.Encoding.Latin1.GetString(errors.ToArray());
        Assert.Fail($"{text}\nstatus: native {native.Status}, ours {ours.ExitStatus}\n{ParityTests.Difference(native.Output, output.ToArray())}\n"
            + $"native errors: {native.Errors}\nour errors: {said}\n{ours.Report}");
    }

    /// <summary>A list that no machine can run proves nothing, and a program that is absent is named.</summary>
    [Fact]
    public void WhatIsAbsentIsNamed()
    {
        List<ParityCommand> all = [.. Commands()];
        List<string> missing = [.. all.Where(c => ParityTests.FindOnPath(c.Tool) is null).Select(c => c.Tool).Distinct()];
        Repository.Note($"processor models: {all.Count - all.Count(c => missing.Contains(c.Tool))} command lines of {all.Count}, under {string.Join(", ", _models)}; not on this machine: {(missing.Count == 0 ? "none" : string.Join(", ", missing))}");
        Assert.True(all.Count >= 40);
    }

    private static IEnumerable<ParityCommand> Commands() =>
        ParityCommand.ReadAll(Path.Combine(Repository.Root, "tests", "Faultline.Tests", "Parity", "model-commands.txt"));

    /// <summary>The fixture's files with compressed ones, and what each command printed natively.</summary>
    public sealed class Files : IDisposable
    {
        private readonly ConcurrentDictionary<string, CommandResult> _native = [];

        /// <summary>Makes the files; those whose compressor is absent are empty, as its commands are skipped.</summary>
        public Files()
        {
            foreach ((string tool, string name) in new[] { ("xz", "packed.xz"), ("gzip", "packed.gz"), ("zstd", "packed.zst") })
            {
                byte[] packed = ParityTests.IsNative && ParityTests.FindOnPath(tool) is { } path
                    ? CommandResult.Run([path, "-c", "words.txt"], Fixture.Folder, "", ParityTests.Variables).Output
                    : [];
                File.WriteAllBytes(Path.Combine(Fixture.Folder, name), packed);
            }
        }

        /// <summary>The files.</summary>
        public ParityFixture Fixture { get; } = new();

        /// <inheritdoc/>
        public void Dispose() => Fixture.Dispose();

        /// <summary>Runs a command on the host, once for all models.</summary>
        internal CommandResult Natively(ParityCommand command, string program, string input) =>
            _native.GetOrAdd(command.Text, _ => CommandResult.Run([program, .. command.Words.Skip(1)], Fixture.Folder, input, ParityTests.Variables));
    }
}
