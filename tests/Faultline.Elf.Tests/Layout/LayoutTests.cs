using System.Text;
using Faultline.Elf.Headers;
using Faultline.Elf.Layout;
using Faultline.Elf.Sources;
using Faultline.Elf.Tests.Support;

namespace Faultline.Elf.Tests.Layout;

/// <summary>Segments as binfmt_elf checks and maps them.</summary>
public sealed class LayoutTests
{
    private static ElfImageLayout? Create(ElfBuilder builder, out ElfError error, ElfRole role = ElfRole.Program)
    {
        ElfFile? file = ElfFile.Open(new MemoryElfSource(builder.Build()), role, out error);
        Assert.NotNull(file);
        return ElfImageLayout.Create(file, role, out error);
    }

    private static ElfError Refuse(ElfBuilder builder, ElfRole role = ElfRole.Program)
    {
        Assert.Null(Create(builder, out ElfError error, role));
        Assert.NotEqual(string.Empty, error.Message);
        return error;
    }

    private static ElfImageLayout Accept(ElfBuilder builder, ElfRole role = ElfRole.Program)
    {
        ElfImageLayout? layout = Create(builder, out ElfError error, role);
        Assert.True(layout is not null, error.ToString());
        return layout;
    }

    [Fact]
    public void PlansAnOrdinaryProgram()
    {
        ElfImageLayout layout = Accept(new ElfBuilder { Entry = 0x401010, MinimumLength = 0x3000 }
            .Segment(SegmentType.PT_LOAD, 4, 0, 0x400000, 0x234, 0x234)
            .Segment(SegmentType.PT_LOAD, 5, 0x1000, 0x401000, 0x800, 0x800)
            .Segment(SegmentType.PT_LOAD, 6, 0x1e10, 0x403e10, 0x250, 0x3000, 0x200000)
            .Segment(SegmentType.PT_GNU_STACK, 6, 0, 0, 0, 0)
            .Segment(SegmentType.PT_TLS, 4, 0x1e10, 0x403e10, 0x10, 0x20, 8));
        Assert.Equal(ElfImageKind.Static, layout.Kind);
        Assert.Equal(0x400040UL, layout.ProgramHeaderAddress);
        Assert.Equal(5, layout.ProgramHeaderCount);
        Assert.Equal(0x400000UL, layout.SpanStart);
        Assert.Equal(0x6e10UL, layout.SpanLength);
        Assert.Equal(0x406e10UL, layout.BreakStart);
        Assert.Equal(0x200000UL, layout.MaxAlignment);
        Assert.Equal(0x401000UL, layout.StartCode);
        Assert.Equal(0x401800UL, layout.EndCode);
        Assert.Equal(0x403e10UL, layout.StartData);
        Assert.Equal(0x404060UL, layout.EndData);
        Assert.Equal(StackExecutability.EXSTACK_DISABLE_X, layout.Stack);
        Assert.Equal(0x20UL, layout.Tls!.Value.MemorySize);
        Assert.Null(layout.Relro);
        const LoadProtection RW = LoadProtection.PROT_READ | LoadProtection.PROT_WRITE;
        Assert.Equal(
            [
                new LoadStep(LoadStepKind.MapFile, 0x400000, 0x1000, 0, LoadProtection.PROT_READ, 0),
                new LoadStep(LoadStepKind.MapFile, 0x401000, 0x1000, 0x1000, LoadProtection.PROT_READ | LoadProtection.PROT_EXEC, 1),
                new LoadStep(LoadStepKind.MapFile, 0x403000, 0x2000, 0x1000, RW, 2),
                new LoadStep(LoadStepKind.ZeroFill, 0x404060, 0xfa0, 0, RW, 2),
                new LoadStep(LoadStepKind.MapZero, 0x405000, 0x2000, 0, RW, 2),
            ],
            LoadPlan.ForLinux(layout));
    }

