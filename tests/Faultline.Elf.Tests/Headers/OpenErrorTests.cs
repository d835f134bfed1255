using Faultline.Elf.Headers;
using Faultline.Elf.Sources;
using Faultline.Elf.Tests.Support;

namespace Faultline.Elf.Tests.Headers;

/// <summary>Files that execve(2) refuses at once, with its errno.</summary>
public sealed class OpenErrorTests
{
    private static ElfBuilder Good() => new ElfBuilder().Segment(SegmentType.PT_LOAD, 5, 0, 0x400000, 0x100, 0x100);

    private static ElfError Refuse(byte[] file, ElfRole role = ElfRole.Program)
    {
        ElfFile? elf = ElfFile.Open(new MemoryElfSource(file), role, out ElfError error);
        Assert.Null(elf);
        Assert.NotEqual(string.Empty, error.Message);
        return error;
    }

    [Fact]
    public void AcceptsAMinimalFile()
    {
        ElfFile? elf = ElfFile.Open(new MemoryElfSource(Good().Build()), out ElfError error);
        Assert.NotNull(elf);
        Assert.Equal(ElfErrorCode.None, error.Code);
        Assert.Equal(1, elf.ProgramHeaders.Length);
        Assert.Equal(0x400000UL, elf.ProgramHeaders[0].p_vaddr);
    }

    [Theory]
    [InlineData(ElfRole.Program, ElfErrno.ENOEXEC)]
    [InlineData(ElfRole.Interpreter, ElfErrno.ELIBBAD)]
    internal void RefusesWhatIsNotElf(ElfRole role, int errno)
    {
        byte[] text = new byte[100];
        "#!/bin/sh\n"u8.CopyTo(text);
        ElfError error = Refuse(text, role);
        Assert.Equal(ElfErrorCode.NotElf, error.Code);
        Assert.Equal(errno, error.Errno);
        Assert.False(error.IsFatal);
    }

    [Fact]
    public void RefusesEmptyAndShortFiles()
    {
        Assert.Equal(ElfErrorCode.NotElf, Refuse([]).Code);
        Assert.Equal("not an ELF file (it is empty)", Refuse([]).Message);
        Assert.Equal(ElfErrorCode.NotElf, Refuse([0x7f, (byte)'E', (byte)'L']).Code);
        ElfError error = Refuse(Good().Build()[..40]);
        Assert.Equal(ElfErrorCode.TruncatedHeader, error.Code);
        Assert.Equal(ElfErrno.ENOEXEC, error.Errno);
        Assert.Equal("truncated: the ELF header has 64 bytes but the file has 40", error.Message);
        Assert.Equal(ElfErrno.EIO, Refuse(Good().Build()[..40], ElfRole.Interpreter).Errno);
    }

    [Fact]
    public void RefusesOtherClassesAndMachines()
    {
        ElfBuilder i386 = Good();
        i386.Class = 1;
        i386.Machine = ElfMachine.EM_386;
        i386.ProgramHeaderSize = 32;
        Assert.Equal("32-bit ELF (ELFCLASS32); only x86-64 is supported", Refuse(i386.Build()).Message);

        ElfBuilder x32 = Good();
        x32.Class = 1;
        x32.ProgramHeaderSize = 32;
        Assert.Equal(ElfErrorCode.WrongClass, Refuse(x32.Build()).Code);

        ElfBuilder s390 = Good();
        s390.Data = 2;
        s390.Machine = 22 << 8;
        Assert.Equal(ElfErrorCode.WrongByteOrder, Refuse(s390.Build()).Code);

        ElfBuilder arm = Good();
        arm.Machine = 183;
        ElfError error = Refuse(arm.Build());
        Assert.Equal("machine AArch64 (183), not x86-64", error.Message);
        Assert.Equal(ElfErrno.ENOEXEC, error.Errno);
        arm.Machine = 40000;
        Assert.Equal("machine 40000, not x86-64", Refuse(arm.Build()).Message);
    }

