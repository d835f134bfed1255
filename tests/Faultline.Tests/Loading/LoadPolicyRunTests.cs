using Faultline.Elf.Headers;
using Faultline.Elf.Tests.Support;
using Faultline.Tests.CommandLine;
using Faultline.Tests.Parity;
using Faultline.Tests.Support;

namespace Faultline.Tests.Loading;

/// <summary>Programs loaded as on hosts with larger pages.</summary>
public sealed class LoadPolicyRunTests
{
    /// <summary>Where code ends and data starts is from a program that failed on such a host: in one page of 16 KiB, in two of 4 KiB.</summary>
    private const ulong Code = 0x60ec120;

    /// <summary>Exits with AT_PAGESZ divided by 4096.</summary>
    private static readonly byte[] _exitWithPageSize =
    [
        0x48, 0x8b, 0x0c, 0x24, 0x48, 0x8d, 0x74, 0xcc, 0x10, // mov rcx, [rsp]; lea rsi, [rsp+rcx*8+16]: envp
        0x48, 0xad, 0x48, 0x85, 0xc0, 0x75, 0xf9, // lodsq; test rax, rax; jnz: to the auxiliary vector
        0x48, 0xad, 0x89, 0xc7, 0x48, 0xad, 0x83, 0xff, 0x06, 0x75, 0xf5, // lodsq; mov edi, eax; lodsq; cmp edi, AT_PAGESZ; jne
        0xc1, 0xe8, 0x0c, 0x89, 0xc7, 0xb8, 0xe7, 0x00, 0x00, 0x00, 0x0f, 0x05, // shr eax, 12; mov edi, eax; mov eax, 231 (exit_group); syscall
    ];

    [Theory]
    [InlineData(4096, GuestLoadPolicy.Linux)]
    [InlineData(4096, GuestLoadPolicy.HostPage)]
    [InlineData(4096, GuestLoadPolicy.HostPageBlank)]
    [InlineData(16384, GuestLoadPolicy.Linux)]
    [InlineData(16384, GuestLoadPolicy.GuestPage)]
    [InlineData(16384, GuestLoadPolicy.HostPageUnlessOverlap)]
    [InlineData(65536, GuestLoadPolicy.Linux)]
    [InlineData(65536, GuestLoadPolicy.GuestPage)]
    [InlineData(65536, GuestLoadPolicy.HostPageUnlessOverlap)]
    public void SoundPoliciesRunTheProgramAndTellItOfPagesOf4Kib(int hostPageSize, GuestLoadPolicy policy)
    {
        using TestFolder folder = new();
        RunResult result = Run(folder, policy, hostPageSize, Program(0x1_0000));
        Assert.True(result.Report is null, result.Report?.ToString());
        Assert.Equal(1, result.ExitStatus);
    }