    [Fact]
    public void ZeroesTheWholePageAndOnlyWhereWritable()
    {
        // A tail shorter than the page still clears the page to its end; the same tail in a read-only segment clears nothing.
        ElfImageLayout writable = Accept(new ElfBuilder { MinimumLength = 0x1000 }.Segment(SegmentType.PT_LOAD, 6, 0, 0x400000, 0x100, 0x110));
        List<LoadStep> steps = LoadPlan.ForLinux(writable);
        Assert.Equal(2, steps.Count);
        Assert.Equal((LoadStepKind.ZeroFill, 0x400100UL, 0xf00UL), (steps[1].Kind, steps[1].Address, steps[1].Length));
        ElfImageLayout readOnly = Accept(new ElfBuilder { MinimumLength = 0x1000 }.Segment(SegmentType.PT_LOAD, 5, 0, 0x400000, 0x100, 0x2000));
        steps = LoadPlan.ForLinux(readOnly);
        Assert.Equal(2, steps.Count);
        Assert.Equal(
            new LoadStep(
                LoadStepKind.MapZero, 0x401000, 0x1000, 0, LoadProtection.PROT_READ | LoadProtection.PROT_WRITE | LoadProtection.PROT_EXEC, 0),
            steps[1]);
    }

    [Fact]
    public void PlansSegmentsWithoutFileBytes()
    {
        ElfImageLayout layout = Accept(new ElfBuilder()
            .Segment(SegmentType.PT_LOAD, 6, 0x123, 0x400800, 0, 0x900)
            .Segment(SegmentType.PT_LOAD, 6, 0x123, 0x500800, 0, 0));
        LoadStep step = Assert.Single(LoadPlan.ForLinux(layout));
        Assert.Equal((LoadStepKind.MapZero, 0x400000UL, 0x2000UL), (step.Kind, step.Address, step.Length));
    }

    [Fact]
    public void KeepsOverlappingSegmentsInFileOrder()
    {
        ElfImageLayout layout = Accept(new ElfBuilder { MinimumLength = 0x4000 }
            .Segment(SegmentType.PT_LOAD, 6, 0, 0x402000, 0x2000, 0x2000)
            .Segment(SegmentType.PT_LOAD, 5, 0x1000, 0x401000, 0x2000, 0x2000));
        Assert.Equal(0x402000UL, layout.FirstPage);
        Assert.Equal(0x401000UL, layout.SpanStart);
        Assert.Equal([0x402000UL, 0x401000UL], LoadPlan.ForLinux(layout).Select(step => step.Address));
    }

    [Theory]
    [InlineData(0x400000UL, 0x200UL, 0x100UL, ElfErrorCode.SegmentFileSize)]
    [InlineData(0x400000UL, ulong.MaxValue, 0x100UL, ElfErrorCode.SegmentFileSize)]
    [InlineData(0x400000UL, 0x100UL, ulong.MaxValue, ElfErrorCode.SegmentBeyondTaskSize)]
    [InlineData(0x400000UL, ulong.MaxValue, ulong.MaxValue, ElfErrorCode.SegmentBeyondTaskSize)]
    [InlineData(0x400000UL, 0x100UL, 0x7ffffffff000UL - 0x3fffff, ElfErrorCode.SegmentBeyondTaskSize)]
    [InlineData(0x7ffffffff000UL, 0x100UL, 0x100UL, ElfErrorCode.SegmentBeyondTaskSize)]
    [InlineData(0x7fffffffe000UL, 0x100UL, 0x1001UL, ElfErrorCode.SegmentBeyondTaskSize)]
    [InlineData(0xfffffffffffff000UL, 0x100UL, 0x2000UL, ElfErrorCode.SegmentBeyondTaskSize)]
    [InlineData(0x400010UL, 0x100UL, 0x100UL, ElfErrorCode.SegmentMisaligned)]
    internal void RefusesAbsurdSegments(ulong address, ulong fileSize, ulong memorySize, ElfErrorCode code)
    {
        ElfBuilder builder = new ElfBuilder { MinimumLength = 0x1000 }.Segment(SegmentType.PT_LOAD, 6, 0, address, fileSize, memorySize);
        ElfError error = Refuse(builder);
        Assert.Equal(code, error.Code);
        Assert.Equal(ElfErrno.EINVAL, error.Errno);
        Assert.True(error.IsFatal);
        int errno = code == ElfErrorCode.SegmentMisaligned ? ElfErrno.EINVAL : ElfErrno.ENOMEM;
        Assert.Equal(errno, Refuse(builder, ElfRole.Interpreter).Errno);
    }

    [Fact]
    public void AcceptsTheLastPageAndEnormousBss()
    {
        Accept(new ElfBuilder { MinimumLength = 0x1000 }.Segment(SegmentType.PT_LOAD, 6, 0, 0x7fffffffe000, 0x100, 0x1000));
        Accept(new ElfBuilder { MinimumLength = 0x1000 }.Segment(SegmentType.PT_LOAD, 6, 0, 0x400000, 0x100, 0x7ffffffff000 - 0x400000));
    }

