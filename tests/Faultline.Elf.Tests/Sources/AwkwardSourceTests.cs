using System.Buffers.Binary;
using Faultline.Elf.Headers;
using Faultline.Elf.Notes;
using Faultline.Elf.Sources;
using Faultline.Elf.Symbols;
using Faultline.Elf.Tests.Mutation;
using Faultline.Elf.Tests.Support;
using Faultline.Elf.Unwind;

namespace Faultline.Elf.Tests.Sources;

/// <summary>Hosts that read in small pieces or fail, and files of any length that claim to be full of tables.</summary>
public sealed class AwkwardSourceTests
{
    [Fact]
    public void ReadsTheSameInSmallPieces()
    {
        byte[] bytes = SampleElf.Build(withSections: true);
        ElfFile whole = ElfFile.Open(new MemoryElfSource(bytes), out _)!;
        ElfFile pieces = ElfFile.Open(new PieceSource(bytes, int.MaxValue), out ElfError error)!;
        Assert.True(pieces is not null, error.ToString());
        Assert.Equal(whole.Notes.GetBuildId(), pieces.Notes.GetBuildId());
        Assert.Equal(whole.Dynamic.GetNeeded(), pieces.Dynamic.GetNeeded());
        Assert.Equal(whole.Sections.NameOf(4), pieces.Sections.NameOf(4));
        Assert.True(pieces.Symbols.TryFind(SampleElf.F2 + 1, out ElfSymbol symbol, out _));
        Assert.Equal("f2", symbol.Name);
        Assert.Equal(UnwindStatus.Unwound, UnwindTable.Create(pieces)!.Find(SampleElf.Label, out _));
    }

    [Fact]
    public void SurvivesAHostThatFailsAtAnyRead()
    {
        byte[] bytes = SampleElf.Build(withSections: true);
        Exerciser exerciser = new();
        for (int reads = 0; reads < 3000; reads += reads < 300 ? 1 : 50)
        {
            exerciser.Run(new PieceSource(bytes, reads), new Random(reads));
        }

        Assert.True(exerciser.Reached.Programs > 0);
    }

    [Fact]
    public void ReadsNoMoreSymbolsThanTheLimitOfAnEndlessFile()
    {
        byte[] start = SampleElf.Build(withSections: true);
        BinaryPrimitives.WriteUInt64LittleEndian(start.AsSpan(0xc00 + (2 * 64) + 32), 1UL << 60);

        // One symbol in sixteen is defined, so that the test does not sort for long.
        byte[] pattern = new byte[16 * 24];
        new byte[] { 1, 0, 0, 0, 0x12, 0, 1, 0, 0, 8, 0x40, 0, 0, 0, 0, 0, 8 }.CopyTo(pattern, 0);
        ElfFile file = ElfFile.Open(new EndlessSource(start, pattern), out _)!;
        long before = GC.GetAllocatedBytesForCurrentThread();
        ElfSymbolTable table = file.Symbols;
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(table.IsIncomplete);
        Assert.InRange(table.Count, 130_000, ElfSymbolTable.MaxSymbols);
        Assert.True(allocated < 128 << 20, $"{allocated} bytes");
        Assert.True(table.TryFind(SampleElf.F1, out _, out _));
    }

    [Fact]
    public void ReadsNoMoreSectionsOrNotesThanTheLimitOfAnEndlessFile()
    {
        byte[] start = SampleElf.Build(withSections: true);
        BinaryPrimitives.WriteUInt16LittleEndian(start.AsSpan(60), 0);
        BinaryPrimitives.WriteUInt64LittleEndian(start.AsSpan(0xc00 + 32), ElfSectionTable.MaxSections);
        for (int i = 0; i < 9; i++)
        {
            int entry = 64 + (i * 56);
            if (BinaryPrimitives.ReadUInt32LittleEndian(start.AsSpan(entry)) == (uint)SegmentType.PT_NOTE)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(start.AsSpan(entry + 32), 1UL << 60);
            }
        }

        ElfFile file = ElfFile.Open(new EndlessSource(start, [0]), out _)!;
        Assert.Equal(ElfSectionTable.MaxSections, file.Sections.Headers.Length);
        Assert.Equal(-1, file.Sections.Find(".none"));
        Assert.True(file.Notes.IsIncomplete);
        Assert.Equal(ElfNotes.MaxNotes, file.Notes.All.Count);
    }

    [Theory]
    [InlineData(new byte[] { 4, 0, 0, 0, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 4, 0, 0, 0, 8, 0, 0, 0 })]
    [InlineData(new byte[] { 1, 0, 0, 0, 1 })]
    [InlineData(new byte[] { 0xff })]
    public void GivesUpOnAnEndlessUnwindTable(byte[] pattern)
    {
        byte[] start = SampleElf.Build(withSections: true, withIndex: false);
        int segment = 64 + 56;
        BinaryPrimitives.WriteUInt64LittleEndian(start.AsSpan(segment + 8), 0);
        BinaryPrimitives.WriteUInt64LittleEndian(start.AsSpan(segment + 32), 1UL << 50);
        BinaryPrimitives.WriteUInt64LittleEndian(start.AsSpan(0xc00 + (4 * 64) + 16), SampleElf.Base + 0x1000);
        BinaryPrimitives.WriteUInt64LittleEndian(start.AsSpan(0xc00 + (4 * 64) + 32), 1UL << 49);
        ElfFile file = ElfFile.Open(new EndlessSource(start, pattern), ElfRole.Inspect, out _)!;
        UnwindTable table = UnwindTable.Create(file)!;
        Assert.True(table.Find(SampleElf.F1, out _) is UnwindStatus.NoEntry or UnwindStatus.BadTable);
    }

    /// <summary>At most three bytes a read, and EIO after a number of reads.</summary>
    private sealed class PieceSource(byte[] bytes, int reads) : IElfSource
    {
        private int _reads = reads;

        public long Length => bytes.Length;

        public int Read(long offset, Span<byte> buffer)
        {
            if (_reads-- <= 0)
            {
                return -ElfErrno.EIO;
            }

            return new MemoryElfSource(bytes).Read(offset, buffer[..Math.Min(3, buffer.Length)]);
        }
    }

    /// <summary>Some bytes, then a pattern up to the largest length that a file can have.</summary>
    private sealed class EndlessSource(byte[] start, byte[] pattern) : IElfSource
    {
        public long Length => long.MaxValue;

        public int Read(long offset, Span<byte> buffer)
        {
            int done = new MemoryElfSource(start).Read(offset, buffer);
            while (done < buffer.Length)
            {
                ReadOnlySpan<byte> rest = pattern.AsSpan((int)((offset + done - start.Length) % pattern.Length));
                rest = rest[..Math.Min(rest.Length, buffer.Length - done)];
                rest.CopyTo(buffer[done..]);
                done += rest.Length;
            }

            return done;
        }
    }
}