    [Fact]
    public void IgnoresTheIdentificationBytesAsLinuxDoes()
    {
        ElfBuilder odd = Good();
        odd.Class = 1;
        odd.Data = 2;
        Assert.NotNull(ElfFile.Open(new MemoryElfSource(odd.Build()), out _));
    }

    [Theory]
    [InlineData(0, "the file is of type 0, not an executable (ET_EXEC or ET_DYN)")]
    [InlineData(1, "the file is a relocatable object (ET_REL), not an executable (ET_EXEC or ET_DYN)")]
    [InlineData(4, "the file is a core file (ET_CORE), not an executable (ET_EXEC or ET_DYN)")]
    [InlineData(0xffff, "the file is of type 65535, not an executable (ET_EXEC or ET_DYN)")]
    public void RefusesOtherTypes(int type, string message)
    {
        ElfBuilder builder = Good();
        builder.Type = (ushort)type;
        ElfError error = Refuse(builder.Build());
        Assert.Equal(ElfErrorCode.WrongType, error.Code);
        Assert.Equal(message, error.Message);
        Assert.False(error.IsFatal);
        error = Refuse(builder.Build(), ElfRole.Interpreter);
        Assert.True(error.IsFatal);
        Assert.Equal(ElfErrno.EPERM, error.Errno);
        Assert.NotNull(ElfFile.Open(new MemoryElfSource(builder.Build()), ElfRole.Inspect, out _));
    }

    [Theory]
    [InlineData(0, ElfErrorCode.NoProgramHeaders)]
    [InlineData(1171, ElfErrorCode.TooManyProgramHeaders)]
    [InlineData(0xffff, ElfErrorCode.TooManyProgramHeaders)]
    [InlineData(1170, ElfErrorCode.TruncatedProgramHeaders)]
    internal void RefusesCountsOfProgramHeaders(int count, ElfErrorCode code)
    {
        ElfBuilder builder = Good();
        builder.ProgramHeaderCount = count;
        Assert.Equal(code, Refuse(builder.Build()).Code);
        Assert.Equal(ElfErrno.ELIBBAD, Refuse(builder.Build(), ElfRole.Interpreter).Errno);
    }

    [Fact]
    public void AcceptsTheLargestTable()
    {
        ElfBuilder builder = Good();
        builder.ProgramHeaderCount = 1170;
        builder.MinimumLength = 64 + (1170 * 56);
        Assert.NotNull(ElfFile.Open(new MemoryElfSource(builder.Build()), out _));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(32)]
    [InlineData(64)]
    [InlineData(0xffff)]
    public void RefusesSizesOfProgramHeaders(int size)
    {
        ElfBuilder builder = Good();
        builder.ProgramHeaderSize = (ushort)size;
        Assert.Equal(ElfErrorCode.ProgramHeaderEntrySize, Refuse(builder.Build()).Code);
    }

    [Theory]
    [InlineData(65UL, "truncated: program headers end at 0x79 but the file has 120 bytes")]
    [InlineData(ulong.MaxValue, "truncated: program headers end at 0x10000000000000037 but the file has 120 bytes")]
    [InlineData(1UL << 63, "truncated: program headers end at 0x8000000000000038 but the file has 120 bytes")]
    public void RefusesTablesOutsideTheFile(ulong offset, string message)
    {
        byte[] file = Good().Build();
        BitConverter.TryWriteBytes(file.AsSpan(32), offset);
        Assert.Equal(message, Refuse(file).Message);
    }

    [Fact]
    public void PassesOnAHostError()
    {
        Assert.Null(ElfFile.Open(new BrokenSource(), out ElfError error));
        Assert.Equal(ElfErrorCode.ReadFailed, error.Code);
        Assert.Equal(5, error.Errno);
    }

    private sealed class BrokenSource : IElfSource
    {
        public long Length => 1000;

        public int Read(long offset, Span<byte> buffer) => -5;
    }
}