    [Theory]
    [InlineData(0x8000000000000000UL, ElfErrno.EOVERFLOW)]
    [InlineData(0x7ffffffffffff000UL, ElfErrno.EOVERFLOW)]
    [InlineData(0xfffffffffffff000UL, ElfErrno.EINVAL)]
    public void RefusesAbsurdOffsets(ulong offset, int errno)
    {
        ElfError error = Refuse(new ElfBuilder().Segment(SegmentType.PT_LOAD, 5, offset, 0x400000, 0x2000, 0x2000));
        Assert.Equal(ElfErrorCode.SegmentOffset, error.Code);
        Assert.Equal(errno, error.Errno);
        Assert.True(error.IsFatal);
    }

    [Fact]
    public void MapsPastTheEndOfTheFileButZeroesNothingThere()
    {
        ElfImageLayout layout = Accept(new ElfBuilder().Segment(SegmentType.PT_LOAD, 6, 0, 0x400000, 0x5000, 0x6000));
        Assert.True(layout.Segments[0].ReachesPastFile);
        ElfError error = Refuse(new ElfBuilder().Segment(SegmentType.PT_LOAD, 6, 0, 0x400000, 0x5010, 0x6000));
        Assert.Equal(ElfErrorCode.SegmentTailBeyondFile, error.Code);
        Assert.Equal(ElfErrno.EFAULT, error.Errno);
        Accept(new ElfBuilder().Segment(SegmentType.PT_LOAD, 5, 0, 0x400000, 0x5010, 0x6000));
    }

    [Fact]
    public void NeedsSomethingToLoadWhereLinuxDoes()
    {
        ElfBuilder builder = new ElfBuilder().Segment(SegmentType.PT_NOTE, 4, 0, 0, 0, 0);
        Assert.Equal(0, Accept(builder).Segments.Length);
        Assert.Equal(ElfErrorCode.NoLoadSegments, Refuse(builder, ElfRole.Interpreter).Code);
        builder.Type = 3;
        ElfError error = Refuse(builder);
        Assert.Equal(ElfErrorCode.NoLoadSegments, error.Code);
        Assert.Equal(ElfErrno.EINVAL, error.Errno);
        Assert.True(error.IsFatal);
    }

    [Fact]
    public void ChecksTheEntryOfAFixedProgramOnly()
    {
        ElfBuilder builder = new ElfBuilder { Entry = 0x7ffffffff000, MinimumLength = 0x1000 }
            .Segment(SegmentType.PT_LOAD, 5, 0, 0x400000, 0x100, 0x100);
        Assert.Equal(ElfErrorCode.EntryBeyondTaskSize, Refuse(builder).Code);
        builder.Type = 3;
        Assert.Equal(ElfImageKind.StaticPie, Accept(builder).Kind);
    }

    [Theory]
    [InlineData("", StackExecutability.EXSTACK_DEFAULT)]
    [InlineData("6", StackExecutability.EXSTACK_DISABLE_X)]
    [InlineData("7", StackExecutability.EXSTACK_ENABLE_X)]
    [InlineData("76", StackExecutability.EXSTACK_DISABLE_X)]
    internal void ReadsTheLastStackHeader(string flags, StackExecutability expected)
    {
        ElfBuilder builder = new ElfBuilder { MinimumLength = 0x1000 }.Segment(SegmentType.PT_LOAD, 5, 0, 0x400000, 0x100, 0x100);
        foreach (char flag in flags)
        {
            builder.Segment(SegmentType.PT_GNU_STACK, (uint)(flag - '0'), 0, 0, 0, 0);
        }

        Assert.Equal(expected, Accept(builder).Stack);
    }

    [Theory]
    [InlineData("1000", "1000")]
    [InlineData("3", "0")]
    [InlineData("0", "0")]
    [InlineData("10", "1000")]
    [InlineData("8000000000000000", "8000000000000000")]
    public void RoundsAlignmentAsLinuxDoes(string align, string expected)
    {
        ulong value = Convert.ToUInt64(align, 16);
        ElfImageLayout layout = Accept(
            new ElfBuilder { MinimumLength = 0x1000 }.Segment(SegmentType.PT_LOAD, 5, 0, 0x400000, 0x100, 0x100, value));
        Assert.Equal(Convert.ToUInt64(expected, 16), layout.MaxAlignment);
    }

