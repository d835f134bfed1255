using Faultline.Explain.Findings;

namespace Faultline.Explain.Decode.Syscalls;

/// <summary>
/// Finds frames that were read by another ABI's layout: by a tracer whose view the dump quotes (<c>args[0]</c>, <c>rval</c>, <c>is_error</c>,
/// <c>stack_pointer</c>), or by whoever named the ABI.
/// </summary>
internal static class SyscallFrameCheck
{
    private const string Id = "syscall-frame";

    private const ulong UserCode = 0x33, UserCode32 = 0x23;

    private const ushort SyscallBytes = 0x0f05, Int80Bytes = 0xcd80;

    private const int ArgumentCount = 6;

    /// <summary>The findings about a dump that is read by an ABI; none when nothing contradicts it.</summary>
    public static IReadOnlyList<Finding> Check(RegisterDump dump, SyscallAbi abi)
    {
        List<Finding> findings = [];
        if (abi.IsIa64)
        {
            AddShift(dump, abi, findings);
            AddSign(dump, findings);
            AddStack(dump, findings);
        }
        else
        {
            AddEntry(dump, abi, findings);
        }
        return findings;
    }

    /// <summary>The number shows up as the first argument: a frame with a local was read as one without.</summary>
    private static void AddShift(RegisterDump dump, SyscallAbi abi, List<Finding> findings)
    {
        SyscallView read = SyscallFrame.Read(dump, abi);
        SyscallView withLocals = SyscallFrame.Read(dump, SyscallAbi.Ia64Break);
        ulong?[] told = [.. Enumerable.Range(0, ArgumentCount).Select(i => dump.Element("args", i))];
        bool isTold = told.Any(value => value is not null);
        IReadOnlyList<ulong?> seen = isTold ? told : read.Arguments;
        if (read.Number is not { } number || seen[0] != number || !SyscallFrame.IsIa64Number(number))
            return;
        ulong?[] actual = [.. withLocals.Arguments];
        if (actual[0] == number)
            return;
        int shifted = Enumerable.Range(0, ArgumentCount - 1).Count(i => seen[i + 1] is { } value && value == actual[i]);
        List<Evidence> evidence =
        [
            Evidence.Of($"{(isTold ? "args[0]" : read.Places[0])} is 0x{number:x}, the number of {read.Name}"),
            Evidence.Of($"{shifted} of the following values stand one place too late: the first argument is 0x{actual[0] ?? 0:x}"),
        ];
        if (new Ia64Frame(dump).Locals is { } locals)
            evidence.Add(Evidence.Of($"cr.ifs counts {locals} local{(locals == 1 ? "" : "s")} before the outputs"));
        findings.Add(new Finding
        {
            Id = Id + "-shifted",
            Title = "The register frame was read by the layout of the other system call ABI",
            Observed = $"The system call number, {number} ({read.Name}), appears as the first argument{(isTold ? " that the tracer reports" : "")}, and the arguments follow one place late.",
            Cause = "ia64 has two ways into the kernel. EPC leaves a frame that begins with the arguments; BREAK keeps its caller's frame, in which locals come first, "
                + "and the C library's wrapper has one: the number. The layer that reads arguments for tracers counted from the frame's first register instead of its first output.",
            Confidence = isTold && shifted >= 2 ? Confidence.Certain : Confidence.Likely,
            Evidence = evidence,
            WhatToDo =
            [
                "Skip the locals that cr.ifs counts (bits 13:7) before the first argument, in both ABIs; EPC frames have none.",
                .. isTold ? (string[])[] : ["Read this frame with --abi ia64-break."],
            ],
        });
    }

    /// <summary>An error that is reported as a positive number.</summary>
    private static void AddSign(RegisterDump dump, List<Finding> findings)
    {
        if (dump["is_error"] is not 1 || dump["rval"] is not { } told || (long)told is <= 0 or > 4095)
            return;
        findings.Add(new Finding
        {
            Id = Id + "-errno-sign",
            Title = "The error number has the wrong sign",
            Observed = $"The tracer reports is_error with rval {told}; rval is defined as a negative errno then.",
            Cause = "ia64 returns errors as a positive errno in r8 with r10 at -1. The layer that reports results for tracers handed r8 on without negating it.",
            Confidence = Confidence.Certain,
            Evidence = [Evidence.Of($"rval is {told} with is_error 1"), .. dump["r8"] == told ? [Evidence.Of($"r8 holds {told}")] : (Evidence[])[]],
            WhatToDo = ["Report -r8 when r10 is -1."],
        });
    }

