using Faultline.Tests.Support;

namespace Faultline.Tests;

/// <summary>Faults of processes that the program has made.</summary>
public class ChildFaultTests
{
    /// <summary>fork; the child jumps to 0; the parent waits, twenty times; then exit(0).</summary>
    private static readonly byte[] _forksAndCrashes =
    [
        0xBB, 20, 0, 0, 0,                  // mov ebx, 20
        0xB8, 57, 0, 0, 0,                  // next: mov eax, 57 (fork)
        0x0F, 0x05,                         // syscall
        0x85, 0xC0,                         // test eax, eax
        0x74, 0x22,                         // je child
        0xBF, 0xFF, 0xFF, 0xFF, 0xFF,       // mov edi, -1
        0x31, 0xF6,                         // xor esi, esi
        0x31, 0xD2,                         // xor edx, edx
        0x4D, 0x31, 0xD2,                   // xor r10, r10
        0xB8, 61, 0, 0, 0,                  // mov eax, 61 (wait4)
        0x0F, 0x05,                         // syscall
        0xFF, 0xCB,                         // dec ebx
        0x75, 0xDE,                         // jne next
        0xB8, 231, 0, 0, 0,                 // mov eax, 231 (exit_group)
        0x31, 0xFF,                         // xor edi, edi
        0x0F, 0x05,                         // syscall
        0x90, 0x90,
        0xFF, 0xE6,                         // child: jmp rsi (whatever is there: not mapped)
    ];

    [LinuxFact]
    public void AreReportedAtOnceAndKeptUpToANumber()
    {
        using TestFolder folder = new();
        string program = folder.Write("crashes", TinyProgram.Builder().Bytes(TinyProgram.CodeOffset, _forksAndCrashes).Build());
        List<FaultReport> told = [];
        using Machine machine = new(new MachineOptions { ChildFaulted = told.Add });
        RunResult result = machine.Run(program);
        Assert.Equal(0, result.ExitStatus);
        Assert.Null(result.Report);
        Assert.Equal(RunResult.MaxChildReports, told.Count);
        Assert.Equal(told, result.ChildReports);
        Assert.All(told, report => Assert.Equal("SIGSEGV", report.SignalName));
    }
}