    [Theory]
    [InlineData(GuestLoadPolicy.HostPage, 0x4000)]
    [InlineData(GuestLoadPolicy.HostPageBlank, 0x1000)]
    public void ABrokenPolicyKillsItAndTheReportNamesTheReason(GuestLoadPolicy policy, ulong alignment)
    {
        using TestFolder folder = new();
        RunResult result = Run(folder, policy, 16384, Program(alignment));
        Assert.Equal(139, result.ExitStatus);
        FaultReport report = Assert.IsType<FaultReport>(result.Report);
        Assert.Equal(Code, report.InstructionPointer);
        string cause = string.Join('\n', report.Findings);
        Assert.Contains("the bytes at rip are 00 00", cause, StringComparison.Ordinal);
        Assert.Contains("add byte ptr [rax], al", cause, StringComparison.Ordinal);
        Assert.Contains("has 48 8b 0c 24 48 8d 74 cc 10 48 ad 48 85 c0 75 f9 there, at offset 0x22120: mov rcx, qword ptr [rsp]", cause, StringComparison.Ordinal);
        Assert.Contains("was widened from 0x60ed000 down to 0x60ec000, a page of the host", cause, StringComparison.Ordinal);
        Assert.Contains("zeroed 0x60ec000 to 0x60ec1a0", cause, StringComparison.Ordinal);
        Assert.Contains($"cause:\n  {report.Findings[0]}\n", report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void AFaultOfTheProgramsOwnHasNoSuchCause()
    {
        using TestFolder folder = new();
        byte[] program = Program(0x4000);
        // hlt in place of the program's first instruction: the bytes are the file's.
        program[0x22120] = 0xf4;
        RunResult result = Run(folder, GuestLoadPolicy.Linux, 16384, program);
        Assert.Equal(139, result.ExitStatus);
        Assert.Empty(result.Report!.Findings);
        Assert.DoesNotContain("cause:", result.Report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void APositionIndependentProgramAndItsTailsAreLoadedToo()
    {
        using TestFolder folder = new();
        // A read-only segment with a tail is cleared by loaders in user space; the first segment is widened below its first page.
        ElfBuilder builder = new ElfBuilder { Type = 3, Entry = 0x5120, MinimumLength = 0x30000 }
            .Segment(SegmentType.PT_LOAD, 4, 0x11000, 0x1000, 0x100, 0x800, 0x1_0000)
            .Segment(SegmentType.PT_LOAD, 5, 0x25100, 0x5100, 0x100, 0x100, 0x1_0000)
            .Bytes(0x25120, _exitWithPageSize);
        foreach (GuestLoadPolicy policy in new[] { GuestLoadPolicy.Linux, GuestLoadPolicy.GuestPage, GuestLoadPolicy.HostPage, GuestLoadPolicy.HostPageUnlessOverlap })
        {
            RunResult result = Run(folder, policy, 65536, builder.Build());
            Assert.True(result.Report is null, result.Report?.ToString());
            Assert.Equal(1, result.ExitStatus);
        }
    }

    [Theory]
    [InlineData("--host-page-size 8192: there are 4096, 16384, 65536; see 'faultline run --help'", "--host-page-size", "8192")]
    [InlineData("--load-policy page: there are linux, guest-page, host-page, host-page-unless-overlap, host-page-blank; see 'faultline run --help'", "--load-policy", "page")]
    public void MistakesAreToldOf(string message, string option, string value)
    {
        CommandResult result = Launcher.Run("run", option, value, "/bin/true");
        Assert.Equal($"faultline: {message}\n", result.Errors);
        Assert.Equal(2, result.Status);
    }

    [Fact]
    public void TheCommandLoadsByThePolicyToo()
    {
        using TestFolder folder = new();
        string program = folder.Write("program", Program(0x4000));
        Assert.Equal(1, Launcher.Run("run", "--host-page-size", "16384", program).Status);
        CommandResult broken = Launcher.Run("run", "--host-page-size=16384", "--load-policy=host-page", program);
        Assert.Equal(139, broken.Status);
        Assert.Contains("was widened from 0x60ed000 down to 0x60ec000", broken.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void OptionsAreChecked()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Machine(new MachineOptions { HostPageSize = 8192 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Machine(new MachineOptions { LoadPolicy = (GuestLoadPolicy)9 }));
    }

    private static byte[] Program(ulong alignment) => new ElfBuilder { Entry = Code, MinimumLength = 0x26000 }
        .Segment(SegmentType.PT_LOAD, 4, 0, 0x6000000, 0x800, 0x800)
        .Segment(SegmentType.PT_LOAD, 5, 0x21400, 0x60eb400, 0xda0, 0xda0)
        .Segment(SegmentType.PT_LOAD, 6, 0x241a0, 0x60ed1a0, 0x200, 0x3000, alignment)
        .Bytes(0x22120, _exitWithPageSize)
        .Build();

    private static RunResult Run(TestFolder folder, GuestLoadPolicy policy, int hostPageSize, byte[] program)
    {
        using Machine machine = new(new MachineOptions { HostPageSize = hostPageSize, LoadPolicy = policy });
        return machine.Run(folder.Write("program", program));
    }
}