    /// <summary>The register stack's pointer reported for the memory stack's.</summary>
    private static void AddStack(RegisterDump dump, List<Finding> findings)
    {
        if (dump["stack_pointer"] is not { } told || dump["r12"] is not { } r12 || told == r12
            || dump.First("ar.bspstore", "bspstore", "bsps", "ar_bspstore") is not { } store || store != told)
            return;
        findings.Add(new Finding
        {
            Id = Id + "-stack-pointer",
            Title = "The stack pointer is that of the register stack",
            Observed = $"The tracer reports stack_pointer 0x{told:x}, which is ar.bspstore; the memory stack is at 0x{r12:x} (r12).",
            Cause = "ia64 has two stacks. What ptrace calls the stack pointer is r12; ar.bspstore points into the backing store of stacked registers, where no signal frame lies.",
            Confidence = Confidence.Certain,
            Evidence = [Evidence.Of($"ar.bspstore is 0x{store:x}"), Evidence.Of($"r12 is 0x{r12:x}")],
            WhatToDo = ["Report r12."],
        });
    }

    /// <summary>x86: which instruction entered the kernel.</summary>
    private static void AddEntry(RegisterDump dump, SyscallAbi abi, List<Finding> findings)
    {
        bool is32 = ReferenceEquals(abi, SyscallAbi.Int80);
        (bool Is32, Confidence Confidence, Evidence Evidence)? entered = Entered(dump);
        if (entered is not { } known || known.Is32 == is32)
            return;
        SyscallAbi other = is32 ? SyscallAbi.X64 : SyscallAbi.Int80;
        SyscallView here = SyscallFrame.Read(dump, abi), there = SyscallFrame.Read(dump, other);
        findings.Add(new Finding
        {
            Id = Id + "-wrong-abi",
            Title = $"The frame was made by {(known.Is32 ? "INT 80h" : "SYSCALL")}, not by {(is32 ? "INT 80h" : "SYSCALL")}",
            Observed = $"Read as {abi.Name}, this is {here.Name ?? "no call"}; as {other.Name} it is {there.Name ?? "no call"}.",
            Cause = "The two ways into the kernel number their calls differently and take their arguments from different registers; a tracer that does not tell them apart shows the wrong call.",
            Confidence = known.Confidence,
            Evidence = [known.Evidence],
            WhatToDo = [$"Read this frame with --abi {other.Name}; a tracer must look at ptrace_syscall_info.arch, not at CS alone."],
        });
    }

    private static (bool Is32, Confidence Confidence, Evidence Evidence)? Entered(RegisterDump dump)
    {
        if (dump.EntryBytes == Int80Bytes)
            return (true, Confidence.Certain, Evidence.Of("the bytes before the instruction pointer are cd 80, INT 80h"));
        if (dump.EntryBytes == SyscallBytes)
            return (false, Confidence.Certain, Evidence.Of("the bytes before the instruction pointer are 0f 05, SYSCALL"));
        if (dump["CS"] == UserCode32)
            return (true, Confidence.Likely, Evidence.Of("CS is 0x23: 32-bit code, which enters by INT 80h or SYSENTER"));
        if (dump["CS"] != UserCode || dump["RIP"] is not { } rip || dump["RCX"] is not { } rcx || dump.First("EFLAGS", "RFLAGS") is not { } flags || dump["R11"] is not { } r11)
            return null;
        // SYSCALL saves RIP to RCX and RFLAGS to R11; INT 80h leaves both.
        if (rcx == rip && r11 == flags)
            return (false, Confidence.Likely, Evidence.Of("RCX equals RIP and R11 the flags, as SYSCALL leaves them"));
        return rcx != rip && r11 != flags
            ? (true, Confidence.Possible, Evidence.Of("neither does RCX equal RIP nor R11 the flags, as SYSCALL would leave them"))
            : null;
    }
}