    [Fact]
    public void FindsTheProgramHeadersThroughTheLastSegmentThatHoldsThem()
    {
        ElfImageLayout layout = Accept(new ElfBuilder { MinimumLength = 0x2000 }
            .Segment(SegmentType.PT_LOAD, 4, 0, 0x400000, 0x1000, 0x1000)
            .Segment(SegmentType.PT_LOAD, 4, 0, 0x600000, 0x1000, 0x1000));
        Assert.Equal(0x600040UL, layout.ProgramHeaderAddress);
        layout = Accept(new ElfBuilder { MinimumLength = 0x2000 }.Segment(SegmentType.PT_LOAD, 4, 0x1000, 0x400000, 0x1000, 0x1000));
        Assert.Equal(0UL, layout.ProgramHeaderAddress);
    }

    [Fact]
    public void ReadsTheInterpreter()
    {
        byte[] path = Encoding.ASCII.GetBytes("/lib64/ld-linux-x86-64.so.2\0");
        ElfBuilder builder = new ElfBuilder { Type = 3, Entry = 0x10, MinimumLength = 0x1000 }
            .Bytes(0x200, path)
            .Segment(SegmentType.PT_INTERP, 4, 0x200, 0x200, (ulong)path.Length, (ulong)path.Length)
            .Segment(SegmentType.PT_LOAD, 5, 0, 0, 0x1000, 0x1000);
        ElfImageLayout layout = Accept(builder);
        Assert.Equal(ElfImageKind.DynamicPie, layout.Kind);
        Assert.Equal("/lib64/ld-linux-x86-64.so.2", Encoding.ASCII.GetString(layout.Interpreter!));
        layout = Accept(builder, ElfRole.Interpreter);
        Assert.Null(layout.Interpreter);
        Assert.Equal(ElfImageKind.StaticPie, layout.Kind);
    }

    [Theory]
    [InlineData(0x200UL, 0UL, ElfErrorCode.InterpreterPathLength, ElfErrno.ENOEXEC)]
    [InlineData(0x200UL, 1UL, ElfErrorCode.InterpreterPathLength, ElfErrno.ENOEXEC)]
    [InlineData(0x200UL, 4097UL, ElfErrorCode.InterpreterPathLength, ElfErrno.ENOEXEC)]
    [InlineData(0x200UL, ulong.MaxValue, ElfErrorCode.InterpreterPathLength, ElfErrno.ENOEXEC)]
    [InlineData(0x200UL, 2UL, ElfErrorCode.InterpreterPathNotTerminated, ElfErrno.ENOEXEC)]
    [InlineData(0xfffUL, 2UL, ElfErrorCode.InterpreterPathTruncated, ElfErrno.EIO)]
    [InlineData(0x7ffffffffffffffdUL, 2UL, ElfErrorCode.InterpreterPathTruncated, ElfErrno.EIO)]
    [InlineData(0x7ffffffffffffffeUL, 2UL, ElfErrorCode.InterpreterPathTruncated, ElfErrno.EINVAL)]
    [InlineData(0x8000000000000000UL, 2UL, ElfErrorCode.InterpreterPathTruncated, ElfErrno.EINVAL)]
    [InlineData(ulong.MaxValue, 2UL, ElfErrorCode.InterpreterPathTruncated, ElfErrno.EINVAL)]
    internal void RefusesAbsurdInterpreters(ulong offset, ulong size, ElfErrorCode code, int errno)
    {
        ElfError error = Refuse(new ElfBuilder { MinimumLength = 0x1000 }
            .Bytes(0x200, (byte)'a', (byte)'b', 0)
            .Segment(SegmentType.PT_INTERP, 4, offset, 0, size, size)
            .Segment(SegmentType.PT_LOAD, 5, 0, 0x400000, 0x1000, 0x1000));
        Assert.Equal(code, error.Code);
        Assert.Equal(errno, error.Errno);
        Assert.False(error.IsFatal);
    }

    [Fact]
    public void TakesTheFirstInterpreterAndCutsItAtTheFirstNul()
    {
        ElfImageLayout layout = Accept(new ElfBuilder { MinimumLength = 0x1000 }
            .Bytes(0x200, (byte)'a', 0, (byte)'b', 0)
            .Segment(SegmentType.PT_INTERP, 4, 0x200, 0, 4, 4)
            .Segment(SegmentType.PT_INTERP, 4, 0x200, 0, 9999, 4)
            .Segment(SegmentType.PT_LOAD, 5, 0, 0x400000, 0x1000, 0x1000));
        Assert.Equal("a"u8.ToArray(), layout.Interpreter);
    }
}
